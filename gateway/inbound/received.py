"""The Received line that a door puts above a mail. Pure."""

import re
from email.utils import format_datetime

from gateway.inbound.arrivals import Arrival

_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9.:_\[\]-]")


def received_line(arrival: Arrival, *, hostname: str, comment: str = "", id: str = "") -> bytes:
    """One trace line with its CRLF (RFC 5321, 4.4), folded after each clause.

    The client's own name is cut to what a host name is made of, so that it cannot write headers. `comment` and `id`
    are the caller's, and go in as they are: the daemon puts there the proof that this gateway wrote the line.
    """
    helo = _NOT_IN_A_NAME.sub("?", arrival.helo)[:255] or "unknown"
    client = f" ([{arrival.peer}])" if arrival.peer else ""
    by = hostname + (f" ({comment})" if comment else "")
    clauses = f"with {arrival.protocol or arrival.source.upper()}" + (f" id {id}" if id else "")
    date = format_datetime(arrival.received_at)
    return f"Received: from {helo}{client}\r\n\tby {by}\r\n\t{clauses};\r\n\t{date}\r\n".encode("ascii", "replace")


def protocol_word(word: str, *, utf8: bool, tls: bool) -> str:
    """The word for `with`, from 'SMTP', 'ESMTP' or 'LMTP' (RFC 3848, and RFC 6531 for SMTPUTF8)."""
    return ("UTF8" + word.removeprefix("E") if utf8 else word) + ("S" if tls else "")
