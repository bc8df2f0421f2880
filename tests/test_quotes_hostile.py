"""Mail text is hostile: reading it never raises, loses nothing, and takes linear time."""

import time
from collections.abc import Sequence
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.threading.desk_answers import answer_of_the_desk
from gateway.threading.html_text import html_to_text
from gateway.threading.quotes import FOLDED, Reply, read_reply

PIECES = st.sampled_from(
    [
        *(
            "\n",
            "\r\n",
            "\r",
            "\u2028",
            " ",
            "\t",
            "> ",
            ">>",
            ">>> ",
            "-- ",
            "---",
            "```\n",
            "On ",
            "Am ",
            "Le ",
            "El ",
        ),
        *(
            "3 Mar 2025",
            "10:11",
            "wrote:",
            "escribió:",
            "Ana",
            "<ana@x.example>",
            "From: ",
            "Sent: ",
            "To: ",
            "Subject: ",
        ),
        *(
            "-----Original Message-----",
            "---------- Forwarded message ---------",
            "Sent from my iPhone",
            "\x00",
            "\ud800",
        ),
        *(
            "reply above this line",
            "________________",
            "text",
            "De:",
            "a:",
            "@",
            "ünï",
            "写道：",
            "\u200b",
            ">From ",
            "*",
        ),
    ]
)
PLAIN = st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=200)
TAGS = st.sampled_from(
    [
        *(
            "<p>",
            "</p>",
            "<div>",
            "</div>",
            "<br>",
            "<table>",
            "<tr>",
            "<td>",
            "</td>",
            "</table>",
            "<ul>",
            "<li>",
            "</ul>",
        ),
        *(
            "<blockquote>",
            "</blockquote>",
            '<div id="divRplyFwdMsg">',
            '<div class="yahoo_quoted">',
            "<pre>",
            "</pre>",
            "<b>",
        ),
        *(
            '<div class="gmail_attr">',
            "<!--",
            "-->",
            "<",
            ">",
            '"',
            "&amp;",
            "&#0;",
            "&#xd800;",
            "<style>",
            "</style>",
            "<hr>",
        ),
        *(
            '<span style="display:none">',
            "</span>",
            '<a href="x">',
            "</a>",
            "\n",
            "<a b='",
            "<![x]>",
            '<img alt="😀">',
            "</x>",
        ),
        *(
            "text",
            "On 3 Mar 2025 at 10:11 Ana <ana@x.example> wrote:",
            "From: a@x.example<br>Sent: 3 Mar 2025 10:11<br>",
        ),
    ]
)
HTML = st.lists(TAGS, max_size=60).map("".join)


def covers(reply: Reply) -> bool:
    """Whether the spans follow each other without gap over the whole text."""
    ends = [0, *(span.end for span in reply.spans)]
    starts = [*(span.start for span in reply.spans), len(reply.text)]
    return ends == starts and all(span.start < span.end or not reply.text for span in reply.spans)


@given(PLAIN)
@settings(max_examples=250, deadline=None)
def test_spans_cover_the_stored_text(body: str):
    reply = read_reply(body, "plain")

    assert reply.text == body
    assert covers(reply)


@given(HTML)
@settings(max_examples=250, deadline=None)
def test_spans_cover_the_text_of_any_html(body: str):
    assert covers(read_reply(body, "html"))


@given(PLAIN, st.lists(PLAIN, max_size=3))
@settings(max_examples=200, deadline=None)
def test_history_moves_spans_but_loses_nothing(body: str, history: list[str]):
    assert covers(read_reply(body, "plain", [*history, body]))
    assert covers(read_reply(f"{body}\n{''.join(history)}", "plain", history, letters=[*history, body]))


@given(PLAIN, st.lists(PLAIN, max_size=2), st.lists(PLAIN, max_size=2))
@settings(max_examples=200, deadline=None)
def test_an_answer_of_the_desk_loses_nothing_to_its_letter(body: str, letters: list[str], said: list[str]):
    for own in ([], [body], [body[: len(body) // 2]]):
        assert covers(answer_of_the_desk(read_reply(body, "plain", letters), [*letters, *own], said))


@given(PLAIN)
@settings(max_examples=200, deadline=None)
def test_each_word_is_either_new_or_elided(body: str):
    reply = read_reply(body, "plain")

    kept = [body[span.start : span.end] for span in reply.spans if span.kind not in FOLDED]
    assert "".join(reply.new_text.split()) == "".join("".join(kept).split())
    assert len("".join((reply.new_text + reply.elided).split())) == len("".join(body.split()))


@given(st.text(alphabet="<>/!-\"'= abtdpr&;#x\n", max_size=300))
@settings(max_examples=250, deadline=None)
def test_any_soup_of_tags_becomes_text(html: str):
    assert isinstance(html_to_text(html), str)


HOSTILE_PLAIN = {
    "On": "On ",
    "dates": "On Mon, 3 Mar 2025 at 10:11, A <a@x.org> ",
    "blank lines": "\n",
    "blank lines with space": " \n",
    "quote marks": ">",
    "quoted blank lines": ">\n",
    "dashes": "-",
    "dashed lines": "---\n",
    "digits": "1",
    "labels": "To:\n",
    "header lines": "From: a@b.cc\nTo: b\n",
    "attributions": "On 3 Mar 2025, A wrote:\n> x\n",
    "footers": "Sent from my iPhone\n\nx\n",
    "forwards": "---- Forwarded message ----\n> a\n",
    "requests": "reply above this line\n",
    "fences": "```\n",
    "answers": "> a\nb\n",
    "at signs": "a@",
    "address pieces": "x. On 1 wrote: <a@b.c> ",
    "announcements": "> a:\n\n",
    "disclaimers": "This message is confidential and for the addressee\n",
    "paragraphs of disclaimers": "\n".join(["This e-mail is confidential, a" + "b" * 90] * 30) + "\n\n",
    "delimiters": "-- \na?\n",
    "bare delimiters": "--\nwhat do you say?\n",
    "dashed attributions": "---- On 3 Mar 2025 A <a@x.org> wrote\n----\n",
    "subjects": "Subject: " + "a " * 200 + "\n",
    "forwards with authors": "Begin forwarded message:\n> From: a\n> Subject: b\n>\n> c\n\n",
    "authors without end": "---- Forwarded message ----\nFrom: " + "a." * 400 + "\n",
    "spaces": " ",
    "spaces at the end": "a          \n",
    "addresses without end": "a.b@",
    "brackets": "<(",
    "verbs": "wrote: ",
    "dates without end": "3/3/",
}
HOSTILE_HTML = {
    "nesting": "<div>",
    "quotations": "<blockquote>",
    "paragraphs": "<p>x",
    "open quotes": '<a "',
    "open tags": "<a ",
    "angles": "<",
    "comments": "<!--",
    "tables": "<table><tr><td>",
    "lists": "<ul><li>",
    "stray ends": "<i></b></i><b>",
    "declarations": "<!a",
    "containers": "<div class=yahoo_quoted>a</div>",
    "quoted angles": '<a b="<c>" >',
    "styles": "<style>",
    "style sheets": "<style>p { margin ",
    "links": '<a href="https://x.example/1">',
    "links that end": '<a href="https://x.example/1">x</a>',
    "entities": "&nbsp;",
    "entities without end": "&",
    "attributes": "<p style='margin:0 0 0 0 display:none " + "a" * 50 + "'>",
    "spaced styles": "<p style='margin" + " " * 50 + ": 0'>",
    "breaks": "<br>",
    "preformatted": "<pre>a\n",
    "hidden": "<span style='display:none'>a",
}


MEGABYTE = 1_000_000
TIMES_WHEN_DOUBLED = 2.5
NOT_MEASURABLE = 0.2
"""Seconds below which a ratio says more of the machine than of the program."""


def filled(piece: str, size: int) -> str:
    return (piece * (size // len(piece) + 1))[:size]


def seconds(body: str, fmt: Literal["plain", "html"], history: Sequence[str] = ()) -> float:
    """Processor time, which other work on the machine does not count into."""
    start = time.thread_time()
    read_reply(body, fmt, history)
    return time.thread_time() - start


def is_linear(piece: str, fmt: Literal["plain", "html"], *, size: int = MEGABYTE) -> bool:
    """Whether so much of it takes less than a second, and 2.5 times at most of what half of it takes.

    The least of some tries counts, because others share the processor's caches; the half is measured again and again
    beside the whole.
    """
    whole = half = float("inf")
    for _ in range(5):
        half = min(half, seconds(filled(piece, size // 2), fmt))
        whole = min(whole, seconds(filled(piece, size), fmt))
        if whole < 1.0 and whole <= TIMES_WHEN_DOUBLED * half + NOT_MEASURABLE:
            return True
    return False


@pytest.mark.parametrize("name", HOSTILE_PLAIN)
def test_a_megabyte_of_hostile_text_is_read_in_a_second_and_half_of_it_in_half(name: str):
    assert is_linear(HOSTILE_PLAIN[name], "plain")


@pytest.mark.parametrize("name", HOSTILE_HTML)
def test_a_megabyte_of_hostile_html_is_read_in_a_second_and_half_of_it_in_half(name: str):
    assert is_linear(HOSTILE_HTML[name], "html")


@given(st.lists(PIECES, min_size=1, max_size=5).map("".join))
@settings(max_examples=25, deadline=None)
def test_whatever_is_repeated_takes_linear_time(piece: str):
    assert is_linear(piece, "plain", size=200_000)


@given(st.lists(TAGS, min_size=1, max_size=5).map("".join))
@settings(max_examples=25, deadline=None)
def test_whatever_html_is_repeated_takes_linear_time(piece: str):
    assert is_linear(piece, "html", size=200_000)


def test_an_answer_between_all_lines_of_a_letter_takes_linear_time():
    def taken(lines: int) -> float:
        letter = [f"Línea {number} de la carta, con palabras." for number in range(lines)]
        body = "\n".join(f"{line}\nMi respuesta {number}: otra cosa." for number, line in enumerate(letter))
        reply = read_reply(f"De: a <a@x.example>\nEnviado: 3 mar 2025 10:11\nPara: b@x.example\n\n{body}", "plain")
        start = time.thread_time()
        answer_of_the_desk(reply, ["\n".join(letter)], letter[::2])
        return time.thread_time() - start

    assert min(taken(4000) for _ in range(3)) < 1


def test_a_long_history_takes_linear_time():
    texts = [filled(f"word{number} and other words of an earlier message\n", 100_000) for number in range(10)]

    assert min(seconds(texts[0] * 10, "plain", texts) for _ in range(3)) < 3.0
