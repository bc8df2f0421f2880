"""Absences in words, and the moment of one that has no end yet. Pure."""

from datetime import UTC, date, datetime

from gateway.desk.words import Labels

OPEN_END = datetime(9999, 1, 1, tzinfo=UTC)
"""When somebody is back who said only that they are away: never, until they say that they are there again."""


def open_ended(back: date) -> bool:
    return back.year >= OPEN_END.year - 1


def away_words(who: str, back: date) -> Labels:
    """That somebody is away, with room for `day`, the first one on which they are there again."""
    said = _AWAY if open_ended(back) else _AWAY_UNTIL
    shown = who.replace("{", "(").replace("}", ")")
    return {language: words.replace("{who}", shown) for language, words in said.items()}


def all_away(group: str) -> Labels:
    return {language: words.replace("{group}", group) for language, words in _ALL_AWAY.items()}


_AWAY = {
    "es": "{who} está ausente",
    "en": "{who} is away",
    "pt": "{who} está ausente",
}
_AWAY_UNTIL = {
    "es": "{who} está ausente y vuelve el {day}",
    "en": "{who} is away, back on {day}",
    "pt": "{who} está ausente e volta em {day}",
}
_ALL_AWAY = {
    "es": "En el grupo {group} no hay nadie ahora",
    "en": "Nobody of the group {group} is there now",
    "pt": "No grupo {group} não há ninguém agora",
}
