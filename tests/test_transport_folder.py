"""A folder as the way out."""

import email
from pathlib import Path

import pytest

from gateway.outbound.folder import file_stem
from gateway.outbound.transport import Accepted, TemporaryFailure, open_transport
from gateway.settings import Delivery

DATA = b"From: a@x\r\nMessage-ID: <t.k1abc.7@desk.example.org>\r\nSubject: Hola\r\n\r\nHola\r\n"


def test_a_letter_becomes_a_file_with_its_envelope_on_top(tmp_path: Path) -> None:
    outcome = open_transport(Delivery(folder=tmp_path / "out")).send("", "ana@example.org", DATA)

    path = tmp_path / "out" / "t.k1abc.7@desk.example.org.eml"
    assert outcome == Accepted(f"written to {path}")
    assert path.read_bytes() == b"X-Envelope-From: <>\r\nX-Envelope-To: <ana@example.org>\r\n" + DATA
    assert email.message_from_bytes(path.read_bytes())["Subject"] == "Hola"


def test_a_letter_that_is_sent_twice_is_there_once(tmp_path: Path) -> None:
    way_out = open_transport(Delivery(folder=tmp_path))
    for _ in range(2):
        way_out.send("desk@x", "ana@example.org", DATA)
    way_out.close()

    assert [path.name for path in tmp_path.iterdir()] == ["t.k1abc.7@desk.example.org.eml"]


def test_an_envelope_cannot_write_fields(tmp_path: Path) -> None:
    open_transport(Delivery(folder=tmp_path)).send("a@x\r\nBcc: b@x", "<ana@example.org>", DATA)

    [path] = tmp_path.iterdir()
    assert path.read_bytes().startswith(b"X-Envelope-From: <a@xBcc:b@x>\r\nX-Envelope-To: <ana@example.org>\r\nFrom")


def test_a_folder_that_cannot_be_written_is_temporary_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    outcome = open_transport(Delivery(folder=tmp_path / "file")).send("", "ana@example.org", DATA)

    assert isinstance(outcome, TemporaryFailure)
    assert outcome.response.startswith(f"cannot write {tmp_path}/file/t.k1abc.7@desk.example.org.eml: ")


def test_nothing_half_written_stays_behind(tmp_path: Path) -> None:
    (tmp_path / "t.k1abc.7@desk.example.org.eml").mkdir()
    outcome = open_transport(Delivery(folder=tmp_path)).send("", "ana@example.org", DATA)

    assert isinstance(outcome, TemporaryFailure)
    assert [path.name for path in tmp_path.iterdir()] == ["t.k1abc.7@desk.example.org.eml"]


@pytest.mark.parametrize("message_id", ["../../etc/passwd", ".hidden", "a/b\\c:d@x", "x" * 400, "ñ@x", "-rf"])
def test_a_hostile_message_id_is_only_a_name(message_id: str) -> None:
    stem = file_stem(f"Message-ID: <{message_id}>\r\n\r\n".encode())

    assert len(stem) <= 170
    assert not stem.startswith((".", "-"))
    assert set(stem) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@.+=_-")


def test_different_ids_have_different_names() -> None:
    ids = ["a/b@x", "a:b@x", "a_b@x", "x" * 300 + "1", "x" * 300 + "2"]
    stems = {file_stem(f"Message-ID: <{id_}>\r\n\r\n".encode()) for id_ in ids}

    assert len(stems) == len(ids)


def test_an_id_in_the_body_is_no_message_id() -> None:
    without = b"Subject: x\r\n\r\nMessage-ID: <a@x>\r\n"

    assert file_stem(without) != "a@x"
    assert file_stem(b"Subject: x\r\nmessage-id:\r\n <a@x>\r\n\r\n") == "a@x"
