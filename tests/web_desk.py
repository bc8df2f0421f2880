"""The pages of a running daemon, for tests: its address, links as letters have them, a browser, and every row."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from playwright.sync_api import Browser, sync_playwright

from gateway.settings_keys import signing_keys
from gateway.store import people
from gateway.store.tables import metadata
from gateway.threading import links
from tests.daemon_process import Daemon, Installation, mail

CHROMIUM = "/usr/bin/chromium"
PASSWORD = "cuatro palabras muy largas"
PROVEN = {"Authentication-Results": "mx.gw.test; dmarc=pass header.from=x.test"}


class WebDesk:
    """A daemon that serves its pages."""

    def __init__(self, installation: Installation, url: str) -> None:
        self.installation = installation
        self.url = url
        self.daemon: Daemon = installation.start()

    def writes(
        self,
        address: str,
        *,
        subject: str = "Impresora",
        text: str = "No imprime.",
        area: str = "support@gw.test",
        **given: Any,
    ) -> int:
        """Somebody's first mail; the number of its ticket."""
        raw = mail(subject, text, from_=address, to=area, headers=PROVEN | given.pop("headers", {}), **given)
        return int(self.daemon.judge(raw, area, sender=address)["ticket"])

    def person(self, address: str) -> people.Person:
        with self.installation.office.database.read() as connection:
            found = people.by_address(connection, address)
        assert found is not None
        return found

    def link(self, address: str, letter_key: str, *, disown: bool = False, now: datetime | None = None) -> str:
        make = links.disown_link if disown else links.confirmation_link
        return make(
            signing_keys(self.installation.office.settings), self.url, self.person(address).id, letter_key, now=now
        )

    def links_asked_for(self, address: str) -> list[str]:
        """The links that letters brought to this address."""
        found = []
        for letter in self.installation.letters():
            if letter["to"] == address and letter["letter"] == "account_link":
                found += [word for word in letter["text"].split() if word.startswith(self.url)]
        return found

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table."""
        with self.installation.office.database.read() as connection:
            return {
                table.name: sorted(tuple(map(repr, row)) for row in connection.execute(sa.select(table)))
                for table in metadata.sorted_tables
            }


@contextmanager
def web_desk(*, path: str = "", **sections: Any) -> Iterator[WebDesk]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}{path}"
    given = {
        "web": {"listen": f"127.0.0.1:{port}", "public_url": url},
        "smtp": {"trusted_relays": ["127.0.0.1/32"]},
        "authentication": {"trusted": ["mx.gw.test"], "profile": "postfix"},
        "limits": {"attachment_types_refused": ["exe"], "mail_mib": 2},
    }
    with Installation(**(given | sections)) as installation:
        yield WebDesk(installation, url)


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield browser
        browser.close()


def file_in(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def now() -> datetime:
    return datetime.now(UTC)
