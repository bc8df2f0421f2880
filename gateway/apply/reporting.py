"""Delivery reports on our letters, and letters that refuse a mail."""

from sqlalchemy.engine import Connection

from gateway.apply.opening import register
from gateway.apply.pieces import anchor, event
from gateway.apply.posting import Draft, Recipient, Rules, post
from gateway.apply.telling import Occasion, alert
from gateway.desk.actions import Audience
from gateway.desk.people import PersonState
from gateway.inbound.facts import Facts
from gateway.inbound.verdicts import Judged, Rejected, Report
from gateway.store import counts, letters, people, tickets
from gateway.store.counts import Counted

# RFC 3463 codes that say for sure that an address takes no mail; others only count (STACK.md: one in three was dead).
DEAD_ADDRESS = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.4.4"})
FAILURES_BEFORE_SUPPRESSION = 3


def mark_letter(connection: Connection, verdict: Report, facts: Facts, rules: Rules) -> None:
    letter, report = facts.reported, facts.prepared.mail.report
    if letter is None or report is None or not verdict.failed:
        return
    failed = next(one for one in report.recipients if one.action == "failed")
    response = f"{failed.status} {failed.diagnostic}".strip()
    letters.mark_returned(connection, letter.id, response=response)
    letters.count_failure(
        connection,
        letter.to_address,
        reason=response,
        hard=failed.status in DEAD_ADDRESS,
        most=FAILURES_BEFORE_SUPPRESSION,
        now=facts.now,
    )
    kept = tickets.find(connection, letter.ticket_id) if letter.ticket_id else None
    if kept is None:
        return
    about = {"letter": f"l-{letter.id}", "status": failed.status}
    event(connection, "delivery_failed", facts, kept.ticket.id, actor=None, **about)
    occasion = Occasion(
        ticket=kept.ticket,
        requester=Recipient(kept.ticket.requester_id, letter.to_address),
        area=rules.desk.areas.get(kept.ticket.area, facts.area),
        anchor=anchor(facts),
        now=facts.now,
        alert="delivery_failed",
        reason=response,
        # Nobody is told by a letter to the very address that failed.
        apart=frozenset({letter.to_address}),
    )
    alert(connection, Audience.OWNER, occasion, rules)


def refuse(connection: Connection, verdict: Rejected, judged: Judged, facts: Facts, rules: Rules) -> None:
    """The letter of a refusal, at most once a day for an address and type; none to who said that it was not them."""
    person = facts.person or register(connection, facts)
    if person.disowned:
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
    )
    if post(connection, draft, rules) is not None:
        counts.raise_counts(connection, [Counted("letter", facts.sender)], now=facts.now)


def _details(person: people.Person, facts: Facts, rules: Rules) -> list[str]:
    """The refused files by name; to somebody who has not proven who they are, only of which kind (RULES 5)."""
    names = facts.prepared.refused_files
    if facts.verified and person.state != PersonState.PENDING:
        return list(names)
    kinds = [kind.lower().lstrip(".") for kind in rules.settings.limits.attachment_types_refused]
    return [f"*.{kind}" for kind in kinds if any(name.lower().endswith(f".{kind}") for name in names)]
