"""Believable values for every letter, with each of its kinds, so that tests and eyes can go over all of them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from gateway.outbound.causes import Cause
from gateway.outbound.letters import LETTERS, Alert, RefusalType

TEMPLATES = Path(__file__).parents[1] / "templates" / "email"
LANGUAGES = ("es", "en", "pt")

VALUES: dict[str, object] = {
    "desk": "Mesa de ayuda",
    "number": 1042,
    "subject": "La impresora del tercer piso no imprime la nómina",
    "link": "https://mesa.example.org/t/1042",
    "received_at": datetime(2026, 11, 23, 15, 15, 42, tzinfo=UTC),
    "opens_at": datetime(2026, 11, 24, 13, 0, tzinfo=UTC),
    "closes_at": datetime(2026, 12, 1, 22, 0, tzinfo=UTC),
    "reopen_until": datetime(2026, 12, 8, 22, 0, tzinfo=UTC),
    "zone": "America/Bogota",
    "next_step": "",
    "previous": 977,
    "text": "Buenas tardes, Ana:\n\nCambiamos el fusor y la impresora ya imprime.\nLa guía está en "
    "https://ayuda.example.org/impresoras?piso=3&tipo=laser.\n\nQuedamos atentos.",
    "all_quoted": True,
    "author": "Luis Gómez",
    "state": "Esperando al cliente",
    "reason": "Fuera del alcance del servicio",
    "missing": ["La versión del programa", "Una captura de la pantalla con el error"],
    "requester": "Ana Pérez <ana@example.org>",
    "details": ["factura.exe", "instalador.js"],
    "limit": 25 * 2**20,
    "days": 7,
    "to": "ana@example.org",
    "about": "Re: [#1042] La impresora del tercer piso no imprime la nómina",
    "sent_at": datetime(2026, 11, 23, 15, 20, tzinfo=UTC),
    "cause": Cause.NO_SUCH_ADDRESS,
    "response": "550 5.1.1 <ana@example.org>: Recipient address rejected: User unknown",
    "suppressed": True,
    "domain": "robots.example",
    "letters": 200,
    "hours": 24,
    "tripped_at": datetime(2026, 11, 23, 15, 15, 42, tzinfo=UTC),
    "account": True,
    "held": False,
    "hint": "Las mayúsculas se leen como gritos; con minúsculas le entendemos igual de bien.",
    "confirm": "https://mesa.example.org/confirm/WyJjb25maXJtIiwxLCJhYmMiXQ.awNzKw.dK6dhJ656sowtiKw9CUrv7kZ7XG99FQBen7Q068ayOU",
    "disown": "https://mesa.example.org/not-me/WyJub3QtbWUiLDEsImFiYyJd.awNzKw.G74m8U_M-yMwwQo4k_AEv2I8ZVYrvfd_UsrowjkWpVw",
    "type": RefusalType.TOO_LARGE,
    "kind": Alert.NEW_TICKET,
}


def sample(letter: str, **changes: object) -> dict[str, object]:
    """The declared variables of a letter and no others, with the changes."""
    return {name: VALUES[name] for name in LETTERS[letter].variables} | changes


def samples() -> Iterator[tuple[str, dict[str, object]]]:
    """Every letter, those with kinds once for each kind; and again with all that may be empty left empty."""
    empty: dict[str, object] = dict.fromkeys(("subject", "link", "text", "reason", "author", "next_step", "hint"), "")
    empty |= {"opens_at": None, "closes_at": None, "reopen_until": None, "missing": [], "details": [], "limit": None}
    for letter, kind in LETTERS.items():
        for changes in _variants(letter):
            yield letter, sample(letter, **changes)
            yield letter, sample(letter, **{k: v for k, v in empty.items() if k in kind.variables}, **changes)


def _variants(letter: str) -> list[dict[str, object]]:
    if letter == "refused":
        return [{"type": type_, "number": number} for type_ in RefusalType for number in (1042, None)]
    if letter == "receipt_new":
        return [{}, {"account": False, "confirm": "", "disown": ""}, {"confirm": "", "disown": ""}, {"held": True}]
    if letter == "breaker":
        return [{"number": None}, {"number": None, "domain": "", "letters": 300, "hours": 1}]
    if letter == "undelivered":
        return [{"cause": cause, "suppressed": cause is Cause.SUPPRESSED} for cause in Cause]
    return [{"kind": kind} for kind in Alert] if letter == "alert" else [{}]
