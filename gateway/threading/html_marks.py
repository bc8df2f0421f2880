"""Containers in which mail clients put what they quote, known by class, id or name. Pure."""

import re
from enum import StrEnum


class Container(StrEnum):
    """What an element's own name says about the text inside it."""

    QUOTE = "quote"
    REST = "rest"
    """From here to the end of the mail: the client leaves what it quotes in the siblings that follow."""
    ATTRIBUTION = "attribution"
    SIGNATURE = "signature"


CONTAINER_HINTS = (
    *("quot", "cite", "rply", "reply", "olk_src", "outlookmessageheader", "reference-message", "signature", "zwchr"),
    *("__headers__", "zmail_extra", "gmail_attr"),
)
"""Attributes in lower case without any of these name no container."""

_ATTRIBUTE = re.compile(
    r"""(?:^|[\s"'/])(class|id|name|data-marker|data-smartmail)\s{0,4}=\s{0,4}(?:"([^"]{0,400})"|'([^']{0,400})'|([^\s"'>]{1,200}))""",
    re.IGNORECASE,
)
_NAMES: tuple[tuple[Container, str, re.Pattern[str]], ...] = tuple(
    (container, client, re.compile(pattern, re.IGNORECASE))
    for container, client, pattern in (
        (Container.REST, "Outlook", r"(?:^|x_|[\s_-])(?:divrplyfwdmsg|olk_src_body_section|outlookmessageheader)\b"),
        (Container.REST, "Outlook", r"mail-editor-reference-message-container|ms-outlook-mobile-reference-message"),
        (Container.REST, "Zimbra", r"^zwchr$|^__headers__$"),
        (Container.QUOTE, "Zimbra", r"^__quoted_text__$"),
        (Container.QUOTE, "Yahoo", r"yahoo_quoted"),
        (Container.QUOTE, "Proton", r"(?:^|\s)protonmail_quote\b"),
        (Container.QUOTE, "GMX", r"^quote$"),
        (Container.QUOTE, "Zoho", r"(?:^|\s)zmail_extra\b"),
        (Container.QUOTE, "Spark", r"^messagereplysection$|(?:^|\s)spark_quote\b"),
        (Container.QUOTE, "Front", r"(?:^|\s)front-blockquote\b"),
        (Container.ATTRIBUTION, "Gmail", r"(?:^|\s)gmail_attr\b"),
        (Container.ATTRIBUTION, "Thunderbird", r"(?:^|\s)moz-cite-prefix\b"),
        (Container.ATTRIBUTION, "Roundcube", r"^(?:v1)?reply-intro$"),
        (Container.SIGNATURE, "Gmail", r"(?:^|\s)gmail_signature(?:_prefix)?\b"),
        (Container.SIGNATURE, "Thunderbird", r"(?:^|\s)moz-signature\b"),
        (Container.SIGNATURE, "Outlook", r"^(?:x_)*(?:signature|ms-outlook-mobile-signature)$"),
        (Container.SIGNATURE, "Apple", r"^applemailsignature$"),
        (Container.SIGNATURE, "Spark", r"^messagesignaturesection$"),
    )
)


def container_of(attributes: str) -> tuple[Container, str] | None:
    """What the attributes of an element, in lower case, say of it, and whose mark it is."""
    for match in _ATTRIBUTE.finditer(attributes):
        value = (match.group(2) or match.group(3) or match.group(4) or "").strip()
        for container, client, pattern in _NAMES:
            if pattern.search(value) and not (client == "GMX" and match.group(1).lower() != "name"):
                return container, client
    return None
