"""A notice becomes a letter in the outbox: addressed, worded, threaded, with its Message-ID and its dedupe key."""

import base64
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from gateway.desk.areas import Area, Desk
from gateway.desk.signed import signed_by
from gateway.inbound.trace import loop_value
from gateway.outbound import mime
from gateway.outbound.compose import Composer
from gateway.outbound.leaving import Goes, Held
from gateway.outbound.letters import LETTERS, LetterKind, Priority
from gateway.settings import Settings
from gateway.store import letters, tickets
from gateway.store.letters import KeptFile
from gateway.threading import links, match
from gateway.threading.tokens import Purpose, Tokens, letter_number, turn_of

LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that stays the same from one mail to the next."""

    settings: Settings
    desk: Desk
    tokens: Tokens
    composer: Composer


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a letter goes to; `person_id` is what its tokens are bound to. To who is blocked none goes."""

    person_id: int
    address: str
    name: str = ""
    language: str = ""
    zone: str = ""
    blocked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A letter that is to be written. `anchor` names its cause: the same letter for the same cause goes out once.

    `variables` are those that the letter's kind declares and that differ from ticket to ticket; desk, number, link and
    zone are filled in.
    """

    letter: str
    to: Recipient
    area: Area
    ticket_id: int | None
    anchor: str
    variables: Mapping[str, object]
    now: datetime
    in_reply_to: str = ""
    references: tuple[str, ...] | None = None
    files: Sequence[KeptFile] = ()
    # Addresses that its Cc names. It goes to none of them: each has a letter of their own.
    cc: Sequence[str] = ()
    # The number of a message that an answer to this letter confirms.
    confirms: int | None = None
    # The number of commands that wait for the code in this letter.
    code: int | None = None
    # The token that comes back with an answer, of a letter that asks something of its own.
    answer_token: str = ""
    # Whether the letter asks a pending person to confirm who they are: by an answer, or by its link.
    account: bool = False
    # When it may leave; None: at once.
    turn: Goes | Held | None = None


def called(person: Recipient) -> str:
    """Name and address, because anybody can call themselves anything."""
    return f"{person.name} <{person.address}>" if person.name and person.address else person.name or person.address


def post(connection: Connection, draft: Draft, rules: Rules) -> int | None:
    """Write a letter and put it into the outbox; None when it is there already, or its reader gets no mail."""
    if draft.to.blocked:
        return None
    kind = LETTERS[draft.letter]
    key = base64.b32encode(secrets.token_bytes(6)).decode().rstrip("=").lower()
    number, person = draft.ticket_id or 0, draft.to.person_id
    token = rules.tokens.make(Purpose.MESSAGE_ID, number, person)
    hostname = rules.settings.server.hostname
    message_id = match.message_id(key, token, hostname)
    references = _references(connection, draft, token, rules)
    values = _values(draft, kind, rules.settings.web.public_url)
    if draft.account and rules.settings.web.public_url:
        keys, url = rules.tokens.keys, rules.settings.web.public_url
        values["confirm"] = links.confirmation_link(keys, url, person, key, now=draft.now)
        values["disown"] = links.disown_link(keys, url, person, key, now=draft.now)
    rendered = rules.composer.compose(draft.letter, draft.to.language, values, otherwise=draft.area.language)
    try:
        headers = mime.headers(
            kind,
            from_address=draft.area.address,
            from_name=draft.area.from_name,
            to_address=draft.to.address,
            to_name=draft.to.name,
            cc=draft.cc,
            reply_to=_reply_to(draft, rules),
            subject=rendered.subject,
            message_id=message_id,
            in_reply_to=draft.in_reply_to or (references[-1] if references else ""),
            references=references,
            loop=loop_value(key, rules.tokens),
            language=rendered.language,
            date=draft.now,
        )
    except ValueError:
        # The address of a mail's sender can be one that no mail can be sent to.
        return None
    return letters.put(
        connection,
        letters.NewLetter(
            letter=draft.letter,
            language=rendered.language,
            area=draft.area.name,
            ticket_id=draft.ticket_id,
            person_id=person or None,
            envelope_from=_envelope_from(draft, kind, key, rules),
            to_address=draft.to.address,
            priority=int(kind.priority),
            dedupe_key=dedupe_key(draft.letter, draft.to.address, draft.anchor),
            letter_key=key,
            message_id=message_id,
            subject=rendered.subject,
            text=rendered.text,
            html=rendered.html,
            headers=headers,
            created_at=draft.now,
            attachments=tuple(draft.files),
            due_at=draft.turn.at if isinstance(draft.turn, Goes) else None,
            held=isinstance(draft.turn, Held),
        ),
    )


def dedupe_key(letter: str, address: str, anchor: str) -> str:
    """Whole where it fits; an address that is too long stands in it as its hash, because nothing of it may be cut."""
    key = f"{letter}/{address}/{anchor}"
    if len(key) <= LONGEST_KEY:
        return key
    return f"{letter}/{hashlib.sha256(address.encode()).hexdigest()}/{anchor}"[:LONGEST_KEY]


def _values(draft: Draft, kind: LetterKind, public_url: str) -> dict[str, object]:
    given: dict[str, object] = {
        "desk": draft.area.from_name,
        "number": draft.ticket_id,
        "link": "" if draft.letter == "alert" else links.ticket_page(public_url, draft.ticket_id),
        "zone": draft.to.zone or draft.area.calendar.zone.key,
        "subject": "",
        "text": "",
        "reason": "",
        "next_step": "",
        "held": False,
        "hint": "",
        "missing": (),
        "confirm": "",
        "disown": "",
        "account": draft.account,
        "level": "",
        "owner": "",
        "author": "",
        "signature": draft.area.signature,
        "target": "",
        "times": (),
        "best": 0,
    }
    given |= draft.variables
    # A letter that says above the words whose they are says it of those who sign them too.
    signs_below = kind.priority is Priority.WORDS and draft.letter != "relayed"
    if signs_below and signed_by(str(given["text"]), str(given["author"])):
        given["author"] = ""
    return {name: given.get(name) for name in kind.variables}


def _references(connection: Connection, draft: Draft, token: str, rules: Rules) -> list[str]:
    """The ticket's own signed id first, so that an answer finds its ticket even where a relay replaced ours."""
    if draft.ticket_id is None and not LETTERS[draft.letter].commands and not draft.answer_token:
        return []
    hostname = rules.settings.server.hostname
    own = [match.message_id("ticket", token, hostname)]
    confirmation = _confirmation(draft, rules) or _commanding(draft, rules)
    if confirmation:
        own.append(match.message_id("confirm", confirmation, hostname))
    known = draft.references
    if known is None and draft.ticket_id is not None:
        known = tuple(tickets.newest_message_ids(connection, draft.ticket_id, most=mime.MOST_REFERENCES - 3))
    return [own[0], *(known or ()), *own[1:]]


def _confirmation(draft: Draft, rules: Rules) -> str:
    """The token that comes back with an answer and confirms something; empty when there is nothing to confirm."""
    if draft.answer_token:
        return draft.answer_token
    if draft.code is not None:
        return rules.tokens.make(Purpose.CODE, draft.code, draft.to.person_id)
    if draft.confirms is not None:
        return rules.tokens.make(Purpose.CONFIRM, draft.confirms, draft.to.person_id)
    if draft.account and draft.ticket_id is not None:
        return rules.tokens.make(Purpose.ACCOUNT, draft.ticket_id, draft.to.person_id)
    return ""


def _commanding(draft: Draft, rules: Rules) -> str:
    """The token with which an answer may hold commands; empty for letters to customers."""
    if not LETTERS[draft.letter].commands or not rules.settings.commands.on:
        return ""
    turn = turn_of(draft.now.date(), days=rules.settings.commands.token_days)
    return rules.tokens.make(Purpose.COMMAND, draft.ticket_id or 0, draft.to.person_id, turn=turn)


def _reply_to(draft: Draft, rules: Rules) -> str:
    """Where an answer goes; empty when it goes to the From address (or to no ticket)."""
    token = _confirmation(draft, rules) or _commanding(draft, rules)
    if draft.area.reply == "plain" or (draft.ticket_id is None and not token):
        return ""
    token = token or rules.tokens.make(Purpose.REPLY, draft.ticket_id or 0, draft.to.person_id)
    return _with_token(draft.area, token, rules)


def _envelope_from(draft: Draft, kind: LetterKind, key: str, rules: Rules) -> str:
    """The return path (RFC 5321, 4.4): the null one, or where delivery reports come back with the letter's token."""
    if kind.null_sender and (rules.settings.delivery.envelope == "null" or draft.area.reply == "plain"):
        return ""
    if draft.area.reply == "plain":
        return draft.area.address
    return _with_token(draft.area, rules.tokens.make(Purpose.REPORT, letter_number(key), draft.to.person_id), rules)


def _with_token(area: Area, token: str, rules: Rules) -> str:
    if area.reply == "domain":
        return f"{token}@{rules.desk.reply_domain}"
    return match.reply_address(area.address, token)
