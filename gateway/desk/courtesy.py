"""What reads as shouting in a mail: capitals throughout, runs of marks, red text; and a friendly word about it. Pure.

Nothing is ever refused for it. The checks lean to silence: a customer who wrote well and is told off is worse than one
who shouted and is not.
"""

import re
from collections.abc import Iterable
from enum import StrEnum

from gateway.desk.red_text import red_texts
from gateway.desk.words import Labels, in_language


class Breach(StrEnum):
    SUBJECT_IN_CAPITALS = "subject_in_capitals"
    TEXT_IN_CAPITALS = "text_in_capitals"
    EXCLAMATIONS = "exclamations"
    QUESTIONS = "questions"
    RED_TEXT = "red_text"


def breaches(subject: str, text: str, html: str = "") -> tuple[Breach, ...]:
    """What there is of each kind. Linear; reads the first 100,000 characters of the text.

    text: what the person wrote, without quotes. html: the body as it came; only red words that stand in `text` too
    count, so that what is quoted, or what a mail server adds, is nobody's fault.
    """
    text = _written(text[:_READ])
    marks = _marks(f"{subject[:_READ]}\n{text}")
    found = {
        Breach.SUBJECT_IN_CAPITALS: _shouted(subject[:_READ], at_least=_LETTERS_OF_A_SUBJECT, share=1),
        Breach.TEXT_IN_CAPITALS: _shouted(text, at_least=_LETTERS_OF_A_TEXT, share=_SHARE_OF_A_TEXT),
        Breach.EXCLAMATIONS: Breach.EXCLAMATIONS in marks,
        Breach.QUESTIONS: Breach.QUESTIONS in marks,
        Breach.RED_TEXT: bool(html) and _red(html, text),
    }
    return tuple(breach for breach, there in found.items() if there)


def labels(found: Iterable[Breach], language: str) -> tuple[str, ...]:
    """Each kind in a few words, for those of the desk."""
    return tuple(in_language(_LABELS[breach], language) for breach in found)


def hint(found: Iterable[Breach], language: str) -> str:
    """One friendly sentence for the customer's receipt; empty when there is nothing to say."""
    return _sentence(_HINT, found, language)


def advice(found: Iterable[Breach], language: str) -> str:
    """One sentence for an agent whose text has not gone out yet; empty when there is nothing to say."""
    return _sentence(_ADVICE, found, language)


def _sentence(sentence: Labels, found: Iterable[Breach], language: str) -> str:
    things = list(dict.fromkeys(in_language(_THINGS[breach], language) for breach in found))
    if not things:
        return ""
    *first, last = things
    listed = in_language(_NOR, language).join([", ".join(first), last]) if first else last
    return in_language(sentence, language).format(things=listed)


def _written(text: str) -> str:
    """Without the signature (RFC 3676, 4.3), and without what a telephone adds."""
    lines = text.partition("\n-- \n")[0].splitlines()
    return "\n".join(line for line in lines if not line.lstrip().casefold().startswith(_FROM_A_TELEPHONE))


def _shouted(text: str, *, at_least: int, share: float) -> bool:
    """Whether nearly all letters are capitals, and there are words among them that are no abbreviations."""
    if len(_LOUD.findall(text)) < 2:  # Nearly every mail, and quickly.
        return False
    words = [word for word in text.split() if not _CODE.search(word)]
    upper = sum(sign.isupper() for word in words for sign in word)
    lower = sum(sign.islower() for word in words for sign in word)
    if upper < at_least or upper < share * (upper + lower):
        return False
    spoken = [len(word) for part in words for word in _WORD.findall(part) if word.isupper() and _VOWEL.search(word)]
    return sum(size >= 4 for size in spoken) >= 2 and max(spoken) >= 5


def _marks(text: str) -> set[Breach]:
    found: set[Breach] = set()
    for run in _RUN.finditer(text):
        if not set("!¡！").isdisjoint(run.group()):
            found.add(Breach.EXCLAMATIONS)
        # “Espa???a” is a broken character set, no impatience.
        elif run.group()[0] == "¿" or not text[run.end() : run.end() + 1].isalnum():
            found.add(Breach.QUESTIONS)
    return found


def _red(html: str, text: str) -> bool:
    written = " ".join(text.split())
    return any(piece in written for piece in red_texts(html))


_READ = 100_000
_LETTERS_OF_A_SUBJECT = 10
_LETTERS_OF_A_TEXT = 20
_SHARE_OF_A_TEXT = 0.8
"""So many of the letters, since a name at the end or an address may be in lower case."""

_FROM_A_TELEPHONE = (
    "enviado desde mi ",
    "sent from my ",
    "enviado do meu ",
    "enviado a partir do meu ",
    "obtener outlook para ",
    "get outlook for ",
    "obter o outlook para ",
)

_CODE = re.compile(r"[\d@/\\_]|\.\w")
"""In a word: it is a number, an address, a file, or the name of a thing in a program."""
_WORD = re.compile(r"[^\W\d_]+")
_LOUD = re.compile(r"[A-ZÀ-ÖØ-ÞĀ-ſА-ЯЁΑ-Ω]{4,}")
_VOWEL = re.compile(r"[AEIOUÁÉÍÓÚÜÀÈÌÒÙÂÊÎÔÛÃÕÄËÏÖYАЕИОУЫЭЮЯΑΕΗΙΟΥΩ]")
_RUN = re.compile(r"[!?¡¿！？]{3,}")

_LABELS: dict[Breach, Labels] = {
    Breach.SUBJECT_IN_CAPITALS: {
        "es": "asunto en mayúsculas",
        "en": "subject in capitals",
        "pt": "assunto em maiúsculas",
    },
    Breach.TEXT_IN_CAPITALS: {"es": "texto en mayúsculas", "en": "text in capitals", "pt": "texto em maiúsculas"},
    Breach.EXCLAMATIONS: {"es": "«!!!»", "en": "“!!!”", "pt": "«!!!»"},
    Breach.QUESTIONS: {"es": "«???»", "en": "“???”", "pt": "«???»"},
    Breach.RED_TEXT: {"es": "texto en rojo", "en": "red text", "pt": "texto em vermelho"},
}

_CAPITALS: Labels = {"es": "mayúsculas sostenidas", "en": "all capitals", "pt": "tudo em maiúsculas"}
_THINGS: dict[Breach, Labels] = {
    Breach.SUBJECT_IN_CAPITALS: _CAPITALS,
    Breach.TEXT_IN_CAPITALS: _CAPITALS,
    Breach.EXCLAMATIONS: {"es": "«!!!»", "en": "“!!!”", "pt": "«!!!»"},
    Breach.QUESTIONS: {"es": "«???»", "en": "“???”", "pt": "«???»"},
    Breach.RED_TEXT: {"es": "letras rojas", "en": "red text", "pt": "letras vermelhas"},
}
_NOR: Labels = {"es": " ni ", "en": " or ", "pt": " nem "}

_HINT: Labels = {
    "es": "Un consejo amistoso: sin {things} su mensaje se lee mejor; lo atendemos igual.",
    "en": "A friendly hint: your message reads better without {things}; we take care of it all the same.",
    "pt": "Uma dica amistosa: sem {things} a sua mensagem lê-se melhor; cuidamos dela da mesma forma.",
}
_ADVICE: Labels = {
    "es": "Antes de enviarlo: el texto se lee mejor sin {things}.",
    "en": "Before it goes out: the text reads better without {things}.",
    "pt": "Antes de enviar: o texto lê-se melhor sem {things}.",
}
