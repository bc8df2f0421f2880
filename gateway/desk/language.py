"""The language of a mail, when it is sure: by its function words, by a detector, or as the mail itself says. Pure."""

import re
from collections import Counter
from collections.abc import Callable

from gateway.desk.words import LANGUAGES

Detector = Callable[[str], str | None]
"""Text → 'es', 'en' or 'pt' when sure."""


def of_mail(content_language: str, text: str, *, lingua: Detector | None = None) -> str:
    """The language of a mail when that is sure, else ''.

    content_language: the header's value (RFC 3282). It is believed last, and only when it names one language: mail
    programs write that of their menus, and many people's menus are in English. lingua: asked where the words are too
    few, unless they speak for a language that it does not know.
    """
    sure = guess(text)
    if sure is None and lingua is not None and not _foreign(text):
        sure = lingua(text)
    return sure or _said(content_language)


def _said(content_language: str) -> str:
    tags = {tag.strip().lower().replace("_", "-").partition("-")[0] for tag in content_language.split(",")}
    return tags.pop() if len(tags) == 1 and tags <= set(LANGUAGES) else ""


def _foreign(text: str) -> bool:
    """Whether most of the function words are those of another language: lingua takes Galician for Portuguese."""
    found = _counted(_words(text))
    return bool(found) and found["other"] == max(found.values())


def guess(text: str) -> str | None:
    """'es', 'en' or 'pt' when the words leave no doubt, else None. Reads the first 1,000 characters.

    Sure is: at least three function words that only this language has, of two kinds or more, and three times as many as
    any other language that was counted. Catalan, French, Italian, German, Dutch and Galician are counted so that they
    are not taken for one of the three.
    """
    words = _words(text)
    found = _counted(words)
    if not found:
        return None
    (language, count), *others = found.most_common(2)
    if language == "other" or count < _FEWEST or (others and count < _TIMES * others[0][1]):
        return None
    kinds = {word for word in words if _LANGUAGE_OF.get(word) == language}
    return language if len(kinds) >= _KINDS else None


def _words(text: str) -> list[str]:
    return _WORD.findall(text[:_READ].casefold())


def _counted(words: list[str]) -> Counter[str]:
    return Counter([_LANGUAGE_OF[word] for word in words if word in _LANGUAGE_OF])


_READ = 1000
_FEWEST = 3
_KINDS = 2
_TIMES = 3
_WORD = re.compile(r"[^\W\d_]+")

_FUNCTION_WORDS = {
    "es": "el los las y pero muy está están estoy del al lo mi su sus desde hasta cuando donde cómo qué también"
    " más sin sobre hay hola gracias buenos buenas días tardes saludos usted ustedes puedo puede pueden necesito tengo"
    " tenemos nos hacer hace ser fue han ha hemos esto este esta estos ese eso ya aún aparece favor cordial según otro"
    " otra quisiera quiero ayuda cada nuestra nuestro así entonces ahora hoy ayer desde siguiente porque",
    "en": "the and is are was were of to in that this it with for you your we our they have has had not but from be"
    " been will would could should can cannot please thanks thank hello hi when what which there here my an or if at"
    " by as does did doesn don isn about after before need am regards how do no me on com",
    "pt": "o os uma um não em no na nos nas do da dos das ao à pelo pela você vocês meu minha seu sua mas muito também"
    " está são foi tem têm temos tenho com sem mais já até quando onde olá obrigado obrigada bom boa dia tarde gostaria"
    " preciso fazer isso este esta esse essa eu ele ela aos às num numa após ainda hoje ontem atenciosamente prezados"
    " então estou consigo conseguimos favor pode podem poderia",
    "other": "amb els són és aquest aquesta però molt gràcies estic teniu dels als bon tinc meva us ens què perquè"
    " le les des du et est sont avec pour dans vous nous votre notre je ne pas sur une mais bonjour merci cette ce"
    " il che di gli della del dello sono è non per anche questo questa buongiorno grazie mi si ho abbiamo nel alla"
    " der die das und ist nicht ein eine ich wir sie mit für auf von zu den dem es haben bitte danke"
    " een het van niet dat voor naar na om zijn kan hebben met bedankt os"
    " unha non máis moi graciñas ao",
}


def _words_of_one_language() -> dict[str, str]:
    """Word → language, without those that more than one of the languages has."""
    counted = Counter(word for words in _FUNCTION_WORDS.values() for word in set(words.split()))
    return {
        word: language for language, words in _FUNCTION_WORDS.items() for word in words.split() if counted[word] == 1
    }


_LANGUAGE_OF = _words_of_one_language()
