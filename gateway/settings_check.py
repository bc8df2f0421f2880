"""What no single setting can know of itself: that settings agree with each other. Pure."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from gateway.settings import Area, Settings
from gateway.settings_domains import a_label
from gateway.settings_keys import SHORTEST
from gateway.settings_where import ADDRESS, At, Problem

_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


def disagreements(settings: Settings) -> Iterator[Problem]:
    """All that is wrong between settings whose paths are absolute and whose secrets are in place."""
    yield from _host_names(settings)
    yield from _keys(settings)
    yield from _areas(settings)
    yield from _public_url(settings.web.public_url)
    if settings.authentication.trusted and not settings.authentication.profile:
        yield Problem(("authentication", "trusted"), "needs a profile: postfix, gmail, or microsoft365")
    if settings.workers.lease_seconds <= settings.workers.seconds:
        says = "must be more than seconds, or a mail that is being read is taken from its worker"
        yield Problem(("workers", "lease_seconds"), says)


def _host_names(settings: Settings) -> Iterator[Problem]:
    says = "is no host name: labels of a-z, 0-9 and hyphens with dots between; others as xn--…"
    if not host_name(settings.server.hostname):
        yield Problem(("server", "hostname"), says)
    if settings.server.reply_domain and not host_name(settings.server.reply_domain):
        yield Problem(("server", "reply_domain"), says)


def host_name(text: str) -> bool:
    return len(text) <= 253 and all(_LABEL.fullmatch(label) for label in text.split("."))


def _keys(settings: Settings) -> Iterator[Problem]:
    secret = settings.server.secret.get_secret_value()
    if secret and settings.key:
        at = ("server", "secret_file" if settings.server.secret_file else "secret")
        yield Problem(at, 'is not used beside [[key]]: move it into a [[key]] with id = "a"')
    elif secret:
        yield from _long_enough(secret, ("server", "secret_file" if settings.server.secret_file else "secret"))
    ids: set[str] = set()
    for number, key in enumerate(settings.key):
        if key.id in ids:
            yield Problem(("key", number, "id"), f'"{key.id}" is the id of another [[key]] too')
        ids.add(key.id)
        if number == 0 and key.until is not None:
            yield Problem(("key", 0, "until"), "the first key signs, and so cannot end: put the new key before it")
        if secret := key.secret.get_secret_value():
            yield from _long_enough(secret, ("key", number, "secret_file" if key.secret_file else "secret"))
        elif key.secret_file is None:
            yield Problem(("key", number), "has no secret: set secret or secret_file")


def _long_enough(secret: str, at: At) -> Iterator[Problem]:
    if len(secret) < SHORTEST:
        yield Problem(
            at, f"the secret is shorter than {SHORTEST} characters; `openssl rand -base64 32` makes a good one"
        )


def _areas(settings: Settings) -> Iterator[Problem]:
    names: set[str] = set()
    owners: dict[str, str] = {}
    for number, area in enumerate(settings.area):
        if not area.name.strip():
            yield Problem(("area", number, "name"), "is empty")
        elif area.name.casefold() in names:
            yield Problem(("area", number, "name"), f'"{area.name}" is the name of another [[area]] too')
        names.add(area.name.casefold())
        yield from _addresses(area, number, owners)
        if area.reply == "domain" and not settings.server.reply_domain:
            yield Problem(("area", number, "reply"), '"domain" needs [server] reply_domain')


def _addresses(area: Area, number: int, owners: dict[str, str]) -> Iterator[Problem]:
    for key, addresses in (("addresses", area.addresses), ("aliases", area.aliases)):
        for place, address in enumerate(addresses):
            at = ("area", number, key, place)
            if not ADDRESS.fullmatch(address):
                yield Problem(at, f'"{address}" is no mail address')
            elif owner := owners.get(_compared(address)):
                yield Problem(at, f'"{address}" is an address of [[area]] "{owner}" already')
            else:
                owners[_compared(address)] = area.name


def _compared(address: str) -> str:
    """Local part case-folded, domain as A-label: one address is one string."""
    local, _, domain = address.rpartition("@")
    return f"{local.casefold()}@{a_label(domain) or domain}"


def _public_url(url: str) -> Iterator[Problem]:
    if not url:
        return
    at = ("web", "public_url")
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        yield Problem(at, "is no URL, such as https://desk.example.org")
        return
    if parts.scheme not in ("http", "https") or not host or re.search(r"\s", url):
        yield Problem(at, "must be the whole address of the pages, such as https://desk.example.org")
    elif parts.query or parts.fragment or parts.username is not None:
        yield Problem(at, "must be scheme, host, and path only: links add their own query")
