"""What is taken as a yes, a no, a score, or "close it": only what cannot mean anything else, in three languages."""

import pytest

from gateway.desk.clear_answers import ClearAnswer, Meaning, clear_answer

YES = """
Sí
Si
Sí.
SI
sí, gracias
Si, gracias.
Sí, muchas gracias por su ayuda
Sí, todo funciona
Si por favor
Sí, apruebo
Apruebo el caso
Aprobado
Aprobado, gracias
De acuerdo
Estoy de acuerdo
Ok
Okey, gracias
Vale
Listo, gracias
Conforme
Correcto, ya quedó
Ya está resuelto, gracias
Ya funciona, mil gracias
Confirmo
Hola, buenos días. Sí, ya quedó solucionado. Saludos
Yes
Yes, thanks
Yes please
Approved
I approve, thank you very much
OK, thanks
It works now, thanks
It is fixed
Solved, thank you
I confirm
Sim
Sim, obrigado
Sim, muito obrigada pela ajuda
Aprovo
Aprovado
Concordo
De acordo
Já está resolvido, obrigada
Certo, obrigado
""".strip().splitlines()

NO = """
No
No.
No, sigue fallando: sale el mismo error
No: la impresora sigue sin imprimir
No - todavía sale el error 27
No apruebo
No lo apruebo porque falta el informe
No estoy de acuerdo
Sigue fallando
Sigue igual que ayer
Todavía no funciona
Aún no funciona el módulo
No está resuelto
Rechazo el cierre
No, no funciona
No. Falta el segundo piso
No, it still fails
No: the printer is dead again
Not approved
I do not approve
Still not working
Not solved
It still doesn't work
Não
Não, continua falhando
Não aprovo
Ainda não funciona
Não foi resolvido
Rejeito
""".strip().splitlines()

CLOSE = """
Cierren el caso
Pueden cerrar
Ya pueden cerrar el caso, gracias
Por favor cierren el tiquete
Sí, pueden cerrarlo
Apruebo el cierre
Sí, cierren la solicitud
Ciérrenlo, por favor
Close it
Please close this ticket
You can close it, thanks
Yes, please close the case
I approve closing
Podem fechar
Podem encerrar o chamado, obrigado
Feche o ticket por favor
""".strip().splitlines()

UNCLEAR = """
Gracias
Muchas gracias por todo
Hola
Buenos días
¿Sí?
Sí?
¿Ya está resuelto?
¿Pueden cerrar el caso?
Si se puede
Si puede, gracias
Si funciona, les aviso
Si ya está resuelto, cierren el caso
Si todo funciona bien pueden cerrar el caso
Sí, pero sigue fallando
Sí, aunque falta el informe
Sí, mañana lo pruebo
Sí, recibí el correo
Ok, lo voy a probar
Ok, quedo atento
Listo, ahora lo pruebo y les cuento
Ya casi funciona
No funciona bien
Funciona a medias
Resuelto a medias
Aprobado por mi jefe el viernes
No hay problema
No, gracias
No, muchas gracias
No, ya funciona, gracias
No, todo quedó bien
No, pueden cerrar
No cierren el caso
No lo cierren todavía
Todavía no cierren
Cierren la puerta
El cierre, por favor
De cierre
Ya está cerrado
La caja ya está cerrada
Nos vemos
Norma no llegó
Noticias
Confirmado el vuelo
Yes, but it fails again
Yes if you add the report
Yes?
Is it fixed
Is this solved
Has this been fixed
Did you close it
OK, I will try it tomorrow
It works sometimes
Not sure
No problem
No, thanks
No worries, thank you
No, it works now, thanks
Closing
The closing please
It is closed
Do not close it
Don't close
Nobody answered
Sim, mas continua falhando
Sim?
Se está resolvido podem fechar
Se funcionar, feche
Ok, vou testar
Obrigado
Não, obrigado
Não, já funciona
Não feche
Funciona às vezes
5
10
Oui
Ja, danke
👍
...
""".strip().splitlines()


@pytest.mark.parametrize("text", YES)
def test_a_clear_yes(text: str) -> None:
    assert clear_answer(text) == ClearAnswer(Meaning.YES)


@pytest.mark.parametrize("text", NO)
def test_a_clear_no_keeps_its_whole_text_as_the_reason(text: str) -> None:
    assert clear_answer(text) == ClearAnswer(Meaning.NO, text)


@pytest.mark.parametrize("text", CLOSE)
def test_a_clear_wish_to_close(text: str) -> None:
    assert clear_answer(text) == ClearAnswer(Meaning.CLOSE)


@pytest.mark.parametrize("text", UNCLEAR)
def test_what_may_mean_more_is_no_answer(text: str) -> None:
    assert clear_answer(text) is None


SCORES = {
    "5": (5, ""),
    "5.": (5, ""),
    "5!": (5, ""),
    "4/5": (4, ""),
    "4 / 5": (4, ""),
    "5, gracias": (5, "gracias"),
    "4 - muy bien, pero tarde": (4, "muy bien, pero tarde"),
    "4: muy amables": (4, "muy amables"),
    "3 – tardaron dos días": (3, "tardaron dos días"),
    "5. Excelente servicio": (5, "Excelente servicio"),
    "2\nTardaron tres días.": (2, "Tardaron tres días."),
    "5\n\nMuy buena atención.\nGracias.": (5, "Muy buena atención.\nGracias."),
    "Calificación: 5": (5, ""),
    "Nota 4": (4, ""),
    "Puntaje: 3/5": (3, ""),
    "Score: 5": (5, ""),
    "Avaliação: 4": (4, ""),
    "5\n-- \nAna Pérez\nTel. 555 12 34": (5, ""),
    "5\n\nEnviado desde mi iPhone": (5, ""),
    "1\nNadie respondió.": (1, "Nadie respondió."),
}


@pytest.mark.parametrize("text", SCORES)
def test_a_score_with_its_comment(text: str) -> None:
    score, comment = SCORES[text]

    assert clear_answer(text, best=5) == ClearAnswer(Meaning.SCORE, comment, score)


NO_SCORES = """
0
6
55
-5
5/10
4/4
4/5/2026
1:30 me pueden llamar
5.2 es la versión
3,5
3 - 4 impresoras
5 impresoras siguen fallando
2, la de arriba y la de abajo, siguen fallando
1. Abrí el programa
1) Abrí el programa
5%
5:00 pm
5 - ¿cuándo me llaman?
4: what about the second floor
Tengo 5 impresoras
Sí, 5
cinco
٥
""".strip().splitlines()


@pytest.mark.parametrize("text", [*NO_SCORES, "1. Abrí\n2. Imprimí", "5\n1. Abrí\n2. Imprimí", "5\n¿Me llaman mañana?"])
def test_a_number_that_may_be_no_score_is_none(text: str) -> None:
    assert clear_answer(text, best=5) is None


def test_a_number_is_a_score_only_where_the_desk_asks_for_one() -> None:
    assert clear_answer("5") is None
    assert clear_answer("8", best=5) is None
    assert clear_answer("8", best=10) == ClearAnswer(Meaning.SCORE, "", 8)


def test_a_name_at_the_end_and_a_signature_say_nothing() -> None:
    assert clear_answer("Sí, gracias\nAna Pérez") == ClearAnswer(Meaning.YES)
    assert clear_answer("Sí\n-- \nAna Pérez\nGerente") == ClearAnswer(Meaning.YES)
    assert clear_answer("Sí, gracias\n\nEnviado desde mi iPhone") == ClearAnswer(Meaning.YES)
    assert clear_answer("Sí\nAna Pérez no funciona") is None


def test_nothing_and_very_much_are_no_answer() -> None:
    assert clear_answer("") is None
    assert clear_answer(" \n\n") is None
    assert clear_answer("sí " * 2000) is None
    assert clear_answer("No, " + "sigue fallando " * 2000) is None


def test_letters_are_compared_without_case_and_accents_in_either_form() -> None:
    assert clear_answer("SI\u0301, GRACIAS") == ClearAnswer(Meaning.YES)
    assert clear_answer("NA\u0303O") == ClearAnswer(Meaning.NO, "NA\u0303O")


DISPUTES = """
No estoy de acuerdo con la clasificación, es SW4
no estoy de acuerdo con la clasificacion: SW4
Buenos días. No estoy de acuerdo con la clasificación HD1. Debería ser SW4, porque es un error del programa. Gracias
La clasificación no es correcta: SW4
La clasificación está mal, debe ser SW4 y no HD1
La clasificación debería ser «SW4».
Objeto la clasificación, es SW4
I don't agree with the classification, it should be SW4
Hello, the classification is wrong: it's SW4, not HD1. Thanks
The right classification is SW4
Não concordo com a classificação, é SW4
Discordo da classificação: deveria ser SW4
A classificação está errada, deve ser SW4, pois é um erro do programa. Obrigada
""".strip().splitlines()

NO_DISPUTE = """
La clasificación es SW4
¿La clasificación no debería ser SW4?
Ustedes dijeron que la clasificación debería ser SW4
No estoy de acuerdo con la clasificación
La clasificación debería ser SW4. Además sigue fallando.
La clasificación debería ser SW4, porque es un error. No cierren el caso.
La clasificación está mal, como dije en la #27
No estoy de acuerdo con el cierre, es SW4
Si la clasificación debería ser SW4, avísenme
The classification should be SW4, but it still fails
A classificação deve ser revista
""".strip().splitlines()


@pytest.mark.parametrize("text", DISPUTES)
def test_a_clear_dispute_says_which_classification_is_right(text: str) -> None:
    assert clear_answer(text, disputes=True) == ClearAnswer(Meaning.DISPUTE, "SW4")
    assert clear_answer(f"{text}\n\nAna Pérez", disputes=True) == ClearAnswer(Meaning.DISPUTE, "SW4")


@pytest.mark.parametrize("text", DISPUTES)
def test_who_may_not_dispute_says_nothing_of_the_kind(text: str) -> None:
    said = clear_answer(text)

    assert said is None or said.meaning is Meaning.NO


@pytest.mark.parametrize("text", NO_DISPUTE)
def test_what_says_more_or_names_no_classification_is_no_dispute(text: str) -> None:
    said = clear_answer(text, disputes=True)

    assert said is None or said.meaning is Meaning.NO
