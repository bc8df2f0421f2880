"""Who is answered by a machine, with which letter, and how often (RULES 5 and 7)."""

from typing import Any

import pytest

from gateway.inbound.parse import parse
from gateway.settings import Limits
from tests.world import ANA, BILLING, BRUNO, EVA, LUIS, SUPPORT, World, mail, reply_to


def answers(world: World, to: str) -> list[str]:
    """The letters that this address got by itself."""
    return [one.letter for one in world.letters(to=to)]


def test_a_known_and_proven_sender_gets_a_receipt_with_the_subject(world: World) -> None:
    number = world.ticket_of(ANA, subject="No imprime la nómina")

    (letter,) = world.letters(to=ANA)
    assert letter.letter == "receipt"
    assert f"#{number}" in letter.subject
    assert "No imprime la nómina" in letter.text


@pytest.mark.parametrize("who", ["known, not proven", "proven, not known", "neither"])
def test_anybody_else_gets_the_number_and_no_word_of_their_own(world: World, who: str) -> None:
    address = ANA if who == "known, not proven" else EVA
    raw = mail(
        from_=f"Compre barato <{address}>", subject="compre-aqui", text="compre-aqui", s1=who == "proven, not known"
    )

    number = world.receive(raw).ticket_id

    (letter,) = world.letters(to=address)
    assert letter.letter == "receipt_new"
    written = repr((letter.subject, letter.text, letter.html, letter.headers)).lower()
    assert f"#{number}" in letter.subject
    assert "compre" not in written


def test_a_follow_up_says_which_ticket_it_follows(world: World) -> None:
    old = world.ticket_of(ANA)
    world.act(old, "close")
    world.later(days=15)

    new = world.receive(reply_to(world.letters(to=ANA)[0], s1=True)).ticket_id

    letter = world.letters(to=ANA)[-1]
    assert letter.letter == "follow_up"
    assert f"#{old}" in letter.text
    assert f"#{new}" in letter.subject


def test_an_unproven_follow_up_says_the_number_only(world: World) -> None:
    old = world.ticket_of(ANA)
    world.act(old, "close")
    world.later(days=15)

    world.receive(reply_to(world.letters(to=ANA)[0]))

    assert world.letters(to=ANA)[-1].letter == "receipt_new"
    assert f"#{old}" not in world.letters(to=ANA)[-1].text


UNANSWERED: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "two From": ({"from_": f"{EVA}, {ANA}"}, {}, "sender unidentified"),
    "a machine": ({"headers": {"Auto-Submitted": "auto-generated"}}, {}, "not written by a person"),
    "a list": ({"headers": {"List-Id": "<l.example>"}}, {}, "not written by a person"),
    "one of ours": ({"from_": BILLING}, {}, "from one of our own addresses"),
    "in Bcc": ({"to": "undisclosed@firm.example"}, {"to": [SUPPORT]}, "none of our addresses is in To or Cc"),
    "no-reply": ({"from_": "no-reply@shop.example"}, {}, "the sender is a no-reply address"),
    "DMARC": ({"dmarc": "fail"}, {}, "DMARC fails"),
    "asked": ({"headers": {"X-Auto-Response-Suppress": "All"}}, {}, "the mail asks for no automatic answer"),
}


@pytest.mark.parametrize("case", UNANSWERED)
def test_a_ticket_is_opened_and_nobody_is_answered(world: World, case: str) -> None:
    fields, arrival, reason = UNANSWERED[case]

    found = world.receive(mail(**({"from_": EVA} | fields)), **arrival)

    assert found.verdict == "ticket"
    assert found.facts["unanswered"].startswith(reason)
    assert {one.letter for one in world.letters()} == {"alert"}


def test_the_others_who_are_not_answered_are_not_even_heard(world: World) -> None:
    """A blocked sender, and a mail that is three days old, each with its reason."""
    world.known(EVA, state="blocked")
    blocked = world.receive(mail(from_=EVA))
    (kept,) = world.keep(mail(from_=BRUNO, s1=True))
    world.later(days=3, seconds=1)
    world.work()
    (late,) = world.deliveries(kept)

    assert blocked.facts["unanswered"] == "the sender is blocked"
    assert late.facts["unanswered"] == "received more than three days ago"
    assert answers(world, BRUNO) == answers(world, EVA) == []


def test_three_days_to_the_second_are_not_too_late(world: World) -> None:
    world.keep(mail(from_=BRUNO, s1=True))
    world.later(days=3)
    world.work()

    assert answers(world, BRUNO) == ["receipt"]


def test_an_address_gets_three_receipts_a_day_in_each_area(world: World) -> None:
    for number in range(5):
        world.receive(mail(from_=EVA, text=f"Falla {number}"))
    world.receive(mail(from_=EVA, to=BILLING, text="Factura"))

    assert answers(world, EVA) == ["receipt_new"] * 4
    assert [one.area for one in world.letters(to=EVA)] == ["support"] * 3 + ["billing"]


def test_after_a_day_there_are_receipts_again(world: World) -> None:
    for number in range(4):
        world.receive(mail(from_=EVA, text=f"Falla {number}"))
    world.later(hours=27)
    world.receive(mail(from_=EVA, text="Otra falla"))

    assert len(answers(world, EVA)) == 4


def test_the_days_letters_to_an_address_have_an_end_over_all_areas(world: World) -> None:
    world.change_settings(caps={"letters_per_address": 2})
    for number, area in enumerate((SUPPORT, BILLING, SUPPORT, BILLING)):
        found = world.receive(mail(from_=EVA, to=area, text=f"Falla {number}"))

    assert len(answers(world, EVA)) == 2
    assert found.facts["unanswered"] == "the day's automatic letters to this address are used up"
    assert len(world.tickets()) == 4


def test_alerts_to_the_team_do_not_count(world: World) -> None:
    world.change_settings(caps={"letters_per_address": 1, "receipts_per_address": 1})
    for number in range(4):
        world.receive(mail(from_=EVA, text=f"Falla {number}"))

    assert answers(world, LUIS) == ["alert"] * 4


def test_a_refusal_goes_out_once_a_day_for_an_address_and_type(world: World) -> None:
    empty = {"from_": EVA, "subject": "", "text": " "}
    for _ in range(3):
        world.receive(mail(**empty))
    world.receive(mail(from_=ANA, subject="", text=" "))
    world.later(days=1)
    world.receive(mail(**empty))

    assert answers(world, EVA) == ["refused", "refused"]
    assert answers(world, ANA) == ["refused"]


def test_a_refusal_of_another_type_is_told_as_well(world: World) -> None:
    world.change_settings(limits={"attachment_types_refused": ["exe"]})
    world.receive(mail(from_=EVA, subject="", text=" "))
    world.receive(mail(from_=EVA, files=[("a.exe", b"MZ")]))

    assert answers(world, EVA) == ["refused", "refused"]


def test_a_forged_senders_refusal_is_not_told(world: World) -> None:
    found = world.receive(mail(from_=ANA, subject="", text=" ", dmarc="fail"))

    assert found.verdict == "rejected"
    assert world.letters() == []


def test_who_stood_in_to_or_cc_gets_no_copy_of_it_from_us(world: World) -> None:
    """Luis answers by mail with Ana in Cc: she has his words already."""
    number = world.ticket_of(ANA)
    world.act(number, "take")
    before = len(world.letters())

    world.receive(mail(from_=LUIS, to=world.reply_address(number, LUIS), cc=ANA, text="Listo.", s1=True))
    world.receive(mail(from_=ANA, to=world.reply_address(number, ANA), cc=LUIS, text="Bien.", s1=True))

    assert [one.kind for one in world.messages(number)] == ["mail", "reply", "mail"]
    assert world.told(before) == []


def test_a_very_long_address_gets_all_of_its_letters(world: World) -> None:
    """The key that makes a letter unique may not lose its cause where the address is long."""
    address = f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.example"
    number = world.ticket_of(address)

    world.act(number, "reply", text="Uno.")
    world.act(number, "reply", text="Dos.")

    assert answers(world, address) == ["receipt_new", "answer", "answer"]


def test_a_letter_of_ours_that_comes_back_is_kept_in_the_log_only(world: World) -> None:
    """A forwarding loop brings our receipt to our own address, with or without our loop header."""
    world.ticket_of(ANA)
    letter = world.letters(to=ANA)[0]
    fields = dict(letter.headers)

    for kept in ("X-Ticket-Gateway-Loop", "Message-ID"):
        headers = {kept: fields[kept]} if kept != "Message-ID" else {}
        message_id = fields["Message-ID"] if kept == "Message-ID" else None
        found = world.receive(mail(from_=SUPPORT, headers=headers, message_id=message_id, text=kept))

        assert (found.verdict, found.stage) == ("automatic", "own_letter")
    assert len(world.tickets()) == 1


def test_every_letter_is_a_mail_that_another_desk_would_not_answer(world: World) -> None:
    number = world.ticket_of(ANA)
    world.act(number, "reply", text="Pruebe otra vez.")
    receipt, answer = (dict(one.headers) for one in world.letters(to=ANA))

    assert receipt["Auto-Submitted"] == "auto-replied"
    assert receipt["X-Auto-Response-Suppress"] == "All"
    assert "Auto-Submitted" not in answer
    assert answer["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert parse(b"Reply-To: %s\n\n" % answer["Reply-To"].encode(), Limits()).reply_to[0].address == (
        world.reply_address(number, ANA)
    )
