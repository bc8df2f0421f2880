"""Whether a text ends with its author's name already, so that nobody puts it there again. Pure."""

from gateway.desk.folding import words_of

LAST_LINES = 8


def signed_by(text: str, name: str) -> bool:
    """Whether one of the last lines is the author's name, whole or the beginning of it: “Luis”, “Luis Gómez”."""
    whole = words_of(name)
    lines = [words_of(line) for line in text.splitlines() if line.strip()]
    return any(line and line == whole[: len(line)] for line in lines[-LAST_LINES:])
