"""What the desk says of a ticket that somebody of it opens for somebody else, or gives to somebody else. Pure."""

import re
from dataclasses import dataclass

from gateway.desk.refusals import Refusal, Refused
from gateway.desk.words import LANGUAGES, Labels, in_language

EXAMPLE = "ana@example.org"


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a line names, and what stands behind the address. `address` is as it was written."""

    address: str
    name: str
    rest: str


def named(value: str) -> Named | None:
    """'ana@x.org La impresora', 'Ana Gil <ana@x.org> La impresora', 'ana@x.org'; None where there is no address."""
    found = _ADDRESS.search(value)
    if found is None:
        return None
    name = value[: found.start()].strip(" \t\"'<,;:")
    return Named(found["address"].rstrip("."), " ".join(name.split()), value[found.end() :].strip(" \t:;,"))


def first_line(text: str) -> str:
    """What a request is called that was given no subject: how its text begins."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= _LONGEST_SUBJECT else line[:_LONGEST_SUBJECT].rsplit(None, 1)[0] + "…"


def opened(number: int, address: str) -> Labels:
    return _each(_OPENED, number=number, address=address)


def given_to(address: str) -> Labels:
    return _each(_GIVEN_TO, address=address)


def taken_down_by(name: str, language: str) -> str:
    """For those who read of the new ticket: who of the desk wrote it down."""
    return in_language(_TAKEN_DOWN, language).format(name=name)


def nothing_asked() -> Refused:
    return Refused(Refusal.MISSING, _NOTHING_ASKED, "text")


def one_of_ours(address: str) -> Refused:
    return Refused(Refusal.UNKNOWN_VALUE, _each(_OURS, address=address), "requester")


def blocked(address: str) -> Refused:
    return Refused(Refusal.NO_ACCOUNT, _each(_BLOCKED, address=address), "requester")


def theirs_already(address: str) -> Refused:
    return Refused(Refusal.UNKNOWN_VALUE, _each(_ALREADY, address=address), "requester")


def closed(number: int) -> Refused:
    return Refused(Refusal.NOT_IN_STATE, _each(_CLOSED, number=number))


def no_role_here() -> Refused:
    return Refused(Refusal.NOT_PERMITTED, _NO_ROLE)


def not_within(days: int) -> Refused:
    return Refused(Refusal.UNKNOWN_VALUE, _each(_NOT_WITHIN, days=days), "when")


def _each(words: Labels, **values: object) -> Labels:
    return {language: words[language].format(**values) for language in LANGUAGES}


_LONGEST_SUBJECT = 80
_ADDRESS = re.compile(r"<?(?P<address>[^\s<>\"',;@]{1,64}@[^\s<>\"',;:@]{1,255})>?")

_OPENED = {
    "es": "Se abrió la solicitud #{number} a nombre de {address}.",
    "en": "Request #{number} was opened for {address}.",
    "pt": "Foi aberta a solicitação #{number} em nome de {address}.",
}
_GIVEN_TO = {
    "es": "La solicitud es ahora de {address}.",
    "en": "The request now belongs to {address}.",
    "pt": "A solicitação agora é de {address}.",
}
_TAKEN_DOWN = {
    "es": "registrada por {name}",
    "en": "taken down by {name}",
    "pt": "registrada por {name}",
}
_NOTHING_ASKED = {
    "es": "Falta el asunto, o el texto debajo, que diga qué pide.",
    "en": "There is no subject, and no text below that says what they ask.",
    "pt": "Falta o assunto, ou o texto abaixo, que diga o que se pede.",
}
_OURS = {
    "es": "{address} es una dirección de esta mesa: no puede ser quien solicita.",
    "en": "{address} is an address of this desk: it cannot be the requester.",
    "pt": "{address} é um endereço desta central: não pode ser quem solicita.",
}
_BLOCKED = {
    "es": "La cuenta de {address} está bloqueada.",
    "en": "The account of {address} is blocked.",
    "pt": "A conta de {address} está bloqueada.",
}
_ALREADY = {
    "es": "La solicitud ya es de {address}.",
    "en": "The request belongs to {address} already.",
    "pt": "A solicitação já é de {address}.",
}
_CLOSED = {
    "es": "La solicitud #{number} está cerrada: ya no cambia de solicitante.",
    "en": "Request #{number} is closed: its requester does not change any more.",
    "pt": "A solicitação #{number} está encerrada: já não muda de solicitante.",
}
_NO_ROLE = {
    "es": "Solo puede hacerlo quien atiende solicitudes de esta área.",
    "en": "Only somebody who attends requests of this area can do it.",
    "pt": "Só pode fazê-lo quem atende solicitações desta área.",
}
_NOT_WITHIN = {
    "es": "La hora tiene que ser de los últimos {days} días.",
    "en": "The time has to be within the last {days} days.",
    "pt": "A hora tem de ser dos últimos {days} dias.",
}
