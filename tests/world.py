"""A small believable desk for tests: two areas, its people, mail that comes in, letters that go out.

Ana and Bruno are customers of one firm; Luis is an agent and Marta the supervisor of support, Nora an agent of billing.
Everything goes the real way: a mail is accepted and handled by the units of work, on a real database.
"""

import functools
import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime, getaddresses, parseaddr
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from gateway.apply.posting import Rules
from gateway.desk.actions import Action, Refused
from gateway.desk.areas import open_desk
from gateway.desk.ticket import Ticket
from gateway.files import template_folders
from gateway.inbound.arrivals import Arrival
from gateway.outbound.compose import Composer
from gateway.outbound.outcomes import Accepted, Outcome
from gateway.settings import Area, Authentication, Blobs, Server, Settings
from gateway.settings import Database as DatabaseSettings
from gateway.settings import Delivery as DeliverySettings
from gateway.settings_keys import signing_keys
from gateway.store import claims, participants, people, tickets
from gateway.store.blobs import Blobs as BlobStore
from gateway.store.migrate import migrate
from gateway.store.session import Database
from gateway.store.tables import (
    attachment,
    delivery,
    event,
    message,
    metadata,
    outbox,
    outbox_attachment,
    received_mail,
    ticket,
    ticket_link,
    timer,
)
from gateway.threading.tokens import Purpose, Tokens
from gateway.work.accept import accept
from gateway.work.act import act
from gateway.work.enrol import enrol
from gateway.work.handle import handle
from gateway.work.office import Office
from gateway.work.send import send_due

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SUPPORT, BILLING = "support@desk.example", "billing@desk.example"
ANA, BRUNO, EVA = "ana@firm.example", "bruno@firm.example", "eva@elsewhere.example"
LUIS, MARTA, NORA = "luis@staff.example", "marta@staff.example", "nora@staff.example"
OUR_SERVER = "mx.desk.example"

_numbers = itertools.count(1)


def mail(
    *,
    from_: str = f"Ana Pérez <{ANA}>",
    to: str = SUPPORT,
    cc: str = "",
    subject: str = "La impresora no imprime",
    text: str = "Desde ayer la impresora del tercer piso no imprime nada.",
    in_reply_to: str = "",
    references: str = "",
    message_id: str | None = None,
    date: str | None = None,
    s1: bool = False,
    dmarc: str = "",
    signed: bool = True,
    headers: Mapping[str, str] | None = None,
    files: Sequence[tuple[str, bytes]] = (),
) -> bytes:
    """The bytes of a mail. With `s1` our own server says that DMARC passes, by a signature if `signed`.

    `message_id` and `date` may be ''.
    """
    built = EmailMessage()
    verdict = "pass" if s1 else dmarc
    if verdict:
        domain = parseaddr(from_)[1].rpartition("@")[2]
        signature = f"; dkim=pass header.d={domain}" if verdict == "pass" and signed else ""
        built["Authentication-Results"] = f"{OUR_SERVER}; dmarc={verdict} header.from={domain}{signature}"
    number = next(_numbers)
    fields = {
        "From": from_,
        "To": to,
        "Cc": cc,
        "Subject": subject,
        "Date": format_datetime(NOON) if date is None else date,
        "Message-ID": f"<{number}@mail.example>" if message_id is None else message_id,
        "In-Reply-To": in_reply_to,
        "References": references,
        **(headers or {}),
    }
    for name, value in fields.items():
        if value:
            built[name] = value
    built.set_content(text)
    for name, content in files:
        built.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return built.as_bytes()


def reply_to(letter: Any, text: str = "Sigue igual.", **changes: Any) -> bytes:
    """The mail that the reader of a letter writes by pressing "Reply": to its Reply-To, with its Message-ID."""
    fields = dict(letter.headers)
    answer: dict[str, Any] = {
        "from_": letter.to_address,
        "to": fields.get("Reply-To", fields["From"]),
        "subject": f"Re: {letter.subject}",
        "in_reply_to": letter.message_id,
        "references": f"{fields.get('References', '')} {letter.message_id}".strip(),
        "text": text,
    }
    return mail(**(answer | changes))


@dataclass
class World:
    """A desk on one database, at a time that only the test moves."""

    office: Office
    now: datetime = NOON
    _others: list[Office] = field(default_factory=list)

    # --- what happens ------------------------------------------------------------------------------------------------

    def keep(
        self, *raws: bytes, to: Sequence[str] = (), envelope_from: str | None = "auto", **arrival: Any
    ) -> list[str]:
        """Mails at the door, all in one commit, not judged; the recipients are those of To and Cc that are ours."""
        arrivals = [self.arrival(raw, to=to, envelope_from=envelope_from, **arrival) for raw in raws]
        return accept(self.office, arrivals)

    def receive(self, raw: bytes, **arrival: Any) -> Any:
        """A mail kept and judged: the row of its (first) delivery."""
        (kept,) = self.keep(raw, **arrival)
        self.work()
        return self.deliveries(kept)[0]

    def work(self, who: str = "worker") -> list[str]:
        """Judge what is due until nothing is; the verdicts."""
        verdicts: list[str] = []
        while True:
            claimed, said = handle(self.office, who=who, clock=lambda: self.now)
            if not claimed:
                return verdicts
            verdicts += said

    def work_through(self, who: str = "worker") -> list[str]:
        """Judge until nothing is pending, letting time pass where something waits."""
        verdicts: list[str] = []
        for _ in range(20):
            verdicts += self.work(who)
            if not self.rows(delivery, delivery.c.status.in_(("pending", "claimed"))):
                return verdicts
            self.later(seconds=2)
        raise AssertionError("something is still pending after 20 rounds")

    def act(self, number: int, action: str, *, by: str = LUIS, text: str = "", **parameters: str) -> Ticket | Refused:
        return act(
            self.office,
            number,
            Action(action),
            by=by,
            cause="a test",
            now=self.now,
            text=text,
            parameters=parameters,
        )

    def send(self, transport: Any, who: str = "sender") -> int:
        """Send what is due, one batch."""
        return send_due(self.office, transport, who=who, clock=lambda: self.now)

    def later(self, **time: float) -> datetime:
        """Time passes: `later(days=1)`."""
        self.now += timedelta(**time)
        return self.now

    def known(self, address: str, **facts: Any) -> int:
        """Somebody whom an operator made or changed; their number."""
        enrol(self.office, address, now=self.now, **facts)
        return self.person(address).id

    @contextmanager
    def claimed_by_another(self, most: int, *, give_back: bool = True) -> Iterator[list[int]]:
        """While another worker has the first so many deliveries in hand; then it gives them back, or dies."""
        until = self.now + timedelta(minutes=5)
        with self.office.database.write() as connection:
            taken: list[int] = []
            while len(taken) < most:
                left = most - len(taken)
                taken += [one.id for one in claims.claim(connection, who="other", most=left, now=self.now, until=until)]
        yield taken
        if not give_back:
            return
        with self.office.database.write() as connection:
            claims.release(connection, taken, who="other", at=self.now, charged=False)

    # --- what there is afterwards ------------------------------------------------------------------------------------

    def rows(self, table: sa.Table, *conditions: Any) -> list[Any]:
        query = sa.select(table).where(*conditions)
        if "id" in table.c:
            query = query.order_by(table.c.id)
        with self.office.database.read() as connection:
            return list(connection.execute(query))

    def deliveries(self, mail_id: str = "") -> list[Any]:
        return self.rows(delivery, *([delivery.c.mail_id == int(mail_id.removeprefix("m-"))] if mail_id else []))

    def tickets(self) -> list[Any]:
        return self.rows(ticket)

    def ticket(self, number: int) -> Any:
        return self.rows(ticket, ticket.c.id == number)[0]

    def messages(self, number: int) -> list[Any]:
        return self.rows(message, message.c.ticket_id == number)

    def events(self, number: int) -> list[Any]:
        return self.rows(event, event.c.ticket_id == number)

    def links(self, number: int) -> set[tuple[str, int]]:
        return {(row.kind, row.other_id) for row in self.rows(ticket_link, ticket_link.c.ticket_id == number)}

    def timers(self, number: int) -> list[Any]:
        return self.rows(timer, timer.c.ticket_id == number)

    def letters(self, to: str = "", letter: str = "") -> list[Any]:
        found = self.rows(outbox)
        return [one for one in found if to in ("", one.to_address) and letter in ("", one.letter)]

    def told(self, since: int = 0) -> list[tuple[str, str]]:
        """(letter, address) of every letter, or of those after the first so many."""
        return [(one.letter, one.to_address) for one in self.letters()[since:]]

    def attachments(self, message_id: int) -> list[Any]:
        return self.rows(attachment, attachment.c.message_id == message_id)

    def files_of(self, letter: Any) -> list[Any]:
        return self.rows(outbox_attachment, outbox_attachment.c.outbox_id == letter.id)

    def know_message_id(self, number: int, value: str) -> None:
        with self.office.database.write() as connection:
            tickets.know_message_ids(connection, number, [value])

    def person(self, address: str) -> people.Person:
        with self.office.database.read() as connection:
            found = people.by_address(connection, address)
        assert found is not None, address
        return found

    # --- what tests need to set a scene ------------------------------------------------------------------------------

    def ticket_of(self, address: str = ANA, *, s1: bool = True, **changes: Any) -> int:
        """A ticket that this customer opened, its receipt and alerts in the outbox."""
        number: int = self.receive(mail(from_=address, s1=s1, **changes)).ticket_id
        return number

    def answered(self, number: int, text: str = "Pruebe a reiniciarla, por favor.", *, by: str = LUIS) -> Any:
        """An agent's answer to the requester: the letter."""
        self.act(number, "reply", by=by, text=text)
        return self.letters(letter="answer")[-1]

    def participant(self, number: int, address: str, part: participants.Part = participants.Part.CC) -> None:
        with self.office.database.write() as connection:
            participants.add(connection, number, self.person(address).id, part=part, added_by=None, now=self.now)

    def token(self, number: int, address: str, purpose: Purpose = Purpose.REPLY) -> str:
        return self.office.rules.tokens.make(purpose, number, self.person(address).id)

    def reply_address(self, number: int, address: str) -> str:
        """Where this person's answers about the ticket go, their own token in it."""
        return f"support+r.{self.token(number, address)}@desk.example"

    def change_settings(self, **sections: Mapping[str, Any]) -> None:
        """`change_settings(workers={"batch": 1})`: the same database under other settings."""
        settings = self.office.settings
        self.open_with(**{name: getattr(settings, name).model_copy(update=dict(new)) for name, new in sections.items()})

    def open_with(self, **update: Any) -> None:
        """The same database, with whole sections of the settings replaced: `open_with(area=[…])`."""
        self.office = opened(self.office.settings.model_copy(update=update), self.office.database)

    def write_due(self, number: int, due_at: datetime) -> None:
        """The ticket is promised for this time."""
        self.act(number, "classify", due=due_at.isoformat())

    def write_sent(self) -> None:
        """Every letter has left."""
        self.write(outbox.update().values(status="sent", sent_at=self.now))

    def mails(self) -> list[Any]:
        return self.rows(received_mail)

    def another_node(self) -> Office:
        """The same office as another process on the same database sees it."""
        office = opened(self.office.settings)
        self._others.append(office)
        return office

    def write(self, statement: Any) -> None:
        """Change rows behind the program's back."""
        with self.office.database.write() as connection:
            connection.execute(statement)

    def close(self) -> None:
        for office in (self.office, *self._others):
            office.close()

    def arrival(
        self, raw: bytes, *, to: Sequence[str] = (), envelope_from: str | None = "auto", **arrival: Any
    ) -> Arrival:
        """A mail at a door; recipients are those of To and Cc that are ours, the return path is From, unless given."""
        read = message_from_bytes(raw.partition(b"\n\n")[0] + b"\n\n", policy=default)
        written = [address for _, address in getaddresses([read.get("To", ""), read.get("Cc", "")])]
        ours = [address for address in written if self.office.rules.desk.ours(address)]
        return Arrival(
            **{
                "source": "lmtp",
                "raw": raw,
                "envelope_from": parseaddr(read.get("From", ""))[1] if envelope_from == "auto" else envelope_from,
                "recipients": tuple(to or ours or [SUPPORT]),
                "received_at": self.now,
            }
            | arrival
        )


class Postman:
    """A way out that keeps what it is given, and says what it is told to say about an address."""

    def __init__(self, **says: Outcome) -> None:
        self.sent: list[tuple[str, str, bytes]] = []
        self.says: dict[str, Outcome | Exception] = dict(says)

    def send(self, envelope_from: str, to: str, data: bytes) -> Outcome:
        said = self.says.get(to, Accepted("250 taken"))
        if isinstance(said, Exception):
            raise said
        self.sent.append((envelope_from, to, data))
        return said

    def close(self) -> None:
        """Nothing is kept open."""


def code_in(letter: Any) -> str:
    """The one-time code that a letter asks for."""
    return next(word for word in letter.text.split() if word.isdigit() and len(word) == 6)


def settings_of(folder: Path, url: str) -> Settings:
    return Settings(
        server=Server(
            hostname="gateway.desk.example", data=folder, secret="a secret of this test, long enough to sign"
        ),
        database=DatabaseSettings(url=url),
        blobs=Blobs(url=f"file:{folder}/blobs"),
        area=[
            Area(
                name="support",
                addresses=[SUPPORT],
                aliases=["soporte@desk.example"],
                from_name="Mesa de ayuda",
                language="es",
                reply="plus",
            ),
            Area(name="billing", addresses=[BILLING], from_name="Billing", language="en", reply="plus"),
        ],
        authentication=Authentication(trusted=[OUR_SERVER], profile="postfix"),
        delivery=DeliverySettings(folder=folder / "outgoing"),
    )


def opened(settings: Settings, database: Database | None = None) -> Office:
    """An office on a migrated database; the letters' templates are read once for all tests."""
    rules = Rules(settings, open_desk(settings), Tokens(signing_keys(settings)), _composer(settings.letters.folder))
    folder = settings.blobs.url.removeprefix("file:")
    return Office(database or _quick(Database(settings.database.url)), BlobStore(Path(folder)), rules)


def populated(office: Office) -> None:
    """The people of the desk and its customers."""
    for address, name, facts in (
        (ANA, "Ana Pérez", {"language": "es"}),
        (BRUNO, "Bruno Díaz", {"language": "es"}),
        (LUIS, "Luis Gómez", {"role": "agent", "areas": ["support"], "language": "es"}),
        (MARTA, "Marta Ruiz", {"role": "supervisor", "areas": ["support"], "language": "es"}),
        (NORA, "Nora Lind", {"role": "agent", "areas": ["billing"], "language": "en"}),
    ):
        enrol(office, address, now=NOON, name=name, **facts)


def migrated(url: str) -> Database:
    database = Database(url)
    with database.write() as connection:
        migrate(connection)
    return database


def emptied(database: Database) -> None:
    """Delete every row of a PostgreSQL database, and count from the start again.

    Most tables are empty, and to truncate one with its indexes takes longer than most tests write.
    """
    filled = " UNION ALL ".join(
        f"SELECT '{table.name}' WHERE EXISTS (SELECT FROM {table.name})" for table in metadata.sorted_tables
    )
    with database.write() as connection:
        # Foreign keys, and the triggers that keep events as they are, look away meanwhile.
        connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        for name in connection.scalars(sa.text(filled)).all():
            connection.execute(sa.text(f"DELETE FROM {name}"))
        connection.execute(
            sa.text(
                "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)"
                " FROM pg_sequences WHERE last_value IS NOT NULL"
            )
        )


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A migrated and populated SQLite database, as bytes."""
    folder = tmp_path_factory.mktemp("template")
    office = opened(settings_of(folder, f"sqlite:///{folder}/gateway.db"), migrated(f"sqlite:///{folder}/gateway.db"))
    populated(office)
    with office.database.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    office.close()
    return (folder / "gateway.db").read_bytes()


@pytest.fixture(scope="session")
def postgres_template(postgres: Any) -> Iterator[str]:
    """A migrated PostgreSQL database, which every test finds empty."""
    url = postgres.new_database()
    database = migrated(url)
    with database.write() as connection:
        connection.execute(sa.text(f"ALTER DATABASE {database.url.database} SET synchronous_commit = off"))
    database.close()
    yield url
    postgres.drop_database(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """The desk, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        (tmp_path / "gateway.db").write_bytes(request.getfixturevalue("sqlite_template"))
        office = opened(settings_of(tmp_path, f"sqlite:///{tmp_path}/gateway.db"))
    else:
        office = opened(settings_of(tmp_path, request.getfixturevalue("postgres_template")))
        emptied(office.database)
        populated(office)
    found = World(office)
    yield found
    found.close()


def _quick(database: Database) -> Database:
    """Without waiting for the disk at every commit: what these tests look at does not depend on it."""
    if database.url.get_backend_name() == "sqlite":

        @sa.event.listens_for(database.engine, "connect")
        def _connected(connection: Any, _: Any) -> None:
            connection.execute("PRAGMA synchronous=OFF").close()

    return database


@functools.cache
def _composer(own: Path | None) -> Composer:
    return Composer(template_folders(own))
