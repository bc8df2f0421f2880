"""What the desk is told about the form of a mail, in the languages of its alerts. Pure.

The marks themselves are kept with the message in English, as `gateway ticket` shows them.
"""

from collections.abc import Iterable

from gateway.desk.words import Labels, in_language

_SAID: dict[str, Labels] = {
    "signed, not checked": {
        "es": "firmado, firma sin comprobar",
        "en": "signed, signature not checked",
        "pt": "assinado, assinatura não verificada",
    },
    "encrypted": {
        "es": "cifrado; el original va adjunto a la solicitud",
        "en": "encrypted; the original is attached to the request",
        "pt": "cifrado; o original está anexado ao pedido",
    },
    "characters replaced": {
        "es": "algunos caracteres no se pudieron leer",
        "en": "some characters could not be read",
        "pt": "alguns caracteres não puderam ser lidos",
    },
    "calendar: cancel": {
        "es": "cancela una cita",
        "en": "cancels an appointment",
        "pt": "cancela um compromisso",
    },
}
_OVER: Labels = {
    "es": "no se pudo leer entero; el original va adjunto a la solicitud",
    "en": "could not be read as a whole; the original is attached to the request",
    "pt": "não pôde ser lido por inteiro; o original está anexado ao pedido",
}


def told(flags: Iterable[str], *, over: bool, language: str) -> str:
    """The marks that an agent should know of before opening the ticket. over: the mail is over a limit."""
    words = [_SAID[flag] for flag in flags if flag in _SAID] + ([_OVER] if over else [])
    return "; ".join(in_language(one, language) for one in words)
