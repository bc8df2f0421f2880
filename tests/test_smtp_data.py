"""The bytes of DATA: where a mail ends, what belongs to it, and which mails are refused for what stands in them."""

import asyncio
import tracemalloc
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.inbound.smtp_data import hops, line_longer_than, read_data
from tests.doors import Client, OpenDoors, mail, open_for_test

BITS = st.lists(st.sampled_from([b".", b"\r\n", b"\r", b"\n", b"a", b"..", b"\r\n.", b"\0"]), max_size=12).map(b"".join)


def stuffed(text: bytes) -> bytes:
    """As a client sends it, by lines and not by search, so that it is another way than the code's."""
    lines = text.split(b"\r\n")
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines)


def read(pieces: list[bytes], *, room: int = 1 << 30) -> tuple[bytes | None, bytes]:
    """What was read, and what stayed behind the end. The pieces come one after another, as from a socket."""

    async def main() -> tuple[bytes | None, bytes]:
        reader = asyncio.StreamReader(limit=64)
        left = room

        def fits(size: int) -> bool:
            nonlocal left
            left -= size
            return left >= 0

        reading = asyncio.ensure_future(read_data(reader, room=fits))
        for piece in pieces:
            reader.feed_data(piece)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        reader.feed_eof()
        return await reading, await reader.read()

    return asyncio.run(main())


@given(text=BITS, cuts=st.lists(st.integers(0, 60), max_size=5))
def test_what_a_client_sends_is_what_is_read_however_it_is_cut(text: bytes, cuts: list[int]) -> None:
    text = text.removesuffix(b"\r") + b"\r\n"
    wire = stuffed(text) + b".\r\nQUIT\r\n"
    edges = sorted({0, len(wire), *(min(cut, len(wire)) for cut in cuts)})

    assert read([wire[a:b] for a, b in pairwise(edges)]) == (text, b"QUIT\r\n")


def test_an_empty_mail_ends_too() -> None:
    assert read([b".\r\nNOOP\r\n"]) == (b"", b"NOOP\r\n")


def test_lines_longer_than_the_buffer_are_read() -> None:
    text = b"x" * 10_000 + b"\r\n"

    assert read([text, b".\r", b"\n"]) == (text, b"")


def test_what_has_no_room_is_read_to_its_end_and_thrown_away() -> None:
    assert read([b"x" * 500, b"\r\ny\r\n", b".\r\nNOOP\r\n"], room=300) == (None, b"NOOP\r\n")


def test_what_is_thrown_away_takes_no_memory() -> None:
    async def main() -> int:
        reader = asyncio.StreamReader(limit=1 << 16)
        reading = asyncio.ensure_future(read_data(reader, room=lambda _size: False))
        tracemalloc.start()
        for _ in range(200):
            reader.feed_data(b"x" * (1 << 16))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        reader.feed_data(b"\r\n.\r\n")
        await reading
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    assert asyncio.run(main()) < 2 << 20


@pytest.mark.parametrize("end", [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r\n.\r", b"\r\n\0.\r\n", b"\r.\r\n"])
def test_a_mail_cannot_be_smuggled_in_behind_bare_line_ends(tmp_path: Path, end: bytes) -> None:
    smuggled = b"MAIL FROM:<boss@x.test>\r\nRCPT TO:<support@gw.test>\r\nDATA\r\nSubject: evil\r\n\r\nx\r\n"
    with open_for_test(tmp_path) as opened, Client(opened.smtp) as client:
        client.begin()
        client.send(b"Subject: a\r\n\r\nhi" + end + smuggled + b".\r\n")
        assert client.reply().startswith("250")
        assert client.say("NOOP").startswith("250")
        rows = opened.shelf.rows()

    assert [row["sender"] for row in rows] == ["ana@x.test"]
    assert b"Subject: evil" in rows[0]["raw"]


@pytest.mark.parametrize(
    ("text", "limit", "longer"),
    [
        (b"", 4, False),
        (b"abcd", 4, False),
        (b"abcde", 4, True),
        (b"abcd\r\nabcd\r\n", 4, False),
        (b"abcd\r\nabcde\r\n", 4, True),
        (b"abcde\r\nab\r\n", 4, True),
        (b"\r\n" * 50, 4, False),
        (b"ab\ncd\r\n", 4, True),
    ],
)
def test_a_line_is_measured_without_its_end(text: bytes, limit: int, longer: bool) -> None:
    assert line_longer_than(limit, text) is longer


def test_received_fields_are_counted_in_the_header_only() -> None:
    field = b"RECEIVED: from a\r\n\tby b\r\n"

    assert hops(field * 3 + b"Subject: Received: x\r\n\r\n" + field * 9) == 3
    assert hops(field.replace(b"\r\n", b"\n") * 2 + b"\n" + field) == 2


@pytest.fixture
def small(tmp_path: Path) -> Iterator[OpenDoors]:
    with open_for_test(tmp_path, limits={"mail_mib": 0.125, "hops": 50}) as doors:
        yield doors


SMALL = 1 << 17


def test_a_mail_announced_too_large_is_refused_at_mail(small: OpenDoors) -> None:
    with Client(small.smtp) as client:
        assert client.say(f"MAIL FROM:<a@x.test> SIZE={SMALL + 1}").startswith("552 5.3.4")
        assert client.say(f"MAIL FROM:<a@x.test> SIZE={SMALL}").startswith("250")


def test_a_mail_that_turns_out_too_large_is_refused_after_data(small: OpenDoors) -> None:
    lines = b"a line\r\n" * (SMALL // 8)
    with Client(small.smtp) as client:
        assert client.deliver(lines + b"x\r\n") == f"552 5.3.4 the mail is larger than {SMALL} bytes"
        assert client.deliver(lines * 5) == f"552 5.3.4 the mail is larger than {SMALL} bytes"
        assert small.shelf.rows() == []
        assert client.deliver(lines).startswith("250")


def test_stuffed_dots_do_not_make_a_mail_too_large(small: OpenDoors) -> None:
    dots = b".\r\n" * (SMALL // 3)
    with Client(small.smtp) as client:
        assert client.deliver(dots).startswith("250")

    assert small.shelf.rows()[0]["raw"] == dots


def test_a_line_up_to_64_kib_is_taken_and_a_longer_one_is_refused_in_clear_words(small: OpenDoors) -> None:
    with Client(small.smtp) as client:
        assert client.deliver(b"Subject: a\r\n\r\n" + b"y" * 65536 + b"\r\nend\r\n").startswith("250")
        refused = client.deliver(b"Subject: a\r\n\r\n" + b"y" * 65537 + b"\r\nend\r\n")

        assert refused == "500 5.6.0 line too long: a line of the mail has more than 65536 bytes"
        assert client.say("NOOP").startswith("250")


def test_a_mail_with_more_than_50_hops_is_a_loop(small: OpenDoors) -> None:
    received = "Received: from a by b; Mon, 2 Nov 2026 10:00:00 +0000\n"
    with Client(small.smtp) as client:
        assert client.deliver(mail(headers=received * 50)).startswith("250")
        assert client.deliver(mail(headers=received * 51)).startswith("554 5.4.6 mail loop")


def test_eight_bit_bytes_arrive_as_they_are(small: OpenDoors) -> None:
    everything = b"Subject: a\r\n\r\n" + bytes(n for n in range(256) if n not in (10, 13)) + b"\r\n"
    with Client(small.smtp) as client:
        client.deliver(everything)

    assert small.shelf.rows()[0]["raw"] == everything
