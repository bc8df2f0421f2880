"""What the desk says about commands beside what its rules say: why they do not count, and what was done. Pure."""

from gateway.desk.words import Labels
from gateway.desk.workflow import Workflow

MYSELF = frozenset({"yo", "mí", "mi", "me", "myself", "eu", "mim"})

NO_TICKET: Labels = {
    "es": "No hay tal solicitud, o usted no puede verla.",
    "en": "There is no such request, or you cannot see it.",
    "pt": "Não há tal chamado, ou você não pode vê-lo.",
}
SO_ALREADY: Labels = {
    "es": "Ya está así.",
    "en": "It is so already.",
    "pt": "Já está assim.",
}
NOT_YET: Labels = {
    "es": "Esa hora todavía no ha llegado.",
    "en": "That time is still to come.",
    "pt": "Essa hora ainda não chegou.",
}
NOBODY_WAITS: Labels = {
    "es": "Ninguna solicitud que usted atienda espera esa versión.",
    "en": "No request of yours waits for that release.",
    "pt": "Nenhum chamado seu espera essa versão.",
}
NO_SUCH_VIEW: Labels = {
    "es": "No hay tal lista ni tal etiqueta: atender, mías, vencidas, quietas, creadas.",
    "en": "There is no such list or tag: attend, mine, overdue, quiet, created.",
    "pt": "Não há tal lista nem etiqueta: atender, meus, vencidos, parados, criados.",
}
NOTHING_TO_DO: Labels = {
    "es": "No dice qué hacer.",
    "en": "It does not say what to do.",
    "pt": "Não diz o que fazer.",
}
ONLY_A_SIGNATURE: Labels = {
    "es": "Debajo había solo una firma: no se envió a nadie.",
    "en": "Below there was only a signature: it was sent to nobody.",
    "pt": "Embaixo havia só uma assinatura: não foi enviada a ninguém.",
}
OPEN_OR_SHUT: Labels = {
    "es": "abrir, cerrar",
    "en": "open, close",
    "pt": "abrir, fechar",
}
A_TEST: Labels = {
    "es": "Era una prueba",
    "en": "It was a test",
    "pt": "Era um teste",
}

DISTRUSTED: dict[str, Labels] = {
    "off": {
        "es": "En esta mesa no se dan comandos por correo.",
        "en": "This desk takes no commands by mail.",
        "pt": "Esta central não recebe comandos por e-mail.",
    },
    "not signed": {
        "es": "No es seguro que usted haya escrito el correo: llegó sin la firma de su servidor (DKIM). "
        "Si fue usted, envíelo desde su cuenta de siempre; si no, avise a quien administra el servicio.",
        "en": "It is not sure that you wrote the mail: it came without your server's signature (DKIM). "
        "If it was you, send it from your usual account; if not, tell whoever runs the service.",
        "pt": "Não é certo que você tenha escrito o e-mail: chegou sem a assinatura do seu servidor (DKIM). "
        "Se foi você, envie-o da sua conta de sempre; se não, avise quem administra o serviço.",
    },
    "no token": {
        "es": "Los comandos valen solo en la respuesta a un aviso que la mesa le envió a usted. "
        "Responda a este correo y escríbalos de nuevo.",
        "en": "Commands count only in an answer to a letter that the desk sent to you. "
        "Answer this mail and write them again.",
        "pt": "Os comandos valem só na resposta a um aviso que a central lhe enviou. "
        "Responda a este e-mail e escreva-os de novo.",
    },
    "old token": {
        "es": "El aviso que respondió es de hace mucho. Responda a este correo y escríbalos de nuevo.",
        "en": "The letter that you answered is too old. Answer this mail and write them again.",
        "pt": "O aviso que você respondeu é antigo demais. Responda a este e-mail e escreva-os de novo.",
    },
    "not plain text": {
        "es": "El correo llegó solo en HTML y los comandos se leen en el texto sin formato. "
        "Envíelo como texto, o con ambas formas.",
        "en": "The mail came in HTML only, and commands are read in plain text. Send it as text, or in both forms.",
        "pt": "O e-mail chegou só em HTML e os comandos são lidos em texto simples. "
        "Envie-o como texto, ou nas duas formas.",
    },
    "late": {
        "es": "El código venció o ya se usó. Envíe los comandos de nuevo.",
        "en": "The code has expired, or was used. Send the commands again.",
        "pt": "O código venceu ou já foi usado. Envie os comandos de novo.",
    },
    "wrong code": {
        "es": "El código no es el que le enviamos. Escríbalo al comienzo de su respuesta.",
        "en": "The code is not the one that we sent you. Write it at the beginning of your answer.",
        "pt": "O código não é o que lhe enviamos. Escreva-o no começo da sua resposta.",
    },
}


def released(release: str, numbers: list[int]) -> Labels:
    which = ", ".join(f"#{number}" for number in numbers)
    return {
        "es": f"Salió {release}: siguen {which}.",
        "en": f"{release} is out: {which} go on.",
        "pt": f"Saiu {release}: seguem {which}.",
    }


def release_moves_none(numbers: list[int]) -> Labels:
    which = ", ".join(f"#{number}" for number in numbers)
    return {
        "es": f"Ninguna sigue por sí sola con esa versión: escriba usted a quien la espera ({which}).",
        "en": f"None goes on by itself with that release: please write to whoever waits for it ({which}).",
        "pt": f"Nenhum segue por si só com essa versão: escreva você a quem a espera ({which}).",
    }


def about(number: int, why: Labels) -> Labels:
    """Which of several tickets it is about."""
    return {language: f"#{number}: {words}" for language, words in why.items()}


def states(workflow: Workflow) -> Labels:
    """What can be named where no such state is."""
    return {
        language: f"{words} {', '.join(state.labels[language] for state in workflow.states)}."
        for language, words in _NO_SUCH_STATE.items()
    }


_NO_SUCH_STATE = {
    "es": "No hay tal estado. Puede ser:",
    "en": "There is no such state. It can be:",
    "pt": "Não há tal estado. Pode ser:",
}
