"""Whether the groups that tickets are given to can be told apart, and the rules name those that there are."""

from collections.abc import Iterator

from gateway.settings import Settings
from gateway.settings_where import ADDRESS, Problem, none_called


def about_groups(settings: Settings) -> Iterator[Problem]:
    """All that is wrong with [[group]], and with the groups of [[rule]]."""
    areas = [area.name for area in settings.area]
    names: dict[str, str] = {}
    for number, group in enumerate(settings.group):
        at = ("group", number)
        name = group.name.strip().casefold()
        if not name or name == "none" or name != group.name.casefold():
            yield Problem((*at, "name"), 'is empty, "none", or has spaces around it')
        elif name in names:
            yield Problem((*at, "name"), f'"{group.name}" is the name of another [[group]] too')
        names[name] = group.name
        if group.area and group.area not in areas:
            yield Problem((*at, "area"), none_called("area", group.area, areas))
        for place, address in enumerate(group.addresses):
            if not ADDRESS.fullmatch(address.strip()):
                yield Problem((*at, "addresses", place), f'"{address}" is no mail address')
    yield from _of_rules(settings)


def _of_rules(settings: Settings) -> Iterator[Problem]:
    of = {group.name: group.area for group in settings.group}
    for number, rule in enumerate(settings.rule):
        if not rule.group:
            continue
        at = ("rule", number, "group")
        if rule.group not in of:
            yield Problem(at, none_called("group", rule.group, list(of)))
        elif rule.area and of[rule.group] not in ("", rule.area):
            yield Problem(at, f'"{rule.group}" attends tickets of {of[rule.group]}, not of {rule.area}')
