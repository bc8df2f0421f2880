"""The stage for what people of the desk command by mail: whether it is that, and whether it counts (RULES 3). Pure."""

from gateway.desk.commands import holds_commands, looks_like_command
from gateway.inbound.authenticate import Level
from gateway.inbound.classify import MailKind
from gateway.inbound.facts import Facts
from gateway.inbound.opinion import Opinion
from gateway.inbound.verdicts import Command, Distrust
from gateway.store.commands import CODE_DIGITS, Waiting, digest


def commands(facts: Facts) -> Opinion | None:
    """Somebody of the desk says what to do, in answer to a letter of the desk; or brings the code that was asked for.

    None of it is ever relayed, believed or not: a mail with a command in it is meant for the desk alone.
    """
    if not facts.commander or facts.prepared.kind.kind is not MailKind.PERSON:
        return None
    number = None if facts.ticket is None else facts.ticket.ticket.id
    if facts.waiting is not None:
        return _code(facts, facts.waiting)
    text = facts.prepared.reply.new_text
    if facts.prepared.named.codes and len(_brought(text)) == CODE_DIGITS:
        why = _distrust(facts) or Distrust.NO_TOKEN
        return Opinion(Command(number, why, coded=True), f"the code of somebody else's commands: {why}")
    if not looks_like_command(text) and (number is None or not holds_commands(text)):
        return None
    distrust = _distrust(facts)
    if distrust is not None:
        return Opinion(Command(number, distrust), f"commands that do not count: {distrust}")
    assert facts.command_claim is not None, "without it they are distrusted"
    # A letter that is about no ticket, such as a list, lets nothing else in the mail name one.
    about = facts.command_claim.number or None
    return Opinion(Command(about), "commands, signed and with their own token")


def _distrust(facts: Facts) -> Distrust | None:
    """Why commands do not count: RULES 3 wants the mail signed, and the token of a letter that this very person got."""
    claim, turn = facts.command_claim, facts.prepared.turn
    if not turn:
        return Distrust.OFF
    if facts.past:
        return Distrust.LATE
    if not (facts.prepared.identity.signed and facts.prepared.identity.level >= Level.S1):
        return Distrust.NOT_SIGNED
    if claim is None or claim.number not in (0, facts.ticket.ticket.id if facts.ticket else 0):
        return Distrust.NO_TOKEN
    if claim.turn not in (turn, turn - 1):
        return Distrust.OLD_TOKEN
    if facts.prepared.mail.text_format != "plain":
        return Distrust.NOT_PLAIN
    return None


def _code(facts: Facts, waiting: Waiting) -> Opinion:
    """Whether the mail brings the code for the commands that wait, at the beginning of what is new in it."""
    distrust: Distrust | None = None
    if not facts.prepared.turn:
        distrust = Distrust.OFF
    elif not (facts.prepared.identity.signed and facts.prepared.identity.level >= Level.S1):
        distrust = Distrust.NOT_SIGNED
    elif not waiting.open:
        distrust = Distrust.LATE
    elif digest(_brought(facts.prepared.reply.new_text)) != waiting.code:
        distrust = Distrust.WRONG_CODE
    if distrust is not None:
        return Opinion(Command(waiting.ticket_id, distrust, coded=True), f"the code does not count: {distrust}")
    return Opinion(Command(waiting.ticket_id, coded=True), f"brings the code of the commands {waiting.id}")


def _brought(text: str) -> str:
    """The digits at the beginning, however they are grouped."""
    return "".join(sign for sign in "".join(text.split()[:3]) if sign.isdigit())[:CODE_DIGITS]
