"""The tables of commands in docs/agents.md and docs/agents.es.md, from commands.toml. Pure.

python -m gateway.desk.command_docs en     prints what stands between the two marks of docs/agents.md
"""

import sys
from collections.abc import Iterator

from gateway.desk.command_words import Word, groups, table
from gateway.desk.words import LANGUAGES

BEGIN, END = "<!-- commands -->", "<!-- end of commands -->"


def markdown(language: str) -> str:
    """A table for each group of commands, as somebody who reads `language` writes them."""
    return "\n\n".join("\n".join(_group(name, language)) for name in groups()) + "\n"


def _group(name: str, language: str) -> Iterator[str]:
    write, others, does = _HEADINGS[language]
    yield f"### {groups()[name][language]}"
    yield ""
    yield f"| {write} | {others} | {does} |"
    yield "|---|---|---|"
    for row in table():
        if row.group == name:
            written = f"#{row.word[language]} {row.value[language]}".strip()
            yield f"| `{written}` | {_others(row, language)} | {row.says[language]} |"


def _others(row: Word, language: str) -> str:
    words = (*(row.word[one] for one in LANGUAGES if one != language), *row.also)
    return ", ".join(f"`#{word}`" for word in dict.fromkeys(words) if word != row.word[language])


_HEADINGS = {
    "es": ("escriba", "también", "qué hace"),
    "en": ("write", "also", "what it does"),
    "pt": ("escreva", "também", "o que faz"),
}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in LANGUAGES:
        sys.exit(f"python -m gateway.desk.command_docs {' | '.join(LANGUAGES)}")
    sys.stdout.write(markdown(sys.argv[1]))
