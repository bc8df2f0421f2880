"""Whether the rules for new tickets can be followed: their names, conditions, areas, and owners."""

from collections.abc import Iterator

from gateway.settings import Rule, Settings
from gateway.settings_where import ADDRESS, Problem, none_called

CONDITIONS = ("sender", "recipient", "organisation", "subject", "words", "files")
EFFECTS = ("area", "category", "nature", "classification", "priority", "owner", "group", "language", "tags")


def about_rules(settings: Settings) -> Iterator[Problem]:
    """All that is wrong with [[rule]]."""
    areas = [area.name for area in settings.area]
    names: set[str] = set()
    for number, rule in enumerate(settings.rule):
        at = ("rule", number)
        if not rule.name.strip():
            yield Problem((*at, "name"), "is empty")
        elif rule.name.casefold() in names:
            yield Problem((*at, "name"), f'"{rule.name}" is the name of another [[rule]] too')
        names.add(rule.name.casefold())
        if not any(getattr(rule, name) for name in CONDITIONS):
            yield Problem(at, f"has no condition: set one of {', '.join(CONDITIONS)}")
        if not any(getattr(rule, name) for name in EFFECTS):
            yield Problem(at, f"does nothing: set one of {', '.join(EFFECTS)}")
        if rule.area and rule.area not in areas:
            yield Problem((*at, "area"), none_called("area", rule.area, areas))
        if rule.owner and not ADDRESS.fullmatch(rule.owner):
            yield Problem((*at, "owner"), f'"{rule.owner}" is no mail address')
        yield from _lists(rule, number)


def _lists(rule: Rule, number: int) -> Iterator[Problem]:
    """What could never hold, or would hold for every mail."""
    for name in (*CONDITIONS, "tags"):
        for place, written in enumerate(getattr(rule, name)):
            at = ("rule", number, name, place)
            if not any(sign.isalnum() or (sign == "*" and name in ("sender", "recipient")) for sign in written):
                yield Problem(at, "has no words" if name in ("subject", "words") else "is empty")
            elif name in ("sender", "recipient") and "@" not in written and "*" not in written:
                yield Problem(at, f'"{written}" is no address: such as ana@firm.example, or *@firm.example')
            elif name == "tags" and ("," in written or len(written) > 100):
                yield Problem(at, "is no tag: at most 100 characters, without a comma")
