"""What a new ticket is given by the desk's own table: area, category, tags, priority, owner, language. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from gateway.desk.folding import folded, words_of
from gateway.settings import Rule as Written


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What rules look at. `text` is what is new in the mail; `files` are the names of its attachments."""

    sender: str
    recipient: str
    organisation: str = ""
    subject: str = ""
    text: str = ""
    files: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row: it holds when each of the conditions that it has holds, and then sets what it gives.

    `sender` and `recipient` are patterns with * for anything; `words` and `subject` hold when one of theirs occurs as
    whole words; `files` are endings of attachments' names.
    """

    name: str
    sender: tuple[str, ...] = ()
    recipient: tuple[str, ...] = ()
    organisation: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    sets: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()

    def holds(self, mail: Incoming) -> bool:
        return (
            _like(self.sender, mail.sender)
            and _like(self.recipient, mail.recipient)
            and (not self.organisation or folded(mail.organisation) in map(folded, self.organisation))
            and _says(self.subject, mail.subject)
            and _says(self.words, f"{mail.subject}\n{mail.text}")
            and (not self.files or any(name.lower().endswith(_endings(self.files)) for name in mail.files))
        )


@dataclass(frozen=True, slots=True)
class Given:
    """What the rules that hold give a ticket: fields by their names, tags, and which rules they were."""

    fields: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()

    def said(self) -> list[str]:
        """As `explain` shows it: area=billing, tags=printers,vip."""
        tags = [f"tags={','.join(self.tags)}"] if self.tags else []
        return [f"{name}={value}" for name, value in self.fields.items()] + tags


def rules_of(settings: Sequence[Written]) -> tuple[Rule, ...]:
    """The rows of [[rule]], in their order."""
    return tuple(
        Rule(
            name=one.name,
            sender=tuple(one.sender),
            recipient=tuple(one.recipient),
            organisation=tuple(one.organisation),
            subject=tuple(one.subject),
            words=tuple(one.words),
            files=tuple(one.files),
            sets={name: value for name in FIELDS if (value := str(getattr(one, name)).strip()) not in ("", "0")},
            tags=tuple(one.tags),
        )
        for one in settings
    )


def apply(rules: Sequence[Rule], mail: Incoming, *, every: bool) -> Given:
    """What the first rule that holds gives, or all of them: then an earlier one's word stands, and tags add up."""
    fields: dict[str, str] = {}
    tags: dict[str, None] = {}
    names: list[str] = []
    for rule in rules:
        if not rule.holds(mail):
            continue
        names.append(rule.name)
        fields = {**rule.sets, **fields}
        tags |= dict.fromkeys(rule.tags)
        if not every:
            break
    return Given(fields, tuple(tags), tuple(names))


FIELDS = ("area", "category", "nature", "classification", "priority", "owner", "group", "language")


def _like(patterns: tuple[str, ...], value: str) -> bool:
    return not patterns or any(fnmatchcase(value.lower(), pattern.lower()) for pattern in patterns)


def _says(wanted: tuple[str, ...], text: str) -> bool:
    if not wanted:
        return True
    said = f" {' '.join(words_of(text))} "
    return any(f" {' '.join(words_of(one))} " in said for one in wanted)


def _endings(files: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f".{one.lower().lstrip('.')}" for one in files)
