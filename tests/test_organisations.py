"""Organisations: their domains and people, and their agents on the customer's side, who see what colleagues ask."""

from typing import Any

import pytest

from gateway.apply.account_state import set_account
from gateway.apply.orders import Order
from gateway.desk.refusals import Refusal, Refused
from gateway.desk.words import Labels
from gateway.errors import GatewayError
from gateway.store import people, seen_tickets, tickets
from gateway.store.tables import ticket
from gateway.work import own
from gateway.work.organisations import comers, listed, organise
from tests.world import ANA, BRUNO, EVA, LUIS, MARTA, NOON, World, mail, reply_to

ROOT = "root@staff.example"
FIRM = "Firm"


@pytest.fixture
def firm(world: World) -> World:
    """Ana and Bruno belong to the firm that claims their domain, and Ana is its agent on their side."""
    organise(world.office, FIRM, domains=["firm.example"], now=world.now)
    world.known(ANA, organisation=FIRM, organisation_agent=True)
    world.known(BRUNO, organisation=FIRM)
    return world


def seen_by(world: World, address: str) -> list[int]:
    with world.office.database.read() as connection:
        return [one.ticket.number for one in seen_tickets.of_colleagues(connection, world.person(address).id)]


def read_by(world: World, address: str, number: int) -> list[str] | None:
    """The texts of a colleague's ticket as they read them on the pages; None when there is nothing to see."""
    found = own.colleagues_conversation(world.office, world.person(address).id, number, now=world.now)
    return None if found is None else [one.text.strip() for one in found.messages]


def ordered(world: World, number: int, value: str, *, by: str = LUIS) -> Labels | Refused:
    """`#cuenta VALUE` in an answer about the ticket."""
    with world.office.database.write() as connection:
        kept = tickets.get(connection, number, lock=True)
        person = people.by_address(connection, by)
        assert person is not None
        order = Order(
            person=person,
            address=by,
            area=world.office.rules.desk.areas[kept.ticket.area],
            kept=kept,
            value=value,
            text="",
            files=(),
            rules=world.office.rules,
            now=world.now,
            cause="m-1",
            delivery_id=1,
        )
        return set_account(connection, order)


# --- whom an organisation's agent sees --------------------------------------------------------------------------------


def test_an_organisations_agent_sees_the_tickets_of_their_colleagues(firm: World) -> None:
    theirs, foreign = firm.ticket_of(BRUNO), firm.ticket_of(EVA)
    mine = firm.ticket_of(ANA, subject="El teclado")

    assert seen_by(firm, ANA) == [theirs]
    assert seen_by(firm, BRUNO) == []
    with firm.office.database.read() as connection:
        own_ones, others = seen_tickets.tickets_seen_by(connection, firm.person(ANA).id)
    assert [one.number for one in own_ones] == [mine]
    assert [(one.ticket.number, one.requester) for one in others] == [(theirs, "Bruno Díaz")]
    assert read_by(firm, ANA, foreign) is None
    assert read_by(firm, ANA, mine) is None


def test_they_read_what_its_requester_reads_and_no_more(firm: World) -> None:
    number = firm.ticket_of(BRUNO, text="No imprime.", files=[("pantalla.png", b"a picture")])
    firm.act(number, "note", text="Cliente impaciente.")
    firm.answered(number, "Pruebe a reiniciarla.")

    assert read_by(firm, ANA, number) == ["No imprime.", "Pruebe a reiniciarla."]
    found = own.colleagues_conversation(firm.office, firm.person(ANA).id, number, now=firm.now)
    assert found is not None
    (file,) = found.messages[0].files
    ana, bruno = firm.person(ANA).id, firm.person(BRUNO).id
    assert own.colleagues_file(firm.office, ana, number, file.id) == file
    assert own.colleagues_file(firm.office, bruno, number, file.id) is None
    assert own.file(firm.office, ana, number, file.id) is None


def test_a_mail_that_only_claims_the_domain_is_put_before_no_organisations_eyes(firm: World) -> None:
    """Neither as somebody new of the domain, nor as a colleague whom everybody knows."""
    stranger = firm.receive(mail(from_="jefe@firm.example", subject="Transfieran hoy")).ticket_id
    forged = firm.receive(mail(from_=BRUNO, subject="Cambien mi clave")).ticket_id

    assert firm.ticket(stranger).organisation_id == firm.ticket(forged).organisation_id
    assert firm.ticket(forged).organisation_id == firm.person(ANA).organisation_id
    assert seen_by(firm, ANA) == []
    assert read_by(firm, ANA, stranger) is read_by(firm, ANA, forged) is None
    # Nor do they write to it: the desk would answer them there.
    assert firm.receive(mail(from_=ANA, s1=True, subject=f"Re: [#{forged}] x")).ticket_id != forged


def test_what_was_added_unproven_to_a_colleagues_ticket_is_not_shown_to_them(firm: World) -> None:
    number = firm.ticket_of(BRUNO, text="No imprime.")
    letter = firm.answered(number, "Pruebe a reiniciarla.")
    firm.receive(reply_to(letter, "Mi clave es 1234."))

    flags = [row.flags for row in firm.messages(number)]
    assert flags[-1] == ["unverified"]
    assert read_by(firm, ANA, number) == ["No imprime.", "Pruebe a reiniciarla."]


@pytest.mark.parametrize("tag", ["held", "account-request", "storm"])
def test_what_is_kept_back_is_kept_back_from_them_too(firm: World, tag: str) -> None:
    number = firm.ticket_of(BRUNO)
    assert seen_by(firm, ANA) == [number]
    with firm.office.database.write() as connection:
        tickets._write_tags(connection, number, [tag])

    assert seen_by(firm, ANA) == []
    assert firm.receive(mail(from_=ANA, s1=True, subject=f"Re: [#{number}] x")).ticket_id != number


@pytest.mark.parametrize(
    "change",
    [{"state": "inactive"}, {"state": "blocked"}, {"organisation_agent": False}, {"organisation": "none"},
     {"organisation": "Other"}],
)  # fmt: skip
def test_who_is_shut_out_or_leaves_sees_nothing_any_more_at_that_moment(firm: World, change: dict[str, Any]) -> None:
    number = firm.ticket_of(BRUNO)
    assert read_by(firm, ANA, number) is not None
    firm.known(ANA, **change)

    assert seen_by(firm, ANA) == []
    assert read_by(firm, ANA, number) is None
    assert own.of_colleagues(firm.office, firm.person(ANA).id) is None
    receives = firm.receive(mail(from_=ANA, s1=True, subject=f"Re: [#{number}] x", text="¿Cómo va?"))
    assert receives.ticket_id != number


def test_they_write_to_a_colleagues_ticket_as_somebody_in_copy_would(firm: World) -> None:
    number = firm.ticket_of(BRUNO)
    by_number = firm.receive(mail(from_=ANA, s1=True, subject=f"Re: [#{number}] La impresora", text="Es urgente."))
    by_token = firm.receive(
        mail(from_=ANA, s1=True, to=f"support+r.{firm.token(number, ANA)}@desk.example", text="Tercer piso.")
    )

    assert (by_number.ticket_id, by_token.ticket_id) == (number, number)
    assert [(row.text.strip(), row.public, row.flags) for row in firm.messages(number)[-2:]] == [
        ("Es urgente.", True, []),
        ("Tercer piso.", True, []),
    ]
    assert {row.facts["relation"] for row in (by_number, by_token)} == {"participant"}


def told(world: World, since: int, address: str = ANA) -> list[str]:
    return [letter for letter, to in world.told(since) if to == address]


def test_they_get_no_letters_of_it_unless_the_desk_says_so(firm: World) -> None:
    number = firm.ticket_of(BRUNO)
    firm.answered(number)
    assert told(firm, 0) == []
    firm.change_settings(organisations={"notify_agents": True})
    firm.answered(number, "¿Y ahora?")

    (letter,) = firm.letters(ANA)
    assert letter.letter == "relayed"
    assert "¿Y ahora?" in letter.text
    # Nothing of what was written before, no page of the ticket, and a token of their own.
    assert "reiniciarla" not in letter.text
    answer = firm.receive(reply_to(letter, "Ya funciona.", s1=True))
    assert (answer.ticket_id, answer.facts["evidence"], answer.facts["relation"]) == (
        number,
        "own token",
        "participant",
    )


def test_told_as_agents_they_hear_of_what_is_proven_and_theirs_alone(firm: World) -> None:
    firm.change_settings(organisations={"notify_agents": True})
    forged, foreign = firm.receive(mail(from_=BRUNO)).ticket_id, firm.ticket_of(EVA)
    mine = firm.ticket_of(ANA, subject="El teclado")
    since = len(firm.letters())
    for number in (forged, foreign):
        firm.answered(number)
    assert told(firm, since) == []
    firm.answered(mine)
    assert told(firm, since) == ["answer"]
    theirs = firm.ticket_of(BRUNO, subject="El ratón")
    firm.known(ANA, state="blocked")
    since = len(firm.letters())
    firm.answered(theirs)

    assert told(firm, since) == []


def test_an_agent_who_leaves_a_ticket_hears_no_more_of_it(firm: World) -> None:
    firm.change_settings(organisations={"notify_agents": True})
    number = firm.ticket_of(BRUNO)
    firm.answered(number)
    (letter,) = firm.letters(ANA)
    firm.receive(reply_to(letter, "Quiero salir", s1=True))
    assert firm.letters(ANA)[-1].letter == "left"
    firm.answered(number, "¿Y ahora?")

    assert [one.letter for one in firm.letters(ANA)] == ["relayed", "left"]
    # They see it all the same.
    assert seen_by(firm, ANA) == [number]


def test_their_unproven_mail_with_a_number_alone_adds_nothing(firm: World) -> None:
    number = firm.ticket_of(BRUNO)

    assert firm.receive(mail(from_=ANA, subject=f"Re: [#{number}] x", text="Ciérrenlo.")).ticket_id != number


def test_a_ticket_of_nobody_knows_which_organisation_is_nobodys_to_see(firm: World) -> None:
    """An agent without an organisation, and a ticket without one, have nothing in common."""
    number = firm.ticket_of(EVA)
    firm.write(people.person.update().where(people.person.c.id == firm.person(ANA).id).values(organisation_id=None))

    assert firm.ticket(number).organisation_id is None
    assert seen_by(firm, ANA) == []
    assert firm.receive(mail(from_=ANA, s1=True, subject=f"Re: [#{number}] x")).ticket_id != number


def test_an_agent_without_an_organisation_is_refused(world: World) -> None:
    with pytest.raises(GatewayError, match="belongs to no organisation"):
        world.known(EVA, organisation_agent=True)

    world.known(EVA, organisation="Elsewhere", organisation_agent=True)
    assert world.person(EVA).agent_for == world.person(EVA).organisation_id


# --- domains and people -----------------------------------------------------------------------------------------------


def test_the_list_says_who_belongs_and_what_is_open(firm: World) -> None:
    organise(firm.office, "Other", domains=["other.example", "autre.example"], now=firm.now)
    firm.ticket_of(BRUNO)
    closed = firm.ticket_of(ANA)
    firm.act(closed, "take")
    firm.act(closed, "solve", text="Listo.")
    firm.act(closed, "close")

    assert firm.ticket(closed).closed_at is not None
    assert listed(firm.office) == [
        {"name": "Firm", "domains": ["firm.example"], "people": 2, "open_tickets": 1, "agents": [ANA]},
        {"name": "Other", "domains": ["autre.example", "other.example"], "people": 0, "open_tickets": 0, "agents": []},
    ]


def test_a_new_name_changes_nothing_else(firm: World) -> None:
    organise(firm.office, "Other", now=firm.now)
    assert organise(firm.office, FIRM, rename="Firm Ltd", now=firm.now) == "Firm Ltd"

    assert [one["name"] for one in listed(firm.office)] == ["Firm Ltd", "Other"]
    assert [one["people"] for one in listed(firm.office)] == [2, 0]
    with pytest.raises(GatewayError, match="there is an organisation Other already"):
        organise(firm.office, "Firm Ltd", rename="Other", now=firm.now)
    with pytest.raises(GatewayError, match="there is no organisation Frim Ltd; did you mean Firm Ltd"):
        organise(firm.office, "Frim Ltd", rename="Firm", now=firm.now)
    with pytest.raises(GatewayError, match="stands for no organisation"):
        organise(firm.office, "none", now=firm.now)


def test_a_domain_is_one_organisations_until_it_is_released(firm: World) -> None:
    with pytest.raises(GatewayError, match=r"firm\.example is a domain of Firm; first"):
        organise(firm.office, "Other", domains=["firm.example"], now=firm.now)
    with pytest.raises(GatewayError, match="is no domain of Firm"):
        organise(firm.office, FIRM, released=["other.example"], now=firm.now)
    organise(firm.office, FIRM, released=["firm.example"], now=firm.now)
    organise(firm.office, "Other", domains=["firm.example"], now=firm.now)

    firm.ticket_of("nueva@firm.example")
    other = firm.person("nueva@firm.example").organisation_id
    assert other != firm.person(BRUNO).organisation_id
    assert firm.person(BRUNO).organisation_id is not None


def test_who_was_there_before_the_domain_comes_when_an_operator_says_so(world: World) -> None:
    """With their open tickets; what is closed, and who belongs elsewhere, stays."""
    world.known(BRUNO, organisation="Other")
    world.known("carla@sub.firm.example", name="Carla")
    number, old = world.ticket_of(ANA), world.ticket_of(ANA, subject="Otra")
    world.write(ticket.update().where(ticket.c.id == old).values(closed_at=NOON))
    organise(world.office, FIRM, domains=["firm.example"], now=world.now)
    before = comers(world.office, FIRM, move=False, now=world.now)

    assert (before.moved, before.free) == ((), (ANA, "carla@sub.firm.example"))
    assert before.elsewhere == ((BRUNO, "Other"),)
    assert world.person(ANA).organisation_id is None

    moved = comers(world.office, FIRM, move=True, now=world.now)
    assert (moved.moved, moved.tickets) == ((ANA, "carla@sub.firm.example"), (number,))
    firm_id = world.person(ANA).organisation_id
    assert firm_id is not None
    assert (world.ticket(number).organisation_id, world.ticket(old).organisation_id) == (firm_id, None)
    assert world.person(BRUNO).organisation_id != firm_id
    assert world.events(number)[-1].data == {"organisation_id": str(firm_id), "organisation_id_before": ""}
    again = comers(world.office, FIRM, move=True, now=world.now)
    assert (again.moved, again.tickets) == ((), ())


def test_a_nearer_domain_of_another_keeps_its_people(world: World) -> None:
    world.known("dora@lab.firm.example")
    organise(world.office, "Lab", domains=["lab.firm.example"], now=world.now)
    organise(world.office, FIRM, domains=["firm.example"], now=world.now)

    assert "dora@lab.firm.example" not in comers(world.office, FIRM, move=False, now=world.now).free
    assert comers(world.office, "Lab", move=False, now=world.now).free == ("dora@lab.firm.example",)


# --- accounts that the desk shuts -------------------------------------------------------------------------------------


@pytest.fixture
def number(world: World) -> int:
    world.known(ROOT, role="administrator", language="es")
    return world.ticket_of(ANA)


@pytest.mark.parametrize(
    ("value", "by", "state"),
    [
        ("inactiva", LUIS, "inactive"),
        ("Inativo", LUIS, "inactive"),
        ("INACTIVE", MARTA, "inactive"),
        ("bloqueada", MARTA, "blocked"),
        ("blocked", ROOT, "blocked"),
    ],
)
def test_an_account_is_shut_by_who_may(world: World, number: int, value: str, by: str, state: str) -> None:
    done = ordered(world, number, value, by=by)

    assert isinstance(done, dict)
    assert ANA in done["es"]
    assert world.person(ANA).state == state
    last = world.events(number)[-1]
    assert (last.action, last.actor_id, last.person_id, last.cause, last.data) == (
        "person changed", world.person(by).id, world.person(ANA).id, "m-1", {"state": state}
    )  # fmt: skip


def test_an_active_account_again_lets_what_waited_go_on(world: World, number: int) -> None:
    world.known(ANA, state="inactive")
    letters = len(world.letters())
    assert ordered(world, number, "activa")["es"] == f"La cuenta de {ANA} está activa."

    assert world.person(ANA).state == "active"
    assert world.told(letters) == []
    assert ordered(world, number, "activa")["es"] == f"La cuenta de {ANA} ya estaba activa."


def test_who_never_confirmed_hears_that_the_account_is_theirs(world: World) -> None:
    number = world.ticket_of(EVA)
    assert world.person(EVA).state == "pending"
    ordered(world, number, "activa")

    assert world.person(EVA).state == "active"
    assert ("account_ready", EVA) in world.told()
    assert world.ticket(number).verified


def refused(world: World, number: int, value: str, *, by: str) -> Refused:
    said = ordered(world, number, value, by=by)
    assert isinstance(said, Refused)
    return said


def test_an_agent_blocks_nobody_and_unblocks_nobody(world: World, number: int) -> None:
    assert refused(world, number, "bloqueada", by=LUIS).reason is Refusal.NOT_PERMITTED
    world.known(ANA, state="blocked")
    assert refused(world, number, "activa", by=LUIS).reason is Refusal.NOT_PERMITTED

    assert world.person(ANA).state == "blocked"
    ordered(world, number, "activa", by=MARTA)
    assert world.person(ANA).state == "active"


def test_only_an_administrator_shuts_out_who_has_a_role_and_nobody_themselves(world: World, number: int) -> None:
    theirs = world.ticket_of(LUIS)
    assert "administrador" in refused(world, theirs, "inactiva", by=MARTA).words["es"]
    assert "propia" in refused(world, theirs, "inactiva", by=LUIS).words["es"]
    assert world.person(LUIS).state == "active"

    ordered(world, theirs, "inactiva", by=ROOT)
    assert world.person(LUIS).state == "inactive"


def test_who_has_no_role_in_the_area_changes_no_account(world: World, number: int) -> None:
    assert refused(world, number, "inactiva", by="nora@staff.example").reason is Refusal.NOT_PERMITTED
    assert refused(world, number, "inactiva", by=BRUNO).reason is Refusal.NOT_PERMITTED
    assert "inactiva" in refused(world, number, "inactva", by=LUIS).words["es"]
    assert world.person(ANA).state == "active"


def test_a_sender_whom_nobody_can_identify_has_no_account(world: World) -> None:
    raw = mail().replace(b"From: ", b"From: Eva <eva@elsewhere.example>\nFrom: ", 1)
    number = world.receive(raw).ticket_id

    assert refused(world, number, "inactiva", by=LUIS).reason is Refusal.NO_ACCOUNT


def test_a_tickets_organisation_is_said_taken_away_and_the_persons_stays(firm: World) -> None:
    number = firm.ticket_of(BRUNO)
    firm.act(number, "classify", organisation="none")
    assert firm.ticket(number).organisation_id is None
    assert seen_by(firm, ANA) == []
    firm.act(number, "classify", organisation=FIRM)

    assert firm.ticket(number).organisation_id == firm.person(BRUNO).organisation_id
    assert seen_by(firm, ANA) == [number]
