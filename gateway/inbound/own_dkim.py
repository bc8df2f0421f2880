"""DKIM (RFC 6376) of a mail, checked by dkimpy; what could keep it busy is refused before. Needs the extra `auth`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import dkim
from dkim.util import InvalidTagValueList, parse_tag_value

from gateway.inbound.dns_lookup import DnsTrouble, Lookup, host_name

# More signatures than these nobody needs: the author's, the sender's service, a list's.
MOST_SIGNATURES = 6
LONGEST_SIGNATURE = 4096
LEAST_KEY_BITS = 1024

_HEADER_END = re.compile(rb"\r?\n\r?\n")
_WHITE = re.compile(rb"[\t ]+")
# dkimpy's expressions take the square of a run of white space.
_LONG_RUN = re.compile(rb"\s{64}")


@dataclass(frozen=True, slots=True)
class Signature:
    """One DKIM-Signature: 'pass', 'fail', 'policy', 'permerror', or 'temperror', and who signed."""

    result: str
    domain: str


def check_dkim(raw: bytes, lookup: Lookup) -> list[Signature]:
    """The topmost signatures of a mail that is within our limits; empty when it has none. Never raises."""
    try:
        return list(_checked(raw, lookup))
    except Exception:  # a header that cannot be read is not signed
        return [Signature("permerror", "")]


def _checked(raw: bytes, lookup: Lookup) -> Iterator[Signature]:
    end = _HEADER_END.search(raw)
    head = raw[: end.start()] if end else raw
    mail = dkim.DKIM(head + b"\r\n\r\n", minkey=LEAST_KEY_BITS)
    values = [value for name, value in mail.headers if name.lower() == b"dkim-signature"]
    if not values:
        return
    body = raw[end.end() :] if end else b""
    simple = body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    # What relaxed canonicalisation (RFC 6376, 3.4.4) does, in linear time; doing it again changes nothing.
    relaxed = _WHITE.sub(b" ", simple).replace(b" \r\n", b"\r\n")
    for number, value in enumerate(values[:MOST_SIGNATURES]):
        if len(value) > LONGEST_SIGNATURE or _LONG_RUN.search(value):
            yield Signature("policy", "")
            continue
        if lookup.late():
            yield Signature("temperror", "")
            continue
        mail.body = relaxed if _canonicalisation(value).endswith(b"/relaxed") else simple
        yield _one(mail, number, lookup)


def _canonicalisation(signature: bytes) -> bytes:
    try:
        return bytes(parse_tag_value(signature).get(b"c", b""))
    except InvalidTagValueList:
        return b""


def _one(mail: dkim.DKIM, number: int, lookup: Lookup) -> Signature:
    trouble = False

    def key(name: bytes, timeout: float = 0) -> bytes | None:
        nonlocal trouble
        try:
            # RFC 6376, 3.6.2.2: of several records any may be taken.
            return next(iter(lookup.texts(name.decode("ascii"))), None)
        except DnsTrouble:
            trouble = True
            return None

    mail.domain = None
    try:
        good = mail.verify(number, dnsfunc=key)
        result = "pass" if good else "fail"
    except dkim.ValidationError as error:
        result = "fail" if "body hash" in str(error) else "permerror"
    except Exception:  # keys and signatures are anybody's text
        result = "permerror"
    domain = host_name((mail.domain or b"").decode("ascii", "replace"))
    if trouble:
        return Signature("temperror", domain)
    if result == "pass" and not _covers(mail):
        result = "policy"
    return Signature(result, domain)


def _covers(mail: dkim.DKIM) -> bool:
    """Whether it signs From, and the whole body: with l= anybody can append what they like (RFC 6376, 8.2)."""
    return b"from" in mail.include_headers and b"l" not in mail.signature_fields
