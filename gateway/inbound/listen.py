"""Addresses to listen on, and the sockets for them."""

import os
import socket
import stat
from pathlib import Path

from gateway.errors import SettingsError

Address = tuple[str, int] | Path


def listen_address(text: str, *, key: str) -> Address:
    """'HOST:PORT', '[::1]:25', or 'unix:PATH'. SettingsError names `key`, the setting that the text stands in."""
    if text.startswith("unix:"):
        if path := text.removeprefix("unix:"):
            return Path(path)
        raise SettingsError(f"{key}: unix: needs a path, such as unix:var/lmtp.sock.")
    host, colon, port = text.rpartition(":")
    if not colon or not (port.isascii() and port.isdigit()) or int(port) > 65535:
        raise SettingsError(f"{key}: {text!r} is no address to listen on; write HOST:PORT or unix:PATH.")
    return host.strip("[]"), int(port)


def open_socket(address: Address, *, key: str) -> socket.socket:
    """A bound socket, not yet listening. SettingsError when the address cannot be had."""
    try:
        return _unix_socket(address) if isinstance(address, Path) else _tcp_socket(*address)
    except OSError as fault:
        where = address if isinstance(address, Path) else f"{address[0]}:{address[1]}"
        raise SettingsError(f"{key}: cannot listen on {where}: {fault.strerror or fault}.") from fault


def remove_socket(path: Path, *, inode: int) -> None:
    """Removes our own socket file, not that of another daemon which has taken the path since."""
    try:
        if path.lstat().st_ino == inode:
            path.unlink()
    except FileNotFoundError:
        return


def _tcp_socket(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, name = socket.getaddrinfo(
        host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    bound = socket.socket(family, kind, protocol)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(name)
    except OSError:
        bound.close()
        raise
    return bound


def _unix_socket(path: Path) -> socket.socket:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and stat.S_ISSOCK(path.stat().st_mode):
        _remove_stale(path)
    bound = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        bound.bind(str(path))
        # Nobody can connect before listen(), so there is no moment in which others could.
        os.chmod(path, 0o660)
    except OSError:
        bound.close()
        raise
    return bound


def _remove_stale(path: Path) -> None:
    """A socket on which nobody answers was left by a daemon that died. OSError when somebody does."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(2)
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
            return
    raise OSError(0, "another daemon listens there already")
