"""Text as it is compared: without case, accents, and punctuation. Pure."""

import re
import unicodedata
from collections.abc import Collection


def folded(text: str) -> str:
    """In lower case and without accents: 'Ação ÑANDÚ' → 'acao nandu'."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def as_named(written: str, names: Collection[str]) -> str:
    """The one of `names` that is meant, whatever its case and accents; `written` itself when that is none of them."""
    same = [name for name in names if folded(name) == folded(written)]
    return same[0] if len(same) == 1 and written not in names else written


def words_of(text: str) -> list[str]:
    """The words and numbers of `text`, folded."""
    return _WORD.findall(folded(text))


_WORD = re.compile(r"[^\W_]+")
