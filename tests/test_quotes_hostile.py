"""Mail text is hostile: reading it never raises, loses nothing, and takes linear time."""

import time
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.threading.html_text import html_to_text
from gateway.threading.quotes import FOLDED, Reply, read_reply, reply_text

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
@settings(max_examples=400, deadline=None)
def test_spans_cover_the_stored_text(body: str):
    reply = read_reply(body, "plain")

    assert reply.text == body
    assert covers(reply)


@given(HTML)
@settings(max_examples=400, deadline=None)
def test_spans_cover_the_text_of_any_html(body: str):
    assert covers(read_reply(body, "html"))


@given(PLAIN, st.lists(PLAIN, max_size=3))
@settings(max_examples=200, deadline=None)
def test_history_moves_spans_but_loses_nothing(body: str, history: list[str]):
    assert covers(read_reply(body, "plain", [*history, body]))


@given(PLAIN)
@settings(max_examples=200, deadline=None)
def test_each_word_is_either_new_or_elided(body: str):
    reply = read_reply(body, "plain")

    kept = [body[span.start : span.end] for span in reply.spans if span.kind not in FOLDED]
    assert "".join(reply.new_text.split()) == "".join("".join(kept).split())
    assert len("".join((reply.new_text + reply.elided).split())) == len("".join(body.split()))


@given(st.text(alphabet="<>/!-\"'= abtdpr&;#x\n", max_size=300))
@settings(max_examples=400, deadline=None)
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
}


def seconds(body: str, fmt: Literal["plain", "html"]) -> float:
    """Processor time, which other work on the machine does not count into."""
    start = time.thread_time()
    reply_text(body, fmt)
    return time.thread_time() - start


@pytest.mark.parametrize("name", HOSTILE_PLAIN)
def test_a_megabyte_of_hostile_text_is_read_in_a_second(name: str):
    piece = HOSTILE_PLAIN[name]

    assert min(seconds(piece * (1_000_000 // len(piece)), "plain") for _ in range(2)) < 1.0


@pytest.mark.parametrize("name", HOSTILE_HTML)
def test_a_megabyte_of_hostile_html_is_read_in_a_second(name: str):
    piece = HOSTILE_HTML[name]

    assert min(seconds(piece * (1_000_000 // len(piece)) + ">", "html") for _ in range(2)) < 1.0
