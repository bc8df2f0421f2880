"""What the commands of a mail come to: which of them takes the text, and what goes in one step."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.desk.command_plan import Plan, plan, risky, takes_text
from gateway.desk.command_together import TAKES_NO_VALUE, TAKES_TEXT
from gateway.desk.command_words import Command, table, word_in
from gateway.desk.commands import Commands, Misread, read

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def commands(text: str) -> Commands:
    found = read(text)
    assert isinstance(found, Commands), found
    return found


def planned(text: str) -> Plan:
    found = plan(commands(text), now=NOW, zone=ZoneInfo("America/Bogota"))
    assert isinstance(found, Plan), found
    return found


def steps(text: str) -> list[tuple[str, dict[str, str], str]]:
    """(action, or the command's own name in brackets; parameters; text) of each step."""
    return [
        (one.action.value if one.action else f"[{one.line.command}]", dict(one.parameters), one.text)
        for one in planned(text).steps
    ]


Expected = list[tuple[str, dict[str, str], str]]

PLANS: list[tuple[str, Expected]] = [
    # The text alone is an answer, with all that the other lines say of it.
    ("#prioridad alta\n#tiempo 15m\nHola.", [("reply", {"priority": "1", "time": "15m"}, "Hola.")]),
    ("#tomar\nHola.", [("take", {}, ""), ("reply", {}, "Hola.")]),
    ("#responder\nHola.", [("reply", {}, "Hola.")]),
    ("#plantilla En seguimiento", [("reply", {"standard": "En seguimiento"}, "")]),
    (
        "#plantilla Cierre\n#resuelto\nQuedó listo.",
        [("solve", {"standard": "Cierre"}, "Quedó listo.")],
    ),
    ("#seguimiento\nLe escribo mañana.", [("reply", {"unsolved": "yes"}, "Le escribo mañana.")]),
    # A command that says what becomes of the text takes it.
    ("#nota\nSuena molesto.", [("note", {}, "Suena molesto.")]),
    ("#nota Suena molesto.", [("note", {}, "Suena molesto.")]),
    ("#nota Uno\nDos", [("note", {}, "Uno\n\nDos")]),
    ("#nota Uno\n#nota Dos", [("note", {}, "Uno"), ("note", {}, "Dos")]),
    ("#nota Uno\n#nota Dos\nTres", [("note", {}, "Uno"), ("note", {}, "Dos\n\nTres")]),
    ("#nota Aparte\n#resuelto\nListo.", [("note", {}, "Aparte"), ("solve", {}, "Listo.")]),
    ("#resuelto\n#tiempo 1h\nListo.", [("solve", {"time": "1h"}, "Listo.")]),
    ("#esperar\n¿Qué versión tiene?", [("wait", {}, "¿Qué versión tiene?")]),
    ("#incompleta Falta la pantalla", [("incomplete", {}, "Falta la pantalla")]),
    ("#rechazar not_ours\nEs de otra área.", [("reject", {"reason": "not_ours"}, "Es de otra área.")]),
    ("#cancelar Se dio de baja", [("cancel", {"reason": "Se dio de baja"}, "")]),
    ("#cerrar\nListo.", [("close", {}, "Listo.")]),
    ("#reabrir", [("reopen", {}, "")]),
    ("#estado En proceso\nYa vamos.", [("move", {"state": "En proceso"}, "Ya vamos.")]),
    (
        '#estado "Esperando solución definitiva"\n#version 7.4',
        [("move", {"state": "Esperando solución definitiva", "release": "7.4"}, "")],
    ),
    (
        "#preparar\n#asignar luis@staff.example\n#puesto 3\n#dificultad 2",
        [("prepare", {"owner": "luis@staff.example", "queue": "3", "difficulty": "2"}, "")],
    ),
    ("#preparar\n#grupo redes\n#puesto 3", [("prepare", {"group": "redes", "queue": "3"}, "")]),
    ("#preparar\n#asignar luis\n#grupo redes", [("prepare", {"owner": "luis", "group": "redes"}, "")]),
    ("#contribucion abrir\nEnvíe una foto.", [("contribute", {}, "Envíe una foto.")]),
    ("#prueba", [("close", {}, "")]),
    ("#dividir Teclado\nNo tiene eñe.", [("split", {"subject": "Teclado"}, "No tiene eñe.")]),
    (
        "#llamada https://calls.example/27\nExplicó el error.",
        [("record", {"evidence": "https://calls.example/27", "origin": "phone"}, "Explicó el error.")],
    ),
    ("#whatsapp Pidió cerrar", [("record", {"origin": "whatsapp"}, "Pidió cerrar")]),
    ("#nota\n#origen teléfono\nLlamó.", [("note", {"origin": "phone"}, "Llamó.")]),
    # Handing over takes it inside; only the first of two does.
    ("#asignar rosa\n¿Puedes verla?", [("assign", {"owner": "rosa"}, "¿Puedes verla?")]),
    ("#asignar nadie", [("assign", {"owner": "none"}, "")]),
    ("#grupo redes\nPara ustedes.", [("assign", {"group": "redes"}, "Para ustedes.")]),
    ("#asignar luis\n#grupo redes\nVa.", [("assign", {"owner": "luis", "group": "redes"}, "Va.")]),
    ("#grupo redes\n#tomar\n#asignar luis", [("assign", {"group": "redes", "owner": "luis"}, ""), ("take", {}, "")]),
    ("#asignar\n#grupo redes", [("assign", {}, ""), ("assign", {"group": "redes"}, "")]),
    ("#asignar luis\n#grupo ninguno", [("assign", {"owner": "luis", "group": "none"}, "")]),
    ("#escalar\nNo encuentro la causa.", [("escalate", {}, "No encuentro la causa.")]),
    ("#escalar manager\nEs suyo.", [("escalate", {"level": "manager"}, "Es suyo.")]),
    ("#mencionar senior\n¿Lo ha visto?", [("mention", {"level": "senior"}, "¿Lo ha visto?")]),
    (
        "#asignar rosa\n#mencionar senior\nMiren esto.",
        [("assign", {"owner": "rosa"}, "Miren esto."), ("mention", {"level": "senior"}, "")],
    ),
    ("#asignar rosa\n#nota\nPara Rosa.", [("assign", {"owner": "rosa"}, ""), ("note", {}, "Para Rosa.")]),
    ("#enlazar #12\n#enlazar #13", [("link", {"to": "12"}, ""), ("link", {"to": "13"}, "")]),
    ("#unir #12", [("merge", {"to": "12"}, "")]),
    # Data alone.
    ("#categoria Impresoras\n#prioridad baja", [("classify", {"category": "Impresoras", "priority": "3"}, "")]),
    ("#tiempo 15m", [("time", {"time": "15m"}, "")]),
    ("#etiqueta +vip\n#etiqueta -red", [("classify", {"tags": "+vip,-red"}, "")]),
    ("#hecho Se llamó https://x.example/1", [("check", {"item": "Se llamó", "evidence": "https://x.example/1"}, "")]),
    (
        "#area billing\n#asignar nora\n#prioridad alta\nPara ustedes.",
        [("assign", {"owner": "nora", "area": "billing", "priority": "1"}, "Para ustedes.")],
    ),
    (
        "#area billing\n#asignar nora\n#nota\nPara ustedes.",
        [("assign", {"owner": "nora", "area": "billing"}, ""), ("note", {}, "Para ustedes.")],
    ),
    ("#area billing\n#tiempo 5m", [("classify", {"area": "billing", "time": "5m"}, "")]),
    # What is no action of a workflow.
    ("#participante +eva@x.org\nHola, Ana.", [("[participant]", {}, ""), ("reply", {}, "Hola, Ana.")]),
    ("#consultar eva@x.org\n¿Qué opina?", [("[consult]", {}, "¿Qué opina?")]),
    (
        "#nueva ana@x.org Impresora\n#asignar yo\nNo imprime.",
        [("[new]", {}, "No imprime."), ("assign", {"owner": "yo"}, "")],
    ),
    ("#cuenta inactiva", [("[account]", {}, "")]),
    ("#publicada 7.4", [("[released]", {}, "")]),
    ("#ausente mañana", [("[absent]", {}, "")]),
    ("#ayuda\n#lista\n#ver", []),
    ("#ver\n#responder\nYa va.", [("reply", {}, "Ya va.")]),
    ("#ausente mañana\n#nota\nCubre Marta.", [("[absent]", {}, ""), ("note", {}, "Cubre Marta.")]),
]


@pytest.mark.parametrize(("text", "expected"), PLANS, ids=[text.replace("\n", " / ") for text, _ in PLANS])
def test_a_mail_comes_to_these_steps(text: str, expected: Expected) -> None:
    assert steps(text) == expected


@pytest.mark.parametrize("command", list(Command))
def test_every_command_has_a_place_in_a_plan(command: Command) -> None:
    """Alone or beside what it needs; none is understood and then forgotten."""
    beside = {Command.WHEN: "#nota x\n", Command.ORIGIN: "#nota x\n", Command.AS_IS: "#nota x\n"}
    value = "" if command in TAKES_NO_VALUE else "1"
    found = planned(f"{beside.get(command, '')}{word_in(command, 'es')} {value}")
    named = [found.tickets, found.when, found.origin, *found.for_reader]
    spoken = {line.command for step in found.steps for line in (step.line, *step.given_by.values())}

    assert command in spoken | {line.command for line in named if line} or (command is Command.AS_IS and found.as_is)


def test_a_command_without_a_value_takes_none_or_takes_it_for_its_text() -> None:
    """What stands behind it is never lost. #help gives its list whatever one asks."""
    without = {row.command for row in table() if not any(row.value.values())}

    assert without - set(TAKES_TEXT) - {Command.HELP} <= TAKES_NO_VALUE <= without


@pytest.mark.parametrize(
    ("text", "number", "why"),
    [
        ("#tomar\n#tomar", 2, "una sola vez"),
        ("#prioridad alta\n#prioridad baja", 2, "una sola vez"),
        ("#nota\n#resuelto\nListo.", 2, "dos correos"),
        ("#resuelto\n#esperar\n¿Y?", 2, "dos correos"),
        ("#resuelto\n#nueva ana@x.org Otra\nx", 2, "dos correos"),
        ("#cuando ayer", 1, "Solo acompaña"),
        ("#resuelto\n#cuando ayer\nListo.", 2, "Solo acompaña"),
        ("#origen teléfono\nHola", 1, "Solo acompaña"),
        ("#llamada\n#origen correo\nx", 2, "Solo acompaña"),
        ("#solicitudes #12 #13\n#tomar\n#ausente mañana", 3, "No va con #solicitudes"),
        ("#nueva ana@x.org Otra\n#solicitudes #12\nx", 1, "No va con #solicitudes"),
        ("#prioridad alta\n#tomar le llamo mañana", 2, "No lleva nada detrás"),
        ("#prueba gracias por avisar", 1, "No lleva nada detrás"),
        ("#tomar\n#seguimiento llamo el lunes\nHola", 2, "No lleva nada detrás"),
        ("#resuelto\n#tal-cual sí\nListo.", 2, "No lleva nada detrás"),
        ("#preparar mañana", 1, "No lleva nada detrás"),
        ("#presente hoy", 1, "No lleva nada detrás"),
        ("#etiqueta ninguna\n#etiqueta vip", 1, "Quita todas"),
        ("#etiqueta +vip\n#etiqueta -", 2, "Quita todas"),
        ("#ayuda\nNo entiendo cómo cerrarlo", 1, "agregue #responder"),
        ("#lista mías\nEl lunes lo veo", 1, "agregue #responder"),
        ("#ver\nMarta, mírala", 1, "agregue #responder"),
        ("#ausente 3 días\nEstoy con gripe", 1, "agregue #responder"),
        ("#presente\nYa volví", 1, "agregue #responder"),
        ("#publicada 7.4\nYa salió", 1, "agregue #responder"),
        ("#solicitudes #12\n#ver\nYa va", 2, "agregue #responder"),
    ],
)
def test_what_does_not_go_together_is_refused_by_its_line(text: str, number: int, why: str) -> None:
    found = plan(commands(text), now=NOW, zone=ZoneInfo("UTC"))

    assert isinstance(found, Misread)
    assert (found.number, why in found.why["es"]) == (number, True), found


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("#unir #12", True),
        ("#solicitante eva@x.org", True),
        ("#publicada 7.4", True),
        ("#solicitudes #12 #13\n#tomar", True),
        ("#solicitudes #12\n#tomar", False),
        ("#tomar\n#resuelto\nListo.", False),
    ],
)
def test_what_cannot_be_taken_back_or_does_much_at_once_asks_for_a_code(text: str, asks: bool) -> None:
    assert risky(commands(text)) is asks


@pytest.mark.parametrize(
    ("text", "asks"),
    [("#tomar\nx", False), ("#plantilla a\nx", False), ("#resuelto\nx", True), ("#asignar a\nx", True)],
)
def test_some_commands_ask_for_the_text(text: str, asks: bool) -> None:
    assert takes_text(commands(text)) is asks


LINES = st.builds(
    lambda command, value: f"{word_in(command, 'es')} {value}".strip(),
    st.sampled_from(list(Command)),
    st.sampled_from(["", "x", "alta", "#12", "+a -b", "mañana", "https://x.example/1 y más", "ana@x.org Asunto", "-"]),
)


@given(st.lists(LINES, min_size=1, max_size=8), st.sampled_from(["", "Hola, Ana."]))
def test_any_commands_make_a_plan_or_name_a_line_and_the_text_is_in_one_step_at_most(
    written: list[str], text: str
) -> None:
    given_: Any = read("\n".join([*written, text]))
    found = plan(given_, now=NOW, zone=ZoneInfo("UTC"))
    if isinstance(found, Misread):
        assert found.number > 0
        return
    with_text = [step for step in found.steps if "Hola, Ana." in step.text]

    assert len(with_text) == (1 if text else 0)
