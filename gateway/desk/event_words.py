"""An event in words, for people who look at the log. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from gateway.desk.history_words import happened
from gateway.desk.people import ActorKind

Data = Mapping[str, Any]


def who(actor_kind: str, name: str, address: str) -> str:
    """Who did it: a person by name and address, or what else there is that does things."""
    if name or address:
        return f"{name} <{address}>" if name and address else name or address
    return _NOBODY.get(actor_kind, actor_kind)


def what(action: str, data: Data, names: Mapping[str, str]) -> str:
    """What was done, with each field that changed. `names` are of numbers in it: 'owner_id 7' is luis@staff.example."""
    done = happened(action, "en")
    kind = str(data.get("message", ""))
    if kind in _WROTE and action not in ("reply", "note", "record"):
        done = f"{done}, {_WROTE[kind]}"
    return "; ".join((done, *_changes(data, names), *_said(data)))


def how_long(seconds: int) -> str:
    """`1 h 25 min`; seconds only of what took less than a minute."""
    if seconds < 60:
        return f"{seconds} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours and minutes else f"{hours} h" if hours else f"{minutes} min"


def _changes(data: Data, names: Mapping[str, str]) -> Iterator[str]:
    for name in data:
        before = f"{name}_before"
        if before in data and name not in _BESIDES:
            field = name.removesuffix("_id")
            yield f"{field}: {_value(name, data[before], names)} → {_value(name, data[name], names)}"


def _said(data: Data) -> Iterator[str]:
    for name, value in data.items():
        if not value or name in _BESIDES or name.endswith("_before") or f"{name}_before" in data:
            continue
        match name:
            case "time":
                yield f"{how_long(int(value))} spent" if str(value).isdecimal() else f"{value} spent"
            case "link_to":
                kind = str(data.get("link_kind", "")).replace("_", " ")
                yield f"{kind or 'to'} {_tickets(value)}"
            case "follow_up" | "same_mail" | "hint" | "split_from" | "split_to":
                yield f"{_LINKED[name]} {_tickets(value)}"
            case "verified":
                yield "sender proven" if value == "yes" else "sender not proven"
            case "suppressed":
                yield "no more letters go there"
            case "nonconformity":
                yield "not solved, and not said to be followed up"
            case _:
                yield f"{name.replace('_', ' ').removesuffix(' id')}: {value}"


def _value(name: str, value: Any, names: Mapping[str, str]) -> str:
    written = str(value)
    return names.get(f"{name} {written}", written) or ("nobody" if name == "owner_id" else "nothing")


def _tickets(value: Any) -> str:
    return ", ".join(f"#{number}" for number in str(value).split(","))


_NOBODY = {
    ActorKind.SYSTEM.value: "the system",
    ActorKind.CLOCK.value: "the clock",
    ActorKind.REQUESTER.value: "the requester",
    ActorKind.PERSON.value: "somebody",
    "operator": "an operator",
}

_WROTE = {"reply": "and wrote to the requester", "note": "with a note", "record": "with a record", "mail": "and wrote"}

_LINKED = {
    "follow_up": "follows",
    "same_mail": "from the same mail as",
    "hint": "perhaps about",
    "split_from": "split from",
    "split_to": "as",
}

# Said in other words already, or kept for the program.
_BESIDES = frozenset({"message", "link_kind", "time_spent", "suppressed_before", "confirmed_at"})
