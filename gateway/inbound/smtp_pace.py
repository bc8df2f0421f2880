"""How long a session may go on, by its age, its silence, and the pace of its DATA. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    """What a session is at, because each has another idea of too slow."""

    COMMANDS = "commands"
    DATA = "data"
    KEEPING = "keeping"


@dataclass(slots=True)
class Pace:
    """The state of one session's time. Every `now` is the loop's clock, in seconds."""

    session_seconds: float
    idle_seconds: float
    bytes_per_second: int
    opened: float
    heard: float
    phase: Phase = Phase.COMMANDS
    data_began: float = 0.0
    data_bytes: int = 0

    def command(self, now: float) -> None:
        """A whole command was heard, or a mail was answered. Octets alone do not count: they can be dripped."""
        self.phase, self.heard = Phase.COMMANDS, now

    def data(self, now: float) -> None:
        self.phase, self.heard, self.data_began, self.data_bytes = Phase.DATA, now, now, 0

    def received(self, size: int, now: float) -> None:
        if self.phase is Phase.DATA:
            self.data_bytes += size
            self.heard = now

    def keeping(self) -> None:
        """The mail is whole, and now the client waits for us."""
        self.phase = Phase.KEEPING

    def due(self, now: float) -> float:
        """When the session has to end if nothing more is heard; while it waits for us, never before the next look."""
        if self.phase is Phase.KEEPING:
            return now + self.idle_seconds
        due = min(self.opened + self.session_seconds, self.heard + self.idle_seconds)
        if self.phase is Phase.DATA and self.bytes_per_second:
            # The first moments are the idle time's business: a pace shows only after a while.
            due = min(due, self.data_began + max(self.idle_seconds, self.data_bytes / self.bytes_per_second))
        return due
