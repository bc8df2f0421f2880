"""Where the CPU time of one mail goes, by stage and by function, in one process on SQLite; senders known."""

import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

from bench import gateways
from bench.corpus import SUPPORT, Sample, samples
from bench.handling import register
from bench.sampler import Samples, sampled
from gateway import log
from gateway.inbound.arrivals import Arrival
from gateway.outbound.transport import open_transport
from gateway.settings_load import load_settings
from gateway.work.accept import accept
from gateway.work.handle import handle
from gateway.work.office import Office, open_office
from gateway.work.send import send_due

COUNT, WARM, FUNCTIONS = 1000, 100, 40

# Each counts all that it calls; those that are indented are parts of the one above.
STAGES = (
    ("prepare: outside any transaction", "inbound/prepare:prepare"),
    ("  scan and parse", "inbound/parse:parse"),
    ("    the limits", "inbound/limits:scan"),
    ("    the MIME tree", "inbound/tree:read_tree"),
    ("    the header block", "inbound/parse:_read_header"),
    ("    the bodies", "inbound/bodies:read_bodies"),
    ("  classify", "inbound/classify:classify"),
    ("  authenticate", "inbound/authenticate:authenticate"),
    ("  quotes", "threading/quotes:read_reply"),
    ("attachments to blobs", "work/handle:_keep"),
    ("facts: read under the lock", "inbound/facts:gather"),
    ("judge", "inbound/judge:judge"),
    ("apply", "apply/verdict:apply_verdict"),
    ("  the letter, whole", "apply/posting:post"),
    ("    its words", "outbound/compose:Composer.compose"),
    ("SQL of our statements that return rows", "store/statement:Statement.rows"),
    ("SQL of our statements that return none", "store/statement:Statement.run"),
    ("SQL run by SQLAlchemy", "engine/base:Connection.execute"),
    ("log lines", "work/handle:_tell_operator"),
)


def run() -> None:
    mails = samples(COUNT + WARM)
    with gateways.scratch() as folder:
        settings = load_settings(gateways.write_settings(folder)).settings
        with (folder / "log").open("w") as lines, closing(open_office(settings)) as office:
            log.configure("json", "INFO", lines)
            register(office, mails)
            _accept(office, mails[:WARM])
            _until_nothing_is_left(lambda: handle(office, who="bench", clock=_now)[0])
            taken = _cpu(lambda: _accept(office, mails[WARM:]))
            with sampled() as found:
                judged = _cpu(lambda: _until_nothing_is_left(lambda: handle(office, who="bench", clock=_now)[0]))
            transport = open_transport(settings.delivery, hostname=settings.server.hostname)
            sent = _cpu(lambda: _until_nothing_is_left(lambda: send_due(office, transport, who="bench", clock=_now)))
    letters = sum(not mail.is_reply for mail in mails)
    print(f"  taking in {taken / COUNT * 1000:.2f} ms a mail; judging {judged / COUNT * 1000:.2f} ms a mail;", end=" ")
    print(f"sending {sent / letters * 1000:.2f} ms a letter (into a folder)\n")
    _show(found, judged / COUNT * 1000)


def _show(found: Samples, total_ms: float) -> None:
    a_sample = total_ms / max(found.total, 1)
    for words, name in STAGES:
        print(f"  {found.inclusive[name] * a_sample:6.2f} ms  {words}")
    print("\n  with what they call, alone")
    for name, count in found.inclusive.most_common(FUNCTIONS):
        print(f"  {count * a_sample:6.2f} ms {found.alone[name] * a_sample:6.2f} ms  {name}")
    print("\n  alone")
    for name, count in found.alone.most_common(FUNCTIONS // 2):
        print(f"  {count * a_sample:6.2f} ms  {name}")


def _accept(office: Office, mails: list[Sample]) -> None:
    arrivals = [
        Arrival(source="ingest", raw=mail.raw, envelope_from=None, recipients=(SUPPORT,), received_at=_now())
        for mail in mails
    ]
    for start in range(0, len(arrivals), 100):
        accept(office, arrivals[start : start + 100])


def _until_nothing_is_left(step: Callable[[], int]) -> None:
    for _ in range(COUNT):
        if not step():
            return
    raise RuntimeError("the same mails come again and again: look into what fails")


def _cpu(do: Callable[[], object]) -> float:
    began = time.process_time()
    do()
    return time.process_time() - began


def _now() -> datetime:
    return datetime.now(UTC)
