"""The first mail of somebody whom nobody knows: a ticket at once, and one letter that is receipt and confirmation."""

from datetime import timedelta
from email.message import EmailMessage

import pytest

from gateway.store.tables import address
from gateway.threading.match import token_of_address
from gateway.threading.tokens import Claim, Purpose
from tests.world import ANA, BILLING, EVA, LUIS, MARTA, NOON, SUPPORT, Postman, World, mail

BEA = "bea@new.example"
PAGES = {"public_url": "https://desk.example"}


def first(world: World, **changes: object) -> int:
    """Bea's first mail: its ticket."""
    written: dict[str, object] = {"from_": f"Bea Zamora <{BEA}>", "s1": True} | changes
    return int(world.receive(mail(**written)).ticket_id)  # type: ignore[arg-type]


def claim(world: World, letter: object) -> Claim | None:
    """What the Reply-To of a letter says when it comes back."""
    reply_to = dict(letter.headers).get("Reply-To", "")  # type: ignore[attr-defined]
    return world.office.rules.tokens.read(token_of_address(reply_to), today=world.now.date())


@pytest.mark.parametrize("proven", [True, False])
def test_an_unknown_person_is_pending_and_gets_one_letter_that_is_receipt_and_confirmation(
    world: World, proven: bool
) -> None:
    number = first(world, s1=proven)

    (letter,) = world.letters(to=BEA)
    bea = world.person(BEA)
    assert (bea.state, bea.name, bea.confirmed) == ("pending", "Bea Zamora", False)
    assert letter.letter == "receipt_new"
    assert f"#{number}" in letter.subject
    assert claim(world, letter) == Claim(Purpose.ACCOUNT, number, bea.id)
    assert "responda a este correo con cualquier texto" in letter.text


@pytest.mark.parametrize("proven", [True, False])
def test_nobody_loses_a_question_for_being_new(world: World, proven: bool) -> None:
    number = first(world, s1=proven)

    kept = world.ticket(number)
    assert (kept.state, kept.requester_address, kept.verified) == ("new", BEA, False)
    assert [one.text.strip() for one in world.messages(number)] == [
        "Desde ayer la impresora del tercer piso no imprime nada."
    ]
    assert set(world.told()) == {("receipt_new", BEA), ("alert", LUIS), ("alert", MARTA)}


def test_the_letter_has_its_links_only_where_there_are_pages(world: World) -> None:
    first(world)
    world.change_settings(web=PAGES)
    first(world, text="Otra cosa.")

    without, with_links = world.letters(to=BEA)
    assert "https://" not in without.text + without.html
    for page in ("https://desk.example/confirm/", "https://desk.example/not-me/"):
        assert page in with_links.text
        assert page in with_links.html


@pytest.mark.parametrize("proven", [True, False])
def test_nothing_of_the_senders_text_is_in_the_letter_not_even_the_name(world: World, proven: bool) -> None:
    world.change_settings(web=PAGES)
    first(
        world,
        s1=proven,
        from_=f"Compre Barato <{BEA}>",
        subject="Gane dinero http://malo.example",
        text="Visite http://malo.example hoy mismo",
        files=[("oferta.pdf", b"%PDF")],
    )

    (letter,) = world.letters(to=BEA)
    whole = f"{letter.subject}\n{letter.text}\n{letter.html}\n{letter.headers}"
    for word in ("Compre", "Barato", "dinero", "malo.example", "Visite", "oferta"):
        assert word not in whole
    assert dict(letter.headers)["To"] == BEA


def test_what_is_missing_and_the_hint_are_the_desks_words_alone(world: World) -> None:
    world.change_settings(web=PAGES)
    first(world, s1=False, subject="AYUDA URGENTE POR FAVOR", text="NECESITO UNA IMPRESORA NUEVA !!!")

    (letter,) = world.letters(to=BEA)
    assert "Un consejo amistoso" in letter.text
    assert "IMPRESORA" not in letter.text
    assert "URGENTE" not in letter.text + letter.subject


def two_froms() -> bytes:
    built = EmailMessage()
    built["To"], built["Subject"], built["Message-ID"] = SUPPORT, "hola", "<two@x.example>"
    built.set_content("Hola, necesito ayuda.")
    return f"From: {BEA}\nFrom: otra@x.example\n".encode() + built.as_bytes()


NOT_ANSWERED = {
    "a machine": mail(from_=BEA, s1=True, headers={"Auto-Submitted": "auto-generated"}),
    "a newsletter": mail(from_=BEA, s1=True, headers={"List-Unsubscribe": "<mailto:out@x.example>"}),
    "bulk mail": mail(from_=BEA, s1=True, headers={"Precedence": "bulk"}),
    "a no-reply address": mail(from_="no-reply@new.example", s1=True),
    "two senders": two_froms(),
    "a DMARC failure": mail(from_=BEA, dmarc="fail"),
    "one that asks for no answer": mail(from_=BEA, s1=True, headers={"X-Auto-Response-Suppress": "All"}),
    "a blind copy": mail(from_=BEA, s1=True, to="somebody@else.example"),
    "one of our own addresses": mail(from_=BILLING, s1=True),
}


@pytest.mark.parametrize("case", NOT_ANSWERED)
def test_no_letter_goes_by_itself_to(world: World, case: str) -> None:
    found = world.receive(NOT_ANSWERED[case], to=[SUPPORT])

    assert found.verdict == "ticket"
    assert found.facts["unanswered"]
    assert {to for _, to in world.told()} == {LUIS, MARTA}
    assert not world.rows(address, address.c.confirmed_at.is_not(None), address.c.address == BEA)


def test_a_null_return_path_or_an_old_mail_is_not_answered(world: World) -> None:
    world.receive(mail(from_=BEA, s1=True), envelope_from="")
    world.receive(mail(from_=EVA, s1=True), received_at=world.now - timedelta(days=4))

    assert not world.letters(to=BEA)
    assert not world.letters(to=EVA)
    assert len(world.tickets()) == 2


def test_an_automatic_reply_of_a_stranger_makes_no_ticket_and_no_person(world: World) -> None:
    found = world.receive(mail(from_=BEA, s1=True, headers={"Auto-Submitted": "auto-replied"}))

    assert (found.verdict, world.tickets(), world.letters()) == ("automatic", [], [])
    assert not world.rows(address, address.c.address == BEA)


def test_a_second_mail_before_they_confirm_gets_a_new_letter_for_its_own_ticket(world: World) -> None:
    one, two = first(world), first(world, text="Y tampoco hay red.")

    letters = world.letters(to=BEA)
    assert [letter.letter for letter in letters] == ["receipt_new", "receipt_new"]
    assert [claim(world, letter).number for letter in letters] == [one, two]  # type: ignore[union-attr]


def test_the_fourth_in_a_day_gets_no_letter_and_the_day_after_one_again(world: World) -> None:
    for number in range(5):
        first(world, text=f"Mensaje {number}")

    assert len(world.letters(to=BEA)) == 3
    assert len(world.tickets()) == 5
    world.later(days=1, hours=2)
    first(world, text="Mañana")
    assert len(world.letters(to=BEA)) == 4


def test_the_letters_of_all_areas_are_capped_together(world: World) -> None:
    world.change_settings(caps={"letters_per_address": 2})
    for number in range(2):
        first(world, text=f"Mensaje {number}")

    found = world.receive(mail(from_=BEA, to=BILLING, s1=True))

    assert found.facts["unanswered"] == "the day's automatic letters to this address are used up"
    assert len(world.letters(to=BEA)) == 2


def test_known_persons_get_the_plain_receipt(world: World) -> None:
    number = world.ticket_of(ANA)

    (letter,) = world.letters(to=ANA)
    assert letter.letter == "receipt"
    assert "La impresora no imprime" in letter.text
    assert world.ticket(number).verified
    assert claim(world, letter) == Claim(Purpose.REPLY, number, world.person(ANA).id)


def test_a_known_person_whose_mail_proves_nothing_gets_the_number_only_and_confirms_nothing(world: World) -> None:
    world.change_settings(web=PAGES)
    number = world.ticket_of(ANA, s1=False)

    (letter,) = world.letters(to=ANA)
    assert letter.letter == "receipt_new"
    assert claim(world, letter) == Claim(Purpose.REPLY, number, world.person(ANA).id)
    assert "/confirm/" not in letter.text + letter.html
    assert "impresora" not in letter.text + letter.subject
    assert dict(letter.headers)["To"] == ANA
    assert not world.ticket(number).verified


def test_somebody_with_two_addresses_is_one_person_and_is_answered_where_they_wrote_from(world: World) -> None:
    other = "ana.perez@home.example"
    world.write(address.insert().values(address=other, person_id=world.person(ANA).id, created_at=world.now))

    number = world.ticket_of(other)

    (letter,) = world.letters(to=other)
    assert letter.letter == "receipt"
    assert world.ticket(number).requester_id == world.person(ANA).id
    assert not world.letters(to=ANA)


def test_an_inactive_account_is_told_so_once_a_day_and_its_ticket_is_kept(world: World) -> None:
    world.known(ANA, state="inactive")
    numbers = [world.ticket_of(ANA, text=text) for text in ("Uno", "Dos")]

    (letter,) = world.letters(to=ANA)
    assert letter.letter == "refused"
    assert "su cuenta esté inactiva" in " ".join(letter.text.split())
    assert "La impresora" not in letter.subject + letter.text
    assert [world.ticket(number).state for number in numbers] == ["new", "new"]
    assert [to for to, _ in world.told()].count("alert") == 4
    world.later(days=1)
    world.ticket_of(ANA, text="Tres")
    assert len(world.letters(to=ANA)) == 2


def test_who_works_on_it_reads_that_the_account_is_inactive(world: World) -> None:
    world.known(ANA, state="inactive", name="Ana Pérez")
    world.receive(mail(from_=ANA, s1=True))

    (told,) = world.letters(to=LUIS, letter="alert")
    assert f"Solicitante: Ana Pérez <{ANA}> (cuenta inactiva)" in " ".join(told.text.split())


def test_the_roles_of_an_account_that_is_not_active_rest(world: World) -> None:
    number = world.ticket_of(ANA)
    address_of_reply = world.reply_address(number, LUIS)
    world.known(LUIS, state="inactive")
    before = len(world.letters())

    world.receive(mail(from_=LUIS, to=address_of_reply, text="Listo.", s1=True))

    assert not [one for one in world.letters()[before:] if one.to_address == ANA]
    assert world.messages(number)[-1].flags == ["third party"]
    refused = world.act(number, "reply", by=LUIS, text="Listo.")
    assert type(refused).__name__ == "Refused"


def test_whom_an_operator_gives_a_role_is_asked_nothing_more(world: World) -> None:
    first(world)
    world.known(BEA, role="agent", areas=["support"])
    first(world, text="Otra cosa.")

    assert world.person(BEA).state == "active"
    assert world.letters(to=BEA)[-1].letter == "receipt"


def turns(world: World, to: str = "") -> list[timedelta]:
    """How long after noon each letter to a stranger may go out."""
    return [one.due_at - NOON for one in world.letters(letter="receipt_new") if one.to_address.endswith(to)]


def test_letters_to_strangers_of_one_domain_over_the_cap_wait_for_the_hours_that_follow(world: World) -> None:
    """No hour has more, wherever it begins: they are counted by five minutes."""
    world.change_settings(caps={"new_senders_per_domain": 2})
    world.later(minutes=20)
    for number in range(5):
        world.receive(mail(from_=f"p{number}@firm.example"))
        world.receive(mail(from_=f"p{number}@gmail.com"))

    twenty = timedelta(minutes=20)
    after = timedelta(minutes=65)
    assert turns(world, "firm.example") == [twenty, twenty, *[twenty + after] * 2, twenty + 2 * after]
    assert turns(world, "gmail.com") == [twenty] * 5
    assert len(world.tickets()) == 10


def test_letters_to_all_strangers_together_are_capped_and_known_people_do_not_wait(world: World) -> None:
    world.change_settings(caps={"new_senders": 2})
    for number in range(3):
        world.receive(mail(from_=f"p@firm{number}.example", s1=True))
    world.ticket_of(ANA)

    assert [one.status for one in world.letters(letter="receipt_new")] == ["pending", "pending", "held"]
    postman = Postman()
    while world.send(postman):
        """Until nothing is due."""
    assert {ANA, "p@firm0.example", "p@firm1.example"} < {to for _, to, _ in postman.sent}
    assert "p@firm2.example" not in {to for _, to, _ in postman.sent}


def test_strangers_are_not_answered_at_all_where_the_cap_is_none(world: World) -> None:
    world.change_settings(caps={"new_senders": 0})
    number = first(world)

    assert not world.letters(to=BEA)
    assert world.ticket(number).state == "new"
    assert ("alert", LUIS) in world.told()


def test_a_stranger_whose_file_is_refused_reads_its_kind_and_not_its_name(world: World) -> None:
    world.change_settings(limits={"attachment_types_refused": ["exe"]})
    files = [("gane-dinero.exe", b"MZ")]
    for sender in (BEA, ANA):
        world.receive(mail(from_=sender, s1=True, files=files))

    (stranger,), (known,) = world.letters(to=BEA), world.letters(to=ANA)
    assert "*.exe" in stranger.text
    assert "gane-dinero" not in stranger.text + stranger.html
    assert "gane-dinero.exe" in known.text
