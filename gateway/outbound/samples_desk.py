"""Believable values for the letters that answer people of the desk: receipts of commands, the ticket, lists. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime

from gateway.desk.forwarding import Unclear

__all__ = ["of_letter", "variants"]

_LUIS, _MARTA, _ANA = "Luis Gómez", "Marta Ruiz", "Ana Pérez"
_ANA_BY_MAIL = "Ana Pérez <ana@example.org>"


def of_letter(letter: str, language: str) -> Mapping[str, object]:
    """What a letter's sample has of its own, in `language` or else in English; empty for a letter without any."""
    words = _WORDS.get(language, _WORDS["en"])
    return {**_COMMON.get(letter, {}), **words.get(letter, {})}


def variants(letter: str) -> list[dict[str, object]]:
    """The kinds in which such a letter is written, as changes to its sample."""
    nowhere: dict[str, object] = {"number": None}
    match letter:
        case "commands_done":
            silent: dict[str, object] = {"to": "", "kept": False}
            inside = silent | {"kept": True}
            return [
                {},
                silent,
                inside,
                inside | {"alerted": _MARTA, "reaches": ""},
                silent | nowhere | {"subject": "", "state": "", "owner": ""},
            ]
        case "commands_refused":
            whole: dict[str, object] = {"line": 0, "command": ""}
            return [{}, whole, nowhere, *({**whole, "distrust": why} for why in ("wrong code", "not signed"))]
        case "commands_code" | "commands_help":
            return [{}, nowhere]
        case "ticket_view":
            return [{}, {"left_out": 1}]
        case "ticket_list":
            views = ("attend", "quiet", "overdue", "mine", "created", "tag")
            return [{"view": view, "more": more} for view in views for more in (0, 12)]
        case "understood":
            theirs: list[dict[str, object]] = [{}, {"told": False, "kept": False, "correct": False}]
            nothing = {"date": "", "text": "", "names": (), "kept": False, "told": False}
            return [*theirs, *({**nothing, "why": why} for why in Unclear)]
        case _:
            return [{}]


def _at(day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


_COMMON: Mapping[str, Mapping[str, object]] = {
    "commands_done": {"to": f"{_ANA_BY_MAIL}, Eva Mora <eva@example.net>", "kept": False, "alerted": ""},
    "commands_refused": {"line": 2, "distrust": ""},
    "commands_code": {"until": _at(23, 16, 15), "code": "482913"},
    "ticket_view": {"left_out": 3},
    "ticket_list": {"number": None, "view": "attend", "more": 0},
    "understood": {
        "requester": _ANA_BY_MAIL,
        "date": "Mon, 23 Nov 2026 10:15:42 -0500",
        "names": ("nomina.pdf", "error.png"),
        "kept": True,
        "told": True,
        "why": None,
        "correct": True,
    },
}

_WORDS: Mapping[str, Mapping[str, Mapping[str, object]]] = {
    "es": {
        "commands_done": {
            "done": ("Luis Gómez la tiene a su cargo.", "La prioridad es alta.", "Se agregó la etiqueta impresoras."),
            "state": "En proceso",
        },
        "commands_refused": {
            "command": "#prioridad altísima",
            "why": ("No hay ninguna prioridad «altísima».", "Las que hay: alta, normal, baja."),
            "lines": ("#tomar", "#prioridad altísima"),
        },
        "commands_code": {
            "lines": ("#unir 977",),
            "tickets": (
                (1042, "La impresora del tercer piso no imprime la nómina", _ANA),
                (977, "Otra vez la impresora", _ANA),
            ),
        },
        "commands_help": {
            "groups": (
                ("La solicitud", (("#tomar", "Queda a su cargo."), ("#asignar luis@example.org", "Se la da a Luis."))),
                (
                    "Lo que escribe",
                    (("#nota", "Lo de abajo es para el equipo."), ("#tiempo 20m", "Lo que le tomó.")),
                ),
            ),
        },
        "ticket_view": {
            "rows": (
                ("Solicitante", _ANA_BY_MAIL),
                ("Estado", "En proceso"),
                ("A cargo de", _LUIS),
                ("Prioridad", "alta"),
                ("Recibida", "23 nov 2026, 10:15"),
            ),
            "messages": (
                (_at(23, 15, 15), _ANA, "mail", "La impresora del tercer piso no imprime la nómina.\n\nEs para hoy."),
                (_at(23, 15, 40), _LUIS, "note", "Puede ser el fusor."),
                (_at(23, 16, 5), _LUIS, "reply", "Cambiamos el fusor.\n¿Puede probar, por favor?"),
                (_at(23, 16, 30), _MARTA, "record", "Llamó para avisar que ya imprime."),
            ),
            "events": (
                (_at(23, 15, 20), _LUIS, "la tomó a su cargo"),
                (_at(23, 16, 5), _LUIS, "Estado: En proceso"),
            ),
        },
        "ticket_list": {
            "tag": "impresoras",
            "tickets": (
                (1038, "No puedo entrar al correo desde ayer", "Nuevo", "", _at(20, 19, 20)),
                (1042, "La impresora del tercer piso no imprime la nómina", "En proceso", _LUIS, _at(23, 15, 15)),
            ),
        },
        "understood": {"text": "Buenos días, Luis:\n\nLa impresora no imprime la nómina. ¿Nos ayudan?\n\nAna"},
    },
    "en": {
        "commands_done": {
            "done": ("Luis Gómez is in charge.", "The priority is high.", "The tag printers was added."),
            "state": "In process",
        },
        "commands_refused": {
            "command": "#priority highest",
            "why": ("There is no priority “highest”.", "There are: high, normal, low."),
            "lines": ("#take", "#priority highest"),
        },
        "commands_code": {
            "lines": ("#merge 977",),
            "tickets": (
                (1042, "The printer on the third floor does not print the payroll", _ANA),
                (977, "The printer again", _ANA),
            ),
        },
        "commands_help": {
            "groups": (
                ("The request", (("#take", "You are in charge."), ("#assign luis@example.org", "Luis gets it."))),
                ("What you write", (("#note", "What is below stays with the team."), ("#time 20m", "What it took."))),
            ),
        },
        "ticket_view": {
            "rows": (
                ("Requester", _ANA_BY_MAIL),
                ("State", "In process"),
                ("In charge", _LUIS),
                ("Priority", "high"),
                ("Received", "Nov 23, 2026, 10:15 AM"),
            ),
            "messages": (
                (
                    _at(23, 15, 15),
                    _ANA,
                    "mail",
                    "The printer on the third floor prints nothing.\n\nIt is for today.",
                ),
                (_at(23, 15, 40), _LUIS, "note", "It may be the fuser."),
                (_at(23, 16, 5), _LUIS, "reply", "We changed the fuser.\nCould you try again, please?"),
                (_at(23, 16, 30), _MARTA, "record", "She called to say that it prints."),
            ),
            "events": ((_at(23, 15, 20), _LUIS, "took it"), (_at(23, 16, 5), _LUIS, "State: In process")),
        },
        "ticket_list": {
            "tag": "printers",
            "tickets": (
                (1038, "I cannot sign in to my mail", "New", "", _at(20, 19, 20)),
                (1042, "The printer on the third floor does not print", "In process", _LUIS, _at(23, 15, 15)),
            ),
        },
        "understood": {"text": "Good morning, Luis,\n\nThe printer does not print the payroll. Can you help?\n\nAna"},
    },
    "pt": {
        "commands_done": {
            "done": ("Luis Gómez é o responsável.", "A prioridade é alta.", "A etiqueta impressoras foi acrescentada."),
            "state": "Em andamento",
        },
        "commands_refused": {
            "command": "#prioridade altíssima",
            "why": ("Não há nenhuma prioridade “altíssima”.", "As que existem: alta, normal, baixa."),
            "lines": ("#assumir", "#prioridade altíssima"),
        },
        "commands_code": {
            "lines": ("#unir 977",),
            "tickets": (
                (1042, "A impressora do terceiro andar não imprime a folha de pagamento", _ANA),
                (977, "A impressora de novo", _ANA),
            ),
        },
        "commands_help": {
            "groups": (
                ("A solicitação", (("#assumir", "Fica com você."), ("#atribuir luis@example.org", "Fica com Luis."))),
                ("O que você escreve", (("#nota", "O texto abaixo fica na equipe."), ("#tempo 20m", "O que levou."))),
            ),
        },
        "ticket_view": {
            "rows": (
                ("Solicitante", _ANA_BY_MAIL),
                ("Estado", "Em andamento"),
                ("Responsável", _LUIS),
                ("Prioridade", "alta"),
                ("Recebida", "23 de nov. de 2026, 10:15"),
            ),
            "messages": (
                (_at(23, 15, 15), _ANA, "mail", "A impressora do terceiro andar não imprime a folha.\n\nÉ para hoje."),
                (_at(23, 15, 40), _LUIS, "note", "Pode ser o fusor."),
                (_at(23, 16, 5), _LUIS, "reply", "Trocamos o fusor.\nPode testar, por favor?"),
                (_at(23, 16, 30), _MARTA, "record", "Ligou para avisar que já imprime."),
            ),
            "events": ((_at(23, 15, 20), _LUIS, "assumiu"), (_at(23, 16, 5), _LUIS, "Estado: Em andamento")),
        },
        "ticket_list": {
            "tag": "impressoras",
            "tickets": (
                (1038, "Não consigo entrar no e-mail desde ontem", "Novo", "", _at(20, 19, 20)),
                (1042, "A impressora do terceiro andar não imprime", "Em andamento", _LUIS, _at(23, 15, 15)),
            ),
        },
        "understood": {"text": "Bom dia, Luis:\n\nA impressora não imprime a folha. Podem ajudar?\n\nAna"},
    },
}
