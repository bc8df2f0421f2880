"""Mails from files, folders, Maildirs, mboxes, and standard input, one after another."""

import mailbox
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path

from gateway.desk.areas import Desk
from gateway.errors import NotFound
from gateway.inbound.limits import scan
from gateway.settings import Limits

ADDRESSED = ("Delivered-To", "X-Original-To", "To", "Cc")


@dataclass(frozen=True, slots=True)
class Found:
    """A mail somewhere. `past` mails come from an archive: they are as old as they say, and old ones get no answer."""

    where: str
    raw: bytes
    past: bool = False


def find(path: str) -> Iterator[Found]:
    """The mails at a path, read one at a time; '-' is standard input."""
    if path == "-":
        yield Found("standard input", sys.stdin.buffer.read())
        return
    place = Path(path)
    if not place.exists():
        raise NotFound(f"{path}: there is no such file or folder")
    if place.is_dir() and (place / "cur").is_dir():
        for name in sorted([*(place / "new").iterdir(), *(place / "cur").iterdir()]):
            yield Found(str(name), name.read_bytes(), past=True)
    elif place.is_dir():
        for name in sorted(place.rglob("*.eml")):
            yield Found(str(name), name.read_bytes())
    elif _is_mbox(place):
        box = mailbox.mbox(place, create=False)
        try:
            for key in box.iterkeys():
                yield Found(f"{path}, mail {key}", box.get_bytes(key), past=True)
        finally:
            box.close()
    else:
        yield Found(path, place.read_bytes())


def _is_mbox(place: Path) -> bool:
    with place.open("rb") as file:
        return place.suffix == ".mbox" or (file.read(5) == b"From " and place.suffix != ".eml")


def recipients(raw: bytes, desk: Desk, limits: Limits) -> tuple[str, ...]:
    """Our addresses among those that the mail itself names; the first area's when it names none."""
    headers = BytesHeaderParser(policy=compat32).parsebytes(scan(raw, limits).safe_headers)
    for names in (ADDRESSED[:2], ADDRESSED[2:]):
        written = [str(value) for name in names for value in headers.get_all(name, [])]
        ours = [address for _, address in getaddresses(written) if desk.ours(address)]
        if ours:
            return tuple(dict.fromkeys(ours))
    return (desk.first().address,)


def received_at(raw: bytes, limits: Limits, *, now: datetime) -> datetime:
    """When an archived mail says that it was received, or written; never later than now."""
    headers = BytesHeaderParser(policy=compat32).parsebytes(scan(raw, limits).safe_headers)
    written = [str(value).rpartition(";")[2] for value in headers.get_all("Received", [])[:1]]
    for text in (*written, str(headers.get("Date", ""))):
        try:
            instant = parsedate_to_datetime(text)
        except (ValueError, TypeError, OverflowError):
            continue
        return min(instant if instant.tzinfo else instant.replace(tzinfo=now.tzinfo), now)
    return now
