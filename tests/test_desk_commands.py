"""Mail that is meant for the desk alone is never taken for an answer to the customer."""

import pytest

from gateway.desk.commands import looks_like_command


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
