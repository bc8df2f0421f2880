"""What happened, in a few words of its reader's language: for the event log, and for letters that show it. Pure."""

from gateway.desk.words import Labels, in_language


def happened(action: str, language: str) -> str:
    """The words for an event by its name; the name itself for one of an older version."""
    known = WORDS.get(action)
    return action.replace("_", " ") if known is None else in_language(known, language)


def _row(es: str, en: str, pt: str) -> Labels:
    return {"es": es, "en": en, "pt": pt}


WORDS: dict[str, Labels] = {
    "received": _row("la abrió", "opened", "abriu"),
    "mail": _row("llegó un correo", "a mail was kept", "chegou um e-mail"),
    "commands": _row("dio comandos por correo", "gave commands by mail", "deu comandos por e-mail"),
    "customer_replied": _row("respondió", "the requester wrote", "respondeu"),
    "account_active": _row("la cuenta está activa", "the requester's account is active", "a conta está ativa"),
    "release_announced": _row(
        "salió la versión que espera", "the release that it waits for is out", "saiu a versão que espera"
    ),
    "time_passed": _row("pasó el tiempo", "time passed", "passou o tempo"),
    "reply": _row("escribió al solicitante", "answered the requester", "escreveu ao solicitante"),
    "note": _row("dejó una nota", "wrote a note", "deixou uma nota"),
    "record": _row("registró una conversación", "recorded a conversation", "registrou uma conversa"),
    "take": _row("la tomó", "took it", "assumiu"),
    "assign": _row("la asignó", "assigned it", "atribuiu"),
    "classify": _row("cambió sus datos", "changed it", "mudou os dados"),
    "move": _row("la cambió de estado", "moved it on", "mudou o estado"),
    "wait": _row("espera al solicitante", "waits for the requester", "aguarda o solicitante"),
    "solve": _row("la resolvió", "solved it", "resolveu"),
    "close": _row("la cerró", "closed it", "encerrou"),
    "reopen": _row("la reabrió", "reopened it", "reabriu"),
    "reject": _row("la rechazó", "rejected it", "rejeitou"),
    "cancel": _row("la canceló", "cancelled it", "cancelou"),
    "incomplete": _row("la devolvió incompleta", "sent it back as incomplete", "devolveu incompleto"),
    "merge": _row("la unió a otra", "merged it", "uniu a outro"),
    "split": _row("separó una parte", "split a part off", "separou uma parte"),
    "link": _row("la enlazó con otra", "linked it", "ligou a outro"),
    "time": _row("anotó tiempo", "noted time", "anotou tempo"),
    "escalate": _row("la escaló", "escalated it", "escalou"),
    "mention": _row("pidió ayuda", "asked for help", "pediu ajuda"),
    "prepare": _row("la preparó", "prepared it", "preparou"),
    "contribute": _row("cambió la contribución", "changed who may contribute", "mudou a contribuição"),
    "approve": _row("aprobó el cierre", "approved the closing", "aprovou o encerramento"),
    "refuse": _row("rechazó el cierre", "refused the closing", "recusou o encerramento"),
    "survey": _row("respondió la encuesta", "answered the survey", "respondeu a pesquisa"),
    "dispute": _row("discute la clasificación", "disputed the classification", "contesta a classificação"),
    "check": _row("marcó un punto de la lista", "ticked off an item", "marcou um item da lista"),
    "overdue": _row("venció un plazo", "the promised date passed", "venceu um prazo"),
    "participants": _row("cambió los participantes", "changed who takes part", "mudou os participantes"),
    "consulted": _row("consultó a otra persona", "asked a third party aside", "consultou outra pessoa"),
    "left": _row("dejó de participar", "left", "deixou de participar"),
    "requester_changed": _row("cambió el solicitante", "changed the requester", "mudou o solicitante"),
    "delivery_failed": _row("una carta no llegó", "a letter did not arrive", "uma carta não chegou"),
    "parked": _row("no se pudo leer", "could not be read, and waits for a human", "não pôde ser lido"),
    "suspected": _row("parece un duplicado", "looks like a duplicate", "parece duplicado"),
    "muted": _row("quedó en silencio", "muted: nearly equal mails kept coming", "ficou em silêncio"),
    "not answered": _row("no se respondió por sí solo", "the sender was not answered", "não foi respondido por si só"),
    "not relayed": _row("no se reenvió a los demás", "was not relayed", "não foi repassado"),
    "absent": _row("está ausente", "is away", "está ausente"),
    "back": _row("volvió", "is back", "voltou"),
    "notices stopped": _row("no quiere más avisos", "wants no more notices of it", "não quer mais avisos"),
    "notices wanted": _row("quiere avisos otra vez", "wants notices of it again", "quer avisos de novo"),
    "state asked for": _row("preguntó cómo va", "asked how it goes", "perguntou como está"),
    "read_after_all": _row("al final se pudo leer", "could be read after all", "no fim foi possível ler"),
    "confirmed": _row("confirmó la cuenta", "confirmed the account", "confirmou a conta"),
    "disowned": _row("dijo que no fue quien escribió", "said that it was not them", "disse que não foi quem escreveu"),
    "let in": _row("pasó a la mesa", "let in to the desk", "passou à central"),
    "organisation given": _row("quedó en una organización", "put it into an organisation", "ficou em uma organização"),
    "sender confirmed": _row("se confirmó quién la envió", "the sender is confirmed", "confirmou-se quem o enviou"),
    "person merged": _row("dos personas son una", "two people are one", "duas pessoas são uma"),
    "merged into": _row("es una con otra persona", "is one with somebody else", "é uma com outra pessoa"),
    "password chosen": _row("eligió una contraseña", "chose a password", "escolheu uma senha"),
    "released": _row(
        "se vuelve a escribir a una dirección", "letters go to an address again", "volta-se a escrever a um endereço"
    ),
    "suppressed": _row(
        "ya no se escribe a una dirección", "no letters go to an address any more", "não se escreve mais a um endereço"
    ),
    "breaker on": _row(
        "se retienen cartas a remitentes nuevos",
        "letters to new senders are held",
        "retêm-se cartas a remetentes novos",
    ),
    "breaker released": _row(
        "salen otra vez cartas a remitentes nuevos",
        "letters to new senders go again",
        "voltam a sair cartas a remetentes novos",
    ),
    "rescued": _row(
        "sacó un correo de la carpeta de spam",
        "moved a mail out of the spam folder",
        "tirou um e-mail da pasta de spam",
    ),
    "replayed": _row(
        "hizo leer otra vez un correo apartado", "judged a parked mail again", "mandou ler de novo um e-mail retido"
    ),
    "promoted": _row(
        "hizo una solicitud de un correo automático",
        "made a ticket of an automatic mail",
        "fez um chamado de um e-mail automático",
    ),
    "person made": _row("se registró a la persona", "person made", "registrou-se a pessoa"),
    "person changed": _row("cambió la cuenta", "person changed", "mudou a conta"),
    "organisation made": _row("creó una organización", "organisation made", "criou uma organização"),
    "organisation changed": _row("cambió una organización", "organisation changed", "mudou uma organização"),
    "address asked for": _row(
        "pidió que una dirección fuera también suya",
        "asked that an address be theirs too",
        "pediu que um endereço fosse também seu",
    ),
    "address joined": _row("una dirección más es suya", "one more address is theirs", "mais um endereço é seu"),
    "address refused": _row("la dirección no será suya", "the address will not be theirs", "o endereço não será seu"),
}
