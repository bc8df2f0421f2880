"""The values that people write behind a command, in their own words, as the desk's parameters take them. Pure."""

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from gateway.desk.command_words import Command
from gateway.desk.folding import folded


def as_parameter(command: Command, value: str, *, now: datetime, zone: ZoneInfo) -> str:
    """`value` as the parameter of this command is written; itself where nobody would write it in another way.

    What cannot be read stays as it is: the desk's rules refuse it with its own words.
    """
    if command is Command.TAG:
        return tags(value)
    if folded(value) in _NONE:
        return "none"
    match command:
        case Command.DUE:
            return moment(value, now=now, zone=zone, day_ends=True) or value
        case Command.TIME:
            return _HOURS.sub("h", _MINUTES.sub("m", folded(value))).replace("h y ", "h").replace(" ", "")
        case Command.LINK | Command.MERGE:
            return value.lstrip("# ")
    known = _WORDS.get(command)
    return value if known is None else known.get(folded(value), value)


def tags(value: str) -> str:
    """`vip`, `+vip -printer`, `red wifi, vip`: as changes of the tags that there are, `+vip,-printer`.

    `none` takes all of them away; nothing at all is no tag, and refused as one.
    """
    if folded(value) in _NONE:
        return ""
    parts = value.split(",") if "," in value else re.split(r"\s+(?=[+-])", value)
    found = [one.replace("#", "") for part in parts if (one := part.strip())] or ["+"]
    return ",".join(one if one[:1] in ("+", "-") else f"+{one}" for one in found)


def moment(value: str, *, now: datetime, zone: ZoneInfo, day_ends: bool = False) -> str | None:
    """A date, with a time or without, as an ISO time with its zone; None for what is none.

    ISO, day first with `/`, `-` or `.`, today, tomorrow, yesterday. With `day_ends` it is one to come: a day alone is
    its last second, and without a year the next such day; else its beginning, this year.
    """
    match = _MOMENT.fullmatch(" ".join(folded(value).split()))
    if match is None:
        return None
    today = now.astimezone(zone).date()
    try:
        if match["word"]:
            day = today + timedelta(days=_DAYS[match["word"]])
        elif match["year"]:
            day = today.replace(int(match["year"]), int(match["month"]), int(match["day"]))
        else:
            year = int(match["y"] or today.year)
            day = today.replace(year + 2000 if year < 100 else year, int(match["m"]), int(match["d"]))
            if day_ends and day < today and not match["y"]:
                day = day.replace(year + 1)
        if match["hour"]:
            at = time(int(match["hour"]), int(match["minute"]))
        else:
            at = time(23, 59, 59) if day_ends else time()
    except ValueError:
        return None
    return datetime.combine(day, at, tzinfo=zone).isoformat()


def numbers(value: str) -> tuple[int, ...] | None:
    """Tickets by their numbers: `#12, #13 14`; None when something else stands there, or none at all."""
    found = re.split(r"[\s,;]+", value.strip())
    if not all(re.fullmatch(r"#?[1-9][0-9]{0,11}", one) for one in found):
        return None
    return tuple(dict.fromkeys(int(one.lstrip("#")) for one in found))


def yes_or_no(value: str) -> bool | None:
    """Whether something is to be open: of `contribution`. None for a word that says neither."""
    word = folded(value)
    return True if word in _OPEN else False if word in _SHUT else None


def view_named(value: str) -> str | None:
    """The name of a view (store/views.py) that these words mean; None: it may be a tag."""
    return _VIEWS.get(folded(value))


def _words(**meanings: str) -> Mapping[str, str]:
    return {folded(word): name for name, words in meanings.items() for word in words.split("|")}


_NONE = frozenset(map(folded, ("none", "nadie", "ninguno", "ninguna", "nobody", "ninguém", "nenhum", "nenhuma", "-")))
_MINUTES = re.compile(r"\s*(?:minutos?|minutes?|mins?)\b")
_HOURS = re.compile(r"\s*(?:horas?|hours?|hrs?)\b")
_WORDS: Mapping[Command, Mapping[str, str]] = {
    Command.PRIORITY: {
        **dict.fromkeys(map(folded, ("alta", "high", "urgente", "urgent")), "1"),
        **dict.fromkeys(map(folded, ("normal", "media", "medium", "média")), "2"),
        **dict.fromkeys(map(folded, ("baja", "low", "baixa")), "3"),
    },
    Command.NATURE: _words(
        incident="incidente|incident|falla|falha",
        request="requerimiento|petición|solicitud|request|requisição|solicitação|pedido",
        question="consulta|pregunta|question|dúvida|pergunta",
    ),
    Command.ORIGIN: _words(
        phone="teléfono|phone|telephone|llamada|call|telefone|ligação",
        whatsapp="whatsapp|wa",
        mail="correo|mail|email|e-mail",
        web="web|página|page|página web|web page",
        internal="interno|interna|internal",
    ),
    Command.LANGUAGE: _words(
        es="es|español|spanish|espanhol", en="en|inglés|english|inglês", pt="pt|portugués|portuguese|português"
    ),
}
_OPEN = frozenset(map(folded, ("", "abrir", "abierta", "open", "on", "sí", "si", "yes", "aberta", "sim")))
_SHUT = frozenset(map(folded, ("cerrar", "cerrada", "close", "closed", "off", "no", "fechar", "fechada", "não")))
_VIEWS = _words(
    attend="atender|por atender|attend|to attend|nuevas|new|novos",
    mine="mías|mis|mis solicitudes|mine|my|meus|minhas",
    overdue="vencidas|vencidos|overdue|atrasadas|atrasados",
    quiet="quietas|sin novedades|quiet|parados|paradas|sem novidades",
    created="creadas|que creé|created|criados|criadas",
)
_DAYS = {
    "hoy": 0,
    "today": 0,
    "hoje": 0,
    "manana": 1,
    "tomorrow": 1,
    "amanha": 1,
    "ayer": -1,
    "yesterday": -1,
    "ontem": -1,
}
_MOMENT = re.compile(
    r"(?:(?P<word>" + "|".join(_DAYS) + r")"
    r"|(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"|(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})(?:[/.-](?P<y>\d{4}|\d\d))?)"
    r"(?:(?:[ t]|, ?| a las? | as | at )(?P<hour>\d{1,2})[:.h](?P<minute>\d\d)(?::\d\d)?)?",
    re.ASCII,
)
