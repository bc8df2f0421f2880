"""Text as it is compared: without case, accents, and punctuation. Pure."""

import re
import unicodedata


def folded(text: str) -> str:
    """In lower case and without accents: 'Ação ÑANDÚ' → 'acao nandu'."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def words_of(text: str) -> list[str]:
    """The words and numbers of `text`, folded."""
    return _WORD.findall(folded(text))


_WORD = re.compile(r"[^\W_]+")
