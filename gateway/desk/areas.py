"""The areas of the desk, and which of them an address belongs to. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gateway.desk.assigning import Assign, Group, groups_of
from gateway.desk.calendar import Calendar
from gateway.desk.calendars import calendars_of
from gateway.desk.rules import Rule, rules_of
from gateway.desk.workflow import Workflow
from gateway.desk.workflow_load import load
from gateway.settings import Settings
from gateway.settings_domains import a_label


@dataclass(frozen=True, slots=True)
class Area:
    """One area: where its mail comes in, what its letters come from, and the rules that its tickets follow."""

    name: str
    addresses: tuple[str, ...]
    from_name: str
    language: str
    reply: str
    also: bool
    workflow: Workflow
    calendar: Calendar
    # The people of the levels of its escalation ladder, by the level's name.
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # How its new tickets get an owner, and the groups that can be given them, by their names.
    assign: Assign = Assign.HAND
    groups: Mapping[str, Group] = field(default_factory=dict)
    # What stands below the words of its people in letters to customers.
    signature: str = ""

    @property
    def address(self) -> str:
        """The fixed address that the area's letters come from."""
        return self.addresses[0]


class Desk:
    """All areas, by name and by address, and the rules for new tickets; `every`: all that hold count, not the first."""

    __slots__ = ("_by_address", "areas", "every", "reply_domain", "rules")

    def __init__(
        self, areas: Sequence[Area], *, reply_domain: str = "", rules: Sequence[Rule] = (), every: bool = False
    ) -> None:
        self.areas: Mapping[str, Area] = {area.name: area for area in areas}
        self.reply_domain = reply_domain.lower()
        self.rules, self.every = tuple(rules), every
        self._by_address = {_folded(address): area for area in areas for address in area.addresses}

    def area_of(self, recipient: str) -> Area | None:
        """The area of a recipient, plus-addresses and reply addresses included; None when it is none of ours."""
        local, _, domain = _folded(recipient).rpartition("@")
        # RFC 5233: what follows a plus sign is the recipient's own business.
        for address in (f"{local}@{domain}", f"{local.partition('+')[0]}@{domain}"):
            if address in self._by_address:
                return self._by_address[address]
        if self.reply_domain and domain == self.reply_domain:
            return next((area for area in self.areas.values() if area.reply == "domain"), None)
        return None

    def ours(self, address: str) -> bool:
        return self.area_of(address) is not None

    def first(self) -> Area:
        return next(iter(self.areas.values()))


def open_desk(settings: Settings) -> Desk:
    """Read the desk's rules; a workflow file that cannot be used is a SettingsError."""
    workflows: dict[str, Workflow] = {}
    calendars = calendars_of(settings)
    areas = []
    for area in settings.area:
        if area.workflow not in workflows:
            workflows[area.workflow] = load(area.workflow)
        areas.append(
            Area(
                name=area.name,
                addresses=tuple(area.addresses + area.aliases),
                from_name=area.from_name or area.name,
                language=area.language,
                reply=area.reply,
                also=area.also,
                workflow=workflows[area.workflow],
                calendar=calendars[area.calendar],
                levels={one.name: tuple(one.addresses) for one in settings.level if one.area in ("", area.name)},
                assign=Assign(area.assign),
                groups=groups_of(settings.group, area.name),
                signature=area.signature.strip(),
            )
        )
    return Desk(
        areas,
        reply_domain=settings.server.reply_domain,
        rules=rules_of(settings.rule),
        every=settings.rules.match == "all",
    )


def _folded(address: str) -> str:
    local, _, domain = address.strip().rpartition("@")
    return f"{local.casefold()}@{a_label(domain) or domain}"
