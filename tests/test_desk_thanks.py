"""A mail that only says thank you is told from one that has more in it."""

from time import perf_counter

import pytest

from gateway.desk.thanks import plain_thanks

THANKS = [
    "Gracias",
    "¡Muchas gracias!",
    "Mil gracias por su ayuda 😊👍",
    "Hola, buenos días:\n\nMuchas gracias por la rápida respuesta.",
    "Perfecto, ya funciona. ¡Gracias!",
    "GRACIAS",
    "Muchas gracias.\n\nSaludos cordiales,\nAna María Pérez",
    "Gracias\n-- \nAna Pérez\nCompras · Tel. 55 1234",
    "Gracias\n\nEnviado desde mi iPhone",
    "Thank you!",
    "Hi, thank you so much for your help.",
    "Thanks, it works now.\n\nBest regards\nJohn Smith",
    "thx 🙏",
    "Thanks!\n\nSent from my Galaxy",
    "Muito obrigado!",
    "Olá, bom dia. Muito obrigada pela atenção.",
    "Ok, obrigado.\n\nAtenciosamente,\nJoão Silva",
    "Obrigado\n\nEnviado do meu iPhone",
]

MORE = [
    "",
    "   \n",
    "Hola",
    "Ok",
    "👍",
    "Saludos cordiales",
    "Gracias, pero sigue fallando",
    "No funciona, gracias",
    "Gracias. ¿Y la otra impresora",
    "Gracias?",
    "Gracias？",
    "¿Ya funciona? Gracias",
    "Gracias, quedo atento",
    "Gracias de antemano",
    "Agradezco su pronta respuesta",
    "Agradeço o retorno",
    "Your help is appreciated",
    "Gracias.\nUrgente",
    "Gracias\nAna Pérez",
    "Saludos\nAna Pérez",
    "Gracias.\nSaludos\nsigue igual",
    "Gracias.\nSaludos\nAna Pérez\nSin Servicio",
    "Gracias.\nSaludos\nEl 15 vuelvo",
    "Gracias. El número es 4512",
    "Gracias, 2",
    "Gracias\ny la solución",
    "Gracias por nada",
    "Thanks, but it is still broken",
    "Thanks, it is not working",
    "Is it fixed thanks",
    "Have you received it, thanks",
    "Thank you for nothing",
    "Thanks in advance",
    "And the fix? Thanks",
    "Obrigado, mas não funciona",
    "Obrigado. Quando fica pronto",
    "Gracias thanks broken",
    "Merci",
    "gracias " * 200,
]


@pytest.mark.parametrize("text", THANKS)
def test_nothing_but_thanks(text: str) -> None:
    assert plain_thanks(text)


@pytest.mark.parametrize("text", MORE)
def test_more_than_thanks(text: str) -> None:
    assert not plain_thanks(text)


@pytest.mark.parametrize("text", ["gracias " * 200_000, "-- \n" * 300_000, "\n" * 1_000_000, "a\u0301" * 500_000])
def test_a_long_text_is_told_at_once(text: str) -> None:
    began = perf_counter()
    plain_thanks(text)

    assert perf_counter() - began < 0.2
