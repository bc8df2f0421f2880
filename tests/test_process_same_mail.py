"""The same mail through several doors of the running daemon is one ticket, whatever a real Postfix makes of it."""

import smtplib
from collections import Counter
from pathlib import Path

import pytest

from tests.daemon_process import Installation
from tests.real_postfix import Postfix
from tests.waiting import wait_until

pytestmark = [pytest.mark.xdist_group("postfix"), pytest.mark.timeout(180)]

BODIES = {
    "plain": b"\r\nNo imprime.\r\n",
    "no empty line before the body": b"this is no field\r\nNo imprime.\r\n",
    "a space before a colon": b"Subject : Again\r\n\r\nNo imprime.\r\n",
    "lines over 998 octets": b"\r\n" + b"abcde " * 1000 + b"\r\n" + b"a" * 5000 + b"\r\nend\r\n",
    "a line of 998 octets and a space": b"\r\n" + b"a" * 998 + b"\r\n b\r\n",
    "8-bit": "\r\nNo imprime, ¿sí? 5 €\r\n".encode(),
    "NUL and control characters": b"\r\na\0b\x01\x0c\r\n",
    "white space and empty lines at the end": b"\r\nNo imprime.  \t\r\n\r\n\r\n",
    "lines with dots": b"\r\n.\r\n..\r\n.No imprime.\r\n",
    "lines like those of mbox": b"\r\nFrom here\r\n>From there\r\n",
    "parts": b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nNo\r\n--b--\r\n",
    "nothing": b"\r\n",
}


def written(name: str) -> bytes:
    return (
        f"From: Ana <ana@x.test>\r\nTo: support@gw.test\r\nSubject: {name}\r\n"
        f"Date: Mon, 23 Nov 2026 12:00:00 +0000\r\nMessage-ID: <{list(BODIES).index(name)}@x.test>\r\n"
    ).encode() + BODIES[name]


def test_by_postfix_by_smtp_and_from_files_it_is_one_mail(postfix: Postfix, tmp_path: Path) -> None:
    trace = b"Return-Path: <ana@x.test>\r\nDelivered-To: a@x\r\nX-Spam-Status: No\r\nARC-Seal: i=1\r\n"
    socket = postfix.base / "lmtp.sock"
    with Installation(lmtp={"listen": f"unix:{socket}"}) as desk:
        daemon = desk.start()
        # Postfix's own user comes to this socket; the operator would put both in a group.
        socket.chmod(0o666)
        # As for mail from outside: Postfix adds no Date and no Message-ID, and changes no address.
        postfix.start(next_hop=f"lmtp:unix:{socket}", extra="local_header_rewrite_clients =\n")
        with smtplib.SMTP("127.0.0.1", postfix.port, timeout=20) as client:
            for name in BODIES:
                client.sendmail("ana@x.test", ["support@gw.test"], written(name))
        wait_until(lambda: len([one for one in desk.mails() if one["status"] == "done"]) == len(BODIES), seconds=30)
        firsts = {one["verdict"] for one in desk.mails()}
        for number, name in enumerate(BODIES):
            raw = written(name)
            daemon.keep(trace + raw)
            (tmp_path / f"{number}-crlf.eml").write_bytes(raw)
            (tmp_path / f"{number}-lf.eml").write_bytes(raw.replace(b"\r\n", b"\n"))
            (tmp_path / f"{number}-mbox.eml").write_bytes(b"From ana@x.test Mon Nov 23 12:00:00 2026\n" + raw)
        desk.told("ingest", tmp_path, "--to", "support@gw.test")
        wait_until(lambda: len([one for one in desk.mails() if one["status"] == "done"]) == 5 * len(BODIES), seconds=30)
        verdicts = Counter(one["verdict"] for one in desk.mails())

    assert "duplicate" not in firsts
    assert verdicts["duplicate"] == 4 * len(BODIES), verdicts
