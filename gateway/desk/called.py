"""What actions and parameters are called where people write them: by mail in their own language. Pure."""

from gateway.desk.command_words import Command, word_in

_COMMANDS = {
    **{command.value: command for command in Command},
    "record": Command.CALL,
    "contribute": Command.CONTRIBUTION,
    "move": Command.STATE,
    "owner": Command.ASSIGN,
    "tags": Command.TAG,
    "level": Command.ESCALATE,
    "item": Command.CHECK,
    "unsolved": Command.FOLLOWED,
}


def called(name: str, language: str) -> str:
    """The word of the command for an action or a parameter (#asignar); in English, and for what has none, its name.

    English keeps the canonical names: who reads it may be at the command line.
    """
    command = _COMMANDS.get(name)
    return name if command is None or language == "en" else word_in(command, language)
