"""Somebody of the desk is away, as they say by a command, or is back."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection

from gateway.apply.orders import Order
from gateway.desk.away import OPEN_END, open_ended
from gateway.desk.people import May, may
from gateway.desk.refusals import Refusal, Refused, unknown_value
from gateway.desk.words import LANGUAGES, Labels
from gateway.inbound.declared_absences import EXAMPLE, back_on
from gateway.outbound.wording import long_day
from gateway.store import people, tickets


def be_absent(connection: Connection, order: Order) -> Labels | Refused:
    """They are away until the day that the value names, or until `be_back`: mail that they write does not end it."""
    if not _of_the_desk(order):
        return Refused(Refusal.NOT_PERMITTED, _ONLY_THE_DESK)
    zone = _zone(order)
    today, language = order.now.astimezone(zone).date(), order.person.language or order.area.language
    back = back_on(order.value, today=today, language=language)
    if back is None:
        return unknown_value("until", order.value, example=EXAMPLE)
    until = OPEN_END if open_ended(back) else datetime.combine(back, time(), tzinfo=zone).astimezone(UTC)
    people.update(connection, order.person.id, absent_until=until, absence_declared=True)
    _write_event(connection, order, "absent", until=until.isoformat())
    if open_ended(back):
        return _AWAY
    return {one: _AWAY_UNTIL[one].format(day=long_day(back, one)) for one in LANGUAGES}


def be_back(connection: Connection, order: Order) -> Labels | Refused:
    """They are there again. A value has no meaning here."""
    if not _of_the_desk(order):
        return Refused(Refusal.NOT_PERMITTED, _ONLY_THE_DESK)
    # As it is now: a command before this one may have changed it.
    person = people.by_id(connection, order.person.id)
    if person is None or not person.away(order.now):
        return _THERE_ALREADY
    people.update(connection, person.id, absent_until=None, absence_declared=False)
    _write_event(connection, order, "back")
    return _BACK


def _of_the_desk(order: Order) -> bool:
    return bool(order.person.roles) and may(order.person.state, May.ACT)


def _zone(order: Order) -> ZoneInfo:
    return ZoneInfo(order.person.zone) if order.person.zone else order.area.calendar.zone


def _write_event(connection: Connection, order: Order, action: str, **data: str) -> None:
    tickets.write_event(
        connection,
        action=action,
        actor_kind="person",
        actor_id=order.person.id,
        person_id=order.person.id,
        cause=order.cause,
        now=order.now,
        data=data,
    )


_AWAY = {
    "es": "Queda ausente hasta que escriba #presente. Mientras tanto no se le asignan solicitudes nuevas,"
    " y el resto del equipo también recibe los avisos de las suyas.",
    "en": "You are away until you write #back. Meanwhile you are given no new requests,"
    " and the rest of the team gets the alerts of yours too.",
    "pt": "Você fica ausente até escrever #presente. Enquanto isso não recebe solicitações novas,"
    " e o resto da equipe também recebe os avisos das suas.",
}
_AWAY_UNTIL = {
    "es": "Queda ausente y vuelve el {day}. Mientras tanto no se le asignan solicitudes nuevas,"
    " y el resto del equipo también recibe los avisos de las suyas. Si vuelve antes, escriba #presente.",
    "en": "You are away, back on {day}. Meanwhile you are given no new requests,"
    " and the rest of the team gets the alerts of yours too. If you are back sooner, write #back.",
    "pt": "Você fica ausente e volta em {day}. Enquanto isso não recebe solicitações novas,"
    " e o resto da equipe também recebe os avisos das suas. Se voltar antes, escreva #presente.",
}
_BACK = {
    "es": "Ya no figura como ausente: se le asignan solicitudes otra vez.",
    "en": "You are no longer away: you are given requests again.",
    "pt": "Você não consta mais como ausente: volta a receber solicitações.",
}
_THERE_ALREADY = {
    "es": "No figuraba como ausente.",
    "en": "You were not away.",
    "pt": "Você não constava como ausente.",
}
_ONLY_THE_DESK = {
    "es": "Solo quienes atienden la mesa de ayuda pueden hacerlo.",
    "en": "Only people of the help desk can do this.",
    "pt": "Só quem atende na central pode fazer isso.",
}
