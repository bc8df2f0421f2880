"""swaks, a client that people use, against the doors."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.doors import OpenDoors, open_for_test


@pytest.fixture
def opened(tmp_path: Path):
    with open_for_test(tmp_path) as doors:
        yield doors


def swaks(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("swaks")
    assert program, "These tests run swaks, which is not installed: `make test` installs it."
    return subprocess.run([program, *arguments], capture_output=True, text=True, timeout=30, check=False)


def test_swaks_delivers_by_smtp_with_pipelining(opened: OpenDoors) -> None:
    host, port = opened.smtp
    said = swaks("-s", host, "-p", str(port), "-t", "support@gw.test", "-f", "ana@x.test", "--pipeline", "--body", "hi")
    (row,) = opened.shelf.rows()

    assert said.returncode == 0, said.stdout
    assert "250 2.0.0 kept as m-1" in said.stdout
    assert row["raw"].endswith(b"\r\nhi\r\n\r\n\r\n")


def test_swaks_delivers_by_lmtp_to_the_socket(opened: OpenDoors) -> None:
    to = "support@gw.test,sales@gw.test"
    said = swaks("--protocol", "LMTP", "--socket", str(opened.lmtp), "-t", to, "-f", "<>")

    assert said.returncode == 0, said.stdout
    assert said.stdout.count("kept as m-1") == 2
    assert opened.shelf.rows()[0]["sender"] == ""


def test_swaks_is_told_of_an_unknown_recipient(opened: OpenDoors) -> None:
    host, port = opened.smtp
    said = swaks("-s", host, "-p", str(port), "-t", "nobody@gw.test", "-f", "ana@x.test")

    assert said.returncode == 24
    assert "550 5.1.1 no such address here" in said.stdout
