"""A load on an SMTP door in a process of its own: smtp_load.py PORT COUNT SESSIONS RECIPIENT.

Each session is kept for as many mails as it gets. They come from five addresses of this machine, so that ten sessions
an address, the gateway's default, are enough for fifty. Prints one JSON line.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator

from bench.corpus import samples

SOURCES = 5


def main(port: int, count: int, sessions: int, recipient: str) -> None:
    bodies = [one.raw.replace(b"\r\n.", b"\r\n..") + b".\r\n" for one in samples(count, attachments=False)]
    waits: list[float] = []
    seconds = asyncio.run(_load(port, bodies, sessions, recipient, waits))
    waits.sort()
    print(
        json.dumps(
            {
                "rate": count / seconds,
                "p50_ms": waits[len(waits) // 2] * 1000,
                "p99_ms": waits[len(waits) * 99 // 100] * 1000,
            }
        )
    )


async def _load(port: int, bodies: list[bytes], sessions: int, recipient: str, waits: list[float]) -> float:
    queue = iter(bodies)
    began = time.perf_counter()
    await asyncio.gather(*(_session(port, number, queue, recipient, waits) for number in range(sessions)))
    return time.perf_counter() - began


async def _session(port: int, number: int, queue: Iterator[bytes], recipient: str, waits: list[float]) -> None:
    source = (f"127.0.0.{number % SOURCES + 2}", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=source)

    async def say(data: bytes, expected: bytes) -> None:
        writer.write(data)
        while (line := await reader.readline())[3:4] == b"-":
            pass
        if not line.startswith(expected):
            raise RuntimeError(f"{data[:60]!r} was answered {line!r}")

    await say(b"", b"220")
    await say(b"EHLO load.example.net\r\n", b"250")
    for body in queue:
        await say(b"MAIL FROM:<someone@example1.net>\r\n", b"250")
        await say(f"RCPT TO:<{recipient}>\r\n".encode(), b"250")
        began = time.perf_counter()
        await say(b"DATA\r\n", b"354")
        await say(body, b"250")
        waits.append(time.perf_counter() - began)
    await say(b"QUIT\r\n", b"221")
    writer.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
