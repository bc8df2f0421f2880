"""Large bytes by their SHA-256, in a folder: written once, durable before any row names them."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from gateway.errors import GatewayError


class Blobs:
    """A folder of files named by the SHA-256 (hex) of what they hold, in 256 subfolders."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Keep the bytes and return their SHA-256; when it returns, they survive a loss of power."""
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if path.exists():
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

    def _path(self, digest: str) -> Path:
        return self.folder / digest[:2] / digest


def _sync_folder(folder: Path) -> None:
    for one in (folder, folder.parent):
        descriptor = os.open(one, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
