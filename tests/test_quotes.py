"""What a person would keep of a reply, as rules."""

from gateway.threading.quotes import Reply, SpanKind, read_reply, reply_text

ATTRIBUTION = "On Mon, Mar 3, 2025 at 10:11 AM Help desk <help@company.example> wrote:"
QUOTE = "> Have you restarted the printer?\n>\n> The help desk\n"


def kinds(reply: Reply) -> list[tuple[SpanKind, str]]:
    return [(span.kind, reply.text[span.start : span.end].strip()) for span in reply.spans]


def test_a_quote_and_its_attribution_are_folded_not_cut():
    body = f"Still broken.\n\n{ATTRIBUTION}\n{QUOTE}"

    reply = read_reply(body, "plain")

    assert reply.text == body
    assert reply.new_text == "Still broken."
    assert reply.elided == f"{ATTRIBUTION}\n{QUOTE}".strip()
    assert reply.folded
    assert [kind for kind, _ in kinds(reply)] == [SpanKind.NEW, SpanKind.ATTRIBUTION, SpanKind.QUOTED]


def test_each_span_says_its_reason():
    reply = read_reply(f"Still broken.\n\n{ATTRIBUTION}\n{QUOTE}", "plain")

    assert [span.reason for span in reply.spans] == [
        "written by the author",
        "attribution above a quotation",
        "quote marks",
    ]


def test_a_mail_without_quotation_is_new_from_end_to_end():
    reply = read_reply("Hello,\n\nthe printer is broken.\n", "plain")

    assert kinds(reply) == [(SpanKind.NEW, "Hello,\n\nthe printer is broken.")]
    assert not reply.folded
    assert reply.elided == ""


def test_an_empty_mail_is_empty():
    reply = read_reply("", "plain")

    assert reply.new_text == ""
    assert not reply.folded


def test_a_mail_that_is_all_quote_is_empty_and_says_so():
    reply = read_reply(f"{ATTRIBUTION}\n{QUOTE}", "plain")

    assert reply.new_text == ""
    assert reply.folded


def test_an_attribution_is_known_when_wrapped_over_four_lines():
    body = "Still broken.\n\nOn Mon, Mar 3, 2025\nat 10:11 AM\nHelp desk\n<help@company.example> wrote:\n\n" + QUOTE

    assert reply_text(body, "plain") == "Still broken."


def test_an_attribution_behind_the_reply_splits_the_line():
    reply = read_reply(f"Works now, thanks! {ATTRIBUTION}\n{QUOTE}", "plain")

    assert reply.new_text == "Works now, thanks!"
    assert kinds(reply)[1] == (SpanKind.ATTRIBUTION, ATTRIBUTION)


def test_below_an_attribution_without_quote_marks_everything_is_quoted():
    assert reply_text(f"Still broken.\n\n{ATTRIBUTION}\n\nHave you restarted it?\n", "plain") == "Still broken."


def test_an_attribution_on_top_without_quote_marks_leaves_the_text_below_it():
    assert reply_text(f"{ATTRIBUTION}\n\nHave you restarted it?\nYes.\n", "plain") == "Have you restarted it?\nYes."


def test_an_answer_below_the_quote_is_kept_alone():
    assert reply_text(f"{ATTRIBUTION}\n{QUOTE}\nYes, twice.\n", "plain") == "Yes, twice."


def test_answers_between_quotes_keep_the_quoted_lines_they_answer():
    body = f"{ATTRIBUTION}\n> Which model?\n\nThe 4050.\n\n> Since when?\n\nFriday.\n\n> Regards\n"

    assert reply_text(body, "plain") == "> Which model?\n\nThe 4050.\n\n> Since when?\n\nFriday."


def test_of_a_long_quote_only_the_end_is_kept_in_front_of_an_answer():
    long_quote = "".join(f"> line {number}\n" for number in range(30))

    text = reply_text(f"{long_quote}\nFirst answer.\n\n> Since when?\n\nFriday.\n", "plain")

    assert text.startswith("> line 26\n> line 27\n> line 28\n> line 29\n\nFirst answer.")


def test_a_quoted_line_that_lost_its_mark_by_wrapping_is_quoted():
    wrapped = (
        "> a long quoted line that some program on the way wrapped because it was too\nlong for it\n> and goes on\n"
    )

    assert reply_text(f"Still broken.\n\n{ATTRIBUTION}\n{wrapped}", "plain") == "Still broken."


def test_a_header_block_hides_all_that_follows():
    block = "From: Help desk <help@company.example>\nSent: Monday, March 3, 2025 10:11 AM\nTo: Ana\nSubject: Printer\n"

    reply = read_reply(f"Still broken.\n\n{block}\nHave you restarted it?\n", "plain")

    assert reply.new_text == "Still broken."
    assert (SpanKind.ATTRIBUTION, block.strip()) in kinds(reply)


def test_a_header_block_with_nothing_above_it_is_a_forward_and_kept():
    body = "From: Luis <luis@other.example>\nSent: Monday, March 3, 2025 10:11 AM\nTo: Ana\nSubject: Toner\n\nBroken."

    reply = read_reply(body, "plain")

    assert kinds(reply) == [(SpanKind.FORWARD, body)]
    assert reply.new_text == body


def test_a_forwarded_mail_is_content():
    forwarded = (
        "---------- Forwarded message ---------\nFrom: Luis <luis@other.example>\nSubject: Printer\n\nIt is broken."
    )

    reply = read_reply(f"See below.\n\n{forwarded}\n", "plain")

    assert kinds(reply) == [(SpanKind.NEW, "See below."), (SpanKind.FORWARD, forwarded)]
    assert not reply.folded


def test_the_text_below_a_marked_forward_is_new():
    body = "Begin forwarded message:\n\n> From: Luis <l@other.example>\n> Subject: Toner\n>\n> Bad.\n\nPlease help.\n"

    assert kinds(read_reply(body, "plain"))[-1] == (SpanKind.NEW, "Please help.")


def test_a_signature_is_folded():
    reply = read_reply("Still broken.\n\n-- \nAna Gil\nClient Ltd\n", "plain")

    assert kinds(reply) == [(SpanKind.NEW, "Still broken."), (SpanKind.SIGNATURE, "-- \nAna Gil\nClient Ltd")]


def test_a_signature_that_is_all_there_is_stays():
    assert reply_text("-- \nAna Gil\n", "plain") == "-- \nAna Gil"


def test_a_long_text_below_dashes_is_no_signature():
    body = "Two things:\n--\n" + "\n".join(f"line {number}" for number in range(20))

    assert reply_text(body, "plain") == body


def test_text_between_code_fences_is_never_quoted():
    body = "Output:\n\n```\n> SELECT 1;\n-- \nFrom: a@b.example\nSent: 3 March 2025 10:11\nTo: c\n```\n\nIs that right?"

    assert reply_text(body, "plain") == body


def test_line_ends_of_any_kind_are_kept_as_stored():
    body = f"Still broken.\r\n\r\n{ATTRIBUTION}\r\n> Restarted?\r\n"

    reply = read_reply(body, "plain")

    assert reply.text == body
    assert reply.new_text == "Still broken."


def test_an_unmarked_copy_of_an_earlier_message_is_proven_and_folded():
    earlier = "Dear Ana,\n\nplease restart the printer and tell us\nwhether the red light is still on.\n\nThe help desk"
    body = f"It is on.\n\n{earlier}\n"

    reply = read_reply(body, "plain", letters=[earlier])

    assert reply.new_text == "It is on."
    assert reply.spans[1].reason == "copy of an earlier message"
    assert read_reply(body, "plain").new_text == body.strip()


def test_quoted_lines_that_the_ticket_knows_are_proven_copies():
    earlier = "Have you restarted the printer today?\nThe help desk of the company"
    body = "Yes.\n\n> Have you restarted the printer today?\n> The help desk of the company\n"

    reply = read_reply(body, "plain", history=[earlier])

    assert reply.spans[-1].reason == "quote marks; copy of an earlier message"


def test_a_greeting_alone_is_no_copy():
    assert (
        read_reply("Good morning,\n\nstill broken.\n", "plain", history=["Good morning,\n\nhow is it?"]).folded is False
    )
