"""The table of letters, and how each kind travels."""

from gateway.outbound.letters import LETTERS, Priority


def test_only_a_persons_words_go_out_without_auto_submitted() -> None:
    silent = {name for name, kind in LETTERS.items() if kind.auto_submitted is None}

    assert silent == {"answer", "request", "relayed", "consultation"}


def test_a_persons_words_go_before_notices_before_digests() -> None:
    assert Priority.WORDS < Priority.NOTICE < Priority.DIGEST
    words = {name for name, kind in LETTERS.items() if kind.priority is Priority.WORDS}
    assert words == {"answer", "request", "relayed", "consultation"}


def test_receipts_and_errors_may_have_the_null_return_path_and_nothing_else() -> None:
    null = {name for name, kind in LETTERS.items() if kind.null_sender}

    assert null == {
        "receipt",
        "receipt_new",
        "follow_up",
        "refused",
        "contribution_closed",
        "left",
        "my_tickets",
        "notices_stopped",
        "address_asked",
    }
    to_customers = {name: kind for name, kind in LETTERS.items() if not kind.commands}
    assert null == {name for name, kind in to_customers.items() if kind.auto_submitted == "auto-replied"}


def test_a_receipt_for_somebody_unconfirmed_knows_nothing_of_the_senders_words() -> None:
    ours = {"desk", "number", "account", "confirm", "disown", "missing", "hint", "held", "by_desk"}

    assert LETTERS["receipt_new"].variables == ours
