"""Single lines that mark off what is quoted, forwarded or signed. Pure."""

import re
from enum import StrEnum

from gateway.threading.phrases import (
    FOOTER_OPENINGS,
    FORWARDED_MESSAGE,
    ORIGINAL_MESSAGE,
    REPLY_ABOVE,
    REPLY_ABOVE_WORDS,
    SENT_FROM,
)


class Marker(StrEnum):
    """What a line that stands for itself announces."""

    ORIGINAL = "original message"
    FORWARDED = "forwarded message"
    REPLY_ABOVE = "reply above this line"
    DELIMITED = "words between dashes"
    RULE = "rule"
    SIGNATURE = "signature delimiter"
    PHONE = "sent from a phone or program"


_DASHES = frozenset("-_—–=~*")
_CLOSING_DASHES = frozenset("-_—–=~*:>")
_DASHED = re.compile(
    r"[*_ ]{0,3}(?:[-_=~—–]\s?){2,60}[>*\s]{0,3}[^\W_][^\n]{1,80}?[<*\s]{0,3}(?:[-_=~—–]\s?){2,60}[:*]?$"
)
_DASHED_START = re.compile(r"[-_=]{3,60}[ \t]{0,3}([^\W_][^\n\-_=]{1,60})[-_=]{3,60}")
_RULE = re.compile(r"(?:[_\-=~—–]\s?){3,120}$|\* \* \*$|[_\-=]{120,}")
_SIGNATURE = re.compile(r"(?:--|—|–|__|-- )$")
_PROGRAM = re.compile(
    r"iphone|ipad|android|samsung|galaxy|blackberry|huawei|xiaomi|windows phone|smartphone|mobile|mobil|móvil|celular|"
    r"handy|mail|outlook|yahoo|proton|gmx|webmail|spark|superhuman|phone|teléfono|telefon|telemóvel|tablet|windows|"
    r"zimbra|thunderbird|roundcube|k-9|\bapp\b|\bapple|movistar|vodafone|orange|https?://|www\.",
    re.IGNORECASE,
)
_BY_SOME_MEANS = re.compile(
    r"(?:sent|shared|enviad[oa]|envoyé|inviato|gesendet|verschickt|verzonden|sendt|skickat|wysłan[eo]) "
    r"(?:via|by|using|with|con|por|a través|através|pelo|com|par|avec|tramite|met|med|mit|über|przy)\b",
    re.IGNORECASE,
)
"""With these the author says how a thing was sent, unless it was a program or a phone."""
_AFTER_REPLY_ABOVE = re.compile(r"\W*$|\s?[-–—#=*.<>|_:]")
_LIST_FOOTER = re.compile(
    r"mailing list|mailman/listinfo|to unsubscribe|liste de diffusion|mailingliste|lista de correo", re.IGNORECASE
)
_BANNER = re.compile(
    r"[\W_]{0,12}(?:CAUTION|WARNING|ATTENTION|ALERT|NOTICE|EXTERNAL|External|Caution:|Warning:|ACHTUNG|VORSICHT|WARNUNG|EXTERN|"
    r"PRECAUCIÓN|ATENCIÓN|ADVERTENCIA|CUIDADO|AVISO|ATENÇÃO|ATTENZIONE|AVERTISSEMENT|LET OP|WAARSCHUWING|UWAGA|"
    r"You don't often get email from)(?!\w)"
)
_OUTSIDE = re.compile(
    r"extern|outside|don't often get|fuera de (?:la|su|nuestra)|fora da|außerhalb|zewnętrzn|buiten de",
    re.IGNORECASE,
)


def marker_of(text: str, *, reply_above: bool = True) -> Marker | None:
    """What a line marks, quote marks and surrounding space removed; None for ordinary text.

    reply_above: False when the mail is known to have no line that asks to reply above it, which saves time.
    """
    if text[0] in _DASHES and len(text) > 1 and (marker := _dashed(text)) is not None:
        return marker
    length = len(text)
    if reply_above and 5 < length < 200 and _asks_to_reply_above(text):
        return Marker.REPLY_ABOVE
    if text[-1] == ":" and length < 70 and FORWARDED_MESSAGE.match(text):
        return Marker.FORWARDED
    opening = text.split(" ", 1)[0].strip("*_-([>«~").lower() if length < 120 else ""
    if opening in FOOTER_OPENINGS or (length < 120 and text[0] > "\u0370"):
        return _footer(text)
    if opening == "original" and text.startswith("Original Message processed by "):
        return Marker.ORIGINAL
    return None


def _dashed(text: str) -> Marker | None:
    """What a line says that begins with a dash or the like."""
    if _SIGNATURE.match(text):
        return Marker.SIGNATURE
    if _RULE.match(text):
        return Marker.RULE
    opened = _DASHED_START.match(text)
    if opened and FORWARDED_MESSAGE.match(opened.group(1)):
        return Marker.FORWARDED
    if opened and ORIGINAL_MESSAGE.match(opened.group(1)):
        return Marker.ORIGINAL
    if len(text) > 160 or text[-1] not in _CLOSING_DASHES:
        return None
    words = text.strip("-_=~*—–> \t")
    if text.startswith("***") and ORIGINAL_MESSAGE.match(words):
        return Marker.ORIGINAL
    if not _DASHED.match(text):
        return None
    if _asks_to_reply_above(words):
        return Marker.REPLY_ABOVE
    if FORWARDED_MESSAGE.match(words):
        return Marker.FORWARDED
    return Marker.ORIGINAL if ORIGINAL_MESSAGE.match(words) else Marker.DELIMITED


def is_list_footer(texts: list[str]) -> bool:
    """Whether the lines under a rule are what a mailing list appends."""
    return _LIST_FOOTER.search(" ".join(texts)[:600]) is not None


def is_banner(text: str) -> bool:
    """Whether a first paragraph is the warning of a mail server: "CAUTION: This message is from an external sender"."""
    return len(text) < 700 and _BANNER.match(text) is not None and _OUTSIDE.search(text) is not None


def _asks_to_reply_above(text: str) -> bool:
    """Whether the words end the sentence: "reply above this line of thought" is the author's own."""
    match = REPLY_ABOVE.search(text) if may_ask_to_reply_above(text) else None
    return match is not None and (text.isupper() or _AFTER_REPLY_ABOVE.match(text, match.end()) is not None)


def _footer(text: str) -> Marker | None:
    """A phone's or program's own line: it begins with its words, and is no sentence of the author's."""
    match = SENT_FROM.match(text.lstrip("*_-([>«~ \"'"))
    if match is None or text[-1] in ":?;," or text.count(" ") > 14:
        return None
    is_sentence = text[-1] in ".!" or ", " in text or _BY_SOME_MEANS.match(text) is not None
    return None if is_sentence and _PROGRAM.search(text) is None else Marker.PHONE


def may_ask_to_reply_above(text: str) -> bool:
    """Whether a line, or any line of a mail, could ask to reply above it: a quick look."""
    text = text.lower()
    return any(word in text for word in REPLY_ABOVE_WORDS)
