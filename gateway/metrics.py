"""What is counted, for Prometheus, in a registry of its own.

Counts are of the process that holds them: what a worker did is counted by its parent, from the worker's answer.
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

# A second series for each, of when it was first counted, that nobody asks for.
disable_created_metrics()  # type: ignore[no-untyped-call]

REGISTRY = CollectorRegistry()

mails_accepted = Counter(
    "gateway_mails_accepted", "Mails whose bytes were committed, by the door they came through.", ["door"],
    registry=REGISTRY,
)  # fmt: skip
deliveries = Counter(
    "gateway_deliveries", "Deliveries that were judged, by verdict.", ["verdict"], registry=REGISTRY
)  # fmt: skip
letters = Counter(
    "gateway_letters", "Attempts to send a letter, by outcome.", ["outcome"], registry=REGISTRY
)  # fmt: skip
worker_restarts = Counter("gateway_worker_restarts", "Workers that ended and were started again.", registry=REGISTRY)
deliveries_pending = Gauge("gateway_deliveries_pending", "Deliveries that wait to be judged.", registry=REGISTRY)
outbox_pending = Gauge("gateway_outbox_pending", "Letters that wait to be sent.", registry=REGISTRY)
breakers_on = Gauge(
    "gateway_breakers_on", "Breakers that hold letters to new senders until they are released.", registry=REGISTRY
)  # fmt: skip
mailbox_connected = Gauge(
    "gateway_mailbox_connected", "1 while a mailbox is read by this process.", ["mailbox"], registry=REGISTRY
)  # fmt: skip
mailbox_last_success = Gauge(
    "gateway_mailbox_last_success_seconds", "When a mailbox was last looked at, in seconds since 1970.", ["mailbox"],
    registry=REGISTRY,
)  # fmt: skip
mailbox_failures = Counter(
    "gateway_mailbox_failures", "Connections to a mailbox that failed or were lost.", ["mailbox"], registry=REGISTRY
)  # fmt: skip
mailbox_failing = Gauge(
    "gateway_mailbox_failing", "Mails that could not be read again and again.", ["mailbox"], registry=REGISTRY
)  # fmt: skip
handle_seconds = Histogram(
    "gateway_handle_seconds",
    "Seconds from claiming a mail to its verdict.",
    registry=REGISTRY,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


def exposition() -> bytes:
    """All of it in Prometheus' text format, to be served as CONTENT_TYPE."""
    return generate_latest(REGISTRY)
