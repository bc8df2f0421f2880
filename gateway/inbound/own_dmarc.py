"""DMARC (RFC 7489): whether what DKIM and SPF say goes with From. Needs the extra `auth`."""

from collections.abc import Iterable
from functools import cache

from publicsuffixlist import PublicSuffixList

from gateway.inbound.dns_lookup import DnsTrouble, Lookup
from gateway.inbound.own_dkim import Signature

_STRICT = "s"


@cache
def _suffixes() -> PublicSuffixList:
    """The list as it came with the library: nothing is fetched. Newer lists come with newer versions of it."""
    return PublicSuffixList()


def organisational(domain: str) -> str:
    """The domain that somebody registered (RFC 7489, 3.2): `example.co.uk` of `a.mail.example.co.uk`."""
    return _suffixes().privatesuffix(domain) or domain


def check_dmarc(from_domain: str, signatures: Iterable[Signature], spf: tuple[str, str], lookup: Lookup) -> str:
    """'pass', 'fail', 'none' (no record), or 'temperror'. The policy's wish plays no part: a fail is a fail."""
    try:
        tags = _record(from_domain, lookup)
    except DnsTrouble:
        return "temperror"
    if not tags:
        return "none"
    temporary = False
    checks = [(tags.get("adkim", "r"), one.result, one.domain) for one in signatures]
    for mode, result, domain in (*checks, (tags.get("aspf", "r"), *spf)):
        goes_with = domain == from_domain or (
            mode != _STRICT and bool(domain) and organisational(domain) == organisational(from_domain)
        )
        if goes_with and result == "pass":
            return "pass"
        temporary |= goes_with and result == "temperror"
    return "temperror" if temporary else "fail"


def _record(domain: str, lookup: Lookup) -> dict[str, str]:
    """The tags of the record of the domain, else of its organisation's; empty when there is none (RFC 7489, 6.6.3)."""
    for name in dict.fromkeys((domain, organisational(domain))):
        found = [tags for text in lookup.texts(f"_dmarc.{name}") if (tags := _tags(text))]
        if found:
            return found[0] if len(found) == 1 else {}
    return {}


def _tags(record: bytes) -> dict[str, str]:
    parts = [part.partition("=") for part in record.decode("ascii", "replace").split(";")]
    tags = {name.strip().lower(): value.strip() for name, _, value in parts if name.strip()}
    first = parts[0]
    if (first[0].strip().lower(), first[2].strip()) != ("v", "DMARC1"):
        return {}
    return {name: value.lower() for name, value in tags.items()}
