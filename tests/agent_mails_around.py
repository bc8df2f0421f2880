"""What agents' mail programs make of an answer that stands below one of our letters, or between its lines.

Each takes the letter, its language, and what the agent wrote: (the line of the letter below which they wrote it, their
lines), or below all of it where that line is empty. It gives the plain text and the HTML of the mail.
"""

import re
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from tests.agent_mails import SIGNATURE, WHEN

Written = Sequence[tuple[str, Sequence[str]]]
Around = Callable[[Any, str, Written], tuple[str, str]]

_WROTE = {
    "thunderbird": {
        "es": "El 23/11/26 a las 9:15, Mesa de ayuda escribió:",
        "en": "On 23/11/2026 09:15, Mesa de ayuda wrote:",
        "pt": "Em 23/11/2026 09:15, Mesa de ayuda escreveu:",
    },
    "gmail": {
        "es": "El lun, 23 nov 2026 a las 9:15, Mesa de ayuda (<support@desk.example>) escribió:",
        "en": "On Mon, Nov 23, 2026 at 9:15 AM Mesa de ayuda <support@desk.example> wrote:",
        "pt": "Em seg., 23 de nov. de 2026 às 09:15, Mesa de ayuda <support@desk.example> escreveu:",
    },
    "apple": {
        "es": "El 23 nov 2026, a las 9:15 a.m., Mesa de ayuda <support@desk.example> escribió:",
        "en": "On Nov 23, 2026, at 9:15 AM, Mesa de ayuda <support@desk.example> wrote:",
        "pt": "No dia 23 de nov. de 2026, às 09:15, Mesa de ayuda <support@desk.example> escreveu:",
    },
}
_LABELS = {
    "es": ("De:", "Enviado el:", "Para:", "Asunto:"),
    "en": ("From:", "Sent:", "To:", "Subject:"),
    "pt": ("De:", "Enviado:", "Para:", "Assunto:"),
}


def thunderbird(letter: Any, language: str, written: Written) -> tuple[str, str]:
    wrote = _WROTE["thunderbird"][language]
    plain = f"{wrote}\n{_marked(letter.text, written)}\n\n-- \n" + "\n".join(SIGNATURE)
    quoted = f'<blockquote type="cite" cite="mid:{letter.message_id.strip("<>")}">{_body(letter.html)}</blockquote>'
    signature = f'<div class="moz-signature">-- <br>{"<br>".join(SIGNATURE)}</div>'
    html = f'<div class="moz-cite-prefix">{wrote}<br></div>{_split(quoted, written)}{_below(written, "p")}{signature}'
    return plain, f"<html><body>{html}</body></html>"


def gmail(letter: Any, language: str, written: Written) -> tuple[str, str]:
    wrote = _WROTE["gmail"][language]
    quoted = f'<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex">{_body(letter.html)}</blockquote>'
    html = (
        '<div dir="ltr"><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">'
        f"{escape(wrote)}<br></div>{_split(quoted, written)}</div>{_below(written, 'div')}</div>"
    )
    return f"{wrote}\n\n{_marked(letter.text, written)}\n", html


def apple_mail(letter: Any, language: str, written: Written) -> tuple[str, str]:
    """Its attribution is inside of the quotation."""
    wrote = _WROTE["apple"][language]
    quoted = (
        f'<blockquote type="cite"><div>{escape(wrote)}</div><br class="Apple-interchange-newline">'
        f"<div>{_body(letter.html)}</div></blockquote>"
    )
    html = f"<html><body><div>{_split(quoted, written)}</div>{_below(written, 'div')}</body></html>"
    return f"> {wrote}\n> \n{_marked(letter.text, written)}\n", html


def outlook(letter: Any, language: str, written: Written) -> tuple[str, str]:
    """It marks no line of what it quotes."""
    head = [(label, value) for label, value in zip(_LABELS[language], _values(letter), strict=True)]
    lines = "\n".join(f"{label} {value}" for label, value in head)
    shown = "<br>".join(f"<b>{label}</b> {escape(value)}" for label, value in head)
    html = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><body><div class="WordSection1">'
        '<p class="MsoNormal"><o:p>&nbsp;</o:p></p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt">'
        f'<p class="MsoNormal">{shown}<o:p></o:p></p></div></div>{_inside(_body(letter.html), written)}'
        f"{_below(written, 'p')}</div></body></html>"
    )
    return f"{lines}\n\n{_marked(letter.text, written, mark='')}\n", html


AROUND: tuple[Around, ...] = (thunderbird, gmail, apple_mail, outlook)


def _values(letter: Any) -> tuple[str, ...]:
    return ("Mesa de ayuda <support@desk.example>", WHEN, f"Luis Gómez <{letter.to_address}>", letter.subject)


def _marked(text: str, written: Written, mark: str = "> ") -> str:
    lines: list[str] = []
    for line in text.splitlines():
        lines.append(f"{mark}{line}".rstrip())
        for below, words in written:
            if below and line == below:
                lines += ["", *words, ""]
    return "\n".join([*lines, *(word for below, words in written if not below for word in ("", *words))])


def _body(html: str) -> str:
    return re.sub(r"(?s).*<body[^>]*>|</body>.*|<!--.*?-->", "", html)


def _below(written: Written, tag: str) -> str:
    return "".join(_blocks(words, tag) for below, words in written if not below)


def _blocks(words: Sequence[str], tag: str) -> str:
    return "".join(f"<{tag}>{escape(line) or '<br>'}</{tag}>" for line in words)


def _inside(html: str, written: Written) -> str:
    """The answers in the cell of the letter's table in which they were typed."""
    for below, words in written:
        if below:
            html = html.replace(f"{escape(below)}</p>", f"{escape(below)}</p>{_blocks(words, 'p')}", 1)
    return html


def _split(html: str, written: Written) -> str:
    """The answers outside of everything: the program closes what is open, and opens it again below them."""
    for below, words in written:
        at = html.find(f"{escape(below)}</p>") if below else -1
        if at >= 0:
            at += len(f"{escape(below)}</p>")
            opened = _open(html[:at])
            closing = "".join(f"</{re.split('[ >]', tag[1:])[0]}>" for tag in reversed(opened))
            html = f"{html[:at]}{closing}{_blocks(words, 'p')}{''.join(opened)}{html[at:]}"
    return html


def _open(html: str) -> list[str]:
    opened: list[str] = []
    for tag in re.findall(r"<(?!(?:br|img|meta|hr)\b)/?\w[^>]*>", html):
        if tag.startswith("</"):
            opened.pop()
        else:
            opened.append(tag)
    return opened
