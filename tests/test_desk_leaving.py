"""The words by which a participant says that they want no more letters, and those that only look like them."""

import pytest

from gateway.desk.own_commands import leaves


@pytest.mark.parametrize(
    "text",
    [
        "salir",
        "SALIR.",
        "Salir, por favor",
        "Hola,\n\nquitarme de esta lista por favor.\n\nGracias\nBruno Díaz",
        "Por favor denme de baja de esta solicitud",
        "No quiero recibir más correos",
        "leave",
        "Please remove me from this thread. Thanks!\n\nKind regards\nEva Stone",
        "unsubscribe",
        "Take me off the list, please",
        "Sair",
        "Olá, por favor me remova desta conversa. Obrigado",
        "Não quero receber mais e-mails",
        "Salir\n\n-- \nBruno Díaz\nFirma S.A.",
        "salir\n\nEnviado desde mi iPhone",
        "Por favor podrían sacarme de la conversación. Gracias",
        "Me pueden dar de baja de esta lista",
        "Ya no quiero recibir más correos de este caso",
        "I would like to leave this conversation",
        "Could you please remove me from the thread. Many thanks",
        "Unsubscribe me from this list",
        "I don't want any more emails",
        "Quero sair desta conversa",
        "Podem me tirar da lista, obrigada",
        "Remova-me, por favor",
    ],
)
def test_a_clear_word_alone_leaves(text: str) -> None:
    assert leaves(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Gracias",
        "¿Salir?",
        "¿Cómo salir del modo seguro?",
        "Para salir del programa uso la tecla F10",
        "Baja",
        "Remove",
        "Quitar",
        "Ya pueden salir.",
        "Ya puede salir, gracias",
        "El ticket ya puede salir",
        "can you leave",
        "Podem sair",
        "Leave the request to the team",
        "Leave this list",
        "Remover",
        "Quiten a Ana de la solicitud",
        "Can I leave the printer on",
        "Please leave the toner at the desk",
        "Salir, y además la impresora sigue sin tinta",
        "leave me",
        "Salir please",  # half of it in another language: whoever wrote it is asked nothing, it is read
        "salir " * 200,
    ],
)
def test_what_may_mean_something_else_is_for_somebody_to_read(text: str) -> None:
    assert not leaves(text)
