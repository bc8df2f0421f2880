"""Tells systemd how the service is, by datagrams as in sd_notify(3); outside systemd nothing is told."""

import os
import socket

SECONDS = 1.0  # A manager that does not read must not stop us for longer.


def ready(status: str = "") -> bool:
    """The doors are open. Whether systemd was told, here as in the others."""
    return _tell("READY=1", f"STATUS={status}" if status else "")


def watchdog() -> bool:
    """Progress was made; to be called only after real progress, more often than `watchdog_seconds`."""
    return _tell("WATCHDOG=1")


def stopping() -> bool:
    """What was begun is being finished."""
    return _tell("STOPPING=1")


def watchdog_seconds() -> float | None:
    """After how many seconds without `watchdog()` systemd ends this process; None when it does not watch it."""
    watched = os.environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
    microseconds = os.environ.get("WATCHDOG_USEC", "")
    return int(microseconds) / 1_000_000 if watched and microseconds.isdecimal() and int(microseconds) else None


def _tell(*lines: str) -> bool:
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return False
    if address.startswith("@"):  # Linux's abstract sockets, unix(7).
        address = "\0" + address[1:]
    message = "\n".join(line.replace("\n", " ") for line in lines if line)
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
            channel.settimeout(SECONDS)
            channel.sendto(message.encode(), address)
    except OSError:
        return False
    return True
