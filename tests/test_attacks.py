"""The forged, the replayed, the forwarded, the quoted, the cc'd, the absent: real mails, and what comes of them."""

import base64
from email.message import EmailMessage
from typing import Any

import pytest

from gateway.store.tables import person as person_table
from tests.world import ANA, BILLING, BRUNO, EVA, LUIS, MARTA, NORA, SUPPORT, World, mail, reply_to

STRANGER = "mallory@evil.example"
SIGNATURE = {"DKIM-Signature": "v=1; a=rsa-sha256; d=staff.example; s=k; h=from:to:subject; bh=xyz; b=abcDEF"}


@pytest.fixture
def number(world: World) -> int:
    """Ana's ticket, of which Luis and Marta were told."""
    return world.ticket_of(ANA)


def alert(world: World, number: int, to: str = LUIS) -> Any:
    return [one for one in world.letters(to=to) if one.ticket_id == number][-1]


def commands(world: World, number: int, text: str = "#tomar\n#tiempo 15m", **changes: Any) -> bytes:
    """What Luis writes in answer to the desk's letter, signed, unless something is changed."""
    return reply_to(alert(world, number), text, **({"s1": True} | changes))


def nothing_done(world: World, number: int) -> bool:
    row = world.ticket(number)
    return (row.owner_id, row.time_spent, row.priority, row.closed_at, row.version) == (None, 0, 2, None, 1)


def said_to(world: World, address: str, since: int = 0) -> str:
    """All that this address got, after the first so many letters."""
    letters = [one for one in world.letters()[since:] if one.to_address == address]
    return "\n".join(f"{one.subject}\n{one.text}\n{one.html}" for one in letters)


def with_html(raw: bytes, html: str, *, plain: str | None = None) -> bytes:
    """The same mail with an HTML body; `plain` beside it, or none at all."""
    head = raw.partition(b"\n\n")[0].decode()
    kept = [line for line in head.split("\n") if not line.lower().startswith(("content-", "mime-version"))]
    body = EmailMessage()
    if plain is None:
        body.set_content(html, subtype="html")
    else:
        body.set_content(plain)
        body.add_alternative(html, subtype="html")
    return "\n".join(kept).encode() + b"\n" + body.as_bytes()


def test_the_mail_that_all_these_attacks_imitate_is_obeyed(world: World, number: int) -> None:
    row = world.receive(commands(world, number))

    assert row.verdict == "command"
    assert world.ticket(number).time_spent == 900
    assert world.ticket(number).owner_id == world.person(LUIS).id


# --- the forged -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"s1": False}, id="nothing proves it"),
        pytest.param({"s1": False, "dmarc": "fail"}, id="DMARC fails"),
        pytest.param({"s1": True, "signed": False}, id="the path alone is proven"),
        pytest.param(
            {"s1": False, "headers": {"Authentication-Results": "mx.evil.example; dmarc=pass"}}, id="own word"
        ),
        pytest.param({"s1": True, "to": SUPPORT, "in_reply_to": "", "references": ""}, id="no token"),
        pytest.param({"s1": True, "to": SUPPORT, "subject": "[#1] x", "references": "", "in_reply_to": ""}, id="a tag"),
        pytest.param({"s1": True, "from_": f"Luis <{STRANGER}>"}, id="the name of an agent"),
        pytest.param({"s1": True, "from_": f'"{LUIS}" <{STRANGER}>'}, id="the address of an agent as a name"),
        pytest.param({"s1": True, "from_": STRANGER, "headers": {"Sender": LUIS, "Reply-To": LUIS}}, id="Sender"),
        pytest.param({"s1": True, "from_": MARTA}, id="a colleague with another's token"),
    ],
)
def test_a_forged_command_does_nothing_and_its_words_reach_nobody_outside(
    world: World, number: int, changes: dict[str, Any]
) -> None:
    before = len(world.letters())
    world.receive(commands(world, number, "#tomar\n#tiempo 15m\n\nOprima aquí: http://evil.example", **changes))

    assert nothing_done(world, number)
    assert "evil.example" not in said_to(world, ANA, before)
    assert "evil.example" not in said_to(world, STRANGER, before)


def test_what_a_customer_commands_with_an_agents_token_is_a_mail_of_theirs(world: World, number: int) -> None:
    before = len(world.letters())
    row = world.receive(commands(world, number, "#tomar\n#tiempo 15m", from_=ANA))

    assert row.verdict == "reply"
    assert (world.ticket(number).owner_id, world.ticket(number).time_spent) == (None, 0)
    assert {letter for letter, _ in world.told(before)} == {"alert"}


def test_two_from_headers_are_nobody(world: World, number: int) -> None:
    raw = b"From: eva@elsewhere.example\n" + commands(world, number)
    before = len(world.letters(to=EVA))
    row = world.receive(raw)

    assert row.verdict != "command"
    assert nothing_done(world, number)
    assert len(world.letters(to=EVA)) == before


def test_an_agent_whose_account_rests_commands_nothing(world: World, number: int) -> None:
    raw = commands(world, number)
    world.write(person_table.update().where(person_table.c.id == world.person(LUIS).id).values(state="inactive"))
    world.receive(raw)

    assert nothing_done(world, number)


def test_an_agent_who_lost_their_role_commands_nothing_and_writes_to_nobody(world: World, number: int) -> None:
    raw = commands(world, number, "#tomar\nHola, Ana: soy yo todavía.")
    world.act(number, "classify", by=MARTA, area="billing")
    before, version = len(world.letters()), world.ticket(number).version
    world.receive(raw)

    assert (world.ticket(number).owner_id, world.ticket(number).version) == (None, version)
    assert "soy yo todavía" not in said_to(world, ANA, before)


def test_an_agent_of_another_area_is_not_shown_the_ticket(world: World, number: int) -> None:
    theirs = world.ticket_of(EVA, to=BILLING, subject="Factura", text="No llegó.")
    letter = [one for one in world.letters(to=NORA) if one.ticket_id == theirs][-1]
    for text in (f"#ver {number}", f"#ver #{number}", f"#ticket {number}\n#ver", f"#unir {number}"):
        world.receive(reply_to(letter, text, s1=True))
    world.receive(reply_to(letter, "#ver", s1=True, subject=f"[#{number}] x", in_reply_to="", references=""))

    assert "impresora" not in said_to(world, NORA)
    assert nothing_done(world, number)


@pytest.mark.parametrize("command", ["#unir", "#enlazar"])
def test_an_agent_joins_theirs_to_no_ticket_that_they_do_not_see(world: World, number: int, command: str) -> None:
    """It would be out of their sight from then on, and its requester's answers with it."""
    theirs = world.ticket_of(ANA, to=BILLING, subject="Factura", text="No llegó.")
    before = len(world.letters(to=LUIS))
    world.receive(commands(world, number, f"{command} #{theirs}"))
    world.receive(commands(world, number, f"{command} #999"))

    first, second = (one for one in world.letters(to=LUIS)[before:])
    assert (first.letter, first.text.replace(f"{theirs}", "999")) == ("commands_refused", second.text)
    assert (world.links(number), world.ticket(number).closed_at) == (set(), None)


def test_an_agent_who_may_not_see_a_ticket_does_not_learn_its_subject(world: World) -> None:
    """Anybody of the area can name a ticket by the Message-ID of its mail: the note waits, the subject stays hidden."""
    areas = [area.model_copy(update={"workflow": "assignment"}) for area in world.office.settings.area]
    world.open_with(area=areas)
    number = world.ticket_of(ANA, subject="Despido de Luis", message_id="<despido@firm.example>")
    row = world.receive(mail(from_=LUIS, subject="Re: x", in_reply_to="<despido@firm.example>", text="¿Qué dice?"))

    assert (row.ticket_id, row.verdict) == (number, "reply")
    assert [one.letter for one in world.letters(to=LUIS)] == ["alert"]
    assert "Despido" not in said_to(world, LUIS)


def test_a_customer_who_writes_commands_has_written_words(world: World, number: int) -> None:
    row = world.receive(reply_to(world.letters(to=ANA)[-1], "#cerrar\n#prioridad alta", s1=True))

    assert row.verdict == "reply"
    assert nothing_done(world, number) or world.ticket(number).closed_at is None
    assert world.ticket(number).priority == 2


# --- the replayed -----------------------------------------------------------------------------------------------------


def test_the_same_bytes_again_do_nothing(world: World, number: int) -> None:
    raw = commands(world, number)
    world.receive(raw)

    assert world.receive(raw).verdict == "duplicate"
    assert world.ticket(number).time_spent == 900


@pytest.mark.parametrize("headers", [{}, SIGNATURE])
def test_the_same_bytes_to_another_address_of_ours_do_nothing(
    world: World, number: int, headers: dict[str, str]
) -> None:
    raw = commands(world, number, headers=headers)
    world.receive(raw)
    world.receive(raw, to=[BILLING])
    world.receive(raw, to=["soporte@desk.example"])

    assert world.ticket(number).time_spent == 900


@pytest.mark.parametrize(
    "changes",
    [
        {"message_id": "<another@staff.example>"},
        {"date": "Tue, 24 Nov 2026 12:00:00 +0000"},
        {"message_id": "<another@staff.example>", "date": "Tue, 24 Nov 2026 12:00:00 +0000"},
        {"in_reply_to": "", "references": ""},
    ],
)
def test_a_copy_with_other_unsigned_lines_does_nothing(world: World, number: int, changes: dict[str, str]) -> None:
    letter = alert(world, number)
    world.receive(reply_to(letter, "#tiempo 15m", s1=True, headers=SIGNATURE))
    world.receive(reply_to(letter, "#tiempo 15m", s1=True, headers=SIGNATURE, **changes))

    assert world.ticket(number).time_spent == 900


def test_a_mail_about_one_ticket_with_the_token_of_another_is_obeyed_in_neither(world: World, number: int) -> None:
    """The token for commands stands behind the one that says what the mail is about."""
    other = world.ticket_of(BRUNO, subject="El portal de pagos")
    commanding = dict(alert(world, number).headers)["Reply-To"]
    row = world.receive(mail(from_=LUIS, to=world.reply_address(other, LUIS), cc=commanding, text="#tomar", s1=True))

    assert (row.verdict, row.reasons) == ("command", ["commands that do not count: no token"])
    assert nothing_done(world, number)
    assert nothing_done(world, other)


def test_a_copy_of_a_signed_mail_does_not_work_on_another_ticket(world: World, number: int) -> None:
    other = world.ticket_of(ANA, subject="Otra cosa")
    world.receive(commands(world, number, headers=SIGNATURE))
    world.receive(reply_to(alert(world, other), "#tomar\n#tiempo 15m", s1=True, headers=SIGNATURE))

    assert nothing_done(world, other)


def test_a_signature_written_another_way_is_the_same(world: World, number: int) -> None:
    """White space in the tag b= means nothing, and neither does the order of the tags (RFC 6376, 3.5)."""
    letter = alert(world, number)
    folded = {"DKIM-Signature": "b=abc DE F; v=1; d=staff.example; s=k; a=rsa-sha256; h=from:to:subject; bh=xyz"}
    world.receive(reply_to(letter, "#tiempo 15m", s1=True, headers=SIGNATURE))
    world.receive(reply_to(letter, "#tiempo 15m", s1=True, headers=folded, message_id="<other@staff.example>"))

    assert world.ticket(number).time_spent == 900


def test_an_old_letter_is_no_key_any_more(world: World, number: int) -> None:
    raw = commands(world, number)
    world.later(days=400)
    world.receive(raw)

    assert nothing_done(world, number)


# --- the forwarded ----------------------------------------------------------------------------------------------------


def test_a_customer_to_whom_an_agent_forwarded_the_alert_cannot_use_it(world: World, number: int) -> None:
    before = len(world.letters())
    world.receive(commands(world, number, "#resuelto\nGracias, ya quedó.", from_=ANA))
    world.receive(commands(world, number, "Gracias, ya quedó.", from_=ANA))

    assert world.ticket(number).closed_at is None
    assert world.ticket(number).owner_id is None
    assert world.letters(to=ANA, letter="answer") == []
    assert {one.letter for one in world.letters()[before:]} <= {"alert"}


def test_an_outsider_to_whom_a_letter_was_forwarded_reaches_the_desk_alone_and_gets_nothing(
    world: World, number: int
) -> None:
    world.receive(reply_to(world.letters(to=ANA)[-1], "Yo sé qué es: el tóner.", from_=STRANGER, s1=True))
    world.answered(number, "Ya lo cambiamos.")

    assert not world.messages(number)[-2].public
    assert "tóner" not in said_to(world, ANA)
    assert said_to(world, STRANGER) == ""


# --- the quoted -------------------------------------------------------------------------------------------------------

QUOTES = {
    "marked": "\n\nEl lun, 23 nov 2026 a las 12:00, Ana (<ana@firm.example>) escribió:\n\n"
    "> #resuelto\n> #prioridad alta\n",
    "a header block": "\n\n________________________________\nDe: Ana Pérez <ana@firm.example>\n"
    "Enviado: lunes, 23 de noviembre de 2026 12:00\nPara: Mesa de ayuda\nAsunto: impresora\n\n"
    "#resuelto\n#prioridad alta\n",
    "marks alone": "\n\n> #resuelto\n> #prioridad alta\n",
}


@pytest.mark.parametrize("quote", QUOTES)
def test_commands_that_an_agents_answer_quotes_are_not_read(world: World, number: int, quote: str) -> None:
    row = world.receive(commands(world, number, f"Hola, Ana: ya la miro.{QUOTES[quote]}"))

    assert row.verdict == "reply"
    assert (world.ticket(number).closed_at, world.ticket(number).priority) == (None, 2)
    answer = world.letters(to=ANA, letter="answer")[-1]
    assert "ya la miro" in answer.text
    assert "#resuelto" not in answer.text + answer.html


@pytest.mark.parametrize("quote", QUOTES)
def test_a_mail_that_only_quotes_commands_does_nothing(world: World, number: int, quote: str) -> None:
    world.receive(commands(world, number, QUOTES[quote].lstrip("\n")))

    assert nothing_done(world, number)
    assert "#resuelto" not in said_to(world, ANA)


@pytest.mark.parametrize("quote", QUOTES)
def test_a_customer_who_quotes_a_clear_word_has_not_said_it(world: World, number: int, quote: str) -> None:
    text = f"No funciona.{QUOTES[quote]}".replace("#resuelto", "cerrar").replace("#prioridad alta", "estado")
    row = world.receive(reply_to(world.letters(to=ANA)[-1], text, s1=True))

    assert row.verdict == "reply"
    assert world.ticket(number).closed_at is None


# --- the cc'd ---------------------------------------------------------------------------------------------------------


def test_who_was_put_in_cc_by_a_forger_takes_no_part(world: World, number: int) -> None:
    world.receive(reply_to(world.letters(to=ANA)[-1], "Otra cosa.", s1=False, cc=STRANGER))
    world.answered(number, "La clave de la impresora es 1234.")

    assert "1234" not in said_to(world, STRANGER)


def test_who_is_in_cc_of_a_strangers_or_a_participants_mail_takes_no_part(world: World, number: int) -> None:
    world.receive(reply_to(world.letters(to=ANA)[-1], "Sumo a Eva.", s1=True, cc=EVA))
    for sender in (EVA, STRANGER):
        token = world.letters(to=ANA)[0]
        world.receive(reply_to(token, "Y a otro.", from_=sender, s1=True, cc="otro@evil.example"))
    world.answered(number, "La clave de la impresora es 1234.")

    assert said_to(world, "otro@evil.example") == ""
    assert "1234" in said_to(world, EVA)
    assert "no imprime nada" not in said_to(world, EVA)


def test_a_participant_commands_nothing(world: World, number: int) -> None:
    world.receive(reply_to(world.letters(to=ANA)[-1], "Sumo a Eva.", s1=True, cc=EVA))
    world.answered(number)
    row = world.receive(reply_to(world.letters(to=EVA)[-1], "#cerrar\n#participante +otro@evil.example", s1=True))

    assert row.verdict == "reply"
    assert world.ticket(number).closed_at is None
    assert said_to(world, "otro@evil.example") == ""


def test_who_left_is_not_brought_back_by_a_cc(world: World, number: int) -> None:
    world.receive(reply_to(world.letters(to=ANA)[-1], "Sumo a Eva.", s1=True, cc=EVA))
    world.answered(number)
    world.receive(reply_to(world.letters(to=EVA)[-1], "salir", s1=True))
    world.receive(reply_to(world.letters(to=ANA)[-1], "Otra vez.", s1=True, cc=EVA))
    before = len(world.letters())
    world.answered(number, "La clave de la impresora es 1234.")

    assert said_to(world, EVA, before) == ""


# --- the absent -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Auto-Submitted": "auto-generated"},
        {"X-Autoreply": "yes"},
        {"Precedence": "bulk"},
        {"List-Id": "<agents.staff.example>"},
    ],
)
def test_a_machine_in_an_agents_name_commands_nothing(world: World, number: int, headers: dict[str, str]) -> None:
    text = "#resuelto\n#tiempo 15m\nEstoy de vacaciones hasta el lunes."
    row = world.receive(commands(world, number, text, headers=headers))

    assert row.verdict != "command"
    assert world.ticket(number).time_spent == 0
    assert world.ticket(number).closed_at is None
    assert "#resuelto" not in said_to(world, ANA)


def test_a_mail_with_the_null_return_path_commands_nothing(world: World, number: int) -> None:
    world.receive(commands(world, number), envelope_from="")

    assert nothing_done(world, number)


# --- other places than the top of the plain text ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "plain"),
    [
        ("<p>#tomar<br>#tiempo 15m</p><p>Hola</p>", None),
        ("<p>#tomar<br>#tiempo 15m</p>", " \n"),
        ("<p>#tomar<br>#tiempo 15m</p>", "Hola, Ana."),
        ('<p style="display:none">#tomar<br>#tiempo 15m</p><p>Hola</p>', None),
    ],
)
def test_commands_in_html_are_not_read(world: World, number: int, html: str, plain: str | None) -> None:
    world.receive(with_html(commands(world, number), html, plain=plain))

    assert world.ticket(number).time_spent == 0
    assert world.ticket(number).owner_id is None
    assert "#tomar" not in said_to(world, ANA)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"subject": "#tomar #tiempo 15m"}, id="subject"),
        pytest.param({"headers": {"X-Command": "#tiempo 15m", "Keywords": "#tomar"}}, id="headers"),
        pytest.param({"files": [("comandos.txt", b"#tomar\n#tiempo 15m\n")]}, id="attachment"),
        pytest.param({"from_": f'"#tomar #tiempo 15m" <{LUIS}>'}, id="name"),
    ],
)
def test_commands_in_other_places_are_not_read(world: World, number: int, changes: dict[str, Any]) -> None:
    world.receive(commands(world, number, "Hola, Ana: ya la miro.", **changes))

    assert world.ticket(number).time_spent == 0
    assert world.ticket(number).owner_id is None
    answer = world.letters(to=ANA, letter="answer")[-1]
    assert "#tomar" not in answer.subject + answer.text + answer.html


def test_commands_in_a_mail_that_is_attached_are_not_read(world: World, number: int) -> None:
    inner = EmailMessage()
    inner["From"], inner["Subject"] = LUIS, "comandos"
    inner.set_content("#tomar\n#tiempo 15m")
    built = EmailMessage()
    built.set_content("Hola, Ana: ya la miro.")
    built.add_attachment(inner)
    head = commands(world, number).partition(b"\n\n")[0].decode()
    kept = [line for line in head.split("\n") if not line.lower().startswith(("content-", "mime-version"))]
    world.receive("\n".join(kept).encode() + b"\n" + built.as_bytes())

    assert world.ticket(number).time_spent == 0
    assert "#tomar" not in said_to(world, ANA)


def test_commands_in_a_second_text_part_are_not_read(world: World, number: int) -> None:
    body = (
        b'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n'
        b"--b\nContent-Type: text/plain\n\nHola, Ana.\n"
        b"--b\nContent-Type: text/plain\nContent-Disposition: inline\n\n#tomar\n#tiempo 15m\n--b--\n"
    )
    head = commands(world, number).partition(b"\n\n")[0].decode()
    kept = [line for line in head.split("\n") if not line.lower().startswith(("content-", "mime-version"))]
    world.receive("\n".join(kept).encode() + b"\n" + body)

    assert world.ticket(number).time_spent == 0
    assert "#tiempo" not in said_to(world, ANA)


@pytest.mark.parametrize(
    "text",
    [
        "Hola, Ana.\n#tomar\n#tiempo 15m",
        "\u200b#tomar\n#prioridad altísima",
        "\u202e#tomar\n#prioridad altísima",
        "\ufeff\u2060#prioridad altísima",
        "＃tomar\n＃tiempo 15m",
        "\u00a0\u3000#prioridad altísima\nHola",
        "-- \n#tomar\n#tiempo 15m",
    ],
)
def test_a_command_that_is_not_quite_at_the_top_or_hides_never_reaches_the_customer(
    world: World, number: int, text: str
) -> None:
    world.receive(commands(world, number, text))

    assert nothing_done(world, number)
    for word in ("#tomar", "＃tomar", "#prioridad", "#tiempo"):
        assert word not in said_to(world, ANA)


def test_a_body_in_base64_is_the_same_plain_text(world: World, number: int) -> None:
    head = commands(world, number).partition(b"\n\n")[0].decode()
    kept = [line for line in head.split("\n") if not line.lower().startswith(("content-", "mime-version"))]
    coded = base64.encodebytes(b"#tomar\n#tiempo 15m\n")
    fields = "\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
    row = world.receive("\n".join(kept).encode() + fields.encode() + coded)

    assert row.verdict == "command"
    assert world.ticket(number).time_spent == 900


def test_a_file_in_base64_is_not_read_for_commands(world: World, number: int) -> None:
    built = EmailMessage()
    built.set_content("Hola, Ana: ya la miro.")
    built.add_attachment(b"#tomar\n#tiempo 15m\n", maintype="text", subtype="plain", filename="a.txt", cte="base64")
    head = commands(world, number).partition(b"\n\n")[0].decode()
    kept = [line for line in head.split("\n") if not line.lower().startswith(("content-", "mime-version"))]
    world.receive("\n".join(kept).encode() + b"\n" + built.as_bytes())

    assert world.ticket(number).time_spent == 0


# --- in quantity ------------------------------------------------------------------------------------------------------


def test_nobody_can_make_us_write_to_an_agent_without_end(world: World, number: int) -> None:
    """Each forged command is answered to the agent in whose name it came: so often, and no more."""
    before = len(world.letters(to=LUIS))
    for one in range(40):
        world.receive(commands(world, number, f"#tomar\nTexto {one}", s1=False))

    assert len(world.letters(to=LUIS)) - before <= 3


def test_nor_by_naming_one_ticket_after_the_other(world: World) -> None:
    numbers = [world.ticket_of(f"cliente{one}@firm.example", subject=f"Cosa {one}") for one in range(6)]
    before = len(world.letters(to=LUIS))
    for one in numbers:
        world.receive(mail(from_=LUIS, subject=f"[#{one}] La impresora", text=f"#tomar\nTexto {one}"))

    assert [one.letter for one in world.letters(to=LUIS)[before:]] == ["commands_refused"]


def test_who_answers_old_letters_by_signed_mail_hears_of_each_ticket(world: World) -> None:
    numbers = [world.ticket_of(subject="Una"), world.ticket_of(subject="Otra cosa")]
    letters = [next(one for one in world.letters(to=LUIS) if one.ticket_id == number) for number in numbers]
    world.later(days=15)
    for letter in letters:
        world.receive(reply_to(letter, "#tomar", s1=True))

    assert [one.ticket_id for one in world.letters(to=LUIS, letter="commands_refused")] == numbers


def test_nobody_can_make_us_write_to_a_customer_without_end(world: World, number: int) -> None:
    letter = world.letters(to=ANA)[-1]
    for _ in range(40):
        world.receive(reply_to(letter, "no más avisos", s1=False))
        world.receive(reply_to(letter, "estado", s1=False))

    assert len(world.letters(to=ANA)) <= 1 + world.office.settings.caps.letters_per_address
