"""A log line reads alone, and shows nothing that it must not."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from gateway import log


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class Full(io.StringIO):
    """A stream on a disk that is full."""

    def write(self, text: str) -> int:
        raise OSError(28, "No space left on device")


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_one_json_object_with_the_fields_that_it_is_looked_up_by_first() -> None:
    stream = io.StringIO()
    log.configure("json", "INFO", stream)

    log.get_log().info("judged", verdict="reply", stage="token", letter=3, ticket=7, mail="m-1")

    (line,) = lines(stream)
    assert list(line) == ["at", "level", "event", "mail", "ticket", "letter", "stage", "verdict"]
    assert (line["level"], line["event"], line["ticket"]) == ("info", "judged", 7)


def test_auto_is_console_on_a_terminal_and_json_elsewhere() -> None:
    terminal, file = Terminal(), io.StringIO()
    for stream in (terminal, file):
        log.configure("auto", "INFO", stream)
        log.get_log().info("judged")

    assert "\x1b[" in terminal.getvalue()
    assert lines(file)[0]["event"] == "judged"


def test_a_logger_that_has_spoken_follows_a_later_configuration() -> None:
    first, second = io.StringIO(), io.StringIO()
    logger = log.get_log()
    for stream in (first, second):
        log.configure("json", "INFO", stream)
        logger.info("judged")

    assert (len(lines(first)), len(lines(second))) == (1, 1)


def test_a_level_below_the_configured_one_is_silent() -> None:
    stream = io.StringIO()
    log.configure("json", "WARNING", stream)
    log.get_log().info("judged")
    log.get_log().warning("a worker ended")

    assert [line["event"] for line in lines(stream)] == ["a worker ended"]


@pytest.mark.parametrize("level", ["DEBUG", "INFO"])
def test_what_libraries_say_below_a_warning_is_silent(level: str) -> None:
    stream = io.StringIO()
    log.configure("json", level, stream)  # type: ignore[arg-type]
    for name in ("mail.log", "imapclient", "sqlalchemy.engine"):
        logging.getLogger(name).debug("DATA: the customer's words")
        logging.getLogger(name).info("DATA: the customer's words")

    assert stream.getvalue() == ""


def test_a_warning_of_a_library_has_the_shape_of_ours() -> None:
    stream = io.StringIO()
    log.configure("json", "INFO", stream)
    logging.getLogger("mail.log").warning("session %s was cut", 4, extra={"mail": "m-1"})

    (line,) = lines(stream)
    assert list(line) == ["at", "level", "event", "mail", "logger"]
    assert (line["event"], line["logger"], line["level"]) == ("session 4 was cut", "mail.log", "warning")


@pytest.mark.parametrize("format_", ["console", "json"])
def test_a_fault_has_its_traceback_without_local_values(format_: log.Format) -> None:
    stream = io.StringIO()
    log.configure(format_, "INFO", stream)

    def break_on(body: str) -> None:
        raise ValueError(f"cannot read {len(body)} characters")

    try:
        break_on("what the " + "customer wrote")
    except ValueError:
        log.get_log().exception("a mail could not be read", mail="m-1")
        logging.getLogger("library").exception("a library's fault")

    assert stream.getvalue().count("in break_on") == 2
    assert stream.getvalue().count("ValueError: cannot read 23 characters") == 2
    assert "what the customer wrote" not in stream.getvalue()


def test_what_a_mail_holds_cannot_forge_a_line_or_move_the_terminal() -> None:
    stream = io.StringIO()
    log.configure("console", "INFO", stream)
    log.get_log().info("judged", subject="x\n2026-01-01 [info] paid\x1b[2J\u202e\ud800", mail="m-1")

    assert stream.getvalue().count("\n") == 1
    assert "\x1b" not in stream.getvalue()
    assert "\u202e" not in stream.getvalue()
    assert "paid" in stream.getvalue().encode("utf-8").decode()


def test_an_exception_text_cannot_move_the_terminal() -> None:
    stream = io.StringIO()
    log.configure("console", "INFO", stream)
    hostile = "\x1b[2J"
    try:
        raise ValueError(hostile)
    except ValueError:
        log.get_log().exception("a fault")

    assert "ValueError: \\x1b[2J" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()


def test_json_takes_lone_surrogates_and_bytes() -> None:
    stream = io.StringIO()
    log.configure("json", "INFO", stream)
    log.get_log().info("judged", subject="\ud800", raw=b"\xff")

    assert stream.getvalue().isascii()
    assert lines(stream)[0]["raw"] == r"b'\xff'"


def test_a_log_that_cannot_be_written_fails_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    closed = io.StringIO()
    closed.close()
    for stream in (Full(), closed):
        log.configure("json", "INFO", stream)
        log.get_log().info("judged")
        logging.getLogger("library").warning("a warning")

    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("ana@example.org", "a…@example.org"),
        ("<ana@example.org>", "a…@example.org"),
        ('"a@b"@example.org', '"…@example.org'),
        ("@example.org", "…@example.org"),
        ("ana", "a…"),
        ("", "<>"),
        ("<>", "<>"),
    ],
)
def test_an_address_is_masked(address: str, shown: str) -> None:
    assert log.masked(address) == shown
