"""What Prometheus reads."""

from prometheus_client.parser import text_string_to_metric_families

from gateway import metrics


def test_the_counts_are_named_by_the_glossary() -> None:
    metrics.mails_accepted.labels(door="lmtp").inc()
    metrics.deliveries.labels(verdict="reply").inc()
    metrics.letters.labels(outcome="sent").inc()
    metrics.deliveries_pending.set(4)
    metrics.handle_seconds.observe(0.02)
    families = {family.name: family for family in text_string_to_metric_families(metrics.exposition().decode())}

    assert set(families) == {
        "gateway_mails_accepted",
        "gateway_deliveries",
        "gateway_letters",
        "gateway_worker_restarts",
        "gateway_deliveries_pending",
        "gateway_outbox_pending",
        "gateway_breakers_on",
        "gateway_mailbox_connected",
        "gateway_mailbox_last_success_seconds",
        "gateway_mailbox_failures",
        "gateway_mailbox_failing",
        "gateway_handle_seconds",
    }
    assert [sample.value for sample in families["gateway_deliveries_pending"].samples] == [4]
    assert {"door": "lmtp"} in [sample.labels for sample in families["gateway_mails_accepted"].samples]
