"""Signed tokens: in reply addresses, Message-IDs, return paths, links, and the lines that we add to a mail. Pure.

A token is lower-case base32 over: key id, purpose, two numbers, and an HMAC-SHA256 (RFC 2104) of them cut to 80 bits.
It allows writing, never reading; what it proves is that we once gave it out for this ticket to this person.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gateway.settings_keys import SigningKey

MAC_BYTES = 10
TOKEN = re.compile(r"[a-z2-7]{20,56}")


class Purpose(StrEnum):
    """What a token was given out for; one never passes for another."""

    REPLY = "r"
    MESSAGE_ID = "m"
    REPORT = "d"
    CONFIRM = "c"
    ACCOUNT = "a"
    COMMAND = "x"
    CODE = "k"
    LINK = "l"
    JOIN = "j"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a valid token says: `number` is a ticket's (for REPORT a letter's key as a number, for CODE what waits,
    for JOIN a wish for another address).

    `turn` is when it was made, for those that count only for a while (`turn_of`); else 0.
    """

    purpose: Purpose
    number: int
    person: int
    turn: int = 0


class Tokens:
    """Makes tokens with the first key and believes those of all that have not ended on `today`."""

    __slots__ = ("_keys",)

    def __init__(self, keys: Sequence[SigningKey]) -> None:
        self._keys = tuple(keys)

    @property
    def keys(self) -> Sequence[SigningKey]:
        return self._keys

    def make(self, purpose: Purpose, number: int, person: int, *, turn: int = 0) -> str:
        key = self._keys[0]
        payload = _payload(key.id, purpose, number, person, turn)
        return base64.b32encode(payload + _mac(key, payload)).decode().rstrip("=").lower()

    def read(self, token: str, *, today: date) -> Claim | None:
        """The claim of a token that one of our living keys made; None for anything else, an empty one too."""
        if not TOKEN.fullmatch(token):
            return None
        try:
            data = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
        except ValueError:
            return None
        # The last character has bits that mean nothing: a token is written in one way only.
        if base64.b32encode(data).decode().rstrip("=").lower() != token:
            return None
        payload, mac = data[:-MAC_BYTES], data[-MAC_BYTES:]
        for key in self._keys:
            if key.until is not None and key.until < today:
                continue
            if hmac.compare_digest(_mac(key, payload), mac):
                return _claim(payload, key.id)
        return None

    def seal(self, text: str) -> str:
        """A short proof that this text is ours: for the loop header and our Received lines."""
        key = self._keys[0]
        return base64.b32encode(_mac(key, b"seal" + text.encode())).decode().lower()

    def sealed(self, text: str, proof: str, *, today: date) -> bool:
        given = proof.encode("ascii", "replace")
        return any(
            hmac.compare_digest(base64.b32encode(_mac(key, b"seal" + text.encode())).lower(), given)
            for key in self._keys
            if key.until is None or key.until >= today
        )


def turn_of(today: date, *, days: int) -> int:
    """The turn of a token that is made today, where tokens rotate every so many days. It begins at 1."""
    return today.toordinal() // days


def letter_number(letter_key: str) -> int:
    """A letter's key (base32 text of ten characters) as the number that its REPORT token carries."""
    return int.from_bytes(base64.b32decode(letter_key.upper() + "=" * (-len(letter_key) % 8)), "big")


def letter_key(number: int) -> str:
    """The other way round."""
    return base64.b32encode(number.to_bytes(6, "big")).decode().rstrip("=").lower()


def _mac(key: SigningKey, payload: bytes) -> bytes:
    return hmac.digest(key.secret, b"ticket-gateway 1\0" + payload, hashlib.sha256)[:MAC_BYTES]


def _payload(key_id: str, purpose: Purpose, number: int, person: int, turn: int) -> bytes:
    name = key_id.encode()
    last = _varint(turn) if turn else b""
    return bytes((len(name),)) + name + purpose.encode() + _varint(number) + _varint(person) + last


def _claim(payload: bytes, key_id: str) -> Claim | None:
    start = 1 + len(key_id)
    if payload[1:start] != key_id.encode():
        return None
    try:
        purpose = Purpose(chr(payload[start]))
        number, rest = _read_varint(payload, start + 1)
        person, end = _read_varint(payload, rest)
        turn, end = _read_varint(payload, end) if end < len(payload) else (0, end)
    except (ValueError, IndexError):
        return None
    return Claim(purpose, number, person, turn) if end == len(payload) else None


def _varint(number: int) -> bytes:
    if number < 0:
        raise ValueError("a token carries no negative number")
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = data[at]
        number |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return number, at
