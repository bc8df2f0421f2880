"""Which commands of a mail go together, and with what stands behind and below them. Pure."""

from collections.abc import Mapping, Sequence

from gateway.desk.command_values import tags
from gateway.desk.command_words import Command, word_in
from gateway.desk.commands import Commands, Line, Misread
from gateway.desk.verbs import Action
from gateway.desk.words import LANGUAGES, Labels


def go_apart(commands: Commands) -> Misread | None:
    """The first line that does not go with the others, or with the text."""
    lines = commands.lines
    once: dict[Command, Line] = {}
    for line in lines:
        if line.command in once and line.command not in _SEVERAL:
            return Misread(line.number, line.written, _TWICE)
        if line.value and line.command in TAKES_NO_VALUE:
            return Misread(line.number, line.written, _NO_VALUE)
        once[line.command] = line
    about = [line for line in lines if line.command is not Command.TICKETS]
    if commands.text and about and all(line.command in _SAYS_NOTHING_OF_IT for line in about):
        return Misread(about[0].number, about[0].written, _FOR_WHOM)
    tagged = [line for line in lines if line.command is Command.TAG]
    everything = next((line for line in tagged if not tags(line.value)), None)
    if everything is not None and len(tagged) > 1:
        return Misread(everything.number, everything.written, _ALL_AND_SOME)
    notes, main = who_takes_it(lines)
    second = next((line for line in lines if line.command in TAKES_TEXT and line not in (*notes, main)), None)
    if main is not None and second is not None:
        return Misread(second.number, second.written, _together(main.command, second.command))
    alone = next((line for line in lines if line.command in _OF_NO_TICKET), None)
    if alone is not None and Command.TICKETS in once:
        return Misread(alone.number, alone.written, _OF_NO_TICKETS)
    for needs, wanted in ((Command.WHEN, _WITH_WHEN), (Command.ORIGIN, _WITH_ORIGIN)):
        if needs in once and not (main is not None and main.command in wanted):
            return Misread(once[needs].number, once[needs].written, _ALONE)
    return None


def who_takes_it(lines: Sequence[Line]) -> tuple[Sequence[Line], Line | None]:
    """The notes that stand for themselves beside others, and the line that takes the text.

    Of nothing but notes the last takes it: what stands below a note stays inside.
    """
    takers = [line for line in lines if line.command in TAKES_TEXT]
    notes = [line for line in takers if line.command is Command.NOTE and line.value]
    notes = notes[:-1] if notes == takers else notes
    return notes, next((line for line in takers if line not in notes), None)


def _together(first: Command, second: Command) -> Labels:
    return {
        language: words.format(first=word_in(first, language), second=word_in(second, language))
        for language, words in _NOT_TOGETHER.items()
    }


TAKES_TEXT: Mapping[Command, Action | None] = {
    Command.REPLY: Action.REPLY,
    Command.NOTE: Action.NOTE,
    Command.SOLVE: Action.SOLVE,
    Command.WAIT: Action.WAIT,
    Command.INCOMPLETE: Action.INCOMPLETE,
    Command.REJECT: Action.REJECT,
    Command.CANCEL: Action.CANCEL,
    Command.CLOSE: Action.CLOSE,
    Command.REOPEN: Action.REOPEN,
    Command.STATE: Action.MOVE,
    Command.PREPARE: Action.PREPARE,
    Command.CONTRIBUTION: Action.CONTRIBUTE,
    Command.TEST: Action.CLOSE,
    Command.CALL: Action.RECORD,
    Command.WHATSAPP: Action.RECORD,
    Command.SPLIT: Action.SPLIT,
    Command.CONSULT: None,
    Command.NEW: None,
}
"""What says what becomes of the text; None: it is no action of the workflow."""

FOR_READER = (Command.VIEW, Command.LIST, Command.HELP)
TAKES_NO_VALUE = frozenset({Command.TAKE, Command.FOLLOWED, Command.AS_IS, Command.PREPARE, Command.TEST, Command.BACK})
"""What is written behind another command without a value (#solve, #wait) is the beginning of its text."""
_SAYS_NOTHING_OF_IT = frozenset({*FOR_READER, Command.ABSENT, Command.BACK, Command.RELEASED})
"""Beside these alone a text could be for the requester, or a remark to the desk."""
_SEVERAL = frozenset({Command.TAG, Command.CHECK, Command.LINK, Command.VIEW, Command.PARTICIPANT, Command.NOTE})
_OF_NO_TICKET = frozenset({Command.NEW, Command.RELEASED, Command.ABSENT, Command.BACK})
_WITH_WHEN = frozenset({Command.NEW, Command.CALL, Command.WHATSAPP, Command.NOTE})
_WITH_ORIGIN = frozenset({Command.NEW, Command.NOTE})

_TWICE = {
    "es": "Este comando ya está más arriba; va una sola vez.",
    "en": "This command stands above already; it goes in once.",
    "pt": "Este comando já está acima; vai uma só vez.",
}
_NOT_TOGETHER = {
    "es": "{first} y {second} quieren el mismo texto: envíelos en dos correos.",
    "en": "{first} and {second} want the same text: send two mails.",
    "pt": "{first} e {second} querem o mesmo texto: envie dois e-mails.",
}
_OF_NO_TICKETS = {
    "es": "No va con #solicitudes: no es de ninguna en particular. Envíelo en un correo aparte.",
    "en": "It does not go with #tickets: it is about none of them. Send it in a mail of its own.",
    "pt": "Não vai com #chamados: não é de nenhum em particular. Envie em um e-mail à parte.",
}
_ALONE = {
    "es": "Solo acompaña a #nueva, #llamada, #whatsapp o #nota.",
    "en": "It only goes with #new, #call, #whatsapp or #note.",
    "pt": "Só acompanha #novo, #ligação, #whatsapp ou #nota.",
}
_NO_VALUE = {
    "es": "No lleva nada detrás: el texto va debajo de los comandos, en otra línea.",
    "en": "Nothing goes behind it: text goes below the commands, on a line of its own.",
    "pt": "Não leva nada depois: o texto vai abaixo dos comandos, em outra linha.",
}
_FOR_WHOM = {
    "es": "El correo trae un texto y no dice para quién: agregue #responder para enviarlo a quien hizo la solicitud, "
    "o #nota para dejarlo adentro.",
    "en": "The mail has a text and does not say for whom: add #reply to send it to the requester, "
    "or #note to keep it inside.",
    "pt": "O e-mail traz um texto e não diz para quem: acrescente #responder para enviá-lo a quem abriu o chamado, "
    "ou #nota para deixá-lo dentro.",
}
_ALL_AND_SOME = {
    "es": "Quita todas las etiquetas: no va con otra línea de #etiqueta.",
    "en": "It takes all tags away: it does not go with another line of #tag.",
    "pt": "Tira todas as etiquetas: não vai com outra linha de #etiqueta.",
}
_SAYINGS = (_TWICE, _NOT_TOGETHER, _OF_NO_TICKETS, _ALONE, _NO_VALUE, _FOR_WHOM, _ALL_AND_SOME)
assert all(set(words) == set(LANGUAGES) for words in _SAYINGS)
