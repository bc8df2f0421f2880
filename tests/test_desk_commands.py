"""Mail that is meant for the desk alone is never taken for an answer to the customer; and its commands, as read."""

import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.desk.command_words import Command, command_named, known_words, table, word_in
from gateway.desk.commands import LONGEST_VALUE, MOST_LINES, Commands, Misread, holds_commands, looks_like_command, read
from gateway.desk.folding import folded
from gateway.desk.words import LANGUAGES


def lines(text: str) -> list[tuple[Command, str]]:
    found = read(text)
    assert isinstance(found, Commands), found
    return [(line.command, line.value) for line in found.lines]


def misread(text: str) -> Misread:
    found = read(text)
    assert isinstance(found, Misread), found
    return found


@pytest.mark.parametrize(
    "text",
    [
        "#close",
        "#close Ya está resuelto.",
        "\n\n   #take\n",
        "\u00a0\n#nota interna",
        "\u200b#assign ana",
        "\ufeff#Close",
        "#Ñandú",
        "# asignar Rosa",
        "#\u00a0Note",
        "＃  nota",
        "\uff03close",
        "\r\n#solve\r\ntexto",
    ],
)
def test_a_first_line_that_begins_with_a_word_after_the_sign_looks_like_a_command(text: str) -> None:
    assert looks_like_command(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n \n",
        "# Título",
        "## Título",
        "##x",
        "#123 sigue igual",
        "#",
        "#-1",
        "Hola\n#close",
        "El #close",
        "> #close",
    ],
)
def test_headings_numbers_and_later_lines_do_not(text: str) -> None:
    assert not looks_like_command(text)


@pytest.mark.parametrize("text", ["\u200b" * 300 + "#close", "\u2060" * 1000 + "\n#close"])
def test_no_number_of_invisible_signs_hides_a_command(text: str) -> None:
    assert looks_like_command(text)


# --- what is read -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#tomar", [(Command.TAKE, "")]),
        ("#TOMAR", [(Command.TAKE, "")]),
        ("#prioridad alta", [(Command.PRIORITY, "alta")]),
        ("#prioridad: alta", [(Command.PRIORITY, "alta")]),
        ("#prioridad   alta  ", [(Command.PRIORITY, "alta")]),
        ("#prioridad\talta", [(Command.PRIORITY, "alta")]),
        ("#prioridad\u00a0alta", [(Command.PRIORITY, "alta")]),
        ("#prioridad\u202falta", [(Command.PRIORITY, "alta")]),
        ("\u00a0#tomar", [(Command.TAKE, "")]),
        ("  #tomar", [(Command.TAKE, "")]),
        ("\ufeff#tomar", [(Command.TAKE, "")]),
        ("#to\u00admar", [(Command.TAKE, "")]),
        ("#asignar \u202arosa@staff.example\u202c", [(Command.ASSIGN, "rosa@staff.example")]),
        ("#categoria Impresoras", [(Command.CATEGORY, "Impresoras")]),
        ("#categori\u0301a Impresoras", [(Command.CATEGORY, "Impresoras")]),
        ("#ÁREA pagos", [(Command.AREA, "pagos")]),
        ("#tal-cual", [(Command.AS_IS, "")]),
        ('#estado "Esperando solución definitiva"', [(Command.STATE, "Esperando solución definitiva")]),
        ("#estado «En proceso»", [(Command.STATE, "En proceso")]),
        ("#estado “En proceso”", [(Command.STATE, "En proceso")]),
        ('#nota dijo "no" y colgó', [(Command.NOTE, 'dijo "no" y colgó')]),
        ('#nota "no" y "sí"', [(Command.NOTE, '"no" y "sí"')]),
        ("#unir #12", [(Command.MERGE, "#12")]),
        ("\n\n#tomar\n\n#prioridad alta\n", [(Command.TAKE, ""), (Command.PRIORITY, "alta")]),
        ("#tomar\r\n#ayuda\r\n", [(Command.TAKE, ""), (Command.HELP, "")]),
        ("#tomar\u2028#ayuda", [(Command.TAKE, ""), (Command.HELP, "")]),
        # In bold, as programs write it in the text part: the word, the line, the word and its colon.
        ("*#tomar*\n_#ayuda_", [(Command.TAKE, ""), (Command.HELP, "")]),
        ("**#prioridad alta**", [(Command.PRIORITY, "alta")]),
        ("*#prioridad:* alta", [(Command.PRIORITY, "alta")]),
        ("*#asignar* luis_g@staff.example", [(Command.ASSIGN, "luis_g@staff.example")]),
        ("_#asignar luis_g@staff.example_", [(Command.ASSIGN, "luis_g@staff.example")]),
        ("*#nota 2*3* y más", [(Command.NOTE, "2*3 y más")]),
        ("Hola, Ana.", []),
        ("", []),
    ],
)
def test_what_is_seen_is_what_is_read(text: str, expected: list[tuple[Command, str]]) -> None:
    assert lines(text) == expected


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", list(Command))
def test_every_word_is_known_in_each_language_with_and_without_accents(command: Command, language: str) -> None:
    word = word_in(command, language)

    for written in (word, word.upper(), unicodedata.normalize("NFD", word), f"#{folded(word[1:])}"):
        assert lines(written) == [(command, "")], written


def test_a_word_means_one_thing_in_all_languages() -> None:
    meanings: dict[str, set[Command]] = {}
    for row in table():
        for word in (*row.word.values(), *row.also):
            meanings.setdefault(folded(word), set()).add(row.command)

    assert {word: found for word, found in meanings.items() if len(found) > 1} == {}


def test_the_table_has_a_row_for_every_command_and_each_language() -> None:
    assert [row.command for row in table()] == list(Command)
    assert all(set(words) == set(LANGUAGES) for row in table() for words in (row.word, row.value, row.says))


@pytest.mark.parametrize(
    ("text", "below"),
    [
        ("#tomar\n\nHola, Ana.\n\n¿Ya la reinició?", "Hola, Ana.\n\n¿Ya la reinició?"),
        ("#tomar\nHola\n# Título\ntexto", "Hola\n# Título\ntexto"),
        ("#tomar\nHola\n#123 sigue igual", "Hola\n#123 sigue igual"),
        ("#tomar\nHola\n#felizlunes", "Hola\n#felizlunes"),
        ("#tomar\n> #nota citada", "> #nota citada"),
        ("#tomar\nHola\n* #123 sigue igual\n- #felizlunes", "Hola\n* #123 sigue igual\n- #felizlunes"),
        ("#tomar", ""),
    ],
)
def test_what_stands_below_is_the_text(text: str, below: str) -> None:
    found = read(text)

    assert isinstance(found, Commands)
    assert found.text == below


@pytest.mark.parametrize(
    ("text", "number", "why"),
    [
        ("#tomar\n#priorida alta", 2, "#prioridad"),
        ("#tomar\n\n\n#xyzzy", 2, "No hay tal comando."),
        ("＃nota x", 1, "signo"),
        ("﹟nota x", 1, "signo"),
        ("#nota, algo", 1, "signo"),
        ("#nota:algo", 1, "signo"),
        ("#nota " + "x" * (LONGEST_VALUE + 1), 1, "demasiado"),
        ("#nota " + "x" * 100_000, 1, "demasiado"),
        ("#" + "x" * 100_000, 1, "demasiado"),
        ("#tomar\n" * (MOST_LINES + 1), MOST_LINES + 1, "demasiados"),
        ("Hola\n#nota algo", 0, "al comienzo"),
        ("* #nota\nalgo", 0, "signo"),
        ("- #nota algo", 0, "signo"),
        ("•\t#nota algo", 0, "signo"),
        ("*#nota\n#tomar*", 0, "signo"),
        ("#tomar\n*_#nota_* algo", 0, "signo"),
    ],
)
def test_the_first_line_that_is_not_understood_is_named(text: str, number: int, why: str) -> None:
    found = misread(text)

    assert (found.number, why in found.why["es"]) == (number, True), found
    assert len(found.written) <= 200


def test_the_longest_mail_of_commands_is_read() -> None:
    assert len(lines("#tomar\n" * MOST_LINES)) == MOST_LINES
    assert lines("#nota " + "x" * LONGEST_VALUE) == [(Command.NOTE, "x" * LONGEST_VALUE)]


STRAY = [
    "#nota algo",
    "#nota",
    "#Nota: algo",
    "#nota, algo",
    "#nota:algo",
    "#nota-",
    "#nota\u00a0algo",
    "#nota\talgo",
    "\u00a0 #nota algo",
    "\u200b#nota algo",
    "\u200b" * 300 + "#nota algo",
    "#no\u00adta algo",
    "＃nota algo",
    "﹟nota algo",
    "#ｎｏｔａ algo",
    "#categori\u0301a algo",
    "#ASIGNAR rosa@staff.example",
    "*#nota* algo",
    "* #nota algo",
    "– #nota algo",
    "# nota algo",
    "- # Nota",
]


@pytest.mark.parametrize("stray", STRAY)
def test_a_command_below_the_text_refuses_the_whole_mail(stray: str) -> None:
    for text in (f"Hola, Ana.\n{stray}", f"#tomar\n\nHola, Ana.\n\n{stray}\nSaludos"):
        assert misread(text).number == 0
        assert holds_commands(text)


# --- for any text -----------------------------------------------------------------------------------------------------

SIGNS = ("#", "＃", "*", "_", "- ", "﹟", "\u200b", "\u00ad", "\u0301", "\ufe0f", ":", "-", "1", '"', "«", "Hola")
SPACES = ("\u00a0", "\t", " ", "\n", "\r\n", "\u2028", "\x0b", "\x1c")
PIECES = st.sampled_from((*SIGNS, *SPACES, *sorted(known_words())))
MAILS = st.one_of(st.text(), st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=40).map("".join))


def seen(line: str) -> str:
    """How a line looks to whoever reads it, told in other words than the program's."""
    shown = "".join(" " if sign.isspace() else sign for sign in line if sign.isspace() or sign.isprintable())
    return unicodedata.normalize("NFKC", shown.strip()[:200].lstrip("*_- "))


@given(MAILS)
def test_no_line_that_begins_as_a_command_is_ever_part_of_the_text(text: str) -> None:
    found = read(text)
    if isinstance(found, Misread):
        assert all(found.why[language] for language in LANGUAGES)
        return
    for line in found.text.splitlines():
        match = re.match(r"#([^\W\d_][\w-]{0,40})", seen(line))
        assert match is None or command_named(match[1]) is None, line


@given(MAILS)
def test_whatever_is_read_as_a_command_looks_like_one_and_the_rest_is_kept(text: str) -> None:
    found = read(text)

    if isinstance(found, Commands):
        assert looks_like_command(text) or found.lines == ()
        assert found.text in "\n".join(text.splitlines())
        assert [line.number for line in found.lines] == list(range(1, len(found.lines) + 1))
    else:
        assert holds_commands(text)


@pytest.mark.parametrize(
    "unit",
    [
        "#tomar\n",
        "#",
        "#nota ",
        "\u200b",
        "\u200b\n",
        "Hola\n",
        "# \n",
        "#x\u0301\u0323",
        "a\u0301\u0323",
        "\u0344",
        "\n",
        "#a-",
        "hola #nota",
        "x\n＃",
        "*#",
        "_# ",
        "***#x* ",
    ],
)
def test_reading_takes_linear_time(unit: str) -> None:
    """Half a million signs at once; what is quadratic would take minutes."""
    text = unit * (500_000 // len(unit))
    begin = time.process_time()
    read(text)
    read("Hola\n" + text)
    holds_commands(text)

    assert time.process_time() - begin < 10
