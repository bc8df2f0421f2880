"""An agent forwards a customer's mail to the desk: the ticket is the customer's, and the agent is told what was read.

Whoever forges such a mail, or what stands in it, makes a ticket in the name of an address and nothing else.
"""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.desk.forwarding import Unclear
from gateway.inbound.arrivals import PAST
from gateway.inbound.forwarded import forwarded_in
from gateway.inbound.mail import Headers, Mailbox, ParsedMail, Unidentified
from gateway.settings import Limits, Rule
from gateway.store.tables import person
from gateway.threading.quotes import read_reply
from gateway.work import explain
from tests.test_quotes_forwards import APPLE_HTML, GMAIL_HTML, OUTLOOK_HTML, OUTLOOK_WEB_HTML, THUNDERBIRD_HTML
from tests.world import ANA, BILLING, EVA, LUIS, MARTA, NORA, SUPPORT, World, code_in, mail, reply_to

LAURA = "laura@nuevo.example"
INNER = "Buenos días:\n\nDesde ayer la impresora no imprime la nómina.\n\nLaura"

GMAIL_ES = """{own}

---------- Forwarded message ---------
De: {author}
Date: lun, 23 nov 2026 a las 6:40
Subject: {subject}
To: Luis Gómez <luis@staff.example>


{inner}
"""
OUTLOOK_ES = """{own}

De: {author}
Enviado el: lunes, 23 de noviembre de 2026 6:40 a. m.
Para: Luis Gómez <luis@staff.example>
Asunto: {subject}

{inner}
"""
OUTLOOK_EN = """{own}

From: {author}
Sent: Monday, November 23, 2026 6:40 AM
To: Luis Gómez <luis@staff.example>
Subject: {subject}

{inner}
"""
OUTLOOK_PT = """{own}

De: {author}
Enviada em: segunda-feira, 23 de novembro de 2026 06:40
Para: Luis Gómez <luis@staff.example>
Assunto: {subject}

{inner}
"""
APPLE_ES = """{own}

Inicio del mensaje reenviado:

> De: {author}
> Asunto: {subject}
> Fecha: 23 de noviembre de 2026, 6:40:12 a. m. GMT-5
> Para: Luis Gómez <luis@staff.example>
>
{quoted}
"""
APPLE_EN = """{own}

Begin forwarded message:

> From: {author}
> Subject: {subject}
> Date: November 23, 2026 at 6:40:12 AM GMT-5
> To: Luis Gómez <luis@staff.example>
>
{quoted}
"""
THUNDERBIRD_ES = """{own}

-------- Mensaje reenviado --------
Asunto: \t{subject}
Fecha: \tMon, 23 Nov 2026 06:40:12 -0500
De: \t{author}
Para: \tLuis Gómez <luis@staff.example>

{inner}
"""
THUNDERBIRD_PT = """{own}

-------- Mensagem encaminhada --------
Assunto: \t{subject}
Data: \tMon, 23 Nov 2026 06:40:12 -0300
De: \t{author}
Para: \tLuis Gómez <luis@staff.example>

{inner}
"""
PROGRAMS = {
    "Gmail": (GMAIL_ES, "Fwd"),
    "Outlook": (OUTLOOK_ES, "RV"),
    "Outlook in English": (OUTLOOK_EN, "FW"),
    "Outlook in Portuguese": (OUTLOOK_PT, "ENC"),
    "Apple": (APPLE_ES, "Fwd"),
    "Apple in English": (APPLE_EN, "Fwd"),
    "Thunderbird": (THUNDERBIRD_ES, "Fwd"),
    "Thunderbird in Portuguese": (THUNDERBIRD_PT, "Fwd"),
}


def forward(
    template: str = GMAIL_ES,
    *,
    own: str = "Por favor, es urgente.",
    author: str = f"Laura Sanz <{LAURA}>",
    subject: str = "La impresora no imprime",
    inner: str = INNER,
    prefix: str = "Fwd",
    **changes: Any,
) -> bytes:
    """What Luis sends when he forwards a mail to the desk."""
    quoted = "\n".join(f"> {line}".rstrip() for line in inner.splitlines())
    text = template.format(own=own, author=author, subject=subject, inner=inner, quoted=quoted)
    fields: dict[str, Any] = {"from_": f"Luis Gómez <{LUIS}>", "subject": f"{prefix}: {subject}", "text": text}
    return mail(**(fields | {"s1": True} | changes))


def attached(*inner: bytes, own: str = "", **changes: Any) -> bytes:
    """The same with the mails as files."""
    fields: dict[str, Any] = {"from_": f"Luis Gómez <{LUIS}>", "subject": "Fwd: correo de una cliente", "text": own}
    built = message_from_bytes(mail(**(fields | {"s1": True} | changes)), policy=SMTP)
    assert isinstance(built, EmailMessage)
    for one in inner:
        built.add_attachment(message_from_bytes(one, policy=SMTP))
    return built.as_bytes()


def letters_since(world: World, before: int) -> set[tuple[str, str]]:
    return set(world.told(before))


def understood(world: World) -> Any:
    return world.letters(to=LUIS, letter="understood")[-1]


# --- whose it becomes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_ticket_is_the_customers_by_whatever_program_it_was_forwarded(world: World, program: str) -> None:
    """Requester, subject and text are those of the inner mail; what the agent wrote above it is a note."""
    template, prefix = PROGRAMS[program]

    found = world.receive(forward(template, prefix=prefix))

    ticket = world.ticket(found.ticket_id)
    first, note = world.messages(ticket.id)
    assert (found.verdict, found.stage) == ("ticket", "forwarded_by_the_desk")
    assert ticket.requester_address == LAURA
    assert ticket.subject == "La impresora no imprime"
    assert (ticket.origin, ticket.owner_id, ticket.language) == ("mail", None, "es")
    assert (first.kind, first.public, first.author_id) == ("mail", True, ticket.requester_id)
    assert (first.text.strip(), first.author_address, first.verified) == (INNER, LAURA, False)
    assert (note.kind, note.public, note.author_id) == ("note", False, world.person(LUIS).id)
    assert note.text.strip() == "Por favor, es urgente."


@pytest.mark.parametrize(
    ("html", "prefix"),
    [
        pytest.param(GMAIL_HTML, "Fwd", id="Gmail"),
        pytest.param(OUTLOOK_HTML, "RV", id="Outlook"),
        pytest.param(OUTLOOK_WEB_HTML, "RV", id="Outlook on the web"),
        pytest.param(THUNDERBIRD_HTML, "Fwd", id="Thunderbird"),
        pytest.param(APPLE_HTML, "Fwd", id="Apple"),
    ],
)
def test_of_a_forward_in_html_only_the_inner_mail_is_shown_to_the_customer(
    world: World, html: str, prefix: str
) -> None:
    built = message_from_bytes(mail(from_=LUIS, subject=f"{prefix}: No dial tone", s1=True), policy=SMTP)
    assert isinstance(built, EmailMessage)
    built.set_content(html, subtype="html")

    found = world.receive(built.as_bytes())

    first, note = world.messages(found.ticket_id)
    assert world.ticket(found.ticket_id).requester_address == "luis@other.example"
    assert (first.text.strip(), first.html) == ("The phone is dead.", "")
    assert note.text.strip() == "Can you help Luis?"


def test_who_is_new_is_registered_as_pending_and_who_is_known_is_the_same_person(world: World) -> None:
    new = world.ticket(world.receive(forward()).ticket_id)
    known = world.ticket(world.receive(forward(author=f"A. Pérez <{ANA.upper()}>")).ticket_id)

    assert (world.person(LAURA).state, world.person(LAURA).name) == ("pending", "Laura Sanz")
    assert (new.requester_id, new.verified) == (world.person(LAURA).id, False)
    assert (known.requester_id, known.verified) == (world.person(ANA).id, True)
    assert world.person(ANA).name == "Ana Pérez"


def test_the_log_says_who_made_it_and_the_agent_finds_it_among_what_they_created(world: World) -> None:
    number = world.receive(forward()).ticket_id

    luis = world.person(LUIS).id
    (received,) = [one for one in world.events(number) if one.action == "received"]
    assert (received.actor_id, received.data["verified"], received.data["requester"]) == (luis, "no", LAURA)
    assert world.ticket(number).created_by == luis


def test_the_subject_loses_the_marks_of_forwarding_only(world: World) -> None:
    number = world.receive(forward(subject="RV: Fwd: RE: Factura 12")).ticket_id

    assert world.ticket(number).subject == "RE: Factura 12"


def test_the_language_is_that_of_the_inner_mail(world: World) -> None:
    inner = "Bom dia,\n\nA impressora não imprime desde ontem e preciso dela até amanhã. Podem ajudar?\n\nObrigada"

    number = world.receive(forward(OUTLOOK_PT, prefix="ENC", inner=inner)).ticket_id

    assert world.ticket(number).language == "pt"
    assert world.letters(to=LAURA)[0].language == "pt"


def test_the_files_of_the_mail_come_with_it(world: World) -> None:
    number = world.receive(forward(own="", files=[("nomina.pdf", b"%PDF")])).ticket_id

    (first,) = world.messages(number)
    assert [one.name for one in world.attachments(first.id)] == ["nomina.pdf"]
    assert "nomina.pdf" in understood(world).text


def test_a_forwarded_conversation_is_its_latest_authors_and_the_older_mail_is_folded(world: World) -> None:
    older = f"{INNER}\n\nEl lun, 23 nov 2026 a las 6:00, Luis Gómez <{LUIS}> escribió:\n> ¿Qué modelo es?\n"

    number = world.receive(forward(inner=older)).ticket_id

    (first, _) = world.messages(number)
    assert [kind for _, _, kind, _ in first.spans] == ["new", "attribution", "quoted"]
    assert "¿Qué modelo es?" in first.text
    assert "¿Qué modelo es?" not in understood(world).text


def test_a_forward_within_the_forward_is_what_the_customer_wrote(world: World) -> None:
    nested = GMAIL_ES.format(own="Me escribieron esto:", author=f"Eva <{EVA}>", subject="Otra cosa", inner="No anda.")

    number = world.receive(forward(subject="Fwd: Otra cosa", inner=nested)).ticket_id

    assert world.ticket(number).requester_address == LAURA
    assert "Me escribieron esto:" in world.messages(number)[0].text
    assert "No anda." in world.messages(number)[0].text


def test_the_desks_rules_look_at_the_customers_mail(world: World) -> None:
    world.open_with(
        rule=[
            Rule(name="theirs", sender=["*@nuevo.example"], words=["nómina"], category="printers"),
            Rule(name="luis", sender=[LUIS], category="wrong"),
        ]
    )

    found = world.receive(forward())

    assert world.ticket(found.ticket_id).category == "printers"
    assert found.facts["rules"] == ["theirs"]


# --- as a file -------------------------------------------------------------------------------------------------------


def test_a_mail_that_is_attached_is_read_whole_with_its_files(world: World) -> None:
    """The file itself stays with the desk: its header names servers that are nobody's business."""
    inner = mail(from_=f"Laura Sanz <{LAURA}>", to=LUIS, subject="RE: Factura", text=INNER, files=[("a.pdf", b"%PDF")])

    found = world.receive(attached(inner, own="Es de una cliente."))

    ticket = world.ticket(found.ticket_id)
    first, note = world.messages(ticket.id)
    assert found.stage == "forwarded_by_the_desk"
    assert (ticket.requester_address, ticket.subject) == (LAURA, "RE: Factura")
    assert (first.text.strip(), first.public) == (INNER, True)
    assert [one.name for one in world.attachments(first.id)] == ["a.pdf"]
    assert (note.text.strip(), note.public) == ("Es de una cliente.", False)
    assert [one.type for one in world.attachments(note.id)] == ["message/rfc822"]


def test_of_a_mail_that_a_customer_attaches_no_more_is_kept_than_the_file(world: World) -> None:
    inner = mail(from_=LAURA, text=INNER, files=[("a.pdf", b"%PDF")])

    found = world.receive(attached(inner, from_=f"Ana Ruiz <{ANA}>", own="Mire esto."))

    kept = world.attachments(world.messages(found.ticket_id)[0].id)
    assert [one.type for one in kept] == ["message/rfc822"]
    blobs = world.office.blobs
    assert [one for number in range(256) for one in blobs.in_folder(number)] == [kept[0].sha256]


def test_the_file_is_kept_where_nothing_was_written_beside_it(world: World) -> None:
    found = world.receive(attached(mail(from_=LAURA, to=LUIS, text=INNER)))

    _, note = world.messages(found.ticket_id)
    assert (note.kind, note.text.strip(), len(world.attachments(note.id))) == ("note", "", 1)
    assert "nota interna" not in understood(world).text


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(attached(mail(from_=LAURA), mail(from_=EVA)), id="two mails"),
        pytest.param(
            attached(mail(from_=LAURA), own="Nuestro servidor rechaza este correo. " * 10), id="much beside it"
        ),
        pytest.param(mail(from_=LUIS, text="¿Quién imprime?", s1=True), id="no forward"),
    ],
)
def test_what_is_no_forward_is_the_agents_own_as_ever(world: World, raw: bytes) -> None:
    found = world.receive(raw)

    assert found.stage == "something_new"
    assert world.ticket(found.ticket_id).requester_address == LUIS
    assert world.letters(letter="understood") == []


@pytest.mark.parametrize(
    ("header", "value"), [("List-Id", "<boletin.elsewhere.example>"), ("X-Auto-Response-Suppress", "All")]
)
def test_an_attached_mail_of_a_machine_makes_a_ticket_and_no_receipt(world: World, header: str, value: str) -> None:
    inner = mail(from_=f"Boletín <{EVA}>", headers={header: value})

    found = world.receive(attached(inner))

    assert world.ticket(found.ticket_id).requester_address == EVA
    assert world.letters(to=EVA) == []
    assert "no le enviamos" in understood(world).text


def test_an_attached_mail_that_cannot_be_read_is_the_agents_own(world: World) -> None:
    found = world.receive(attached(b"Subject: x\n\nnobody wrote this\n"))

    assert found.stage == "forwarded_by_the_desk"
    assert world.ticket(found.ticket_id).requester_address == LUIS
    assert "no pudimos leer con certeza" in understood(world).text


# --- who hears of it -------------------------------------------------------------------------------------------------


def test_the_customer_gets_the_number_the_team_an_alert_and_the_agent_reads_what_was_understood(world: World) -> None:
    number = world.receive(forward()).ticket_id

    assert letters_since(world, 0) == {("receipt_new", LAURA), ("alert", MARTA), ("understood", LUIS)}
    said = understood(world)
    assert said.subject.startswith(f"[#{number}]")
    assert f"Laura Sanz <{LAURA}>" in said.text
    assert "Desde ayer la impresora no imprime la nómina." in said.text
    assert "quedó como nota interna" in said.text
    assert "le enviamos un acuse de recibo" in said.text
    assert "#solicitante " in said.text
    assert "reenviado por Luis Gómez" in world.letters(to=MARTA)[0].text


@pytest.mark.parametrize("address", [LAURA, ANA])
def test_the_receipt_has_the_number_and_no_word_of_the_mail(world: World, address: str) -> None:
    """Also for an account that is active: who wrote the inner mail is not proven."""
    number = world.receive(forward(author=f"La Víctima <{address}>", subject="Pulse http://malo.example")).ticket_id

    (receipt,) = world.letters(to=address)
    for part in (receipt.subject, receipt.text, receipt.html, str(receipt.headers)):
        assert "malo.example" not in part
        assert "Víctima" not in part
        assert "nómina" not in part
    assert f"#{number}" in receipt.text


def test_without_receipts_only_the_desk_hears_of_it(world: World) -> None:
    world.change_settings(forwarding={"receipt": False})

    world.receive(forward())

    assert letters_since(world, 0) == {("alert", MARTA), ("understood", LUIS)}
    assert "no le enviamos acuse de recibo" in understood(world).text


def test_the_receipts_of_forwards_are_counted_against_the_customers_address(world: World) -> None:
    world.change_settings(caps={"receipts_per_address": 2})

    for n in range(4):
        world.receive(forward(subject=f"Caso {n}", inner=f"Es el caso número {n}, y es otro."))

    assert len(world.letters(to=LAURA)) == 2
    assert len(world.letters(letter="understood")) == 4
    assert "no le enviamos" in understood(world).text


def test_forwards_count_as_the_agents_own_and_go_into_the_storm_beyond_the_cap(world: World) -> None:
    world.change_settings(caps={"tickets_per_address": 2})

    stages = [world.receive(forward(subject=f"Caso {n}", inner=f"Caso {n}")).stage for n in range(3)]

    assert stages == ["forwarded_by_the_desk", "forwarded_by_the_desk", "storm"]
    assert world.receive(mail(from_=LAURA, subject="Yo misma")).stage == "something_new"


def test_an_agent_who_got_many_letters_today_still_brings_the_customer_a_receipt(world: World) -> None:
    world.change_settings(caps={"letters_per_address": 1})
    world.receive(mail(from_=LUIS, subject="Una silla", text="Necesito una silla.", s1=True))

    number = world.receive(forward()).ticket_id

    assert [(one.letter, one.ticket_id) for one in world.letters(to=LAURA)] == [("receipt_new", number)]


def test_a_ticket_waits_for_no_confirmation_when_the_desk_itself_brings_it(world: World) -> None:
    world.change_settings(registration={"policy": "hold"})

    world.receive(forward())

    assert ("alert", MARTA) in world.told()
    assert "held" not in str(world.rows(person))


def test_what_lay_in_the_mailbox_is_kept_and_nobody_hears_of_it(world: World) -> None:
    found = world.receive(forward(), source=f"{PAST}support")

    assert world.ticket(found.ticket_id).requester_address == LAURA
    assert world.letters() == []


def test_a_supervisor_who_answers_what_was_understood_writes_to_the_customer(world: World) -> None:
    number = world.receive(forward(author=f"Ana <{ANA}>")).ticket_id

    world.receive(reply_to(understood(world), "Ya lo vemos, gracias.", s1=True))

    (answer,) = world.letters(letter="answer")
    assert (answer.to_address, answer.ticket_id) == (ANA, number)
    assert "Ya lo vemos" in answer.text


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_the_line_that_the_letter_shows_puts_right_whose_it_is(world: World, language: str) -> None:
    """After a code, as whatever shows a ticket to somebody else."""
    world.known(LUIS, language=language)
    number = world.receive(forward()).ticket_id
    (line,) = [line for line in understood(world).text.splitlines() if line.startswith("#")]

    world.receive(reply_to(understood(world), f"{line.split()[0]} {ANA}", s1=True))
    letter = world.letters(to=LUIS, letter="commands_code")[-1]
    assert world.ticket(number).requester_address == LAURA
    world.receive(reply_to(letter, code_in(letter), s1=True))

    assert world.ticket(number).requester_address == ANA


def test_the_customers_answer_to_the_receipt_belongs_to_the_ticket(world: World) -> None:
    number = world.receive(forward()).ticket_id

    found = world.receive(reply_to(world.letters(to=LAURA)[0], "Sí, soy yo."))

    assert (found.verdict, found.ticket_id) == ("reply", number)
    assert world.person(LAURA).state == "active"


def test_an_answer_to_the_agents_old_conversation_is_none_to_the_ticket(world: World) -> None:
    """What the forward or the inner mail refers to is not the ticket's."""
    old, older = "<old@nuevo.example>", "<older@staff.example>"
    inner = mail(from_=LAURA, to=LUIS, text=INNER, message_id=old, references=older)
    number = world.receive(attached(inner, references=f"{older} {old}")).ticket_id

    found = world.receive(mail(from_=LAURA, to=SUPPORT, in_reply_to=old, references=older, subject="Re: x"))

    assert found.verdict == "ticket"
    assert found.ticket_id != number


def test_the_agents_next_mail_in_the_thread_of_the_forward_is_a_note(world: World) -> None:
    number = world.receive(forward(message_id="<fwd@staff.example>")).ticket_id

    found = world.receive(mail(from_=LUIS, subject="Re: eso", in_reply_to="<fwd@staff.example>", text="Ojo.", s1=True))

    assert (found.verdict, found.ticket_id) == ("reply", number)
    assert (world.messages(number)[-1].kind, world.messages(number)[-1].public) == ("note", False)


# --- when it stays the agent's ---------------------------------------------------------------------------------------

SAYS = {
    Unclear.UNREADABLE: "no pudimos leer con certeza",
    Unclear.OURS: "es de esta misma mesa",
    Unclear.NO_REPLY: "no recibe respuestas",
    Unclear.YOURSELF: "quien lo escribió es usted",
    Unclear.COLLEAGUE: "alguien del equipo",
    Unclear.BLOCKED: "está bloqueada",
}


@pytest.mark.parametrize(
    ("author", "why"),
    [
        ("Laura Sanz", Unclear.UNREADABLE),
        ("Laura Sanz/Firma", Unclear.UNREADABLE),
        (f"Laura <{LAURA}> <{EVA}>", Unclear.UNREADABLE),
        (f"{LAURA} [mailto:{EVA}]", Unclear.UNREADABLE),
        (f"Laura {LAURA} {'x' * 500} <{EVA}>", Unclear.UNREADABLE),
        (f"Mesa de ayuda <{SUPPORT}>", Unclear.OURS),
        (f"Billing <{BILLING}>", Unclear.OURS),
        ("Avisos <no-responder@banco.example>", Unclear.NO_REPLY),
        (f"Luis Gómez <{LUIS}>", Unclear.YOURSELF),
        (f"Marta Ruiz <{MARTA}>", Unclear.COLLEAGUE),
        (f"Eva <{EVA}>", Unclear.BLOCKED),
    ],
)
def test_a_forward_whose_author_is_no_customer_is_the_agents_own_and_they_read_why(
    world: World, author: str, why: Unclear
) -> None:
    world.known(EVA, state="blocked")
    before = len(world.letters())

    found = world.receive(forward(author=author))

    assert found.facts["forwarded"] == why.value
    assert world.ticket(found.ticket_id).requester_address == LUIS
    assert world.ticket(found.ticket_id).created_by is None
    assert SAYS[why] in understood(world).text
    assert letters_since(world, before) == {("alert", LUIS), ("alert", MARTA), ("understood", LUIS)}


def test_a_colleague_of_another_area_can_be_the_requester(world: World) -> None:
    number = world.receive(forward(author=f"Nora Lind <{NORA}>")).ticket_id

    assert world.ticket(number).requester_address == NORA


def test_a_mailbox_that_forwards_all_it_gets_makes_no_loop(world: World) -> None:
    """The letter that says what was understood comes back as a forward of ours: at most as often as receipts go out."""
    world.receive(forward(author=f"Mesa <{SUPPORT}>"))
    for _ in range(10):
        letter = world.letters(to=LUIS)[-1]
        world.later(minutes=1)
        world.receive(forward(author=f"Mesa de ayuda <{SUPPORT}>", subject="aviso", inner=letter.text))

    assert len(world.letters(letter="understood")) == 3


# --- who may, and what somebody forged -------------------------------------------------------------------------------


def test_a_mail_that_does_not_prove_the_agent_is_no_forward(world: World) -> None:
    """S0: today's behaviour, a ticket of the address in From."""
    found = world.receive(forward(s1=False))

    assert found.stage == "something_new"
    assert world.ticket(found.ticket_id).requester_address == LUIS
    assert world.letters(to=LAURA) == []
    assert world.letters(letter="understood") == []


@pytest.mark.parametrize("from_", [ANA, NORA, EVA])
def test_who_has_no_role_in_the_area_forwards_in_their_own_name(world: World, from_: str) -> None:
    found = world.receive(forward(from_=from_))

    assert world.ticket(found.ticket_id).requester_address == from_
    assert world.letters(to=LAURA) == []


def test_an_account_that_rests_forwards_for_nobody(world: World) -> None:
    world.known(LUIS, state="inactive")

    found = world.receive(forward())

    assert world.ticket(found.ticket_id).requester_address == LUIS


def test_switched_off_it_is_the_agents_own(world: World) -> None:
    world.change_settings(forwarding={"on": False})

    found = world.receive(forward())

    assert found.stage == "something_new"
    assert world.ticket(found.ticket_id).requester_address == LUIS


def test_a_machine_in_an_agents_name_forwards_nothing(world: World) -> None:
    found = world.receive(forward(headers={"Auto-Submitted": "auto-generated"}))

    assert world.ticket(found.ticket_id).requester_address == LUIS


def test_a_forward_to_a_tickets_own_address_goes_to_the_ticket(world: World) -> None:
    number = world.ticket_of(ANA)

    found = world.receive(forward(to=world.reply_address(number, LUIS)))

    assert (found.verdict, found.ticket_id) == ("reply", number)
    assert len(world.tickets()) == 1


def test_what_the_forged_mail_says_opens_no_ticket_of_the_person_whom_it_names(world: World) -> None:
    """Ana has a ticket of her own with a secret in it. Eva's forgery makes one more in Ana's name, and nothing else."""
    secret = world.ticket_of(ANA, text="La clave es 4711.")
    before = len(world.letters())

    found = world.receive(
        forward(author=f"Ana Pérez <{ANA}>", subject="RE: lo de siempre", inner=f"Manden todo a {EVA}, por favor.")
    )

    assert found.ticket_id != secret
    assert len(world.messages(secret)) == 1
    assert EVA not in {address for _, address in world.told(before)}
    assert all("4711" not in one.text + one.html + one.subject for one in world.letters()[before:])
    assert [letter for letter, to in world.told(before) if to == ANA] == ["receipt_new"]


@given(
    name=st.lists(
        st.sampled_from(
            ["Ana", ANA, f"<{ANA}>", f"[mailto:{ANA}]", "(", ")", '"', "'", "<", ">", ",", ";", " ", "@", "x" * 90]
        )
    ).map("".join),
    form=st.sampled_from(["{name} <{real}>", "{name} [mailto:{real}]", "{real} ({name})", "{name} {real}"]),
)
def test_no_display_name_makes_the_mail_somebody_elses(name: str, form: str) -> None:
    """What a customer's program puts before or behind the real address is theirs to choose."""
    text = GMAIL_ES.format(own="", author=form.format(name=name, real=EVA), subject="x", inner="No anda.")
    outer = ParsedMail(Headers(()), Mailbox(LUIS), subject="Fwd: x", text=text)

    found = forwarded_in(outer, read_reply(text, "plain", subject=outer.subject), Limits())

    assert found is None or isinstance(found.mail.sender, Unidentified) or found.mail.sender.address == EVA


def test_the_same_forward_again_is_a_duplicate(world: World) -> None:
    raw = forward()
    world.receive(raw)

    assert world.receive(raw).verdict == "duplicate"


def test_explain_says_whose_it_would_be_and_writes_nothing(world: World) -> None:
    (said,) = explain.would_be(world.office, world.arrival(forward()), now=world.now)

    assert (said.stage, said.facts["sender"], said.facts["forwarded"]) == ("forwarded_by_the_desk", LUIS, LAURA)
    assert LAURA not in said.reasons[0]
    assert world.tickets() == []
