"""The finished mail: the header fields of RULES 6, and the bytes that go out. Pure.

Built by hand, because `email.policy.SMTP` takes more time for a letter than all else that happens to it; the tests
read what is built here with the standard library.
"""

import hashlib
import re
from base64 import encodebytes
from binascii import b2a_qp
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import quote

from gateway.outbound import fields
from gateway.outbound.letters import LetterKind
from gateway.outbound.wording import one_line

LOOP_FIELD = "X-Ticket-Gateway-Loop"
MOST_REFERENCES = 20
_LONGEST_PLAIN_LINE = 200
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,60}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,60}")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9._ ()+-]{1,60}")


@dataclass(frozen=True, slots=True)
class LetterAttachment:
    """A file that goes with a letter. `type` is its media type; one that cannot be true becomes octet-stream."""

    name: str
    type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class OutgoingLetter:
    """A letter as the outbox keeps it. `headers` are those of `headers()`; `html` may be empty."""

    headers: tuple[tuple[str, str], ...]
    text: str
    html: str = ""


def headers(
    kind: LetterKind,
    *,
    from_address: str,
    from_name: str,
    to_address: str,
    to_name: str = "",
    cc: Iterable[str] = (),
    reply_to: str = "",
    subject: str,
    message_id: str,
    in_reply_to: str = "",
    references: Iterable[str] = (),
    loop: str,
    language: str,
    date: datetime,
) -> tuple[tuple[str, str], ...]:
    """The header fields of a letter in order, encoded and unfolded, so that what is kept is what is sent.

    `references` are oldest first; put the ticket's own id first, it is never left out. Ids of other people's mails that
    cannot stand in a header are left out. Raises ValueError when one of our own addresses or ids cannot be used.
    """
    if not fields.MESSAGE_ID.fullmatch(message_id):
        raise ValueError(f"not a Message-ID: {message_id!r}")
    thread = reference_list(references, in_reply_to)
    parent = in_reply_to if fields.MESSAGE_ID.fullmatch(in_reply_to) else ""
    entries = (
        ("From", fields.mailbox(from_address, from_name)),
        ("To", fields.mailbox(to_address, to_name)),
        ("Cc", ", ".join(one for one in cc if fields.usable(one))),
        ("Reply-To", fields.mailbox(reply_to, from_name) if reply_to else ""),
        ("Subject", fields.text(subject)),
        ("Date", format_datetime(date)),
        ("Message-ID", message_id),
        ("In-Reply-To", parent),
        ("References", " ".join(thread)),
        ("Auto-Submitted", kind.auto_submitted or ""),
        ("X-Auto-Response-Suppress", "All" if kind.auto_submitted else "OOF, AutoReply"),
        (LOOP_FIELD, fields.text(loop)),
        ("Content-Language", one_line(language)),
    )
    return tuple((name, value) for name, value in entries if value)


def reference_list(references: Iterable[str], in_reply_to: str = "") -> tuple[str, ...]:
    """At most 20 different ids, the first and the newest of them, with that of the parent last (RFC 5322, 3.6.4)."""
    usable = (id_ for id_ in (*references, in_reply_to) if fields.MESSAGE_ID.fullmatch(id_))
    ids = tuple(dict.fromkeys(usable))
    if in_reply_to in ids[1:]:
        ids = (*(id_ for id_ in ids if id_ != in_reply_to), in_reply_to)
    return ids if len(ids) <= MOST_REFERENCES else (ids[0], *ids[1 - MOST_REFERENCES :])


def build(letter: OutgoingLetter, attachments: Sequence[LetterAttachment] = ()) -> bytes:
    """The mail with CRLF line ends, 7-bit but for addresses that need UTF-8 (RFC 6532), no line over 998 octets.

    The same letter gives the same bytes, at every attempt.
    """
    head = b"".join(fields.folded(name, value) for name, value in letter.headers) + b"MIME-Version: 1.0\r\n"
    body = _text_part("plain", letter.text)
    if letter.html:
        body = _multipart("alternative", head, [body, _text_part("html", letter.html)])
    if attachments:
        body = _multipart("mixed", head, [body, *map(_file_part, attachments)])
    return head + body


def _multipart(subtype: str, head: bytes, parts: Sequence[bytes]) -> bytes:
    # `=_` cannot occur in quoted-printable or base64, and text that holds it is not sent plain: no boundary can stand
    # inside a part, whatever a person wrote (RFC 2045, 6.7).
    boundary = f"=_{subtype[:3]}_{hashlib.sha256(head).hexdigest()[:32]}".encode()
    opening = b'Content-Type: multipart/%s;\r\n boundary="%s"\r\n\r\n' % (subtype.encode(), boundary)
    return opening + b"".join(b"--%s\r\n%s\r\n" % (boundary, part) for part in parts) + b"--%s--\r\n" % boundary


def _text_part(subtype: str, text: str) -> bytes:
    content = "\r\n".join(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")).encode("utf-8", "replace")
    encoding, body = _encoded(content)
    charset = b"us-ascii" if encoding == b"7bit" else b"utf-8"
    return (
        b"Content-Type: text/%s; charset=%s\r\nContent-Transfer-Encoding: %s\r\n\r\n"
        % (subtype.encode(), charset, encoding)
        + body
    )


def _encoded(content: bytes) -> tuple[bytes, bytes]:
    """7bit where nothing on the way can spoil it, else the shorter of quoted-printable and base64."""
    if _plain(content):
        return b"7bit", content
    # b2a_qp breaks long lines with the line end that it finds in the content, or a lone LF where it finds none.
    body = b2a_qp(content, istext=True, quotetabs=False).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    if len(body) > len(content) * 1.5:
        return b"base64", encodebytes(content).replace(b"\n", b"\r\n")
    return b"quoted-printable", body


def _plain(content: bytes) -> bool:
    if not content.isascii() or b"=_" in content or b"\0" in content:
        return False
    # Lines that begin with "From " or end in a space are changed by some servers, which would spoil a signature.
    return all(
        len(line) <= _LONGEST_PLAIN_LINE and not line.startswith((b"From ", b".")) and not line.endswith((b" ", b"\t"))
        for line in content.split(b"\r\n")
    )


def _file_part(attachment: LetterAttachment) -> bytes:
    type_ = attachment.type.lower()
    # RFC 2046, 5: message/* and multipart/* may not be sent in base64, so they travel as plain files.
    if not _TOKEN.fullmatch(type_) or type_.startswith(("message/", "multipart/")):
        type_ = "application/octet-stream"
    content = encodebytes(attachment.content).replace(b"\n", b"\r\n")
    lines = (
        f"Content-Type: {type_}",
        "Content-Transfer-Encoding: base64",
        f"Content-Disposition: attachment;\r\n {_file_name(attachment.name)}",
    )
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def _file_name(name: str) -> str:
    """The parameter with the name (RFC 2183), in the form of RFC 2231 where it is not plain."""
    clean = one_line(name.replace("/", "_").replace("\\", "_"), 80) or "attachment"
    return f'filename="{clean}"' if _PLAIN_NAME.fullmatch(clean) else f"filename*=utf-8''{quote(clean, safe='')}"
