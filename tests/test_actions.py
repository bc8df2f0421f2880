"""What an action keeps, tells, and refuses, beyond where it leads."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gateway.desk.actions import (
    Action,
    Audience,
    Change,
    Event,
    Happening,
    Letter,
    Link,
    LinkKind,
    MessageKind,
    NewMessage,
    Refusal,
    Refused,
    act,
    happen,
    unknown_value,
)
from gateway.desk.called import called
from gateway.desk.people import Actor, ActorKind, Role
from gateway.desk.ticket import Nature, Origin, Ticket
from gateway.desk.words import LANGUAGES, in_language
from gateway.desk.workflow_load import load

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
BEFORE = NOW - timedelta(days=2)
DEFAULT = load("default")
ANA, LUIS = 1, 2
AGENT = Actor(LUIS, ActorKind.PERSON, frozenset({Role.AGENT}))
CUSTOMER = Actor(ANA, ActorKind.REQUESTER)

TICKET = Ticket(
    id=7,
    subject="Impresora",
    state="open",
    area="support",
    requester_id=ANA,
    created_at=BEFORE,
    updated_at=BEFORE,
    state_since=BEFORE,
    tags=("planta",),
)


def attempt(
    action: str, text: str = "", *, ticket: Ticket = TICKET, actor: Actor = AGENT, attachments: int = 0, **given: str
) -> Change | Refused:
    return act(
        ticket,
        Action(action),
        actor=actor,
        workflow=DEFAULT,
        now=NOW,
        text=text,
        parameters=given,
        attachments=attachments,
    )


def done(action: str, text: str = "", *, ticket: Ticket = TICKET, actor: Actor = AGENT, **given: str) -> Change:
    outcome = attempt(action, text, ticket=ticket, actor=actor, **given)
    assert isinstance(outcome, Change), outcome
    return outcome


def refused(action: str, text: str = "", *, ticket: Ticket = TICKET, actor: Actor = AGENT, **given: str) -> Refused:
    outcome = attempt(action, text, ticket=ticket, actor=actor, **given)
    assert isinstance(outcome, Refused), outcome
    return outcome


# What is said ---------------------------------------------------------------------------------------------------------


def test_a_reply_is_a_public_message_a_notice_and_an_answer_of_the_desk() -> None:
    change = done("reply", " Ya está. \n", time="15m")

    assert change.message == NewMessage(kind=MessageKind.REPLY, public=True, text="Ya está.", time_spent=900)
    assert [(one.letter, one.to) for one in change.notices] == [(Letter.ANSWER, Audience.REQUESTER)]
    assert change.notices[0].variables["text"] == "Ya está."
    assert change.ticket.last_agent_return_at == NOW
    assert change.ticket.updated_at == NOW
    assert change.ticket.time_spent == 900
    assert change.ticket.version == TICKET.version


def test_a_reply_waits_for_the_customer_only_when_asked_to() -> None:
    assert done("reply", "Hola", wait="no").ticket.state == "open"
    assert done("reply", "¿Qué modelo?", wait="yes").ticket.state == "waiting"
    assert [one.letter for one in done("reply", "¿Qué modelo?", wait="yes").notices] == [Letter.ANSWER]


def test_a_reply_that_should_wait_is_refused_where_waiting_is_not_possible() -> None:
    outcome = refused("reply", "¿Qué modelo?", ticket=replace(TICKET, state="closed"), wait="yes")

    assert outcome.reason is Refusal.NOT_IN_STATE
    assert "«#esperar»" in outcome.words["es"]


def test_a_reply_with_nothing_but_an_attachment_is_a_reply() -> None:
    outcome = attempt("reply", attachments=1)

    assert isinstance(outcome, Change)
    assert outcome.message is not None
    assert [one.letter for one in outcome.notices] == [Letter.ANSWER]


def test_waiting_with_text_sends_the_text_and_without_it_tells_the_state() -> None:
    asked, silent = done("wait", "¿Qué modelo es?"), done("wait")

    assert [one.letter for one in asked.notices] == [Letter.ANSWER]
    assert asked.ticket.last_agent_return_at == NOW
    assert [one.letter for one in silent.notices] == [Letter.STATE_CHANGED]
    assert silent.notices[0].variables["state"] == DEFAULT.state("waiting").labels
    assert silent.message is None


@pytest.mark.parametrize("action", ["wait", "solve", "close", "take", "time"])
def test_what_the_desk_tells_by_itself_is_no_answer(action: str) -> None:
    change = done(action, time="5m")

    assert change.ticket.last_agent_return_at is None


def test_a_note_stays_inside_the_desk() -> None:
    change = done("note", "Llamar al proveedor")

    assert change.message == NewMessage(kind=MessageKind.NOTE, public=False, text="Llamar al proveedor")
    assert change.notices == ()
    assert change.ticket.last_agent_return_at is None


def test_text_with_an_action_that_tells_the_requester_something_else_stays_inside() -> None:
    change = done("reopen", "Lo cerró por error Pedro", ticket=replace(TICKET, state="closed", closed_at=BEFORE))

    assert change.message is not None
    assert not change.message.public
    assert [one.letter for one in change.notices] == [Letter.STATE_CHANGED]
    assert "text" not in change.notices[0].variables


def test_a_record_tells_what_was_said_elsewhere() -> None:
    change = done("record", "Pide otra fecha", origin="whatsapp", evidence="https://chats.example.org/1", time="0:20")

    assert change.message == NewMessage(
        kind=MessageKind.RECORD,
        public=False,
        text="Pide otra fecha",
        time_spent=1200,
        origin=Origin.WHATSAPP,
        evidence="https://chats.example.org/1",
    )
    assert change.ticket.origin is TICKET.origin


def test_a_requester_who_closes_has_spoken_as_a_customer() -> None:
    change = done("close", "Ya no hace falta", actor=CUSTOMER)

    assert change.ticket.last_customer_at == NOW
    assert change.ticket.last_agent_return_at is None


# What changes ---------------------------------------------------------------------------------------------------------


def test_taking_a_ticket_makes_the_actor_its_owner_and_tells_nobody() -> None:
    change = done("take", ticket=replace(TICKET, state="new"))

    assert change.ticket.owner_id == LUIS
    assert change.ticket.state == "open"
    assert change.ticket.state_since == NOW
    assert change.entered_state
    assert change.notices == ()
    assert change.events == (
        Event(Action.TAKE, {"state": "open", "state_before": "new", "owner_id": "2", "owner_id_before": ""}),
    )


def test_who_is_nobody_cannot_take_a_ticket() -> None:
    nobody = Actor(None, ActorKind.PERSON, frozenset({Role.AGENT}))

    assert refused("take", actor=nobody).reason is Refusal.NOT_PERMITTED


def test_a_new_owner_is_alerted_with_the_note_but_not_by_themselves() -> None:
    other, self_ = done("assign", "Es urgente", owner="3"), done("assign", "Para mí", owner="2")

    assert [(one.letter, one.to) for one in other.notices] == [(Letter.ALERT, Audience.OWNER)]
    assert other.notices[0].variables["text"] == "Es urgente"
    assert other.notices[0].variables["cause"] == "assign"
    assert self_.notices == ()


def test_a_ticket_given_back_alerts_the_team() -> None:
    change = done("assign", ticket=replace(TICKET, owner_id=3), owner="none")

    assert change.ticket.owner_id is None
    assert [one.to for one in change.notices] == [Audience.TEAM]


def test_classifying_sets_each_field() -> None:
    change = done(
        "classify",
        area="ventas",
        category="Impresoras",
        priority="1",
        nature="incident",
        classification="HD1",
        tags="+urgente, -planta",
        language="pt",
        organisation="4",
        due="2027-03-05",
    )

    assert change.ticket == replace(
        TICKET,
        area="ventas",
        category="Impresoras",
        priority=1,
        nature=Nature.INCIDENT,
        classification="HD1",
        tags=("urgente",),
        language="pt",
        organisation_id=4,
        due_at=datetime(2027, 3, 5, 23, 59, 59, tzinfo=UTC),
        updated_at=NOW,
    )
    assert change.events[0].data["tags"] == "urgente"
    assert change.events[0].data["tags_before"] == "planta"
    assert change.events[0].data["due_at"] == "2027-03-05T23:59:59+00:00"


@pytest.mark.parametrize("field", ["category", "nature", "classification", "organisation", "due"])
def test_none_empties_a_field(field: str) -> None:
    full = done("classify", category="a", nature="question", classification="b", organisation="4", due="2027-03-05")

    column = {"organisation": "organisation_id", "due": "due_at"}.get(field, field)
    emptied = done("classify", ticket=full.ticket, **{field: "none"})

    assert not getattr(emptied.ticket, column)


def test_fields_may_come_with_another_action_of_somebody_who_may_classify() -> None:
    change = done("solve", "Era el cable", classification="HD2", priority="3")

    assert (change.ticket.state, change.ticket.classification, change.ticket.priority) == ("solved", "HD2", 3)


@pytest.mark.parametrize("given", [{"priority": "1"}, {"time": "15m"}])
def test_a_requester_who_may_close_may_not_classify_or_book_time_with_it(given: dict[str, str]) -> None:
    assert refused("close", actor=CUSTOMER, **given).reason is Refusal.NOT_PERMITTED


def test_fields_may_not_come_with_an_action_where_classifying_is_not_possible() -> None:
    outcome = refused("reopen", ticket=replace(TICKET, state="closed"), priority="1")

    assert outcome.reason is Refusal.NOT_IN_STATE
    assert "“classify”" in outcome.words["en"]


def test_closing_notes_when_and_reopening_forgets_it() -> None:
    closed = done("close").ticket
    reopened = done("reopen", ticket=closed).ticket

    assert closed.closed_at == NOW
    assert reopened.closed_at is None
    assert done("solve").ticket.closed_at is None


def test_time_is_added_up_and_stands_in_the_event() -> None:
    change = done("time", ticket=replace(TICKET, time_spent=600), time="1h30")

    assert change.ticket.time_spent == 6000
    assert change.events[0].data == {"time_spent": "6000", "time_spent_before": "600", "time": "5400"}
    assert change.message is None


def test_a_link_names_the_other_ticket_and_what_this_one_is_to_it() -> None:
    assert done("link", to="#12").links == (Link(12, LinkKind.RELATED),)
    assert done("link", kind="duplicate", to="12").links == (Link(12, LinkKind.DUPLICATE),)
    assert done("link", to="12").events[0].data == {"link_to": "12", "link_kind": "related"}


def test_a_rejection_tells_its_reason_in_the_readers_language() -> None:
    change = done("reject", "Escriba a compras.", reason="not_ours")

    reason = change.notices[0].variables["reason"]
    assert in_language(reason, "es") == "No corresponde a esta mesa de ayuda"
    assert in_language(reason, "pt") == "Não compete a esta central de atendimento"
    assert in_language(reason, "ca") == "Not a matter for this desk"
    assert change.events[0].data["reason"] == "not_ours"


def test_a_reason_may_be_named_as_it_reads() -> None:
    change = done("reject", "Lo siento.", reason="NOT A MATTER FOR THIS DESK")

    assert change.events[0].data["reason"] == "not_ours"


def test_a_cancellation_tells_its_own_reason() -> None:
    change = done("cancel", reason="Se repite con el 12")

    assert change.notices[0].variables["reason"] == "Se repite con el 12"


# What is refused ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "text", "given", "parameter"),
    [
        ("reply", " \n", {}, "text"),
        ("note", "", {}, "text"),
        ("incomplete", "", {}, "text"),
        ("assign", "", {}, "owner"),
        ("assign", "", {"owner": " "}, "owner"),
        ("classify", "", {}, "category"),
        ("reject", "Lo siento", {}, "reason"),
        ("reject", "", {"reason": "not_ours"}, "text"),
        ("cancel", "Adiós", {}, "reason"),
        ("link", "", {"kind": "duplicate"}, "to"),
        ("time", "", {}, "time"),
        ("record", "Llamó", {}, "origin"),
        ("record", "", {"origin": "phone"}, "text"),
    ],
)
def test_what_is_missing_is_named(action: str, text: str, given: dict[str, str], parameter: str) -> None:
    outcome = refused(action, text, **given)

    assert (outcome.reason, outcome.parameter) == (Refusal.MISSING, parameter)
    named = {one: "text" if parameter == "text" else called(parameter, one) for one in ("es", "pt")}
    assert all(named[one] in outcome.words[one] for one in named)


def test_a_missing_reason_comes_with_the_list() -> None:
    words = refused("reject", "Lo siento").words

    assert "Puede ser: No corresponde a esta mesa de ayuda, No cumple las condiciones del servicio," in words["es"]
    assert "It can be: not_ours, conditions," in words["en"]


@pytest.mark.parametrize(
    ("action", "given", "hint"),
    [
        ("classify", {"priority": "4"}, "1, 2, 3"),
        ("classify", {"nature": "incidente"}, "“incident”"),
        ("classify", {"language": "english"}, "es, en, pt"),
        ("classify", {"tags": "a,+b"}, "+a,-b"),
        ("classify", {"tags": "+"}, "+a,-b"),
        ("classify", {"tags": "+" + "a" * 51}, "+a,-b"),
        ("classify", {"due": "mañana"}, "2027-03-01"),
        ("classify", {"due": "0001-01-01T00:00+14:00"}, "2027-03-01"),
        ("classify", {"category": "a\nb"}, "category"),
        ("classify", {"category": "a" * 101}, "category"),
        ("classify", {"area": "none"}, "area"),
        ("classify", {"organisation": "acme"}, "7"),
        ("assign", {"owner": "luis@x.org"}, "7"),
        ("assign", {"owner": "٣"}, "7"),
        ("time", {"time": "15"}, "15m"),
        ("time", {"time": "0m"}, "15m"),
        ("record", {"origin": "telephone"}, "“phone”"),
        ("record", {"origin": "phone", "evidence": "a\nb"}, "https"),
        ("link", {"to": "7"}, "#123"),
        ("link", {"to": "-1"}, "#123"),
        ("link", {"to": "9" * 30}, "#123"),
        ("link", {"to": "12", "kind": "duplicated"}, "“duplicate”"),
        ("reject", {"reason": "not_our"}, "“not_ours”"),
        ("reply", {"wait": "maybe"}, "yes, no"),
    ],
)
def test_an_unknown_value_is_refused_with_what_it_can_be(action: str, given: dict[str, str], hint: str) -> None:
    outcome = refused(action, "texto", **given)

    assert outcome.reason is Refusal.UNKNOWN_VALUE
    assert outcome.parameter == list(given)[-1]
    assert hint in outcome.words["en"]


def test_an_unknown_parameter_is_refused_with_the_nearest() -> None:
    outcome = refused("classify", prioridad="1")

    assert (outcome.reason, outcome.parameter) == (Refusal.UNKNOWN_PARAMETER, "prioridad")
    assert outcome.words["en"] == "“classify” does not take “prioridad”. Did you mean “priority”?"


def test_a_refusal_says_what_can_be_done_now() -> None:
    outcome = refused("solve", ticket=replace(TICKET, state="closed"))

    assert outcome.words == {
        "es": "«#resuelto» no es posible mientras la solicitud está en «Cerrado»."
        " Ahora es posible: #responder, #nota, #reabrir, #enlazar, #tiempo, #llamada.",
        "en": "“solve” is not possible while the ticket is “Closed”."
        " Possible now: reply, note, reopen, link, time, record.",
        "pt": "«#resolver» não é possível enquanto o chamado está em «Encerrado»."
        " Agora é possível: #responder, #nota, #reabrir, #ligar, #tempo, #ligação.",
    }


def test_a_refusal_says_who_can_do_it_and_nothing_of_the_ticket() -> None:
    outcome = refused("solve", actor=CUSTOMER)

    assert outcome.words["es"] == (
        "No tiene permiso para «#resuelto» en esta solicitud. Pueden hacerlo: agente, supervisor, administrador."
    )


def test_what_somebody_wrote_is_shown_short_and_on_one_line() -> None:
    outcome = unknown_value("owner", "a\r\nBcc: x" + "y" * 500, known=["ana@x.org"])

    assert outcome.words["en"].startswith("“a  Bcc: xyyy")
    assert all("\n" not in outcome.words[language] and len(outcome.words[language]) < 200 for language in LANGUAGES)


# What happens ---------------------------------------------------------------------------------------------------------


def test_a_received_ticket_is_in_the_first_state_with_its_receipt_and_alert() -> None:
    change = happen(replace(TICKET, state=""), Happening.RECEIVED, workflow=DEFAULT, now=NOW, verified=True)

    assert (change.ticket.state, change.ticket.state_since, change.ticket.verified) == ("new", NOW, True)
    assert change.ticket.last_customer_at == NOW
    assert change.entered_state
    assert [(one.letter, one.to) for one in change.notices] == [
        (Letter.RECEIPT, Audience.REQUESTER),
        (Letter.ALERT, Audience.TEAM),
    ]


def test_a_received_ticket_enters_its_state_though_it_was_written_with_it() -> None:
    change = happen(replace(TICKET, state="new"), Happening.RECEIVED, workflow=DEFAULT, now=NOW, verified=False)

    assert change.entered_state
    assert not change.ticket.verified
    assert change.events[0].data["verified"] == "no"


def test_a_reply_alerts_the_owner_or_the_team_while_there_is_none() -> None:
    owned = happen(replace(TICKET, owner_id=3), Happening.CUSTOMER_REPLIED, workflow=DEFAULT, now=NOW, verified=False)
    ownerless = happen(TICKET, Happening.CUSTOMER_REPLIED, workflow=DEFAULT, now=NOW, verified=True)

    assert [(one.letter, one.to) for one in owned.notices] == [(Letter.ALERT, Audience.OWNER)]
    assert [(one.letter, one.to) for one in ownerless.notices] == [(Letter.ALERT, Audience.TEAM)]
    assert owned.notices[0].variables["verified"] == "no"
    assert owned.events[0].data == {"verified": "no"}


@pytest.mark.parametrize(
    ("closed_ago", "grace", "follow_up"),
    [
        (timedelta(days=14), timedelta(days=14), False),
        (timedelta(days=14, seconds=1), timedelta(days=14), True),
        (timedelta(0), None, True),
    ],
)
def test_a_reply_within_the_grace_time_reopens_and_a_later_one_asks_for_a_follow_up_ticket(
    closed_ago: timedelta, grace: timedelta | None, follow_up: bool
) -> None:
    closed = replace(TICKET, state="closed", closed_at=NOW - closed_ago)

    change = happen(closed, Happening.CUSTOMER_REPLIED, workflow=replace(DEFAULT, grace=grace), now=NOW, verified=True)

    assert change.follow_up is follow_up
    assert change.ticket.state == ("closed" if follow_up else "open")
    assert change == Change(ticket=closed, follow_up=True) or change.ticket.closed_at is None


def test_no_notice_names_anybody() -> None:
    for change in (
        done("reply", "Hola"),
        done("assign", owner="3"),
        done("close"),
        happen(TICKET, Happening.RECEIVED, workflow=DEFAULT, now=NOW, verified=True),
    ):
        for notice in change.notices:
            assert set(notice.variables) <= {"cause", "state", "text", "reason", "verified"}
