"""Whether the rules about customers can be followed: completeness, requests for an account, the language of a mail."""

from collections.abc import Iterator
from importlib.util import find_spec

from gateway.settings import Completeness, Settings
from gateway.settings_where import Problem, none_called


def about_people(settings: Settings) -> Iterator[Problem]:
    """All that is wrong with [registration] and [[completeness]]."""
    for number, subject in enumerate(settings.registration.subjects):
        if not any(sign.isalnum() for sign in subject):
            yield Problem(("registration", "subjects", number), "has no words")
    if settings.registration.language_by == "lingua" and find_spec("lingua") is None:
        says = "lingua is not installed: `pip install 'ticket-gateway[language]'`, or language_by = \"words\""
        yield Problem(("registration", "language_by"), says)
    areas = [area.name for area in settings.area]
    for number, rule in enumerate(settings.completeness):
        if rule.area and rule.area not in areas:
            yield Problem(("completeness", number, "area"), none_called("area", rule.area, areas))
        yield from _words(rule, number)


def _words(rule: Completeness, number: int) -> Iterator[Problem]:
    at = ("completeness", number)
    if rule.kind != "names":
        if rule.words:
            yield Problem((*at, "words"), f'are for kind = "names"; kind = "{rule.kind}" does not look at them')
        return
    if not rule.words:
        yield Problem(at, 'kind = "names" needs words, such as words = ["pantalla", "screen", "tela"]')
    for place, word in enumerate(rule.words):
        if not any(sign.isalnum() for sign in word):
            yield Problem((*at, "words", place), "is no word")
    if rule.least > len(rule.words) > 0:
        yield Problem((*at, "least"), f"is more than there are words: {len(rule.words)}")
