"""People from a CSV file, all of them or none, with a report of every line.

A file may say what it likes of customers and agents, but three things are done by hand only, since a wrong line in a
list would be noticed too late: an administrator loses neither role nor account, nobody blocked is let in again, and
nobody confirmed has to confirm again.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy.engine import Connection

from gateway.desk.folding import folded
from gateway.desk.people import PersonState, Role
from gateway.errors import GatewayError
from gateway.store import people
from gateway.store.people import EVERY_AREA, Person
from gateway.work.enrol import CUSTOMER, NO_ORGANISATION, Wish, check_agent, checked, put
from gateway.work.office import Office
from gateway.work.people_sheet import Row, Sheet, read_sheet

CAUSE = "an import of people"


class Outcome(StrEnum):
    MADE = "made"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a line of the file does. `changes` are column → new value; `reason` says why it is refused."""

    number: int
    address: str
    outcome: Outcome
    changes: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Every line, the columns that were not read, and whether anything was written."""

    lines: tuple[Line, ...]
    unread: tuple[str, ...]
    written: bool

    def count(self, outcome: Outcome) -> int:
        return sum(line.outcome is outcome for line in self.lines)


def import_people(
    office: Office, raw: bytes, *, now: datetime, dry_run: bool = False, partial: bool = False, cause: str = CAUSE
) -> Report:
    """Make and change the people of a CSV file, in one transaction; nothing when a line is refused, unless `partial`.

    An empty cell leaves what it would set as it is. GatewayError when the file is no such table.
    """
    sheet = read_sheet(raw)
    if dry_run:
        with office.database.read() as connection:
            return Report(tuple(line for line, _ in _planned(connection, sheet, office)), sheet.unread, written=False)
    with office.database.write() as connection:
        planned = list(_planned(connection, sheet, office))
        lines = tuple(line for line, _ in planned)
        if not partial and any(line.outcome is Outcome.REFUSED for line in lines):
            return Report(lines, sheet.unread, written=False)
        for line, wish in planned:
            if wish is not None and line.outcome in (Outcome.MADE, Outcome.CHANGED):
                put(connection, wish, office.rules, now=now, cause=cause)
        return Report(lines, sheet.unread, written=True)


def _planned(connection: Connection, sheet: Sheet, office: Office) -> Iterator[tuple[Line, Wish | None]]:
    """Each line with the wish to write; without one it is refused."""
    organisations = people.organisation_numbers(connection)
    spelled = {folded(name): name for name in organisations}
    line_of: dict[str, int] = {}
    for row in sheet.rows:
        written = row.cells.get("address", "")
        try:
            wish = _wish(row, office, spelled)
            if earlier := line_of.get(wish.address):
                raise GatewayError(f"is on line {earlier} already")
            person = people.by_address(connection, wish.address)
            if person is not None:
                _guard(person, wish)
            check_agent(connection, wish, person)
        except GatewayError as error:
            yield Line(number=row.line, address=written, outcome=Outcome.REFUSED, reason=str(error)), None
            continue
        line_of[wish.address] = row.line
        changes = _changes(person, wish, organisations)
        outcome = Outcome.MADE if person is None else Outcome.CHANGED if changes else Outcome.UNCHANGED
        yield Line(number=row.line, address=wish.address, outcome=outcome, changes=changes), wish


def _wish(row: Row, office: Office, spelled: dict[str, str]) -> Wish:
    """GatewayError for the first that is wrong with the row."""
    cells = row.cells
    if row.problem:
        raise GatewayError(row.problem)
    if "address" not in cells:
        raise GatewayError("has no address")
    if "areas" in cells and "role" not in cells:
        raise GatewayError("areas go with a role, and there is none on this line")
    organisation = cells.get("organisation")
    if organisation is not None and folded(organisation) in _NOWHERE:
        organisation = NO_ORGANISATION
    elif organisation is not None:
        # "ACME" and "Acme" are one: as it is there already, or as the file writes it first.
        organisation = spelled.setdefault(folded(organisation), organisation)
    wish = checked(
        office.rules,
        Wish(
            address=cells["address"],
            name=cells["name"][:200] if "name" in cells else None,
            role=_meant(cells.get("role"), _ROLES),
            areas=_areas(cells.get("areas", ""), office),
            state=_meant(cells.get("state"), _STATES),
            language=_language(cells.get("language")),
            organisation=organisation,
            organisation_agent=_yes_or_no(cells.get("organisation_agent")),
        ),
    )
    if office.rules.desk.ours(wish.address):
        raise GatewayError("is an address of the desk itself")
    return wish


def _guard(person: Person, wish: Wish) -> None:
    """GatewayError for what is not done by a list."""
    by_hand = f"if that is meant: `gateway person {wish.address}"
    if Role.ADMINISTRATOR in {role for _, role in person.roles}:
        if wish.role not in (None, Role.ADMINISTRATOR):
            raise GatewayError(f"is an administrator, whom a list makes nothing less; {by_hand} --role {wish.role}`")
        if wish.state not in (None, person.state, PersonState.ACTIVE):
            raise GatewayError(f"is an administrator, whom a list does not shut out; {by_hand} --state {wish.state}`")
    if person.state == PersonState.BLOCKED and wish.state not in (None, PersonState.BLOCKED):
        raise GatewayError(f"is blocked; {by_hand} --state {wish.state}`")
    if person.state != PersonState.PENDING and wish.state == PersonState.PENDING:
        raise GatewayError(f"is {person.state}, and so need not confirm again; {by_hand} --state pending`")


def _changes(person: Person | None, wish: Wish, organisations: Mapping[str, int]) -> dict[str, str]:
    """Column → new value, of what is not so already."""
    wanted = {"name": wish.name, "state": wish.state, "language": wish.language}
    changes = {
        name: value
        for name, value in wanted.items()
        if value is not None and (person is None or value != getattr(person, name))
    }
    number = organisations.get(wish.organisation or "")
    if wish.organisation == NO_ORGANISATION:
        if person is not None and person.organisation_id is not None:
            changes["organisation"] = NO_ORGANISATION
    elif wish.organisation is not None and (person is None or number is None or number != person.organisation_id):
        changes["organisation"] = wish.organisation
    agent = wish.organisation_agent
    # Who comes to another organisation is not its agent yet.
    is_agent = person is not None and person.organisation_agent and "organisation" not in changes
    if agent is not None and agent != is_agent:
        changes["organisation_agent"] = "yes" if agent else "no"
    if wish.role is not None and _other_role(person, wish):
        changes["role"] = wish.role
        if wish.areas:
            changes["areas"] = ", ".join(wish.areas)
    return changes


def _other_role(person: Person | None, wish: Wish) -> bool:
    """Whether roles change: those of the areas that the line names, else those for all areas."""
    if wish.role == CUSTOMER:
        return person is not None and any(not wish.areas or area in wish.areas for area, _ in person.roles)
    held = set() if person is None else set(person.roles)
    where = set(wish.areas or (EVERY_AREA,))
    return {(area, role) for area, role in held if area in where} != {(area, wish.role) for area in where}


def _areas(cell: str, office: Office) -> tuple[str, ...]:
    """The areas as the settings spell them; '*', all, todas: every one."""
    spelled = {folded(name): name for name in office.rules.desk.areas} | dict.fromkeys(_EVERYWHERE, EVERY_AREA)
    named = [one for part in re.split(r"[,;|/]", cell) if (one := " ".join(part.split()))]
    return tuple(dict.fromkeys(spelled.get(folded(one), one) for one in named))


def _meant(cell: str | None, words: Mapping[str, str]) -> str | None:
    """Our word for one of a person's; another one as it is, to be complained about."""
    return None if cell is None else words.get(folded(cell), cell)


def _yes_or_no(cell: str | None) -> bool | None:
    if cell is None:
        return None
    word = folded(cell)
    if word not in _YES | _NO:
        raise GatewayError(f"{cell} is neither yes nor no for the organisation agent")
    return word in _YES


def _language(cell: str | None) -> str | None:
    """Its code: pt of pt-BR, es of Español."""
    if cell is None:
        return None
    code = folded(cell).replace("_", "-")
    return _LANGUAGES.get(code) or (code.partition("-")[0] if re.fullmatch("[a-z]{2}(?:-[a-z0-9]+)?", code) else cell)


def _table(words: Mapping[str, str]) -> dict[str, str]:
    return {word: ours for ours, listed in words.items() for word in (ours, *listed.split())}


_ROLES = _table(
    {
        Role.AGENT: "agente analista analyst tecnico",
        Role.SUPERVISOR: "supervisora",
        Role.ADMINISTRATOR: "admin administrador administradora",
        CUSTOMER: "cliente usuario usuaria user requester solicitante none ninguno nenhum",
    }
)
_STATES = _table(
    {
        PersonState.PENDING: "pendiente pendente",
        PersonState.ACTIVE: "activo activa ativo ativa",
        PersonState.INACTIVE: "inactivo inactiva inativo inativa",
        PersonState.BLOCKED: "bloqueado bloqueada",
    }
)
_LANGUAGES = _table({"es": "espanol castellano spanish espanhol", "en": "english ingles", "pt": "portugues portuguese"})
_NOWHERE = frozenset({NO_ORGANISATION, "ninguna", "nenhuma"})
_YES = frozenset({"yes", "y", "si", "s", "sim", "true", "1", "x"})
_NO = frozenset({"no", "n", "nao", "false", "0"})
_EVERYWHERE = ("all", "todas", "todos", "all areas", "todas las areas", "todas as areas")
