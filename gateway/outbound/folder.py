"""A folder as the way out: each letter becomes an .eml file that a person can open."""

import hashlib
import os
import re
from pathlib import Path

from gateway.outbound.outcomes import Accepted, Outcome, TemporaryFailure

_MESSAGE_ID = re.compile(rb"^Message-ID:[ \t]*(?:\r\n[ \t]+)?<([^<>\r\n]+)>", re.IGNORECASE | re.MULTILINE)
_UNSAFE = re.compile(r"[^A-Za-z0-9@.+=_-]|^[.-]")
_IN_THE_WAY = re.compile(r"[\x00-\x20<>]")
_LONGEST_NAME = 150


class FolderTransport:
    """Writes `<message id>.eml`, with the envelope in two fields on top.

    The name comes from the Message-ID, so that a letter that is sent twice is there once.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, envelope_from: str, to: str, data: bytes) -> Outcome:
        path = self._folder / f"{file_stem(data)}.eml"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_durably(path, _envelope(envelope_from, to) + data)
        except OSError as error:
            return TemporaryFailure(f"cannot write {path}: {error.strerror or error}")
        return Accepted(f"written to {path}")

    def greet(self) -> Outcome:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            return TemporaryFailure(f"cannot make {self._folder}: {error.strerror or error}")
        writable = os.access(self._folder, os.W_OK)
        return Accepted("writable") if writable else TemporaryFailure(f"cannot write into {self._folder}")

    def close(self) -> None:
        """Nothing is kept open."""


def file_stem(data: bytes) -> str:
    """A name for the mail that every file system takes; the same for the same Message-ID."""
    head, _, _ = data.partition(b"\r\n\r\n")
    found = _MESSAGE_ID.search(head)
    if found is None:
        return hashlib.sha256(data).hexdigest()[:40]
    written = found[1].decode("utf-8", "replace").strip()
    safe = _UNSAFE.sub("_", written)
    if safe == written and len(safe) <= _LONGEST_NAME:
        return safe
    # Two ids that differ only in what was replaced or cut keep different names.
    return f"{safe[:_LONGEST_NAME]}_{hashlib.sha256(found[1]).hexdigest()[:12]}"


def write_durably(path: Path, content: bytes) -> None:
    """All of the file or none of it, and on the disk when this returns."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _envelope(envelope_from: str, to: str) -> bytes:
    fields = (("X-Envelope-From", envelope_from), ("X-Envelope-To", to))
    return "".join(f"{name}: <{_IN_THE_WAY.sub('', address)}>\r\n" for name, address in fields).encode()
