"""Text in format=flowed put back into paragraphs (RFC 3676). Pure."""


def unflow(text: str, *, delsp: bool = False) -> str:
    """The text with soft line breaks joined; quote depth, signature line, and space-stuffing as section 4 says.

    delsp: the space that marks a soft break was added by the sender and goes away with it.
    """
    out: list[str] = []
    flowing_depth = -1
    for line in text.split("\n"):
        depth, content = _unquoted(line)
        signature = content == "-- "
        flowed = content.endswith(" ") and not signature
        if flowed and delsp:
            content = content[:-1]
        if flowing_depth == depth and not signature:
            out.append(content)
        else:
            out += ["\n" if out else "", ">" * depth, " " if depth and content else "", content]
        flowing_depth = depth if flowed else -1
    return "".join(out)


def _unquoted(line: str) -> tuple[int, str]:
    """Quote depth, and the content without quote marks and without the space that stuffing put before it."""
    content = line.lstrip(">")
    depth = len(line) - len(content)
    return depth, content[1:] if content.startswith(" ") else content
