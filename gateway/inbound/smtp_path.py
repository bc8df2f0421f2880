"""The address in MAIL and RCPT (RFC 5321, 4.1.2). Pure."""

import re

# What aiosmtpd, and so the envelope of a session, has for the null sender.
NULL_SENDER = "<>"

_WORD = r'[^\s<>()@,;:\\"\[\]]+'
_LOCAL = rf'(?:{_WORD}|"(?:[^"\\]|\\.)*")'
_DOMAIN = rf"(?:{_WORD}|\[[^\s<>\[\]]*\])"
_PATH = re.compile(rf"<\s*(?:@[^:<>]*:)?({_LOCAL}(?:@{_DOMAIN})?)\s*>(.*)", re.DOTALL)
_WITHOUT_BRACKETS = re.compile(rf"({_LOCAL}@{_DOMAIN})(?:\s+(.*))?", re.DOTALL)


def path_and_parameters(text: str) -> tuple[str | None, str | None]:
    """The address and what follows it; '<>' for the null sender, ('', '') for nothing, (None, None) for no address.

    Brackets may be missing, a source route is dropped, a local part may be quoted, and dots may stand where they
    should not. An address with control characters, or with octets that are no UTF-8 (lone surrogates here), is none.

    The standard library's parser, which aiosmtpd asks, takes 75 µs for a path, repairs what is none (`<a b c>`), and
    raises other things than it says.
    """
    if not text:
        return "", ""
    if text.startswith("<>"):
        return NULL_SENDER, text[2:]
    found = _PATH.fullmatch(text) or _WITHOUT_BRACKETS.fullmatch(text)
    if found is None or not found[1].isprintable():
        return None, None
    return found[1], found[2] or ""
