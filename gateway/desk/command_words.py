"""The commands that people of the desk write by mail, by their words; the table is commands.toml. Pure."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from gateway.desk.folding import folded
from gateway.desk.words import Labels, in_language


class Command(StrEnum):
    """One canonical name each; `commands.toml` has a row for every one, and no others."""

    REPLY = "reply"
    NOTE = "note"
    STANDARD = "standard"
    CONSULT = "consult"
    CALL = "call"
    WHATSAPP = "whatsapp"
    WHEN = "when"
    FOLLOWED = "followed"
    AS_IS = "as_is"
    TAKE = "take"
    ASSIGN = "assign"
    GROUP = "group"
    ESCALATE = "escalate"
    MENTION = "mention"
    PARTICIPANT = "participant"
    REQUESTER = "requester"
    ACCOUNT = "account"
    SOLVE = "solve"
    WAIT = "wait"
    INCOMPLETE = "incomplete"
    REJECT = "reject"
    CANCEL = "cancel"
    CLOSE = "close"
    REOPEN = "reopen"
    STATE = "state"
    PREPARE = "prepare"
    CONTRIBUTION = "contribution"
    TEST = "test"
    CHECK = "check"
    AREA = "area"
    CATEGORY = "category"
    PRIORITY = "priority"
    TAG = "tag"
    TIME = "time"
    DUE = "due"
    DIFFICULTY = "difficulty"
    QUEUE = "queue"
    NATURE = "nature"
    CLASSIFICATION = "classification"
    ORGANISATION = "organisation"
    LANGUAGE = "language"
    RELEASE = "release"
    ORIGIN = "origin"
    NEW = "new"
    SPLIT = "split"
    MERGE = "merge"
    LINK = "link"
    TICKETS = "tickets"
    RELEASED = "released"
    VIEW = "view"
    LIST = "list"
    ABSENT = "absent"
    BACK = "back"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Word:
    """A row of the table. `word` is how each language writes it; every other is understood too."""

    command: Command
    group: str
    word: Labels
    also: tuple[str, ...]
    value: Labels
    says: Labels


@cache
def table() -> tuple[Word, ...]:
    rows = _read()["command"]
    return tuple(
        Word(Command(row["name"]), row["group"], row["word"], tuple(row.get("also", ())), row["value"], row["says"])
        for row in rows
    )


@cache
def _by_command() -> Mapping[Command, Word]:
    return {row.command: row for row in table()}


def row_of(command: Command) -> Word:
    return _by_command()[command]


@cache
def groups() -> Mapping[str, Labels]:
    """The titles of the groups, in their order."""
    return {row["name"]: row["title"] for row in _read()["group"]}


def command_named(word: str) -> Command | None:
    """The command that a word means, in any of the languages, accents or not."""
    return _by_word().get(folded(word))


def word_in(command: Command, language: str) -> str:
    """How somebody who reads this language writes it, with its sign: #nota."""
    row = row_of(command)
    return f"#{in_language(row.word, language)}"


def how_it_is_written(command: Command, language: str) -> str:
    """With what stands behind it: #prioridad alta, normal, baja."""
    row = row_of(command)
    return f"#{in_language(row.word, language)} {in_language(row.value, language)}".strip()


def what_it_does(command: Command) -> Labels:
    return row_of(command).says


def known_words() -> tuple[str, ...]:
    """Every word that is understood, folded."""
    return tuple(_by_word())


@cache
def _by_word() -> Mapping[str, Command]:
    return {folded(word): row.command for row in table() for word in (*row.word.values(), *row.also)}


@cache
def _read() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(files("gateway.desk").joinpath("commands.toml").read_text(encoding="utf-8"))
