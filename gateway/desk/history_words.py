"""What happened to a ticket, in a few words of its reader's language, for letters that show its history. Pure."""

from gateway.desk.words import Labels, in_language


def happened(action: str, language: str) -> str:
    """The words for an event by its name; the name itself for one that has none."""
    known = _WORDS.get(action)
    return action.replace("_", " ") if known is None else in_language(known, language)


def _row(es: str, en: str, pt: str) -> Labels:
    return {"es": es, "en": en, "pt": pt}


_WORDS: dict[str, Labels] = {
    "received": _row("la abrió", "opened it", "abriu"),
    "mail": _row("llegó un correo", "a mail came", "chegou um e-mail"),
    "commands": _row("dio comandos por correo", "gave commands by mail", "deu comandos por e-mail"),
    "customer_replied": _row("respondió", "answered", "respondeu"),
    "account_active": _row("la cuenta está activa", "the account is active", "a conta está ativa"),
    "release_announced": _row("salió la versión que espera", "the release is out", "saiu a versão que espera"),
    "time_passed": _row("pasó el tiempo", "time passed", "passou o tempo"),
    "reply": _row("escribió al solicitante", "wrote to the requester", "escreveu ao solicitante"),
    "note": _row("dejó una nota", "left a note", "deixou uma nota"),
    "record": _row("registró una conversación", "recorded a conversation", "registrou uma conversa"),
    "take": _row("la tomó", "took it", "assumiu"),
    "assign": _row("la asignó", "assigned it", "atribuiu"),
    "classify": _row("cambió sus datos", "changed its data", "mudou os dados"),
    "move": _row("la cambió de estado", "moved it", "mudou o estado"),
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
    "contribute": _row("cambió la contribución", "changed the contribution", "mudou a contribuição"),
    "approve": _row("aprobó el cierre", "approved the closing", "aprovou o encerramento"),
    "refuse": _row("rechazó el cierre", "refused the closing", "recusou o encerramento"),
    "survey": _row("respondió la encuesta", "answered the survey", "respondeu a pesquisa"),
    "dispute": _row("discute la clasificación", "disputes the classification", "contesta a classificação"),
    "check": _row("marcó un punto de la lista", "ticked off an item", "marcou um item da lista"),
    "overdue": _row("venció un plazo", "a date passed", "venceu um prazo"),
    "participants": _row("cambió los participantes", "changed the participants", "mudou os participantes"),
    "consulted": _row("consultó a otra persona", "asked somebody aside", "consultou outra pessoa"),
    "left": _row("dejó de participar", "left", "deixou de participar"),
    "requester_changed": _row("cambió el solicitante", "changed the requester", "mudou o solicitante"),
    "delivery_failed": _row("una carta no llegó", "a letter did not arrive", "uma carta não chegou"),
    "parked": _row("no se pudo leer", "could not be read", "não pôde ser lido"),
    "suspected": _row("parece un duplicado", "looks like a duplicate", "parece duplicado"),
    "muted": _row("quedó en silencio", "was muted", "ficou em silêncio"),
    "not answered": _row("no se respondió por sí solo", "was not answered by itself", "não foi respondido por si só"),
    "not relayed": _row("no se reenvió a los demás", "was not relayed", "não foi repassado"),
    "absent": _row("está ausente", "is away", "está ausente"),
    "back": _row("volvió", "is back", "voltou"),
    "notices stopped": _row("no quiere más avisos", "wants no more notices", "não quer mais avisos"),
    "notices wanted": _row("quiere avisos otra vez", "wants notices again", "quer avisos de novo"),
    "state asked for": _row("preguntó cómo va", "asked how it goes", "perguntou como está"),
}
