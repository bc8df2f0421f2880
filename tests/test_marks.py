"""What is known about the form of a mail reaches who works with it: the ticket, the explanation, and the alert."""

from pathlib import Path

import pytest

from gateway.desk.marks import told
from gateway.inbound.sealed import ENCRYPTED, SIGNED
from gateway.store import listings
from gateway.work import read
from tests.world import LUIS, World, mail

CORPUS = Path(__file__).parent / "corpus"


def arrived(world: World, case: str) -> int:
    """The ticket of a mail of the corpus."""
    return int(world.receive((CORPUS / f"{case}.eml").read_bytes()).ticket_id)


@pytest.mark.parametrize(
    ("case", "flag", "words"),
    [
        ("smime_encrypted", ENCRYPTED, "cifrado; el original va adjunto a la solicitud"),
        ("smime_signed", SIGNED, "firmado, firma sin comprobar"),
        ("invitation_cancelled", "calendar: cancel", "cancela una cita"),
        ("too_many_in_to_and_cc", "over the limit: too many recipients", "no se pudo leer entero"),
    ],
)
def test_a_mark_stands_on_the_message_and_in_the_alert(world: World, case: str, flag: str, words: str) -> None:
    number = arrived(world, case)

    assert flag in read.ticket(world.office, number)["messages"][0]["flags"]
    assert words in " ".join(world.letters(to=LUIS, letter="alert")[-1].text.split())


def test_marks_are_explained(world: World) -> None:
    found = world.receive((CORPUS / "smime_encrypted.eml").read_bytes())

    assert found.facts["flags"] == [ENCRYPTED]
    assert "flags" not in world.receive(mail(s1=True)).facts


def test_a_mail_that_could_not_be_parsed_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RecursionError

    monkeypatch.setattr("gateway.inbound.parse.read_bodies", broken)
    number = int(world.receive(mail(s1=True)).ticket_id)
    with world.office.database.read() as connection:
        message = listings.conversation(connection, number)[0]

    assert message["flags"] == ["over the limit: could not be parsed"]
    assert [file["name"] for file in message["attachments"]] == ["original.eml"]


def test_an_ordinary_mail_has_nothing_to_tell() -> None:
    assert told((), over=False, language="es") == ""
    assert told(("texto en rojo", "calendar: reply accepted"), over=False, language="es") == ""
