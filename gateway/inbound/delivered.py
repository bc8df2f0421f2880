"""For whom a mail out of a mailbox was, and from whom: what its header says of an envelope that is gone. Pure."""

from collections.abc import Iterator
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import getaddresses

from gateway.desk.areas import Desk
from gateway.inbound.limits import scan
from gateway.settings import Limits

_DELIVERED = ("Delivered-To", "X-Original-To")
_ADDRESSED = ("To", "Cc")
LONGEST_ADDRESS = 320


class Delivered:
    """The header of a mail as the last server left it."""

    def __init__(self, raw: bytes, limits: Limits) -> None:
        block = scan(raw, limits).safe_headers
        try:
            self._fields = [
                (name.lower(), str(value))
                for name, value in BytesHeaderParser(policy=compat32).parsebytes(block).items()
            ]
        except Exception:  # A header that cannot be read names nobody.
            self._fields = []

    def recipients(self, desk: Desk, *, area: str = "") -> tuple[str, ...]:
        """Our addresses, each once: where it was delivered to, else that of `area`, else To and Cc."""
        if ours := tuple(dict.fromkeys(self._ours(_DELIVERED, desk))):
            return ours
        if area in desk.areas:
            return (desk.areas[area].address,)
        return tuple(dict.fromkeys(self._ours(_ADDRESSED, desk))) or (desk.first().address,)

    def named(self, desk: Desk) -> tuple[str, ...]:
        """Those of our addresses that it was delivered or addressed to."""
        return tuple(dict.fromkeys(self._ours((*_DELIVERED, *_ADDRESSED), desk)))

    def return_path(self) -> str | None:
        """The envelope's sender, '' for <>; None when no server of ours says.

        Only what stands above the first Received line with a sender's name in it is believed: all below came with the
        mail (RFC 5321, 4.4: the last server writes Return-Path on top).
        """
        for name, value in self._fields:
            if name == "received" and value.lstrip().lower().startswith("from"):
                return None
            if name == "return-path":
                address = value.strip().strip("<>").strip()
                return address if _plain(address) else None
        return None

    def _ours(self, names: tuple[str, ...], desk: Desk) -> Iterator[str]:
        wanted = {name.lower() for name in names}
        written = [value for name, value in self._fields if name in wanted]
        try:
            addresses = [address for _, address in getaddresses(written)]
        except Exception:
            return
        yield from (address for address in addresses if _plain(address) and desk.ours(address))


def _plain(address: str) -> bool:
    return len(address) <= LONGEST_ADDRESS and address.isprintable() and not any(sign.isspace() for sign in address)
