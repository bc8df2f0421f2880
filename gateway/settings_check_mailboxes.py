"""Whether each [[mailbox]] can be read: where it is, how to sign in, and what becomes of its mails."""

from collections.abc import Iterator
from importlib.util import find_spec
from ipaddress import ip_address

from gateway.settings import Mailbox, Settings
from gateway.settings_check import host_name
from gateway.settings_where import At, Problem, none_called

PACKAGES = {"microsoft365": "msal", "google": "google.auth"}


def about_mailboxes(settings: Settings) -> Iterator[Problem]:
    """All that is wrong with [[mailbox]]; what can only be seen at the server is for `gateway check`."""
    areas = [area.name for area in settings.area]
    names: set[str] = set()
    places: dict[tuple[str, str, str], str] = {}
    for number, mailbox in enumerate(settings.mailbox):
        at: At = ("mailbox", number)
        if mailbox.name.casefold() in names:
            yield Problem((*at, "name"), f'"{mailbox.name}" is the name of another [[mailbox]] too')
        names.add(mailbox.name.casefold())
        place = (mailbox.host.casefold(), mailbox.username.casefold(), mailbox.folder)
        if (other := places.setdefault(place, mailbox.name)) != mailbox.name:
            yield Problem((*at, "folder"), f'[[mailbox]] "{other}" reads this folder already')
        if mailbox.area and mailbox.area not in areas:
            yield Problem((*at, "area"), none_called("area", mailbox.area, areas))
        yield from _server(mailbox, at)
        yield from _folders(mailbox, at)
        yield from _sign_in(mailbox, at)


def _server(mailbox: Mailbox, at: At) -> Iterator[Problem]:
    if not host_name(mailbox.host) and not _address(mailbox.host):
        yield Problem((*at, "host"), "is no host name, such as imap.example.org; the port has a key of its own")
    if mailbox.tls_ca is not None and not mailbox.tls_ca.is_file():
        yield Problem((*at, "tls_ca"), f"{mailbox.tls_ca} is no file")
    if mailbox.tls_ca is not None and mailbox.tls == "none":
        yield Problem((*at, "tls_ca"), 'is not used with tls = "none"')


def _address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _folders(mailbox: Mailbox, at: At) -> Iterator[Problem]:
    for key in ("folder", "move_to", "spam_folder", "username"):
        if any(not sign.isprintable() for sign in getattr(mailbox, key)):
            yield Problem((*at, key), "has a line break or another control character in it")
    if not mailbox.username:
        yield Problem((*at, "username"), "is empty")
    if mailbox.after == "move" and not mailbox.move_to:
        yield Problem((*at, "after"), '"move" needs move_to, the folder to move to')
    if mailbox.move_to and mailbox.after != "move":
        yield Problem((*at, "move_to"), f'is for after = "move"; after = "{mailbox.after}" does not look at it')
    for key in ("move_to", "spam_folder"):
        if getattr(mailbox, key) == mailbox.folder:
            yield Problem((*at, key), "is the folder that is read")


def _sign_in(mailbox: Mailbox, at: At) -> Iterator[Problem]:
    password = bool(mailbox.password.get_secret_value() or mailbox.password_file)
    sources = {
        "token_file": bool(mailbox.token_file),
        "token_command": bool(mailbox.token_command),
        "provider": bool(mailbox.provider),
    }
    given = [name for name, there in sources.items() if there]
    if mailbox.auth == "password":
        if not password:
            yield Problem(at, "has no password: set password or password_file, or auth for a token")
        for name in given:
            yield Problem((*at, name), 'is for tokens: set auth = "xoauth2" or "oauthbearer"')
        return
    if password:
        key = "password_file" if mailbox.password_file else "password"
        yield Problem((*at, key), f'is for auth = "password"; auth = "{mailbox.auth}" takes a token')
    if not given:
        yield Problem((*at, "auth"), f'"{mailbox.auth}" needs provider, token_file, or token_command')
    for name in given[1:]:
        yield Problem((*at, name), f"{given[0]} is set too: leave one of them out")
    if mailbox.provider:
        yield from _provider(mailbox, at)


def _provider(mailbox: Mailbox, at: At) -> Iterator[Problem]:
    if find_spec(PACKAGES[mailbox.provider].partition(".")[0]) is None:
        says = f"{PACKAGES[mailbox.provider]} is not installed: `pip install 'ticket-gateway[oauth]'`"
        yield Problem((*at, "provider"), says)
    secret = bool(mailbox.client_secret.get_secret_value() or mailbox.client_secret_file)
    refresh = bool(mailbox.refresh_token.get_secret_value() or mailbox.refresh_token_file)
    if not mailbox.client_id:
        yield Problem((*at, "provider"), f'"{mailbox.provider}" needs client_id')
    if mailbox.provider == "microsoft365":
        if not mailbox.tenant:
            yield Problem((*at, "provider"), '"microsoft365" needs tenant, the id of the directory')
        if not secret and not refresh:
            yield Problem((*at, "provider"), '"microsoft365" needs client_secret, or refresh_token')
    elif not (secret and refresh):
        yield Problem((*at, "provider"), '"google" needs client_secret and refresh_token')
