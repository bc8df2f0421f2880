"""Replies as people send them every day, made up, of any size: plain text without history, and HTML with it."""


def ordinary_plain(lines: int) -> str:
    """Paragraphs of five lines, no quotation."""
    words = "This is line {0} of an ordinary mail: it says what is broken, and since when."
    return "\n".join(words.format(number) if number % 6 else "" for number in range(lines)) + "\n"


def ordinary_html(size: int) -> str:
    """Some paragraphs, then what they answer, in Gmail's container; about so many characters."""
    reply = "".join(f"<div>{line or '<br>'}</div>" for line in ordinary_plain(12).splitlines())
    attribution = "On Mon, Mar 3, 2025 at 10:11 AM Help desk &lt;help@desk.example&gt; wrote:<br>"
    head = (
        f'<div dir="ltr">{reply}</div><br><div class="gmail_quote">'
        f'<div dir="ltr" class="gmail_attr">{attribution}</div>'
        '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;padding-left:1ex">'
    )
    paragraph = (
        '<p style="margin:0 0 12px;font-family:Arial,sans-serif">{0}. We looked at the printer on floor four, and '
        "found that <b>its fuser is worn</b>; a new one comes on Friday. Please use the other printer until then, and "
        'write to us with <a href="https://desk.example/t/{0}">its number</a> when that one fails too.<br></p>\n'
    )
    count = max((size - len(head)) // len(paragraph), 1)
    return head + "".join(paragraph.format(number) for number in range(count)) + "</blockquote></div>"
