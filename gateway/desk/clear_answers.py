"""What a requester says in so many words to a question of the desk: yes, no, a score, close it. Pure.

Understood only when it is clear: a yes has no other words but those that agree, thank, and greet, all in one language;
a no says so at its beginning. Whatever may mean more is no answer but a mail that somebody has to read.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from gateway.desk.folding import folded, words_of
from gateway.desk.thanks import body_lines, name


class Meaning(StrEnum):
    YES = "yes"
    NO = "no"
    CLOSE = "close"
    SCORE = "score"
    DISPUTE = "dispute"


@dataclass(frozen=True, slots=True)
class ClearAnswer:
    """`text` is the reason of a no, the comment to a score, or the classification that a dispute proposes."""

    meaning: Meaning
    text: str = ""
    score: int = 0


def clear_answer(text: str, *, best: int = 0, own: bool = False, disputes: bool = False) -> ClearAnswer | None:
    """What `text`, already without quotes, clearly says; None when it does not.

    best: the highest score, if any. own: the question is whether an address is theirs, so “it is mine” agrees.
    disputes: its author may say that the classification should be another.
    """
    lines = [line.strip() for line in body_lines(text) if line.strip()]
    if not lines or len(text) > _LONGEST:
        return None
    disputed = _dispute(lines) if disputes else None
    return disputed or _score(lines, best) or _no(lines) or _yes_or_close(lines, own=own)


def _dispute(lines: list[str]) -> ClearAnswer | None:
    """That the classification is wrong, and which is right; whatever else it says has to be read by somebody."""
    if len(lines) > 1 and name(lines[-1]):
        lines = lines[:-1]
    whole = unicodedata.normalize("NFC", " ".join(lines))
    for pattern in _DISPUTES:
        found = pattern.search(whole)
        if found and "?" not in whole and _only_nice(whole[: found.start()]) and _only_nice(whole[found.end() :]):
            return ClearAnswer(Meaning.DISPUTE, found["proposed"] or found["named"])
    return None


def _score(lines: list[str], best: int) -> ClearAnswer | None:
    """A number at the beginning, alone or with what says that it is a score: “5”, “4/5”, “4 - muy bien”, “Nota: 4”."""
    found = _SCORE.fullmatch(lines[0]) if best else None
    if found is None or not 1 <= int(found["score"]) <= best or found["of"] not in (None, str(best)):
        return None
    rest, sign = found["rest"] or "", found["sign"] or ""
    # “2, la de arriba y la de abajo” counts, “1. Abrí el programa” lists: after these signs only thanks may follow.
    if rest and (sign in ",;" or (sign in ".)" and found["score"] == "1")) and not _only_nice(rest):
        return None
    # Steps of a list, and what asks for something, have to be read by somebody.
    if any(_NUMBERED.match(line) for line in lines[1:]) or any(_asks(line) for line in (rest, *lines)):
        return None
    return ClearAnswer(Meaning.SCORE, "\n".join(filter(None, (rest, *lines[1:]))), int(found["score"]))


def _no(lines: list[str]) -> ClearAnswer | None:
    whole = "\n".join(lines)
    start = " ".join(words_of(whole)[:6])
    if any(start == phrase or start.startswith(phrase + " ") for phrase in _REFUSING):
        return ClearAnswer(Meaning.NO, whole)
    # “No, sigue fallando” refuses; “No hay problema” and “No, gracias” do not say what of.
    found = _NO.match(folded(whole))
    if found is None:
        return None
    rest = words_of(whole)[1:]
    # “No, ya funciona” and “No, pueden cerrar” say the contrary, or nothing that is clear.
    if rest and any((_NICE[one] | _YES[one] | _CLOSE[one]).issuperset(rest) for one in _NICE):
        return None
    return ClearAnswer(Meaning.NO, whole)


def _yes_or_close(lines: list[str], *, own: bool) -> ClearAnswer | None:
    if len(lines) > 1 and name(lines[-1]):
        lines = lines[:-1]
    whole = " ".join(lines)
    words = words_of(whole)
    if not words or _asks(whole) or _IF.search(unicodedata.normalize("NFC", whole).casefold()):
        return None
    for language, nice in _NICE.items():
        yes, close = _YES[language], _CLOSE[language]
        if own:
            nice, yes = nice | _ADDRESS[language], yes | _MINE[language]
        if not nice.union(yes, close).issuperset(words):
            continue
        if not close.isdisjoint(words) and not (_OF_CLOSING.search(" ".join(words)) and yes.isdisjoint(words)):
            return ClearAnswer(Meaning.CLOSE)
        if not yes.isdisjoint(words):
            return ClearAnswer(Meaning.YES)
    return None


def _only_nice(text: str) -> bool:
    return any(nice.issuperset(words_of(text)) for nice in _NICE.values())


def _asks(text: str) -> bool:
    """Whether it is a question, written with its mark or not."""
    return "?" in unicodedata.normalize("NFKC", text) or "¿" in text or _QUESTION.match(folded(text)) is not None


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_LONGEST = 4000
_SCORE = re.compile(
    r"(?:(?:calificaci[oó]n|puntaje|puntuaci[oó]n|nota|score|rating|avalia[cç][aã]o|pontua[cç][aã]o)\s*[:=]?\s*)?"
    r"(?P<score>[0-9]{1,2})(?:\s*/\s*(?P<of>[0-9]{1,2}))?"
    r"(?:\s*(?P<sign>[-–—:.,;)!])\s*(?P<rest>[^\d\s].*)?|\s*)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\d{1,2}\s*[.)-]\s")
# “si” without its accent is “if” too: it agrees only where nothing follows, or what cannot follow “if”.
_IF = re.compile(
    r"\bsi\b(?!\s*(?:$|[,.;:!)]|gracias|muchas|apruebo|aprobado|confirmo|conforme|correcto|de acuerdo|por favor))"
)
# “el cierre” is a noun: alone it asks for nothing.
_OF_CLOSING = re.compile(r"\b(?:el|de|the) (?:cierre|closing)\b|^closing\b")
_QUESTION = re.compile(r"(?:is|are|was|has|have|did|does|do|will|would|when|how|why|what)\b")
_NO = re.compile(r"(?:no|nao|nop|nope)\s*(?:[,.:;!–—\n-]|$)")

# A classification is a code (“SW4”, “4.2”), or stands between quotation marks.
_CODE = r"(?:[a-z]{1,8}[-.]?)?\d{1,4}(?:[.-]\d{1,3})?[a-z]?\b"
_PROPOSED = rf"(?:(?P<proposed>{_CODE})|[«“\"](?P<named>[^«»“”\"]{{2,60}})[»”\"])"
_DISPUTES = tuple(
    re.compile(
        rf"\b(?:(?:(?:{objects})(?: {_CODE})?|{wrong.format(code=_CODE)})[\s,.;:–—-]+(?:(?:{rather}) )?|(?:{right}) )"
        rf"{_PROPOSED}(?:,? (?:{neither}) {_CODE})?(?:[,;]? (?:{because}) [^.!\n]{{1,300}})?",
        re.IGNORECASE,
    )
    for objects, wrong, rather, right, neither, because in (
        (
            r"(?:no (?:estoy|estamos) de acuerdo con|disputo|objeto|impugno) (?:la|esta|su) clasificaci[oó]n",
            r"(?:la|esta) clasificaci[oó]n (?:{code} )?(?:no es (?:la )?(?:correcta|adecuada)|no corresponde"
            r"|es (?:incorrecta|err[oó]nea)|est[aá] (?:mal|equivocada|errada))",
            r"es|ser[ií]a|(?:debe|deber[ií]a|debiera|tiene que) ser|corresponde a|la correcta es|creo que es|sino",
            r"la clasificaci[oó]n (?:(?:debe|deber[ií]a|debiera|tiene que) ser|correcta es)",
            r"(?:y )?no",
            r"porque|ya que|pues|puesto que|dado que",
        ),
        (
            r"(?:(?:i|we) (?:do not|don[’']t) agree|(?:i|we) disagree) with (?:the|this|your) classification"
            r"|(?:i|we) dispute (?:the|this|your) classification",
            r"(?:the|this) classification (?:{code} )?(?:is (?:wrong|incorrect)|is(?: not|n[’']t) (?:right|correct))",
            r"it is|it[’']s|it (?:should|must|has to) be|(?:should|must) be|the right one is|i think it is",
            r"the classification (?:should|must|has to) be|the (?:right|correct) classification is",
            r"(?:and )?not",
            r"because|since|as",
        ),
        (
            r"(?:n[aã]o (?:concordo|concordamos) com|discordo d|contesto) ?(?:a|esta) classifica[cç][aã]o",
            r"(?:a|esta) classifica[cç][aã]o (?:{code} )?(?:n[aã]o (?:est[aá]|[eé]) (?:correta|certa|adequada)"
            r"|est[aá] (?:errada|incorreta)|[eé] incorreta)",
            r"[eé]|seria|(?:deve|deveria|tem que) ser|o correto [eé]|a correta [eé]|acho que [eé]|mas sim",
            r"a classifica[cç][aã]o (?:(?:deve|deveria|tem que) ser|correta [eé])",
            r"(?:e )?n[aã]o",
            r"porque|pois|j[aá] que|uma vez que",
        ),
    )
)

_REFUSING = (
    "no apruebo", "no aprobado", "no lo apruebo", "no estoy de acuerdo", "no autorizo", "rechazo", "rechazado",
    "lo rechazo", "sigue fallando", "sigue igual", "sigue sin funcionar", "todavia no funciona", "aun no funciona",
    "todavia falla", "no esta resuelto", "no quedo resuelto", "no se resolvio", "no esta solucionado",
    "not approved", "i do not approve", "i don t approve", "rejected", "i reject", "still not working",
    "it still fails", "it still does not work", "it still doesn t work", "not solved", "not fixed", "it is not solved",
    "nao aprovo", "nao aprovado", "nao concordo", "rejeito", "rejeitado", "ainda nao funciona", "continua falhando",
    "continua igual", "continua sem funcionar", "nao foi resolvido", "nao esta resolvido",
)  # fmt: skip

_YES = {
    "es": _set(
        "si apruebo aprobado aprobada confirmo confirmado conforme acuerdo correcto ok okey vale resuelto solucionado"
        " funciona funciono funcionando quedo listo"
    ),
    "en": _set("yes yep approve approved agreed confirm confirmed correct ok okay solved resolved fixed works working"),
    "pt": _set(
        "sim aprovo aprovado aprovada confirmo confirmado concordo acordo correto ok certo resolvido solucionado"
        " funciona funcionou funcionando"
    ),
}
_MINE = {"es": _set("mia mio soy fui"), "en": _set("mine me"), "pt": _set("minha meu sou fui")}
_ADDRESS = {
    "es": _set("es yo correo direccion cuenta"),
    "en": _set("was mail email address account"),
    "pt": _set("eu email endereco conta"),
}
_CLOSE = {
    "es": _set("cerrar cierren cierre cierrelo cerrarlo cierrenlo"),
    "en": _set("close closing"),
    "pt": _set("fechar fechem feche encerrar encerrem encerre"),
}
_NICE = {
    "es": _set(
        "hola buenos buenas dias tardes noches dia gracias muchas muchisimas mil muy por la el lo su tu ayuda atencion"
        " solucion respuesta todo todos bien perfecto excelente genial de y ya esta estoy en favor puede pueden"
        " podemos caso tiquete ticket solicitud se me nos saludos cordiales cordial un una saludo abrazo atentamente"
        " equipo a ahora mi"
    ),
    "en": _set(
        "hi hello dear team thanks thank you very much many a lot again for the your help support i we it is s all"
        " good great perfect excellent well now can be please this ticket case request my our and that kind regards"
        " best cheers everything has been ve"
    ),
    "pt": _set(
        "ola oi bom boa bons dia dias tarde noite obrigado obrigada muito muita por pela pelo a o os as ajuda atencao"
        " solucao resposta tudo todos bem perfeito excelente otimo de e ja esta estou em favor pode podem podemos"
        " chamado caso ticket solicitacao me nos abraco abracos cumprimentos atenciosamente um uma equipe agora meu"
    ),
}
