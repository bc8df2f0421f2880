"""What must hold for any bytes. A target takes bytes and returns nothing; what it asserts is what a fuzzer looks for.

`SEEDS` are the mails to begin with, `TOKENS` what mail parsers stumble over.
"""

import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from gateway.inbound import limits
from gateway.inbound.charsets import decode
from gateway.inbound.classify import RULES, Ours, classify
from gateway.inbound.forwarded import forwarded_in
from gateway.inbound.invitations import read_invitation
from gateway.inbound.limits import Breach, peek, scan
from gateway.inbound.mail import Mailbox, ParsedMail
from gateway.inbound.parse import parse
from gateway.inbound.pkcs7 import read_pkcs7
from gateway.inbound.rtf import read_rtf
from gateway.inbound.tnef import unpack
from gateway.settings import Limits
from gateway.threading.quotes import Reply, read_reply

Target = Callable[[bytes], None]

TESTS = Path(__file__).parent
# Far above what linear work needs on a slow machine, far below what quadratic work takes.
SECONDS, SECONDS_A_BYTE = 3.0, 0.0001
SMALL = Limits(header_kib=1, headers_kib=2, header_count=20, parts=4, depth=3, recipients=5)


def in_time(target: Target, data: bytes) -> None:
    """Run a target; its processor time is bounded by the size of what it reads."""
    started = time.process_time()
    target(data)
    took = time.process_time() - started
    assert took < SECONDS + SECONDS_A_BYTE * len(data), f"{took:.1f} s for {len(data)} bytes"


def fuzz_limits(raw: bytes) -> None:
    for known in (Limits(), SMALL):
        found = scan(raw, known)
        assert found == scan(raw, known)
        assert found.readable == raw or found.breaches
        assert len(found.readable) <= len(raw) + 2
        assert len(found.safe_headers) <= max(len(raw), 1) + 1
        if found.breaches:
            assert not set(scan(found.readable, known).breaches) & _OF_HEADERS
    seen = peek(raw)
    assert storable(seen.message_id + seen.from_hint)
    assert len(seen.message_id) <= limits.LONGEST_ID


_OF_HEADERS = {Breach.HEADER, Breach.HEADERS, Breach.HEADER_COUNT, Breach.RECIPIENTS, Breach.MAIL}


def fuzz_parse(raw: bytes) -> None:
    _read(raw)
    _read(raw, SMALL)


def fuzz_classify(raw: bytes) -> None:
    mail = _read(raw)
    kinds = [classify(mail, envelope_from=path, ours=Ours(hops=3)) for path in (None, "", "a@x.example")]
    assert all(one.kind and storable(one.reason) for one in kinds)
    assert RULES


def fuzz_quotes(data: bytes) -> None:
    """The first byte says plain or HTML, and how long an earlier text of the ticket is."""
    how, text = data[:1], decode(data[1:])[0]
    history = [text[: how[0] * 4]] if how and how[0] & 2 else []
    _reply(read_reply(text, "html" if how and how[0] & 1 else "plain", history, letters=history))


def fuzz_bounces(data: bytes) -> None:
    """The bytes as a whole bounce, and as the status part of one."""
    _read(b"From: MAILER-DAEMON@x.example\r\nSubject: Undelivered Mail Returned to Sender\r\n" + data)
    _read(_REPORT % data)


def fuzz_addresses(data: bytes) -> None:
    line = data.replace(b"\r", b" ").replace(b"\n", b" ")
    _read(b"From: " + line + b"\r\nTo: " + line + b"\r\nReply-To: " + line + b"\r\n\r\nhola\r\n")
    _read(b"From: " + line[::2] + b"\r\nFrom: " + line[1::2] + b"\r\n\r\nhola\r\n")


def fuzz_containers(data: bytes) -> None:
    """What stands inside of a part: winmail.dat, rich text, an invitation, a signed message."""
    unpacked = unpack(data)
    if unpacked:
        assert storable(unpacked.text + unpacked.html + "".join(name for name, _ in unpacked.files))
    assert storable(read_rtf(data).text)
    assert storable(read_invitation(decode(data)[0]).text)
    found = read_pkcs7(data)
    assert found.content is None or len(found.content) <= len(data)


TARGETS: dict[str, Target] = {
    "limits": fuzz_limits,
    "parse": fuzz_parse,
    "classify": fuzz_classify,
    "quotes": fuzz_quotes,
    "bounces": fuzz_bounces,
    "addresses": fuzz_addresses,
    "containers": fuzz_containers,
}


def storable(text: str) -> bool:
    """Whether a database takes it: no NUL, no lone surrogate."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _read(raw: bytes, known: Limits | None = None) -> ParsedMail:
    mail = parse(raw, known or Limits())
    # parse() never raises; what went wrong inside it shows here.
    assert Breach.UNREADABLE not in mail.breaches
    assert all(map(storable, _texts(mail)))
    assert "\n" not in mail.subject
    assert "\r" not in mail.text
    assert bool(mail.breaches) <= (bool(mail.attachments) and mail.attachments[-1].content == raw)
    for part in mail.attachments:
        assert part.name.strip(". ") == part.name
        assert part.name
        assert len(part.name) <= 150
        assert not set(part.name) & set('/\\\r\n\0<>:"|?*\u202e')
        assert "/" in part.type
    html = mail.text_format == "html"
    reply = read_reply(mail.raw_html if html else mail.text, "html" if html else "plain", subject=mail.subject)
    _reply(reply)
    _forwarded(mail, reply, known or Limits())
    return mail


def _texts(mail: ParsedMail) -> list[str]:
    boxes = [*mail.to, *mail.cc, *mail.reply_to, *([mail.sender] if isinstance(mail.sender, Mailbox) else [])]
    reported = mail.report.recipients if mail.report else ()
    return [
        *(mail.text, mail.html, mail.raw_html, mail.subject, mail.message_id, *mail.in_reply_to, *mail.references),
        *(name + value for name, value in mail.headers.fields),
        *(box.name + box.address for box in boxes),
        *(part.name + part.type + part.cid for part in mail.attachments),
        *(one.address + one.action + one.status + one.diagnostic for one in reported),
        *mail.flags,
    ]


def _forwarded(mail: ParsedMail, reply: Reply, known: Limits) -> None:
    """What is sent on is a mail of its own, and all that is left around it."""
    found = forwarded_in(mail, reply, known)
    if found is not None:
        _reply(found.reply)
        _reply(found.around)
        assert all(map(storable, [*_texts(found.mail), found.author, found.date]))
        assert "\n" not in found.mail.subject + found.author + found.date


def _reply(reply: Reply) -> None:
    """Spans follow each other over the whole text, without gap."""
    assert storable(reply.text)
    ends = [0, *(span.end for span in reply.spans)]
    assert [span.start for span in reply.spans] == ends[:-1]
    assert ends[-1] == len(reply.text)
    assert storable(reply.new_text + reply.elided)


_REPORT = (
    b"From: MAILER-DAEMON@x.example\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
    b"--b\r\n\r\nsorry\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n%b\r\n--b--\r\n"
)

TOKENS = [
    *(b"\r\n", b"\n", b"\r", b"\n\n", b"\r\n\r\n", b"\n ", b"\n\t", b"\0", b"\xff", b"\xed\xa0\x80", b"\xe2\x80\xae"),
    *(b"--b", b"--b--", b"\n--b\n", b"boundary=b", b'boundary="', b"boundary*0*=", b";", b"; name*0*=x", b'"', b"\\"),
    *(b"(", b")", b"<", b">", b"@", b",", b":", b"=", b"=?utf-8?q?", b"=?utf-8?b?", b"?=", b"=?iso-2022-jp?b?", b"_"),
    *(b"\x1b$B", b"\x1b(B", b"\x1b(I", b"=20", b"=\n", b"=E9", b"AAAA", b"====", b"begin 644 x\n", b"+AGE-"),
    *(b"From: ", b"To: ", b"Subject: ", b"Date: ", b"Received: ", b"References: <a@b>", b"Message-ID: <a@b>"),
    *(b"Content-Type: ", b"Content-Type: multipart/mixed; boundary=b\n\n", b"Content-Type: message/rfc822\n\n"),
    *(b"Content-Transfer-Encoding: base64", b"Content-Disposition: attachment; filename=", b"charset=utf-7"),
    *(b"multipart/alternative", b"multipart/signed", b"multipart/encrypted", b"multipart/report", b"multipart/related"),
    *(b"text/plain; format=flowed; delsp=yes", b"text/html", b"text/calendar", b"application/ms-tnef"),
    *(b"application/pkcs7-mime; smime-type=signed-data", b"message/delivery-status"),
    *(b"Final-Recipient: rfc822; a@b\n", b"&#0;", b"\n b"),
    *(b"Action: failed\n", b"Status: 5.1.1\n", b"Diagnostic-Code: smtp; 550", b"Auto-Submitted: ", b"List-Id: <"),
    *(
        b"<div>",
        b"</div>",
        b"<p>",
        b"<br>",
        b"<blockquote>",
        b'<a href="',
        b"<!--",
        b"-->",
        b"<table><tr><td>",
        b"&#0;",
    ),
    *(b"<b", b"<style>", b'="', b"='", b"&lt;", b"> ", b">>", b"-- \n", b"On 3 Mar 2025, Ana <a@b> wrote:\n", b"___"),
    *(b"-----Original Message-----\n", b"Sent: ", b"wrote:", b"El 3/3/2025, Ana escribi\xc3\xb3:\n", b"```\n", b"* "),
    *(
        b"BEGIN:VCALENDAR\n",
        b"BEGIN:VEVENT\n",
        b"DTSTART;TZID=Europe/Madrid:20261102T091500\n",
        b"SUMMARY:a\\n",
        b"\n b",
    ),
    *(b"METHOD:CANCEL\n", b"DURATION:P1DT2H\n", b"{\\rtf1", b"{\\*\\htmltag64 <p>}", b"\\'e9", b"\\u233?", b"\\bin9 "),
    *(b"\x78\x9f\x3e\x22", b"\x02\x05\x90\x06\x00", b"\x30\x80", b"\x24\x80\x04\x01a", b"\0\0", b"\x06\x09"),
    b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02",
]


@cache
def seeds(target: str = "") -> tuple[bytes, ...]:
    """The mails of our corpora, and those of other projects where they are at hand; for `containers`, their parts."""
    files = [*sorted((TESTS / "corpus").glob("*.eml")), *sorted((TESTS / "corpus_replies").glob("*.*"))]
    shared = TESTS.parents[1] / "shared" / "mime"
    if shared.is_dir():
        files += [shared / line.split("\t")[0] for line in (shared / "index.tsv").read_text("utf-8").splitlines()[1:]]
    mails = [path.read_bytes()[: 64 * 1024] for path in files]
    if target != "containers":
        return tuple(mails)
    return tuple(part.content[:8192] for mail in mails for part in parse(mail, Limits()).attachments) + _CONTAINERS


_CONTAINERS = (
    b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nSUMMARY:a\\, b\r\nDTSTART;TZID=Europe/Madrid:20261102T091500"
    b'\r\nDURATION:PT1H\r\nATTENDEE;PARTSTAT=ACCEPTED;CN="A: b":mailto:a@b\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n',
    rb"{\rtf1\ansi\ansicpg1252\fromhtml1{\fonttbl{\f0 Arial;}}{\*\htmltag64 <p>}"
    rb"\htmlrtf a\par\htmlrtf0 caf\'e9 \u8364?\bin3 abc}",
    bytes.fromhex(
        "3080 0609 2a864886f70d010702 a080 3080 020101 3100 3080 0609 2a864886f70d010701 a080 2480 0403 616263 0000"
    ),
)
