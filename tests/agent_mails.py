"""What agents' mail programs make of an answer to one of our letters: their markup, their marks, their signatures.

Each takes the letter and the lines that the agent wrote, and gives the plain text and the HTML of the mail (empty: it
has no such part). The marks are those of the programs in Spanish; the words are the tests' own.
"""

import re
import textwrap
from collections.abc import Callable, Sequence
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import escape
from typing import Any

from tests.world import reply_to

NAME = "Luis Gómez"
MOBILE = "Cel. +57 310 555 0143"
SIGNATURE = (NAME, "Analista de soporte | Mesa de ayuda", MOBILE)
WHEN = "lunes, 23 de noviembre de 2026 9:15"

Client = Callable[[Any, Sequence[str]], tuple[str, str]]


def answer(
    letter: Any, client: Client, words: Sequence[str], *, files: Sequence[tuple[str, bytes]] = (), **changes: Any
) -> bytes:
    """The agent's mail, in the form of their program."""
    plain, html = client(letter, words)
    built = message_from_bytes(reply_to(letter, plain, **({"s1": True} | changes)), policy=default)
    assert isinstance(built, EmailMessage)
    if html:
        built.add_alternative(html, subtype="html")
    for name, content in files:
        built.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return built.as_bytes()


# --- Gmail ------------------------------------------------------------------------------------------------------------


def gmail(letter: Any, words: Sequence[str]) -> tuple[str, str]:
    attribution = f"El lun, 23 nov 2026 a las 9:15, Mesa de ayuda (<{_reply_to(letter)}>) escribió:"
    plain = "\n".join([*words, "", "-- ", *SIGNATURE, "", *textwrap.wrap(attribution, 76), "", _marked(letter.text)])
    signature = "".join(f"<div>{escape(line)}</div>" for line in SIGNATURE)
    html = (
        f'<div dir="ltr">{_divs(words)}<div><br clear="all"></div><div><br></div>'
        '<span class="gmail_signature_prefix">-- </span><br><div dir="ltr" class="gmail_signature" '
        f'data-smartmail="gmail_signature"><div dir="ltr">{signature}</div></div></div><br>'
        f'<div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">{escape(attribution)}<br>'
        '</div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;padding-left:1ex">'
        f"{_inside(letter.html)}</blockquote></div>"
    )
    return plain, html


def gmail_forward(letter: Any, words: Sequence[str]) -> tuple[str, str]:
    """Somebody pressed "Forward" instead of "Reply", and kept the address."""
    sender, reader = f"De: Mesa de ayuda <{_reply_to(letter)}>", f"To: <{letter.to_address}>"
    lines = [sender, "Date: lun, 23 nov 2026 a las 9:15", f"Subject: {letter.subject}", reader]
    plain = "\n".join([*words, "", "---------- Forwarded message ---------", *lines, "", "", letter.text])
    html = (
        f'<div dir="ltr">{_divs(words)}<br><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" '
        f'class="gmail_attr">---------- Forwarded message ---------<br>{"<br>".join(map(escape, lines))}<br></div>'
        f"<br><br>{_inside(letter.html)}</div></div>"
    )
    return plain, html


# --- Outlook ----------------------------------------------------------------------------------------------------------


def outlook_classic(letter: Any, words: Sequence[str]) -> tuple[str, str]:
    written = [*words, "", "Saludos,", *SIGNATURE]
    style = 'lang="ES" style="font-size:11.0pt"'
    paragraphs = "\n".join(
        f'<p class="MsoNormal"><span {style}>{escape(line) or "&nbsp;"}<o:p></o:p></span></p>' for line in written
    )
    head = "<br>\n".join(f"<b>{label}</b> {escape(value)}" for label, value in _header(letter))
    html = (
        f'<html xmlns:o="urn:schemas-microsoft-com:office:office"><body><div class="WordSection1">{paragraphs}'
        '<p class="MsoNormal"><o:p>&nbsp;</o:p></p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;'
        f'padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">{head}<o:p></o:p></p></div></div>'
        f"{_as_word_writes(letter.html)}</div></body></html>"
    )
    head_plain = "\n".join(f"{label} {value} " for label, value in _header(letter))
    return "\n".join([*written, "", head_plain, "", letter.text]), html


def outlook_plain(letter: Any, words: Sequence[str]) -> tuple[str, str]:
    """The classic one, set to plain text."""
    head = "\n".join(f"{label} {value}" for label, value in _header(letter))
    return "\n".join([*words, "", *SIGNATURE, "", "-----Mensaje original-----", head, "", letter.text]), ""


def outlook_web(letter: Any, words: Sequence[str]) -> tuple[str, str]:
    head = "<br>".join(f"<b>{label}</b>&nbsp;{escape(value)}" for label, value in _header(letter))
    signature = "<br>".join(map(escape, SIGNATURE))
    html = (
        f'<html><body dir="ltr">{_divs(words, "elementToProof")}<div id="Signature">{signature}</div>'
        '<div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1">'
        f'<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif">{head}</font><div>&nbsp;</div></div>'
        f"{_inside(letter.html)}</body></html>"
    )
    rule = "_" * 32
    head_plain = "\n".join(f"{label} {value}" for label, value in _header(letter))
    return "\n".join([*words, "", *SIGNATURE, rule, head_plain, "", letter.text]), html


def outlook_phone(letter: Any, words: Sequence[str]) -> tuple[str, str]:
    head = "<br>".join(f"<b>{label}</b> {escape(value)}" for label, value in _header(letter))
    html = (
        f'<html><body>{_divs(words)}<div dir="auto"><br></div><div id="ms-outlook-mobile-signature" dir="auto">'
        'Obtener <a href="https://aka.ms/AAb9ysg">Outlook para Android</a></div><hr style="width:98%">'
        f'<div id="divRplyFwdMsg" dir="ltr">{head}</div>{_inside(letter.html)}</body></html>'
    )
    head_plain = "\n".join(f"{label} {value}" for label, value in _header(letter))
    footer = "Obtener Outlook para Android<https://aka.ms/AAb9ysg>"
    return "\n".join([*words, "", footer, "_" * 32, head_plain, "", letter.text]), html


# --- Apple ------------------------------------------------------------------------------------------------------------


def apple_mail(letter: Any, words: Sequence[str]) -> tuple[str, str]:
    attribution = f"El 23 nov 2026, a las 9:15 a.m., Mesa de ayuda <{_reply_to(letter)}> escribió:"
    plain = "\n".join([*words, "", "Saludos,", *SIGNATURE, "", f"> {attribution}", "> ", _marked(letter.text)])
    written = "<br>".join(map(escape, [*words, "", "Saludos,", *SIGNATURE]))
    html = (
        f'<html><body>{written}<br id="lineBreakAtBeginningOfMessage"><div><br><blockquote type="cite"><div>'
        f'{escape(attribution)}</div><br class="Apple-interchange-newline"><div>{_inside(letter.html)}</div>'
        "</blockquote></div><br></body></html>"
    )
    return plain, html


def iphone(letter: Any, words: Sequence[str]) -> tuple[str, str]:
    attribution = f"El 23 nov 2026, a la(s) 9:15 a.m., Mesa de ayuda <{_reply_to(letter)}> escribió:"
    plain = "\n".join(
        [*words, "", "Enviado desde mi iPhone", "", f"> {attribution}", "> ", f"> {_marked(letter.text)}"]
    )
    html = (
        f'<html><body><div dir="ltr">{_divs(words)}</div><div dir="ltr"><br></div><div dir="ltr">Enviado desde mi '
        f'iPhone</div><div dir="ltr"><br><blockquote type="cite">{escape(attribution)}<br><br></blockquote></div>'
        f'<blockquote type="cite"><div dir="ltr">{_inside(letter.html)}</div></blockquote></body></html>'
    )
    return plain, html


# --- without any mark -------------------------------------------------------------------------------------------------


def bare_plain(letter: Any, words: Sequence[str]) -> tuple[str, str]:
    """The letter stands below the answer, and nothing says that it is one."""
    return "\n".join([*words, "", letter.text]), ""


def bare_html(letter: Any, words: Sequence[str]) -> tuple[str, str]:
    return "", f"<html><body>{_divs(words)}<br>{_inside(letter.html)}</body></html>"


def bare_wrapped(letter: Any, words: Sequence[str]) -> tuple[str, str]:
    """Wrapped anew at another width, its empty lines gone."""
    lines = [piece for line in letter.text.splitlines() for piece in textwrap.wrap(line, 52)]
    return "\n".join([*words, "", *lines]), ""


def bare_without_our_line(letter: Any, words: Sequence[str]) -> tuple[str, str]:
    """The line above which one is to write is lost too: what the ticket holds is all that tells."""
    return "\n".join([*words, "", *letter.text.splitlines()[1:]]), ""


def bare_html_without_our_line(letter: Any, words: Sequence[str]) -> tuple[str, str]:
    above = letter.text.splitlines()[0]
    return "", f"<html><body>{_divs(words)}<br>{_inside(letter.html).replace(above, '')}</body></html>"


PROGRAMS: tuple[Client, ...] = (
    gmail,
    gmail_forward,
    outlook_classic,
    outlook_plain,
    outlook_web,
    outlook_phone,
    apple_mail,
    iphone,
)
BARE: tuple[Client, ...] = (bare_plain, bare_html, bare_wrapped, bare_without_our_line, bare_html_without_our_line)


def _reply_to(letter: Any) -> str:
    return str(dict(letter.headers).get("Reply-To", "support@desk.example"))


def _header(letter: Any) -> list[tuple[str, str]]:
    return [
        ("De:", f"Mesa de ayuda <{_reply_to(letter)}>"),
        ("Enviado el:", WHEN),
        ("Para:", f"{NAME} <{letter.to_address}>"),
        ("Asunto:", letter.subject),
    ]


def _marked(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _divs(words: Sequence[str], kind: str = "") -> str:
    opening = f'<div class="{kind}">' if kind else "<div>"
    return "".join(f"{opening}{escape(line) or '<br>'}</div>" for line in words)


def _inside(html: str) -> str:
    """What a program keeps of a letter's HTML: the body, without the rules of its head."""
    return re.sub(r"(?s).*<body[^>]*>|</body>.*", "", html)


def _as_word_writes(html: str) -> str:
    """Word keeps the tables and makes a paragraph of its own kind of each block."""
    inside = re.sub(r"(?s)<!--.*?-->", "", _inside(html))
    inside = re.sub(r"<(?:div|p|h1|h2)(?: [^>]*)?>", '<p class="MsoNormal">', inside)
    return re.sub(r"</(?:div|p|h1|h2)>", "<o:p></o:p></p>", inside)
