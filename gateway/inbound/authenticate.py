"""How sure it is who sent a mail: the levels of RULES 3, from what servers of ours say. Pure.

What is believed. Every server writes its lines above what is already there, so that the topmost lines are the youngest.

- `postfix`, and no profile: Authentication-Results (RFC 8601) of a trusted authserv-id that stand above the Received
  line of our border. The border is the first Received line from the top that is not internal; a line is internal when
  its client is the machine itself or one of `relays`, or when it is a delivery by LMTP without a client address. All
  lines down to the border were written by us, so that nothing that a stranger sent can be among them.
- `gmail`: Gmail writes its header below its own Received line, so: the topmost Authentication-Results of all, when it
  is one of a trusted authserv-id (mx.google.com unless others are configured).
- `microsoft365`: the topmost of all, which names no server.

With the last two nothing is believed that a stranger's client brought to our own door, where anything can be written.

A door that is itself the border has to take away such headers that name us: `strip_foreign`.
"""

import ipaddress
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

import authres

from gateway.inbound.addresses import normalise
from gateway.inbound.domains import aligned
from gateway.inbound.headers import read_field
from gateway.inbound.mail import Headers, Mailbox, Unidentified
from gateway.inbound.own_check import OwnResult
from gateway.settings import Authentication

LONGEST_RESULTS = 8192

_GMAIL = ("mx.google.com",)
_NAMELESS = "unnamed.invalid"
_SERVER = re.compile(r"\s*(?:\([^()]*\)\s*)*\"?([^\s;\"()=]+)\"?\s*(?:\([^()]*\)\s*)*(?:\d+\s*)?(?:;|$)")
_BRACKETED_IP = re.compile(r"\[(?:IPv6:)?([0-9A-Fa-f:.]+)\]", re.IGNORECASE)
_FROM_CLAUSE = re.compile(r"from\s+\S+(.*)\sby\s", re.IGNORECASE)
_RESULTS_FIELD = re.compile(rb"authentication-results[ \t]*:(.*)", re.IGNORECASE | re.DOTALL)
_FIELD_LINES = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|$)(?:[ \t][^\r\n]*(?:\r\n|\r|\n|$))*")


class Level(IntEnum):
    """S0 nothing known; S1 authenticated; S2 and S3 are S1 with a token, and with a confirmation."""

    S0 = 0
    S1 = 1
    S2 = 2
    S3 = 3


@dataclass(frozen=True, slots=True)
class Identity:
    """How sure we are, by which evidence, and what DMARC says ('pass', 'fail', another word, or '' when unknown).

    `signed`: the mail itself is theirs, by an aligned DKIM signature or by submission, and not only the path that it
    came by, which is what SPF knows.
    """

    level: Level
    evidence: str
    dmarc: str = ""
    signed: bool = False


@dataclass(frozen=True, slots=True)
class _Result:
    """One method's result with its properties, such as ('header', 'd') -> 'example.org'."""

    method: str
    result: str
    properties: dict[tuple[str, str], str]


def authenticate(
    mail_headers: Headers,
    sender: Mailbox | Unidentified,
    *,
    settings: Authentication,
    envelope: str | None,
    peer: str | None,
    session_auth: str | None,
    relays: Sequence[str] = (),
    own: Sequence[OwnResult] = (),
) -> Identity:
    """Judge the evidence for the sender.

    envelope: the return path, which proves nothing (SPF alone is S0). peer: the address of the client that gave us the
    mail. session_auth: as whom it authenticated. relays: networks (CIDR) of our own relays in front of us. own: what we
    found ourselves, for a mail that a stranger brought to our own door.
    """
    if isinstance(sender, Unidentified):
        return Identity(Level.S0, f"unidentified: {sender.reason}")
    if session_auth and normalise(session_auth) == sender.address:
        return Identity(Level.S1, "authenticated session", signed=True)
    trail, border = _trail(mail_headers, relays)
    if _within(peer, settings.submission_networks):
        return Identity(Level.S1, "submission network", signed=True)
    if own:
        found = _judged(list(_own_results(own)), sender.address, border, settings)
        return replace(found, evidence=f"our own check: {', '.join(map(str, own))}")
    results = list(_trusted_results(mail_headers, trail, settings, stranger=from_outside(peer, relays)))
    if not results:
        return Identity(Level.S0, "no authentication result of a trusted server")
    return _judged(results, sender.address, border, settings)


def from_outside(peer: str | None, relays: Sequence[str]) -> bool:
    """Whether a stranger's client brought the mail to our own door: one that is none of our relays."""
    return bool(peer) and not _within(peer, relays)


def _own_results(own: Sequence[OwnResult]) -> Iterator[_Result]:
    for one in own:
        name = ("header", "from") if one.method == "dmarc" else ("header", "d")
        yield _Result(one.method, one.result, {name: one.domain})


def strip_foreign(raw: bytes, hostname: str) -> bytes:
    """The mail without Authentication-Results headers that carry this server's name; all else stays as it came."""
    ours = hostname.lower()
    if b"authentication-results" not in raw[: 1 << 20].lower() or not ours:
        return raw
    kept: list[bytes] = []
    position = 0
    while position < len(raw) and raw[position : position + 1] not in (b"\r", b"\n"):
        match = _FIELD_LINES.match(raw, position)
        if match is None or match.end() == position:
            break
        results = _RESULTS_FIELD.match(match.group())
        if not (results and _names(results.group(1), ours)):
            kept.append(match.group())
        position = match.end()
    return b"".join(kept) + raw[position:]


def _judged(results: list[_Result], address: str, border: str, settings: Authentication) -> Identity:
    domain = address.rpartition("@")[2]
    dmarc = _dmarc(results, domain)
    if dmarc == "fail":
        return Identity(Level.S0, "dmarc=fail", dmarc)
    signature = _signature(results, address, domain)
    submitted = bool(border) and _within(border, settings.submission_networks)
    if dmarc == "pass":
        return Identity(Level.S1, "dmarc=pass", dmarc, signed=bool(signature) or submitted)
    if signature:
        return Identity(Level.S1, signature, dmarc, signed=True)
    if submitted:
        return Identity(Level.S1, "submission network", dmarc, signed=True)
    return Identity(Level.S0, "nothing aligned with From", dmarc)


def _signature(results: Iterable[_Result], address: str, domain: str) -> str:
    """What says that the mail itself is the sender's: a signature of their domain, or who submitted it; '' for none."""
    for result in results:
        if result.method == "dkim" and result.result == "pass" and aligned(_signer(result), domain):
            return f"dkim=pass header.d={_signer(result)}"
        if result.method == "auth" and result.result == "pass":
            submitter = result.properties.get(("smtp", "auth"), "")
            if normalise(submitter) == address:
                return "auth=pass"
    return ""


def _dmarc(results: Iterable[_Result], domain: str) -> str:
    """What DMARC says of this From: a fail outweighs all else, a result for another From counts for nothing."""
    found = [
        result.result
        for result in results
        if result.method == "dmarc"
        and aligned(result.properties.get(("header", "from"), domain).rpartition("@")[2], domain)
    ]
    for word in ("fail", "pass"):
        if word in found:
            return word
    return found[0] if found else ""


def _signer(result: _Result) -> str:
    return result.properties.get(("header", "d")) or result.properties.get(("header", "i"), "").rpartition("@")[2]


def _trail(headers: Headers, relays: Sequence[str]) -> tuple[list[tuple[str, str]], str]:
    """The fields above the border's Received line, and the client's address in that line."""
    trail: list[tuple[str, str]] = []
    for name, value in headers.fields:
        if name.lower() == "received":
            clients = _clients(value)
            local = not clients and re.search(r"\bwith\s+(?:UTF8)?LMTP", value, re.IGNORECASE)
            if not local and not (clients and all(_internal(client, relays) for client in clients)):
                return trail, clients[-1] if len(clients) == 1 else ""
        trail.append((name, value))
    return trail, ""


def _clients(received: str) -> list[str]:
    """Every address in the from clause but what the client called itself."""
    match = _FROM_CLAUSE.match(received)
    return _BRACKETED_IP.findall(match.group(1)) if match else []


def _internal(client: str, relays: Sequence[str]) -> bool:
    return _within(client, ["127.0.0.0/8", "::1/128", *relays])


def _trusted_results(
    headers: Headers, trail: list[tuple[str, str]], settings: Authentication, *, stranger: bool
) -> Iterator[_Result]:
    topmost = headers.all("Authentication-Results")[:1] if not stranger else ()
    match settings.profile:
        case "microsoft365":
            for value in topmost:
                server = _server(value)
                if not server or server in settings.trusted:
                    yield from _parsed(value if server else f"{_NAMELESS}; {value}")
        case "gmail":
            for value in topmost:
                if _server(value) in (settings.trusted or _GMAIL):
                    yield from _parsed(value)
        case _:
            trusted = {server.lower() for server in settings.trusted}
            for name, value in trail:
                if name.lower() == "authentication-results" and _server(value) in trusted:
                    yield from _parsed(value)


def _server(value: str) -> str:
    """The authserv-id in lower case, or the empty string when the header begins with a result."""
    match = _SERVER.match(value)
    return match.group(1).lower() if match else ""


def _parsed(value: str) -> Iterator[_Result]:
    if len(value) > LONGEST_RESULTS:
        return
    try:
        header = authres.AuthenticationResultsHeader.parse_value(value)
        for result in header.results:
            properties = {(prop.type, prop.name): str(prop.value or "").lower() for prop in result.properties}
            yield _Result(str(result.method).lower(), str(result.result).lower(), properties)
    except Exception:  # a header that cannot be read is no evidence
        return


def _within(address: str | None, networks: Iterable[str]) -> bool:
    try:
        client = ipaddress.ip_address((address or "").strip("[]"))
    except ValueError:
        return False
    client = getattr(client, "ipv4_mapped", None) or client
    return any(client in ipaddress.ip_network(network, strict=False) for network in networks)


def _names(value: bytes, ours: str) -> bool:
    """Whether an authserv-id is ours: as we read it, and with comments, quotes, folding, a version looked past."""
    _, text = read_field("Authentication-Results", value.decode("ascii", "surrogateescape").rstrip("\r\n"))
    bare = re.sub(r"\([^()]*\)", " ", text).lower()
    return _server(text) == ours or ours in re.split(r"[\s\"]+", bare.partition(";")[0])
