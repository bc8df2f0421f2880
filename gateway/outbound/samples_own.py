"""Believable values for the letters that answer customers' own commands. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime

from gateway.desk import joining

__all__ = ["own_letter", "own_variants"]


def own_letter(letter: str, language: str) -> Mapping[str, object]:
    """What a letter's sample has of its own, in `language` or else in English; empty for a letter without any."""
    if letter == "notices_stopped":
        return {"stopped": True}
    if letter == "address_asked":
        return {"said": joining.asked("ana.perez@example.org").get(language, "")}
    if letter != "my_tickets":
        return {}
    printer, mail, working, new, done, first = _WORDS.get(language, _WORDS["en"])
    times = ((first, datetime(2026, 11, 24, 13, 10, tzinfo=UTC)),)
    return {
        "asked": _request(
            1042, printer, working, owner="Luis Gómez", closes_at=datetime(2026, 12, 1, 22, 0, tzinfo=UTC)
        ),
        "open": (_request(1051, mail, new, times=times),),
        "closed": (_request(977, printer, done, reopen_until=datetime(2026, 12, 8, 22, 0, tzinfo=UTC)),),
        "others": (_request(1049, mail, working, owner="Luis Gómez", requester="Bruno Díaz"),),
        "more": 3,
        "bare": False,
    }


def own_variants(letter: str) -> list[dict[str, object]]:
    """The kinds in which such a letter is written, as changes to its sample."""
    if letter == "notices_stopped":
        return [{}, {"stopped": False}]
    if letter == "address_asked":
        return [{}, {"number": None}]
    if letter == "address_joined":
        return [{}, {"by_desk": True}]
    numbers = {"subject": "", "since": None, "link": ""}
    fresh: dict[str, object] = {"number": None, "asked": None}
    unsure = {"others": (), "closed": (), "more": 0, "bare": True}
    return [
        {},
        fresh,
        fresh | unsure | {"open": (_request(1042, "", "") | numbers,)},
        unsure | {"asked": _request(1042, "", "Nuevo") | numbers, "open": ()},
    ]


def _request(number: int, subject: str, state: str, **more: object) -> dict[str, object]:
    since = datetime(2026, 11, 23, 15, 15, 42, tzinfo=UTC)
    empty = {"requester": "", "owner": "", "times": (), "closes_at": None, "reopen_until": None}
    link = f"https://mesa.example.org/t/{number}"
    return {"number": number, "subject": subject, "state": state, "since": since, "link": link, **empty, **more}


_WORDS = {
    "es": (
        "La impresora del tercer piso no imprime la nómina",
        "No puedo entrar al correo desde ayer",
        "En proceso",
        "Nuevo",
        "Cerrado",
        "Primera respuesta",
    ),
    "en": (
        "The printer on the third floor does not print the payroll",
        "I cannot sign in to my mail",
        "In progress",
        "New",
        "Closed",
        "First answer",
    ),
    "pt": (
        "A impressora do terceiro andar não imprime a folha de pagamento",
        "Não consigo entrar no e-mail desde ontem",
        "Em andamento",
        "Novo",
        "Encerrado",
        "Primeira resposta",
    ),
}
