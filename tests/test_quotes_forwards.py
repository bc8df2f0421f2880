"""Forwarded mail is content: kept whole, and the author, date, subject and text of the inner mail are known."""

import pytest

from gateway.threading.forwards import forwarding
from gateway.threading.quotes import Reply, SpanKind, read_reply

OUTLOOK = """From: Luis Paz <luis@other.example>
Sent: Monday, March 3, 2025 10:11 AM
To: Ana Gil <ana@client.example>
Subject: No dial tone

The phone has been dead since this morning.

Luis
"""
INNER = "The phone has been dead since this morning.\n\nLuis"


def inner(reply: Reply) -> str:
    assert reply.forward is not None
    return reply.text[reply.forward.start : reply.forward.end].strip()


def author(reply: Reply) -> tuple[str, str, str, str]:
    assert reply.forward is not None
    return reply.forward.name, reply.forward.address, reply.forward.date, reply.forward.subject


LUIS = ("Luis Paz", "luis@other.example", "Monday, March 3, 2025 10:11 AM", "No dial tone")


@pytest.mark.parametrize("subject", ["FW: No dial tone", "RV: Sin tono", "ENC: Sem sinal", "[Desk] Fwd: No dial tone"])
def test_under_a_subject_that_says_so_a_header_block_begins_a_forward_and_the_comment_is_the_reply(subject: str):
    body = f"Can you help Luis, please?\n\n{OUTLOOK}"

    reply = read_reply(body, "plain", subject=subject)

    assert reply.new_text == body.strip()
    assert [one.kind for one in reply.spans] == [SpanKind.NEW, SpanKind.FORWARD]
    assert author(reply) == LUIS
    assert inner(reply) == INNER


@pytest.mark.parametrize("subject", ["RE: FW: No dial tone", "Re: No dial tone", "Forward planning", ""])
def test_under_any_other_subject_the_same_block_begins_a_quotation(subject: str):
    reply = read_reply(f"Can you help Luis, please?\n\n{OUTLOOK}", "plain", subject=subject)

    assert reply.new_text == "Can you help Luis, please?"
    assert reply.forward is None


def test_a_block_with_nothing_above_it_is_a_forward_under_any_subject():
    reply = read_reply(OUTLOOK, "plain")

    assert reply.new_text == OUTLOOK.strip()
    assert author(reply) == LUIS


def test_a_forwarded_conversation_is_kept_whole_and_its_latest_author_is_the_inner_one():
    older = OUTLOOK.replace("Luis Paz <luis@other.example>", "Eva <eva@third.example>")
    body = f"See below.\n\n{OUTLOOK}\n{older}"

    reply = read_reply(body, "plain", subject="FW: No dial tone")

    assert reply.new_text == body.strip()
    assert author(reply) == LUIS
    assert inner(reply).endswith("Luis")


def test_answers_between_quoted_lines_are_no_forward_whatever_the_subject_says():
    attribution = "On Mon, Mar 3, 2025 at 10:11 AM Desk <d@x.example> wrote:"
    body = f"{attribution}\n> Which?\n\nThe blue one.\n\n> Since when?\n\nFriday.\n"

    reply = read_reply(body, "plain", subject="RV: Phones")

    assert reply.forward is None
    assert reply.new_text == "> Which?\n\nThe blue one.\n\n> Since when?\n\nFriday."


def test_nor_is_it_one_when_the_mail_ends_with_a_quoted_line():
    body = "> Which?\n\nThe blue one.\n\n> Since when?\n\nFriday.\n\n> Regards\n> The desk\n"

    reply = read_reply(body, "plain", subject="RV: Phones")

    assert reply.forward is None
    assert reply.elided == "> Regards\n> The desk"


GMAIL_HTML = """<div dir="ltr">Can you help Luis?<br><br><div class="gmail_quote gmail_quote_container">
<div dir="ltr" class="gmail_attr">---------- Forwarded message ---------<br>De:
<strong class="gmail_sendername" dir="auto">Luis Paz</strong>
<span dir="auto">&lt;<a href="mailto:luis@other.example">luis@other.example</a>&gt;</span><br>
Date: lun, 3 mar 2025 a las 10:11<br>Subject: No dial tone<br>To:  &lt;<a href="mailto:ana@client.example">
ana@client.example</a>&gt;<br></div><br><br><div dir="ltr">The phone is dead.</div></div></div>"""
OUTLOOK_HTML = """<div class="WordSection1"><p class="MsoNormal">Can you help Luis?</p><div>
<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal"><b>De:</b> Luis Paz
&lt;luis@other.example&gt; <br><b>Enviado el:</b> lun, 3 mar 2025 a las 10:11<br><b>Para:</b> Ana Gil<br>
<b>Asunto:</b> No dial tone</p></div></div><p class="MsoNormal">&nbsp;</p>
<p class="MsoNormal">The phone is dead.</p></div>"""
OUTLOOK_WEB_HTML = """<div class="elementToProof">Can you help Luis?</div><div id="appendonsend"></div><hr>
<div id="divRplyFwdMsg" dir="ltr"><font><b>De:</b> Luis Paz &lt;luis@other.example&gt;<br>
<b>Enviado:</b> lun, 3 mar 2025 a las 10:11<br><b>Para:</b> Ana Gil<br><b>Asunto:</b> No dial tone</font>
<div>&nbsp;</div></div><div>The phone is dead.</div>"""
THUNDERBIRD_HTML = """<p>Can you help Luis?</p><div class="moz-forward-container"><br><br>
-------- Mensaje reenviado --------
<table class="moz-email-headers-table" cellspacing="0" cellpadding="0" border="0"><tbody>
<tr><th nowrap="nowrap" valign="BASELINE" align="RIGHT">Asunto: </th><td>No dial tone</td></tr>
<tr><th nowrap="nowrap" valign="BASELINE" align="RIGHT">Fecha: </th><td>lun, 3 mar 2025 a las 10:11</td></tr>
<tr><th nowrap="nowrap" valign="BASELINE" align="RIGHT">De: </th><td>Luis Paz
<a class="moz-txt-link-rfc2396E" href="mailto:luis@other.example">&lt;luis@other.example&gt;</a></td></tr>
<tr><th nowrap="nowrap" valign="BASELINE" align="RIGHT">Para: </th><td>Ana Gil</td></tr></tbody></table>
<br><br>The phone is dead.</div>"""
APPLE_HTML = """<body>Can you help Luis?<br><div><br><blockquote type="cite"><div>Inicio del mensaje reenviado:</div>
<br class="Apple-interchange-newline"><div style="margin: 0px;"><span><b>De: </b></span><span>Luis Paz
&lt;<a href="mailto:luis@other.example">luis@other.example</a>&gt;<br></span></div>
<div style="margin: 0px;"><span><b>Asunto: </b></span><span><b>No dial tone</b><br></span></div>
<div style="margin: 0px;"><span><b>Fecha: </b></span><span>lun, 3 mar 2025 a las 10:11<br></span></div>
<div style="margin: 0px;"><span><b>Para: </b></span><span>Ana Gil<br></span></div><br>
<div>The phone is dead.</div></blockquote></div></body>"""
YAHOO_HTML = """<div class="yahoo-style-wrap"><div dir="ltr">Can you help Luis?</div></div>
<div id="yahoo_quoted_1" class="yahoo_quoted"><div><div>----- Mensaje reenviado -----</div>
<div><b>De:</b> Luis Paz &lt;luis@other.example&gt;</div><div><b>Para:</b> Ana Gil</div>
<div><b>Enviado:</b> lun, 3 mar 2025 a las 10:11</div><div><b>Asunto:</b> No dial tone</div><div><br></div>
<div>The phone is dead.</div></div></div>"""


@pytest.mark.parametrize(
    ("html", "subject"),
    [
        pytest.param(GMAIL_HTML, "", id="Gmail"),
        pytest.param(OUTLOOK_HTML, "RV: No dial tone", id="Outlook"),
        pytest.param(OUTLOOK_WEB_HTML, "RV: No dial tone", id="Outlook on the web"),
        pytest.param(THUNDERBIRD_HTML, "", id="Thunderbird"),
        pytest.param(APPLE_HTML, "", id="Apple"),
        pytest.param(YAHOO_HTML, "", id="Yahoo"),
    ],
)
def test_a_forward_in_html_is_kept_whole_and_its_author_is_known(html: str, subject: str):
    reply = read_reply(html, "html", subject=subject)

    assert reply.new_text == reply.text.strip()
    assert author(reply) == ("Luis Paz", "luis@other.example", "lun, 3 mar 2025 a las 10:11", "No dial tone")
    assert inner(reply).removeprefix("> ") == "The phone is dead."


@pytest.mark.parametrize(
    ("written", "name", "address"),
    [
        ("Luis Paz <luis@other.example>", "Luis Paz", "luis@other.example"),
        ('"Paz, Luis" <luis@other.example>', "Paz, Luis", "luis@other.example"),
        ("'Luis Paz' <luis@other.example>", "Luis Paz", "luis@other.example"),
        ("Luis Paz [mailto:luis@other.example]", "Luis Paz", "luis@other.example"),
        ("Luis Paz <mailto:luis@other.example>", "Luis Paz", "luis@other.example"),
        ("Luis Paz (luis@other.example)", "Luis Paz", "luis@other.example"),
        ("luis@other.example", "", "luis@other.example"),
        ("<luis@other.example>", "", "luis@other.example"),
        ("luis@other.example <mailto:luis@other.example>", "", "luis@other.example"),
        ("*Luis Paz* <luis@other.example>", "Luis Paz", "luis@other.example"),
        ("Luis Paz/Client", "Luis Paz/Client", ""),
        ("José Núñez <jose.nunez+x@sub.other.example>", "José Núñez", "jose.nunez+x@sub.other.example"),
    ],
)
def test_the_author_is_read_as_programs_write_them(written: str, name: str, address: str):
    body = (
        f"---------- Forwarded message ---------\nFrom: {written}\nDate: 3 Mar 2025 10:11\nSubject: x\nTo: a\n\nText\n"
    )

    reply = read_reply(body, "plain")

    assert author(reply)[:2] == (name, address)
    assert inner(reply) == "Text"


def test_a_header_block_in_a_language_without_labels_still_names_its_author():
    block = "Xx: Luis Paz <luis@other.example>\nYy: 3. 3. 2025 10:11\nZz: Ana <ana@client.example>\nWw: No dial tone\n"

    reply = read_reply(f"{block}\nThe phone is dead.\n", "plain")

    assert author(reply) == ("Luis Paz", "luis@other.example", "3. 3. 2025 10:11", "No dial tone")


def test_a_forward_without_header_lines_is_kept_and_names_nobody():
    reply = read_reply("See this.\n\n---------- Forwarded message ---------\nThe phone is dead.\n", "plain")

    assert reply.new_text.endswith("The phone is dead.")
    assert reply.forward is None


@pytest.mark.parametrize(
    ("subject", "answer"),
    [
        *((f"{prefix}: x", True) for prefix in ("Fwd", "FW", "rv", "Enc", "WG", "TR ", "I", "VS", "PD", "转发")),
        *((subject, False) for subject in ("Re: Fwd: x", "AW: WG: x", "Fwd", "x", "Encargo: x", "RE: RV: x")),
    ],
)
def test_which_subjects_say_forwarded(subject: str, answer: bool):
    assert forwarding(subject) is answer
