"""What actions and parameters are called where people write them: by mail in their own language. Pure."""

from gateway.desk.command_words import Command, word_in
from gateway.desk.words import Labels

_COMMANDS = {
    **{command.value: command for command in Command},
    "record": Command.CALL,
    "contribute": Command.CONTRIBUTION,
    "move": Command.STATE,
    "owner": Command.ASSIGN,
    "tags": Command.TAG,
    "item": Command.CHECK,
    "unsolved": Command.FOLLOWED,
    "until": Command.ABSENT,
}
_WORDS: dict[str, Labels] = {
    "classify": {"es": "cambiar los datos", "pt": "mudar os dados"},
    "approve": {"es": "aprobar", "pt": "aprovar"},
    "refuse": {"es": "rechazar la solución", "pt": "recusar a solução"},
    "survey": {"es": "la encuesta", "pt": "a pesquisa"},
    "dispute": {"es": "discutir la clasificación", "pt": "contestar a classificação"},
    "reason": {"es": "motivo", "pt": "motivo"},
    "to": {"es": "número de solicitud", "pt": "número de chamado"},
    "level": {"es": "nivel", "pt": "nível"},
    "kind": {"es": "tipo", "pt": "tipo"},
    "address": {"es": "dirección", "pt": "endereço"},
    "evidence": {"es": "enlace", "pt": "link"},
    "subject": {"es": "asunto", "pt": "assunto"},
    "score": {"es": "puntaje", "pt": "nota"},
    "proposed": {"es": "propuesta", "pt": "proposta"},
}


def called(name: str, language: str) -> str:
    """The word of the command for an action or a parameter (#asignar), or what else it is called; in English its name.

    English keeps the canonical names: who reads it may be at the command line.
    """
    command = _COMMANDS.get(name)
    if language == "en":
        return name
    return _WORDS.get(name, {}).get(language, name) if command is None else word_in(command, language)
