"""A DNS server on a loopback port with a zone of the test's own: the programs under test ask nobody else."""

import itertools
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

SILENT, BROKEN = "silent", "broken"

# A process remembers answers by the server that gave them, and ports are given out again: each zone is its own server.
_ADDRESSES = (f"127.53.{number // 250}.{number % 250 + 1}" for number in itertools.count())


@dataclass
class Zone:
    """Records as ('name', 'TXT') -> texts of the records, or SILENT (never answered), or BROKEN (SERVFAIL)."""

    records: dict[tuple[str, str], list[str] | str] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    server: str = ""

    def answer(self, wire: bytes) -> bytes | None:
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name, kind = str(question.name).rstrip(".").lower(), dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA
        found = self.records.get((name, kind), self.records.get((name, "*")))
        if found == SILENT:
            return None
        if found == BROKEN:
            reply.set_rcode(dns.rcode.SERVFAIL)
        elif isinstance(found, list):
            reply.answer.append(dns.rrset.from_text(question.name, 60, dns.rdataclass.IN, question.rdtype, *found))
        elif not any(known == name for known, _ in self.records):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        return reply.to_wire(max_size=65000)


@contextmanager
def serving(records: Mapping[tuple[str, str], list[str] | str]) -> Iterator[Zone]:
    """The zone, answered on a free UDP port of a loopback address until the end of the block."""
    zone = Zone(dict(records))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind((next(_ADDRESSES), 0))
        listening.settimeout(0.1)
        zone.server = "{}:{}".format(*listening.getsockname())
        over = threading.Event()

        def serve() -> None:
            while not over.is_set():
                try:
                    wire, asker = listening.recvfrom(65535)
                except TimeoutError:
                    continue
                if (reply := zone.answer(wire)) is not None:
                    listening.sendto(reply, asker)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield zone
        over.set()
        thread.join(5)


def text(record: str) -> str:
    """A TXT record as zones write it: strings of at most 255 characters."""
    return " ".join(f'"{record[at : at + 255]}"' for at in range(0, len(record), 255))
