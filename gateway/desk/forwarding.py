"""What a forwarded mail is to the desk when it is no customer's ticket, and how that is said. Pure."""

from enum import StrEnum

from gateway.desk.words import Labels, in_language


class Unclear(StrEnum):
    """Why a mail that somebody of the desk forwards stays their own ticket."""

    UNREADABLE = "unreadable"
    OURS = "ours"
    NO_REPLY = "no_reply"
    YOURSELF = "yourself"
    COLLEAGUE = "colleague"
    BLOCKED = "blocked"


def forwarded_by(name: str, language: str) -> str:
    """For those who read of the new ticket: who vouches for it."""
    return in_language(_FORWARDED_BY, language).format(name=name)


_FORWARDED_BY: Labels = {
    "es": "correo reenviado por {name}",
    "en": "a mail forwarded by {name}",
    "pt": "e-mail encaminhado por {name}",
}
