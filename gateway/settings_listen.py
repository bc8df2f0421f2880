"""Where a door listens and where the smarthost is, read from one word of settings. Pure."""

import re
from dataclasses import dataclass
from ipaddress import IPv6Address
from pathlib import Path

UNIX = "unix:"
UNIX_PATH_BYTES = 107  # sockaddr_un(7): 108 with the closing zero.

_TCP = re.compile(
    r"(?:\[(?P<six>[0-9a-fA-F:.]+)\]|(?P<host>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)):(?P<port>\d{1,5})"
)


@dataclass(frozen=True, slots=True)
class Tcp:
    """A host name or address, without brackets, and a port; port 0 takes any that is free."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Unix:
    """A socket in the file system."""

    path: Path


def listen_at(text: str) -> Tcp | Unix | None:
    """What `listen` says: a Unix socket, an address, or None for a closed door; ValueError says what is wrong."""
    if not text:
        return None
    if text.startswith(UNIX):
        return _unix(text)
    return host_and_port(text)


def host_and_port(text: str) -> Tcp:
    """`host:port` or `[IPv6]:port`; ValueError says what is wrong."""
    found = _TCP.fullmatch(text)
    if found is None:
        raise ValueError(_what_is_wrong(text))
    port = int(found["port"])
    if port > 65535:
        raise ValueError(f"{port} is no port: the highest is 65535")
    if found["six"] is None:
        return Tcp(found["host"], port)
    return Tcp(str(IPv6Address(found["six"])), port)


def _unix(text: str) -> Unix:
    path = text.removeprefix(UNIX)
    if not path:
        raise ValueError("write the socket's path after unix:")
    if len(path.encode("utf-8", "surrogateescape")) > UNIX_PATH_BYTES:
        raise ValueError(f"the path of a Unix socket has at most {UNIX_PATH_BYTES} bytes; this one is longer: {path}")
    return Unix(Path(path))


def _what_is_wrong(text: str) -> str:
    if text.count(":") > 1 and not text.startswith("["):
        return "an IPv6 address is written in brackets: [::1]:25"
    if text.startswith((":", "*:")):
        port = text.rpartition(":")[2]
        return f"the host is missing; 0.0.0.0:{port} or [::]:{port} means all"
    return "write host:port, such as 127.0.0.1:8025"
