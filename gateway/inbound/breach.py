"""The names of the limits of RULES 1. Pure."""

from enum import StrEnum


class Breach(StrEnum):
    """A limit that a mail is over, in words that a person reads."""

    MAIL = "mail too large"
    HEADER = "header field too long"
    HEADERS = "headers too long"
    HEADER_COUNT = "too many headers"
    PARTS = "too many parts"
    DEPTH = "parts nested too deeply"
    RECIPIENTS = "too many recipients"
    DECODED = "decoded size too large"
    UNREADABLE = "could not be parsed"
