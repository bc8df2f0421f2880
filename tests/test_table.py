"""The table of RULES 4, every cell at S0 and at S1: a real mail, then the rows and the letters that it left.

A customer opens a ticket and Luis answers; then somebody writes with some evidence. What a cell says is written here by
hand, from RULES, and not read from the program's own table.
"""

from dataclasses import dataclass
from typing import Any

import pytest

from gateway.store.participants import Part
from tests.world import ANA, BRUNO, EVA, LUIS, MARTA, NORA, SUPPORT, World, mail, reply_to

ANA_IS_TOLD = ("answer", ANA)
LUIS_IS_TOLD = ("alert", LUIS)


@dataclass(frozen=True)
class Cell:
    """What one cell says: the entry's flag on the message, whether the customer sees it, and what follows."""

    kind: str = "mail"
    flag: str = ""
    also: str = ""
    public: bool = True
    reopens: bool = False
    told: tuple[tuple[str, str], ...] = ()
    new: bool = False
    hint: bool = False


APPEND = Cell(reopens=True, told=(LUIS_IS_TOLD, ("relayed", BRUNO)))
BY_A_PARTICIPANT = Cell(reopens=True, told=(LUIS_IS_TOLD, ("relayed", ANA)))
UNVERIFIED = Cell(flag="unverified", reopens=True, told=(LUIS_IS_TOLD,))
FLAGGED = Cell(flag="flagged", public=False, told=(LUIS_IS_TOLD,))
THIRD_PARTY = Cell(flag="third party", public=False, told=(LUIS_IS_TOLD,))
RELAYED = Cell(kind="reply", told=(ANA_IS_TOLD, ("relayed", BRUNO)))
INTERNAL = Cell(kind="note", flag="internal note", public=False)
PENDING = Cell(kind="pending note", flag="pending note", public=False, told=(("alert", MARTA),))
ASIDE = Cell(kind="note", flag="aside", public=False, told=(LUIS_IS_TOLD,))
UNPROVEN_ASIDE = Cell(kind="note", flag="aside", also="unverified", public=False, told=(LUIS_IS_TOLD,))
HINT = Cell(new=True, hint=True)
NEW = Cell(new=True)

# who writes, by which evidence -> (at S1, at S0)
TABLE: dict[tuple[str, str], tuple[Cell, Cell]] = {
    ("requester", "own token"): (APPEND, UNVERIFIED),
    ("requester", "another's token"): (FLAGGED, FLAGGED),
    ("requester", "message id"): (APPEND, FLAGGED),
    ("requester", "subject"): (APPEND, HINT),
    ("requester", "none"): (NEW, NEW),
    ("participant", "own token"): (BY_A_PARTICIPANT, FLAGGED),
    ("participant", "another's token"): (FLAGGED, FLAGGED),
    ("participant", "message id"): (BY_A_PARTICIPANT, HINT),
    ("participant", "subject"): (BY_A_PARTICIPANT, HINT),
    ("participant", "none"): (NEW, NEW),
    ("consulted", "own token"): (ASIDE, UNPROVEN_ASIDE),
    ("consulted", "another's token"): (THIRD_PARTY, THIRD_PARTY),
    ("consulted", "message id"): (ASIDE, HINT),
    ("consulted", "subject"): (ASIDE, HINT),
    ("consulted", "none"): (NEW, NEW),
    ("agent", "own token"): (RELAYED, PENDING),
    ("agent", "another's token"): (PENDING, PENDING),
    ("agent", "message id"): (INTERNAL, PENDING),
    ("agent", "subject"): (PENDING, HINT),
    ("agent", "none"): (NEW, NEW),
    ("unknown", "another's token"): (THIRD_PARTY, THIRD_PARTY),
    ("unknown", "message id"): (HINT, HINT),
    ("unknown", "subject"): (HINT, HINT),
    ("unknown", "none"): (NEW, NEW),
}
HUGO = "hugo@vendor.example"
WRITERS = {"requester": ANA, "participant": BRUNO, "consulted": HUGO, "agent": MARTA, "unknown": EVA}
CELLS = [
    pytest.param(who, by, level, cell, id=f"{who}-{by}-{level}".replace(" ", "_"))
    for (who, by), cells in TABLE.items()
    for level, cell in zip(("S1", "S0"), cells, strict=True)
]


def scene(world: World) -> int:
    """Ana's ticket, which Luis has and has solved; Bruno takes part in it, and Hugo was asked aside."""
    number = world.ticket_of(ANA)
    world.act(number, "take")
    world.act(number, "solve", text="Ya imprime.")
    world.participant(number, BRUNO)
    world.known(HUGO)
    world.participant(number, HUGO, part=Part.CONSULTED)
    return number


def written(world: World, number: int, who: str, by: str, **changes: Any) -> bytes:
    """A mail of this writer that has this evidence for the ticket and no other."""
    address = WRITERS[who]
    to, subject, in_reply_to = SUPPORT, "Re: la impresora", ""
    if by == "own token":
        to = world.reply_address(number, address)
    elif by == "another's token":
        to = world.reply_address(number, NORA)
    elif by == "message id":
        in_reply_to = f"<first-{number}@mail.example>"
        world.know_message_id(number, in_reply_to)
    elif by == "subject":
        subject = f"Re: [#{number}] la impresora"
    fields: dict[str, Any] = {"from_": address, "to": to, "subject": subject, "in_reply_to": in_reply_to}
    return mail(**(fields | {"text": "Se volvió a atascar."} | changes))


@pytest.mark.parametrize(("who", "by", "level", "cell"), CELLS)
def test_every_cell_of_the_table(world: World, who: str, by: str, level: str, cell: Cell) -> None:
    """The verdict, the message, the state of the ticket, and exactly the letters that the cell says."""
    number = scene(world)
    before = len(world.letters())

    found = world.receive(written(world, number, who, by, s1=level == "S1"))

    if cell.new:
        assert found.verdict == "ticket"
        assert found.ticket_id != number
        assert world.links(found.ticket_id) == ({("hint", number)} if cell.hint else set())
        assert len(world.messages(number)) == 2
        return
    assert (found.verdict, found.ticket_id) == ("reply", number)
    entry = world.messages(number)[-1]
    assert (entry.kind, entry.public, entry.flags) == (cell.kind, cell.public, [*filter(None, (cell.also, cell.flag))])
    assert entry.text.strip() == "Se volvió a atascar."
    assert world.ticket(number).state == ("open" if cell.reopens else "solved")
    assert world.told(before) == list(cell.told)
    assert len(world.tickets()) == 1


@pytest.mark.parametrize(("who", "by"), [pair for pair in TABLE if pair[1] != "none"])
def test_an_automatic_reply_to_a_ticket_is_folded_away_and_does_nothing_else(world: World, who: str, by: str) -> None:
    number = scene(world)
    before, at = len(world.letters()), world.ticket(number)

    automatic = {"Auto-Submitted": "auto-replied"}
    found = [world.receive(written(world, number, who, by, s1=s1, headers=automatic)) for s1 in (True, False)]

    assert [(one.verdict, one.stage, one.ticket_id) for one in found] == [("reply", "automatic_reply", number)] * 2
    entries = [(one.kind, one.public, one.flags) for one in world.messages(number)[-2:]]
    assert entries == [("automatic", False, ["folded"])] * 2
    assert world.told(before) == []
    assert world.ticket(number) == at


@pytest.mark.parametrize(
    ("who", "s1", "cell"),
    [
        ("requester", True, APPEND),
        ("participant", True, BY_A_PARTICIPANT),
        ("consulted", True, ASIDE),
        ("agent", True, PENDING),
        ("requester", False, FLAGGED),
        ("participant", False, FLAGGED),
        ("consulted", False, THIRD_PARTY),
        ("unknown", True, THIRD_PARTY),
    ],
)
def test_a_proven_answer_to_all_is_no_worse_for_the_others_token_that_stands_in_it(
    world: World, who: str, s1: bool, cell: Cell
) -> None:
    """Who answers a customer's answer to all has that customer's token in To, and a Message-ID of the ticket."""
    number = scene(world)
    before = len(world.letters())
    world.know_message_id(number, "<all@mail.example>")

    world.receive(written(world, number, who, "another's token", s1=s1, in_reply_to="<all@mail.example>"))

    entry = world.messages(number)[-1]
    assert (entry.kind, entry.public, entry.flags) == (cell.kind, cell.public, [*filter(None, (cell.flag,))])
    assert world.told(before) == list(cell.told)


def test_an_answer_to_a_letter_that_went_to_another_is_for_the_desk_alone(world: World) -> None:
    """Somebody of the desk sent their alert on to a participant, who answers it: that is not for the others."""
    number = scene(world)
    alert = next(one for one in world.letters(to=LUIS) if one.ticket_id == number)

    world.receive(reply_to(alert, "Gracias por el reenvío.", from_=BRUNO, s1=True))

    assert world.messages(number)[-1].flags == ["flagged"]


def test_another_tickets_message_id_proves_nothing_about_this_one(world: World) -> None:
    number = scene(world)
    other = world.ticket_of(BRUNO)
    world.know_message_id(other, "<other@mail.example>")

    world.receive(written(world, number, "participant", "another's token", s1=True, in_reply_to="<other@mail.example>"))

    assert world.messages(number)[-1].flags == ["flagged"]


def test_an_automatic_reply_to_no_ticket_opens_none(world: World) -> None:
    found = world.receive(mail(headers={"Auto-Submitted": "auto-replied"}, s1=True))

    assert (found.status, found.verdict, found.ticket_id) == ("done", "automatic", None)
    assert world.tickets() == []
    assert world.letters() == []


MACHINES = {
    "generated": {"Auto-Submitted": "auto-generated"},
    "a null return path": {"Return-Path": "<>"},
    "a list": {"List-Id": "<all.firm.example>"},
    "bulk": {"Precedence": "bulk"},
}


@pytest.mark.parametrize(
    ("who", "by", "s1", "cell"),
    [
        ("requester", "own token", True, APPEND),
        ("requester", "message id", False, FLAGGED),
        ("unknown", "another's token", False, THIRD_PARTY),
    ],
)
def test_a_machines_mail_to_a_ticket_stands_as_its_senders_row_says(
    world: World, who: str, by: str, s1: bool, cell: Cell
) -> None:
    for machine, headers in MACHINES.items():
        number = scene(world)
        raw = written(world, number, who, by, s1=s1, headers=headers)

        found = world.receive(raw, envelope_from="" if machine == "a null return path" else "auto")

        assert (found.verdict, found.ticket_id) == ("reply", number), machine
        assert world.messages(number)[-1].flags == ([cell.flag] if cell.flag else []), machine
        assert world.ticket(number).state == ("open" if cell.reopens else "solved"), machine


def test_a_machines_mail_that_names_no_ticket_opens_one_without_a_receipt(world: World) -> None:
    for machine, headers in MACHINES.items():
        before = len(world.letters())

        found = world.receive(
            mail(s1=True, headers=headers), envelope_from="" if machine == "a null return path" else "auto"
        )

        assert found.verdict == "ticket", machine
        assert world.told(before) == [("alert", LUIS), ("alert", MARTA)], machine


def test_a_generated_mail_in_an_agents_name_is_never_answered(world: World) -> None:
    """A pending note asks its sender to confirm it, which a machine cannot, and would answer."""
    number = scene(world)
    before = len(world.letters())

    world.receive(written(world, number, "agent", "message id", headers=MACHINES["generated"]))

    assert world.messages(number)[-1].kind == "pending note"
    assert world.told(before) == []


@pytest.mark.parametrize("level", ["S1", "S0"])
def test_a_command_is_never_relayed_to_the_customer(world: World, level: str) -> None:
    number = scene(world)
    before = len(world.letters())

    world.receive(written(world, number, "agent", "own token", s1=level == "S1", text="#close\n\nGracias."))

    assert world.messages(number)[-1].kind == "pending note"
    assert world.told(before) == [("commands_refused", MARTA)]
    assert world.ticket(number).state == "solved"


def test_an_agent_who_may_not_answer_now_leaves_a_pending_note(world: World) -> None:
    """Nora is an agent, but of another area: to this ticket she is nobody."""
    number = scene(world)

    world.receive(mail(from_=NORA, to=world.reply_address(number, NORA), text="Lo tomo yo.", s1=True))

    entry = world.messages(number)[-1]
    assert (entry.kind, entry.public, entry.flags) == ("mail", False, ["third party"])
    assert world.letters(to=ANA, letter="answer")[1:] == []


def test_an_agents_relayed_words_are_the_desks_answer_with_their_files(world: World) -> None:
    number = scene(world)
    quoted = "Cambie el tóner.\n\nEl lun, 23 nov 2026 a las 12:00, Ana Pérez escribió:\n> No imprime\n"
    to = world.reply_address(number, LUIS)

    world.receive(mail(from_=LUIS, to=to, text=quoted, s1=True, files=[("guia.bin", b"\x00\x01")]))

    answer = world.letters(to=ANA, letter="answer")[-1]
    assert "Cambie el tóner." in answer.text
    assert "No imprime" not in answer.text
    assert world.ticket(number).last_agent_return_at == world.now
    assert [(file.name, file.size) for file in world.files_of(answer)] == [("guia.bin", 2)]


def test_an_alert_names_a_doubt_and_a_reply_without_one_does_not(world: World) -> None:
    number = scene(world)

    world.receive(written(world, number, "requester", "own token"))
    world.receive(written(world, number, "requester", "own token", s1=True))

    doubted, sure = (one.text for one in world.letters(to=LUIS)[-2:])
    assert "no es seguro" in doubted.replace("\n", " ")
    assert "no es seguro" not in sure.replace("\n", " ")


def test_the_token_is_followed_and_flagged_where_the_message_id_names_another_ticket(world: World) -> None:
    number = scene(world)
    other = world.ticket_of(ANA, message_id="<other@mail.example>")

    found = world.receive(written(world, number, "requester", "own token", s1=True, in_reply_to="<other@mail.example>"))

    assert found.ticket_id == number != other
    assert world.messages(number)[-1].flags == ["flagged"]
    assert "token and Message-ID name different tickets" in found.reasons[0]


def test_our_own_message_id_that_was_bound_to_the_sender_counts_as_their_token(world: World) -> None:
    """The reply address was lost on the way; the Message-ID of the letter to Ana came back."""
    number = scene(world)
    letter = world.letters(to=ANA)[-1]

    found = world.receive(mail(subject="Re:", in_reply_to=letter.message_id))

    assert found.ticket_id == number
    assert found.facts["evidence"] == "own token"
    assert world.messages(number)[-1].flags == ["unverified"]


def test_the_tickets_own_id_in_references_is_enough_where_a_relay_replaced_ours(world: World) -> None:
    number = scene(world)
    references = dict(world.letters(to=ANA)[-1].headers)["References"]

    found = world.receive(mail(subject="Re:", references=references.split()[0], s1=True))

    assert found.ticket_id == number


def test_what_is_written_to_a_ticket_of_another_area_is_judged_by_that_area(world: World) -> None:
    """Ana answers a letter of support, and her program sends it to billing too."""
    number = scene(world)

    found = world.receive(mail(to=world.reply_address(number, ANA), s1=True), to=["billing@desk.example"])

    assert found.ticket_id == number
    assert world.told()[-2:] == [LUIS_IS_TOLD, ("relayed", BRUNO)]
