"""Delivery reports on our letters, and letters that refuse a mail."""

from sqlalchemy.engine import Connection

from gateway.apply.caps import Asked, answer_turn, count, new_sender
from gateway.apply.opening import register
from gateway.apply.pieces import cause
from gateway.apply.posting import Draft, Recipient, Rules, post
from gateway.apply.undelivered import Failure, letter_failed
from gateway.desk.people import PersonState
from gateway.inbound.facts import Facts
from gateway.inbound.mail import DeliveryReport
from gateway.inbound.verdicts import Judged, Rejected, Report
from gateway.outbound.causes import Cause, cause_of
from gateway.outbound.leaving import Dropped
from gateway.store import letters, people

UNREAD = "it came back with a report that could not be read"


def mark_letter(connection: Connection, verdict: Report, facts: Facts, rules: Rules) -> None:
    """Mark the letter that a report is about when it says that it failed; the rest is as for all failures."""
    letter, report = facts.reported, facts.prepared.mail.report
    if letter is None or report is None or not verdict.failed:
        return
    failure = _failure(report, letter.to_address)
    letters.mark_returned(connection, letter.id, response=failure.response or UNREAD)
    delivery_id = facts.prepared.claimed.id
    letter_failed(connection, letter, failure, rules, now=facts.now, cause=cause(facts), delivery_id=delivery_id)


def _failure(report: DeliveryReport, address: str) -> Failure:
    """What it says of this recipient; of the first that failed, when a forwarding server names another."""
    failed = [one for one in report.recipients if one.action == "failed"]
    if not failed:
        return Failure(Cause.UNREAD, "")
    one = next((one for one in failed if one.address.lower() == address), failed[0])
    said = one.diagnostic if one.status in one.diagnostic else f"{one.status} {one.diagnostic}"
    return Failure(cause_of(one.status), said.strip(), one.status)


def refuse(connection: Connection, verdict: Rejected, judged: Judged, facts: Facts, rules: Rules) -> None:
    """The letter of a refusal, at most once a day for an address and type; none to who said that it was not them."""
    person = facts.person or register(connection, facts)
    asked = Asked(address=facts.sender, new_sender=new_sender(person))
    turn = answer_turn(connection, asked, rules, now=facts.now)
    if person.disowned or isinstance(turn, Dropped):
        return
    limit = rules.settings.limits.mail_mib * 2**20
    draft = Draft(
        letter="refused",
        to=Recipient(person.id, facts.sender, language=person.language or facts.prepared.language),
        area=facts.area,
        ticket_id=None,
        anchor=f"{verdict.type}/{facts.now:%Y-%m-%d}",
        variables={"type": verdict.type.value, "details": _details(person, facts, rules), "limit": int(limit)},
        now=facts.now,
        in_reply_to=facts.prepared.mail.message_id,
        turn=turn,
    )
    if post(connection, draft, rules) is not None:
        count(connection, asked, turn, now=facts.now)


def _details(person: people.Person, facts: Facts, rules: Rules) -> list[str]:
    """The refused files by name; to somebody who has not proven who they are, only of which kind (RULES 5)."""
    names = facts.prepared.refused_files
    if facts.verified and person.state != PersonState.PENDING:
        return list(names)
    kinds = [kind.lower().lstrip(".") for kind in rules.settings.limits.attachment_types_refused]
    return [f"*.{kind}" for kind in kinds if any(name.lower().endswith(f".{kind}") for name in names)]
