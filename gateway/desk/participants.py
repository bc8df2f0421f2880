"""Who may take part in a ticket, and how somebody of the desk says who shall. Pure."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from gateway.desk.providers import public
from gateway.desk.refusals import Refusal, Refused
from gateway.desk.words import LANGUAGES, Labels

MOST_NAMED = 50


class Bar(StrEnum):
    """Why an address cannot take part in a ticket, or be asked aside about it."""

    OURS = "ours"
    NO_REPLY = "no_reply"
    DESK = "desk"
    REQUESTER = "requester"
    SUPPRESSED = "suppressed"
    ACCOUNT = "account"
    PARTICIPANT = "participant"
    CONSULTED = "consulted"
    TOO_MANY = "too_many"
    NOT_THERE = "not_there"


@dataclass(frozen=True, slots=True)
class Wish:
    """An address as it was written, whether it shall go instead of come, and the name before it."""

    written: str
    goes: bool
    name: str = ""


def wishes(value: str) -> tuple[Wish, ...]:
    """What `+eva@x.org -Bob Gil <bob@y.org>` asks for, in its order; without a sign somebody comes.

    Words that name no address stand as they were written: nobody is left out without a word.
    """
    found: list[Wish] = []
    words: list[str] = []
    sign = ""

    def nobody() -> None:
        found.extend(Wish(word, sign == "-") for word in words)
        words.clear()

    for word in re.split(r"[\s,;]+", _LINKED.sub(r"\1", value).replace("<", " <")):
        if word[:1] in ("+", "-"):
            nobody()
            sign = word[:1]
        bare = word.lstrip("+-").strip("\"'")
        written = bare.strip("<>.")
        if "@" not in written:
            words += [written] if written else []
            continue
        if not bare.startswith("<"):
            nobody()
        found.append(Wish(written, sign == "-", " ".join(words)))
        words.clear()
        sign = ""
    nobody()
    return tuple(found[:MOST_NAMED])


def outside(addresses: Iterable[str], *, known: Collection[str], domains: Iterable[str]) -> tuple[str, ...]:
    """Those of `addresses` that belong to nobody known and to none of `domains`, nor to one below them.

    domains: those of the requester's address and of their organisation. A public mail provider's makes nobody one of
    theirs. All addresses are normalised.
    """
    theirs = [domain for domain in domains if domain and not public(domain)]
    return tuple(
        one
        for one in addresses
        if one not in known and not any(f".{one.rpartition('@')[2]}".endswith(f".{domain}") for domain in theirs)
    )


def barred(bar: Bar, address: str, *, most: int = 0) -> Refused:
    shown = "".join(sign if sign.isprintable() else " " for sign in address[:80])
    words = {language: _BARRED[bar][language].format(address=shown, most=most) for language in LANGUAGES}
    return Refused(Refusal.BARRED, words, "participant")


def changed(come: Iterable[str], go: Iterable[str], same: Iterable[str]) -> Labels:
    """What was done, as a receipt says it."""
    said = ((_CAME, list(come)), (_WENT, list(go)), (_SAME, list(same)))
    return {
        language: " ".join(words[language].format(who=", ".join(who)) for words, who in said if who)
        for language in LANGUAGES
    }


def asked(addresses: Iterable[str], *, left_out: bool = False) -> Labels:
    """That somebody was asked aside, as a receipt says it. left_out: earlier mails that came along did not go out."""
    who = ", ".join(addresses)
    return {
        language: f"{_ASKED[language].format(who=who)} {_LEFT_OUT[language] if left_out else ''}".strip()
        for language in LANGUAGES
    }


# Some mail programs write an address that is a link twice: eva@x.org<mailto:eva@x.org>.
_LINKED = re.compile(r"([^\s<>]+)<mailto:[^<>\s]*>", re.IGNORECASE)

_CAME = {
    "es": "Participa desde ahora: {who}.",
    "en": "Takes part from now on: {who}.",
    "pt": "Participa a partir de agora: {who}.",
}
_WENT = {
    "es": "Ya no participa: {who}.",
    "en": "Takes part no more: {who}.",
    "pt": "Não participa mais: {who}.",
}
_SAME = {
    "es": "Ya participaba: {who}.",
    "en": "Took part already: {who}.",
    "pt": "Já participava: {who}.",
}
_ASKED = {
    "es": "Se consultó aparte a {who}. Su respuesta quedará como nota interna.",
    "en": "Asked aside: {who}. The answer will be an internal note.",
    "pt": "Consulta à parte enviada a {who}. A resposta ficará como nota interna.",
}
_LEFT_OUT = {
    "es": "No se enviaron los correos anteriores que venían en el suyo.",
    "en": "The earlier mails in yours were not sent.",
    "pt": "Os e-mails anteriores que vinham no seu não foram enviados.",
}
_BARRED: dict[Bar, Labels] = {
    Bar.OURS: {
        "es": "{address} es una dirección de la propia mesa.",
        "en": "{address} is an address of the desk itself.",
        "pt": "{address} é um endereço da própria central.",
    },
    Bar.NO_REPLY: {
        "es": "Nadie lee lo que llega a {address}.",
        "en": "Nobody reads what is sent to {address}.",
        "pt": "Ninguém lê o que chega a {address}.",
    },
    Bar.DESK: {
        "es": "{address} es de la mesa y ve la solicitud sin participar en ella.",
        "en": "{address} is of the desk, and sees the request without taking part in it.",
        "pt": "{address} é da central e vê a solicitação sem participar dela.",
    },
    Bar.REQUESTER: {
        "es": "{address} hizo la solicitud.",
        "en": "{address} made the request.",
        "pt": "{address} fez a solicitação.",
    },
    Bar.SUPPRESSED: {
        "es": "Los correos a {address} se devuelven, y no se le envían más.",
        "en": "Mail to {address} comes back, and no more is sent there.",
        "pt": "Os e-mails para {address} voltam, e não se enviam mais.",
    },
    Bar.ACCOUNT: {
        "es": "La cuenta de {address} está inactiva o bloqueada.",
        "en": "The account of {address} is inactive or blocked.",
        "pt": "A conta de {address} está inativa ou bloqueada.",
    },
    Bar.PARTICIPANT: {
        "es": "{address} participa en la solicitud: lo que responda lo leerán todos.",
        "en": "{address} takes part in the request: everybody would read the answer.",
        "pt": "{address} participa da solicitação: todos leriam a resposta.",
    },
    Bar.CONSULTED: {
        "es": "A {address} se le consultó aparte en esta solicitud: lo que responda debe quedar dentro de la mesa.",
        "en": "{address} was asked aside about this request: what they answer has to stay inside the desk.",
        "pt": "{address} foi consultado à parte nesta solicitação: o que responder deve ficar dentro da central.",
    },
    Bar.TOO_MANY: {
        "es": "Con {address} serían demasiados: caben {most} participantes.",
        "en": "With {address} they would be too many: there is room for {most} participants.",
        "pt": "Com {address} seriam demais: cabem {most} participantes.",
    },
    Bar.NOT_THERE: {
        "es": "{address} no participa en la solicitud.",
        "en": "{address} does not take part in the request.",
        "pt": "{address} não participa da solicitação.",
    },
}
