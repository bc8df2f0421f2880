"""The marks that we leave on mail, and how we know them again: a Received line and the loop header. Pure."""

import base64
import re
import secrets
from collections.abc import Iterable
from datetime import date

from gateway.threading.tokens import Tokens

LOOP_HEADER = "X-Ticket-Gateway-Loop"
_MARK = re.compile(r"\bg\.([a-z2-7]{8})\.([a-z2-7]{16})\b")


def new_mark(tokens: Tokens) -> str:
    """A mark that only we can make: for the id of our Received line."""
    name = base64.b32encode(secrets.token_bytes(5)).decode().lower()
    return f"g.{name}.{tokens.seal(name)}"


def loop_value(letter_key: str, tokens: Tokens) -> str:
    """The value of the loop header of a letter."""
    return f"{letter_key}.{tokens.seal('loop ' + letter_key)}"


def ours(loop_value: str, tokens: Tokens, *, today: date) -> bool:
    """Whether a loop header's value is one that we made."""
    letter_key, _, proof = loop_value.strip().partition(".")
    return bool(proof) and tokens.sealed("loop " + letter_key, proof, today=today)


def passes(received: Iterable[str], tokens: Tokens, *, today: date) -> int:
    """How many of these Received values we wrote ourselves: how often the mail went through us."""
    marks = (match for value in received for match in _MARK.finditer(value))
    return sum(1 for mark in marks if tokens.sealed(mark[1], mark[2], today=today))
