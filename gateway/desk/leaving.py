"""Whether somebody says in so many words that they want no more letters of a ticket in which they take part. Pure.

Understood only when it stands alone: the words of leaving, and beside them none but those that greet, ask and thank,
all in one language. “¿Cómo salir del modo seguro?” and “quiten a Bruno” are for somebody to read.
"""

import unicodedata

from gateway.desk.folding import words_of
from gateway.desk.thanks import body_lines, name


def leaves(text: str) -> bool:
    """Whether `text`, already without quotes, asks to be left out, in Spanish, English, or Portuguese."""
    if len(text) > _LONGEST or "?" in unicodedata.normalize("NFKC", text) or "¿" in text:
        return False
    lines = [line.strip() for line in body_lines(text) if line.strip()]
    if len(lines) > 1 and name(lines[-1]) and not _said(words_of(lines[-1])):
        lines = lines[:-1]
    return _said(words_of(" ".join(lines)))


def _said(words: list[str]) -> bool:
    return any(
        nice.issuperset(words[:start] + words[start + len(phrase) :])
        for phrases, nice in _LANGUAGES
        for phrase in phrases
        for start in range(len(words) - len(phrase) + 1)
        if words[start : start + len(phrase)] == phrase
    )


def _phrases(text: str) -> tuple[list[str], ...]:
    return tuple(phrase.split() for phrase in text.split(","))


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_LONGEST = 500

# “Baja”, “quitar”, “remove” and “cancelar” alone answer other questions of a desk too.
_LANGUAGES = (
    (
        _phrases(
            "salir, salirme, quiero salir, deseo salir, quitarme, quiteme, quitenme, quitame, retirarme, retireme,"
            " retirenme, sacarme, saqueme, saquenme, darme de baja, deme de baja, denme de baja, desuscribir,"
            " desuscribirme, cancelar suscripcion, no quiero recibir mas correos, no quiero recibir mas mensajes"
        ),
        _set(
            "hola buenos buenas dias tardes noches dia por favor gracias muchas de esta este la el solicitud tiquete"
            " ticket caso lista conversacion saludos saludo un cordial cordiales atentamente me pueden puede ya"
        ),
    ),
    (
        _phrases(
            "leave, i want to leave, i would like to leave, remove me, take me off, take me out, unsubscribe,"
            " unsubscribe me, stop sending me mail, stop sending me emails, stop sending me messages"
        ),
        _set(
            "hi hello dear team please thanks thank you very much many from this the request ticket case list thread"
            " conversation kind best regards sincerely can could"
        ),
    ),
    (
        _phrases(
            "sair, quero sair, gostaria de sair, me remova, me removam, remova me, removam me, remover me, me retire,"
            " me retirem, retire me, retirem me, me tire, me tirem, me exclua, me excluam, cancelar inscricao,"
            " nao quero receber mais e mails, nao quero receber mais emails, nao quero receber mais mensagens"
        ),
        _set(
            "ola oi bom boa dia tarde noite por favor obrigado obrigada muito muita de desta deste da do a o"
            " solicitacao chamado ticket caso lista conversa atenciosamente abraco abracos um cumprimentos podem pode"
        ),
    ),
)
"""For each language, the words that ask to be left out, and those that may stand beside them."""
