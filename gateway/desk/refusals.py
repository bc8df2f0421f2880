"""Why an action was not done, in words that say what to do instead. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from gateway.desk.called import called
from gateway.desk.command_words import Command
from gateway.desk.people import ActorKind, Doer, Role
from gateway.desk.states import State
from gateway.desk.verbs import Action
from gateway.desk.words import LANGUAGES, Labels, choices, in_language, nearest

Known = Collection[str | Labels]
"""Values that there are: as they are, or in the words of each language."""


class Refusal(StrEnum):
    NOT_OFFERED = "not_offered"
    NOT_PERMITTED = "not_permitted"
    NOT_IN_STATE = "not_in_state"
    MISSING = "missing"
    UNKNOWN_PARAMETER = "unknown_parameter"
    UNKNOWN_VALUE = "unknown_value"
    IMPOLITE = "impolite"
    NO_WAY = "no_way"
    NO_ACCOUNT = "no_account"
    NOT_CONFORMING = "not_conforming"
    NOT_TOGETHER = "not_together"
    BARRED = "barred"


@dataclass(frozen=True, slots=True)
class Refused:
    """An action that was not done. `words` say it in each language; `parameter` is the one to give or to correct."""

    reason: Refusal
    words: Labels
    parameter: str = ""


def not_offered(action: Action, offered: Iterable[Action]) -> Refused:
    return _refused(Refusal.NOT_OFFERED, _NOT_OFFERED, action=(action,), offered=tuple(offered))


def not_permitted(action: Action, doers: Collection[Doer]) -> Refused:
    """`doers` are those who can do it. Says nothing about the ticket, which the actor may not be allowed to see."""
    words = {
        language: _NOT_PERMITTED[language].format(
            action=called(action, language),
            doers=", ".join(_DOERS[doer][language] for doer in _DOERS if doer in doers) or "–",
        )
        for language in LANGUAGES
    }
    return Refused(Refusal.NOT_PERMITTED, words)


def not_in_state(action: Action, state: State, possible: Iterable[Action]) -> Refused:
    actions = tuple(possible)
    words = {
        language: _NOT_IN_STATE[language].format(
            action=called(action, language), state=state.labels[language], possible=_list(actions, language) or "–"
        )
        for language in LANGUAGES
    }
    return Refused(Refusal.NOT_IN_STATE, words)


def no_way(state: State, targets: Iterable[State]) -> Refused:
    """A move to a state that no way leads to from this one."""
    possible = choices({target.name: target.labels for target in targets})
    words = {
        language: _NO_WAY[language].format(
            state=state.labels[language], targets=", ".join(in_language(target, language) for target in possible)
        )
        for language in LANGUAGES
    }
    return Refused(Refusal.NO_WAY, words, "state")


def missing_account(action: Action) -> Refused:
    return _refused(Refusal.NO_ACCOUNT, _NO_ACCOUNT, action=(action,))


def blocked_requester() -> Refused:
    return Refused(Refusal.NO_ACCOUNT, BLOCKED_REQUESTER)


def not_conforming(action: Action) -> Refused:
    return _refused(Refusal.NOT_CONFORMING, _NOT_CONFORMING, solve=(Action.SOLVE,), unsolved=("unsolved",))


def no_such_ticket(written: str) -> Refused:
    """Also of one that whoever names it may not see: that it is there is not theirs to know."""
    refused = _refused(Refusal.UNKNOWN_VALUE, _NO_SUCH_TICKET, number=_shown(written).lstrip("#"))
    return replace(refused, parameter="to")


def closed_for_good(number: int) -> Refused:
    return replace(_refused(Refusal.NOT_TOGETHER, _CLOSED_FOR_GOOD, number=str(number)), parameter="to")


def not_together(number: int) -> Refused:
    return _refused(Refusal.NOT_TOGETHER, _NOT_TOGETHER, number=str(number))


def no_standards() -> Refused:
    return Refused(Refusal.UNKNOWN_VALUE, _NO_STANDARDS, "standard")


def missing(action: Action | Command, parameter: str, *, known: Known = ()) -> Refused:
    words = _MISSING_TEXT if parameter == "text" else _MISSING
    refused = _refused(Refusal.MISSING, words, parameter=(parameter,), action=(action,))
    return Refused(refused.reason, _with_known(refused.words, "", known), parameter)


def unknown_parameter(action: Action, parameter: str, *, known: Collection[str]) -> Refused:
    refused = _refused(Refusal.UNKNOWN_PARAMETER, _UNKNOWN_PARAMETER, parameter=_shown(parameter), action=(action,))
    return Refused(refused.reason, _with_known(refused.words, parameter, known), parameter)


def unknown_value(parameter: str, value: str, *, known: Known = (), example: str | Labels = "") -> Refused:
    """`known` are the values that there are, or `example` shows how one is written. For callers too, who know more:
    the desk's areas, people, and tickets."""
    refused = _refused(Refusal.UNKNOWN_VALUE, _UNKNOWN_VALUE, parameter=(parameter,), value=_shown(value))
    words = _with_known(refused.words, value, known)
    if example:
        words = {
            language: f"{words[language]} {_EXAMPLE[language].format(example=in_language(example, language))}"
            for language in words
        }
    return Refused(refused.reason, words, parameter)


def _refused(reason: Refusal, words: Labels, **values: str | tuple[str, ...]) -> Refused:
    """`values` are as they are, or in a tuple the names of actions and parameters, for which languages have words."""
    said = {
        language: {name: value if isinstance(value, str) else _list(value, language) for name, value in values.items()}
        for language in LANGUAGES
    }
    return Refused(reason, {language: words[language].format(**said[language]) for language in LANGUAGES})


def _with_known(words: Labels, value: str, known: Known) -> Labels:
    """`words` with the nearest right one, or with all that there are."""
    if not known:
        return words
    said: dict[str, str] = {}
    for language, first in words.items():
        listed = [in_language(one, language) for one in known]
        near = nearest(value, listed)
        more = (
            _KNOWN[language].format(known=", ".join(listed)) if near is None else _NEAREST[language].format(known=near)
        )
        said[language] = f"{first} {more}"
    return said


def _list(names: Iterable[str], language: str) -> str:
    """What has no word of its own in this language is left out of a list of several."""
    words = [called(name, language) for name in names]
    own = [word for word in words if word.startswith("#")]
    return ", ".join(own if language != "en" and own else words)


def _shown(value: str) -> str:
    """What somebody wrote, cut short and on one line."""
    return "".join(sign if sign.isprintable() else " " for sign in value[:60])


_NOT_OFFERED = {
    "es": "Esta mesa no tiene la acción «{action}». Tiene: {offered}.",
    "en": "This desk does not have the action “{action}”. It has: {offered}.",
    "pt": "Esta central não tem a ação «{action}». Tem: {offered}.",
}
_NOT_PERMITTED = {
    "es": "No tiene permiso para «{action}» en esta solicitud. Pueden hacerlo: {doers}.",
    "en": "You are not permitted to “{action}” this ticket. Those who can: {doers}.",
    "pt": "Você não tem permissão para «{action}» neste chamado. Podem fazê-lo: {doers}.",
}
_NOT_IN_STATE = {
    "es": "«{action}» no es posible mientras la solicitud está en «{state}». Ahora es posible: {possible}.",
    "en": "“{action}” is not possible while the ticket is “{state}”. Possible now: {possible}.",
    "pt": "«{action}» não é possível enquanto o chamado está em «{state}». Agora é possível: {possible}.",
}
_MISSING = {
    "es": "Falta «{parameter}» para «{action}».",
    "en": "“{parameter}” is missing for “{action}”.",
    "pt": "Falta «{parameter}» para «{action}».",
}
_MISSING_TEXT = {
    "es": "Falta el texto para «{action}».",
    "en": "The text is missing for “{action}”.",
    "pt": "Falta o texto para «{action}».",
}
_UNKNOWN_PARAMETER = {
    "es": "«{action}» no admite «{parameter}».",
    "en": "“{action}” does not take “{parameter}”.",
    "pt": "«{action}» não aceita «{parameter}».",
}
_UNKNOWN_VALUE = {
    "es": "«{value}» no es un valor de «{parameter}».",
    "en": "“{value}” is not a value of “{parameter}”.",
    "pt": "«{value}» não é um valor de «{parameter}».",
}
_NO_WAY = {
    "es": "De «{state}» no se pasa a ese estado. Ahora es posible: {targets}.",
    "en": "No way leads to that state from “{state}”. Possible now: {targets}.",
    "pt": "De «{state}» não se passa para esse estado. Agora é possível: {targets}.",
}
_NO_ACCOUNT = {
    "es": "«{action}» no es posible todavía: quien lo solicita no tiene una cuenta activa.",
    "en": "“{action}” is not possible yet: the requester has no active account.",
    "pt": "«{action}» ainda não é possível: quem solicita não tem uma conta ativa.",
}
BLOCKED_REQUESTER: Labels = {
    "es": "La cuenta de quien hizo la solicitud está bloqueada: no se le envía nada.",
    "en": "The account of the requester is blocked: nothing is sent to them.",
    "pt": "A conta de quem fez a solicitação está bloqueada: nada lhe é enviado.",
}
_NOT_CONFORMING = {
    "es": "La respuesta no resuelve el caso. Use «{solve}», o agregue «{unsolved}» si queda en seguimiento.",
    "en": "The answer does not solve the case. Use “{solve}”, or add {unsolved}=yes if it is being followed up.",
    "pt": "A resposta não resolve o caso. Use «{solve}», ou acrescente «{unsolved}» se fica em acompanhamento.",
}
_NO_SUCH_TICKET = {
    "es": "No hay ninguna solicitud #{number}, o usted no puede verla.",
    "en": "There is no ticket #{number}, or you cannot see it.",
    "pt": "Não há nenhum chamado #{number}, ou você não pode vê-lo.",
}
_CLOSED_FOR_GOOD = {
    "es": "La solicitud #{number} está cerrada: ya no se le une otra.",
    "en": "Ticket #{number} is closed: nothing is merged into it any more.",
    "pt": "O chamado #{number} está encerrado: nada mais se une a ele.",
}
_NO_STANDARDS = {
    "es": "Esta área no tiene respuestas estándar.",
    "en": "This area has no standard answers.",
    "pt": "Esta área não tem respostas padrão.",
}
_NOT_TOGETHER = {
    "es": "La solicitud #{number} es de otra persona: solo se unen las de una misma persona.",
    "en": "Ticket #{number} belongs to somebody else: only tickets of the same requester can be joined.",
    "pt": "O chamado #{number} é de outra pessoa: só se juntam chamados de quem os solicitou.",
}
_NEAREST = {"es": "¿Quiso decir «{known}»?", "en": "Did you mean “{known}”?", "pt": "Quis dizer «{known}»?"}
_KNOWN = {"es": "Puede ser: {known}.", "en": "It can be: {known}.", "pt": "Pode ser: {known}."}
_EXAMPLE = {"es": "Por ejemplo: {example}.", "en": "For example: {example}.", "pt": "Por exemplo: {example}."}

_DOERS: dict[Doer, Labels] = {
    Role.AGENT: {"es": "agente", "en": "agent", "pt": "agente"},
    Role.SUPERVISOR: {"es": "supervisor", "en": "supervisor", "pt": "supervisor"},
    Role.ADMINISTRATOR: {"es": "administrador", "en": "administrator", "pt": "administrador"},
    ActorKind.OWNER: {
        "es": "responsable de la solicitud",
        "en": "owner of the ticket",
        "pt": "responsável pelo chamado",
    },
    ActorKind.REQUESTER: {"es": "solicitante", "en": "requester", "pt": "solicitante"},
    ActorKind.PARTICIPANT: {"es": "participante", "en": "participant", "pt": "participante"},
}
