"""Each stage of the policy speaks when it should, and what it said is written down."""

from collections.abc import Callable

import pytest

from gateway.inbound.stages import STAGES
from gateway.inbound.trace import LOOP_HEADER, loop_value
from gateway.work import explain
from tests.world import ANA, BILLING, EVA, LUIS, SUPPORT, World, mail, reply_to

REPORT = b"""Content-Type: multipart/report; report-type=delivery-status; boundary=b
From: mailer-daemon@relay.example
To: support@desk.example
Subject: Undelivered mail

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example

Final-Recipient: rfc822; nobody@relay.example
Action: failed
Status: 5.1.1

--b--
"""


def again(world: World) -> bytes:
    raw = mail(from_=EVA)
    world.receive(raw)
    return raw


def to_an_area_that_wants_none(world: World) -> bytes:
    areas = [area.model_copy(update={"also": area.name != "billing"}) for area in world.office.settings.area]
    world.open_with(area=areas)
    return mail(to=f"{SUPPORT}, {BILLING}")


def too_large(world: World) -> bytes:
    world.change_settings(limits={"mail_mib": 0.001})
    return mail(text="x" * 2000)


def through_51_servers(_: World) -> bytes:
    return b"Received: from a by b; Mon, 23 Nov 2026 12:00:00 +0000\n" * 51 + mail(from_=EVA)


def our_own(world: World) -> bytes:
    return mail(headers={LOOP_HEADER: loop_value("abcdefghij", world.office.rules.tokens)})


def blocked(world: World) -> bytes:
    world.known(EVA, state="blocked")
    return mail(from_=EVA)


def with_a_program(world: World) -> bytes:
    world.change_settings(limits={"attachment_types_refused": ["exe"]})
    return mail(files=[("factura.exe", b"MZ")])


def a_command_in_answer_to_an_alert(world: World) -> bytes:
    world.ticket_of(ANA)
    return reply_to(world.letters(to=LUIS)[-1], "#tomar", s1=True)


def a_note_confirmed(world: World) -> bytes:
    number = world.ticket_of(ANA)
    world.receive(mail(from_=LUIS, to=world.reply_address(number, LUIS), text="Cambie el tóner."))
    return reply_to(world.letters(to=LUIS)[-1], "Sí, es mío.")


def an_account_confirmed(world: World) -> bytes:
    world.receive(mail(from_="nadie@nuevo.example", subject="Solicitud de usuario"))
    return reply_to(world.letters(to="nadie@nuevo.example")[-1], "Soy yo.")


def a_second_address_that_says_yes(world: World) -> bytes:
    said = "Agregar mi dirección ana@home.example"
    world.receive(mail(subject=said, text=said, s1=True))
    return reply_to(world.letters("ana@home.example")[-1], "Sí")


def a_clear_wish_to_close(world: World) -> bytes:
    world.ticket_of(ANA)
    return reply_to(world.letters(to=ANA)[-1], "Cierren el caso, gracias.", s1=True)


def a_participant_who_leaves(world: World) -> bytes:
    number = world.ticket_of(ANA, cc=EVA)
    return mail(from_=EVA, to=world.reply_address(number, EVA), text="salir")


def thanks_after_closing(world: World) -> bytes:
    number = world.ticket_of(ANA)
    world.act(number, "close")
    return mail(subject=f"Re: [#{number}]", text="Muchas gracias", s1=True)


def the_21st_in_an_hour(world: World) -> bytes:
    world.change_settings(caps={"tickets_per_address": 1})
    world.receive(mail(from_=EVA, text="uno"))
    return mail(from_=EVA, text="dos")


def about_a_ticket(world: World) -> bytes:
    return mail(subject=f"Re: [#{world.ticket_of(ANA)}]", s1=True)


def a_customers_mail_passed_on(_: World) -> bytes:
    text = f"---------- Forwarded message ---------\nDe: Eva <{EVA}>\nDate: 23 nov 2026\nSubject: x\n\nNo anda.\n"
    return mail(from_=LUIS, subject="Fwd: x", text=text, s1=True)


SCENES: dict[str, tuple[Callable[[World], bytes], str]] = {
    "same_mail_again": (again, "duplicate"),
    "one_ticket_for_all_areas": (to_an_area_that_wants_none, "duplicate"),
    "too_large": (too_large, "parked"),
    "too_many_hops": (through_51_servers, "parked"),
    "own_letter": (our_own, "automatic"),
    "delivery_report": (lambda _: REPORT, "delivery report"),
    "blocked_sender": (blocked, "rejected"),
    "automatic_reply": (lambda _: mail(headers={"X-Autoreply": "yes"}), "automatic"),
    "commands": (a_command_in_answer_to_an_alert, "command"),
    "confirms_a_note": (a_note_confirmed, "reply"),
    "confirms_an_account": (an_account_confirmed, "reply"),
    "joins_an_address": (a_second_address_that_says_yes, "command"),
    "refused_attachment": (with_a_program, "rejected"),
    "nothing_in_it": (lambda _: mail(subject="", text=" \n"), "rejected"),
    "asks_for_themselves": (lambda _: mail(subject="Estado", text="", s1=True), "command"),
    "answers_the_desk": (a_clear_wish_to_close, "reply"),
    "leaves_the_ticket": (a_participant_who_leaves, "reply"),
    "after_closing": (thanks_after_closing, "reply"),
    "storm": (the_21st_in_an_hour, "ticket"),
    "names_a_ticket": (about_a_ticket, "reply"),
    "forwarded_by_the_desk": (a_customers_mail_passed_on, "ticket"),
    "something_new": (lambda _: mail(), "ticket"),
}


def test_there_is_a_scene_for_every_stage_in_the_order_in_which_they_are_asked() -> None:
    assert list(SCENES) == [stage.__name__ for stage in STAGES]
    assert list(SCENES)[-1] == "something_new"


@pytest.mark.parametrize("stage", SCENES)
def test_the_stage_that_speaks_and_its_reason_are_kept_with_the_delivery(world: World, stage: str) -> None:
    scene, verdict = SCENES[stage]
    raw = scene(world)

    (kept,) = world.keep(raw)
    world.work()

    found = world.deliveries(kept)[-1]
    assert (found.stage, found.verdict) == (stage, verdict)
    assert found.reasons
    assert found.reasons[0].strip()
    assert found.status == ("parked" if verdict == "parked" else "done")


@pytest.mark.parametrize("stage", [name for name in SCENES if name not in ("one_ticket_for_all_areas", "storm")])
def test_explain_says_before_what_is_written_down_afterwards_and_writes_nothing(world: World, stage: str) -> None:
    raw = SCENES[stage][0](world)
    rows = len(world.deliveries()), len(world.tickets()), len(world.letters())

    (before,) = explain.would_be(world.office, world.arrival(raw), now=world.now)

    assert (len(world.deliveries()), len(world.tickets()), len(world.letters())) == rows
    (kept,) = world.keep(raw)
    world.work()
    (after,) = explain.was(world.office, int(kept.removeprefix("m-")))
    assert (before.verdict, before.stage, before.reasons) == (after.verdict, after.stage, after.reasons)
    assert before.facts.get("unanswered") == after.facts.get("unanswered")


def test_a_blocked_sender_gets_no_letter_and_no_ticket(world: World) -> None:
    found = world.receive(blocked(world))

    assert found.reasons == ["the sender is blocked"]
    assert (world.tickets(), world.letters()) == ([], [])


def test_what_an_agent_sends_may_have_any_attachment(world: World) -> None:
    world.change_settings(limits={"attachment_types_refused": ["exe"]})

    found = world.receive(mail(from_="luis@staff.example", files=[("herramienta.exe", b"MZ")]))

    assert found.verdict == "ticket"


@pytest.mark.parametrize(("s1", "told"), [(True, "factura.exe"), (False, "*.exe")])
def test_a_file_of_a_refused_kind_is_named_to_who_has_proven_who_they_are(world: World, s1: bool, told: str) -> None:
    """To anybody else goes the kind only: the name is their own text."""
    world.change_settings(limits={"attachment_types_refused": ["exe"]})

    found = world.receive(mail(files=[("factura.exe", b"MZ")], s1=s1))

    (letter,) = world.letters()
    assert found.reasons == ["the desk does not take these attachments: factura.exe"]
    assert (letter.letter, letter.to_address) == ("refused", ANA)
    assert told in letter.text
    assert s1 or "factura" not in letter.text + letter.html


def test_a_mail_over_the_size_limit_is_parked_with_the_original_attached(world: World) -> None:
    raw = too_large(world)

    found = world.receive(raw)

    (message,) = world.messages(found.ticket_id)
    (file,) = world.attachments(message.id)
    assert (file.name, file.type, file.size) == ("original.eml", "message/rfc822", len(raw))
    assert world.office.blobs.get(file.sha256) == raw
    assert {one.letter for one in world.letters()} == {"alert"}


def test_beyond_the_limit_one_storm_ticket_keeps_what_an_address_sends(world: World) -> None:
    world.change_settings(caps={"tickets_per_address": 3})

    found = [world.receive(mail(from_=EVA, text=f"número {number}")) for number in range(6)]

    assert [one.verdict for one in found] == ["ticket"] * 4 + ["reply"] * 2
    storm = found[3].ticket_id
    assert [one.ticket_id for one in found[4:]] == [storm, storm]
    assert len(world.messages(storm)) == 3
    assert len(world.letters(to=EVA)) == 3


@pytest.mark.parametrize("about", ["a hint", "a follow-up"])
def test_a_storm_of_mails_that_name_a_ticket_is_a_storm_too(world: World, about: str) -> None:
    """A vacation program that quotes our subject names the ticket every time, and proves nothing."""
    number = world.ticket_of(ANA)
    if about == "a follow-up":
        world.act(number, "close")
        world.later(days=15)
    world.change_settings(caps={"tickets_per_address": 2})
    subject, s1 = f"Re: [#{number}] La impresora", about == "a follow-up"

    sent = [mail(from_=ANA, subject=subject, text=f"Estoy de viaje {day}", s1=s1) for day in range(5)]
    for raw in sent:
        world.receive(raw)

    opened = [one for one in world.tickets() if one.id != number]
    assert [one.storm for one in opened].count(True) == 1
    assert len(opened) <= 3


def test_an_hour_later_the_storm_is_over(world: World) -> None:
    world.change_settings(caps={"tickets_per_address": 1})
    for number in range(3):
        world.receive(mail(from_=EVA, text=f"número {number}"))
    world.later(hours=2)

    found = world.receive(mail(from_=EVA, text="otra cosa"))

    assert found.verdict == "ticket"
    assert not world.ticket(found.ticket_id).storm
