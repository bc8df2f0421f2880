"""Replies of the SMTP and LMTP doors: an enhanced status code on each (RFC 2034), one line for each recipient. Pure."""

from collections.abc import Sequence

SHUTTING_DOWN = "421 4.3.2 closing down, try again later"
OUR_TROUBLE = "451 4.3.0 trouble of our own, try again later"
TOO_MANY_WAITING = "451 4.3.2 too many mails at once, try again later"
NO_ROOM = "452 4.3.1 too much mail at once, try again later"
DISK_NEARLY_FULL = "452 4.3.1 disk nearly full, try again later"
TOO_MANY_RECIPIENTS = "452 4.5.3 too many recipients, send the rest in another mail"
TOO_LARGE = "552 5.3.4 the mail is larger than {most} bytes"
LINE_TOO_LONG = "500 5.6.0 line too long: a line of the mail has more than {most} bytes"
LOOPING = "554 5.4.6 mail loop: more than {most} Received fields"
UNKNOWN_RECIPIENT = "550 5.1.1 no such address here"
RECIPIENT_LATER = "451 4.3.0 the address cannot be looked up now, try again later"

_ENHANCED = {
    "221": "2.0.0",
    "250": "2.0.0",
    "252": "2.0.0",
    "421": "4.3.2",
    "454": "4.7.0",
    "500": "5.5.2",
    "501": "5.5.4",
    "502": "5.5.1",
    "503": "5.5.1",
    "530": "5.7.0",
    "552": "5.3.4",
    "553": "5.1.3",
    "554": "5.0.0",
    "555": "5.5.4",
}


def with_enhanced_code(reply: str) -> str:
    """The reply with an enhanced status code, unless it has one; greetings and 3xx have none (RFC 2034, 4)."""
    if reply[4:6] in ("2.", "4.", "5.") or reply[:1] == "3":
        return reply
    if reply.startswith("220 Ready"):
        return f"220 2.0.0 {reply[4:]}"
    code = reply[:3]
    enhanced = _ENHANCED.get(code)
    return f"{code} {enhanced} {reply[4:]}" if enhanced else reply


def for_each_recipient(reply: str, recipients: Sequence[str]) -> str:
    """LMTP's answer to DATA: the same for each accepted RCPT, in their order, repeated ones too (RFC 2033, 4.2)."""
    code, enhanced, text = reply.split(" ", 2)
    return "\r\n".join(f"{code} {enhanced} <{recipient}> {text}" for recipient in recipients)
