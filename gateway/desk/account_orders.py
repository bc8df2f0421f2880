"""An agent's order about a requester's account: its words, who may give it, and what is said when it is done. Pure."""

from collections.abc import Collection

from gateway.desk.folding import words_of
from gateway.desk.people import PersonState, Role
from gateway.desk.refusals import Refusal, Refused, unknown_value
from gateway.desk.words import LANGUAGES, Labels


def state_meant(written: str) -> PersonState | Refused:
    """What `#cuenta inactiva` wants; Refused with what one can write for any other word."""
    words = " ".join(words_of(written))
    return _MEANT.get(words) or unknown_value("account", written, known=tuple(ACCOUNT_STATES.values()))


def may_set(
    before: str, after: PersonState, *, mine: Collection[str], theirs: Collection[str], own: bool
) -> Refused | None:
    """Why somebody may not; None when they may.

    mine: their roles in the ticket's area. theirs: the roles of the account, in any area; own: it is theirs.
    """
    if own:
        return Refused(Refusal.NOT_PERMITTED, _OWN)
    if not mine:
        return Refused(Refusal.NOT_PERMITTED, _NO_ROLE)
    if theirs and Role.ADMINISTRATOR not in mine:
        return Refused(Refusal.NOT_PERMITTED, _OF_THE_DESK)
    if PersonState.BLOCKED in (before, after) and {Role.SUPERVISOR, Role.ADMINISTRATOR}.isdisjoint(mine):
        return Refused(Refusal.NOT_PERMITTED, _BLOCKING)
    if before not in list(PersonState):
        return Refused(Refusal.NO_ACCOUNT, _NOBODY)
    return None


def done(address: str, state: PersonState) -> Labels:
    return {
        language: _DONE[language].format(address=address, state=ACCOUNT_STATES[state][language])
        for language in LANGUAGES
    }


def so_already(address: str, state: PersonState) -> Labels:
    return {
        language: _ALREADY[language].format(address=address, state=ACCOUNT_STATES[state][language])
        for language in LANGUAGES
    }


ACCOUNT_STATES: dict[str, Labels] = {
    PersonState.ACTIVE: {"es": "activa", "en": "active", "pt": "ativa"},
    PersonState.INACTIVE: {"es": "inactiva", "en": "inactive", "pt": "inativa"},
    PersonState.BLOCKED: {"es": "bloqueada", "en": "blocked", "pt": "bloqueada"},
}
_MEANT = {
    word: state
    for state, words in (
        (PersonState.ACTIVE, "activa activo activar active ativa ativo ativar"),
        (PersonState.INACTIVE, "inactiva inactivo inactivar inactive inativa inativo inativar"),
        (PersonState.BLOCKED, "bloqueada bloqueado bloquear blocked block"),
    )
    for word in words.split()
}
_DONE = {
    "es": "La cuenta de {address} está {state}.",
    "en": "The account of {address} is {state}.",
    "pt": "A conta de {address} está {state}.",
}
_ALREADY = {
    "es": "La cuenta de {address} ya estaba {state}.",
    "en": "The account of {address} was {state} already.",
    "pt": "A conta de {address} já estava {state}.",
}
_OWN = {
    "es": "Su propia cuenta no se cambia así; pídalo a quien administra la mesa.",
    "en": "Your own account is not changed this way; ask an administrator of the desk.",
    "pt": "A sua própria conta não se altera assim; peça a quem administra a central.",
}
_NO_ROLE = {
    "es": "Solo quien atiende esta área puede cambiar la cuenta de quien lo solicita.",
    "en": "Only people of this area can change the requester's account.",
    "pt": "Só quem atende esta área pode alterar a conta de quem solicita.",
}
_OF_THE_DESK = {
    "es": "Esa persona trabaja en la mesa; su cuenta solo la cambia un administrador.",
    "en": "That person works at the desk; only an administrator changes their account.",
    "pt": "Essa pessoa trabalha na central; só um administrador altera a conta dela.",
}
_BLOCKING = {
    "es": "Solo un supervisor o un administrador bloquea y desbloquea cuentas.",
    "en": "Only a supervisor or an administrator blocks and unblocks accounts.",
    "pt": "Só um supervisor ou um administrador bloqueia e desbloqueia contas.",
}
_NOBODY = {
    "es": "No se sabe con certeza quién envió este tiquete, así que no hay cuenta que cambiar.",
    "en": "Nobody knows for sure who sent this ticket, so there is no account to change.",
    "pt": "Não se sabe ao certo quem enviou este chamado, portanto não há conta para alterar.",
}
