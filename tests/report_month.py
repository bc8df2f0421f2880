"""A believable month of a desk that promises times, played by mail, by hand and by the clock, for its report.

November 2026 in Bogotá (UTC-5), open from Monday to Friday, 8 to 12 and 14 to 18; the 2nd and the 16th are holidays.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from gateway.desk.actions import Refused
from gateway.desk.reporting import Report
from gateway.work.report import made
from tests.desk_days import DeskDays
from tests.world import ANA, BRUNO, LUIS, MARTA, NORA, mail, reply_to

BEGIN, END = date(2026, 11, 1), date(2026, 12, 1)
PRINTER, NO_MAIL, INVOICE, PRINTER_AGAIN = 1, 2, 3, 4
"""The tickets, by their numbers."""


def at(day: int, clock: str) -> datetime:
    """A time of November by the clock of Bogotá."""
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 11, day, tzinfo=UTC) + timedelta(hours=hour + 5, minutes=minute)


def does(desk: DeskDays, moment: datetime, number: int, action: str, by: str, text: str = "", **given: str) -> None:
    desk.until(moment)
    done = desk.world.act(number, action, by=by, text=text, **given)
    assert not isinstance(done, Refused), done
    desk.tick()


def writes(desk: DeskDays, moment: datetime, address: str, subject: str, text: str) -> int:
    desk.until(moment)
    number: int = desk.world.receive(mail(from_=address, subject=subject, text=text, s1=True)).ticket_id
    desk.tick()
    return number


def play(desk: DeskDays) -> None:
    desk.opened_by("response-targets", now=at(3, "08:00"))
    # A printer: taken and answered in 8 minutes, solved the next day after a day and two hours.
    writes(desk, at(3, "09:00"), ANA, "La impresora 3 no imprime", "El piso tres no puede imprimir.")
    does(desk, at(3, "09:05"), PRINTER, "take", LUIS, tags="printer")
    does(desk, at(3, "09:08"), PRINTER, "reply", LUIS, "¿Qué dice la pantalla?", time="10m")
    does(desk, at(3, "11:00"), PRINTER, "note", LUIS, "Pedí el repuesto.")
    does(desk, at(4, "11:00"), PRINTER, "close", LUIS, "Cambiamos el fusor.", time="1h30m")
    # It came five minutes before the weekend: answered after 25 minutes of opening hours. Then it came back.
    writes(desk, at(6, "17:55"), BRUNO, "No puedo entrar al correo", "Dice que la clave venció.")
    does(desk, at(9, "08:20"), NO_MAIL, "reply", MARTA, "Le enviamos una clave nueva.", time="15m")
    does(desk, at(9, "10:00"), NO_MAIL, "close", MARTA, "Quedó con clave nueva.", time="5m")
    desk.until(at(10, "08:30"))
    letter = desk.world.letters(to=BRUNO, letter="closed")[-1]
    desk.world.receive(reply_to(letter, "Otra vez no puedo entrar.", s1=True))
    desk.tick()
    does(desk, at(10, "09:00"), NO_MAIL, "take", LUIS)
    does(desk, at(10, "09:10"), NO_MAIL, "reply", LUIS, "Ya lo reviso.", time="10m")
    does(desk, at(10, "09:30"), NO_MAIL, "close", LUIS, "Era el teclado.", time="20m")
    # It came to the wrong area: who answers there answers in time.
    writes(desk, at(11, "10:00"), ANA, "Factura 77 con error", "El valor no es el que acordamos.")
    does(desk, at(11, "10:03"), INVOICE, "classify", LUIS, area="billing")
    does(desk, at(11, "10:08"), INVOICE, "reply", NORA, "We look into it.", time="30m")
    does(desk, at(11, "10:09"), INVOICE, "escalate", NORA)
    does(desk, at(11, "15:00"), INVOICE, "close", NORA, "A new invoice is on its way.")
    # Nobody answers this one: what the clock writes to its requester is no answer.
    writes(desk, at(26, "10:00"), BRUNO, "Re: La impresora 8 no imprime", "Ahora la del piso ocho.")
    desk.until(at(30, "12:00"))


def report_of(desk: DeskDays, **asked: Any) -> Report:
    return made(desk.world.office, **({"since": BEGIN, "until": END, "now": desk.world.now} | asked))


def rows(report: Report, table: str, *columns: str) -> list[tuple[Any, ...]]:
    """The cells of these columns; people by their address, labels by their name."""
    found = report.tables[table]
    places = [next(n for n, one in enumerate(found.columns) if one.name == name) for name in columns]
    kinds = [found.columns[place].kind.value for place in places]
    return [tuple(_plain(report, row[place], kind) for place, kind in zip(places, kinds, strict=True))
            for row in found.rows]  # fmt: skip


def _plain(report: Report, cell: Any, kind: str) -> Any:
    if kind == "organisation":
        return report.organisations[cell] if cell is not None else None
    if kind in ("person", "actor"):
        return report.names[cell].address if cell is not None else None
    return getattr(cell, "name", cell)
