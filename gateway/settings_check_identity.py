"""Whether what proves and names senders can be used: [authentication], [[contact_form]], [[mailing_list]]. Pure."""

import re
from collections.abc import Iterator
from importlib.util import find_spec
from ipaddress import ip_address

from gateway.settings import Settings
from gateway.settings_where import ADDRESS, Problem

# What our own check of DKIM, SPF and DMARC is made with.
LIBRARIES = ("dkim", "dns", "publicsuffixlist", "spf")

_SERVER = re.compile(r"\[(?P<six>[0-9A-Fa-f:.]+)\](?::(?P<port6>\d{1,5}))?|(?P<four>[0-9.]+)(?::(?P<port>\d{1,5}))?")


def sources(settings: Settings) -> tuple[str, ...]:
    """What can prove a sender, in words for the operator; empty: every sender is S0."""
    found = settings.authentication
    by_profile = {"gmail": ("mx.google.com",), "microsoft365": ("Microsoft 365",)}.get(found.profile, ())
    own = ("our own check",) if found.own_check else ()
    return (*(found.trusted or by_profile), *found.submission_networks, *own)


def about_identity(settings: Settings) -> Iterator[Problem]:
    """All that is wrong with what proves and names senders."""
    yield from _own_check(settings)
    for number, form in enumerate(settings.contact_form):
        if not ADDRESS.fullmatch(form.sender):
            yield Problem(("contact_form", number, "sender"), f'"{form.sender}" is no mail address')
        if not form.requester.strip():
            yield Problem(("contact_form", number, "requester"), 'is empty; "reply-to", or the start of a line')
    for number, one in enumerate(settings.mailing_list):
        if not ADDRESS.fullmatch(one.address):
            yield Problem(("mailing_list", number, "address"), f'"{one.address}" is no mail address')
        if re.search(r"[\s<>]", one.list_id):
            yield Problem(("mailing_list", number, "list_id"), "is written without angle brackets, spaces, and words")


def _own_check(settings: Settings) -> Iterator[Problem]:
    found = settings.authentication
    if found.own_check:
        missing = [name for name in LIBRARIES if find_spec(name) is None]
        if missing:
            says = f"{', '.join(missing)} is not installed: `pip install 'ticket-gateway[auth]'`, or own_check = false"
            yield Problem(("authentication", "own_check"), says)
        if found.dns_seconds >= settings.workers.seconds:
            says = "must be less than [workers] seconds, or a slow DNS server ends the worker"
            yield Problem(("authentication", "dns_seconds"), says)
    for number, text in enumerate(found.dns_servers):
        if not _dns_server(text):
            yield Problem(
                ("authentication", "dns_servers", number),
                f'"{text}" is no DNS server: write its address, such as 192.0.2.53, 192.0.2.53:5353, or [2001:db8::53]',
            )


def _dns_server(text: str) -> bool:
    match = _SERVER.fullmatch(text)
    if match is None:
        return False
    try:
        ip_address(match["six"] or match["four"])
    except ValueError:
        return False
    return int(match["port6"] or match["port"] or 53) <= 65535
