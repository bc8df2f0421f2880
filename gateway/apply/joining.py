"""A second address becomes somebody's too: they ask from the first, and who reads mail at the second says yes.

Both have to be proven, because afterwards each sees what the other saw: the first by the mail that asks, the second by
the token that only went there. Nobody's role moves or grows by this; that is for an operator.
"""

from datetime import datetime
from typing import Literal

from sqlalchemy.engine import Connection

from gateway.apply.accounts import let_tickets_in
from gateway.apply.caps import Asked, answer_turn, count, notice_turn
from gateway.apply.merging_people import MergedBy, alone, merge
from gateway.apply.posting import Draft, Recipient, Rules, post
from gateway.apply.telling import recipient
from gateway.desk import joining
from gateway.desk.areas import Area
from gateway.desk.people import PersonState
from gateway.desk.refusals import Refused
from gateway.desk.words import Labels
from gateway.inbound.addresses import normalise
from gateway.outbound.leaving import Dropped, Goes
from gateway.store import address_wishes, counts, credentials, merging, people, tickets
from gateway.store.address_wishes import AddressWish
from gateway.store.counts import Counted
from gateway.store.people import Person
from gateway.threading.links import JOIN_FOR, join_link, ticket_page
from gateway.threading.tokens import Purpose


def ask_to_join(
    connection: Connection,
    person: Person,
    wanted: str,
    *,
    sender: str,
    area: Area,
    rules: Rules,
    cause: str,
    now: datetime,
) -> Labels | Refused:
    """Write to `wanted` that this person asks for it; what to say to them, or why nothing was written.

    sender: the address that they ask from, which the caller knows to be proven (S1).
    """
    address = normalise(wanted)
    if not address:
        return joining.no_address(wanted)
    first = people.by_id(connection, person.id)
    if first is None or first.state != PersonState.ACTIVE or sender != first.address:
        return joining.from_first_address()
    alone(connection, [address, sender])
    other = people.by_address(connection, address)
    if other is not None and other.id == person.id:
        return joining.theirs_already(address)
    mine = [Counted("join", f"person {person.id}"), Counted("join", address)]
    sums = counts.sums(connection, mine, now=now)
    if any(sums[one][1] >= joining.ASKED_PER_DAY for one in mine):
        return joining.too_often()
    # What is refused counts too: nobody tries out which accounts are special ones.
    counts.raise_counts(connection, mine, now=now)
    if rules.desk.ours(address) or not _may_join(first, other):
        return joining.by_the_desk_only(address)
    asked = Asked(address=address, new_sender=other is None or other.state == PersonState.PENDING)
    turn = answer_turn(connection, asked, rules, now=now)
    if isinstance(turn, Dropped):
        return joining.too_often()
    number = address_wishes.ask(connection, person.id, address, cause=cause, now=now)
    draft = Draft(
        letter="join_address",
        to=_reader(other, address, first),
        area=area,
        ticket_id=None,
        anchor=f"join {number}",
        variables={"asker": sender, "address": address, "link": _link(rules, person.id, number, now=now)},
        now=now,
        answer_token=rules.tokens.make(Purpose.JOIN, number, person.id),
        turn=turn,
    )
    if post(connection, draft, rules) is None:
        return joining.by_the_desk_only(address)
    count(connection, asked, turn, now=now)
    _event(connection, "address asked for", person.id, person.id, {"address": address}, cause=cause, now=now)
    return joining.asked(address)


def answer_wish(
    connection: Connection,
    number: int,
    rules: Rules,
    *,
    yes: bool,
    by: Literal["mail", "web"],
    cause: str,
    now: datetime,
) -> Person | None:
    """Who reads mail at the second address has answered: the person who remains, None when nothing became of it.

    The caller knows that the answer came from there, or with the link that only went there.
    """
    wish = address_wishes.unanswered(connection, number, since=now - JOIN_FOR, lock=True)
    asker = None if wish is None else people.by_id(connection, people.remaining(connection, wish.person_id))
    if wish is None or asker is None:
        return None
    alone(connection, [wish.address, *merging.addresses_of(connection, asker.id)])
    other = people.by_address(connection, wish.address)
    # As both are at this moment: a role that was given meanwhile is not joined either.
    good = yes and _may_join(asker, other)
    address_wishes.answer(connection, number, "joined" if good else "refused", now=now)
    holder = other.id if other is not None else None
    said = {"address": wish.address, "by": by, "asked": wish.cause}
    if not good:
        _event(connection, "address refused", asker.id, holder, said, cause=cause, now=now)
        return None
    remains = _joined(connection, wish, asker, other, rules, cause=cause, now=now)
    credentials.confirm_address(connection, remains.id, wish.address, now=now)
    _event(connection, "address joined", remains.id, holder or asker.id, said, cause=cause, now=now)
    tell_both(connection, remains, (asker.address, wish.address), rules, anchor=f"join {wish.id}", now=now)
    return remains


def tell_both(
    connection: Connection,
    remains: Person,
    both: tuple[str, str],
    rules: Rules,
    *,
    anchor: str,
    now: datetime,
    by_desk: bool = False,
) -> None:
    """Each of two addresses that are one person's now hears of the other: nobody has it happen behind their back."""
    for address, other in (both, both[::-1]):
        asked = Asked(address=address, new_sender=False)
        turn = notice_turn(connection, asked, rules, now=now)
        if isinstance(turn, Dropped):
            continue
        draft = Draft(
            letter="address_joined",
            to=recipient(remains, address=address),
            area=rules.desk.first(),
            ticket_id=None,
            anchor=anchor,
            variables={"address": other, "by_desk": by_desk, "link": ticket_page(rules.settings.web.public_url)},
            now=now,
            turn=turn,
        )
        if post(connection, draft, rules) is not None:
            count(connection, asked, Goes(turn.at), now=now)


def _joined(
    connection: Connection,
    wish: AddressWish,
    asker: Person,
    other: Person | None,
    rules: Rules,
    *,
    cause: str,
    now: datetime,
) -> Person:
    """The older of two that are active remains; who never confirmed goes over to who asked."""
    if other is None:
        merging.add_address(connection, asker.id, wish.address, now=now)
        return asker
    if other.id == asker.id:
        return asker
    keep, gone = asker, other
    if other.state == PersonState.PENDING:
        # The token that came back proves them as it proves everybody who confirms (RULES 3).
        credentials.become_active(connection, other.id, now=now)
        let_tickets_in(connection, other, rules, now)
    elif other.id < asker.id:
        keep, gone = other, asker
    merge(connection, keep, gone, MergedBy(kind="person", person_id=other.id, cause=cause, now=now))
    return people.by_id(connection, keep.id) or keep


def _may_join(asker: Person, other: Person | None) -> bool:
    """Whether mail is enough: nobody who works at the desk, and no account that the desk has shut."""
    if asker.state != PersonState.ACTIVE or asker.roles:
        return False
    return other is None or (other.state in (PersonState.PENDING, PersonState.ACTIVE) and not other.roles)


def _reader(other: Person | None, address: str, asker: Person) -> Recipient:
    """Nothing that somebody wrote about themselves goes to an address that has not proven anything."""
    if other is None:
        return Recipient(0, address, language=asker.language)
    return Recipient(other.id, address, language=other.language or asker.language, zone=other.zone)


def _link(rules: Rules, person_id: int, number: int, *, now: datetime) -> str:
    url = rules.settings.web.public_url
    return join_link(rules.tokens.keys, url, person_id, number, now=now) if url else ""


def _event(
    connection: Connection,
    action: str,
    person_id: int,
    actor_id: int | None,
    data: dict[str, str],
    *,
    cause: str,
    now: datetime,
) -> None:
    tickets.write_event(
        connection,
        action=action,
        actor_kind="person" if actor_id else "system",
        actor_id=actor_id,
        person_id=person_id,
        cause=cause,
        now=now,
        data=data,
    )
