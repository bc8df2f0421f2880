"""What the demo says around its story, in each language. Pure."""

from gateway.desk.words import Labels

WORDS: dict[str, Labels] = {
    "at work": {"en": "the gateway is at work …", "es": "el gateway trabaja …", "pt": "o gateway trabalha …"},
    "title": {
        "en": "A help desk's morning, by real mail",
        "es": "Una mañana en la mesa de ayuda, por correo de verdad",
        "pt": "Uma manhã na central de atendimento, por e-mail de verdade",
    },
    "subtitle": {
        "en": "A gateway of its own in a temporary folder; no mail leaves this machine.",
        "es": "Un gateway propio en una carpeta temporal; ningún correo sale de esta máquina.",
        "pt": "Um gateway próprio numa pasta temporária; nenhum e-mail sai desta máquina.",
    },
    "from": {"en": "From", "es": "De", "pt": "De"},
    "to": {"en": "To", "es": "Para", "pt": "Para"},
    "subject": {"en": "Subject", "es": "Asunto", "pt": "Assunto"},
    "clock": {"en": "Clock", "es": "Reloj", "pt": "Relógio"},
    "more": {
        "en": "… {number} more lines, all quoted",
        "es": "… {number} líneas citadas más",
        "pt": "… mais {number} linhas citadas",
    },
    "reads": {"en": "the desk reads:", "es": "la mesa lee:", "pt": "a central lê:"},
    "folded": {
        "en": "folded, not deleted: {lines} lines; levels of quotation: {levels}",
        "es": "plegado, no borrado: {lines} líneas; niveles de citas: {levels}",
        "pt": "dobrado, não apagado: {lines} linhas; níveis de citação: {levels}",
    },
    "nothing": {
        "en": "no ticket, no letter",
        "es": "ningún tiquete, ninguna carta",
        "pt": "nenhum chamado, nenhuma carta",
    },
    "not again": {
        "en": "one week later: nothing is due any more",
        "es": "una semana después: ya no hay nada pendiente",
        "pt": "uma semana depois: não há mais nada a fazer",
    },
    "wrong": {
        "en": "This step did not come out as told:",
        "es": "Este paso no resultó como se contó:",
        "pt": "Este passo não saiu como contado:",
    },
    "done": {
        "en": "{steps} steps as told: {mails} mails in, {letters} letters out, in {seconds} s",
        "es": "{steps} pasos como se contó: {mails} correos recibidos, {letters} cartas enviadas, en {seconds} s",
        "pt": "{steps} passos como contado: {mails} e-mails recebidos, {letters} cartas enviadas, em {seconds} s",
    },
    "kept": {
        "en": "All of it is in {folder}; look on with:",
        "es": "Todo está en {folder}; siga mirando con:",
        "pt": "Tudo está em {folder}; continue olhando com:",
    },
    "gone": {
        "en": "The folder is gone again; --keep leaves it to look into.",
        "es": "La carpeta ya no está; con --keep se queda para mirarla.",
        "pt": "A pasta já não existe; com --keep ela fica para ser vista.",
    },
}

VERDICTS: dict[str, Labels] = {
    "ticket": {"en": "ticket", "es": "tiquete", "pt": "chamado"},
    "reply": {"en": "reply to", "es": "respuesta a", "pt": "resposta a"},
    "command": {"en": "command for", "es": "comando para", "pt": "comando para"},
    "automatic": {"en": "automatic", "es": "automático", "pt": "automático"},
    "": {"en": "ticket", "es": "tiquete", "pt": "chamado"},
}

ACCOUNTS: dict[str, Labels] = {
    "pending": {"en": "account not confirmed yet", "es": "cuenta sin confirmar", "pt": "conta ainda não confirmada"},
    "active": {"en": "account active", "es": "cuenta activa", "pt": "conta ativa"},
}
