"""The rows of the program; each status column's comment is its state diagram."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint

from gateway.store.types import BIG_ID, UTCDateTime

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", BIG_ID, primary_key=True)


def _to(name: str, target: str, *, null: bool = True, index: bool = False) -> Column[int]:
    return Column(name, BIG_ID, ForeignKey(f"{target}.id"), nullable=null, index=index)


def _at(name: str, *, null: bool = True) -> Column[datetime]:
    return Column(name, UTCDateTime, nullable=null)


def _text(name: str, *, null: bool = False, default: str = "") -> Column[str]:
    return Column(name, Text, nullable=null, server_default=None if null else default)


def _count(name: str) -> Column[int]:
    return Column(name, sa.Integer, nullable=False, server_default="0")


def _flag(name: str, *, default: bool = False) -> Column[bool]:
    return Column(name, sa.Boolean, nullable=False, server_default=sa.true() if default else sa.false())


def _json(name: str) -> Column[Any]:
    return Column(name, sa.JSON, nullable=True)


def _one_of(name: str, *values: str) -> CheckConstraint:
    return CheckConstraint(sa.column(name).in_(values), name=name)


# --- mail that came in -----------------------------------------------------------------------------------------------

received_mail = sa.Table(
    "received_mail",
    metadata,
    _id(),
    _text("source"),
    _text("peer"),
    _text("session_auth"),
    _text("envelope_from", null=True),
    _at("received_at", null=False),
    Column("size", sa.BigInteger, nullable=False),
    # The bytes: here when small, else in the blob; both are empty after the retention time.
    Column("raw", LargeBinary, nullable=True),
    Column("blob", String(64), nullable=True),
    _at("purged_at"),
    # Peeked before any parsing, to put a reply behind its parent; never evidence of anything.
    _text("message_id"),
    _text("from_hint"),
    Index("ix_received_mail_message_id", "message_id"),
    Index("ix_received_mail_received_at", "received_at"),
    Index(
        "ix_received_mail_blob",
        "blob",
        sqlite_where=sa.text("blob IS NOT NULL"),
        postgresql_where=sa.text("blob IS NOT NULL"),
    ),
)

mailbox_state = sa.Table(
    "mailbox_state",
    metadata,
    _id(),
    _text("account"),
    _text("folder"),
    Column("uidvalidity", sa.BigInteger, nullable=False),
    Column("baseline_uid", sa.BigInteger, nullable=False),
    Column("last_uid", sa.BigInteger, nullable=False),
    # The INTERNALDATE from which mail counts: what to read again from when the server numbers its mails anew.
    _at("since", null=False),
    _at("checked_at"),
    # When the server last numbered its mails anew: those below the baseline are then told apart by their date.
    _at("renumbered_at"),
    # As an operator sees it; empty when all is well.
    _text("trouble"),
    _at("trouble_since"),
    _count("behind"),
    _count("spam"),
    _at("token_until"),
    UniqueConstraint("account", "folder"),
)

# kept    its mail is mail_id          large   its header only is mail_id, the original stays in the mailbox
# failing it could not be read so far  before  older than what we are to read
mailbox_uid = sa.Table(
    "mailbox_uid",
    metadata,
    _id(),
    _text("account"),
    _text("folder"),
    Column("uidvalidity", sa.BigInteger, nullable=False),
    Column("uid", sa.BigInteger, nullable=False),
    _to("mail_id", "received_mail"),
    _text("outcome"),
    _count("failures"),
    _at("failed_at"),
    # What becomes of it in the mailbox is still to be done.
    _flag("unfinished"),
    UniqueConstraint("account", "folder", "uidvalidity", "uid"),
    _one_of("outcome", "kept", "large", "failing", "before"),
)

# pending -> claimed -> done            judged and applied
#            claimed -> pending         released: its worker died, it waits for another, or trouble of ours
#            claimed -> parked          a human has to look; `replay` makes it pending again
delivery = sa.Table(
    "delivery",
    metadata,
    _id(),
    _to("mail_id", "received_mail", null=False, index=True),
    _text("recipient"),
    _text("area"),
    _text("status", default="pending"),
    # Times that this mail ended its worker or could not be applied; counted before the work.
    _count("attempts"),
    # Times that the whole node died with it in hand, which says nothing about the mail.
    _count("losses"),
    # What became of each attempt that failed, and when it was tried again: [[time, sentence], …], the newest last.
    _json("trouble"),
    _flag("alone"),
    # An operator says that this automatic mail is to be a ticket all the same.
    _flag("promoted"),
    _at("due_at", null=False),
    _text("claimed_by"),
    _at("claimed_until"),
    _text("verdict"),
    _text("stage"),
    _json("reasons"),
    # What the judgement stood on, for `explain`: values, never text of the mail.
    _json("facts"),
    _to("ticket_id", "ticket", index=True),
    _to("duplicate_of", "delivery"),
    Column("content_key", String(64), nullable=True, index=True),
    # Content key and area; only the first of equal mails has it.
    Column("once_key", String(200), nullable=True, unique=True),
    _text("sender"),
    _text("message_id"),
    _at("done_at"),
    _one_of("status", "pending", "claimed", "done", "parked"),
    Index(
        "ix_delivery_pending",
        "due_at",
        "id",
        sqlite_where=sa.text("status = 'pending'"),
        postgresql_where=sa.text("status = 'pending'"),
    ),
    Index(
        "ix_delivery_claimed",
        "claimed_until",
        sqlite_where=sa.text("status = 'claimed'"),
        postgresql_where=sa.text("status = 'claimed'"),
    ),
    Index(
        "ix_delivery_parked",
        "id",
        sqlite_where=sa.text("status = 'parked'"),
        postgresql_where=sa.text("status = 'parked'"),
    ),
    Index("ix_delivery_sender_done_at", "sender", "done_at"),
)

# --- people ----------------------------------------------------------------------------------------------------------

organisation = sa.Table("organisation", metadata, _id(), Column("name", Text, nullable=False, unique=True))

organisation_domain = sa.Table(
    "organisation_domain",
    metadata,
    Column("domain", String(255), primary_key=True),
    _to("organisation_id", "organisation", null=False),
)

# pending -> active        confirmed, or made by an operator
# active <-> inactive      as an import, an operator or an agent says
# any -> blocked           nothing that comes from there is answered
# placeholder              stands for a sender whom nobody could identify
# Who was merged into another person is blocked for good and has no address; what names them is theirs no more.
person = sa.Table(
    "person",
    metadata,
    _id(),
    _text("name"),
    _text("state", default="pending"),
    _text("kind", default="customer"),
    _text("language"),
    _text("zone"),
    _to("organisation_id", "organisation", index=True),
    # Sees the tickets of their organisation, on the customer's side, while active.
    _flag("organisation_agent"),
    # The person who remains of two that were one; never somebody who was merged themselves.
    Column("merged_into", BIG_ID, nullable=True),
    _at("created_at", null=False),
    _at("confirmed_at"),
    _at("absent_until"),
    # They, or an operator, said so: mail that they write meanwhile does not mean that they are back.
    _flag("absence_declared"),
    # Said that it was not them who wrote: no letter asks them to confirm any more. Goes when they do confirm.
    _at("disowned_at"),
    _json("profile"),
    _one_of("state", "pending", "active", "inactive", "blocked", "placeholder"),
)

address = sa.Table(
    "address",
    metadata,
    _id(),
    Column("address", String(320), nullable=False, unique=True),
    _to("person_id", "person", null=False, index=True),
    _at("created_at", null=False),
    _at("confirmed_at"),
)

# A person asked that this address be theirs too -> joined: its holder said yes    refused: they said no
address_wish = sa.Table(
    "address_wish",
    metadata,
    _id(),
    _to("person_id", "person", null=False, index=True),
    Column("address", String(320), nullable=False),
    # The mail by which they asked: m-12.
    _text("cause"),
    _at("asked_at", null=False),
    _at("answered_at"),
    _text("outcome"),
    _one_of("outcome", "", "joined", "refused"),
)

membership = sa.Table(
    "membership",
    metadata,
    _id(),
    _to("person_id", "person", null=False),
    # '*' stands for every area.
    _text("area"),
    _text("role"),
    UniqueConstraint("person_id", "area", "role"),
    _one_of("role", "agent", "supervisor", "administrator"),
)

credential = sa.Table(
    "credential",
    metadata,
    _id(),
    _to("person_id", "person", null=False),
    _text("kind"),
    _text("secret"),
    _at("created_at", null=False),
    UniqueConstraint("person_id", "kind"),
)

token_use = sa.Table(
    "token_use",
    metadata,
    Column("token", String(64), primary_key=True),
    _text("purpose"),
    _to("person_id", "person"),
    _at("used_at", null=False),
)

# Who is signed in on the pages; `key` is the SHA-256 of what the browser keeps.
web_session = sa.Table(
    "web_session",
    metadata,
    Column("key", String(64), primary_key=True),
    _to("person_id", "person", null=False, index=True),
    _at("created_at", null=False),
    _at("until", null=False),
)

# --- tickets ---------------------------------------------------------------------------------------------------------

ticket = sa.Table(
    "ticket",
    metadata,
    _id(),
    Column("version", sa.Integer, nullable=False, server_default="1"),
    _text("subject"),
    _text("state"),
    _text("state_kind"),
    _text("area"),
    _text("category"),
    _text("nature", null=True),
    _text("classification"),
    _text("origin", default="mail"),
    _to("requester_id", "person", null=False, index=True),
    # The address that the requester wrote this ticket from; letters go there.
    _text("requester_address"),
    _to("organisation_id", "organisation", index=True),
    _to("owner_id", "person"),
    # Who of the desk made it for its requester, by a command or by forwarding their mail; empty when they wrote it.
    Column("created_by", BIG_ID, nullable=True),
    Column("priority", sa.Integer, nullable=False, server_default="2"),
    _text("language"),
    _flag("verified"),
    _flag("storm"),
    Column("time_spent", sa.Integer, nullable=False, server_default="0"),
    _at("due_at"),
    Column("queue_place", sa.Integer, nullable=True),
    Column("difficulty", sa.Integer, nullable=True),
    _json("fields"),
    _at("created_at", null=False),
    _at("updated_at", null=False),
    _at("state_since", null=False),
    _at("closed_at"),
    _at("last_agent_return_at"),
    _at("last_customer_at"),
    # Automatic letters wait until then: nearly equal mails kept coming.
    _at("muted_until"),
    Index("ix_ticket_area_state_kind", "area", "state_kind", "updated_at"),
    Index("ix_ticket_requester_address", "requester_address"),
    Index(
        "ix_ticket_created_by",
        "created_by",
        sqlite_where=sa.text("created_by IS NOT NULL"),
        postgresql_where=sa.text("created_by IS NOT NULL"),
    ),
    Index("ix_ticket_owner_id_state_kind", "owner_id", "state_kind"),
    # Those that are not closed, which are few beside the others.
    Index(
        "ix_ticket_open",
        "area",
        "id",
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    ),
    CheckConstraint("priority BETWEEN 1 AND 3", name="priority"),
)

ticket_tag = sa.Table(
    "ticket_tag",
    metadata,
    Column("ticket_id", BIG_ID, ForeignKey("ticket.id"), primary_key=True),
    Column("tag", String(100), primary_key=True),
    Index("ix_ticket_tag_tag", "tag"),
)

ticket_link = sa.Table(
    "ticket_link",
    metadata,
    _id(),
    _to("ticket_id", "ticket", null=False, index=True),
    _to("other_id", "ticket", null=False, index=True),
    # follow-up, same mail, duplicate, split, merged, related
    _text("kind"),
    _at("created_at", null=False),
    UniqueConstraint("ticket_id", "other_id", "kind"),
)

message = sa.Table(
    "message",
    metadata,
    _id(),
    _to("ticket_id", "ticket", null=False, index=True),
    _to("delivery_id", "delivery"),
    _to("author_id", "person"),
    _text("author_address"),
    # mail, reply, note, pending note, automatic, report, record
    _text("kind"),
    _flag("public"),
    _flag("verified"),
    # The whole text; `spans` fold what is quoted or signature: [[start, end, kind, reason], …].
    _text("text"),
    _json("spans"),
    _text("html"),
    _json("flags"),
    # A few hashes of the words of a mail, by which nearly equal ones are found; gateway/desk/nearness.py.
    _json("sketch"),
    Column("time_spent", sa.Integer, nullable=False, server_default="0"),
    _text("origin", default="mail"),
    _text("evidence"),
    _at("at", null=False),
)

attachment = sa.Table(
    "attachment",
    metadata,
    _id(),
    _to("message_id", "message", null=False, index=True),
    _text("name"),
    _text("type"),
    Column("size", sa.BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    _text("cid"),
    _flag("inline"),
    # An inline picture that an earlier message of the ticket had, as in every signature: it is listed once.
    _flag("repeated"),
)

# Every Message-ID that is known to belong to a ticket: of mail that came in, of our letters, of relays that rewrote it.
known_message_id = sa.Table(
    "known_message_id",
    metadata,
    _id(),
    Column("value", String(1000), nullable=False),
    _to("ticket_id", "ticket", null=False),
    _to("message_id", "message"),
    _to("outbox_id", "outbox"),
    Index("ix_known_message_id_value", "value"),
    UniqueConstraint("ticket_id", "value"),
)

participant = sa.Table(
    "participant",
    metadata,
    _id(),
    _to("ticket_id", "ticket", null=False),
    _to("person_id", "person", null=False, index=True),
    # cc: gets what is written from then on; consulted: was asked aside, and gets nothing else
    _text("role", default="cc"),
    # By which they were named; empty: their first.
    _text("address"),
    _to("added_by", "person"),
    _at("since", null=False),
    _at("left_at"),
    UniqueConstraint("ticket_id", "person_id"),
)

# Commands of a mail that wait for their code: `commands` is what stood at its top with the text below, `files` are its
# attachments, `code` the SHA-256 of what was sent to the person's own address.
waiting_command = sa.Table(
    "waiting_command",
    metadata,
    _id(),
    _to("person_id", "person", null=False, index=True),
    _to("ticket_id", "ticket"),
    _to("delivery_id", "delivery", null=False),
    _text("address"),
    _text("message_id"),
    _text("commands"),
    _text("quoted"),
    _json("files"),
    _json("apart"),
    _json("cc"),
    Column("code", String(64), nullable=False),
    _count("tries"),
    _at("until", null=False),
    _at("done_at"),
)

# Only ever added to: triggers refuse to change an event or to take one away (migration 0006).
event = sa.Table(
    "event",
    metadata,
    _id(),
    _to("ticket_id", "ticket", index=True),
    _to("person_id", "person", index=True),
    _to("actor_id", "person"),
    _text("actor_kind", default="system"),
    _text("action"),
    _json("data"),
    # mail m-…, letter l-…, the clock, the command line, the web
    _text("cause"),
    _at("at", null=False),
    Index("ix_event_at", "at"),
    Index("ix_event_actor_id", "actor_id"),
)

timer = sa.Table(
    "timer",
    metadata,
    _id(),
    # state: goes when the ticket leaves it; ticket: goes when the ticket closes; person
    _text("scope"),
    _to("ticket_id", "ticket", index=True),
    _to("person_id", "person", index=True),
    _text("rule"),
    # ticket 12 or person 7, the rule, and the event that it counts from: once only.
    Column("once_key", String(200), nullable=False, unique=True),
    _at("due_at", null=False),
    _at("fired_at"),
    _text("outcome"),
    _json("data"),
    _one_of("scope", "state", "ticket", "person"),
    Index(
        "ix_timer_due_at",
        "due_at",
        sqlite_where=sa.text("fired_at IS NULL"),
        postgresql_where=sa.text("fired_at IS NULL"),
    ),
)

survey = sa.Table(
    "survey",
    metadata,
    Column("ticket_id", BIG_ID, ForeignKey("ticket.id"), primary_key=True, autoincrement=False),
    _to("person_id", "person"),
    Column("score", sa.Integer, nullable=False),
    _text("comment"),
    _json("answers"),
    _at("at", null=False),
)

# --- letters that go out ---------------------------------------------------------------------------------------------

# pending -> claimed -> sent
#            claimed -> pending     later: temporary trouble, or its sender died
#            claimed -> refused     the other side said no for good, or the address is suppressed
#            refused -> pending     an operator released the address that was suppressed
#            claimed -> given up    tried for too long
# held -> pending                   released by an operator
# sent -> returned                  a delivery report says that it failed
outbox = sa.Table(
    "outbox",
    metadata,
    _id(),
    _text("letter"),
    _text("language"),
    _text("area"),
    _to("ticket_id", "ticket", index=True),
    _to("person_id", "person"),
    _text("envelope_from"),
    _text("to_address"),
    _text("domain"),
    Column("priority", sa.Integer, nullable=False, server_default="5"),
    _text("status", default="pending"),
    _count("attempts"),
    _at("due_at", null=False),
    _text("claimed_by"),
    _at("claimed_until"),
    # Subject, letter, and anchor: the same letter for the same cause exists once.
    Column("dedupe_key", String(200), nullable=False, unique=True),
    # Ten characters that name the letter in its Message-ID and in the address that its delivery reports go to.
    Column("letter_key", String(16), nullable=False, unique=True),
    Column("message_id", String(500), nullable=False, unique=True),
    _text("subject"),
    _text("text"),
    _text("html"),
    _json("headers"),
    _text("response"),
    _at("created_at", null=False),
    # From here on the time counts after which it is given up.
    _at("first_tried_at"),
    _at("sent_at"),
    _at("purged_at"),
    _one_of("status", "pending", "held", "claimed", "sent", "refused", "given up", "returned"),
    Index("ix_outbox_person_id_created_at", "person_id", "created_at"),
    Index(
        "ix_outbox_pending",
        "priority",
        "due_at",
        sqlite_where=sa.text("status = 'pending'"),
        postgresql_where=sa.text("status = 'pending'"),
    ),
    Index(
        "ix_outbox_claimed",
        "claimed_until",
        sqlite_where=sa.text("status = 'claimed'"),
        postgresql_where=sa.text("status = 'claimed'"),
    ),
)

outbox_attachment = sa.Table(
    "outbox_attachment",
    metadata,
    _id(),
    _to("outbox_id", "outbox", null=False, index=True),
    _text("name"),
    _text("type"),
    Column("size", sa.BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
)

# A notice that was over its reader's budget; it goes when it has been told in the digest.
held_notice = sa.Table(
    "held_notice",
    metadata,
    _id(),
    _to("person_id", "person", null=False, index=True),
    _to("ticket_id", "ticket", null=False),
    # A letter's, or an alert's.
    _text("kind"),
    _at("at", null=False),
)

suppression = sa.Table(
    "suppression",
    metadata,
    Column("address", String(320), primary_key=True),
    _text("reason"),
    # Those that count: a failure that comes long after the last one is the first again.
    _count("failures"),
    _at("failed_at"),
    _at("since"),
    _at("released_at"),
)

# How many automatic letters or tickets an address, a ticket, a domain or everybody had in an hour; sums are caps.
# Letters to new senders are counted by five minutes, because what is over their cap waits for its turn.
sent_count = sa.Table(
    "sent_count",
    metadata,
    Column("scope", String(40), primary_key=True),
    Column("subject", String(320), primary_key=True),
    Column("hour", UTCDateTime, primary_key=True),
    _count("number"),
)

# on: letters to never-confirmed senders of `scope` ('*' or a domain) are held -> released by an operator
breaker = sa.Table(
    "breaker",
    metadata,
    _id(),
    _text("scope"),
    _text("why"),
    _at("tripped_at", null=False),
    _at("released_at"),
    _text("released_by"),
    # The scope while it is on; so only one is on for a scope, and only one node tells it.
    Column("on_key", String(330), nullable=True, unique=True),
    Index("ix_breaker_scope_released_at", "scope", "released_at"),
)

# Who was given tickets by turn, of an area or of a group: numbers of people, each once, the last one at the end.
assignment_turn = sa.Table("assignment_turn", metadata, Column("scope", String(200), primary_key=True), _json("people"))

lease = sa.Table(
    "lease",
    metadata,
    Column("name", String(200), primary_key=True),
    _text("holder"),
    _at("until", null=False),
)

setting = sa.Table("setting", metadata, Column("name", String(100), primary_key=True), _text("value"))
