"""Mail that is nothing but a thank-you. Pure.

Conservative: every word has to be one of those that thank, greet, or say that it works, all in one language. A question
mark, a number, or any other word means that there may be more in it than thanks. “Agradezco su respuesta”, “agradeço o
retorno” and “help appreciated” ask for something, so these verbs are not among the words that thank.
"""

import re
import unicodedata


def plain_thanks(text: str) -> bool:
    """Whether `text`, already without quotes, only says thank you, in Spanish, English, or Portuguese."""
    if len(text) > _LONGEST or "?" in unicodedata.normalize("NFKC", text) or "¿" in text:
        return False
    lines = [words for line in body_lines(text) if (words := _words(line))]
    return any(_only_thanks(lines, thanks=thanks, polite=polite) for thanks, polite in _LANGUAGES)


def body_lines(text: str) -> list[str]:
    """The lines before a signature's delimiter (RFC 3676, 4.3) and before what a telephone adds at the end."""
    lines = text.splitlines()
    if "-- " in lines:
        lines = lines[: lines.index("-- ")]
    while lines and (not lines[-1].strip() or _plain(lines[-1]).lstrip().startswith(_FROM_A_TELEPHONE)):
        lines.pop()
    return lines


def _only_thanks(lines: list[list[str]], *, thanks: frozenset[str], polite: frozenset[str]) -> bool:
    if any(_plain(words[0]) in _GOES_ON for words in lines):
        return False
    thanked = False
    for number, words in enumerate(lines):
        if not thanks.union(polite).issuperset(map(_plain, words)):
            closing = number > 0 and _CLOSINGS.issuperset(map(_plain, lines[number - 1]))
            return thanked and closing and number == len(lines) - 1 and name(" ".join(words))
        thanked = thanked or not thanks.isdisjoint(map(_plain, words))
    return thanked


def name(line: str) -> bool:
    """Whether a line can be the name that somebody signs with."""
    words = _words(line)
    return 0 < len(words) <= 4 and all(word.isalpha() and word[0].isupper() for word in words)


def _words(line: str) -> list[str]:
    """Words and numbers of a line; punctuation and pictures are none."""
    return re.findall(r"\w+", line)


def _plain(text: str) -> str:
    """In lower case and without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_LONGEST = 1000

_FROM_A_TELEPHONE = ("enviado desde mi ", "sent from my ", "enviado do meu ", "enviado a partir do meu ")

_GOES_ON = _set("y e and")
"""A line that begins so asks for more: “and the solution, thanks”."""

_CLOSINGS = _set(
    "saludos saludo un cordial cordiales cordialmente atentamente att atte regards kind best cheers sincerely"
    " atenciosamente cumprimentos abraco abracos abrazo um grato grata obrigado obrigada"
)
"""After a line of these words alone, the last line may be a name."""

_LANGUAGES = (
    (
        _set("gracias agradecido agradecida agradecidos agradecidas"),
        _set(
            "hola buenos buenas buen dia dias tarde tardes noche noches estimado estimada estimados muchas muchisimas"
            " mil muy mucho muchos y de por la el su sus tu tus les le te os a todo toda todos todas ustedes usted"
            " vosotros ayuda atencion respuesta rapida pronta rapidez apoyo soporte gestion colaboracion solucion"
            " amabilidad tiempo amable amables perfecto perfecta ok okey vale listo excelente genial estupendo"
            " fenomenal bien ya funciona funcionando funciono correctamente perfectamente solucionado resuelto recibido"
            " entendido nuevamente equipo saludo saludos un una abrazo cordial cordiales cordialmente atentamente att"
            " atte feliz fin semana"
        ),
    ),
    (
        _set("thanks thank thx ty"),
        _set(
            "hi hello hey dear team all everyone you so very much many a lot again for the your it its of and help"
            " support assistance quick fast prompt response reply answer fix solution time effort patience perfect"
            " great excellent awesome wonderful good nice ok okay works working fine now well solved resolved fixed"
            " done i we really best kind regards cheers sincerely morning afternoon"
        ),
    ),
    (
        _set("obrigado obrigada obrigados obrigadas grato grata gratos"),
        _set(
            "ola oi bom boa bons boas dia tarde noite prezado prezada prezados caro cara caros muito muita mil e de por"
            " pela pelo pelas pelos a o as os sua seu vossa tua todo toda todos todas tudo voces voce ajuda atencao"
            " resposta rapida pronta retorno apoio suporte colaboracao solucao gentileza tempo perfeito perfeita ok"
            " certo otimo excelente show beleza bem ja funciona funcionando funcionou corretamente perfeitamente"
            " resolvido solucionado recebido entendido novamente equipe equipa um uma abraco abracos cumprimentos"
            " atenciosamente att feliz fim semana"
        ),
    ),
)
"""For each language, the words that thank, and those that may stand beside them."""
