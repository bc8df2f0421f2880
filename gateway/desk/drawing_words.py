"""What leads from one state to another, in words for a picture. Pure."""

from collections.abc import Mapping

from gateway.desk.duration import Duration, Unit
from gateway.desk.verbs import Action, Happening
from gateway.desk.words import Labels

WORDS: Mapping[Action | Happening, Labels] = {
    Action.REPLY: {"es": "responder", "en": "reply", "pt": "responder"},
    Action.NOTE: {"es": "anotar", "en": "note", "pt": "anotar"},
    Action.TAKE: {"es": "tomar", "en": "take", "pt": "assumir"},
    Action.ASSIGN: {"es": "asignar", "en": "assign", "pt": "atribuir"},
    Action.CLASSIFY: {"es": "clasificar", "en": "classify", "pt": "classificar"},
    Action.MOVE: {"es": "mover", "en": "move", "pt": "mover"},
    Action.WAIT: {"es": "esperar", "en": "wait", "pt": "aguardar"},
    Action.SOLVE: {"es": "resolver", "en": "solve", "pt": "resolver"},
    Action.CLOSE: {"es": "cerrar", "en": "close", "pt": "encerrar"},
    Action.REOPEN: {"es": "reabrir", "en": "reopen", "pt": "reabrir"},
    Action.REJECT: {"es": "rechazar", "en": "reject", "pt": "recusar"},
    Action.CANCEL: {"es": "cancelar", "en": "cancel", "pt": "cancelar"},
    Action.INCOMPLETE: {"es": "pedir lo que falta", "en": "ask for what is missing", "pt": "pedir o que falta"},
    Action.MERGE: {"es": "unir a otra", "en": "merge", "pt": "unir a outra"},
    Action.SPLIT: {"es": "dividir", "en": "split", "pt": "dividir"},
    Action.LINK: {"es": "enlazar", "en": "link", "pt": "vincular"},
    Action.TIME: {"es": "anotar tiempo", "en": "book time", "pt": "anotar tempo"},
    Action.RECORD: {"es": "registrar", "en": "record", "pt": "registrar"},
    Action.ESCALATE: {"es": "escalar", "en": "escalate", "pt": "escalar"},
    Action.MENTION: {"es": "avisar a un nivel", "en": "mention", "pt": "avisar um nível"},
    Action.PREPARE: {"es": "preparar", "en": "prepare", "pt": "preparar"},
    Action.CONTRIBUTE: {"es": "abrir o cerrar la contribución", "en": "open or close contribution",
                        "pt": "abrir ou fechar a contribuição"},
    Action.APPROVE: {"es": "el solicitante aprueba", "en": "the requester approves", "pt": "o solicitante aprova"},
    Action.REFUSE: {"es": "el solicitante no aprueba", "en": "the requester refuses", "pt": "o solicitante não aprova"},
    Action.SURVEY: {"es": "encuesta", "en": "survey", "pt": "pesquisa"},
    Action.DISPUTE: {"es": "discutir la clasificación", "en": "dispute", "pt": "contestar a classificação"},
    Action.CHECK: {"es": "marcar", "en": "check", "pt": "marcar"},
    Happening.RECEIVED: {"es": "llega un correo", "en": "a mail comes in", "pt": "chega um e-mail"},
    Happening.CUSTOMER_REPLIED: {"es": "el cliente responde", "en": "the customer replies", "pt": "o cliente responde"},
    Happening.RELEASE_ANNOUNCED: {"es": "sale la versión", "en": "the release is out", "pt": "sai a versão"},
    Happening.ACCOUNT_ACTIVE: {"es": "cuenta activa", "en": "account active", "pt": "conta ativa"},
    Happening.TIME_PASSED: {"es": "pasa el tiempo", "en": "time passes", "pt": "o tempo passa"},
}  # fmt: skip

INACTIVE: Labels = {"es": "cuenta inactiva", "en": "account inactive", "pt": "conta inativa"}

_AFTER: Labels = {"es": "tras {}", "en": "after {}", "pt": "após {}"}
_UNITS: Mapping[str, Mapping[Unit, tuple[str, str]]] = {
    "es": {
        Unit.MINUTES: ("minuto", "minutos"),
        Unit.HOURS: ("hora", "horas"),
        Unit.DAYS: ("día", "días"),
        Unit.WEEKS: ("semana", "semanas"),
        Unit.BUSINESS_MINUTES: ("minuto hábil", "minutos hábiles"),
        Unit.BUSINESS_HOURS: ("hora hábil", "horas hábiles"),
        Unit.BUSINESS_DAYS: ("día hábil", "días hábiles"),
    },
    "pt": {
        Unit.MINUTES: ("minuto", "minutos"),
        Unit.HOURS: ("hora", "horas"),
        Unit.DAYS: ("dia", "dias"),
        Unit.WEEKS: ("semana", "semanas"),
        Unit.BUSINESS_MINUTES: ("minuto útil", "minutos úteis"),
        Unit.BUSINESS_HOURS: ("hora útil", "horas úteis"),
        Unit.BUSINESS_DAYS: ("dia útil", "dias úteis"),
    },
}


def after(wait: Duration, language: str) -> str:
    """How long time takes: 'after 6 business days'."""
    units = _UNITS.get(language)
    said = str(wait) if units is None else f"{wait.count} {units[wait.unit][wait.count != 1]}"
    return _AFTER.get(language, _AFTER["en"]).format(said)
