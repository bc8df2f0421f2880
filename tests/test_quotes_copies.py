"""With earlier texts a copy is proven, however it is marked, wrapped or cut; what people say again is kept."""

import pytest

from gateway.threading.quotes import SpanKind, read_reply

LETTER = """Dear Ana,

please restart the printer on floor four, and tell us whether the red light is still on after a minute.
If it is, write down the number that stands below the lid, and send it to us with your answer.

The help desk of the company
"""
WRAPPED = """Dear Ana,

please restart the printer on floor four,
and tell us whether the red light is
still on after a minute.
If it is, write down the number that
stands below the lid, and send it to us
with your answer.

The help desk of the company
"""


def copies(body: str, *history: str) -> list[str]:
    reply = read_reply(body, "plain", letters=history)
    return [reply.text[one.start : one.end].strip() for one in reply.spans if "copy of an earlier" in one.reason]


@pytest.mark.parametrize("copy", [LETTER, WRAPPED], ids=["as it was", "wrapped elsewhere"])
def test_a_copy_without_marks_is_folded(copy: str):
    reply = read_reply(f"It is 4711.\n\n{copy}", "plain", letters=[LETTER])

    assert reply.new_text == "It is 4711."
    assert reply.spans[-1].reason == "copy of an earlier message"


def test_a_copy_above_the_answer_is_folded():
    assert read_reply(f"{WRAPPED}\nIt is 4711.\n", "plain", letters=[LETTER]).new_text.endswith("It is 4711.")
    assert "restart" not in read_reply(f"{WRAPPED}\nIt is 4711.\n", "plain", letters=[LETTER]).new_text


def test_an_answer_between_copied_lines_stays():
    first, second = LETTER.splitlines()[2:4]
    body = f"{first}\nYes, it is.\n{second}\nIt is 4711.\n"

    reply = read_reply(body, "plain", letters=[LETTER])

    assert "Yes, it is." in reply.new_text
    assert "It is 4711." in reply.new_text


def test_a_copy_that_lost_a_word_is_still_a_copy():
    cut = LETTER.replace("floor four, and", "floor four and").replace("with your answer", "with the answer")

    assert copies(f"It is 4711.\n\n{cut}", LETTER)


def test_the_same_subject_in_the_customers_own_words_is_no_copy():
    body = "I did restart the printer on the fourth floor.\nThe red light went off, and after an hour it came.\n"

    assert copies(body, LETTER) == []
    assert read_reply(body, "plain", letters=[LETTER]).new_text == body.strip()


def test_a_short_line_below_a_copy_is_the_authors_though_the_letter_has_it_too():
    letter = f"{LETTER}\nThank you\n"

    assert read_reply(f"{WRAPPED}\nThank you\n", "plain", letters=[letter]).new_text.endswith("Thank you")


AGAIN = """#category Printers and scanners
#due 25/11/2026 15:00

We are still working on it with those who make the printer.
We shall tell you as soon as there is anything new.
"""
REFUSED = f"""Write your answer above this line

Nothing of it was done

Line 1: #category Printers and scanners

You asked for:

{AGAIN}
Mend it, and answer this mail again with all commands and your text.

-- 
The help desk · #23
"""


@pytest.mark.parametrize("letter", [REFUSED, REFUSED.partition("\n\n")[2]], ids=["whole", "first line lost"])
@pytest.mark.parametrize("again", [AGAIN, f"Good morning,\n\n{AGAIN}"])
def test_what_is_said_again_stays_wherever_the_letter_stands(again: str, letter: str):
    """To the word, though the letter that it answers shows it, and earlier texts do."""
    marked = f"{ATTRIBUTION}\n" + "".join(f"> {line}\n" for line in letter.splitlines())
    for body in (again, f"{again}\n{letter}", f"{letter}\n{again}", f"{again}\n{marked}", f"{marked}\n{again}"):
        reply = read_reply(body, "plain", [AGAIN, REFUSED, again], letters=[REFUSED])

        assert reply.new_text.endswith(again.strip())
        assert "Mend it" not in reply.new_text


def test_lines_of_a_letter_that_are_pasted_stay():
    body = f"You asked me:\n{LETTER.splitlines()[2]}\n{LETTER.splitlines()[3]}\nWhere is the lid?\n"

    assert read_reply(body, "plain", [LETTER], letters=[LETTER]).new_text == body.strip()


def test_what_is_quoted_by_marks_is_proven_too():
    marked = "".join(f"> {line}\n" for line in LETTER.splitlines())

    reply = read_reply(f"It is 4711.\n\n{marked}", "plain", letters=[LETTER])

    assert reply.spans[-1].reason == "quote marks; copy of an earlier message"


ATTRIBUTION = "On Mon, Mar 3, 2025 at 10:11 AM Help desk <help@company.example> wrote:"


def test_below_an_attribution_without_marks_what_is_known_is_folded():
    reply = read_reply(f"It is 4711.\n\n{ATTRIBUTION}\n\n{LETTER}", "plain", letters=[LETTER])

    assert reply.new_text == "It is 4711."


def test_below_an_attribution_without_marks_what_matches_nothing_is_kept():
    body = f"They told me so:\n\n{ATTRIBUTION}\n\nyou get your money back, no questions asked.\n"

    assert read_reply(body, "plain", letters=[LETTER]).new_text == body.strip()
    assert read_reply(body, "plain").new_text == "They told me so:"


def test_quote_marks_are_believed_whatever_history_says():
    body = f"It is 4711.\n\n{ATTRIBUTION}\n> another conversation that we do not have\n"

    assert read_reply(body, "plain", letters=[LETTER]).new_text == "It is 4711."


def test_a_long_history_is_read_from_its_end():
    older = ["noise " * 50_000] * 10

    assert copies(f"It is 4711.\n\n{WRAPPED}", *older, LETTER)


def test_history_alone_folds_nothing_of_a_first_mail():
    reply = read_reply("The printer is broken.\nPlease send somebody.\n", "plain", letters=[LETTER])

    assert [one.kind for one in reply.spans] == [SpanKind.NEW]
