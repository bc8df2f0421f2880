"""What a ticket still lacks before somebody can work on it, by the desk's own rules. Pure.

A rule holds for an area and a category, or for all of them. A ticket that was sent back is completed by replies, so
`text` is what the requester wrote in all their messages, and `attachments` how many files came with them.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from gateway.desk.folding import folded
from gateway.desk.words import LANGUAGES, Labels, in_language
from gateway.settings import Completeness


class RuleKind(StrEnum):
    """LENGTH counts characters, WORDS words; NAMES counts which of the rule's words are named; ATTACHMENT files."""

    LENGTH = "length"
    WORDS = "words"
    NAMES = "names"
    ATTACHMENT = "attachment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """At least so many of something, in an area ('' for all) and a category ('' for all).

    `labels` say what is missing where the rule does not hold; in a language that they do not have, the kind's own words
    say it.
    """

    kind: RuleKind
    least: int = 1
    area: str = ""
    category: str = ""
    words: tuple[str, ...] = ()
    labels: Labels = field(default_factory=dict)

    def concerns(self, area: str, category: str) -> bool:
        return self.area in ("", area) and folded(self.category) in ("", folded(category))


def rules_of(settings: Iterable[Completeness]) -> tuple[Rule, ...]:
    """The rules of [[completeness]]."""
    return tuple(
        Rule(
            kind=RuleKind(one.kind),
            least=one.least,
            area=one.area,
            category=one.category,
            words=tuple(one.words),
            labels={language: label for language in LANGUAGES if (label := getattr(one, language))},
        )
        for one in settings
    )


def missing(
    rules: Iterable[Rule], *, area: str, category: str, subject: str, text: str, attachments: int, language: str
) -> tuple[str, ...]:
    """What is missing, in the words of a reader of `language`, in the order of the rules; empty: complete.

    Length is that of the text alone, where white space counts once; a word may be named in the subject too.
    """
    broken = [
        rule
        for rule in rules
        if rule.concerns(area, category) and _there(rule, subject, text, attachments) < rule.least
    ]
    return tuple(dict.fromkeys(_said(rule, language) for rule in broken))


def request(missing: Iterable[str], language: str) -> str:
    """The list as a message of the ticket, which its requester can read there."""
    return "\n".join([in_language(_REQUEST, language), "", *(f"- {one}" for one in missing)])


def _there(rule: Rule, subject: str, text: str, attachments: int) -> int:
    """How much of what the rule counts is there."""
    match rule.kind:
        case RuleKind.LENGTH:
            return len(" ".join(text.split()))
        case RuleKind.WORDS:
            return sum(1 for _ in _WORD.finditer(text))
        case RuleKind.NAMES:
            return _named(rule.words, folded(f"{subject}\n{text}"))
        case RuleKind.ATTACHMENT:
            return attachments


def _named(words: Sequence[str], text: str) -> int:
    """How many of `words` stand in `text` at the beginning of a word: “pantalla” is in “pantallas” too."""
    patterns = (r"\s+".join(map(re.escape, folded(word).split())) for word in words)
    return sum(1 for pattern in patterns if re.search(rf"(?<!\w){pattern}", text))


def _said(rule: Rule, language: str) -> str:
    if label := rule.labels.get(language):
        return label
    words = _ONE if rule.least == 1 else _MANY
    return in_language(words[rule.kind], language).format(least=rule.least, words=", ".join(rule.words))


_WORD = re.compile(r"\w+")

_ONE: dict[RuleKind, Labels] = {
    RuleKind.LENGTH: {
        "es": "una descripción de lo que ocurre",
        "en": "a description of what happens",
        "pt": "uma descrição do que acontece",
    },
    RuleKind.WORDS: {
        "es": "una descripción de lo que ocurre",
        "en": "a description of what happens",
        "pt": "uma descrição do que acontece",
    },
    RuleKind.NAMES: {
        "es": "que el mensaje nombre al menos uno de estos datos: {words}",
        "en": "a mention of at least one of these: {words}",
        "pt": "a menção de pelo menos um destes dados: {words}",
    },
    RuleKind.ATTACHMENT: {
        "es": "un archivo adjunto, por ejemplo una captura de pantalla",
        "en": "an attachment, for example a screenshot",
        "pt": "um arquivo anexo, por exemplo uma captura de tela",
    },
}
_MANY: dict[RuleKind, Labels] = {
    RuleKind.LENGTH: {
        "es": "una descripción más detallada de lo que ocurre (al menos {least} caracteres)",
        "en": "a more detailed description of what happens (at least {least} characters)",
        "pt": "uma descrição mais detalhada do que acontece (pelo menos {least} caracteres)",
    },
    RuleKind.WORDS: {
        "es": "una descripción más detallada de lo que ocurre (al menos {least} palabras)",
        "en": "a more detailed description of what happens (at least {least} words)",
        "pt": "uma descrição mais detalhada do que acontece (pelo menos {least} palavras)",
    },
    RuleKind.NAMES: {
        "es": "que el mensaje nombre al menos {least} de estos datos: {words}",
        "en": "a mention of at least {least} of these: {words}",
        "pt": "a menção de pelo menos {least} destes dados: {words}",
    },
    RuleKind.ATTACHMENT: {
        "es": "al menos {least} archivos adjuntos",
        "en": "at least {least} attachments",
        "pt": "pelo menos {least} arquivos anexos",
    },
}
"""What is missing by the kind of its rule, where the rule itself does not say it."""

_REQUEST: Labels = {
    "es": "Para atender la solicitud nos falta lo siguiente:",
    "en": "Before we can work on the request, this is missing:",
    "pt": "Para atender a solicitação, falta o seguinte:",
}
