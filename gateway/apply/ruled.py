"""A new ticket as the desk's own rules want it."""

from dataclasses import replace

from sqlalchemy.engine import Connection

from gateway.apply.posting import Rules
from gateway.desk.areas import Area
from gateway.desk.people import May, may
from gateway.desk.rules import Given
from gateway.desk.ticket import Field, Nature, Ticket, with_fields
from gateway.inbound.facts import Facts
from gateway.inbound.verdicts import NewTicket
from gateway.store import people


def area_of(verdict: NewTicket, facts: Facts, rules: Rules) -> Area:
    """Where the ticket belongs: where its mail came to, unless a rule says otherwise.

    A follow-up stays with the ticket that it follows.
    """
    wanted = facts.given.fields.get("area", "")
    return facts.area if verdict.follows is not None else rules.desk.areas.get(wanted, facts.area)


def as_given(connection: Connection, draft: Ticket, given: Given, area: Area) -> Ticket:
    """The ticket with what the rules give it; an owner without a role in its area is none, nor is another's group."""
    fields = given.fields
    nature = fields.get("nature")
    group = area.groups.get(fields.get("group", ""))
    return replace(
        with_fields(draft, **{Field.GROUP: group.name}) if group is not None else draft,
        category=fields.get("category", draft.category),
        nature=Nature(nature) if nature else draft.nature,
        classification=fields.get("classification", draft.classification),
        priority=int(fields.get("priority", draft.priority)),
        language=fields.get("language", draft.language),
        owner_id=_owner(connection, fields.get("owner", ""), draft.area),
        tags=tuple(dict.fromkeys((*draft.tags, *given.tags))),
    )


def for_the_event(ticket: Ticket, given: Given) -> dict[str, str]:
    """What the ticket's first event says of them: which rules they were, and whom they could not make its owner."""
    said = {"rules": ", ".join(given.rules)} if given.rules else {}
    if "owner" in given.fields and ticket.owner_id is None:
        said["no_role_here"] = given.fields["owner"]
    if "group" in given.fields and not ticket.field(Field.GROUP):
        said["no_group_here"] = given.fields["group"]
    return said


def _owner(connection: Connection, address: str, area: str) -> int | None:
    person = people.by_address(connection, address.strip().casefold()) if address else None
    if person is None or not may(person.state, May.ACT) or not person.roles_in(area):
        return None
    return person.id
