"""DNS for checking a mail ourselves: every question of one mail within one time. Needs the extra `auth`."""

import re
import time
from collections.abc import Sequence
from functools import cache

import dns.exception
import dns.nameserver
import dns.rdtypes.IN.A
import dns.rdtypes.IN.AAAA
import dns.resolver
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.PTR import PTR
from dns.rdtypes.ANY.TXT import TXT

# A key of 4,096 bits takes 740 characters. What is much longer is there to keep us busy.
LONGEST_TXT = 2048
# DNSSEC-sized answers are many; SPF alone may ask ten names with ten hosts each.
MOST_QUESTIONS = 60
MOST_CACHED = 1000

_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})+")


class DnsTrouble(Exception):  # noqa: N818  (reads as what happened)
    """No answer in time, or no server that gives one: it says nothing about the name."""


class Lookup:
    """Answers for one mail. A name that is not there has none, which is an empty list; else DnsTrouble."""

    def __init__(self, servers: Sequence[str], *, seconds: float) -> None:
        """servers: as 192.0.2.53 or 192.0.2.53:5353, [2001:db8::53]:53; empty: those of the system."""
        self._servers = tuple(servers)
        self._until = time.monotonic() + seconds
        self._questions = 0

    def texts(self, name: str) -> list[bytes]:
        """TXT records, the strings of each joined; longer ones than anybody needs are left out."""
        joined = (b"".join(one.strings) for one in self._ask(name, "TXT") if isinstance(one, TXT))
        return [one for one in joined if len(one) <= LONGEST_TXT]

    def addresses(self, name: str, kind: str) -> list[str]:
        """A or AAAA records."""
        kinds = (dns.rdtypes.IN.A.A, dns.rdtypes.IN.AAAA.AAAA)
        return [one.address for one in self._ask(name, kind) if isinstance(one, kinds)]

    def exchanges(self, name: str) -> list[tuple[int, str]]:
        return [(one.preference, str(one.exchange)) for one in self._ask(name, "MX") if isinstance(one, MX)]

    def names(self, reverse_name: str) -> list[str]:
        return [str(one.target) for one in self._ask(reverse_name, "PTR") if isinstance(one, PTR)]

    def late(self) -> bool:
        """Whether the time for this mail is over."""
        return time.monotonic() >= self._until

    def _ask(self, name: str, kind: str) -> list[object]:
        self._questions += 1
        left = self._until - time.monotonic()
        if left <= 0 or self._questions > MOST_QUESTIONS:
            raise DnsTrouble("too many questions, or no time left for them")
        try:
            absolute = name if name.endswith(".") else f"{name}."
            return list(_resolver(self._servers).resolve(absolute, kind, lifetime=left, search=False))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except dns.resolver.NoResolverConfiguration as error:
            raise DnsTrouble("no DNS server is known") from error
        except (dns.exception.Timeout, dns.resolver.NoNameservers, OSError) as error:
            raise DnsTrouble("DNS does not answer") from error
        except (dns.exception.DNSException, UnicodeError, ValueError):
            return []  # no name at all


def host_name(text: str) -> str:
    """A name that can be asked for, in lower case; the empty string for anything else that stands in a mail."""
    name = text.lower().rstrip(".")
    return name if _NAME.fullmatch(name) else ""


@cache
def _resolver(servers: tuple[str, ...]) -> dns.resolver.Resolver:
    """One for a process, with the answers that it remembers."""
    resolver = dns.resolver.Resolver(configure=not servers)
    if servers:
        resolver.nameservers = [dns.nameserver.Do53Nameserver(*server(text)) for text in servers]
    resolver.cache = dns.resolver.LRUCache(MOST_CACHED)
    return resolver


def server(text: str) -> tuple[str, int]:
    """Address and port of a DNS server as settings name it."""
    address, _, port = text.rpartition(":")
    if address.startswith("[") and address.endswith("]"):
        return address[1:-1], int(port)
    return (address, int(port)) if address and ":" not in address else (text.strip("[]"), 53)
