"""What participants read, from real mails in to the letters that come out: what is new, once, and nothing older."""

import random
from email.utils import getaddresses
from typing import Any

import pytest

from gateway.store.tables import address as address_table
from gateway.store.tables import ticket
from gateway.work import own
from tests.taking_part import FIRST, OUTSIDERS, done, later_eva, order, part, read_by, with_eva, writes
from tests.world import ANA, BRUNO, EVA, LUIS, MARTA, NOON, SUPPORT, World, mail, reply_to

# --- what they read --------------------------------------------------------------------------------------------------


def test_a_participant_reads_the_desks_words_with_a_token_of_their_own(world: World) -> None:
    number = with_eva(world)
    world.answered(number, "Cambie el tóner.")

    (letter,) = world.letters(to=EVA)
    headers = dict(letter.headers)
    assert letter.letter == "relayed"
    assert letter.subject == f"Re: [#{number}] La impresora no imprime"
    assert "Cambie el tóner." in letter.text
    assert world.token(number, EVA) in headers["Reply-To"]
    assert "Cc" not in headers
    assert "Auto-Submitted" not in headers
    assert "SALIR" in letter.text
    (answer,) = world.letters(letter="answer")
    assert answer.to_address == ANA
    assert "SALIR" not in answer.text


def test_a_letter_to_a_participant_opens_no_page(world: World) -> None:
    world.change_settings(web={"public_url": "https://desk.example"})
    number = with_eva(world)
    world.answered(number)
    world.act(number, "solve", text="Ya imprime.")
    writes(world, number, EVA, "salir")

    assert "https://desk.example" in world.letters(letter="answer")[0].text
    assert [one.letter for one in world.letters(to=EVA)] == ["relayed", "finished", "left"]
    for letter in world.letters(to=EVA):
        assert "desk.example/" not in letter.text + letter.html


def test_what_the_requester_writes_goes_to_the_participants_without_what_it_quotes(world: World) -> None:
    number = with_eva(world)
    quoting = "Ya la reinicié.\n\nEl lun, 23 nov 2026 a las 12:00, Soporte escribió:\n> Reiníciela con la clave 1234.\n"
    writes(world, number, ANA, quoting, files=[("foto.bin", b"\x00\x01")])

    (letter,) = world.letters(to=EVA, letter="relayed")
    assert f"Ana Pérez <{ANA}> escribió sobre la solicitud #{number}:" in letter.text
    assert "Ya la reinicié." in letter.text
    assert "1234" not in letter.text + letter.html
    assert [(file.name, file.size) for file in world.files_of(letter)] == [("foto.bin", 2)]
    assert world.letters(to=ANA, letter="relayed") == []


def test_what_a_participant_writes_goes_to_the_requester_and_the_other_participants(world: World) -> None:
    number = world.ticket_of(ANA, cc=f"{EVA}, {BRUNO}")
    before = len(world.letters())
    writes(world, number, EVA, "A mí tampoco me imprime.")

    told = set(world.told(before))
    assert told == {("relayed", ANA), ("relayed", BRUNO), ("alert", LUIS), ("alert", MARTA)}
    to_ana = read_by(world, ANA)[-1]
    assert "A mí tampoco me imprime." in to_ana.text
    assert EVA in to_ana.text
    assert "SALIR" not in to_ana.text
    assert world.token(number, ANA) in dict(to_ana.headers)["Reply-To"]


@pytest.mark.parametrize("address", [ANA, EVA])
def test_who_signs_their_words_is_still_said_to_have_written_them(world: World, address: str) -> None:
    number = with_eva(world)
    world.known(EVA, name="Eva Mora")
    writes(world, number, address, f"¿Pueden borrar la clave vieja?\n\n{world.person(address).name.split()[0]}")

    (letter,) = world.letters(to=EVA if address == ANA else ANA, letter="relayed")
    assert f"<{address}> escribió sobre la solicitud #{number}:" in letter.text
    assert f"&lt;{address}&gt; escribió sobre la solicitud #{number}:" in letter.html


@pytest.mark.parametrize("state", ["inactive", "blocked"])
def test_what_a_participant_writes_is_not_relayed_to_an_account_that_gets_no_answers(world: World, state: str) -> None:
    number = world.ticket_of(ANA, cc=f"{EVA}, {BRUNO}")
    world.known(ANA, state=state)
    before = len(world.letters())
    writes(world, number, EVA, "A mí tampoco me imprime.")

    assert [one for one in world.told(before) if one[0] != "alert"] == [("relayed", BRUNO)]


def test_what_nobody_proved_is_relayed_to_nobody(world: World) -> None:
    number = with_eva(world)
    before = len(world.letters())
    writes(world, number, ANA, "Mande la clave a Eva.", s1=False)
    writes(world, number, EVA, "Mande la clave a Ana.", s1=False)
    world.receive(mail(from_="x@far.example", to=world.reply_address(number, EVA), text="Y a mí.", s1=True))

    assert {letter for letter, _ in world.told(before)} == {"alert"}


def test_who_confirms_an_account_without_proof_relays_and_adds_nothing(world: World) -> None:
    """The token shows that they read the letter, and so that the account is theirs: no more than that."""
    new = "new@far.example"
    number = world.ticket_of(new, cc=EVA)
    confirming = world.letters(to=new)[0]
    world.receive(reply_to(confirming, "Soy yo. La clave de la impresora es 1234.", cc=OUTSIDERS[1]))

    assert world.person(new).state == "active"
    assert world.messages(number)[-1].public
    assert part(world, number) == {EVA: "cc"}
    assert world.letters(to=EVA) == []


def test_what_goes_back_by_itself_goes_to_who_wrote(world: World) -> None:
    """The requester is not told that they wrote at the wrong time when a participant did."""
    areas = [one.model_copy(update={"workflow": "approval"}) for one in world.office.settings.area]
    world.open_with(area=areas)
    number = world.ticket_of(ANA, cc=BRUNO)
    world.act(number, "prepare", by=MARTA, owner=LUIS, due="2026-12-04", queue="1", difficulty="2")
    before = len(world.letters())
    writes(world, number, BRUNO, "Yo también espero.")
    by_bruno = world.told(before)
    writes(world, number, ANA, "Sigo esperando.")

    assert ("contribution_closed", ANA) not in by_bruno
    assert ("contribution_closed", BRUNO) not in by_bruno
    assert ("contribution_closed", ANA) in world.told(before)


def test_who_already_has_the_mail_gets_it_no_second_time(world: World) -> None:
    number = world.ticket_of(ANA, cc=f"{EVA}, {BRUNO}")
    before = len(world.letters())
    writes(world, number, ANA, "Uno.", cc=EVA)
    writes(world, number, LUIS, "Dos.", cc=f"{ANA}, {BRUNO}")
    world.receive(mail(from_=EVA, to=f"{world.reply_address(number, EVA)}, {ANA}", cc=BRUNO, text="Tres.", s1=True))

    relayed = [(one.to_address, one.letter) for one in world.letters()[before:] if one.letter != "alert"]
    assert relayed == [(BRUNO, "relayed"), (EVA, "relayed")]
    assert "Uno." in read_by(world, BRUNO)[-1].text
    assert "Dos." in read_by(world, EVA)[-1].text


def test_a_person_with_two_addresses_has_it_already_at_either(world: World) -> None:
    number = with_eva(world)
    world.write(
        address_table.insert().values(address="eva@home.example", person_id=world.person(EVA).id, created_at=NOON)
    )
    writes(world, number, ANA, "Por su otra dirección.", cc="eva@home.example")

    assert world.letters(to=EVA) == []
    assert world.letters(to="eva@home.example") == []
    assert part(world, number) == {EVA: "cc"}


@pytest.mark.parametrize("words", ["Cambie el tóner.", "#responder\nCambie el tóner."])
def test_so_has_a_requester_at_their_other_address(world: World, words: str) -> None:
    number = world.ticket_of(ANA)
    world.write(
        address_table.insert().values(address="ana@home.example", person_id=world.person(ANA).id, created_at=NOON)
    )
    before = len(world.letters())
    world.receive(reply_to(world.letters(to=LUIS)[-1], words, cc="ana@home.example", s1=True))

    assert world.messages(number)[-1].public
    assert {to for _, to in world.told(before)} <= {LUIS}


def test_letters_go_to_the_address_by_which_somebody_was_named(world: World) -> None:
    """What else is known of them is nobody's business, least of all in a Cc."""
    world.known(BRUNO)
    home = "bruno@home.example"
    world.write(address_table.insert().values(address=home, person_id=world.person(BRUNO).id, created_at=NOON))
    number = world.ticket_of(ANA, cc=home)
    world.answered(number)

    assert [one.to_address for one in world.letters(letter="relayed")] == [home]


def test_what_is_for_the_requester_alone_is_for_no_participant(world: World) -> None:
    """Receipts, notices of the state, of who works on it, an inactive account: none of it holds a person's words."""
    number = with_eva(world)
    world.act(number, "take")
    world.act(number, "wait")
    world.act(number, "note", text="Nota interna.")
    world.act(number, "classify", priority="1")

    assert ("state_changed", ANA) in world.told()
    assert world.letters(to=EVA) == []


@pytest.mark.parametrize(
    ("action", "more", "said"),
    [
        ("solve", {}, "está resuelta"),
        ("close", {}, "está cerrada"),
        ("reject", {"reason": "not_ours", "text": "No es nuestro."}, "no fue aceptada"),
        ("cancel", {"reason": "Se repite"}, "se canceló"),
    ],
)
def test_a_participant_is_told_that_it_is_over(world: World, action: str, more: dict[str, str], said: str) -> None:
    world.known(EVA, language="es")
    number = with_eva(world)
    world.act(number, action, **({"text": "Listo."} | more))

    (letter,) = world.letters(to=EVA)
    assert letter.letter == "finished"
    assert f"La solicitud #{number} {said}" in letter.text
    assert (more.get("text") or "Listo.") in letter.text


def test_that_it_is_over_is_said_without_a_word_too_even_to_who_stood_in_cc_of_the_mail_that_ended_it(
    world: World,
) -> None:
    number = with_eva(world)
    world.act(number, "solve")
    writes(world, number, ANA, "Pueden cerrar, gracias", cc=EVA)

    assert world.ticket(number).state == "closed"
    assert [one.letter for one in world.letters(to=EVA)] == ["finished", "finished"]


def test_a_participant_closes_and_approves_nothing(world: World) -> None:
    number = with_eva(world)
    world.act(number, "solve", text="Ya imprime.")
    row = writes(world, number, EVA, "Pueden cerrar, gracias")

    assert row.stage == "names_a_ticket"
    assert world.ticket(number).state == "open"


def test_nothing_from_before_reaches_who_came_later(world: World) -> None:
    number = later_eva(world)
    assert world.letters(to=EVA) == []
    quoted = "\n".join(f"> {line}" for line in (FIRST, "Secreto de la primera respuesta."))
    forwarded = f"Vean abajo.\n\n---------- Forwarded message ---------\nFrom: Luis <{LUIS}>\nSubject: Re\n\n{FIRST}\n"

    writes(world, number, ANA, f"Sigue igual.\n\nEl lun, 23 nov 2026, Soporte escribió:\n{quoted}\n")
    writes(world, number, ANA, forwarded)
    outlook = (
        f"Lo reenvío.\n\nDe: Soporte <{SUPPORT}>\nEnviado: lunes\nPara: Ana\nAsunto: Re: la impresora\n\n{FIRST}\n"
    )
    writes(world, number, ANA, outlook, subject="RV: la impresora")
    writes(world, number, LUIS, f"Cambie el tóner.\n\nEl lun, 23 nov 2026, Ana Pérez escribió:\n{quoted}\n")
    writes(world, number, LUIS, outlook.replace("Lo reenvío.", "Mire abajo."), subject="RV: la impresora")
    world.act(number, "reply", text=f"Como le dije:\n\n{forwarded}")
    world.act(number, "solve", text=f"Hecho.\n\nEl lun, 23 nov 2026, Ana Pérez escribió:\n{quoted}\n")

    letters = world.letters(to=EVA)
    assert len(letters) == 7
    for letter in letters:
        assert "Secreto" not in letter.text + letter.html + letter.subject
    said = " ".join(one.text for one in letters)
    for words in (
        "Sigue igual.",
        "Vean abajo.",
        "Lo reenvío.",
        "Cambie el tóner.",
        "Mire abajo.",
        "Como le dije",
        "Hecho.",
    ):
        assert words in said


def test_no_file_from_before_reaches_who_came_later(world: World) -> None:
    """Outlook sends the pictures of what it quotes again, and any mail can be attached as a whole."""
    picture = (
        b"Content-Type: image/png\nContent-Disposition: inline; filename=pantalla.png\nContent-ID: <p1>\n"
        b"Content-Transfer-Encoding: base64\n\niVBORw0KGgo=\n"
    )
    before = b"Content-Type: message/rfc822\n\nSubject: antes\n\nSecreto de la primera hora.\n"
    new = b"Content-Type: application/pdf; name=nuevo.pdf\nContent-Disposition: attachment\n\nnuevo\n"
    number = world.receive(_with_parts(mail(s1=True, text=FIRST), picture)).ticket_id
    done(order(world, number, f"+{EVA}"))

    answer = mail(to=world.reply_address(number, ANA), text="Sigue igual.", s1=True)
    world.receive(_with_parts(answer, picture, before, new))

    (letter,) = world.letters(to=EVA)
    assert [file.name for file in world.files_of(letter)] == ["nuevo.pdf"]
    assert "correos anteriores" in letter.text


def _with_parts(raw: bytes, *parts: bytes) -> bytes:
    """The mail with these beside its text."""
    head, _, body = raw.partition(b"\n\n")
    kept = [line for line in head.split(b"\n") if not line.lower().startswith((b"content-", b"mime-version"))]
    fields = b"\n".join([*kept, b'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"'])
    text = b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" + body
    return fields + b"\n\n" + b"".join(b"--b\n" + one + b"\n" for one in (text, *parts)) + b"--b--\n"


def test_what_could_not_be_read_whole_is_not_relayed(world: World) -> None:
    """Its original is attached to the ticket, with all that it quotes."""
    world.change_settings(limits={"header_kib": 4})
    number = later_eva(world)
    writes(world, number, ANA, "Sigue igual.", headers={"X-Long": "x" * 6000})

    assert [file.name for file in world.attachments(world.messages(number)[-1].id)] == ["original.eml"]
    assert world.letters(to=EVA) == []
    assert [one.data["why"] for one in world.events(number) if one.action == "not relayed"] == [
        "it could not be read whole"
    ]


def test_only_what_is_quoted_is_no_message_to_anybody(world: World) -> None:
    number = with_eva(world)
    writes(world, number, ANA, "El lun, 23 nov 2026, Soporte escribió:\n> Reiníciela.\n")

    assert world.letters(to=EVA) == []


def test_an_automatic_reply_goes_no_further(world: World) -> None:
    number = with_eva(world)
    before = len(world.letters())
    writes(world, number, EVA, "Estoy de vacaciones.", headers={"Auto-Submitted": "auto-replied"})
    writes(world, number, EVA, "Recibido.", headers={"Auto-Submitted": "auto-generated"})

    assert ("relayed", ANA) not in world.told(before)


def test_two_machines_that_answer_each_other_through_us_stop(world: World) -> None:
    world.change_settings(caps={"letters_per_ticket": 3}, mute={"equal_mails": 100})
    world.known(EVA)
    number = with_eva(world)
    for turn in range(5):
        writes(world, number, EVA, f"Su mensaje {turn} es importante para nosotros.")
        writes(world, number, ANA, f"Gracias por su mensaje {turn}.")

    assert len(world.letters(letter="relayed")) == 3
    assert world.answered(number).to_address == ANA
    assert writes(world, number, LUIS, "Y la mesa responde.").verdict == "reply"
    assert world.messages(number)[-1].kind == "reply"


def test_the_caps_for_who_never_confirmed_hold_for_what_others_write_them(world: World) -> None:
    """Who puts strangers in Cc cannot make the desk write to them as often as they like."""
    world.change_settings(caps={"letters_per_address": 2})
    number = with_eva(world)
    for turn in range(4):
        writes(world, number, ANA, f"Compre ya la oferta {turn}.")

    assert len(world.letters(to=EVA, letter="relayed")) == 2
    world.answered(number)
    assert len(world.letters(to=EVA, letter="relayed")) == 3


def test_what_others_call_somebody_stands_in_no_letter_to_them(world: World) -> None:
    number = world.ticket_of(ANA, cc=f"Gane un premio en www.example <{EVA}>")
    world.answered(number)

    (letter,) = world.letters(to=EVA)
    assert dict(letter.headers)["To"] == EVA
    assert "premio" not in letter.text + letter.html


def test_a_participant_who_became_the_requester_has_each_letter_once(world: World) -> None:
    number = with_eva(world)
    world.write(ticket.update().where(ticket.c.id == number).values(requester_id=world.person(EVA).id))
    world.write(ticket.update().where(ticket.c.id == number).values(requester_address="eva@home.example"))
    world.answered(number)

    assert [(one.letter, one.to_address) for one in world.letters() if one.letter in ("answer", "relayed")] == [
        ("answer", "eva@home.example")
    ]


def test_a_participant_whose_account_is_blocked_later_reads_no_more(world: World) -> None:
    number = with_eva(world)
    world.known(EVA, state="blocked")
    world.answered(number)

    assert world.letters(to=EVA) == []


def test_the_requesters_page_names_only_who_wrote_to_them(world: World) -> None:
    number = world.ticket_of(ANA, cc=f"Eva Soto <{EVA}>, {OUTSIDERS[1]}")
    writes(world, number, EVA, "Yo también la uso.")
    page = own.conversation(world.office, world.person(ANA).id, number, now=world.now)

    assert page is not None
    assert [one.author for one in page.messages] == ["Ana Pérez", "Eva Soto"]
    assert OUTSIDERS[1] not in repr(page)
    assert own.conversation(world.office, world.person(EVA).id, number, now=world.now) is None


# --- an answer to all ------------------------------------------------------------------------------------------------


def test_with_cc_every_letter_names_the_others(world: World) -> None:
    world.change_settings(participants={"letters": "cc"})
    number = world.ticket_of(ANA, cc=f"{EVA}, {BRUNO}")
    world.answered(number, "Cambie el tóner.")

    found = {
        one.to_address: [address for _, address in getaddresses([dict(one.headers)["Cc"]])]
        for one in world.letters()
        if one.letter in ("answer", "relayed")
    }
    assert found == {ANA: [EVA, BRUNO], EVA: [ANA, BRUNO], BRUNO: [ANA, EVA]}
    receipts = [dict(one.headers) for one in world.letters(letter="receipt")]
    assert [headers.get("Cc") for headers in receipts] == [None]


def reply_to_all(letter: Any, text: str, **changes: Any) -> bytes:
    """As Gmail and Outlook do it: To the Reply-To, Cc who else stood in To and Cc, without oneself."""
    headers = dict(letter.headers)
    others = [address for _, address in getaddresses([headers.get("Cc", "")]) if address != letter.to_address]
    return reply_to(letter, text, cc=", ".join(others), s1=True, **changes)


def test_an_answer_to_all_reaches_everybody_once_and_goes_round_in_no_circle(world: World) -> None:
    world.change_settings(participants={"letters": "cc"})
    number = world.ticket_of(ANA, cc=f"{EVA}, {BRUNO}")
    world.answered(number, "Cambie el tóner.")
    to_ana, to_eva = world.letters(to=ANA, letter="answer")[0], world.letters(to=EVA)[0]
    before = len(world.letters())

    world.receive(reply_to_all(to_ana, "Lo cambié."))
    world.receive(reply_to_all(to_eva, "Yo lo vi."))

    assert {one.letter for one in world.letters()[before:]} == {"alert"}
    assert [(one.kind, one.public, one.flags) for one in world.messages(number)[-2:]] == [("mail", True, [])] * 2
    assert part(world, number) == {EVA: "cc", BRUNO: "cc"}


def test_an_answer_to_all_of_a_mail_between_customers_finds_the_ticket_and_its_author(world: World) -> None:
    """Bruno answers Ana's own mail, not ours: To Ana, Cc the desk, with her Message-ID."""
    number = world.ticket_of(ANA, cc=BRUNO, message_id="<first@firm.example>")
    before = len(world.letters())
    found = world.receive(
        mail(from_=BRUNO, to=ANA, cc=SUPPORT, in_reply_to="<first@firm.example>", text="A mí igual.", s1=True)
    )

    assert (found.ticket_id, found.verdict) == (number, "reply")
    assert {one.letter for one in world.letters()[before:]} == {"alert"}


def test_several_of_our_reply_addresses_in_one_mail_make_one_message_by_who_wrote_it(world: World) -> None:
    """Outlook keeps every address that it met: Ana's own, Eva's, and the desk's."""
    number = with_eva(world)
    ours = [world.reply_address(number, EVA), world.reply_address(number, ANA), SUPPORT]
    raw = mail(to=ours[0], cc=f"{ours[1]}, {ours[2]}, {EVA}", text="Para todos.", s1=True)
    before, said = len(world.letters()), len(world.messages(number))

    (kept,) = world.keep(raw)
    world.work_through()

    assert [one.verdict for one in world.deliveries(kept)] == ["reply", "duplicate", "duplicate"]
    assert len(world.messages(number)) == said + 1
    assert world.messages(number)[-1].flags == []
    assert {one.letter for one in world.letters()[before:]} == {"alert"}


def test_the_same_mail_to_all_through_two_doors_is_relayed_once(world: World) -> None:
    number = with_eva(world)
    raw = mail(to=world.reply_address(number, ANA), text="Sigue igual.", s1=True)
    world.receive(raw)
    world.receive(raw)

    assert len(world.letters(to=EVA)) == 1


# --- whatever happens ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_nobody_reads_what_was_not_for_them(world: World, seed: int) -> None:
    """People come, leave and write in any order: each word is read by those who were there when it was said."""
    world.change_settings(
        participants={"letters": "cc" if seed % 2 else "separate"},
        caps={"letters_per_ticket": 1000, "letters_per_address": 1000, "new_senders": 1000},
        mute={"equal_mails": 100},
    )
    chance = random.Random(seed)
    number = world.ticket_of(ANA, text="Palabra0 para nadie más.")
    here: set[str] = set()
    may_read: dict[str, set[str]] = {}
    has: dict[str, set[str]] = {}
    for turn in range(1, 25):
        word, who = f"Palabra{turn}x", chance.choice(OUTSIDERS)
        gone = {address for address, what in part(world, number).items() if what == "left"}
        match chance.randrange(6):
            case 0:
                writes(world, number, ANA, word, cc=who)
                may_read[word], has[word] = here - {who}, {who}
                here |= {who} - gone
            case 1 if who in here:
                writes(world, number, who, "salir")
                here.discard(who)
            case 2 if who in here:
                writes(world, number, who, word, cc=chance.choice([ANA, "", "x@far.example"]))
                may_read[word] = here - {who}
            case 3:
                done(order(world, number, f"{'-' if who in here else '+'}{who}"))
                here ^= {who}
            case 4:
                writes(world, number, chance.choice([ANA, *here]), word, s1=False)
                may_read[word] = set()
            case _:
                writes(
                    world, number, LUIS, f"{word}\n\nEl lun, 23 nov 2026, Ana escribió:\n> Palabra0 para nadie más.\n"
                )
                may_read[word] = set(here)
    for address in OUTSIDERS:
        letters = " ".join(one.text + one.html for one in world.letters(to=address))
        assert "Palabra0" not in letters
        read = {word for word in may_read if word in letters}
        assert read == {word for word, readers in may_read.items() if address in readers - has.get(word, set())}
