"""SPF (RFC 7208) of an envelope, evaluated by pyspf with DNS of ours. Needs the extra `auth`."""

from typing import Any

import spf

from gateway.inbound.dns_lookup import DnsTrouble, Lookup, host_name

# RFC 7208, 4.6.4.
MOST_VOID = 2


class _Query(spf.query):  # type: ignore[misc]
    """pyspf's evaluation; only where its answers come from is ours."""

    def __init__(self, lookup: Lookup, **about: Any) -> None:
        super().__init__(**about)
        self._lookup = lookup
        self._known: dict[tuple[str, str], list[Any]] = {}

    def dns(self, name: object, qtype: str, cnames: object = None, ignore_void: bool = False) -> list[Any]:
        wanted = str(name).rstrip(".").lower()
        if not wanted or not all(0 < len(label) < 64 for label in wanted.split(".")):
            return []
        if (wanted, qtype) not in self._known:
            self._known[wanted, qtype] = self._asked(wanted, qtype)
        found = self._known[wanted, qtype]
        if not found and not ignore_void:
            self.void_lookups += 1
            if self.void_lookups > MOST_VOID:
                raise spf.PermError(f"void lookup limit of {MOST_VOID} exceeded")
        return found

    def _asked(self, name: str, kind: str) -> list[Any]:
        try:
            match kind:
                case "TXT":
                    # One string each, as pyspf joins them itself.
                    return [(text,) for text in self._lookup.texts(name)]
                case "A" | "AAAA":
                    return self._lookup.addresses(name, kind)
                case "MX":
                    return self._lookup.exchanges(name)
                case "PTR":
                    return self._lookup.names(name)
        except DnsTrouble as trouble:
            raise spf.TempError(f"DNS: {trouble}") from trouble
        return []

    def get_explanation(self, spec: object) -> str:
        """Nobody reads what a domain says about its refusals: no question for it."""
        return ""


def check_spf(*, client: str, envelope_from: str, helo: str, lookup: Lookup) -> tuple[str, str]:
    """The result as RFC 8601 words it, and the domain that it is about: of MAIL FROM, or of HELO for <>."""
    domain = host_name((envelope_from or helo).rpartition("@")[2])
    if not domain:
        return "none", ""
    try:
        found, _, _ = _Query(lookup, i=client, s=envelope_from, h=helo or domain).check()
    except Exception:  # macros and records are anybody's text
        return "permerror", domain
    return (found if found in spf.EXPLANATIONS or found in ("none", "temperror") else "permerror"), domain
