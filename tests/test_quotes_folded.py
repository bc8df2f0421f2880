"""What is shown of a text by its stored spans: stretches to read and stretches that are folded, all of it together."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from gateway.cli.app import app
from gateway.threading.quotes import Reply, read_reply
from gateway.threading.spans import folded

BODY = "Still broken.\n\nOn Mon, Mar 3, 2025 at 10:11 AM Desk <d@x.example> wrote:\n> Restarted?\n"


def stored(reply: Reply) -> list[tuple[int, int, str, str]]:
    return [(one.start, one.end, one.kind.value, one.reason) for one in reply.spans]


def test_a_quotation_and_its_attribution_are_one_folded_stretch():
    reply = read_reply(BODY, "plain")

    assert folded(reply.text, stored(reply)) == [
        (False, "Still broken."),
        (True, "On Mon, Mar 3, 2025 at 10:11 AM Desk <d@x.example> wrote:\n> Restarted?"),
    ]


def test_a_text_without_spans_is_shown_whole():
    assert folded("Still broken.\n", []) == [(False, "Still broken.")]


def test_an_empty_text_has_no_stretches():
    assert folded("", []) == []
    assert folded("\n \n", [(0, 3, "new", "")]) == []


def test_a_mail_that_is_all_quote_is_one_folded_stretch_and_says_so():
    reply = read_reply(BODY.partition("\n\n")[2], "plain")

    assert [away for away, _ in folded(reply.text, stored(reply))] == [True]
    assert reply.all_quoted
    assert not read_reply(BODY, "plain").all_quoted
    assert not read_reply("", "plain").all_quoted


def test_a_forward_is_shown():
    body = "See below.\n\n---------- Forwarded message ---------\nFrom: a@x.example\nSubject: y\n\nText\n"
    reply = read_reply(body, "plain")

    assert folded(reply.text, stored(reply)) == [(False, body.strip())]


@given(
    st.lists(st.sampled_from(["words\n", "> quoted\n", "\n", "On 3 Mar 2025 10:11, A <a@x.example> wrote:\n", "-- \n"]))
)
def test_no_character_that_can_be_read_is_left_out(pieces: list[str]):
    reply = read_reply("".join(pieces), "plain")

    shown = "".join(text for _, text in folded(reply.text, stored(reply)))
    assert "".join(shown.split()) == "".join(reply.text.split())


def test_the_command_says_which_stretch_is_what_and_whose_mail_is_forwarded(tmp_path: Path):
    (tmp_path / "reply.txt").write_text(BODY)
    (tmp_path / "forward.txt").write_text(
        "Begin forwarded message:\n\n> From: Ana <a@x.example>\n> Subject: y\n>\n> Text\n"
    )

    done = CliRunner().invoke(app, ["reply-text", "--json", str(tmp_path / "reply.txt"), str(tmp_path / "forward.txt")])
    reply, forward = map(json.loads, done.stdout.splitlines())

    assert [(one["kind"], one["reason"]) for one in reply["spans"]] == [
        ("new", "written by the author"),
        ("attribution", "attribution above a quotation"),
        ("quoted", "quote marks"),
    ]
    assert reply["whole"] == BODY
    assert reply["forward"] is None
    assert (forward["forward"]["name"], forward["forward"]["address"]) == ("Ana", "a@x.example")
