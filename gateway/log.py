"""Log lines: a sentence and fields (`mail=`, `ticket=`, `letter=`, `stage=`), in one shape for us and all libraries.

    log = get_log()
    log.info("judged", mail="m-12", ticket=7, stage="automatic_reply", verdict="automatic")

Addresses go through `masked`; bodies and secrets are never given to a log.
"""

import contextlib
import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Literal, TextIO, cast

import structlog
from structlog.typing import FilteringBoundLogger, Processor

Format = Literal["auto", "console", "json"]
FIRST = ("mail", "ticket", "letter", "stage")


def configure(format: Format = "auto", level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send all log lines from this level up to the stream (standard error); auto: console on a terminal, else JSON."""
    stream = stream or sys.stderr
    console = format == "console" or (format == "auto" and stream.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _shown_first,
        # Python's own traceback: it has no local values, which would be what mail says.
        structlog.processors.format_exc_info,
    ]
    render: list[Processor] = [_printable, _console(stream.isatty())] if console else [_json]
    out = _Lines(stream)
    structlog.configure(
        processors=[*shared, *render],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=lambda *_: out,
        # A cached logger would go on with what it was configured with when it first spoke.
        cache_logger_on_first_use=False,
    )
    _route_libraries(out, shared, render)


def get_log() -> FilteringBoundLogger:
    """Our logger, for a module to hold: it follows `configure` also when that comes later."""
    return cast(FilteringBoundLogger, structlog.get_logger())


def masked(address: str) -> str:
    """An address as a log shows it: `a…@example.org`; `<>` for the null sender."""
    local, at, domain = address.strip("<>").rpartition("@")
    if not at:
        return f"{domain[:1]}…" if domain else "<>"
    return f"{local[:1]}…@{domain}"


class _Lines:
    """Writes lines. A log that cannot be written (a full disk, a closed pipe) is no reason to fail a mail."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def line(self, text: str) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._stream.write(text + "\n")  # In one piece, so that lines of threads do not mix.
            self._stream.flush()

    debug = info = warning = error = critical = exception = msg = log = line


class _Records(logging.Handler):
    """Lines of the standard library's loggers, in the shape of ours."""

    def __init__(self, out: _Lines, formatter: logging.Formatter) -> None:
        super().__init__()
        self.setFormatter(formatter)
        self._out = out

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._out.line(self.format(record))
        except Exception:
            self.handleError(record)


def _route_libraries(out: _Lines, shared: list[Processor], render: list[Processor]) -> None:
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_logger_name, structlog.stdlib.ExtraAdder(), *shared],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *render],
    )
    root = logging.getLogger()
    root.handlers = [_Records(out, formatter)]
    # Below WARNING libraries print what mail says: SQLAlchemy parameters, imapclient the dialogue, and mail.log
    # (aiosmtpd) every line of DATA; so the level of the settings is for our own lines.
    root.setLevel(logging.WARNING)
    logging.getLogger("mail.log").setLevel(logging.WARNING)


def _shown_first(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Time, level, sentence, and the fields that lines are looked up by; the others as they were given."""
    ordered = {"at": event.pop("timestamp"), "level": event.pop("level"), "event": event.pop("event")}
    for name in FIRST:
        if name in event:
            ordered[name] = event.pop(name)
    return {**ordered, **event}


def _printable(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Control characters and lone surrogates escaped: what a mail holds must not move a terminal or forge a line."""
    for name, value in event.items():
        if isinstance(value, str) and not value.isprintable():
            kept = "\n" if name == "exception" else ""
            event[name] = "".join(c if c.isprintable() or c in kept else _escaped(c) for c in value)
    return event


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()


_json = structlog.processors.JSONRenderer(default=str)


def _console(colors: bool) -> Processor:
    return structlog.dev.ConsoleRenderer(
        colors=colors,
        sort_keys=False,
        timestamp_key="at",
        pad_event_to=0,
        exception_formatter=structlog.dev.plain_traceback,
    )
