"""DATA as bytes: read up to the lone dot, and the questions that a door asks of them in linear time."""

import asyncio
from collections.abc import Callable

_END = b"\r\n.\r\n"


async def read_data(reader: asyncio.StreamReader, *, room: Callable[[int], bool]) -> bytes | None:
    """The mail up to CRLF . CRLF and without its stuffed dots (RFC 5321, 4.5.2), or None when there was no room for it.

    `room(size)` is asked with the size of each piece; after the first no, the rest is read and thrown away.
    A bare LF or CR ends neither a line nor the mail: who takes one for the end lets a second mail be smuggled in.
    """
    # The line before the first one ends with CRLF too. With it in the buffer, an empty mail ends like any other, and
    # the end is one search in C over large pieces, where a read a line is most of what aiosmtpd spends on a mail.
    reader._buffer[:0] = b"\r\n"  # type: ignore[attr-defined]
    data = bytearray()
    roomy = True
    while True:
        ended = True
        try:
            piece = await reader.readuntil(_END)
        except asyncio.LimitOverrunError as more:
            ended = False
            piece = await reader.read(more.consumed)
        roomy = roomy and room(len(piece))
        if roomy:
            data += piece
        else:
            data.clear()
        if ended:
            return bytes(data[:-3].replace(b"\r\n.", b"\r\n")[2:]) if roomy else None


def line_longer_than(limit: int, raw: bytes) -> bool:
    """Whether a line has more octets than `limit`, its CRLF not counted."""
    start, size = 0, len(raw)
    while size - start > limit:
        end = raw.rfind(b"\r\n", start, start + limit + 2)
        if end < 0:
            return True
        start = end + 2
    return False


def hops(raw: bytes) -> int:
    """The number of Received fields in the header block."""
    ends = [at for at in (raw.find(b"\r\n\r\n"), raw.find(b"\n\n")) if at >= 0]
    head = raw[: min(ends)] if ends else raw
    return (b"\n" + head).lower().count(b"\nreceived:")
