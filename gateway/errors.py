"""Faults that cross a border between parts, each with words for the person who has to act on it."""


class GatewayError(Exception):
    """A fault whose text says what is wrong, where, and what to do; shown to people as it is."""


class SettingsError(GatewayError):
    """A setting that cannot be used."""


class TemporaryError(GatewayError):
    """Trouble of our own that passes: the sender, the worker or the operator tries again later."""


class NotFound(GatewayError):  # noqa: N818  (reads as an outcome: "ticket 12: not found")
    """Something that was asked for by name or number does not exist."""
