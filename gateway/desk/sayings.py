"""What a workflow has ready to say and to ask: standard answers, the closing checklist, surveys. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.desk.verbs import Action
from gateway.desk.words import Labels


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardAnswer:
    """Words that the desk says again and again, in each language; `labels` are its name for agents.

    `unsolved`: they tell that the case goes on, as the parameter of that name does.
    """

    name: str
    labels: Labels
    text: Labels
    unsolved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckItem:
    """Something to be done before a ticket is closed. `evidence`: it is done by recording a link."""

    name: str
    labels: Labels
    evidence: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What a requester is asked about tickets of a nature, or of all when `nature` is empty.

    The score goes from 1 to `best`; `questions` are further ones by their names, answered in words.
    """

    nature: str
    best: int
    question: Labels
    questions: Mapping[str, Labels]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRule:
    """What happens instead when the desk wants to answer a requester whose account is inactive."""

    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConformityRule:
    """An answer that neither solves nor says that the matter is followed up is reported; with `hold` it is not sent."""

    actions: frozenset[Action]
    states: frozenset[str]
    hold: bool
