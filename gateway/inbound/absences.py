"""Subjects of automatic replies, by language: what mail programs put there for somebody who is away. Pure."""

import re

# Adding a language is adding a line. A subject alone never decides: see `classify.absence`.
PHRASES: dict[str, tuple[str, ...]] = {
    "en": (
        r"out of (?:the )?office",
        r"auto(?:matic|mated)?[ -]?(?:reply|response|responder)",
        r"away from (?:my |the )?(?:office|desk|mail|email)",
        r"(?:on|am on) (?:vacation|holiday|annual leave|leave|maternity leave|parental leave)",
        r"(?:vacation|absence|holiday) (?:reply|message|notice|response)",
        r"autoreply",
        r"\booo\b",
    ),
    "es": (
        r"respuesta autom[aá]tica",
        r"fuera de (?:la )?oficina",
        r"ausen(?:te|cia)(?: de la oficina| temporal| por vacaciones)?",
        r"(?:de|estoy de|por) vacaciones",
        r"auto(?:-| )?respuesta",
        r"mensaje autom[aá]tico",
    ),
    "pt": (
        r"resposta autom[aá]tica",
        r"fora do escrit[oó]rio",
        r"aus[eê]n(?:te|cia)",
        r"(?:de|em|estou de) f[eé]rias",
        r"auto(?:-| )?resposta",
        r"mensagem autom[aá]tica",
    ),
    "fr": (
        r"r[eé]ponse automatique",
        r"absen(?:ce|t)(?:e)?(?: du bureau)?",
        r"en (?:cong[eé]s?|vacances)",
        r"message automatique",
        r"hors du bureau",
    ),
    "de": (
        r"automatische (?:antwort|antwortmail|r[uü]ckantwort)",
        r"abwesenheit(?:s(?:notiz|nachricht|meldung|assistent))?",
        r"(?:nicht im|au(?:ß|ss)er) (?:b[uü]ro|haus)",
        r"abwesend",
        r"im urlaub",
    ),
    "it": (
        r"risposta automatica",
        r"fuori (?:sede|ufficio)",
        r"assen(?:te|za)(?: dall'ufficio)?",
        r"in (?:ferie|vacanza)",
    ),
    "ca": (r"resposta autom[aà]tica", r"fora de l'oficina", r"de vacances"),
    "nl": (r"automatisch antwoord", r"afwezig(?:heid)?", r"niet op kantoor"),
    "pl": (r"automatyczna odpowied[zź]", r"poza biurem", r"odpowied[zź] automatyczna", r"nieobecno[sś][cć]"),
    "sv": (r"autosvar", r"fr[aå]nvaro", r"automatiskt svar"),
}

_ANY = re.compile(
    rf"(?<!\w)(?:{'|'.join(phrase for phrases in PHRASES.values() for phrase in phrases)})(?!\w)", re.IGNORECASE
)


def absence_subject(subject: str) -> bool:
    """Whether a subject reads like an automatic reply's in any of the languages."""
    return bool(_ANY.search(subject))
