"""The text of an HTML mail as a person reads it, and the containers in which mail programs quote."""

import pytest

from gateway.threading.html_text import html_to_text
from gateway.threading.quotes import SpanKind, read_reply, reply_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<div>One</div><div>Two</div>", "One\nTwo"),
        ("<div>One</div><div><br></div><div>Two</div>", "One\n\nTwo"),
        ("One<br>Two", "One\nTwo"),
        ("<p>One<p>Two", "One\n\nTwo"),
        ("a <b>bold</b> word,\n   and   space", "a bold word, and space"),
        ("<ul><li>One<li>Two</ul>", "* One\n* Two"),
        ("<ol><li>One</li><li>Two</li></ol>", "1. One\n2. Two"),
        ("<table><tr><td>A<td>B<tr><td>1<td>2</table>", "A | B\n1 | 2"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("One<hr>Two", "One\n* * *\nTwo"),
        ("<blockquote>One<blockquote>Two</blockquote></blockquote>", "> One\n>\n>> Two"),
        ('<blockquote style="margin:0 0 0 40px;border:none">One</blockquote>', "One"),
        ("a &amp; b &lt;c&gt; d&nbsp;e &aacute;", "a & b <c> d e á"),
        ('<a href="https://x.example/y">here</a>', "here <https://x.example/y>"),
        ('<a href="https://x.example/">x.example</a>', "x.example"),
        ('<a href="mailto:ana@x.example">ana@x.example</a>', "ana@x.example"),
        ('<img alt="😀" src="x"><img alt="logo">', "😀"),
        ("Ana <ana@x.example> and <https://x.example>", "Ana <ana@x.example> and <https://x.example>"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
    ],
)
def test_html_reads_as_a_person_reads_it(html: str, text: str):
    assert html_to_text(html) == text


@pytest.mark.parametrize(
    "hidden",
    [
        "<style>p { color: red }</style>",
        "<script>alert('x')</script>",
        "<head><title>x</title></head>",
        "<!-- x <b>y</b> -->",
        "<!--[if mso]><p>x</p><![endif]-->",
        '<div style="display: none">x</div>',
        '<span style="mso-hide:all">x</span>',
        '<span style="font-size:0px">x</span>',
        '<div style="visibility:hidden">x<div>y</div></div>',
        "<p hidden>x</p>",
    ],
)
def test_hidden_text_is_hidden(hidden: str):
    assert html_to_text(f"<p>Seen</p>{hidden}<p>too</p>") == "Seen\n\ntoo"


def test_attributes_with_angle_brackets_are_read():
    assert html_to_text('<p title="a > b <c>">One</p><img alt="*:->~~ x">Two') == "One\n\nTwo"


def test_text_nested_deeper_than_is_followed_is_not_lost():
    html = "<div>" * 5_000 + "deep" + "</div>" * 5_000 + "<p>after</p>"

    assert html_to_text(html) == "deep\n\nafter"


def test_a_tag_over_16_kilobytes_is_no_danger():
    assert "after" in html_to_text(f"<p>before</p><p style='{'a:b;' * 5_000}'>after</p>")


def test_html_beyond_2_megabytes_is_not_read():
    assert "end" not in html_to_text("<p>start</p>" + "x" * 2_000_000 + "<p>end</p>")


def test_a_container_of_outlook_hides_the_siblings_that_follow_it():
    html = '<p>Reply</p><div id="divRplyFwdMsg"><b>From:</b> Help</div><div>Old</div><div>Older</div>'

    reply = read_reply(html, "html")

    assert reply.new_text == "Reply"
    assert reply.spans[-1].reason == "container of Outlook"
    assert reply.text.endswith("Old\nOlder")


def test_a_container_that_ends_lets_the_text_below_it_be_new():
    html = '<p>Above</p><div class="yahoo_quoted"><div>Old</div></div><p>Below</p>'

    assert reply_text(html, "html") == "Above\n\nBelow"


def test_the_signature_of_a_mail_program_is_folded():
    reply = read_reply('<p>Reply</p><div class="gmail_signature">Ana Gil<br>Client</div>', "html")

    assert reply.new_text == "Reply"
    assert reply.spans[-1].kind is SpanKind.SIGNATURE


def test_a_reply_text_leaves_the_targets_of_links_out():
    html = '<p>See <a href="https://x.example/y">here</a></p>'

    assert reply_text(html, "html") == "See here"
    assert read_reply(html, "html").new_text == "See here <https://x.example/y>"


def test_paragraphs_of_outlook_follow_each_other_like_lines_and_its_empty_ones_are_blank():
    html = (
        "<p class=MsoNormal>Regards,</p><p class=MsoNormal>Ana</p><p class=MsoNormal>&nbsp;</p><p class=MsoNormal>x</p>"
    )

    assert html_to_text(html) == "Regards,\nAna\n\nx"


@pytest.mark.parametrize("margin", ["margin:0", "margin: 0cm 0cm 0pt", "margin-bottom:0px;color:red", "MARGIN: 0in"])
def test_paragraphs_without_margins_follow_each_other_like_lines(margin: str):
    assert html_to_text(f'<p style="{margin}">One</p><p style="{margin}">Two</p>') == "One\nTwo"


def test_a_style_sheet_that_takes_the_margins_away_is_believed():
    sheet = '<style type="text/css"> P {margin-top:0;margin-bottom:0;} </style>'

    assert html_to_text(f"<html><head>{sheet}</head><p>One</p><p>Two</p>") == "One\nTwo"
    assert html_to_text("<style>p.x {color: red}</style><p>One</p><p>Two</p>") == "One\n\nTwo"


def test_a_block_of_no_font_size_is_a_template_whose_parts_have_sizes_of_their_own():
    html = '<table><tr><td style="font-size:0px"><div style="font-size:13px">Seen</div></td></tr></table>'

    assert html_to_text(html) == "Seen"
    assert html_to_text('<p>Seen<span style="font-size:0">hidden</span></p>') == "Seen"


def test_the_line_that_a_newsletter_hides_at_its_top_is_hidden():
    html = '<div style="max-height:0;overflow:hidden">hidden</div><div style="opacity:0">too</div><p>Seen</p>'

    assert html_to_text(html) == "Seen"
    assert html_to_text('<p style="opacity:0.9">Seen</p>') == "Seen"


def test_a_link_whose_words_end_elsewhere_takes_no_text_with_it():
    assert (
        html_to_text('<a href="https://x.example/y">One <b>two</a> three</b>') == "One two <https://x.example/y> three"
    )
    assert html_to_text('<a href="https://x.example/y"><div>One</div></a>Two') == "One\nTwo"
    assert html_to_text('<a name="top">One</a> <a href="#top">up</a>') == "One up"
