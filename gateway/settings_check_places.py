"""Whether every place that the settings name can be one: database, folders, doors, networks, files, smarthost."""

from collections.abc import Iterator
from ipaddress import ip_interface, ip_network
from pathlib import Path

from gateway.settings import Settings
from gateway.settings_listen import Unix, host_and_port, listen_at
from gateway.settings_paths import BLOBS, blobs_folder, database_url
from gateway.settings_where import Problem

SQLITE = frozenset({"sqlite", "sqlite+pysqlite"})
POSTGRESQL = "postgresql+psycopg"


def misplaced(settings: Settings) -> Iterator[Problem]:
    """All that is wrong with the places of settings whose paths are absolute."""
    yield from _database(settings.database.url)
    if not settings.blobs.url.startswith(BLOBS) or not blobs_folder(settings.blobs.url).is_absolute():
        yield Problem(("blobs", "url"), "write file:FOLDER")
    yield from _listening(settings)
    yield from _files(settings)
    yield from _networks(settings)
    yield from _smarthost(settings)


def _database(text: str) -> Iterator[Problem]:
    at = ("database", "url")
    url = database_url(text)
    if url is None:
        yield Problem(at, f"is no database URL: sqlite:///FILE or {POSTGRESQL}://USER@HOST/NAME")
    elif url.drivername in SQLITE:
        if url.database in (None, "", ":memory:"):
            yield Problem(at, "a database in memory is not seen by the workers: sqlite:///FILE")
    elif url.drivername.startswith("postgres") and url.drivername != POSTGRESQL:
        yield Problem(at, f"{url.drivername}:// is not known; did you mean {POSTGRESQL}://?")
    elif url.drivername != POSTGRESQL:
        yield Problem(at, f"{url.drivername}:// is not known; there are sqlite:// and {POSTGRESQL}://")


def _listening(settings: Settings) -> Iterator[Problem]:
    for section, text in (("smtp", settings.smtp.listen), ("lmtp", settings.lmtp.listen), ("web", settings.web.listen)):
        try:
            address = listen_at(text)
        except ValueError as error:
            yield Problem((section, "listen"), str(error))
            continue
        if isinstance(address, Unix) and section != "lmtp":
            yield Problem((section, "listen"), "write address:port; only [lmtp] listens on a Unix socket")


def _files(settings: Settings) -> Iterator[Problem]:
    named: tuple[tuple[str, str, Path | None], ...] = (
        ("smtp", "tls_certificate", settings.smtp.tls_certificate),
        ("smtp", "tls_key", settings.smtp.tls_key),
        ("delivery", "tls_ca", settings.delivery.tls_ca),
    )
    for section, name, path in named:
        if path is not None and not path.is_file():
            yield Problem((section, name), f"{path} is no file")
    if settings.smtp.tls_key and not settings.smtp.tls_certificate:
        yield Problem(("smtp", "tls_key"), "has no certificate: set tls_certificate too")


def _networks(settings: Settings) -> Iterator[Problem]:
    for section, name, networks in (
        ("smtp", "trusted_relays", settings.smtp.trusted_relays),
        ("authentication", "submission_networks", settings.authentication.submission_networks),
    ):
        for number, network in enumerate(networks):
            try:
                ip_network(network)
            except ValueError:
                yield Problem((section, name, number), f'"{network}" is no network{_meant(network)}')


def _meant(network: str) -> str:
    try:
        return f"; did you mean {ip_interface(network).network}?"
    except ValueError:
        return ", such as 192.0.2.0/24 or 2001:db8::/32"


def _smarthost(settings: Settings) -> Iterator[Problem]:
    delivery = settings.delivery
    if delivery.smarthost:
        try:
            host_and_port(delivery.smarthost)
        except ValueError as error:
            yield Problem(("delivery", "smarthost"), str(error))
    password = bool(delivery.password.get_secret_value() or delivery.password_file)
    if delivery.username and not password:
        yield Problem(("delivery", "username"), "has no password: set password or password_file")
    if password and not delivery.username:
        yield Problem(("delivery", "password_file" if delivery.password_file else "password"), "has no username")
