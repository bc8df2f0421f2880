"""Paragraphs that a company or a program puts under every mail: confidentiality, paper, viruses. Pure.

A paragraph must speak of the mail itself, and of two of these: secrecy, the right reader, deleting it. What asks a
question is the author's own.
"""

import re
from collections.abc import Sequence
from itertools import islice

SHORTEST = 90
LONGEST = 4_000
_ENOUGH = 2


def _any_of(table: str) -> re.Pattern[str]:
    return re.compile("".join(line.strip() for line in table.splitlines()), re.IGNORECASE)


_MAIL = _any_of(r"""
    e-?mail|messa?ge|mensaje|mensagem|messaggio|correo|correio|missatge|correu|nachricht|courriel|bericht|wiadomoś|
    сообщени|письмо|meddeland|besked|viesti|邮件|メール|posta elettronica|communication|comunicaci|comunicaç
""")
_SECRET = _any_of(r"""
    confiden|privileg|vertraulich|riservat|vertrouwelijk|poufn|конфиденциальн|luottamuksell|fortrolig|konfidentiell|
    secreto profesional|sigilo|důvěrn|gizli|bizalmas|保密|機密|机密
""")
_READER = _any_of(r"""
    intended (?:only |solely )?(?:for|recipient)|addressee|named recipient|destinat[aá]ri|destinataire|bestimmt|
    empfänger|adressat|geadresseerde|bestemd voor|ontvanger|adresata|получател|адресат|mottagare|modtager|
    vastaanottaja|solely for|exclusivamente|exclusively|individual or entity|a quien va dirigid|persona (?:o|ou) |
    受信者|收件人
""")
_UNDO = _any_of(r"""
    delete|destroy|in error|unauthori[sz]ed|prohibited|strictly|elim[ií]n|borr[aeo]|destru[iy]|por error|por engano|
    prohibid|proibid|vernicht|löschen|irrtümlich|unbefugt|untersagt|supprimer|détruire|par erreur|interdit|
    per errore|cancell|vietat|vernietig|verwijder|usun|удалит|ошибк|radera|slet|poista|notif|per error|esborr|
    apag(?:ar|ue)|disclos|disseminat|divulg|reproduc|copiare|copying|verbreit|weitergabe
""")
_LINE = _any_of(r"""
    \W{0,6}(?:(?:please )?(?:consider|think of) the environment before printing|
    (?:por favor,? )?antes de imprimir (?:este|esta|o|el)\b|
    (?:piense|piensa|pense|considere)\b.{0,40}(?:medio ?ambiente|meio ambiente).{0,40}imprim|
    (?:no imprima|não imprima) este (?:correo|e-?mail|mensaje)|
    (?:denken sie|bitte denken).{0,20}umwelt.{0,60}(?:drucken|ausdruck)|
    pensez à l'environnement avant d'imprimer|
    (?:virus-?free|libre de virus|livre de vírus|virenfrei|sans virus)\.?(?:\s?(?:www\.)?av(?:ast|g)\S*)?[.\s]*$|
    this (?:e-?mail|message) (?:has been|was) (?:checked|scanned)|
    est[ea] (?:correo(?: electrónico)?|mensaje|e-?mail|mensagem)\b.{0,40}
    (?:comprobado|analizado|verificad[oa]|analisad[oa])\b.{0,30}(?:virus|vírus|avast|avg)|
    diese e-?mail wurde auf viren|ce (?:courriel|mail|message) a été (?:vérifié|analysé))
""")
_OPENING = _any_of(r"""
    \W{0,8}(?:(?:legal|privacy|important|confidential\w*)\s)?(?:notice|disclaimer|confidential|privileged|
    this (?:e-?mail|message|communication|transmission)|the (?:information|contents?) (?:contained|of|in)|
    if you (?:are not|have received)|any (?:unauthori|review|dissemination|use|disclosure)|unauthori[sz]ed|
    persone diverse|se (?:avete|ricevete|ha ricevuto|hai ricevuto)|qualora|sollten sie|falls sie|
    si (?:vous|ha recibido|recibe|usted|no es)|se (?:recebeu|não for|não é)|caso (?:você|tenha|a tenha|não seja)|
    aviso|advertencia|cláusula|confidencial|est[ea] (?:mensaje|correo|e-?mail|comunicaci)|el contenido|
    la información contenida|(?:si|se) (?:usted |ud\.? |você )?(?:no es|não é|ha recibido|recebeu)|nota de confiden|
    esta mensagem|este e-?mail|a informação contida|as informações contidas|o conteúdo|
    aquest (?:missatge|correu)|la informació continguda|avís|
    dies(?:e|es) (?:e-?mail|nachricht|schreiben)|(?:der|die) inhalt|vertraulich\w*|wichtiger hinweis|wenn sie nicht|
    ce (?:message|courriel|mail)|les informations|si vous n|
    (?:il|la) present\w+|quest[oa] (?:messaggio|e-?mail|comunicazione)|le informazioni|ai sensi|
    dit (?:bericht|e-?mail)|deze (?:e-?mail|boodschap)|de informatie|
    (?:ta|niniejsz\w+) (?:wiadomo|e-?mail)|treść|данное|это (?:сообщение|письмо)|настоящее|den(?:ne|na)|detta|tämä|
    本メール|本邮件|此邮件)
""")
_BEGINNINGS = """
    a advertencia ai antes any aquest as aviso avís bitte caso ce cláusula confidencial confidencialidad
    confidential confidentiality consider considere de denken denna denne der detta deze die diese dieses
    disclaimer dit el esta este falls if il important la le legal les libre livre niniejsza niniejszy no nota
    notice não o pense pensez persone piensa piense please por privacy privileged qualora questa questo sans se
    si sollten ta the think this treść tämä unauthorised unauthorized vertraulich vertraulichkeit
    vertraulichkeitshinweis virenfrei virus virus-free wenn wichtiger
"""
_FIRST_WORDS = frozenset(_BEGINNINGS.split())
"""How such texts begin: a quick look before the phrases."""
_OWN_WORDS = re.compile(r"\b(?:I|I'm|I've|my|me|yo|mis?|eu|meu|minha|ich|mein\w*|j'ai|je|mon|io|mio|ik|mijn)\b")


def openings(texts: Sequence[str]) -> list[int]:
    """The lines of a paragraph with which such a text may begin that goes on to the paragraph's end; two at most."""
    found = (at for at, text in enumerate(texts) if _may_open(text) and (_OPENING.match(text) or _LINE.match(text)))
    return list(islice(found, 2))


def _may_open(text: str) -> bool:
    return text[0] > "\u0370" or text.split(None, 1)[0].strip("*_-–—#=:.,([<«\"'").lower() in _FIRST_WORDS


def is_disclaimer(text: str, *, below_another: bool = False) -> bool:
    """Whether lines from such an opening on, joined by spaces, are what it promises.

    below_another: the paragraph above is one, and so this needs no more than one further sign.
    """
    if _LINE.match(text) is not None and len(text) < 300:
        return True
    if not SHORTEST <= len(text) <= LONGEST or "?" in text or _OWN_WORDS.search(text) or not _MAIL.search(text):
        return False
    return sum(sign.search(text) is not None for sign in (_SECRET, _READER, _UNDO)) >= (1 if below_another else _ENOUGH)
