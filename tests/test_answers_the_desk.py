"""A requester's clear answer by mail does what the page does, wherever the workflow asks for it, and only then."""

from typing import Any

import pytest

from gateway.desk.actions import Refused
from gateway.store import surveys
from tests.desk_days import ANA, DeskDays, desk, mail
from tests.world import LUIS, reply_to

__all__ = ["desk"]


def done(result: Any) -> Any:
    assert not isinstance(result, Refused), result
    return result


@pytest.fixture
def solved(desk: DeskDays) -> int:
    """A ticket whose solution Ana may validate since Monday at 9:00."""
    desk.opened_by("validation")
    number = desk.ticket()
    done(desk.world.act(number, "take"))
    done(desk.world.act(number, "solve", text="Instale la versión 7.4."))
    desk.tick()
    return number


def score(desk: DeskDays, number: int) -> Any:
    with desk.world.office.database.read() as connection:
        kept = surveys.of_ticket(connection, number)
    return None if kept is None else (kept.score, kept.comment)


def test_a_yes_to_what_was_asked_in_this_state_counts(desk: DeskDays, solved: int) -> None:
    desk.world.later(hours=1)
    done(desk.world.act(solved, "reply", text="¿Quedó resuelto?"))

    desk.world.receive(reply_to(desk.letters("answer")[-1], "Sí, gracias", s1=True))

    assert desk.state(solved) == "asked_to_close"


def test_a_yes_to_what_was_asked_before_is_read_by_somebody(desk: DeskDays) -> None:
    desk.opened_by("validation")
    number = desk.ticket()
    done(desk.world.act(number, "take"))
    done(desk.world.act(number, "reply", text="¿Ya la reinició?"))
    desk.world.later(minutes=5)
    done(desk.world.act(number, "solve", text="Instale la versión 7.4."))

    row = desk.world.receive(reply_to(desk.letters("answer")[-1], "Sí", s1=True))

    assert row.stage == "names_a_ticket"
    assert desk.state(number) == "analysis"


def test_a_yes_can_be_followed_by_a_score_to_the_same_letter(desk: DeskDays, solved: int) -> None:
    letter = desk.letters("solved")[-1]
    desk.world.later(hours=1)
    desk.world.receive(reply_to(letter, "Sí, gracias", s1=True))
    desk.world.later(hours=2)

    desk.world.receive(reply_to(letter, "5 - muy amables", s1=True))

    assert desk.state(solved) == "asked_to_close"
    assert score(desk, solved) == (5, "muy amables")


def test_what_is_quoted_below_says_nothing(desk: DeskDays, solved: int) -> None:
    text = "Sí, gracias.\n\nEl lun, 23 nov 2026 a las 9:00, Mesa de ayuda escribió:\n> No, sigue fallando.\n> 3\n"

    desk.answers(text)

    assert desk.state(solved) == "asked_to_close"


def test_a_new_mail_with_the_number_in_its_subject_counts_when_it_is_proven(desk: DeskDays, solved: int) -> None:
    desk.world.receive(mail(subject=f"[#{solved}] Resuelta", text="Sí", s1=True))

    assert desk.state(solved) == "asked_to_close"


def test_a_file_beside_the_yes_has_to_be_looked_at(desk: DeskDays, solved: int) -> None:
    row = desk.answers("Sí, gracias", files=[("error.png", b"png")])

    assert row.stage == "names_a_ticket"
    assert desk.state(solved) == "analysis"


def test_a_mail_that_lay_in_the_mailbox_before_answers_nothing(desk: DeskDays, solved: int) -> None:
    raw = reply_to(desk.letters("solved")[-1], "Sí, gracias", s1=True)

    row = desk.world.receive(raw, source="past imap")

    assert row.stage == "names_a_ticket"


@pytest.mark.parametrize("text", ["Sí, gracias", "No, sigue fallando", "5"])
def test_where_nothing_is_asked_it_is_a_reply_like_any_other(desk: DeskDays, text: str) -> None:
    desk.opened_by("default")
    number = desk.ticket()

    row = desk.answers(text)

    assert row.stage == "names_a_ticket"
    assert desk.state(number) == "new"
    assert desk.letters("alert", LUIS)[-1].ticket_id == number


@pytest.mark.parametrize(
    ("language", "yes", "close"),
    [("en", "Yes, thanks", "Please close this ticket"), ("pt", "Sim, obrigada", "Podem fechar o chamado")],
)
def test_it_is_understood_in_each_language(desk: DeskDays, solved: int, language: str, yes: str, close: str) -> None:
    desk.answers(yes)
    assert desk.state(solved) == "asked_to_close"

    desk.opened_by("default", now=desk.world.now)
    desk.world.known(ANA, language=language)
    number = desk.ticket(subject="Printer", text="The printer on the third floor prints nothing since yesterday.")
    desk.answers(close)

    assert desk.state(number) == "closed"
