"""Believable values for every letter, so that an operator sees what a template makes of them. Pure."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime

from gateway.desk.notices import FINISHED
from gateway.outbound.causes import Cause
from gateway.outbound.letters import LETTERS, Alert, RefusalType
from gateway.outbound.samples_desk import of_letter, variants
from gateway.outbound.samples_own import own_letter, own_variants

__all__ = ["LANGUAGES", "sample", "samples", "values"]

LANGUAGES = ("es", "en", "pt")

_COMMON: Mapping[str, object] = {
    "number": 1042,
    "previous": 977,
    "other": "977",
    "link": "https://mesa.example.org/t/1042",
    "received_at": datetime(2026, 11, 23, 15, 15, 42, tzinfo=UTC),
    "opens_at": datetime(2026, 11, 24, 13, 0, tzinfo=UTC),
    "closes_at": datetime(2026, 12, 1, 22, 0, tzinfo=UTC),
    "reopen_until": datetime(2026, 12, 8, 22, 0, tzinfo=UTC),
    "due_at": datetime(2026, 11, 27, 16, 30, tzinfo=UTC),
    "day": date(2026, 11, 23),
    "zone": "America/Bogota",
    "owner": "Luis Gómez",
    "author": "Luis Gómez",
    "requester": "Ana Pérez <ana@example.org>",
    "release": "7.4",
    "queue": 3,
    "difficulty": 2,
    "best": 5,
    "classification": "SW4",
    "call": "first",
    "about": "data",
    "next_step": "",
    "all_quoted": True,
    "to": "ana@example.org",
    "asker": "ana@example.org",
    "address": "ana.perez@example.net",
    "sent_at": datetime(2026, 11, 23, 15, 20, tzinfo=UTC),
    "cause": Cause.NO_SUCH_ADDRESS,
    "response": "550 5.1.1 <ana@example.org>: Recipient address rejected: User unknown",
    "suppressed": True,
    "shortened": False,
    "participant": True,
    "what": "solved",
    "domain": "robots.example",
    "letters": 200,
    "hours": 24,
    "tripped_at": datetime(2026, 11, 23, 15, 15, 42, tzinfo=UTC),
    "account": True,
    "held": False,
    "by_desk": False,
    "split_from": "",
    "limit": 25 * 2**20,
    "days": 7,
    "confirm": "https://mesa.example.org/confirm/WyJjb25maXJtIiwxLCJhYmMiXQ.awNzKw.dK6dhJ656sowtiKw9CUrv7kZ7XG99FQBen7Q068ayOU",
    "disown": "https://mesa.example.org/not-me/WyJub3QtbWUiLDEsImFiYyJd.awNzKw.G74m8U_M-yMwwQo4k_AEv2I8ZVYrvfd_UsrowjkWpVw",
    "type": RefusalType.TOO_LARGE,
    "kind": Alert.NEW_TICKET,
    "writer": "",
    "priority": 1,
    "origin": "phone",
    "files": (("factura-marzo.pdf", 214_000), ("pantalla.png", 1_480_000)),
    "attached": True,
    "participants": ("Eva Mora <eva@example.net>",),
    "reaches": "Ana Pérez, Eva Mora",
}

_WORDS: Mapping[str, Mapping[str, object]] = {
    "es": {
        "desk": "Mesa de ayuda",
        "subject": "La impresora del tercer piso no imprime la nómina",
        "text": "Buenas tardes, Ana:\n\nCambiamos el fusor y la impresora ya imprime.\nLa guía está en "
        "https://ayuda.example.org/impresoras?piso=3&tipo=laser.\n\nQuedamos atentos.",
        "state": "Esperando al cliente",
        "reason": "Fuera del alcance del servicio",
        "missing": ("La versión del programa", "Una captura de la pantalla con el error"),
        "details": ("factura.exe", "instalador.js"),
        "hint": "Las mayúsculas se leen como gritos; con minúsculas le entendemos igual de bien.",
        "level": "Soporte sénior",
        "target": "Primera respuesta",
        "question": "¿Cómo le atendimos?",
        "targets": ("Primera respuesta", "Solución o escalamiento"),
        "signature": "Lunes a viernes, de 8:00 a 18:00\nTeléfono 601 555 0100",
        "commands": (("#tomar", "la solicitud queda a su cargo"), ("#nota texto", "guarda el texto como nota interna")),
        "listed": ("No puedo entrar al correo desde ayer", "La impresora del tercer piso no imprime la nómina"),
    },
    "en": {
        "desk": "Help desk",
        "subject": "The printer on the third floor does not print the payroll",
        "text": "Good afternoon, Ana:\n\nWe changed the fuser, and the printer prints again.\nThe guide is at "
        "https://help.example.org/printers?floor=3&kind=laser.\n\nPlease let us know.",
        "state": "Waiting for customer",
        "reason": "Out of the scope of the service",
        "missing": ("The version of the program", "A picture of the screen with the error"),
        "details": ("invoice.exe", "installer.js"),
        "hint": "Capitals read like shouting; we understand you just as well without them.",
        "level": "Senior support",
        "target": "First answer",
        "question": "How did we do?",
        "targets": ("First answer", "Solution or escalation"),
        "signature": "Monday to Friday, 8:00 to 18:00\nPhone 601 555 0100",
        "commands": (("#take", "the request is yours"), ("#note text", "keeps the text as an internal note")),
        "listed": ("I cannot sign in to my mail", "The printer on the third floor does not print the payroll"),
    },
    "pt": {
        "desk": "Central de atendimento",
        "subject": "A impressora do terceiro andar não imprime a folha de pagamento",
        "text": "Boa tarde, Ana:\n\nTrocamos o fusor e a impressora já imprime.\nO guia está em "
        "https://ajuda.example.org/impressoras?andar=3&tipo=laser.\n\nFicamos à disposição.",
        "state": "Aguardando o cliente",
        "reason": "Fora do escopo do serviço",
        "missing": ("A versão do programa", "Uma imagem da tela com o erro"),
        "details": ("fatura.exe", "instalador.js"),
        "hint": "Maiúsculas parecem gritos; com minúsculas entendemos igualmente bem.",
        "level": "Suporte sênior",
        "target": "Primeira resposta",
        "question": "Como foi o nosso atendimento?",
        "targets": ("Primeira resposta", "Solução ou escalonamento"),
        "signature": "Segunda a sexta, das 8h às 18h\nTelefone 601 555 0100",
        "commands": (("#assumir", "a solicitação fica com você"), ("#nota texto", "guarda o texto como nota interna")),
        "listed": ("Não consigo entrar no e-mail desde ontem", "A impressora do terceiro andar não imprime"),
    },
}

_EMPTY: Mapping[str, object] = {
    **dict.fromkeys(("subject", "link", "text", "reason", "author", "next_step", "hint", "owner", "level"), ""),
    **dict.fromkeys(
        ("target", "classification", "question", "call", "state", "origin", "reaches", "alerted", "signature"), ""
    ),
    **dict.fromkeys(
        ("opens_at", "closes_at", "reopen_until", "due_at", "queue", "difficulty", "limit", "last", "priority"), None
    ),
    **dict.fromkeys(("missing", "details", "times", "groups", "participants"), ()),
    **dict.fromkeys(("done", "why", "lines", "messages", "events", "tickets", "deadlines", "files", "commands"), ()),
    **dict.fromkeys(("open", "closed", "others"), ()),
    "asked": None,
    "more": 0,
    "until": None,
    "left_out": 0,
    "best": 0,
}


def values(language: str = "es") -> dict[str, object]:
    """A value for every name that any letter knows, its words in `language` or else in English."""
    words = dict(_WORDS.get(language, _WORDS["en"]))
    promised = (datetime(2026, 11, 24, 13, 10, tzinfo=UTC), datetime(2026, 11, 25, 13, 0, tzinfo=UTC))
    passed = (datetime(2026, 11, 20, 19, 20, tzinfo=UTC), datetime(2026, 11, 23, 14, 5, tzinfo=UTC))
    listed = tuple(zip((1038, 1042), _texts(words, "listed"), passed, strict=True))
    groups = (("overdue", listed[:1]), ("to_attend", listed))
    times = tuple(zip(_texts(words, "targets"), promised, strict=True))
    known = {name: value for name, value in words.items() if name not in ("targets", "listed")}
    deadlines = [(what, at, late) for (what, at), late in zip(times, (True, False), strict=True)]
    deadlines.append(("", datetime(2026, 11, 27, 16, 30, tzinfo=UTC), False))
    last = ("Ana Pérez", passed[1], str(words["text"]))
    return {**_COMMON, **known, "times": times, "groups": groups, "deadlines": deadlines, "last": last}


def sample(letter: str, language: str = "es", **changes: object) -> dict[str, object]:
    """The declared variables of a letter and no others, with the changes."""
    known = {**values(language), **of_letter(letter, language), **own_letter(letter, language)}
    return {name: known[name] for name in LETTERS[letter].variables} | changes


def samples(language: str = "es") -> Iterator[tuple[str, dict[str, object]]]:
    """Every letter, those with kinds once for each kind; and again with all that may be empty left empty."""
    for letter in LETTERS:
        yield from ((letter, one) for one in samples_of(letter, language))


def samples_of(letter: str, language: str = "es") -> Iterator[dict[str, object]]:
    for changes in _variants(letter):
        yield sample(letter, language, **changes)
        empty = {name: value for name, value in _EMPTY.items() if name in LETTERS[letter].variables}
        yield sample(letter, language, **empty | changes)


def _variants(letter: str) -> list[dict[str, object]]:
    match letter:
        case "refused":
            return [{"type": type_, "number": number} for type_ in RefusalType for number in (1042, None)]
        case "receipt":
            return [{}, {"split_from": "1041"}]
        case "receipt_new":
            nothing: dict[str, object] = {"confirm": "", "disown": ""}
            return [{}, nothing, nothing | {"account": False}, {"held": True}, {"by_desk": True}]
        case "alert":
            return [_of_alert(kind) for kind in Alert]
        case "breaker":
            return [{"number": None}, {"number": None, "domain": "", "letters": 300, "hours": 1}]
        case "undelivered":
            about = {"about": "Re: [#1042] La impresora del tercer piso no imprime la nómina"}
            return [about | {"cause": cause, "suppressed": cause is Cause.SUPPRESSED} for cause in Cause]
        case "relayed":
            return [{}, {"shortened": True}, {"participant": False, "shortened": True, "text": "", "signature": ""}]
        case "finished":
            return [{"what": what} for what in sorted(FINISHED)]
        case "reminder":
            calls, abouts = ("first", "second", "last"), ("data", "solution", "approval")
            return [{"call": call, "about": about} for about in abouts for call in calls]
        case "my_tickets" | "notices_stopped" | "address_asked" | "address_joined":
            return own_variants(letter)
        case "closed_by_time":
            return [{"about": about} for about in ("data", "solution", "approval")]
        case _:
            return variants(letter)


def _of_alert(kind: Alert) -> dict[str, object]:
    """What only some alerts say is left out of the others."""
    changes: dict[str, object] = {"kind": kind}
    if kind not in (Alert.OVERDUE, Alert.ABOUT_TO_BE_OVERDUE):
        changes |= {"target": "", "due_at": None}
    if kind not in (Alert.ASSIGNED, Alert.ESCALATION, Alert.MENTIONED):
        changes |= {"last": None}
    if kind in (Alert.PENDING_NOTE, Alert.DISCOURTEOUS):
        changes |= {"commands": (), "files": ()}
    return changes


def _texts(words: Mapping[str, object], name: str) -> tuple[str, ...]:
    found = words[name]
    return tuple(map(str, found)) if isinstance(found, tuple) else ()
