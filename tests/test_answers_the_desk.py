"""A requester's clear answer by mail does what the page does, wherever the workflow asks for it, and only then."""

from typing import Any

import pytest

from gateway.desk.actions import Refused
from gateway.store import surveys
from tests.desk_days import ANA, DeskDays, desk, mail, words
from tests.world import LUIS, MARTA, reply_to

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


DISPUTE = "No estoy de acuerdo con la clasificación, es SW9. Gracias"


@pytest.mark.parametrize("kind", ["channel", "consultant"])
def test_who_may_dispute_the_classification_does_it_by_mail(desk: DeskDays, solved: int, kind: str) -> None:
    done(desk.world.act(solved, "classify", nature="incident", classification="SW4"))
    desk.world.known(ANA, kind=kind)

    row = desk.answers(DISPUTE)

    assert (row.verdict, row.stage, desk.state(solved)) == ("reply", "answers_the_desk", "validation")
    assert [one.data["proposed"] for one in desk.world.events(solved) if one.action == "dispute"] == ["SW9"]
    assert desk.world.ticket(solved).classification == "SW4"
    for reader in (LUIS, MARTA):
        told = words(desk.letters("alert", reader)[-1])
        assert "No están de acuerdo con la clasificación" in told
        assert "Clasificación que propone: SW9" in told
        assert "No estoy de acuerdo con la clasificación, es SW9." in told


@pytest.mark.parametrize(
    ("kind", "language", "said"),
    [
        ("channel", "es", "No estoy de acuerdo con la clasificación, es …"),
        ("channel", "en", "I don’t agree with the classification, it is …"),
        ("channel", "pt", "Não concordo com a classificação, é …"),
        ("customer", "es", ""),
    ],
)
def test_who_may_dispute_it_reads_how_and_what_they_read_is_understood(
    desk: DeskDays, kind: str, language: str, said: str
) -> None:
    desk.opened_by("validation")
    desk.world.known(ANA, kind=kind, language=language)
    number = desk.ticket()
    for step in ("take", "classify", "solve"):
        given = {"classify": {"nature": "incident", "classification": "SW4"}, "solve": {"text": "Listo."}}
        done(desk.world.act(number, step, **given.get(step, {})))

    letter = words(desk.letters("solved")[-1])
    assert ("SW4" in letter, said in letter) == (bool(said), True)
    desk.answers(said.replace("…", "SW9") or DISPUTE)
    disputed = [one for one in desk.world.events(number) if one.action == "dispute"]
    assert bool(disputed) == bool(said)


def test_a_customer_who_disagrees_with_the_classification_is_read_by_somebody(desk: DeskDays, solved: int) -> None:
    desk.answers(DISPUTE)

    assert desk.state(solved) == "analysis"
    assert [one for one in desk.world.events(solved) if one.action == "dispute"] == []


def test_an_unproven_dispute_is_none(desk: DeskDays, solved: int) -> None:
    desk.world.known(ANA, kind="channel")

    row = desk.answers(DISPUTE, s1=False)

    assert row.stage == "names_a_ticket"
    assert [one for one in desk.world.events(solved) if one.action == "dispute"] == []
