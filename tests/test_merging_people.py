"""A second address becomes somebody's too: asked for from the first, confirmed from the second; then all is one's."""

import re
from typing import Any

import pytest

from gateway.apply.joining import ask_to_join
from gateway.desk.refusals import Refused
from gateway.desk.words import Labels
from gateway.errors import GatewayError
from gateway.store import merging, participants, people, seen_tickets
from gateway.store.participants import Part
from gateway.store.tables import address, address_wish, credential, event, membership, metadata, person
from gateway.threading.tokens import Purpose
from gateway.work import own, sessions
from gateway.work.joining import merge_people
from gateway.work.organisations import organise
from tests.world import ANA, BRUNO, EVA, LUIS, MARTA, SUPPORT, World, mail, reply_to

SECOND = "ana.perez@gmail.com"
THIRD = "otra@elsewhere.example"


def asks(world: World, wanted: str = SECOND, *, by: str = ANA, sender: str = "") -> Labels | Refused:
    """Somebody asks by a proven mail that another address be theirs too."""
    rules = world.office.rules
    with world.office.database.write() as connection:
        who = people.by_address(connection, by)
        assert who is not None
        area, sender = rules.desk.first(), sender or by
        return ask_to_join(connection, who, wanted, sender=sender, area=area, rules=rules, cause="m-7", now=world.now)


def asked(world: World, wanted: str = SECOND, **given: Any) -> Any:
    """The letter that asks at the second address."""
    said = asks(world, wanted, **given)
    assert isinstance(said, dict), said
    return world.letters(wanted, "join_address")[-1]


def own_tickets(world: World, of: str) -> set[int]:
    return {one.number for one in own.tickets_of(world.office, world.person(of).id)}


def happened(world: World, person_id: int) -> list[tuple[str, int | None, str]]:
    return [(one.action, one.actor_id, one.cause) for one in world.rows(event, event.c.person_id == person_id)]


# --- asking -----------------------------------------------------------------------------------------------------------


def test_the_second_address_is_told_who_asks_and_nothing_of_any_ticket(world: World) -> None:
    world.ticket_of(ANA, subject="Nómina secreta")
    letter = asked(world)

    assert ANA in letter.text
    assert SECOND in letter.text
    assert "«sí»" in letter.text
    # Neither what they asked the desk, nor the name that somebody gave themselves.
    for text in (letter.subject, letter.text, letter.html, str(letter.headers)):
        assert "secreta" not in text
        assert "Pérez" not in text
    assert letter.ticket_id is None
    assert happened(world, world.person(ANA).id)[-1] == ("address asked for", world.person(ANA).id, "m-7")


def test_the_answer_makes_an_address_that_nobody_had_theirs(world: World) -> None:
    number = world.ticket_of(ANA)
    answer = world.receive(reply_to(asked(world), "Sí"))

    assert (answer.verdict, answer.stage, answer.ticket_id) == ("command", "joins_an_address", None)
    assert world.person(SECOND).id == world.person(ANA).id
    assert world.person(SECOND).state == "active"
    assert [one.to_address for one in world.letters(letter="address_joined")] == [ANA, SECOND]
    last = world.rows(event, event.c.action == "address joined")[-1]
    assert (last.person_id, last.cause) == (world.person(ANA).id, f"m-{answer.mail_id}")
    assert last.data == {"address": SECOND, "by": "mail", "asked": "m-7"}
    # From there they write to their ticket as from the first.
    there = world.receive(mail(from_=SECOND, s1=True, subject=f"Re: [#{number}] x", text="Sigue igual."))
    assert (there.ticket_id, there.facts["relation"]) == (number, "requester")


@pytest.mark.parametrize("reply", ["plus", "plain"])
def test_by_real_mails_from_the_first_word_to_a_request_of_both(world: World, reply: str) -> None:
    """Also where an answer comes back with our Message-ID alone."""
    world.open_with(area=[one.model_copy(update={"reply": reply}) for one in world.office.settings.area])
    number = world.ticket_of(SECOND)
    said = f"Agregar mi dirección {SECOND}"
    wish = world.receive(mail(from_=ANA, s1=True, subject=said, text=said))
    assert (wish.verdict, wish.ticket_id) == ("command", None)
    (letter,) = world.letters(SECOND, "join_address")
    assert ("+r." in dict(letter.headers).get("Reply-To", "")) == (reply == "plus")
    assert f"Le escribimos a {SECOND}" in world.letters(ANA)[-1].text
    answer = world.receive(reply_to(letter, "Sí"))

    assert (answer.verdict, answer.stage) == ("command", "joins_an_address")
    assert own_tickets(world, ANA) == {number}


def test_an_unproven_mail_asks_nobody(world: World) -> None:
    said = f"Agregar mi dirección {SECOND}"
    world.receive(mail(from_=ANA, subject=said, text=said))

    assert world.letters(SECOND) == []


@pytest.mark.parametrize("text", ["Sí", "si, confirmo. Gracias", "Yes", "Sim, confirmo"])
def test_a_clear_yes_is_a_yes_whatever_proves_the_mail_itself(world: World, text: str) -> None:
    """The token that came back proves the address it went to, at any level (RULES 3)."""
    world.receive(reply_to(asked(world), text))

    assert world.person(SECOND).id == world.person(ANA).id


@pytest.mark.parametrize("text", ["No", "No, no conozco a esa persona.", "Rechazo"])
def test_a_no_ends_it(world: World, text: str) -> None:
    letter = asked(world)
    answer = world.receive(reply_to(letter, text))

    assert answer.stage == "joins_an_address"
    assert [one.outcome for one in world.rows(address_wish)] == ["refused"]
    world.receive(reply_to(letter, "Sí"))
    assert world.rows(address, address.c.address == SECOND)[0].person_id != world.person(ANA).id


@pytest.mark.parametrize("text", ["¿Quién es usted?", "Sí, pero ¿qué pasa con mis solicitudes?", ""])
def test_whatever_is_no_clear_answer_is_read_by_somebody_and_joins_nothing(world: World, text: str) -> None:
    answer = world.receive(reply_to(asked(world), text))

    assert (answer.verdict, answer.stage) == ("ticket", "something_new")
    assert world.person(SECOND).id != world.person(ANA).id
    assert [one.outcome for one in world.rows(address_wish)] == [""]


@pytest.mark.parametrize("kind", [{"Auto-Submitted": "auto-replied"}, {"Auto-Submitted": "auto-generated"}])
def test_no_machine_says_yes(world: World, kind: dict[str, str]) -> None:
    letter = asked(world)
    world.receive(reply_to(letter, "Sí", headers=kind))

    assert [one.outcome for one in world.rows(address_wish)] == [""]


@pytest.mark.parametrize("who", [THIRD, ANA, BRUNO])
def test_the_token_from_a_third_address_does_nothing(world: World, who: str) -> None:
    """Not even from who asked: only the second address says whose it is."""
    letter = asked(world)
    ana, bruno = world.person(ANA).id, world.person(BRUNO).id
    answer = world.receive(reply_to(letter, "Sí", from_=who, s1=True))

    assert answer.stage != "joins_an_address"
    assert [one.outcome for one in world.rows(address_wish)] == [""]
    assert (world.person(ANA).id, world.person(BRUNO).id) == (ana, bruno)
    assert world.rows(address, address.c.address == SECOND) == []


def test_without_the_token_a_yes_from_the_second_address_does_nothing(world: World) -> None:
    asked(world)
    world.receive(mail(from_=SECOND, s1=True, subject="Re: ¿Esta dirección es suya también?", text="Sí"))

    assert world.person(SECOND).id != world.person(ANA).id


def test_tokens_of_another_kind_or_for_another_join_nothing(world: World) -> None:
    letter = asked(world)
    wish = world.rows(address_wish)[0].id
    forged = [
        world.office.rules.tokens.make(Purpose.REPLY, wish, world.person(ANA).id),
        world.office.rules.tokens.make(Purpose.JOIN, wish, world.person(BRUNO).id),
        world.office.rules.tokens.make(Purpose.JOIN, wish + 1, world.person(ANA).id),
    ]
    for token in forged:
        world.receive(mail(from_=SECOND, to=f"support+r.{token}@desk.example", text="Sí"))

    assert world.rows(address_wish)[0].outcome == ""
    assert world.person(SECOND).id != world.person(ANA).id
    world.receive(reply_to(letter, "Sí"))
    assert world.person(SECOND).id == world.person(ANA).id


def test_an_answer_counts_once_and_for_seven_days(world: World) -> None:
    letter = asked(world)
    world.later(days=7, minutes=1)
    late = world.receive(reply_to(letter, "Sí"))
    assert (late.verdict, world.person(SECOND).id == world.person(ANA).id) == ("ticket", False)

    again = asked(world)
    world.receive(reply_to(again, "Sí"))
    before = world.rows(event)
    second = world.receive(reply_to(again, "Sí", message_id="<another@mail.example>"))
    assert second.stage != "joins_an_address"
    assert [one.action for one in world.rows(event)][: len(before)] == [one.action for one in before]
    assert "address joined" not in [one.action for one in world.rows(event)[len(before) :]]


def test_nobody_asks_more_than_three_times_a_day_nor_is_asked_more(world: World) -> None:
    for other in ("a@x.example", "b@x.example", "c@x.example"):
        asked(world, other)
    assert isinstance(asks(world, "d@x.example"), Refused)
    # Nor does anybody find out so whose account is a special one.
    assert asks(world, LUIS) == asks(world, "d@x.example")
    assert world.letters("d@x.example") == []

    world.later(days=2)
    for who in (ANA, BRUNO, ANA):
        asked(world, "z@x.example", by=who)
    assert isinstance(asks(world, "z@x.example", by=BRUNO), Refused)
    assert len(world.letters("z@x.example")) == 3


def test_who_may_not_ask(world: World) -> None:
    assert isinstance(asks(world, "no address"), Refused)
    assert isinstance(asks(world, SUPPORT), Refused)
    assert isinstance(asks(world, SECOND, by=LUIS), Refused)
    # From an address that is not their first, and from an account that is not active.
    assert isinstance(asks(world, SECOND, sender=BRUNO), Refused)
    world.known(ANA, state="inactive")
    assert isinstance(asks(world, SECOND), Refused)

    assert world.letters() == []
    assert asks(world, BRUNO, by=BRUNO) == {
        "es": f"La dirección {BRUNO} ya es suya.",
        "en": f"The address {BRUNO} is yours already.",
        "pt": f"O endereço {BRUNO} já é seu.",
    }


@pytest.mark.parametrize("state", ["inactive", "blocked"])
def test_what_the_desk_has_shut_is_opened_by_no_second_address(world: World, state: str) -> None:
    letter = asked(world, BRUNO)
    world.known(BRUNO, state=state)
    world.receive(reply_to(letter, "Sí"))
    said = asks(world, BRUNO)

    assert isinstance(said, Refused)
    # Whoever asks learns nothing of the other account.
    by_a_role = asks(world, LUIS)
    assert isinstance(by_a_role, Refused)
    assert said.words["es"].replace(BRUNO, LUIS) == by_a_role.words["es"]
    assert world.person(BRUNO).state == state
    assert world.person(BRUNO).id != world.person(ANA).id


# --- two that are one -------------------------------------------------------------------------------------------------


def test_the_older_of_two_that_are_active_remains_with_all_that_both_had(world: World) -> None:
    """Ana was there before Bruno, whoever of them asks."""
    ana, bruno = world.person(ANA).id, world.person(BRUNO).id
    hers, his = world.ticket_of(ANA), world.ticket_of(BRUNO)
    foreign = world.ticket_of(EVA)
    world.participant(foreign, BRUNO)
    key = sessions.sign_in(world.office, bruno, now=world.now)
    answer = world.receive(reply_to(asked(world, ANA, by=BRUNO), "Sí"))

    assert world.person(BRUNO).id == world.person(ANA).id == ana
    assert own_tickets(world, ANA) == {hers, his}
    assert world.ticket(his).requester_address == BRUNO
    with world.office.database.read() as connection:
        assert participants.parts(connection, foreign) == {ana: Part.CC}
        assert participants.ever(connection, foreign)[ana].address == BRUNO
    signed_in = sessions.who(world.office, key, now=world.now)
    assert signed_in is not None
    assert signed_in.id == ana
    # The one that went is still there under its name, and can do nothing.
    (gone,) = world.rows(person, person.c.id == bruno)
    assert (gone.name, gone.state, gone.merged_into) == ("Bruno Díaz", "blocked", ana)
    cause = f"m-{answer.mail_id}"
    assert happened(world, bruno)[-1] == ("merged into", ana, cause)
    assert ("person merged", ana, cause) in happened(world, ana)
    assert world.events(his)[-1].data == {"requester_id": str(ana), "requester_id_before": str(bruno)}


def test_letters_and_their_tokens_go_on_to_work_after_it(world: World) -> None:
    """The customer's own words stay theirs on the pages, answers reach their ticket, a letter goes where it went."""
    his = world.ticket_of(BRUNO, text="No imprime.")
    letter = world.answered(his, "Pruebe a reiniciarla.")
    bruno = world.person(BRUNO).id
    world.receive(reply_to(asked(world, ANA, by=BRUNO), "Sí"))
    answer = world.receive(reply_to(letter, "Ya probé.", s1=True))

    assert (answer.ticket_id, answer.facts["evidence"], answer.facts["level"]) == (his, "own token", "S2")
    assert answer.facts["relation"] == "requester"
    found = own.conversation(world.office, world.person(ANA).id, his, now=world.now)
    assert found is not None
    assert {one.author_id for one in found.messages if one.author != "Luis Gómez"} == {world.person(ANA).id}
    assert world.answered(his, "¿Y ahora?").to_address == BRUNO
    holder = own.holder(world.office, bruno)
    assert holder is not None
    assert holder.id == world.person(ANA).id


def test_a_pending_person_goes_over_and_their_tickets_are_confirmed(world: World) -> None:
    number = world.ticket_of(SECOND, s1=False)
    assert not world.ticket(number).verified
    second = world.person(SECOND).id
    world.receive(reply_to(asked(world), "Sí"))

    assert world.person(SECOND).id == world.person(ANA).id
    assert second > world.person(ANA).id
    assert world.ticket(number).verified
    assert own_tickets(world, ANA) == {number}
    (row,) = world.rows(address, address.c.address == SECOND)
    assert row.confirmed_at == world.now
    # The reminder to confirm has nobody left to go to.
    assert [one for one in world.timers(number) if one.person_id == second] == []


def test_what_only_claims_to_be_from_who_asks_is_not_confirmed_by_it(world: World) -> None:
    """A forged mail in Ana's name stays unproven when her second address is."""
    forged = world.receive(mail(from_=ANA, subject="Cambien mi clave")).ticket_id
    world.ticket_of(SECOND, s1=False)
    world.receive(reply_to(asked(world), "Sí"))

    assert not world.ticket(forged).verified


def test_roles_never_move_by_mail(world: World) -> None:
    roles = world.rows(membership)
    for by, wanted in ((ANA, LUIS), (ANA, MARTA), (LUIS, SECOND), (LUIS, MARTA)):
        assert isinstance(asks(world, wanted, by=by), Refused)
    # A role that is given between the asking and the yes.
    letter = asked(world, BRUNO)
    world.known(BRUNO, role="agent", areas=["support"])
    world.receive(reply_to(letter, "Sí"))
    assert world.person(BRUNO).id != world.person(ANA).id
    world.later(days=2)
    mine = asked(world, SECOND)
    world.known(ANA, role="supervisor")
    world.receive(reply_to(mine, "Sí"))

    assert world.rows(address, address.c.address == SECOND) == []
    given = {world.person(ANA).id, world.person(BRUNO).id}
    assert [row for row in world.rows(membership) if row.person_id not in given] == roles


def test_what_an_organisations_agent_sees_grows_by_no_merging(world: World) -> None:
    """Bruno's organisation comes to Ana, who has none; that he sees all its tickets does not."""
    organise(world.office, "Firm", now=world.now)
    world.known(BRUNO, organisation="Firm", organisation_agent=True)
    world.known("carla@firm.example", organisation="Firm")
    world.write(person.update().where(person.c.id == world.person(ANA).id).values(organisation_agent=True))
    world.ticket_of("carla@firm.example")
    firm = world.person(BRUNO).organisation_id
    world.receive(reply_to(asked(world, BRUNO), "Sí"))

    found = world.person(BRUNO)
    assert (found.id, found.organisation_id, found.organisation_agent) == (world.person(ANA).id, firm, False)
    with world.office.database.read() as connection:
        assert seen_tickets.of_colleagues(connection, found.id) == []


def test_whoever_was_asked_aside_stays_aside(world: World) -> None:
    number = world.ticket_of(EVA)
    with world.office.database.write() as connection:
        for who, part in ((ANA, Part.CC), (BRUNO, Part.CONSULTED)):
            participants.add(connection, number, world.person(who).id, part=part, added_by=None, now=world.now)
    hers = world.ticket_of(ANA)
    world.participant(hers, BRUNO)
    world.receive(reply_to(asked(world, BRUNO), "Sí"))

    with world.office.database.read() as connection:
        assert participants.parts(connection, number) == {world.person(ANA).id: Part.CONSULTED}
        # Nobody takes part in their own ticket beside themselves.
        assert participants.parts(connection, hers) == {}


def test_a_password_goes_along_where_there_was_none(world: World) -> None:
    ana, bruno = world.person(ANA).id, world.person(BRUNO).id
    rows = [
        {"person_id": bruno, "kind": "password", "secret": "his", "created_at": world.now},
        {"person_id": bruno, "kind": "other", "secret": "his too", "created_at": world.now},
        {"person_id": ana, "kind": "other", "secret": "hers", "created_at": world.now},
    ]
    with world.office.database.write() as connection:
        connection.execute(credential.insert(), rows)
    merge_people(world.office, ANA, BRUNO, now=world.now)

    kept = {(row.person_id, row.kind, row.secret) for row in world.rows(credential)}
    assert kept == {(ana, "password", "his"), (ana, "other", "hers")}


def test_every_column_that_names_a_person_goes_over_or_stays_on_purpose() -> None:
    """A new table says what becomes of its people when two are one: in gateway/store/merging.py, or here."""
    naming = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.c
        if any(key.column.table is person for key in column.foreign_keys) or column.name == "created_by"
    }
    moved = {f"{one.table.name}.{one.name}" for one in merging._FOLLOWING}
    moved |= {f"{one.table.name}.{one.name}" for one, _ in merging._IN_THEIR_TICKETS}
    apart = {"participant.person_id", "credential.person_id", "membership.person_id", "timer.person_id"}
    # What happened is told of who it was then; a token that is used up is so for everybody.
    staying = {"event.person_id", "event.actor_id", "token_use.person_id"}

    assert naming - moved - apart - staying == set()
    assert (moved | apart | staying) - naming == set()


# --- by an operator ---------------------------------------------------------------------------------------------------


def test_an_operator_says_who_remains_and_looks_before(world: World) -> None:
    number = world.ticket_of(ANA)
    would = merge_people(world.office, BRUNO, ANA, now=world.now, dry_run=True)
    assert (would.addresses, would.tickets, would.owned) == ((ANA,), (number,), ())
    assert world.person(ANA).id != world.person(BRUNO).id
    did = merge_people(world.office, BRUNO, ANA, now=world.now)

    assert did == would
    assert world.person(ANA).id == world.person(BRUNO).id == world.ticket(number).requester_id
    assert world.person(ANA).name == "Bruno Díaz"
    last = world.rows(event, event.c.person_id == world.person(ANA).id)[-1]
    assert (last.action, last.actor_kind, last.cause) == ("person merged", "operator", "the command line")
    with pytest.raises(GatewayError, match="are one person already"):
        merge_people(world.office, ANA, BRUNO, now=world.now)
    with pytest.raises(GatewayError, match="nobody has the address"):
        merge_people(world.office, ANA, THIRD, now=world.now)


def test_both_addresses_hear_that_the_desk_made_them_one(world: World) -> None:
    world.known(SECOND)
    merge_people(world.office, ANA, SECOND, now=world.now)

    told = world.letters(letter="address_joined")
    assert [(one.to_address, SECOND in one.text, ANA in one.text) for one in told] == [
        (ANA, True, False),
        (SECOND, False, True),
    ]
    assert all("Así lo registró nuestra mesa de ayuda." in one.text for one in told)


@pytest.mark.parametrize("state", ["pending", "blocked", "inactive"])
def test_whoever_is_active_is_not_merged_into_somebody_who_is_not(world: World, state: str) -> None:
    world.known(SECOND, state=state)

    with pytest.raises(GatewayError, match=f"{SECOND} is {state}.*gateway person {SECOND} --state active"):
        merge_people(world.office, SECOND, ANA, now=world.now)
    merge_people(world.office, ANA, SECOND, now=world.now)
    assert world.person(ANA).state == "active"


def test_an_operator_moves_roles_only_in_so_many_words(world: World) -> None:
    world.known(MARTA, role="agent", areas=["support", "billing"])
    number = world.ticket_of(ANA)
    world.act(number, "take", by=MARTA)
    with pytest.raises(GatewayError, match=re.escape("marta@staff.example is agent in")):
        merge_people(world.office, LUIS, MARTA, now=world.now)
    assert world.person(MARTA).id != world.person(LUIS).id
    merge_people(world.office, LUIS, MARTA, now=world.now, with_roles=True)

    assert set(world.person(LUIS).roles) == {("support", "agent"), ("billing", "agent")}
    assert world.ticket(number).owner_id == world.person(LUIS).id
    assert world.events(number)[-1].data["owner_id"] == str(world.person(LUIS).id)


def test_who_was_merged_twice_is_still_found(world: World) -> None:
    number = world.ticket_of(BRUNO)
    letter = world.answered(number)
    bruno = world.person(BRUNO).id
    world.known(EVA, name="Eva")
    merge_people(world.office, ANA, BRUNO, now=world.now)
    merge_people(world.office, EVA, ANA, now=world.now)
    answer = world.receive(reply_to(letter, "Gracias, sigue igual.", s1=True))

    with world.office.database.read() as connection:
        assert people.remaining(connection, bruno) == world.person(EVA).id
    assert answer.facts["evidence"] == "own token"
