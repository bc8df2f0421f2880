"""Domains as they are compared: A-labels (RFC 5890) in lower case. Pure."""

import idna


def a_label(domain: str) -> str:
    """The domain as an A-label; the empty string when it cannot be one.

    By IDNA 2008 with the mapping of UTS 46, as browsers and mail programs do. The codec of the standard library is
    IDNA 2003: it takes `straße.example` for `strasse.example`, which is another domain.
    """
    if domain.isascii():
        return domain.lower()
    try:
        return idna.encode(domain, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError, ValueError):
        return ""
