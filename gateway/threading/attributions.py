"""The line above a quotation: who wrote it and when ("On … Ana wrote:"), told by its shape in any language. Pure.

A date or a time, a name or an address, and an ending are looked for; words (`languages`) are further evidence.
An attribution can be wrapped over four lines or stand behind the reply on the reply's own line.
"""

import re
from typing import NamedTuple

from gateway.threading.languages import LEAD, PARTICLES, PRONOUNS, WROTE

MOST_LINES = 4
MOST_CHARACTERS = 500

_YEAR = r"(?<!\d)(?:19|20|25)\d\d(?!\d)"
_DAY = r"(?<!\d)\d{1,2}(?!\d)"
_FULL_DATE = re.compile(
    rf"(?<!\d)\d{{1,4}}[./-]\s?\d{{1,2}}[./-]\s?\d{{1,4}}(?!\d)|{_DAY}[^\d\n]{{1,24}}{_YEAR}|{_YEAR}[^\d\n]{{1,20}}{_DAY}"
)
_SHORT_DATE = re.compile(rf"[^\W\d_]{{3,12}}\.?,? {_DAY}|{_DAY}(?:\.|th|st|nd|rd|º)?(?: de)? [^\W\d_]{{3,12}}")
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)(?:[a-z]{0,6}day)?\b", re.IGNORECASE)
_TIME = re.compile(r"(?<![\d:])\d{1,2}\s?[:.hʰ時点點시]\s?\d{2}(?!\d)|\d\s?[ap]\.?\s?m\b", re.IGNORECASE)
_ADDRESS = re.compile(
    r"[^\s<>@\"'(]{1,120}@[^\s<>@\"')]{1,120}\.[^\s<>@\"')\d]{2,24}|<[^<>\s@]{1,100}@[^<>\s@]{1,100}>"
)
_BRACKETED = re.compile(
    r"<\s{0,3}[^<>@]{1,120}@[^<>@]{1,120}>|\(\s?[^()\s@]{1,120}@[^()\s@]{1,120}\)|\[mailto:[^\[\]]{1,200}\]"
)
_ANGLED = re.compile(r"<\s{0,3}[^<>@]{1,120}@[^<>@]{1,120}>")
_MOST_LOWERED = 5
"""Words in lower case that are no name, date or verb, in an attribution of a language without a table."""
_SHORT_TAIL = 60
"""Characters of what was wrapped off an attribution: the verb, or the address."""
_ENDING = re.compile(r"[:：]\s?[*_>)»]{0,3}\s?$")
_GMAIL_DATE = re.compile(r"\d{4}-\d\d-\d\d \d{1,2}:\d\d GMT[+-]\d\d:\d\d \S")
_DATE_FIRST = re.compile(
    r"\W{0,4}(?:[^\W\d_]{1,12}\.?,? ?)?\(?\d{1,4}[\s./年-]|[^\W\d_]{2,12}\.?,? (?:[^\W\d_]{3,12}\.? )?\d{1,2}\b"
)
_STARTS_INSIDE = re.compile(
    r"(?:(?<=[.!?)…])[ \t]+|(?<=[^\s-])[ \t]*-{2,8}[ \t]*)"
    r"(?=(?:on|am|le|el|il|op|den|em|dnia|w dniu)\s[^\n]{0,30}?\d|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}[ ,])",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)
_MONTHISH = re.compile(
    rf"[^\W\d_]{{3,12}}\.?,? {_DAY}|{_DAY}\.?(?: de)? [^\W\d_]{{3,12}}\.?(?: de)?|"
    r"[^\W\d_]{2,12},? ?(?=\d)|\d\s?[ap]\.?m\.?"
)
_VERB_IN_LINE = re.compile(rf"(?:{WROTE.pattern})\s?[:：]", re.IGNORECASE)
_QUOTED_MARKS = str.maketrans("", "", "*_\"'“”„«»")


class Attribution(NamedTuple):
    """Lines `first` to `last`; `offset` characters of the first line's text are the reply's own."""

    first: int
    last: int
    offset: int


def attribution_ending(texts: list[str], last: int, *, quote_follows: bool, floor: int) -> Attribution | None:
    """The attribution whose final line is `last`, if there is one; it begins no earlier than line `floor`.

    texts: the text of each line, without quote marks. The shortest stretch that has all the evidence is taken, then
    lengthened by a line that can only be its beginning.
    """
    joined = ""
    found: Attribution | None = None
    for first in range(last, max(floor, last - MOST_LINES + 1) - 1, -1):
        above = texts[first]
        if not above or (found is not None and above[-1] in "!?:"):
            break
        may_open = found is None or _may_open(above, joined)
        joined = f"{above} {joined}" if joined else above
        if len(joined) > MOST_CHARACTERS:
            return found or _behind_the_reply(texts, first, last, joined, quote_follows=quote_follows)
        inside = _STARTS_INSIDE.search(above)
        if inside and _is_attribution(joined[inside.end() :], quote_follows=quote_follows):
            return Attribution(first, last, inside.start())
        if (may_open or _opens(joined)) and _is_attribution(joined, quote_follows=quote_follows):
            found = Attribution(first, last, 0)
            if _FULL_DATE.search(joined) and (_ADDRESS.search(joined) or WROTE.search(joined)) and _opens(joined):
                return found
        elif found is not None and _FULL_DATE.search(joined):
            break
    return found


def _opens(text: str) -> bool:
    """Whether a stretch begins as attributions do: by a word such as "On" with a date behind it, or by a date."""
    return (LEAD.match(text) is not None and any(c.isdigit() for c in text[:60])) or _DATE_FIRST.match(text) is not None


def _may_open(above: str, below: str) -> bool:
    """Whether a line can be the beginning of the attribution that goes on below."""
    if len(above) > 120 or above[-1] in "!?:":
        return False
    if LEAD.match(above) is not None and any(c.isdigit() for c in above):
        return True
    incomplete = WROTE.search(below) is None or _FULL_DATE.search(below) is None
    if not incomplete or above[-1] == ".":
        return incomplete and _ADDRESS.search(above) is not None
    if len(below) < _SHORT_TAIL and _FULL_DATE.search(above) is not None and _TIME.search(above) is not None:
        return True
    return _ADDRESS.search(above) is not None or _DATE_FIRST.match(above) is not None


def dashed_attribution(text: str, *, quote_follows: bool) -> bool:
    """Whether a line between dashes is an attribution: "---- On …, Ana <ana@x.org> wrote ----"."""
    bare = text.strip("-_=~ ")
    if not WROTE.search(bare):
        return False
    if quote_follows or _FULL_DATE.search(bare) is not None or _ADDRESS.search(bare) is not None:
        return True
    return _ends_in_verb(bare) and bool(_words_left(bare)) and _lowered(bare) == 0 and _only_names(bare)


def attribution_inside(text: str, number: int) -> Attribution | None:
    """An attribution within a line that goes on with the quoted text: "Thanks! On … Ana <ana@x.org> wrote: Dear …"."""
    verb = _VERB_IN_LINE.search(text)
    if verb is None or verb.end() > 4 * MOST_CHARACTERS:
        return None
    window_at = max(verb.end() - MOST_CHARACTERS, 0)
    candidates = [(0, 0)] if window_at == 0 else []
    candidates += [(match.start(), match.end()) for match in _STARTS_INSIDE.finditer(text, window_at, verb.end())][-3:]
    for begins, start in reversed(candidates):
        stretch = text[start : verb.end()]
        dated = _FULL_DATE.search(stretch) is not None or _TIME.search(stretch) is not None
        opens = LEAD.match(stretch) is not None or _DATE_FIRST.match(stretch) is not None
        if dated and opens and _BRACKETED.search(stretch) and _is_attribution(stretch, quote_follows=False):
            return Attribution(number, number, begins)
    return None


def _behind_the_reply(
    texts: list[str], first: int, last: int, joined: str, *, quote_follows: bool
) -> Attribution | None:
    """A long line of the reply with the attribution at its end."""
    tail_at = max(len(texts[first]) - MOST_CHARACTERS, 0)
    inside = _STARTS_INSIDE.search(texts[first], tail_at)
    if inside and _is_attribution(joined[inside.end() :], quote_follows=quote_follows):
        return Attribution(first, last, inside.start())
    return None


def _is_attribution(text: str, *, quote_follows: bool) -> bool:
    """Whether a stretch of text has enough of an attribution's evidence; more is asked when no quote follows it."""
    if len(text) > MOST_CHARACTERS:
        return False
    text = text.strip(" -*_|\t\ufeff")
    ends = _ENDING.search(text) is not None
    wrote = WROTE.search(text) is not None
    if not ends and not wrote and not quote_follows:
        return _date_and_address(text)
    address = _ADDRESS.search(text) is not None
    full_date = _FULL_DATE.search(text) is not None
    time = _TIME.search(text) is not None
    date = full_date or (_SHORT_DATE.search(text) is not None)
    closes = ends or _ends_in_verb(text)
    if quote_follows:
        return _introduces_quote(text, closes=closes, wrote=wrote, date=date, full_date=full_date, address=address)
    if not closes:
        return False
    if address and (full_date or (date and time)):
        opens = wrote or LEAD.match(text) is not None or _DATE_FIRST.match(text) is not None
        if not opens:
            return _BRACKETED.search(text) is not None and _lowered(text) == 0
        return (_ANGLED.search(text) is not None and _lowered(text) <= _MOST_LOWERED) or _only_names(text)
    if address and wrote and _BRACKETED.search(text):
        return len(text) < 160 and _only_names(text)
    return wrote and full_date and time and ends and _only_names(text)


def _date_and_address(text: str) -> bool:
    """The old short form of Gmail, by itself: "2013/7/20 Ana Gil <ana@x.org>", the address at times left out."""
    if _GMAIL_DATE.match(text) is not None and len(text) < 120:
        return _only_names(text)
    return (
        _DATE_FIRST.match(text) is not None
        and _FULL_DATE.match(text) is not None
        and text[-1] == ">"
        and _only_names(text)
    )


def _introduces_quote(text: str, *, closes: bool, wrote: bool, date: bool, full_date: bool, address: bool) -> bool:
    if closes and wrote:
        return date or address or (len(text) < 100 and _only_names(text))
    if closes and (full_date or address) and len(text) < 240:
        return date or LEAD.match(text) is not None or (address and len(text) < 120)
    if wrote and full_date and len(text) < 160 and LEAD.match(text) is not None and _TIME.search(text) is not None:
        return True
    return full_date and address and len(text) < 200 and (_DATE_FIRST.match(text) is not None or wrote)


def _ends_in_verb(text: str) -> bool:
    return any(len(text) - match.end() <= 3 for match in WROTE.finditer(text, max(len(text) - 60, 0)))


def _only_names(text: str) -> bool:
    """Whether what is left beside date, verb and address are names: capitalised words, none of them a pronoun."""
    words = _words_left(text)
    if len(words) > 9 or any(word.lower() in PRONOUNS and not word.isupper() for word in words):
        return False
    return _lowered(text) <= 1


def _lowered(text: str) -> int:
    """How many words of a sentence are left beside date, verb, address and names."""
    return sum(word.islower() and len(word) > 2 for word in _words_left(text))


def _words_left(text: str) -> list[str]:
    rest = _ADDRESS.sub(" ", WROTE.sub(" ", text.translate(_QUOTED_MARKS)))
    lead = LEAD.match(rest)
    rest = _MONTHISH.sub(" ", rest[lead.end() :] if lead else rest)
    return [word for word in _WORD.findall(rest) if word.lower() not in PARTICLES]
