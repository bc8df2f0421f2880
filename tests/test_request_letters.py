"""Which letters open the page of a ticket without signing in, and what comes to who stopped the notices about it."""

from typing import Any

import pytest

from gateway.desk.actions import Refused
from gateway.settings import Web
from gateway.settings_keys import signing_keys
from gateway.threading import links
from gateway.work import own_actions
from gateway.work.own_actions import NotNow
from gateway.work.tick import fire_due
from tests.desk_days import ANA, DeskDays, desk
from tests.world import BRUNO, LUIS, MARTA

__all__ = ["desk"]

URL = "https://desk.example/help"


def does(desk: DeskDays, number: int, action: str, **given: Any) -> None:
    changed = desk.world.act(number, action, **given)
    assert not isinstance(changed, Refused), changed
    desk.tick()


def opened(desk: DeskDays, workflow: str = "approval", url: str = URL) -> None:
    desk.opened_by(workflow, web=Web(public_url=url))


def awaiting_approval(desk: DeskDays) -> int:
    """Monday, 9:00: Luis solved it, and Ana is asked on Wednesday and Friday before it closes in six business days."""
    number = desk.ticket()
    does(desk, number, "prepare", by=MARTA, owner=LUIS, due="2027-03-01", queue="1", difficulty="2")
    for item in ("answer_reviewed", "called"):
        does(desk, number, "check", item=item)
    does(desk, number, "check", item="evidence", evidence="https://calls.example/1")
    does(desk, number, "solve", text="Ya puede imprimir.")
    return number


def opening(desk: DeskDays, letter: Any) -> links.RequestLink | None:
    """What the link to the page in this letter opens; None where it has none, or one for who signs in."""
    keys = signing_keys(desk.world.office.settings)
    words = [word.strip("<>().") for word in letter.text.split() if word.startswith(f"{URL}/request/")]
    return links.read_request(keys, words[0].rsplit("/", 1)[1], now=desk.world.now) if words else None


def stops(desk: DeskDays, number: int, *, stop: bool = True) -> bool | NotNow:
    ana = desk.world.person(ANA).id
    return own_actions.stop_notices(desk.world.office, ana, number, stop=stop, cause="a test", now=desk.world.now)


def test_every_letter_to_the_requester_opens_this_ticket_for_them(desk: DeskDays) -> None:
    opened(desk)
    number = awaiting_approval(desk)
    letters = desk.world.letters(to=ANA)
    said = {letter.letter: opening(desk, letter) for letter in letters}

    assert set(said) == {"receipt", "prepared", "approval"}
    assert {(one.person_id, one.number) for one in said.values() if one} == {(desk.world.person(ANA).id, number)}
    assert None not in said.values()


def test_no_letter_to_people_of_the_desk_does(desk: DeskDays) -> None:
    opened(desk)
    awaiting_approval(desk)
    letters = [*desk.world.letters(to=LUIS), *desk.world.letters(to=MARTA)]

    assert len(letters) >= 2
    assert [one.letter for one in letters if f"{URL}/request/" in one.text + one.html] == []


def test_who_has_not_proven_that_they_asked_gets_the_page_for_who_signs_in(desk: DeskDays) -> None:
    """A forged sender wrote the ticket: nobody reads it by a letter that we send to the one whose name it bears."""
    opened(desk, "default")
    number = desk.ticket(s1=False)
    does(desk, number, "solve", text="Ya está.")
    letter = desk.letters("solved")[-1]

    assert desk.world.ticket(number).verified is False
    assert f"{URL}/request/" not in "".join(one.text + one.html for one in desk.world.letters(to=ANA))
    assert f"{URL}/tickets/{number}" in letter.text


def test_neither_does_somebody_pending(desk: DeskDays) -> None:
    opened(desk, "default")
    number = desk.ticket()
    desk.world.known(ANA, state="pending")
    does(desk, number, "solve", text="Ya está.")

    assert f"{URL}/request/" not in desk.letters("solved")[-1].text


def test_without_a_public_address_letters_have_no_link(desk: DeskDays) -> None:
    opened(desk, url="")
    awaiting_approval(desk)

    assert "/request/" not in "".join(one.text + one.html for one in desk.world.letters(to=ANA))


def test_reminders_that_are_stopped_do_not_come_and_the_ticket_closes_at_its_time(desk: DeskDays) -> None:
    opened(desk)
    number, other = awaiting_approval(desk), awaiting_approval(desk)
    assert stops(desk, number) is True
    told = desk.passing(days=10)
    mine = [one.letter for one in desk.world.letters(to=ANA) if one.ticket_id == number]

    assert [when for when, letter, _ in told if letter == "reminder"] == ["Wed 25 09:00", "Fri 27 09:00"]
    assert mine == ["receipt", "prepared", "approval"]
    assert (desk.state(number), desk.state(other)) == ("closed", "closed")
    assert desk.world.ticket(number).closed_at == desk.world.ticket(other).closed_at


def test_a_ticket_without_notices_does_not_wait_until_its_last_reminder_has_gone_out(desk: DeskDays) -> None:
    opened(desk)
    number, other = awaiting_approval(desk), awaiting_approval(desk)
    for days in (2, 2):
        desk.world.later(days=days)
        fire_due(desk.world.office, now=desk.world.now)
    stops(desk, number)
    desk.world.later(days=10)
    fire_due(desk.world.office, now=desk.world.now)

    assert [one.status for one in desk.letters("reminder")] == ["pending"] * 4
    assert (desk.state(number), desk.state(other)) == ("closed", "approval")


def test_what_people_write_still_comes_whatever_letter_holds_it(desk: DeskDays) -> None:
    opened(desk)
    number = desk.ticket()
    does(desk, number, "prepare", by=MARTA, owner=LUIS, due="2027-03-01", queue="1", difficulty="2")
    stops(desk, number)
    before = len(desk.world.letters(to=ANA))
    does(desk, number, "reply", text="La vemos hoy.")
    does(desk, number, "contribute", text="¿Nos envía una foto?")
    does(desk, number, "contribute")
    does(desk, number, "assign", by=MARTA, owner=MARTA)

    assert [one.letter for one in desk.world.letters(to=ANA)[before:]] == ["answer", "contribution_opened"]


def test_they_come_again_when_they_are_wanted_again(desk: DeskDays) -> None:
    opened(desk)
    number = awaiting_approval(desk)
    stopped = stops(desk, number), stops(desk, number)
    resumed = stops(desk, number, stop=False), stops(desk, number, stop=False)

    assert (stopped, resumed) == ((True, False), (True, False))
    assert [letter for _, letter, to in desk.passing(days=3) if to == ANA] == ["reminder"]
    assert "quiet_notices" not in desk.world.ticket(number).fields


@pytest.mark.parametrize("who", [BRUNO, LUIS])
def test_nobody_stops_the_notices_of_another(desk: DeskDays, who: str) -> None:
    opened(desk)
    number = desk.ticket()
    person = desk.world.person(who).id
    said = own_actions.stop_notices(desk.world.office, person, number, stop=True, cause="a test", now=desk.world.now)

    assert said is NotNow.NOT_THEIRS
    assert desk.world.ticket(number).fields == {}
