"""How many sessions a door has, in all and from one address, and who may still come in."""

from collections import Counter
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network

TOO_MANY = "421 4.7.0 too many sessions, try again later"
TOO_MANY_FROM_ADDRESS = "421 4.7.0 too many sessions from your address, try again later"


class Admission:
    """Counts sessions: a fifth of them is kept for the trusted relays, whom the limit for an address spares."""

    def __init__(self, *, sessions: int, per_address: int, trusted: Iterable[Network] | None) -> None:
        """`trusted` None: every peer is one."""
        self._sessions = sessions
        self._per_address = per_address
        self._trusted = None if trusted is None else tuple(trusted)
        self._strangers: Counter[str] = Counter()
        self._relays = 0

    def enter(self, peer: str) -> str:
        """Counts the session in and returns '', or the reply that refuses it; then `leave` must not be called."""
        strangers = self._strangers.total()
        if self.trusts(peer):
            if strangers + self._relays >= self._sessions:
                return TOO_MANY
            self._relays += 1
            return ""
        if strangers >= self._sessions - self._reserved or strangers + self._relays >= self._sessions:
            return TOO_MANY
        if self._strangers[_source(peer)] >= self._per_address:
            return TOO_MANY_FROM_ADDRESS
        self._strangers[_source(peer)] += 1
        return ""

    def leave(self, peer: str) -> None:
        if self.trusts(peer):
            self._relays -= 1
            return
        source = _source(peer)
        self._strangers[source] -= 1
        if not self._strangers[source]:
            del self._strangers[source]

    def trusts(self, peer: str) -> bool:
        """Whether the peer is a trusted relay; one on a local socket ('') is."""
        if self._trusted is None or not peer:
            return True
        address = ip_address(peer)
        return any(address in network for network in self._trusted)

    @property
    def _reserved(self) -> int:
        """Without trusted relays nothing is kept for them."""
        return self._sessions // 5 if self._trusted else 0


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """The networks of a setting, in CIDR form. ValueError names the one that is none."""
    return tuple(ip_network(text, strict=False) for text in texts)


def peer_address(peername: object) -> str:
    """The IP address of a socket's peer name, an IPv4 one in its own form; '' for one on a local socket."""
    if not isinstance(peername, tuple):
        return ""
    address = ip_address(peername[0].partition("%")[0])
    return str(getattr(address, "ipv4_mapped", None) or address)


def _source(peer: str) -> str:
    """What counts as one address: of IPv6 the /64, because a client has all addresses of it."""
    address = ip_address(peer)
    if isinstance(address, IPv6Address):
        return str(IPv6Network((int(address) >> 64 << 64, 64)))
    return peer
