"""Letters from templates: languages, operators' own templates, and values that stay values."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.errors import SettingsError
from gateway.outbound.compose import Composer
from gateway.outbound.letters import LETTERS
from gateway.outbound.wording import bare, excerpt, moment_in, one_line, paragraphs
from tests.letter_samples import TEMPLATES, sample

SHIPPED = Composer([TEMPLATES])


def operator(folder: Path, **files: str) -> Composer:
    """A composer with an operator's folder before ours; keys are `es__receipt__txt`."""
    for key, source in files.items():
        language, letter, part = key.split("__")
        (folder / language).mkdir(exist_ok=True)
        (folder / language / f"{letter}.{part}").write_text(source)
    return Composer([folder, TEMPLATES])


@pytest.mark.parametrize("hostile", ["{{7*7}}", "{% for x in y %}", "{{ ''.__class__ }}", "{# x #}", "#{7*7} ${7*7}"])
def test_what_a_mail_says_is_never_a_template(hostile: str) -> None:
    values = sample("alert", subject=hostile, text=hostile, requester=hostile, reason=hostile)
    rendered = SHIPPED.compose("alert", "es", values)

    assert hostile in rendered.subject
    assert rendered.text.count(hostile) == 4
    assert "49" not in rendered.text


def test_what_a_mail_says_is_never_html() -> None:
    hostile = "<script>alert(1)</script>\"'><img src=x>"
    for letter, kind in LETTERS.items():
        words = {"subject", "text", "requester", "reason", "author", "state", "next_step", "desk"} & kind.variables
        lists = {"missing", "details"} & kind.variables
        changes = dict.fromkeys(words, hostile) | {name: [hostile] for name in lists}
        html = SHIPPED.compose(letter, "en", sample(letter, **changes)).html

        assert "<script" not in html, letter
        assert "<img" not in html, letter
        assert "&lt;script&gt;" in html, letter


def test_a_subject_is_one_line_whatever_it_holds() -> None:
    subject = "Hola\r\nBcc: all@example.org\x00\u2028fin \u202egnp.exe"
    rendered = SHIPPED.compose("receipt", "es", sample("receipt", subject=subject))

    assert rendered.subject == "[#1042] Recibimos su solicitud: Hola Bcc: all@example.org fin gnp.exe"
    assert "Asunto: Hola Bcc: all@example.org fin gnp.exe\n" in rendered.text


def test_a_state_cannot_break_a_subject_into_lines() -> None:
    rendered = SHIPPED.compose("state_changed", "es", sample("state_changed", state="En\r\ncurso", subject=""))

    assert rendered.subject == "[#1042] En curso"


def test_an_answer_keeps_what_the_person_wrote() -> None:
    text = (
        "Hola:\n\n  1. Abra  el menú\n  2. Pulse <Aceptar>\n\nhttps://example.org/a?b=1&c=2 y " + "muy " * 60 + "largo"
    )
    rendered = SHIPPED.compose("answer", "es", sample("answer", text=text))

    assert rendered.text.startswith(text + "\n")
    assert "Pulse &lt;Aceptar&gt;" in rendered.html
    assert '<a href="https://example.org/a?b=1&amp;c=2">https://example.org/a?b=1&amp;c=2</a> y' in rendered.html


def test_an_answer_goes_under_the_subject_of_the_ticket_once() -> None:
    rendered = SHIPPED.compose("answer", "es", sample("answer", subject="RE: Fwd: [#1042] Impresora"))

    assert rendered.subject == "Re: [#1042] Impresora"


@pytest.mark.parametrize(
    ("asked", "otherwise", "got"),
    [
        ("pt", "es", "pt"),
        ("pt-BR", "es", "pt"),
        ("EN_us", "es", "en"),
        ("fr", "es", "es"),
        ("fr", "de", "en"),
        ("", "pt", "pt"),
        ("es/../es", "pt", "pt"),
    ],
)
def test_a_letter_is_in_the_language_of_its_reader_else_of_the_area(asked: str, otherwise: str, got: str) -> None:
    assert SHIPPED.compose("receipt_new", asked, sample("receipt_new"), otherwise=otherwise).language == got


def test_an_operator_adds_a_language_letter_by_letter(tmp_path: Path) -> None:
    composer = operator(
        tmp_path,
        fr__receipt_new__subject="[#{{ number }}] Bien reçu",
        fr__receipt_new__txt="Merci, c'est le numéro {{ number }}.",
        fr__receipt_new__html="<p>Merci, c'est le numéro {{ number }}.</p>",
    )

    assert composer.compose("receipt_new", "fr-CA", sample("receipt_new"), otherwise="es").text.startswith("Merci")
    assert composer.compose("closed", "fr-CA", sample("closed"), otherwise="es").language == "es"
    assert composer.languages() == ("en", "es", "fr", "pt")
    assert list(composer.problems()) == []


def test_an_operators_part_replaces_ours_and_the_rest_stays(tmp_path: Path) -> None:
    composer = operator(tmp_path, es__receipt_new__subject="Hola [#{{ number }}]")
    rendered = composer.compose("receipt_new", "es", sample("receipt_new"))

    assert rendered.subject == "Hola [#1042]"
    assert "Quedó registrado con el número #1042" in rendered.text


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("uno\n{% if %}", "line 2"),
        ("{{ requester }}", "'requester' is undefined"),
        ("{{ desk.__class__.__mro__ }}", "unsafe"),
        ("{{ 1 // 0 }}", "division"),
    ],
)
def test_a_template_that_cannot_be_used_is_named_with_its_fault(tmp_path: Path, source: str, complaint: str) -> None:
    composer = operator(tmp_path, es__receipt_new__txt=source)

    with pytest.raises(SettingsError, match=complaint) as caught:
        composer.compose("receipt_new", "es", sample("receipt_new"))
    assert "es/receipt_new" in str(caught.value)


def test_check_tells_what_is_wrong_with_templates(tmp_path: Path) -> None:
    composer = operator(
        tmp_path, es__receipt_new__txt="{{ requester }}", es__recipt__txt="Hola", en__closed__html="{% if %}"
    )

    complaints = sorted(composer.problems())
    assert len(complaints) == 3
    assert "line 1" in complaints[0]
    lacks = "uses requester; it has account, confirm, desk, disown, held, hint, missing, number"
    assert complaints[1].startswith(f"es/receipt_new.txt: {lacks}")
    assert complaints[2].startswith("es/recipt.txt: there is no letter of this name; there are: receipt, ")


def test_a_letter_without_one_of_its_values_is_not_composed() -> None:
    values = sample("closed")
    del values["text"], values["zone"]

    with pytest.raises(KeyError, match="the letter closed also needs: text, zone"):
        SHIPPED.compose("closed", "es", values)


@pytest.mark.parametrize(
    ("language", "zone", "said"),
    [
        ("es", "America/Bogota", "lunes, 23 de noviembre de 2026, 10:15 (UTC-5)"),
        ("en", "Europe/London", "Monday, November 23, 2026, 3:15 PM (UTC)"),
        ("pt", "America/Sao_Paulo", "segunda-feira, 23 de novembro de 2026, 12:15 (UTC-3)"),
        ("en", "Asia/Kathmandu", "Monday, November 23, 2026, 9:00 PM (UTC+5:45)"),
        ("xx", "UTC", "Monday, November 23, 2026, 3:15 PM (UTC)"),
    ],
)
def test_a_moment_is_told_in_the_readers_language_and_zone(language: str, zone: str, said: str) -> None:
    assert moment_in(datetime(2026, 11, 23, 15, 15, tzinfo=UTC), language, zone) == said


def test_a_size_is_told_in_the_readers_language() -> None:
    values = sample("refused", limit=10.5 * 2**20)

    assert "es de 10,5 MB," in SHIPPED.compose("refused", "es", values).text
    assert "is 10.5 MB," in SHIPPED.compose("refused", "en", values).text


def test_the_words_of_values() -> None:
    assert one_line(" a\r\n\tb\x07 ") == "a b"
    assert one_line("x" * 300) == "x" * 199 + "…"
    assert bare("Re: RV: [#7] Re: Hola") == "Hola"
    assert bare("Re:") == "Re:"
    assert bare("Recibo: pago") == "Recibo: pago"
    assert excerpt("uno dos tres", 9) == "uno dos […]"
    assert excerpt("x" * 20, 9) == "x" * 9 + " […]"
    assert excerpt(" corto ") == "corto"
    assert paragraphs("a\r\n\r\n \r\nb\nc\n") == "<p>a</p>\n<p>b<br>\nc</p>"
    assert paragraphs("(https://x.org/a).") == '<p>(<a href="https://x.org/a">https://x.org/a</a>).</p>'
    assert paragraphs("javascript:alert(1)") == "<p>javascript:alert(1)</p>"
    assert paragraphs(" \n ") == ""
