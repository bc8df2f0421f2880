"""What is said to somebody who asks that another address be theirs too. Pure."""

from gateway.desk.refusals import Refusal, Refused, unknown_value
from gateway.desk.words import LANGUAGES, Labels

ASKED_PER_DAY = 3
"""So often a person may ask in a day, and so often an address is asked."""


def asked(address: str) -> Labels:
    return _with(_ASKED, address)


def theirs_already(address: str) -> Labels:
    return _with(_THEIRS, address)


def no_address(written: str) -> Refused:
    return unknown_value("address", written, example="ana@example.org")


def from_first_address() -> Refused:
    return Refused(Refusal.NOT_PERMITTED, _FIRST)


def by_the_desk_only(address: str) -> Refused:
    """The same for all that stands against it: whoever asks learns nothing of the other account."""
    return Refused(Refusal.NOT_PERMITTED, _with(_DESK, address), "address")


def too_often() -> Refused:
    return Refused(Refusal.NOT_PERMITTED, _OFTEN)


def _with(words: Labels, address: str) -> Labels:
    return {language: words[language].format(address=address) for language in LANGUAGES}


_ASKED = {
    "es": "Le escribimos a {address}. Cuando responda desde allí, esa dirección será suya también.",
    "en": "We wrote to {address}. Once it is answered from there, that address is yours too.",
    "pt": "Escrevemos para {address}. Quando responder de lá, esse endereço também será seu.",
}
_THEIRS = {
    "es": "La dirección {address} ya es suya.",
    "en": "The address {address} is yours already.",
    "pt": "O endereço {address} já é seu.",
}
_FIRST = {
    "es": "Pídalo desde la primera dirección con la que nos escribió, con su cuenta activa.",
    "en": "Ask for it from the first address that you wrote to us from, with your account active.",
    "pt": "Peça-o a partir do primeiro endereço com que nos escreveu, com a sua conta ativa.",
}
_DESK = {
    "es": "La dirección {address} no se puede agregar por correo. Escríbanos y lo vemos con usted.",
    "en": "The address {address} cannot be added by mail. Write to us, and we look at it with you.",
    "pt": "O endereço {address} não pode ser acrescentado por e-mail. Escreva-nos e veremos com você.",
}
_OFTEN = {
    "es": "Por hoy ya se pidió varias veces. Inténtelo de nuevo mañana, por favor.",
    "en": "This was asked for several times today. Please try again tomorrow.",
    "pt": "Hoje isto já foi pedido várias vezes. Tente de novo amanhã, por favor.",
}
