"""When somebody who is away is back, as their automatic reply says (RULES 5)."""

import time
from datetime import date

import pytest

from gateway.inbound.absence_dates import return_day

TODAY = date(2026, 11, 23)  # A Monday.

BACK: dict[str, tuple[int, int, int]] = {
    # The last day away is named: back the day after.
    "I am out of the office until 12 December.": (2026, 12, 13),
    "I'm on leave until December 12th, 2026 with no access to mail.": (2026, 12, 13),
    "Out of office till Friday": (2026, 11, 28),
    "I will be away through the 30th of November": (2026, 12, 1),
    "I am away from 1 to 12 December": (2026, 12, 13),
    "Annual leave between 24 Nov and 4 Jan": (2027, 1, 5),
    "Estaré fuera de la oficina hasta el 12 de diciembre.": (2026, 12, 13),
    "Estoy de vacaciones hasta el 12 de diciembre de 2026": (2026, 12, 13),
    "Vacaciones del 1 al 12 de diciembre": (2026, 12, 13),
    "Ausente desde el 23/11 hasta el 30/11/2026": (2026, 12, 1),
    "Estarei ausente até 12 de dezembro.": (2026, 12, 13),
    "Férias de 1 a 12 de dezembro de 2026": (2026, 12, 13),
    "Ausente hasta 2026-12-12": (2026, 12, 13),
    "Out of office 24.11.2026 - 28.11.2026": (2026, 11, 29),
    # The day of the return is named.
    "I will be back on 15 December.": (2026, 12, 15),
    "I'll be back in the office on Monday, 30 November.": (2026, 11, 30),
    "Returning on Dec 1": (2026, 12, 1),
    "I return to work on Tuesday": (2026, 11, 24),
    "Back tomorrow": (2026, 11, 24),
    "I shall be available again from 2027-01-04": (2027, 1, 4),
    "Regreso el lunes 30.": (2026, 11, 30),
    "regreso el martes 15": (2026, 12, 15),
    "Estaré de regreso el lunes 7 de diciembre": (2026, 12, 7),
    "Vuelvo el 7 de enero": (2027, 1, 7),
    "Volveré a la oficina el día 9 de diciembre": (2026, 12, 9),
    "Me reincorporo el 01/12/2026": (2026, 12, 1),
    "Estaré de vuelta mañana": (2026, 11, 24),
    "Volto na segunda-feira, 30 de novembro": (2026, 11, 30),
    "Retorno no dia 7": (2026, 12, 7),
    "Retornarei em 4 de janeiro de 2027": (2027, 1, 4),
    "De volta amanhã": (2026, 11, 24),
    # Of several the latest.
    "Away until 27 November. I will be back on 30 November.": (2026, 11, 30),
    "Estaré fuera del 20 de noviembre al 4 de diciembre; regreso el 7 de diciembre.": (2026, 12, 7),
}

NOTHING = (
    "I am out of the office.",
    "",
    "Fuera de la oficina, regreso pronto",
    "I was away until 12 November.",  # over, and not of next year
    "Out until 22 November 2026",
    "Ausente hasta el 12 de diciembre de 2030",
    "I am away until 05/06/2027 or so",  # of May or of June
    "Away until 31/02/2027",
    "Away until 99/99/9999",
    "Ausente hasta el 31/12/9999",
    "Regreso el lunes 15",  # of no month to come is it a Monday
    "Call me back at 555-12-12",
    "The invoice of 12 December is attached.",
    "Version until 1.12.3",
    "I am back. On 15 December we have our party.",
)


@pytest.mark.parametrize("text", BACK)
def test_the_day_of_the_return_is_read(text: str) -> None:
    assert return_day(text, today=TODAY) == date(*BACK[text])


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_past_or_may_mean_another_day_says_nothing(text: str) -> None:
    assert return_day(text, today=TODAY) is None


def test_a_numeric_date_is_read_where_it_can_mean_one_day_only() -> None:
    assert return_day("Away until 13/12/2026", today=TODAY) == date(2026, 12, 14)
    assert return_day("Away until 12/13/2026", today=TODAY) == date(2026, 12, 14)
    assert return_day("Away until 01/12", today=TODAY) is None
    assert return_day("Ausente hasta el 01/12", today=TODAY) == date(2026, 12, 2)
    assert return_day("Retorno em 01/12", today=TODAY) == date(2026, 12, 1)


def test_a_text_that_tries_to_take_long_does_not() -> None:
    for piece in ("from ", "until ", "until 1/1/1/", "del 1 ", "1 - ", "monday ", "back on "):
        begin = time.perf_counter()
        return_day(piece * 100_000, today=TODAY)

        assert time.perf_counter() - begin < 0.5
