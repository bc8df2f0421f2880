"""Commands in a person's mail, such as `#close`. Pure."""


def looks_like_command(text: str) -> bool:
    """Whether the first line with anything in it begins with `#word`: such a mail is meant for the desk alone.

    A Markdown heading (`# Title`) and a ticket's number (`#123`) are none. Doubt means yes: a command that was taken
    for an answer would be shown to the customer.
    """
    for line in text.splitlines():
        shown = "".join(sign for sign in line[:_BEGINNING] if sign.isprintable()).strip()
        if shown:
            return shown[0] in "#＃﹟" and shown[1:2].isalpha()
    return False


_BEGINNING = 200
