"""Our own check of SPF, DKIM and DMARC, where we are the first server that a stranger's mail meets.

It asks DNS, so it belongs outside any transaction. Where DNS does not answer, the mail is not put back: it stands at
S0, and the reason says so. Needs the extra `auth`, whose libraries are loaded when the first mail is checked.
"""

import re
from dataclasses import dataclass

from gateway.inbound.mail import Headers
from gateway.settings import Authentication

_HELO = re.compile(r"from\s+([A-Za-z0-9._-]{1,255})\s")


@dataclass(frozen=True, slots=True)
class OwnResult:
    """One result, in the words of RFC 8601: 'spf', 'dkim' or 'dmarc', what was found, and of which domain."""

    method: str
    result: str
    domain: str

    def __str__(self) -> str:
        return f"{self.method}={self.result}" + (f" {self.domain}" if self.domain else "")


def own_check(
    raw: bytes, headers: Headers, *, from_domain: str, envelope_from: str, client: str, settings: Authentication
) -> tuple[OwnResult, ...]:
    """Check one mail within `[authentication] dns_seconds`.

    raw: the mail, which is within our limits. headers: its fields; the topmost Received is ours and holds the client's
    own name. client: the address of who brought it. Never raises for what a mail or DNS contains.
    """
    # Only who checks pays for them: 0.2 s and 15 MiB in each worker.
    from gateway.inbound.dns_lookup import Lookup
    from gateway.inbound.own_dkim import check_dkim
    from gateway.inbound.own_dmarc import check_dmarc
    from gateway.inbound.own_spf import check_spf

    lookup = Lookup(settings.dns_servers, seconds=settings.dns_seconds)
    greeting = _HELO.match(headers.first("Received"))
    signatures = check_dkim(raw, lookup)
    spf = check_spf(
        client=client, envelope_from=envelope_from, helo=greeting.group(1) if greeting else "", lookup=lookup
    )
    dmarc = check_dmarc(from_domain, signatures, spf, lookup)
    return (
        *(OwnResult("dkim", one.result, one.domain) for one in signatures),
        OwnResult("spf", *spf),
        OwnResult("dmarc", dmarc, from_domain),
    )
