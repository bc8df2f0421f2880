"""Accounts: confirmed once, disowned, given a new link; and sessions."""

from datetime import timedelta

import pytest

from gateway.desk.ticket import ACCOUNT_REQUEST
from gateway.settings_keys import signing_keys
from gateway.store import credentials
from gateway.store.tables import address, event, person, ticket_tag, token_use, web_session
from gateway.threading.links import Link, LinkPurpose
from gateway.work import confirm, own, sessions
from gateway.work.confirm import Profile, Spent
from tests.world import EVA, World, mail

PROFILE = Profile("Eva Luna", "not a real hash", "pt")
URL = "https://desk.example/help"


@pytest.fixture
def eva(world: World) -> int:
    """Somebody who wrote once and has to confirm."""
    world.change_settings(web={"public_url": URL})
    world.receive(mail(from_=f"Eva <{EVA}>", s1=True))
    return world.person(EVA).id


def link_to(world: World, person_id: int, key: str = "abcdefghij") -> Link:
    return Link(LinkPurpose.CONFIRM, person_id, key, world.now.replace(microsecond=0))


def confirmed(world: World, person_id: int) -> bool:
    return confirm.confirm_by_token(world.office, person_id, by="mail", now=world.now, cause="m-7", address=EVA)


def by_form(world: World, link: Link) -> str | Spent:
    return confirm.confirm_by_form(world.office, link, PROFILE, now=world.now, cause="the web")


def send_link(world: World, to: str = EVA) -> bool:
    return confirm.send_link(world.office, signing_keys(world.office.settings), to, now=world.now)


def test_who_confirms_is_active_with_a_proven_address_and_hears_of_it(world: World, eva: int) -> None:
    assert confirmed(world, eva)

    (row,) = world.rows(person, person.c.id == eva)
    (where,) = world.rows(address, address.c.person_id == eva)
    (happened,) = world.rows(event, event.c.action == "confirmed")
    (letter,) = world.letters(EVA, "account_ready")
    assert (row.state, row.confirmed_at, where.confirmed_at) == ("active", world.now, world.now)
    assert (happened.person_id, happened.cause, happened.data) == (eva, "m-7", {"by": "mail"})
    assert f"{URL}/tickets" in letter.text


def test_confirming_again_changes_nothing(world: World, eva: int) -> None:
    confirmed(world, eva)
    world.later(hours=1)

    assert not confirmed(world, eva)
    assert len(world.letters(EVA, "account_ready")) == 1
    assert len(world.rows(event, event.c.action == "confirmed")) == 1


@pytest.mark.parametrize("state", ["inactive", "blocked", "placeholder"])
def test_what_the_desk_decided_about_an_account_no_token_changes(world: World, eva: int, state: str) -> None:
    world.write(person.update().where(person.c.id == eva).values(state=state))

    assert not confirmed(world, eva)
    assert by_form(world, link_to(world, eva)) is Spent.NO_ACCOUNT
    assert world.person(EVA).state == state


def test_of_several_addresses_only_the_one_that_answered_is_proven(world: World, eva: int) -> None:
    world.write(address.insert().values(address="eva@old.example", person_id=eva, created_at=world.now))
    confirmed(world, eva)

    proven = {row.address for row in world.rows(address, address.c.person_id == eva) if row.confirmed_at}
    assert proven == {EVA}


def test_a_ticket_that_only_asked_for_an_account_closes_without_a_letter_of_its_own(world: World, eva: int) -> None:
    (first,) = [one.id for one in world.tickets()]
    world.receive(mail(from_=EVA, s1=True, subject="Otra cosa", text="El correo tampoco funciona desde ayer."))
    world.write(ticket_tag.insert().values(ticket_id=first, tag=ACCOUNT_REQUEST))
    confirmed(world, eva)

    states = {one.id: one.state for one in world.tickets()}
    assert states == {first: "closed", first + 1: "new"}
    assert world.letters(EVA, "closed") == []


def test_the_form_gives_name_language_password_and_a_session(world: World, eva: int) -> None:
    key = by_form(world, link_to(world, eva))

    who = sessions.who(world.office, str(key), now=world.now)
    assert who is not None
    assert (who.id, who.name, who.language, who.state) == (eva, "Eva Luna", "pt", "active")
    with world.office.database.read() as connection:
        assert credentials.password(connection, eva) == credentials.Password("not a real hash", world.now)
    assert [row for row in world.rows(web_session) if row.key == key] == [], "the key itself is kept nowhere"


def test_a_link_works_once(world: World, eva: int) -> None:
    link = link_to(world, eva)
    by_form(world, link)

    assert by_form(world, link) is Spent.USED
    assert confirm.invited(world.office, link) is Spent.USED


def test_an_older_link_does_not_change_a_password_and_a_newer_one_does(world: World, eva: int) -> None:
    older = link_to(world, eva, "olderolder")
    world.later(minutes=1)
    by_form(world, link_to(world, eva))
    world.later(minutes=1)

    assert by_form(world, older) is Spent.OLDER_THAN_THE_PASSWORD
    assert isinstance(by_form(world, link_to(world, eva, "newernewer")), str)


def test_a_new_password_ends_the_sessions_before_it(world: World, eva: int) -> None:
    before = str(by_form(world, link_to(world, eva)))
    world.later(minutes=1)
    by_form(world, link_to(world, eva, "newernewer"))

    assert sessions.who(world.office, before, now=world.now) is None


def test_who_says_not_me_gets_no_more_letters_and_their_links_are_void(world: World, eva: int) -> None:
    assert confirm.disown(world.office, eva, "abcdefghij", now=world.now, cause="the web")
    assert not confirm.disown(world.office, eva, "abcdefghij", now=world.now, cause="the web")

    with world.office.database.read() as connection:
        assert credentials.disowned(connection, eva)
    assert by_form(world, link_to(world, eva, "another")) is Spent.DISOWNED
    assert not send_link(world)
    assert len(world.rows(event, event.c.action == "disowned")) == 1


def test_who_said_not_me_and_answers_a_letter_later_is_confirmed(world: World, eva: int) -> None:
    confirm.disown(world.office, eva, "abcdefghij", now=world.now, cause="the web")

    assert confirmed(world, eva)
    with world.office.database.read() as connection:
        assert not credentials.disowned(connection, eva)


def test_who_said_not_me_and_is_made_active_by_the_desk_gets_a_link(world: World, eva: int) -> None:
    confirm.disown(world.office, eva, "abcdefghij", now=world.now, cause="the web")
    world.known(EVA, state="active")

    assert send_link(world)


def test_an_account_that_is_confirmed_is_not_disowned_only_the_letter_is_void(world: World, eva: int) -> None:
    confirmed(world, eva)

    assert not confirm.disown(world.office, eva, "abcdefghij", now=world.now, cause="the web")
    assert world.person(EVA).state == "active"
    assert by_form(world, link_to(world, eva)) is Spent.USED
    assert isinstance(by_form(world, link_to(world, eva, "another")), str)


def test_not_me_of_nobody_changes_nothing(world: World) -> None:
    assert not confirm.disown(world.office, 12345, "abcdefghij", now=world.now, cause="the web")
    assert world.rows(token_use) == []


def test_a_new_link_goes_to_who_is_known_three_times_a_day(world: World, eva: int) -> None:
    assert [send_link(world, f" {EVA.upper()} ") for _ in range(4)] == [True, True, True, False]
    assert not send_link(world, "nobody@elsewhere.example")
    assert not send_link(world, "no address")
    texts = [letter.text for letter in world.letters(EVA, "account_link")]
    assert len({word for text in texts for word in text.split() if word.startswith(f"{URL}/confirm/")}) == 3


@pytest.mark.parametrize("state", ["inactive", "blocked"])
def test_no_link_goes_to_an_account_that_may_not_be_used(world: World, eva: int, state: str) -> None:
    world.write(person.update().where(person.c.id == eva).values(state=state))

    assert not send_link(world)
    assert world.letters(EVA, "account_link") == []


def test_a_session_ends_by_time_by_signing_out_and_by_blocking(world: World, eva: int) -> None:
    confirmed(world, eva)
    keys = [sessions.sign_in(world.office, eva, now=world.now) for _ in range(2)]
    sessions.sign_out(world.office, keys[0])

    assert sessions.who(world.office, keys[0], now=world.now) is None
    assert sessions.who(world.office, keys[1], now=world.now + sessions.SESSION - timedelta(seconds=1)) is not None
    assert sessions.who(world.office, keys[1], now=world.now + sessions.SESSION) is None
    world.write(person.update().where(person.c.id == eva).values(state="blocked"))
    assert sessions.who(world.office, keys[1], now=world.now) is None


def test_sessions_that_have_ended_are_dropped_when_one_begins(world: World, eva: int) -> None:
    sessions.sign_in(world.office, eva, now=world.now)
    sessions.sign_in(world.office, eva, now=world.later(days=1))

    assert len(world.rows(web_session)) == 1


def test_tries_to_sign_in_are_counted_by_address_whether_it_is_known_or_not(world: World, eva: int) -> None:
    for who in (EVA, "nobody@elsewhere.example"):
        tries = [
            sessions.attempt(world.office, who, client=f"192.0.2.{number}", now=world.now)
            for number in range(sessions.TRIES_PER_ADDRESS + 1)
        ]

        assert sessions.NotNow.TOO_MANY not in tries[:-1]
        assert tries[-1] is sessions.NotNow.TOO_MANY


def test_tries_to_sign_in_are_counted_by_client(world: World) -> None:
    tries = [
        sessions.attempt(world.office, f"n{number}@elsewhere.example", client="192.0.2.1", now=world.now)
        for number in range(sessions.TRIES_PER_CLIENT + 1)
    ]

    assert sessions.NotNow.TOO_MANY not in tries[:-1]
    assert tries[-1] is sessions.NotNow.TOO_MANY


def test_a_pending_person_has_no_password_to_try(world: World, eva: int) -> None:
    found = sessions.attempt(world.office, EVA, client="192.0.2.1", now=world.now)

    assert found == sessions.Attempt(0, "")


def test_nobody_sees_anothers_ticket_nor_a_note_of_the_desk(world: World, eva: int) -> None:
    (number,) = [one.id for one in world.tickets()]
    world.act(number, "note", text="Un cliente difícil.")
    other = world.known("zoe@elsewhere.example")
    mine = own.conversation(world.office, eva, number, now=world.now)

    assert mine is not None
    assert [message.text.strip() for message in mine.messages] == [
        "Desde ayer la impresora del tercer piso no imprime nada."
    ]
    assert own.conversation(world.office, other, number, now=world.now) is None
    assert own.tickets_of(world.office, other) == []


def test_a_file_is_given_only_with_its_own_public_message(world: World, eva: int) -> None:
    world.receive(mail(from_=EVA, s1=True, subject="Con archivo", files=[("a.txt", b"abc")]))
    number = max(one.id for one in world.tickets())
    found = own.conversation(world.office, eva, number, now=world.now)
    assert found is not None
    (file,) = found.messages[0].files

    assert own.file(world.office, eva, number, file.id) == file
    assert own.file(world.office, eva, number - 1, file.id) is None
    assert own.file(world.office, world.known("zoe@elsewhere.example"), number, file.id) is None
