"""Links of letters: signed, for one purpose, for some days, by keys that change."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

import pytest

from gateway.settings_keys import SigningKey
from gateway.threading import links
from gateway.threading.links import MAX_AGE, LinkPurpose

NOW = datetime(2026, 11, 23, 12, 0, 0, 250_000, tzinfo=UTC)
OLD = SigningKey("a", b"the old secret of forty characters, at least", until=date(2026, 11, 24))
NEW = SigningKey("b", b"the new secret of forty characters, at least")
URL = "https://desk.example/help/"


def token_of(link: str) -> str:
    return link.rsplit("/", 1)[1]


def read(keys: list[SigningKey], token: str, purpose: LinkPurpose = LinkPurpose.CONFIRM, **later: float) -> object:
    return links.read(keys, token, purpose, MAX_AGE[purpose], now=NOW + timedelta(**later))


def test_a_link_stands_below_the_public_address_and_says_whom_and_which_letter() -> None:
    link = links.confirmation_link([NEW], URL, 7, "abcdefghij", now=NOW)
    found = read([NEW], token_of(link))

    assert link.startswith("https://desk.example/help/confirm/")
    assert found == links.Link(LinkPurpose.CONFIRM, 7, "abcdefghij", NOW.replace(microsecond=0))


def test_a_link_to_confirm_is_none_to_disown_and_the_other_way_round() -> None:
    confirm = token_of(links.confirmation_link([NEW], URL, 7, "k", now=NOW))
    disown = token_of(links.disown_link([NEW], URL, 7, "k", now=NOW))

    assert read([NEW], disown, LinkPurpose.DISOWN) is not None
    assert read([NEW], confirm, LinkPurpose.DISOWN) is None
    assert read([NEW], disown, LinkPurpose.CONFIRM) is None


def test_a_link_ends_after_its_days() -> None:
    token = token_of(links.confirmation_link([NEW], URL, 7, "k", now=NOW))

    assert read([NEW], token, days=7) is not None
    assert read([NEW], token, days=7, seconds=2) is None


def test_a_text_for_others_has_no_link_that_opens_something() -> None:
    request = links.request_link([NEW], URL, 7, 12, now=NOW)
    wrapped = f"https://safe.example/?url={quote(request, safe='')}&data=1"
    text = f"Vea <{request}>\ny {wrapped} o {URL}/tickets/12, en https://firm.example/request/1."

    assert links.without_tokens(text, URL) == f"Vea <…\ny … o {URL}/tickets/12, en https://firm.example/request/1."


def test_the_newest_key_signs_and_older_ones_are_believed_to_their_last_day() -> None:
    before = token_of(links.confirmation_link([OLD], URL, 7, "k", now=NOW))
    after = token_of(links.confirmation_link([NEW, OLD], URL, 7, "k", now=NOW))

    assert read([NEW, OLD], before) is not None
    assert read([NEW, OLD], before, days=2) is None
    assert read([NEW], before) is None
    assert read([NEW], after) is not None
    assert read([OLD], after) is None


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "ñ.ñ.ñ", "a" * 600, "WyJjb25maXJtIiw3LCJrIl0"])
def test_what_we_did_not_sign_says_nothing(token: str) -> None:
    assert read([NEW], token) is None


def test_a_changed_token_says_nothing() -> None:
    token = token_of(links.confirmation_link([NEW], URL, 7, "k", now=NOW))
    changed = [token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :] for at in range(len(token) - 1)]

    assert [one for one in changed if read([NEW], one) is not None] == []


def test_without_a_public_address_there_is_no_page_to_lead_to() -> None:
    assert links.ticket_page("", 7) == ""
    assert links.ticket_page(URL, 7) == "https://desk.example/help/tickets/7"
    assert links.ticket_page(URL) == "https://desk.example/help/tickets"


def test_a_link_to_a_tickets_page_says_whose_it_is_and_which_ticket_for_ninety_days() -> None:
    link = links.request_link([NEW], URL, 7, 12, now=NOW)
    token = token_of(link)

    def opened(**later: float) -> links.RequestLink | None:
        return links.read_request([NEW], token, now=NOW + timedelta(**later))

    assert link.startswith("https://desk.example/help/request/")
    assert opened() == opened(days=90) == links.RequestLink(7, 12, NOW.replace(microsecond=0))
    assert opened(days=90, seconds=2) is None


def test_it_confirms_nothing_and_no_other_link_opens_a_ticket() -> None:
    request = token_of(links.request_link([NEW], URL, 7, 12, now=NOW))
    others = [make([NEW], URL, 7, "12", now=NOW) for make in (links.confirmation_link, links.disown_link)]
    others.append(links.join_link([NEW], URL, 7, 12, now=NOW))

    assert [read([NEW], request, purpose) for purpose in MAX_AGE] == [None, None, None]
    assert [links.read_request([NEW], token_of(one), now=NOW) for one in others] == [None, None, None]
    assert links.read_request([OLD], request, now=NOW) is None
