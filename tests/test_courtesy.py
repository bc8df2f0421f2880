"""Shouting is seen, acronyms and quotes are not taken for it, and what is said about it is friendly."""

import timeit

import pytest

from gateway.desk.courtesy import Breach, advice, breaches, hint, labels
from gateway.desk.red_text import red_texts

SUBJECT, TEXT = Breach.SUBJECT_IN_CAPITALS, Breach.TEXT_IN_CAPITALS
EXCLAMATIONS, QUESTIONS, RED = Breach.EXCLAMATIONS, Breach.QUESTIONS, Breach.RED_TEXT


@pytest.mark.parametrize(
    ("subject", "text", "found"),
    [
        ("La impresora no funciona", "No imprime desde ayer.", ()),
        ("LA IMPRESORA NO FUNCIONA", "No imprime desde ayer.", (SUBJECT,)),
        ("NO SIRVE NADA", "", (SUBJECT,)),
        ("RE: LA IMPRESIÓN NO FUNCIONA", "", (SUBJECT,)),
        ("URGENTE", "", ()),
        ("URGENTE: la impresora", "", ()),
        ("ERP SAP FI CO HTTP 500", "", ()),
        ("JSON YAML CORS", "", ()),
        ("ORA-00942 TNS-12541 FACTURA_DETALLE", "", ()),
        ("FACTURACION.EXE MODULO_CONTABLE.DLL", "", ()),
        ("", "NO PUEDO ENTRAR AL SISTEMA Y NECESITO LA FACTURA.", (TEXT,)),
        ("", "NO PUEDO ENTRAR AL SISTEMA Y NECESITO LA FACTURA.\n\nana@firm.example", (TEXT,)),
        ("", "NO PUEDO ENTRAR AL SISTEMA\n\nEnviado desde mi iPhone", (TEXT,)),
        ("", "NO PUEDO ENTRAR AL SISTEMA\n-- \nAna Pérez\nJefa de compras, oficina central", (TEXT,)),
        ("", "Gracias por la ayuda.\n-- \nFERRETERÍA LOS ANDES SOCIEDAD ANÓNIMA", ()),
        ("", "Me sale este mensaje:\nTABLE OR VIEW DOES NOT EXIST", ()),
        ("", "OK MUY BIEN", ()),
        ("", "请帮我看一下这个问题，谢谢你们。", ()),
        ("", "НЕ МОГУ ВОЙТИ В СИСТЕМУ ПОМОГИТЕ", (TEXT,)),
        ("Ayuda!!!", "", (EXCLAMATIONS,)),
        ("Ayuda!!", "¿Sí? ¡Sí!", ()),
        ("", "¡¡¡Ayuda!", (EXCLAMATIONS,)),
        ("", "¿Cuándo???", (QUESTIONS,)),
        ("", "¿¿¿Cuándo?", (QUESTIONS,)),
        ("", "¿Cuándo?!?!", (EXCLAMATIONS,)),
        ("", "!!! ???", (EXCLAMATIONS, QUESTIONS)),
        ("", "Espa????a y Per????", (QUESTIONS,)),
        ("", "Espa????a", ()),
        ("", "https://firm.example/?a=1", ()),
        ("LA IMPRESORA NO FUNCIONA!!!", "ARREGLEN LA IMPRESORA AHORA???", (SUBJECT, TEXT, EXCLAMATIONS, QUESTIONS)),
        ("", "", ()),
    ],
)
def test_shouting_is_seen_and_abbreviations_are_none(subject: str, text: str, found: tuple[Breach, ...]) -> None:
    assert breaches(subject, text) == found


@pytest.mark.parametrize(
    ("html", "red"),
    [
        ("<p style='color:red'>No funciona</p>", True),
        ('<p style="font-size:9pt; COLOR : #F00 !important">No funciona</p>', True),
        ("<span style='color:#FF0000'>No funciona</span>", True),
        ("<span style='color:#C00000'>No funciona</span>", True),
        ("<span style='color: rgb(224, 10, 10)'>No funciona</span>", True),
        ("<font size=2 color=red>No funciona</font>", True),
        ("<font color='#ff0000'><b>No<br>funciona</b></font>", True),
        ("<font color=red>No&nbsp;funciona", True),
        ("<div style='color:red'><p>Hola<p>No funciona</div>", True),
        ("<div style='color:red'>!</div><p>No funciona</p>", False),
        ("<div style='color:red'><span style='color:black'>No funciona</span></div>", False),
        ("<div style='background-color:red'>No funciona</div>", False),
        ("<td bgcolor=red>No funciona</td>", False),
        ("<p style='color:#A52A2A'>No funciona</p>", False),
        ("<p style='color:#ffa500'>No funciona</p>", False),
        ("<p style='color:#ffc0cb'>No funciona</p>", False),
        ("<p style='color:var(--x)'>No funciona</p>", False),
        ("<p>No funciona</p><blockquote style='color:red'>Escriban a soporte</blockquote>", False),
        ("<p>No funciona</p><p style='color:red'>EXTERNAL MAIL</p>", False),
        ("<p><b style='color:red'>No</b> funciona</p>", False),
        ("<p><img style='color:red'>No funciona</p>", False),
        ("<p style=color:red>", False),
        ("", False),
    ],
)
def test_red_words_of_the_writer_are_seen(html: str, red: bool) -> None:
    assert breaches("", "Hola\nNo\nfunciona", html) == ((RED,) if red else ())


@pytest.mark.parametrize(
    "html",
    [
        "<font color=red>" * 100_000,
        "<p style='color:red'>texto rojo" * 50_000,
        "<" * 1_000_000,
        "<a" * 500_000,
        "<a " + "x" * 1_000_000,
        "<a style='" + "color:" * 200_000,
        "<font color=red>" + "x" * 1_000_000,
        "<b></i>" * 200_000,
        "<font color=red>" + "&nbsp;" * 300_000,
    ],
)
def test_hostile_html_takes_no_time(html: str) -> None:
    seconds = min(timeit.repeat(lambda: breaches("", "texto " * 200_000, html), number=1, repeat=2))

    assert seconds < 1


@pytest.mark.parametrize("text", ["!" * 1_000_000, "?x" * 500_000, "A " * 500_000, "-- \n" * 250_000, "Á" * 1_000_000])
def test_a_hostile_text_takes_no_time(text: str) -> None:
    seconds = min(timeit.repeat(lambda: breaches(text, text), number=1, repeat=2))

    assert seconds < 1


def test_only_so_many_red_pieces_are_looked_at() -> None:
    assert len(list(red_texts("<i style='color:red'>palabra</i>" * 1000))) == 200


@pytest.mark.parametrize(
    ("found", "language", "sentence"),
    [
        ((), "es", ""),
        ((SUBJECT,), "es",
         "Un consejo amistoso: sin mayúsculas sostenidas su mensaje se lee mejor; lo atendemos igual."),
        ((SUBJECT, TEXT, EXCLAMATIONS), "es",
         "Un consejo amistoso: sin mayúsculas sostenidas ni «!!!» su mensaje se lee mejor; lo atendemos igual."),
        ((EXCLAMATIONS, QUESTIONS, RED), "en",
         "A friendly hint: your message reads better without “!!!”, “???” or red text;"
         " we take care of it all the same."),
        ((RED,), "pt",
         "Uma dica amistosa: sem letras vermelhas a sua mensagem lê-se melhor; cuidamos dela da mesma forma."),
        ((RED,), "fr", "A friendly hint: your message reads better without red text; we take care of it all the same."),
    ],
)  # fmt: skip
def test_the_hint_is_one_friendly_sentence(found: tuple[Breach, ...], language: str, sentence: str) -> None:
    assert hint(found, language) == sentence


def test_an_agent_is_advised_and_the_desk_is_shown_what_it_was() -> None:
    assert advice((TEXT, RED), "es") == (
        "Antes de enviarlo: el texto se lee mejor sin mayúsculas sostenidas ni letras rojas."
    )
    assert advice((), "es") == ""
    assert labels((SUBJECT, QUESTIONS), "en") == ("subject in capitals", "“???”")
    assert all(labels(tuple(Breach), language) for language in ("es", "en", "pt"))
