"""Access tokens from Microsoft 365 and Google, by their own libraries (the extra `oauth`)."""

import hashlib
import json
import os
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from gateway.inbound.imap_tokens import Token
from gateway.inbound.imap_trouble import Kind, Trouble, words
from gateway.settings import Mailbox

MICROSOFT = "https://login.microsoftonline.com"
# As an application of its own, and in the name of a person.
_APPLICATION = ["https://outlook.office365.com/.default"]
_PERSON = ["https://outlook.office.com/IMAP.AccessAsUser.All"]
GOOGLE = "https://oauth2.googleapis.com/token"
SECONDS = 15.0


def token(mailbox: Mailbox, *, kept: Path, now: datetime) -> Token:
    """A fresh access token. `kept` is the file where a refresh token that the provider replaced is kept. Trouble."""
    try:
        if mailbox.provider == "microsoft365":
            return _microsoft(mailbox, kept, now)
        return _google(mailbox)
    except Trouble:
        raise
    except ImportError as error:
        says = f"{error.name} is not installed: `pip install 'ticket-gateway[oauth]'`"
        raise Trouble(Kind.SETTING, says) from None
    except Exception as error:
        # Texts of these libraries can hold the whole request, and with it secrets.
        says = f"{mailbox.provider} cannot be asked for a token: {type(error).__name__}"
        raise Trouble(Kind.UNREACHABLE, says) from None


def _microsoft(mailbox: Mailbox, kept: Path, now: datetime) -> Token:
    import msal

    secret = mailbox.client_secret.get_secret_value()
    refresh = mailbox.refresh_token.get_secret_value()
    authority = f"{MICROSOFT}/{mailbox.tenant}"
    options: dict[str, Any] = {"authority": authority, "timeout": SECONDS, "instance_discovery": False}
    if secret:
        application = msal.ConfidentialClientApplication(mailbox.client_id, client_credential=secret, **options)
    else:
        application = msal.PublicClientApplication(mailbox.client_id, **options)
    if refresh:
        found = application.acquire_token_by_refresh_token(_replaced(kept, refresh), scopes=_PERSON)
    else:
        found = application.acquire_token_for_client(scopes=_APPLICATION)
    if "access_token" not in found:
        raise _refused("microsoft365", str(found.get("error", "")), str(found.get("error_description", "")))
    if refresh and (new := found.get("refresh_token")):
        _keep(kept, given=refresh, new=str(new))
    return Token(str(found["access_token"]), now + timedelta(seconds=int(found.get("expires_in", 3600))))


def _google(mailbox: Mailbox) -> Token:
    import google.auth.exceptions
    from google.auth.transport.requests import Request
    from google.oauth2.credentials import Credentials

    credentials = Credentials(  # type: ignore[no-untyped-call]
        None,
        refresh_token=mailbox.refresh_token.get_secret_value(),
        token_uri=GOOGLE,
        client_id=mailbox.client_id,
        client_secret=mailbox.client_secret.get_secret_value(),
    )
    try:
        credentials.refresh(Request())  # type: ignore[no-untyped-call]
    except google.auth.exceptions.RefreshError as error:
        raise _refused("google", str(error.args[0]) if error.args else "", "") from None
    until = credentials.expiry.replace(tzinfo=UTC) if credentials.expiry else None
    return Token(str(credentials.token), until)


def _refused(provider: str, code: str, description: str) -> Trouble:
    """Why the provider gives no token. Asking on and on would not help: it is a sign-in that was refused."""
    if code in ("temporarily_unavailable", "server_error"):
        return Trouble(Kind.UNREACHABLE, f"{provider} gives no token now: {code}")
    says = words(ValueError(f"{code} {description.splitlines()[0] if description else ''}".strip()))
    hint = "sign in again and replace refresh_token" if "invalid_grant" in code else "look at client_id and secrets"
    return Trouble(Kind.REFUSED, f"{provider} gives no token: {says}; {hint}")


def _replaced(kept: Path, given: str) -> str:
    """The refresh token that replaced the given one, if it did: Microsoft gives a new one each time."""
    try:
        found = json.loads(kept.read_text("utf-8"))
    except (OSError, ValueError):
        return given
    # One that the operator has changed since goes before what follows from the old one.
    return str(found["new"]) if isinstance(found, dict) and found.get("given") == _mark(given) else given


def _keep(kept: Path, *, given: str, new: str) -> None:
    kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = kept.with_name(f".{kept.name}.{secrets.token_hex(8)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({"given": _mark(given), "new": new}, file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(kept)


def _mark(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
