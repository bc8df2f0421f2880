"""The doors through which letters leave: a smarthost, or a folder until there is one."""

from typing import Protocol

from gateway.outbound.folder import FolderTransport
from gateway.outbound.outcomes import Accepted, Outcome, PermanentFailure, TemporaryFailure
from gateway.outbound.smarthost import SmarthostTransport
from gateway.settings import Delivery

__all__ = ["Accepted", "Outcome", "PermanentFailure", "TemporaryFailure", "Transport", "open_transport"]


class Transport(Protocol):
    """Sends one letter after another. For one thread at a time."""

    def send(self, envelope_from: str, to: str, data: bytes) -> Outcome:
        """Hand over one mail for one recipient. `envelope_from` may be empty (`<>`). Trouble is an outcome."""

    def greet(self) -> Outcome:
        """Whether letters could be handed over now; sends none."""

    def close(self) -> None:
        """Let go of what is kept open. A later `send` opens it again."""


def open_transport(settings: Delivery, *, hostname: str = "localhost") -> Transport:
    """The transport that the settings name; it connects at its first letter.

    `hostname` is our name in EHLO. Raises SettingsError for a smarthost, a password file or a certificate of an
    authority that cannot be used.
    """
    if settings.smarthost:
        return SmarthostTransport(settings, hostname=hostname)
    return FolderTransport(settings.folder)
