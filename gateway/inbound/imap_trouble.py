"""What is wrong with a mailbox, read from what was raised; and how long to wait before it is tried again. Pure.

The servers' own words go into the sentence, one line of them: they are for the operator, and no mail is in them.
"""

import re
import ssl
from enum import StrEnum

from imapclient.exceptions import (
    CapabilityError,
    IMAPClientAbortError,
    IMAPClientError,
    IMAPClientReadOnlyError,
    LoginError,
)

from gateway.errors import GatewayError

LONGEST = 200

# A server or a line that comes back is found again within a minute.
SHORT_WAITS = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0)
# Accounts are locked after five to ten refused sign-ins in a quarter of an hour (Exchange, Active Directory, Gmail):
# four in the first hour and one in each that follows stay far below.
REFUSED_WAITS = (300.0, 900.0, 1800.0, 3600.0)
# What only a person can mend, but does no harm to try.
LONG_WAITS = (15.0, 30.0, 60.0)

# RFC 5530, 3: the server's own trouble, or too many of us at once; the account is well.
_PASSING = frozenset({"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "ALERT"})
_CODE = re.compile(r"\[([A-Z][A-Z-]*)[\] ]", re.IGNORECASE)


class Kind(StrEnum):
    """What a trouble means for the next try."""

    UNREACHABLE = "unreachable"
    # The connection is well, but the server did not do what it was asked for.
    ANSWER = "answer"
    REFUSED = "refused"
    SETTING = "setting"
    OURS = "ours"


class Trouble(Exception):  # noqa: N818  (reads as an outcome)
    """Why a mailbox cannot be read now, in a sentence for the operator."""

    def __init__(self, kind: Kind, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind
        self.sentence = sentence


def wait(kind: Kind, failures: int, chance: float) -> float:
    """Seconds until the next try, after so many failures in a row (from 1); `chance` (0 to 1) spreads the tries."""
    waits = {Kind.REFUSED: REFUSED_WAITS, Kind.SETTING: LONG_WAITS}.get(kind, SHORT_WAITS)
    longest = waits[min(failures, len(waits)) - 1]
    # A refused sign-in is never tried earlier than it says; the others a little earlier or as it says.
    return longest * (1 + chance / 4) if kind is Kind.REFUSED else longest * (1 - chance / 4)


def of_sign_in(error: Exception) -> Trouble:
    """What a failed sign-in means (RFC 5530): without a word for it, it counts as refused, which waits longest."""
    if not isinstance(error, LoginError) and isinstance(error, IMAPClientAbortError | OSError | CapabilityError):
        return of(error)
    if isinstance(error.__context__, IMAPClientAbortError | OSError):
        # IMAPClient calls everything a LoginError, a line that ends in the middle of the answer too.
        return of(error.__context__)
    said = words(error)
    code = code_of(said)
    if code in _PASSING:
        return Trouble(Kind.UNREACHABLE, f"the server cannot sign anybody in now: {said}")
    if "BYE" in said.upper().split() or "EOF" in said:
        return Trouble(Kind.UNREACHABLE, f"the connection was lost while signing in: {said}")
    if code == "PRIVACYREQUIRED":
        return Trouble(Kind.SETTING, f'the server takes no sign-in without encryption: set tls = "tls": {said}')
    return Trouble(Kind.REFUSED, f"the sign-in was refused: {said}; look at username, password, or token")


def of(error: Exception) -> Trouble:
    """What any other fault of the session means."""
    match error:
        case Trouble():
            return error
        case ssl.SSLCertVerificationError():
            why = getattr(error, "verify_message", "") or words(error)
            says = f"the server's certificate cannot be verified: {why}; look at host and tls_ca"
            return Trouble(Kind.SETTING, says)
        case ssl.SSLError():
            return Trouble(Kind.UNREACHABLE, f"no encrypted connection: {words(error)}; look at port and tls")
        case TimeoutError():
            return Trouble(Kind.UNREACHABLE, "the server does not answer")
        case CapabilityError():
            return Trouble(Kind.SETTING, f"the server lacks something that the settings want: {words(error)}")
        case IMAPClientAbortError():
            return Trouble(Kind.UNREACHABLE, f"the connection was lost: {words(error)}")
        case OSError():
            return Trouble(Kind.UNREACHABLE, f"the server cannot be reached: {words(error)}")
        case IMAPClientError():
            return Trouble(Kind.ANSWER, f"the server says no: {words(error)}")
        case GatewayError():
            return Trouble(Kind.SETTING, words(error))
    return Trouble(Kind.UNREACHABLE, f"the server's answer cannot be understood: {type(error).__name__}")


def of_folder(error: Exception, folder: str) -> Trouble:
    """Why a folder could not be opened; a connection that was lost meanwhile says nothing about the folder."""
    if isinstance(error, IMAPClientReadOnlyError):
        return Trouble(Kind.SETTING, f'the folder {folder} can only be read: set after = "leave"')
    if isinstance(error, IMAPClientError) and not isinstance(error, IMAPClientAbortError):
        code = code_of(words(error))
        if code in _PASSING:
            return Trouble(Kind.UNREACHABLE, f"the folder {folder} cannot be opened now: {words(error)}")
        return Trouble(Kind.SETTING, f"the folder {folder} cannot be opened: {words(error)}")
    return of(error)


def code_of(said: str) -> str:
    """The response code in a server's answer, such as AUTHENTICATIONFAILED; '' without one."""
    found = _CODE.search(said)
    return found[1].upper() if found else ""


def words(error: Exception) -> str:
    """What an exception says, as one short line."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    text = str(error)
    # imaplib shows bytes as Python does.
    text = re.sub(r"b'([^']*)'", r"\1", text)
    line = "".join(one if one.isprintable() else " " for one in text)
    return " ".join(line.split())[:LONGEST] or type(error).__name__
