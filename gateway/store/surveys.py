"""What requesters said about how their tickets were handled: one answer a ticket, the newest."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from gateway.desk.change import SurveyAnswer
from gateway.store.tables import survey
from gateway.store.upsert import insert


def keep(connection: Connection, ticket_id: int, answer: SurveyAnswer, *, by: int | None, now: datetime) -> None:
    """Keep an answer in place of an earlier one; the events of the ticket have them all."""
    said: dict[str, Any] = {
        "person_id": by,
        "score": answer.score,
        "comment": answer.comment,
        "answers": dict(answer.answers),
        "at": now,
    }
    statement = insert(connection, survey).on_conflict_do_update(index_elements=["ticket_id"], set_=said)
    connection.execute(statement, {"ticket_id": ticket_id, **said})


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    score: int
    comment: str
    answers: dict[str, str]
    at: datetime


def of_ticket(connection: Connection, ticket_id: int) -> KeptAnswer | None:
    columns = (survey.c.score, survey.c.comment, survey.c.answers, survey.c.at)
    row = connection.execute(select(*columns).where(survey.c.ticket_id == ticket_id)).first()
    return None if row is None else KeptAnswer(row.score, row.comment, row.answers or {}, row.at)
