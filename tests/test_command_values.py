"""Dates, tags, priorities, times and the rest, as people write them behind a command."""

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.desk.command_values import as_parameter, moment, numbers, tags, view_named, yes_or_no
from gateway.desk.command_words import Command
from gateway.desk.field_words import NATURES, NOTHING, ORIGINS, PRIORITIES
from gateway.desk.parameters import seconds
from gateway.desk.words import LANGUAGES, Labels

BOGOTA = ZoneInfo("America/Bogota")
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
"""Monday, 9:00 in Bogotá."""
LATE = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
"""Still Monday in Bogotá, 22:00; Tuesday in London."""


def parameter(command: Command, value: str) -> str:
    return as_parameter(command, value, now=NOW, zone=BOGOTA)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-27 15:00", "2026-11-27T15:00:00-05:00"),
        ("2026-11-27T15:00", "2026-11-27T15:00:00-05:00"),
        ("27/11/2026 15:00", "2026-11-27T15:00:00-05:00"),
        ("27/11/2026, 15:00", "2026-11-27T15:00:00-05:00"),
        ("27-11-2026 15.00", "2026-11-27T15:00:00-05:00"),
        ("27.11.26 15h00", "2026-11-27T15:00:00-05:00"),
        ("27/11 a las 9:05", "2026-11-27T09:05:00-05:00"),
        ("27/11 às 9:05", "2026-11-27T09:05:00-05:00"),
        ("27/11 at 9:05", "2026-11-27T09:05:00-05:00"),
        ("hoy a la 1:30", "2026-11-23T01:30:00-05:00"),
        ("HOY", "2026-11-23T00:00:00-05:00"),
        ("mañana  08:00", "2026-11-24T08:00:00-05:00"),
        ("ayer 16:20", "2026-11-22T16:20:00-05:00"),
        ("amanhã", "2026-11-24T00:00:00-05:00"),
        ("yesterday 16:20:59", "2026-11-22T16:20:00-05:00"),
        ("31/02/2026", None),
        ("29/02", None),
        ("00/10/2026", None),
        ("27/13/2026", None),
        ("27/11/2026 25:00", None),
        ("9999-12-31 23:59", "9999-12-31T23:59:00-05:00"),
        ("2026-11-27 15:00 o después", None),
        ("el viernes", None),
        ("٢٧/١١/٢٠٢٦", None),
        ("", None),
    ],
)
def test_a_moment_is_read_as_people_write_it_in_their_zone(written: str, meant: str | None) -> None:
    assert moment(written, now=NOW, zone=BOGOTA) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("27/11/2026", "2026-11-27T23:59:59-05:00"),
        ("27/11", "2026-11-27T23:59:59-05:00"),
        ("23/11", "2026-11-23T23:59:59-05:00"),
        ("15/01", "2027-01-15T23:59:59-05:00"),
        ("15/01/2026", "2026-01-15T23:59:59-05:00"),
        ("15/01 10:00", "2027-01-15T10:00:00-05:00"),
        ("mañana", "2026-11-24T23:59:59-05:00"),
        ("hoy", "2026-11-23T23:59:59-05:00"),
        ("nadie", "none"),
        ("-", "none"),
        ("2026-W48-5", "2026-W48-5"),
        ("cuando se pueda", "cuando se pueda"),
    ],
)
def test_a_due_date_is_one_to_come_and_a_day_is_its_end(written: str, meant: str) -> None:
    assert parameter(Command.DUE, written) == meant


def test_today_is_the_day_of_who_writes() -> None:
    assert moment("hoy", now=LATE, zone=BOGOTA) == "2026-11-23T00:00:00-05:00"
    assert moment("hoy", now=LATE, zone=ZoneInfo("Europe/London")) == "2026-11-24T00:00:00+00:00"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("vip", "+vip"),
        ("+vip", "+vip"),
        ("-vip", "-vip"),
        ("+vip -impresora", "+vip,-impresora"),
        ("+vip, -impresora", "+vip,-impresora"),
        ("red wifi, vip", "+red wifi,+vip"),
        ("+red wifi -vip", "+red wifi,-vip"),
        ("#vip", "+vip"),
        ("vip,,", "+vip"),
        ("ninguna", ""),
        ("none", ""),
        ("", "+"),
        (" , ", "+"),
    ],
)
def test_tags_are_changes_of_those_that_there_are(written: str, meant: str) -> None:
    assert tags(written) == parameter(Command.TAG, written) == meant


@pytest.mark.parametrize(
    ("command", "written", "meant"),
    [
        (Command.PRIORITY, "alta", "1"),
        (Command.PRIORITY, "Urgente", "1"),
        (Command.PRIORITY, "média", "2"),
        (Command.PRIORITY, "low", "3"),
        (Command.PRIORITY, "2", "2"),
        (Command.PRIORITY, "altísima", "altísima"),
        (Command.NATURE, "incidente", "incident"),
        (Command.NATURE, "peticion", "request"),
        (Command.NATURE, "dúvida", "question"),
        (Command.ORIGIN, "Teléfono", "phone"),
        (Command.ORIGIN, "interno", "internal"),
        (Command.LANGUAGE, "Português", "pt"),
        (Command.CATEGORY, "Impresoras", "Impresoras"),
        (Command.CATEGORY, "ninguna", "none"),
        (Command.ASSIGN, "nadie", "none"),
        (Command.ASSIGN, "Rosa Gil", "Rosa Gil"),
        (Command.MERGE, "# 12", "12"),
        (Command.LINK, "#12", "12"),
        (Command.STANDARD, "En seguimiento", "En seguimiento"),
    ],
)
def test_words_of_each_language_mean_the_desks_own(command: Command, written: str, meant: str) -> None:
    assert parameter(command, written) == meant


@pytest.mark.parametrize(
    ("command", "shown"),
    [(Command.PRIORITY, PRIORITIES), (Command.NATURE, NATURES), (Command.ORIGIN, ORIGINS)],
)
def test_the_words_that_a_refusal_and_a_letter_show_are_understood(
    command: Command, shown: Mapping[object, Labels]
) -> None:
    for value, labels in shown.items():
        for label in labels.values():
            assert parameter(command, label) == str(value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_in_the_words_of_each_language_empties_a_field(language: str) -> None:
    assert parameter(Command.NATURE, NOTHING[language]) == "none"


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("15m", 15),
        ("15 min", 15),
        ("15 minutos", 15),
        ("1h", 60),
        ("1 hora", 60),
        ("2 horas", 120),
        ("1h30", 90),
        ("1:30", 90),
        ("1 hora y 30 minutos", 90),
        ("1 hora 30", 90),
        ("1 hour 30 minutes", 90),
        ("2 hrs", 120),
    ],
)
def test_time_spent_is_read_as_people_say_it(written: str, minutes: int) -> None:
    assert seconds(parameter(Command.TIME, written)) == minutes * 60


@pytest.mark.parametrize("written", ["", "90", "mucho", "1,5 h", "0m", "-15m", "15m y algo"])
def test_what_is_no_time_stays_for_the_desk_to_refuse(written: str) -> None:
    assert seconds(parameter(Command.TIME, written)) is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("#12", (12,)),
        ("#12 #13", (12, 13)),
        ("12, #13;14", (12, 13, 14)),
        ("#12 #12", (12,)),
        ("#12 y #13", None),
        ("#0", None),
        ("##12", None),
        ("#" + "9" * 13, None),
        ("", None),
    ],
)
def test_tickets_are_named_by_numbers_and_nothing_else(written: str, meant: tuple[int, ...] | None) -> None:
    assert numbers(written) == meant


@pytest.mark.parametrize(
    ("written", "opens"),
    [
        ("abrir", True),
        ("", True),
        ("sí", True),
        ("Open", True),
        ("cerrar", False),
        ("não", False),
        ("off", False),
        ("quizás", None),
    ],
)
def test_contribution_opens_or_closes_by_a_clear_word(written: str, opens: bool | None) -> None:
    assert yes_or_no(written) is opens


@pytest.mark.parametrize(
    ("written", "view"),
    [
        ("mías", "mine"),
        ("Por atender", "attend"),
        ("vencidas", "overdue"),
        ("sin novedades", "quiet"),
        ("creadas", "created"),
        ("parados", "quiet"),
        ("acceso", None),
    ],
)
def test_a_list_is_named_in_any_language_or_is_a_tag(written: str, view: str | None) -> None:
    assert view_named(written) == view


@given(st.sampled_from(list(Command)), st.text(max_size=60))
def test_no_value_breaks_the_reading(command: Command, value: str) -> None:
    assert isinstance(parameter(command, value), str)
    numbers(value)
    yes_or_no(value)
    view_named(value)
