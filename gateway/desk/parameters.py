"""The parameters of an action (`priority=1`, `time=1h30`), read into values. Pure."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import MINYEAR, UTC, datetime, time
from typing import Any

from gateway.desk.change import LinkKind
from gateway.desk.clocks import Level
from gateway.desk.field_words import NATURES, NOTHING, ORIGINS, PRIORITIES
from gateway.desk.labelled import choices_of, named, nearly_named
from gateway.desk.refusals import Refused, missing, no_standards, unknown_parameter, unknown_value
from gateway.desk.sayings import StandardAnswer
from gateway.desk.ticket import Field, Nature, Origin, Ticket
from gateway.desk.verbs import PARAMETERS, Action
from gateway.desk.words import LANGUAGES, Labels, choices
from gateway.desk.workflow import Workflow


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """What the parameters say.

    `fields` are fields of the ticket, `extras` those of its `fields`; `time` is in seconds; `reason` is as it is told;
    `state` is the name of the one to move to; `when` is when what is taken down was said.
    """

    fields: Mapping[str, Any] = field(default_factory=dict)
    time: int = 0
    origin: Origin | None = None
    evidence: str = ""
    when: datetime | None = None
    reason: str | Labels = ""
    reason_name: str = ""
    wait: bool = False
    unsolved: bool = False
    state: str = ""
    standard: StandardAnswer | None = None
    extras: Mapping[str, str] = field(default_factory=dict)
    score: int | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    level: Level | None = None
    item: str = ""
    proposed: str = ""
    subject: str = ""
    link_to: int | None = None
    link_kind: LinkKind = LinkKind.RELATED


def read(action: Action, given: Mapping[str, str], *, ticket: Ticket, workflow: Workflow) -> Values | Refused:
    """Read `given` for `action` on `ticket`; Refused for the first that is not known, not readable, or not enough."""
    known = known_parameters(action, ticket=ticket, workflow=workflow)
    for name in given:
        if name not in known:
            return unknown_parameter(action, name, known=known)
    needed = _NEEDED.get(action, ())
    if needed and not any(given.get(name, "").strip() for name in needed):
        return missing(action, needed[0])
    if action is Action.CLASSIFY and not given:
        return missing(action, "category", known=PARAMETERS[action])
    values = Values()
    for name, value in given.items():
        step = _read(name, value.strip(), action=action, ticket=ticket, workflow=workflow, values=values)
        if isinstance(step, Refused):
            return step
        values = step
    return values


def known_parameters(action: Action, *, ticket: Ticket, workflow: Workflow) -> tuple[str, ...]:
    """What the action takes; a survey also takes the answers to its questions, by their names."""
    survey = workflow.survey_for(ticket.nature or "") if action is Action.SURVEY else None
    return (*PARAMETERS[action], *(survey.questions if survey else ()))


def seconds(value: str) -> int | None:
    """'15m', '15 min', '1h', '1h30', '1 h 30 m', '1:30' in seconds; None for anything else, and for no time at all."""
    match = _TIME.fullmatch(value.strip().casefold())
    if match is None:
        return None
    hours, minutes = int(match["h"] or match["hh"] or 0), int(match["m"] or match["mm"] or match["only"] or 0)
    return (hours * 60 + minutes) * 60 or None


def _read(
    name: str, value: str, *, action: Action, ticket: Ticket, workflow: Workflow, values: Values
) -> Values | Refused:
    if name in _FIELD:
        column, reader = _FIELD[name]
        found = reader(value, ticket)
        if isinstance(found, _Unreadable):
            return unknown_value(name, value, known=found.known, example=found.example)
        return replace(values, fields={**values.fields, column: found})
    if name == "time":
        spent = seconds(value)
        return unknown_value(name, value, example="15m, 1h30") if spent is None else replace(values, time=spent)
    if name == "origin":
        origin = _member(value, Origin)
        return unknown_value(name, value, known=choices(ORIGINS)) if origin is None else replace(values, origin=origin)
    if name == "when":
        when = _moment(value)
        return unknown_value(name, value, example=_WHEN) if when is None else replace(values, when=when)
    if name in ("wait", "unsolved"):
        known = ("yes", "no")
        if value not in known:
            return unknown_value(name, value, known=known)
        yes = value == "yes"
        return replace(values, wait=yes) if name == "wait" else replace(values, unsolved=yes)
    if name in _NAMED:
        return _NAMED[name](value, ticket, workflow, values)
    if name == "group":
        return _group(value, values)
    if name == "reason":
        return _reason(value, action=action, workflow=workflow, values=values)
    if name == "kind":
        kind = _member(value, LinkKind)
        return unknown_value(name, value, known=list(LinkKind)) if kind is None else replace(values, link_kind=kind)
    if name in ("proposed", "subject") or (action is Action.SURVEY and name not in PARAMETERS[action]):
        if not value or len(value) > _LONGEST_EVIDENCE or not value.replace("\n", " ").isprintable():
            return unknown_value(name, value)
        if name == "proposed":
            return replace(values, proposed=value)
        if name == "subject":
            return replace(values, subject=value)
        return replace(values, answers={**values.answers, name: value})
    if name == "to":
        to = _number(value.removeprefix("#"))
        return unknown_value(name, value, example="#123") if to in (None, ticket.id) else replace(values, link_to=to)
    if len(value) > _LONGEST_EVIDENCE or not value.isprintable():
        return unknown_value(name, value, example="https://calls.example.org/123")
    return replace(values, evidence=value)


def _group(value: str, values: Values) -> Values:
    """A group has the ticket until one of them takes it; `none` leaves it with whoever has it."""
    if value in ("", "none"):
        return replace(values, extras={**values.extras, Field.GROUP: ""})
    return replace(values, fields={"owner_id": None, **values.fields}, extras={**values.extras, Field.GROUP: value})


def _state(value: str, ticket: Ticket, workflow: Workflow, values: Values) -> Values | Refused:
    """A state by its name, or by its label in any language."""
    state = named(value, workflow.states)
    if state is not None:
        return replace(values, state=state.name)
    return unknown_value("state", value, known=choices_of(workflow.states))


def _standard(value: str, ticket: Ticket, workflow: Workflow, values: Values) -> Values | Refused:
    answer = nearly_named(value, workflow.answers)
    if not workflow.answers:
        return no_standards()
    if answer is not None:
        return replace(values, standard=answer)
    return unknown_value("standard", value, known=choices_of(workflow.answers))


def _level(value: str, ticket: Ticket, workflow: Workflow, values: Values) -> Values | Refused:
    level = nearly_named(value, workflow.ladder)
    if level is not None:
        return replace(values, level=level)
    return unknown_value("level", value, known=choices_of(workflow.ladder))


def _item(value: str, ticket: Ticket, workflow: Workflow, values: Values) -> Values | Refused:
    item = nearly_named(value, workflow.checklist)
    if item is not None:
        return replace(values, item=item.name)
    return unknown_value("item", value, known=choices_of(workflow.checklist))


def _score(value: str, ticket: Ticket, workflow: Workflow, values: Values) -> Values | Refused:
    survey = workflow.survey_for(ticket.nature or "")
    scores = [str(score) for score in range(1, (survey.best if survey else 5) + 1)]
    return replace(values, score=int(value)) if value in scores else unknown_value("score", value, known=scores)


def _release(value: str, ticket: Ticket, workflow: Workflow, values: Values) -> Values | Refused:
    if value != "none" and (not value or len(value) > _LONGEST_LINE or not value.isprintable()):
        return unknown_value("release", value, example=_or_none("7.4"))
    return replace(values, extras={**values.extras, Field.RELEASE: "" if value == "none" else value})


def _reason(value: str, *, action: Action, workflow: Workflow, values: Values) -> Values | Refused:
    """One of the desk's list, by its name or as it reads in any language; free text where there is no list."""
    listed = workflow.reasons_for(action)
    if not listed:
        return replace(values, reason=value, reason_name=value)
    reason = nearly_named(value, listed)
    if reason is not None:
        return replace(values, reason=reason.labels, reason_name=reason.name)
    return unknown_value("reason", value, known=choices_of(listed))


@dataclass(frozen=True, slots=True)
class _Unreadable:
    known: Collection[str | Labels] = ()
    example: str | Labels = ""


def _line(value: str, ticket: Ticket) -> str | _Unreadable:
    if value == "none":
        return ""
    return value if value and len(value) <= _LONGEST_LINE and value.isprintable() else _Unreadable()


def _area(value: str, ticket: Ticket) -> str | _Unreadable:
    return _line(value, ticket) or _Unreadable()


def _priority(value: str, ticket: Ticket) -> int | _Unreadable:
    return int(value) if value in ("1", "2", "3") else _Unreadable(known=choices(PRIORITIES))


def _nature(value: str, ticket: Ticket) -> Nature | _Unreadable | None:
    if value == "none":
        return None
    return _member(value, Nature) or _Unreadable(known=(*choices(NATURES), NOTHING))


def _language(value: str, ticket: Ticket) -> str | _Unreadable:
    return value if value in LANGUAGES else _Unreadable(known=LANGUAGES)


def _row(value: str, ticket: Ticket) -> int | _Unreadable | None:
    """The number of a person or an organisation; names were looked up by the caller, who knows them."""
    if value == "none":
        return None
    return _number(value) or _Unreadable(example=_or_none("7"))


def _place(value: str, ticket: Ticket) -> int | _Unreadable | None:
    if value == "none":
        return None
    return int(value) if re.fullmatch(r"[1-9][0-9]{0,4}", value) else _Unreadable(example=_or_none("3"))


def _due(value: str, ticket: Ticket) -> datetime | _Unreadable | None:
    """An ISO date, meaning its end, or date and time; in UTC when no zone is given."""
    if value == "none":
        return None
    return _moment(value, day_ends=True) or _Unreadable(example=_DATES)


def _moment(value: str, *, day_ends: bool = False) -> datetime | None:
    """An ISO date and time in UTC, where no zone is given too; of a date alone its beginning or its end.

    None also in a year so near the ends of the calendar that a reader's zone, or a workflow's times, would leave it.
    """
    try:
        at = datetime.fromisoformat(value)
        if day_ends and re.fullmatch(r"[\d-]+|\d{4}-?W[\d-]+", value):
            at = datetime.combine(at, time(23, 59, 59))
        at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if MINYEAR < at.year < _TOO_FAR else None


def _tags(value: str, ticket: Ticket) -> tuple[str, ...] | _Unreadable:
    """'a,b' are the tags from now on, '+a,-b' adds and takes away; an empty value takes all away."""
    wanted = [one for part in value.split(",") if (one := "-".join(part.casefold().split()))]
    signed = [one for one in wanted if one[0] in "+-"]
    if signed and len(signed) < len(wanted):
        return _Unreadable(example="a,b; +a,-b")
    tags = list(ticket.tags) if signed else []
    for one in wanted:
        tag = one.lstrip("+-") if signed else one
        if not tag or len(tag) > _LONGEST_TAG or not tag.isprintable():
            return _Unreadable(example="a,b; +a,-b")
        if one[0] == "-":
            tags = [kept for kept in tags if kept != tag]
        elif tag not in tags:
            tags.append(tag)
    return tuple(tags) if len(tags) <= _MOST_TAGS else _Unreadable(example="a,b; +a,-b")


def _or_none(example: str) -> Labels:
    return {language: f"{example}, {nothing}" for language, nothing in NOTHING.items()}


def _member(value: str, kinds: type[Any]) -> Any:
    return next((kind for kind in kinds if kind == value.casefold()), None)


def _number(value: str) -> int | None:
    return int(value) if re.fullmatch(r"[1-9][0-9]{0,17}", value) else None


_NAMED: dict[str, Callable[[str, Ticket, Workflow, Values], Values | Refused]] = {
    "state": _state,
    "standard": _standard,
    "level": _level,
    "item": _item,
    "score": _score,
    "release": _release,
}
"""What the workflow itself names."""

_FIELD: dict[str, tuple[str, Callable[[str, Ticket], object]]] = {
    "owner": ("owner_id", _row),
    "area": ("area", _area),
    "category": ("category", _line),
    "priority": ("priority", _priority),
    "nature": ("nature", _nature),
    "classification": ("classification", _line),
    "tags": ("tags", _tags),
    "language": ("language", _language),
    "organisation": ("organisation_id", _row),
    "due": ("due_at", _due),
    "queue": ("queue_place", _place),
    "difficulty": ("difficulty", _place),
}
"""Parameter → the ticket's field, and how its value is read."""

_NEEDED = {
    Action.ASSIGN: ("owner", "group"),
    Action.LINK: ("to",),
    Action.MERGE: ("to",),
    Action.TIME: ("time",),
    Action.MOVE: ("state",),
    Action.SURVEY: ("score",),
    Action.CHECK: ("item",),
    Action.DISPUTE: ("proposed",),
}
"""What an action is nothing without, whatever a workflow requires: the first, or another of them in its place."""

_DATES = {
    "es": "01/03/2027, 01/03/2027 15:00, ninguna",
    "en": "2027-03-01, 2027-03-01T15:00, none",
    "pt": "01/03/2027, 01/03/2027 15:00, nenhuma",
}
_TIME = re.compile(
    r"(?P<h>\d{1,3})\s*h(?:\s*(?P<m>[0-5]?\d)\s*(?:m|min)?)?"
    r"|(?P<hh>\d{1,3}):(?P<mm>[0-5]\d)"
    r"|(?P<only>\d{1,4})\s*(?:m|min)",
    re.ASCII,
)
_WHEN = "2026-11-23T10:30"
_TOO_FAR = 9000
_LONGEST_LINE = 100
_LONGEST_EVIDENCE = 2000
_LONGEST_TAG = 50
_MOST_TAGS = 50
