"""Letters from templates: languages, operators' own templates, and values that stay values."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from gateway.errors import SettingsError
from gateway.outbound.compose import Composer
from gateway.outbound.letters import LETTERS
from gateway.outbound.template_check import hints, problems
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
    # The requester stands above the text and among the facts.
    assert rendered.text.count(hostile) == 5
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
    assert list(problems(composer)) == []


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
        ("uno\n{{ 1 // 0 }}", r"\(receipt_new.txt, line 2\): ZeroDivisionError"),
        ('{% extends "es/other.txt" %}', "there is no file es/other.txt"),
        ('{% extends "es/receipt_new.txt" %}', "RecursionError"),
    ],
)
def test_a_template_that_cannot_be_used_is_named_with_its_fault(tmp_path: Path, source: str, complaint: str) -> None:
    composer = operator(tmp_path, es__receipt_new__txt=source)

    with pytest.raises(SettingsError, match=complaint) as caught:
        composer.render("receipt_new", "es", sample("receipt_new"))
    assert "es/receipt_new" in str(caught.value)
    assert any("es/receipt_new" in one for one in problems(composer))


@pytest.mark.parametrize("source", ["{% if %}", "{{ requester }}", "{{ 1 // 0 }}", "{{ desk.__class__ }}", "\xff"])
def test_a_letter_goes_out_in_our_words_when_an_operators_template_cannot_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    composer = operator(tmp_path, es__receipt_new__subject="Hola [#{{ number }}]")
    (tmp_path / "es" / "receipt_new.html").write_text(source, "latin-1")
    values = sample("receipt_new")

    said: list[str] = []
    log = SimpleNamespace(error=lambda event, **_: said.append(event))
    monkeypatch.setattr("gateway.outbound.compose.log", log)

    assert composer.compose("receipt_new", "es", values) == SHIPPED.compose("receipt_new", "es", values)
    assert len(said) == 1
    assert said[0].startswith("a template cannot be used, and the letter goes out in our words: ")


def test_a_broken_layout_of_an_operator_stops_no_letter(tmp_path: Path) -> None:
    composer, values = operator(tmp_path, es__layout__html="{% block %}"), sample("closed")

    assert composer.compose("closed", "es", values) == SHIPPED.compose("closed", "es", values)
    assert any("layout.html" in one for one in problems(composer))


def test_a_broken_letter_in_a_language_of_the_operator_goes_out_in_the_areas(tmp_path: Path) -> None:
    composer = operator(
        tmp_path, fr__closed__subject="{% if %}", fr__closed__txt="Bonjour", fr__closed__html="<p>Bonjour</p>"
    )

    assert composer.compose("closed", "fr", sample("closed"), otherwise="pt").language == "pt"


def test_the_words_of_a_mail_are_not_told_with_the_fault_of_a_template(tmp_path: Path) -> None:
    composer = operator(tmp_path, es__closed__txt="{{ text.encode('ascii') }}")

    with pytest.raises(SettingsError, match="UnicodeEncodeError") as caught:
        composer.render("closed", "es", sample("closed", text="señal secreta"))
    assert "secreta" not in str(caught.value)


def test_check_tells_what_is_wrong_with_templates(tmp_path: Path) -> None:
    composer = operator(
        tmp_path, es__receipt_new__txt="{{ requester }}", es__recipt__txt="Hola", en__closed__html="{% if %}"
    )

    complaints = sorted(problems(composer))
    assert len(complaints) == 3
    assert "line 1" in complaints[0]
    lacks = "uses requester; it has account, by_desk, confirm, desk, disown, held, hint, missing, number"
    assert complaints[1].startswith(f"es/receipt_new.txt: {lacks}")
    assert complaints[2].startswith("es/recipt.txt: there is no letter of this name; there are: receipt, ")


def test_check_tells_what_is_not_where_it_belongs(tmp_path: Path) -> None:
    (tmp_path / "receipt.txt").write_text("Hola")
    composer = operator(tmp_path, fr__receipt__txt="Bonjour")

    assert sorted(problems(composer)) == [
        "fr/receipt: cannot be sent without receipt.subject, receipt.html",
        "receipt.txt: it has to be in the folder of a language, as in es/receipt.txt",
    ]
    assert list(problems(Composer([tmp_path / "none", TEMPLATES]))) == [f"{tmp_path / 'none'} is no folder"]


def test_check_hints_at_what_an_operators_template_does_not_say(tmp_path: Path) -> None:
    composer = operator(tmp_path, es__solved__txt="{{ text }}", fr__layout__txt="")

    assert list(problems(composer)) == []
    forgotten, languages = hints(composer)
    assert (
        forgotten == "es/solved.txt: does not say best, classification, closes_at, question, signature, which ours says"
    )
    assert languages.startswith("fr: goes out in the area's language instead: receipt, receipt_new,")


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
