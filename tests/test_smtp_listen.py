"""Where the doors listen: addresses, the socket file, and what is said when an address cannot be had."""

import asyncio
import os
import socket
import stat
from pathlib import Path
from typing import Any

import pytest

from gateway.errors import SettingsError
from gateway.inbound.arrivals import Arrival
from gateway.inbound.listen import listen_address
from gateway.inbound.smtp import open_doors
from gateway.settings import Settings
from tests.doors import Client, known_recipient, mail, open_for_test


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:8025", ("127.0.0.1", 8025)),
        ("[::1]:25", ("::1", 25)),
        (":25", ("", 25)),
        ("unix:var/lmtp.sock", Path("var/lmtp.sock")),
    ],
)
def test_an_address_is_a_host_and_port_or_a_path(text: str, address: object) -> None:
    assert listen_address(text, key="[smtp] listen") == address


@pytest.mark.parametrize("text", ["25", "host", "host:", "host:x", "host:70000", "unix:", "host:²"])
def test_what_is_no_address_is_said_with_its_setting(text: str) -> None:
    with pytest.raises(SettingsError, match=r"^\[lmtp\] listen: "):
        listen_address(text, key="[lmtp] listen")


def open_with(folder: Path, **sections: Any) -> None:
    async def accept(arrival: Arrival) -> str:
        return "m-1"

    async def main() -> None:
        given = {"smtp": {"listen": ""}, "lmtp": {"listen": ""}, **sections}
        settings = Settings.model_validate({"server": {"data": folder}, **given})
        doors = await open_doors(settings, accept=accept, recipient=known_recipient)
        await doors.close(0)

    asyncio.run(main())


def test_doors_without_an_address_stay_closed(tmp_path: Path) -> None:
    open_with(tmp_path)


def test_a_port_in_use_is_said_with_its_setting(tmp_path: Path) -> None:
    with open_for_test(tmp_path) as opened:
        port = opened.smtp[1]
        with pytest.raises(
            SettingsError, match=rf"\[smtp\] listen: cannot listen on 127\.0\.0\.1:{port}: Address already"
        ):
            open_with(tmp_path, smtp={"listen": f"127.0.0.1:{port}"})


def test_a_socket_in_use_is_said_and_left_alone(tmp_path: Path) -> None:
    with open_for_test(tmp_path) as opened:
        with pytest.raises(SettingsError, match=r"\[lmtp\] listen: .*another daemon listens there already"):
            open_with(tmp_path, lmtp={"listen": f"unix:{opened.lmtp}"})

        assert Client(opened.lmtp).deliver(mail()).startswith("250")


def test_a_door_that_was_opened_is_closed_when_the_other_cannot_be(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(SettingsError, match="lmtp"):
        open_with(tmp_path, smtp={"listen": f"127.0.0.1:{port}"}, lmtp={"listen": "nonsense"})

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_a_path_too_long_for_a_socket_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"\[lmtp\] listen: cannot listen on .*too long"):
        open_with(tmp_path, lmtp={"listen": f"unix:{tmp_path}/{'x' * 110}"})


def test_a_network_that_is_none_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"\[smtp\] trusted_relays: 'nowhere'"):
        open_with(tmp_path, smtp={"listen": "127.0.0.1:0", "trusted_relays": ["nowhere"]})


def test_the_socket_is_for_owner_and_group_and_goes_when_the_door_closes(tmp_path: Path) -> None:
    with open_for_test(tmp_path) as opened:
        mode = stat.S_IMODE(opened.lmtp.stat().st_mode)
        path = opened.lmtp

    assert mode == 0o660
    assert not path.exists()


def test_a_socket_left_by_a_dead_daemon_is_replaced(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(tmp_path / "lmtp.sock"))

    with open_for_test(tmp_path) as opened:
        assert Client(opened.lmtp).deliver(mail()).startswith("250")


def test_a_socket_that_another_daemon_has_put_there_since_is_left(tmp_path: Path) -> None:
    with open_for_test(tmp_path) as opened, socket.socket(socket.AF_UNIX) as other:
        path = opened.lmtp
        os.rename(path, tmp_path / "moved")
        other.bind(str(path))
        opened.close(0)

        assert path.exists()


def test_a_file_that_is_no_socket_is_not_removed(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("precious")
    with pytest.raises(SettingsError, match="Address already in use"):
        open_with(tmp_path, lmtp={"listen": f"unix:{tmp_path}/file"})

    assert (tmp_path / "file").read_text() == "precious"
