"""Mails to measure with: the same ones at every run, of the kinds and sizes that a help desk gets. Pure."""

import random
from base64 import encodebytes
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from textwrap import fill

SUPPORT = "support@desk.example"
TRUSTED = "mx.desk.example"
REPLIES, HTML, ATTACHED = 0.30, 0.40, 0.10
ATTACHMENT_BYTES = 100 * 1024

_BEGAN = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
_FIRST = ("Ana", "Bruno", "Clara", "Diego", "Elena", "Fabio", "Greta", "Hugo", "Inés", "João", "Luis", "Marta", "Tomás")
_LAST = (
    "Acosta",
    "Braga",
    "Castro",
    "Duarte",
    "Estévez",
    "Ferrer",
    "Gomes",
    "Ibarra",
    "Lopes",
    "Méndez",
    "Ortiz",
    "Pinto",
)
_TEXTS = {
    "en": (
        "The printer on the second floor has stopped again and shows error 49.",
        "Since this morning nobody in our office can open the shared folder.",
        "I have restarted the computer twice, but the message comes back after a few minutes.",
        "Could you please tell us when the new laptops will arrive, because two people start on Monday?",
        "The invoice for September lists three licences that we returned in June.",
        "When I press Export the page stays empty and nothing is downloaded.",
        "My password was changed yesterday and now the telephone does not fetch mail any more.",
        "We would like to move the meeting room screen to the other wall before the visit.",
    ),
    "es": (
        "La impresora de la segunda planta se ha parado otra vez y muestra el error 49.",
        "Desde esta mañana nadie de la oficina puede abrir la carpeta compartida.",
        "He reiniciado el ordenador dos veces, pero el mensaje vuelve a los pocos minutos.",
        "¿Pueden decirnos cuándo llegan los portátiles nuevos? El lunes empiezan dos personas.",
        "En la factura de septiembre aparecen tres licencias que devolvimos en junio.",
        "Cuando pulso Exportar la página se queda vacía y no se descarga nada.",
        "Ayer cambié la contraseña y ahora el teléfono ya no recibe el correo.",
        "Queremos mover la pantalla de la sala a la otra pared antes de la visita.",
    ),
}
_SUBJECTS = {
    "en": ("Printer stopped", "Shared folder", "New laptops", "Invoice for September", "Export stays empty"),
    "es": ("Impresora parada", "Carpeta compartida", "Portátiles nuevos", "Factura de septiembre", "No exporta"),
}


@dataclass(frozen=True, slots=True)
class Sample:
    """A mail with CRLF line ends, and whose it is."""

    raw: bytes
    sender: str
    name: str
    is_reply: bool


@dataclass(frozen=True, slots=True)
class _First:
    """What an answer needs of the mail that it answers."""

    sender: str
    name: str
    subject: str
    message_id: str
    language: str
    text: str


def samples(count: int, *, attachments: bool = True) -> list[Sample]:
    """`count` mails, a minute apart: 70 % of new people, 30 % from one of them to the same conversation again.

    About 3 KB of text, two fifths with an HTML alternative, a tenth with an attachment of 100 KiB. Each has the
    Authentication-Results that prove its sender to whoever trusts `TRUSTED`.
    """
    chance = random.Random(20261122)
    begun: list[_First] = []
    return [_sample(chance, number, begun, attachments=attachments) for number in range(count)]


def _sample(chance: random.Random, number: int, begun: list[_First], *, attachments: bool) -> Sample:
    at = _BEGAN + timedelta(minutes=number)
    is_reply = bool(begun) and chance.random() < REPLIES
    if is_reply:
        first = chance.choice(begun[-200:])
        text, html = _answer(chance, first, at)
    else:
        first = _first(chance, number)
        begun.append(first)
        text, html = first.text, _html(first.text)
    subject = f"Re: {first.subject}" if is_reply else first.subject
    message_id = f"<answer.{number}@mail.example.net>" if is_reply else first.message_id
    extra = [f"In-Reply-To: {first.message_id}", f"References: {first.message_id}"] if is_reply else []
    body = _alternative(text, html) if chance.random() < HTML else _part("plain", text)
    if chance.random() < ATTACHED and attachments:
        body = _mixed(body, chance.randbytes(ATTACHMENT_BYTES), f"scan-{number}.pdf")
    head = _head(chance, first, subject=subject, message_id=message_id, at=at, extra=extra)
    return Sample(head + body, first.sender, first.name, is_reply)


def _first(chance: random.Random, number: int) -> _First:
    name = f"{chance.choice(_FIRST)} {chance.choice(_LAST)}"
    language = chance.choice(tuple(_TEXTS))
    return _First(
        sender=f"person.{number}@example{chance.randint(1, 9)}.net",
        name=name,
        subject=f"{chance.choice(_SUBJECTS[language])} {number}",
        message_id=f"<{chance.getrandbits(64):x}.{number}@mail.example.net>",
        language=language,
        text=f"{_paragraphs(chance, language, 1900)}\n\n-- \n{name}\nExample S.L.\n+34 555 0100\n",
    )


def _paragraphs(chance: random.Random, language: str, size: int) -> str:
    pieces: list[str] = []
    while sum(map(len, pieces)) < size:
        pieces.append(fill(" ".join(chance.choices(_TEXTS[language], k=chance.randint(2, 5))), 76))
    return "\n\n".join(pieces)


def _answer(chance: random.Random, first: _First, at: datetime) -> tuple[str, str]:
    said = _paragraphs(chance, first.language, 900)
    wrote = (
        f"El {at:%d/%m/%Y} a las {at:%H:%M}, {first.name} <{first.sender}> escribió:"
        if first.language == "es"
        else f"On {at:%a, %d %b %Y at %H:%M}, {first.name} <{first.sender}> wrote:"
    )
    quoted = "\n".join(f"> {line}" for line in first.text.splitlines())
    html = f'{_html(said)}<div class="gmail_quote"><div>{wrote}</div><blockquote>{_html(first.text)}</blockquote></div>'
    return f"{said}\n\n{wrote}\n\n{quoted}\n", html


def _html(text: str) -> str:
    return "".join(f"<p>{piece}</p>\n" for piece in text.replace("\n", "<br>\n").split("<br>\n<br>\n"))


def _head(
    chance: random.Random, first: _First, *, subject: str, message_id: str, at: datetime, extra: list[str]
) -> bytes:
    domain = first.sender.rpartition("@")[2]
    signature = "\r\n ".join(f"{chance.getrandbits(240):060x}" for _ in range(5))
    lines = [
        f"Authentication-Results: {TRUSTED}; dmarc=pass header.from={domain};\r\n dkim=pass header.d={domain}",
        f"Received: from mx.example.net (mx.example.net [192.0.2.{chance.randint(1, 254)}])\r\n\tby {TRUSTED} with"
        f" ESMTPS id {chance.getrandbits(48):x};\r\n\t{format_datetime(at + timedelta(seconds=2))}",
        f"Received: from laptop-{chance.randint(1, 999)}.local by mx.example.net with ESMTPSA;\r\n\t"
        f"{format_datetime(at + timedelta(seconds=1))}",
        f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s=mail;\r\n h=from:to:subject:date;"
        f" bh={chance.getrandbits(160):x}=;\r\n b={signature}",
        f"From: {_word(first.name)} <{first.sender}>",
        f"To: Support <{SUPPORT}>",
        f"Subject: {_word(subject)}",
        f"Date: {format_datetime(at)}",
        f"Message-ID: {message_id}",
        *extra,
        "X-Mailer: ExampleMail 16.0",
        "MIME-Version: 1.0",
    ]
    return "\r\n".join(lines).encode() + b"\r\n"


def _word(text: str) -> str:
    """An encoded word (RFC 2047) where one is needed."""
    if text.isascii():
        return text
    coded = "".join(c if c.isascii() and c.isalnum() else "".join(f"={b:02X}" for b in c.encode()) for c in text)
    return f"=?utf-8?q?{coded}?="


def _part(subtype: str, text: str) -> bytes:
    body = text.replace("\n", "\r\n").encode()
    return f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n".encode() + body


def _alternative(text: str, html: str) -> bytes:
    page = f"<html><head><style>p{{margin:0}}</style></head><body>{html}</body></html>\n"
    return _multipart("alternative", "==alt==", [_part("plain", text), _part("html", page)])


def _mixed(body: bytes, content: bytes, name: str) -> bytes:
    head = (
        f'Content-Type: application/pdf; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n'
        f'Content-Disposition: attachment; filename="{name}"\r\n\r\n'
    )
    return _multipart("mixed", "==mix==", [body, head.encode() + encodebytes(content).replace(b"\n", b"\r\n")])


def _multipart(subtype: str, boundary: str, parts: list[bytes]) -> bytes:
    mark = boundary.encode()
    opening = f'Content-Type: multipart/{subtype}; boundary="{boundary}"\r\n\r\n'.encode()
    return opening + b"".join(b"--%s\r\n%s\r\n" % (mark, part) for part in parts) + b"--%s--\r\n" % mark
