"""`gateway report` of a month and of a whole year among BENCH_TICKETS tickets of that year, on both databases."""

import os
import random
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from gateway.store.session import Database
from gateway.store.tables import address, event, organisation, person, ticket, ticket_tag
from gateway.work.report import made
from tests.real_postgres import Postgres
from tests.world import migrated, opened, settings_of

TICKETS = int(os.environ.get("BENCH_TICKETS", "100000"))
NOW = datetime(2026, 11, 30, 20, 0, tzinfo=UTC)
AGENTS = (("Luis Gómez", "luis"), ("Marta Ruiz", "marta"), ("Eva Paz", "eva"), ("Iván Soto", "ivan"))
SUBJECTS = (
    "La impresora no imprime",
    "No puedo entrar al correo",
    "Olvidé mi contraseña",
    "El sistema de nómina está lento",
    "Factura {} con error",
    "Pantalla negra en el equipo {}",
    "Solicitud de acceso a la carpeta de contabilidad",
    "Re: La impresora {} no imprime",
    "<b>Instalar</b> programa de diseño",
)


def run() -> None:
    with Postgres() as server:
        folder = Path(tempfile.mkdtemp(prefix="bench-report-"))
        try:
            _measure("SQLite", f"sqlite:///{folder}/gateway.db", folder)
            url = server.new_database()
            _measure("PostgreSQL", url, folder)
            server.drop_database(url)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _measure(name: str, url: str, folder: Path) -> None:
    database = migrated(url)
    fill(database, TICKETS, days=365)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("ANALYZE"))
        events = connection.execute(sa.select(sa.func.count()).select_from(event)).scalar_one()
    settings = settings_of(folder, url)
    areas = [area.model_copy(update={"workflow": "response-targets"}) for area in settings.area]
    office = opened(settings.model_copy(update={"area": areas}), database)
    for what, days in (("month", 30), ("year", 366)):
        begin, used = time.perf_counter(), time.process_time()
        found = made(office, since=(NOW - timedelta(days=days)).date(), until=date(2026, 12, 1), now=NOW)
        took, cpu = time.perf_counter() - begin, time.process_time() - used
        print(
            f"{name:<11} {TICKETS:>8,} tickets, {events:,} events; the {what}: {found.totals['opened']:,} opened,"
            f" {took:.1f} s, of which CPU here {cpu:.1f} s;"
            f" memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB",
            flush=True,
        )
    office.close()


def fill(database: Database, size: int, *, days: int) -> None:
    """Tickets of the last so many days, most of them closed, with the events that their lives leave."""
    dice = random.Random(7)
    with database.write() as connection:
        connection.execute(organisation.insert(), [{"id": 1, "name": "Acme"}, {"id": 2, "name": "Banco Andino"}])
        people = [{"id": number, "name": name} for number, (name, _) in enumerate(AGENTS, 1)]
        people += [{"id": 100, "name": "Ana Pérez"}]
        connection.execute(person.insert(), [{**one, "state": "active", "created_at": NOW} for one in people])
        named = [(number, f"{word}@staff.example") for number, (_, word) in enumerate(AGENTS, 1)]
        rows = [{"person_id": number, "address": where, "created_at": NOW} for number, where in named]
        connection.execute(address.insert(), [*rows, {"person_id": 100, "address": "ana@x.org", "created_at": NOW}])
    for begin in range(1, size + 1, 10_000):
        tickets: list[dict[str, Any]] = []
        events: list[dict[str, Any]] = []
        tags: list[dict[str, Any]] = []
        for number in range(begin, min(begin + 10_000, size + 1)):
            created = NOW - timedelta(days=days * (1 - number / (size + 1)))
            lived = list(_life(dice, number, created))
            events += lived
            tickets.append(_ticket(dice, number, created, lived))
            tags += [{"ticket_id": number, "tag": tag} for tag in dice.sample(("printer", "vpn", "vip", "erp"), 1)]
        with database.write() as connection:
            connection.execute(ticket.insert(), tickets)
            connection.execute(event.insert(), events)
            connection.execute(ticket_tag.insert(), tags)


def _life(dice: random.Random, number: int, created: datetime) -> Iterator[dict[str, Any]]:
    at, agent = created, dice.randint(1, len(AGENTS))
    other = agent % len(AGENTS) + 1

    def after(hours: float) -> datetime:
        nonlocal at
        at += timedelta(hours=dice.expovariate(1 / hours))
        return at

    yield _event(number, 100, "person", "received", created)
    owned = {"owner_id": str(agent), "owner_id_before": "", "state": "in_process", "state_before": "new"}
    plan = [
        (agent, "person", "take", owned, 0.4),
        (agent, "person", "reply", {"message": "reply", "time": str(dice.randint(2, 30) * 60)}, 0.6),
        (100, "requester", "customer_replied", {"verified": "yes"}, 3),
        (agent, "person", "note", {"message": "note"} | ({"time": "600"} if dice.random() < 0.7 else {}), 3),
    ]
    if dice.random() < 0.1:
        plan.append((None, "clock", "time_passed", {"timer": "a day open", "level": "senior", "level_before": ""}, 20))
        plan.append((other, "person", "assign", {"owner_id": str(other), "owner_id_before": str(agent)}, 2))
    closed = {"state": "closed", "state_before": "in_process", "message": "reply", "time": "300"}
    plan.append((agent, "person", "close", closed, 8))
    if dice.random() < 0.3:
        score = dice.choice((1, 3, 4, 4, 5, 5, 5))
        comment = dice.choice(("", "Muy amables", '=HYPERLINK("http://evil")', "Tardaron <script>alert(1)</script>"))
        plan.append((100, "requester", "survey", {"score": str(score), "comment": comment}, 5))
    for actor, kind, action, data, hours in plan:
        if after(hours) > NOW:
            return
        yield _event(number, actor, kind, action, at, **data)


def _event(number: int, actor: int | None, kind: str, action: str, at: datetime, **data: str) -> dict[str, Any]:
    return {
        "ticket_id": number,
        "actor_id": actor,
        "actor_kind": kind,
        "action": action,
        "data": data,
        "cause": "m-1",
        "at": at,
    }


def _ticket(dice: random.Random, number: int, created: datetime, lived: list[dict[str, Any]]) -> dict[str, Any]:
    now: dict[str, Any] = {"state": "new", "owner_id": None}
    for one in lived:
        now |= {name: one["data"][name] for name in ("state", "owner_id") if name in one["data"]}
    closed = [one["at"] for one in lived if one["data"].get("state") == "closed"]
    return {
        "id": number,
        "subject": dice.choice(SUBJECTS).format(dice.randint(1, 999)),
        "state": now["state"],
        "state_kind": {"new": "new", "closed": "final"}.get(now["state"], "open"),
        "area": dice.choice(("support", "support", "billing")),
        "category": dice.choice(("hardware", "accounts", "")),
        "nature": dice.choice(("incident", "request", "question")),
        "requester_id": 100,
        "organisation_id": dice.choice((1, 2, None)),
        "owner_id": int(now["owner_id"]) if now["owner_id"] else None,
        "requester_address": "ana@x.org",
        "verified": True,
        "fields": {},
        "created_at": created,
        "updated_at": lived[-1]["at"],
        "state_since": lived[-1]["at"],
        "closed_at": closed[-1] if closed else None,
    }
