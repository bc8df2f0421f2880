"""The table of RULES 4: who writes, by which evidence, proven or not, and what their mail is to the ticket. Pure."""

from gateway.inbound.facts import Facts, Relation
from gateway.inbound.verdicts import Entry, NewTicket
from gateway.threading.match import Evidence

_HINT, _ALERT = NewTicket(hint=0), NewTicket(hint=0, alert=True)

# (relation, evidence) -> (at S1 or better, at S0). What has no row makes a ticket with a hint.
TABLE: dict[tuple[Relation, Evidence], tuple[Entry | NewTicket, Entry | NewTicket]] = {
    (Relation.REQUESTER, Evidence.OWN_TOKEN): (Entry.MESSAGE, Entry.UNVERIFIED),
    (Relation.REQUESTER, Evidence.OTHER_TOKEN): (Entry.FLAGGED, Entry.FLAGGED),
    (Relation.REQUESTER, Evidence.MESSAGE_ID): (Entry.MESSAGE, Entry.FLAGGED),
    (Relation.REQUESTER, Evidence.SUBJECT): (Entry.MESSAGE, _HINT),
    (Relation.PARTICIPANT, Evidence.OWN_TOKEN): (Entry.MESSAGE, Entry.FLAGGED),
    (Relation.PARTICIPANT, Evidence.OTHER_TOKEN): (Entry.FLAGGED, Entry.FLAGGED),
    (Relation.PARTICIPANT, Evidence.MESSAGE_ID): (Entry.MESSAGE, _HINT),
    (Relation.PARTICIPANT, Evidence.SUBJECT): (Entry.MESSAGE, _HINT),
    # Who was asked aside has no part in the conversation: whatever shows that they mean it, it is for the desk alone.
    (Relation.CONSULTED, Evidence.OWN_TOKEN): (Entry.ASIDE, Entry.ASIDE),
    (Relation.CONSULTED, Evidence.OTHER_TOKEN): (Entry.THIRD_PARTY, Entry.THIRD_PARTY),
    (Relation.CONSULTED, Evidence.MESSAGE_ID): (Entry.ASIDE, _HINT),
    (Relation.CONSULTED, Evidence.SUBJECT): (Entry.ASIDE, _HINT),
    (Relation.AGENT, Evidence.OWN_TOKEN): (Entry.RELAYED, Entry.PENDING_NOTE),
    (Relation.AGENT, Evidence.OTHER_TOKEN): (Entry.PENDING_NOTE, Entry.PENDING_NOTE),
    (Relation.AGENT, Evidence.MESSAGE_ID): (Entry.INTERNAL, Entry.PENDING_NOTE),
    (Relation.AGENT, Evidence.SUBJECT): (Entry.PENDING_NOTE, _ALERT),
    # A token that is bound to somebody who is nobody to the ticket any more counts as another's.
    (Relation.UNKNOWN, Evidence.OWN_TOKEN): (Entry.THIRD_PARTY, Entry.THIRD_PARTY),
    (Relation.UNKNOWN, Evidence.OTHER_TOKEN): (Entry.THIRD_PARTY, Entry.THIRD_PARTY),
    (Relation.UNKNOWN, Evidence.MESSAGE_ID): (_HINT, _HINT),
    (Relation.UNKNOWN, Evidence.SUBJECT): (_HINT, _HINT),
}


def handling(facts: Facts) -> Entry | NewTicket:
    proven, unproven = TABLE[facts.relation, facts.evidence]
    return proven if facts.verified else unproven
