"""Large bytes by their SHA-256, in a folder: written once, durable before any row names them."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from gateway.errors import GatewayError

_ASIDE = ".old-"


class Blobs:
    """A folder of files named by the SHA-256 (hex) of what they hold, in 256 subfolders."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Keep the bytes and return their SHA-256; when it returns, they survive a loss of power."""
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if _touch(path):
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).rename(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
        return digest

    def get(self, digest: str) -> bytes:
        try:
            return self._path(digest).read_bytes()
        except FileNotFoundError:
            raise GatewayError(
                f"blob {digest} is missing in {self.folder}: restore it from a backup, then run `gateway fsck`"
            ) from None

    def intact(self, digest: str) -> bool:
        """Whether the blob is there and holds what its name says."""
        path = self._path(digest)
        return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == digest

    def all(self) -> Iterator[str]:
        for path in self.folder.glob("??/*"):
            if not path.name.startswith("."):
                yield path.name

    def remove(self, digest: str) -> None:
        self._path(digest).unlink(missing_ok=True)

    def in_folder(self, number: int) -> list[str]:
        """The blobs of one of the 256 subfolders; what an interrupted `drop` left aside comes back first."""
        folder = self.folder / f"{number % 256:02x}"
        for aside in folder.glob(f"{_ASIDE}*"):
            _back(aside, folder / aside.name.removeprefix(_ASIDE))
        return sorted(path.name for path in folder.glob("[0-9a-f]*"))

    def drop(self, digest: str, *, before: datetime) -> bool:
        """Remove a blob that nobody has put since then; whether it is gone.

        A blob is put before the row that names it is committed, so a young one may be about to be named. It is taken
        aside before its age is looked at: who puts it meanwhile either made it young, or writes it anew.
        """
        path = self._path(digest)
        aside = path.with_name(f"{_ASIDE}{digest}")
        try:
            if path.stat().st_mtime >= before.timestamp():
                return False
            path.rename(aside)
            if aside.stat().st_mtime >= before.timestamp():
                _back(aside, path)
                return False
            aside.unlink()
        except FileNotFoundError:
            return False
        return True

    def _path(self, digest: str) -> Path:
        return self.folder / digest[:2] / digest


def _touch(path: Path) -> bool:
    """Make a blob young; whether it is there."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    return True


def _back(aside: Path, path: Path) -> None:
    """Where it was before, unless it was written anew meanwhile."""
    if path.exists():
        aside.unlink(missing_ok=True)
    else:
        aside.rename(path)


def _sync_folder(folder: Path) -> None:
    for one in (folder, folder.parent):
        descriptor = os.open(one, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
