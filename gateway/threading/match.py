"""Which tickets a mail names, in the order in which they are believed. Pure.

In order (RULES 4): a token in the envelope recipient, Delivered-To, X-Original-To, To, or Cc; our own Message-ID in
In-Reply-To, then References from the newest; any other Message-ID, to be looked up; the subject tag `[#123]`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from gateway.threading.tokens import Claim, Purpose, Tokens

SUBJECT_TAG = re.compile(r"\[#(\d{1,12})\]")
REPLY_MARK = "+r."
MOST_REFERENCES = 100


class Evidence(StrEnum):
    """What ties a mail to a ticket; the columns of the table in RULES 4."""

    OWN_TOKEN = "own token"
    OTHER_TOKEN = "another's token"
    MESSAGE_ID = "message id"
    SUBJECT = "subject"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Named:
    """What a mail names: claims from addresses, claims from our Message-IDs, all ids to look up, and subject tags.

    `confirmations`, `accounts`, `commands` and `codes` come from either: the first name a message that waits for the
    word of its author, the second the ticket for which somebody was asked to confirm who they are, the third the
    ticket (0: none) about which somebody of the desk may give commands, the last commands that wait for a code.
    """

    address_claims: tuple[Claim, ...] = ()
    confirmations: tuple[Claim, ...] = ()
    accounts: tuple[Claim, ...] = ()
    commands: tuple[Claim, ...] = ()
    codes: tuple[Claim, ...] = ()
    # A wish for another address that somebody is asked about (gateway/apply/joining.py).
    joins: tuple[Claim, ...] = ()
    message_claims: tuple[Claim, ...] = ()
    message_ids: tuple[str, ...] = ()
    tags: tuple[int, ...] = ()

    @property
    def people(self) -> frozenset[int]:
        """Everybody to whom one of its tokens was given."""
        return frozenset(claim.person for name in _CLAIMS for claim in getattr(self, name))

    def given_to(self, others: Mapping[int, int]) -> "Named":
        """The same with the tokens of some people in the hands of others."""
        changed = {
            name: tuple(replace(claim, person=others.get(claim.person, claim.person)) for claim in getattr(self, name))
            for name in _CLAIMS
        }
        return replace(self, **changed)


_CLAIMS = ("address_claims", "confirmations", "accounts", "commands", "codes", "joins", "message_claims")


def reply_address(mailbox: str, token: str) -> str:
    """`support@x` and a token as `support+r.TOKEN@x` (RFC 5233 subaddress)."""
    local, _, domain = mailbox.rpartition("@")
    return f"{local}{REPLY_MARK}{token}@{domain}"


def token_of_address(address: str, *, reply_domain: str = "") -> str:
    """The token that an address carries, unchecked; empty when it carries none."""
    local, _, domain = address.lower().rpartition("@")
    if reply_domain and domain == reply_domain.lower():
        return local
    _, mark, token = local.partition(REPLY_MARK)
    return token if mark else ""


def message_id(letter_key: str, token: str, hostname: str) -> str:
    """The Message-ID of a letter: unique by its key, and itself a token of its ticket and person."""
    return f"<{letter_key}.{token}@{hostname}>"


def signed_message_id(value: str, tokens: Tokens, today: date) -> bool:
    """Whether a Message-ID is one of ours: it holds a token that we made for it."""
    claim = tokens.read(_token_of_message_id(value.strip()), today=today)
    return claim is not None and claim.purpose is Purpose.MESSAGE_ID


def letter_key_of(value: str) -> str:
    """The key of the letter that has this Message-ID."""
    return value.strip().strip("<>").partition(".")[0]


def names(
    *,
    addresses: Iterable[str],
    in_reply_to: Iterable[str],
    references: Iterable[str],
    subject: str,
    tokens: Tokens,
    today: date,
    reply_domain: str = "",
) -> Named:
    """Read all that a mail says about where it belongs; nothing is looked up, only signatures are checked."""
    written = list(dict.fromkeys(token_of_address(address, reply_domain=reply_domain) for address in addresses))
    ids = list(dict.fromkeys([*in_reply_to, *reversed(list(references))]))[:MOST_REFERENCES]
    in_addresses = _claims(written, tokens, today)
    in_ids = _claims(map(_token_of_message_id, ids), tokens, today)

    def given_for(purpose: Purpose) -> tuple[Claim, ...]:
        return tuple(claim for claim in (*in_addresses, *in_ids) if claim.purpose is purpose)

    return Named(
        address_claims=_of_tickets(in_addresses, _IN_ADDRESSES),
        confirmations=given_for(Purpose.CONFIRM),
        accounts=given_for(Purpose.ACCOUNT),
        commands=given_for(Purpose.COMMAND),
        codes=given_for(Purpose.CODE),
        joins=given_for(Purpose.JOIN),
        message_claims=_of_tickets(in_ids, _IN_IDS),
        message_ids=tuple(ids),
        tags=tuple(dict.fromkeys(int(tag) for tag in SUBJECT_TAG.findall(subject))),
    )


def _of_tickets(claims: Iterable[Claim], purposes: set[Purpose]) -> tuple[Claim, ...]:
    """Those that name a ticket: a letter that is about none has its number 0."""
    return tuple(claim for claim in claims if claim.number and claim.purpose in purposes)


def _claims(written: Iterable[str], tokens: Tokens, today: date) -> tuple[Claim, ...]:
    return tuple(claim for token in written if (claim := tokens.read(token, today=today)) is not None)


def _token_of_message_id(value: str) -> str:
    return value.strip("<>").partition("@")[0].rpartition(".")[2]


_IN_ADDRESSES = {Purpose.REPLY, Purpose.ACCOUNT, Purpose.COMMAND}
_IN_IDS = {Purpose.MESSAGE_ID, Purpose.ACCOUNT, Purpose.COMMAND}
