"""Answering the letter that asks for it confirms an account: the token proves the address, whatever the mail says."""

from dataclasses import replace
from typing import Any

import pytest

from gateway.settings_keys import SigningKey
from gateway.store.tables import address, event
from gateway.threading import match
from gateway.threading.tokens import Purpose, Tokens
from gateway.work.confirm import confirm_by_token, disown
from tests.world import ANA, EVA, LUIS, MARTA, NOON, SUPPORT, World, mail, reply_to

BEA = "bea@new.example"
ACCOUNT_PLEASE = "Solicitud Usuario de Tiquetes de Soporte"


def first(world: World, from_: str = BEA, **changes: Any) -> tuple[int, Any]:
    """A stranger's first mail: its ticket, and the letter that answers it."""
    number = world.receive(mail(**({"from_": f"Bea Zamora <{from_}>", "s1": True} | changes))).ticket_id
    return number, world.letters(to=from_)[-1]


def reply_by(world: World, way: str) -> None:
    """Letters of the support desk ask for answers in this way."""
    settings = world.office.settings
    area = [one.model_copy(update={"reply": way}) if one.name == "support" else one for one in settings.area]
    server = settings.server.model_copy(update={"reply_domain": "reply.desk.example"})
    world.open_with(area=area, server=server)


def confirmed(world: World) -> list[Any]:
    return world.rows(event, event.c.action == "confirmed")


@pytest.mark.parametrize("proven", [True, False])
@pytest.mark.parametrize("text", ["Sí", "Confirmo, gracias.", "¿Quiénes son ustedes?", " \n", "👍"])
def test_any_text_confirms_at_any_level(world: World, text: str, proven: bool) -> None:
    number, letter = first(world, s1=proven)

    found = world.receive(reply_to(letter, text, s1=proven))

    bea = world.person(BEA)
    assert (bea.state, bea.confirmed) == ("active", True)
    assert (found.verdict, found.ticket_id) == ("reply", number)
    assert [row.data for row in confirmed(world)] == [{"by": "mail"}]
    (proof,) = world.rows(address, address.c.address == BEA)
    assert proof.confirmed_at == world.now


@pytest.mark.parametrize("way", ["plus", "domain", "plain"])
@pytest.mark.parametrize("proven", [True, False])
def test_it_works_however_letters_ask_for_answers(world: World, way: str, proven: bool) -> None:
    reply_by(world, way)
    number, letter = first(world, s1=proven)

    found = world.receive(reply_to(letter, s1=proven))

    reply_address = dict(letter.headers).get("Reply-To", "")
    assert ("reply.desk.example" in reply_address, "+r." in reply_address) == (way == "domain", way == "plus")
    assert world.person(BEA).state == "active"
    assert (found.verdict, found.ticket_id) == ("reply", number)
    assert world.messages(number)[-1].flags == []


def test_without_a_reply_address_the_reference_alone_confirms_and_names_the_ticket(world: World) -> None:
    reply_by(world, "plain")
    number, letter = first(world, s1=False)
    (confirming,) = [one for one in dict(letter.headers)["References"].split() if one.startswith("<confirm.")]

    found = world.receive(mail(from_=BEA, references=confirming, text="Sí, soy yo."))

    assert world.person(BEA).state == "active"
    assert (found.verdict, found.ticket_id) == ("reply", number)


def test_the_reply_is_a_message_of_the_ticket_and_its_team_hears_of_it(world: World) -> None:
    number, letter = first(world, s1=False)
    before = len(world.letters())

    world.receive(reply_to(letter, "Sí. Y además hace ruido."))

    said = world.messages(number)[-1]
    assert (said.text.strip(), said.public, said.verified, said.kind) == (
        "Sí. Y además hace ruido.",
        True,
        True,
        "mail",
    )
    assert set(world.told(before)) == {("account_ready", BEA), ("alert", LUIS), ("alert", MARTA)}


@pytest.mark.parametrize(
    "text",
    ["Sí", "Sí, fui yo. Gracias", "Sí, es mi correo", "Confirmo.\n\nBea Zamora", "Gracias", "Yes, that's me", "Sou eu"],
)
@pytest.mark.parametrize("proven", [True, False])
def test_a_bare_yes_alerts_nobody_and_hides_nothing_of_what_they_asked(world: World, text: str, proven: bool) -> None:
    number, letter = first(world, s1=proven)
    before = len(world.letters())

    found = world.receive(reply_to(letter, text, s1=proven))
    world.act(number, "assign", owner=LUIS, by=MARTA)

    assert (found.verdict, found.stage, world.person(BEA).state) == ("reply", "confirms_an_account", "active")
    assert world.told(before) == [("account_ready", BEA), ("alert", LUIS)]
    assert "Desde ayer la impresora" in world.letters(to=LUIS)[-1].text
    assert world.messages(number)[-1].text.strip() == text


@pytest.mark.parametrize("text", ["Sí. ¿Cuándo vienen?", "Sí, es la del segundo piso"])
def test_a_yes_with_more_in_it_is_read_by_the_team(world: World, text: str) -> None:
    number, letter = first(world)
    world.receive(reply_to(letter, text, s1=True))

    assert world.messages(number)[-1].kind == "mail"
    assert world.told()[-1][0] == "alert"


def test_once_somebody_of_the_desk_has_written_a_yes_may_be_for_them(world: World) -> None:
    number, letter = first(world)
    world.act(number, "reply", text="¿Es la del tercer piso?")
    world.receive(reply_to(letter, "Sí", s1=True))

    assert world.messages(number)[-1].kind == "mail"
    assert world.person(BEA).state == "active"


def test_the_letter_that_the_account_is_ready_comes_once(world: World) -> None:
    world.change_settings(web={"public_url": "https://desk.example"})
    _, letter = first(world)
    world.receive(reply_to(letter, "Sí"))
    world.receive(reply_to(letter, "Sí, otra vez"))

    (ready,) = world.letters(to=BEA, letter="account_ready")
    assert "Su cuenta está lista" in ready.subject
    assert "https://desk.example/tickets" in ready.text
    assert dict(ready.headers)["To"] == f"Bea Zamora <{BEA}>"
    assert len(confirmed(world)) == 1


def test_after_it_they_get_the_plain_receipt(world: World) -> None:
    _, letter = first(world)
    world.receive(reply_to(letter, "Sí"))
    world.receive(mail(from_=BEA, s1=True, subject="Otra cosa", text="El teclado."))

    assert world.letters(to=BEA)[-1].letter == "receipt"


def test_their_open_tickets_are_no_longer_marked_as_not_confirmed(world: World) -> None:
    one, _ = first(world, s1=False)
    two, letter = first(world, text="Otra cosa.")
    closed, _ = first(world, text="Ya no.")
    world.act(closed, "close")
    theirs, _ = first(world, EVA)
    assert [world.ticket(number).verified for number in (one, two, closed, theirs)] == [False] * 4

    world.receive(reply_to(letter, "Sí"))

    assert [world.ticket(number).verified for number in (one, two, closed, theirs)] == [True, True, False, False]
    for number in (one, two):
        assert "sender confirmed" in [row.action for row in world.events(number)]
    assert "sender confirmed" not in [row.action for row in world.events(theirs)]


def test_an_automatic_answer_to_the_letter_confirms_nothing(world: World) -> None:
    number, letter = first(world)
    for headers in ({"Auto-Submitted": "auto-replied"}, {"X-Autoreply": "yes"}, {"List-Id": "<x.example>"}):
        world.receive(reply_to(letter, "Estoy de vacaciones.", headers=headers, s1=True))
    world.receive(reply_to(letter, "Fuera de la oficina.", subject="Fuera de la oficina"), envelope_from="")

    assert world.person(BEA).state == "pending"
    assert not world.letters(letter="account_ready")
    assert world.ticket(number).state == "new"


def test_the_token_of_somebody_else_confirms_neither(world: World) -> None:
    number, letter = first(world)
    first(world, EVA)
    before = len(world.letters())

    world.receive(reply_to(letter, "Soy Eva", from_=EVA, s1=True))
    world.receive(reply_to(letter, "Soy Ana", from_=ANA, s1=True))

    assert (world.person(BEA).state, world.person(EVA).state) == ("pending", "pending")
    assert [one.flags for one in world.messages(number)[1:]] == [["third party"]] * 2
    assert {to for _, to in world.told(before)} == {LUIS, MARTA}


def forgeries(world: World, number: int, letter: Any) -> dict[str, str]:
    """Tokens that nobody was given to confirm this account with."""
    right = match.token_of_address(dict(letter.headers)["Reply-To"])
    bea = world.person(BEA).id
    other_keys = Tokens(
        [SigningKey(key.id, b"another secret, of another house") for key in world.office.rules.tokens.keys]
    )
    others = {purpose.name: purpose for purpose in Purpose if purpose is not Purpose.ACCOUNT}
    return {
        "changed": right[:-3] + ("b" if right[-3] == "a" else "a") + right[-2:],
        "cut": right[:-1],
        "empty": "",
        "of other keys": other_keys.make(Purpose.ACCOUNT, number, bea),
        "for nobody": world.office.rules.tokens.make(Purpose.ACCOUNT, number, 0),
        **{name: world.office.rules.tokens.make(purpose, number, bea) for name, purpose in others.items()},
    }


def test_what_was_given_out_for_another_purpose_or_by_nobody_confirms_nothing(world: World) -> None:
    number, letter = first(world)

    for name, token in forgeries(world, number, letter).items():
        for way in ({"to": f"support+r.{token}@desk.example"}, {"references": f"<confirm.{token}@desk.example>"}):
            world.receive(mail(**({"from_": BEA, "to": SUPPORT, "text": f"Sí, {name}"} | way)), to=[SUPPORT])
            assert world.person(BEA).state == "pending", (name, way)


@pytest.mark.parametrize(("days", "state"), [(0, "active"), (1, "pending")])
def test_a_token_whose_key_has_ended_confirms_nothing(world: World, days: int, state: str) -> None:
    old, new = (SigningKey(name, name.encode() * 20, until) for name, until in (("old", NOON.date()), ("new", None)))
    world.office = replace(world.office, rules=replace(world.office.rules, tokens=Tokens([old])))
    _, letter = first(world)
    world.office = replace(world.office, rules=replace(world.office.rules, tokens=Tokens([new, old])))

    world.later(days=days)
    world.receive(reply_to(letter, "Sí"))

    assert world.person(BEA).state == state


def test_a_blocked_person_confirms_nothing_and_hears_nothing(world: World) -> None:
    _, letter = first(world)
    world.known(BEA, state="blocked")
    before = len(world.letters())

    found = world.receive(reply_to(letter, "Sí"))

    assert (found.verdict, found.stage) == ("rejected", "blocked_sender")
    assert world.person(BEA).state == "blocked"
    assert world.told(before) == []


def test_an_inactive_account_is_not_made_active_by_its_owner(world: World) -> None:
    _, letter = first(world)
    world.known(BEA, state="inactive")

    world.receive(reply_to(letter, "Sí"))

    assert world.person(BEA).state == "inactive"
    assert not world.letters(letter="account_ready")


@pytest.mark.parametrize("proven", [True, False])
def test_a_ticket_that_asked_for_an_account_alerts_nobody_and_closes_itself(world: World, proven: bool) -> None:
    number, letter = first(world, subject=ACCOUNT_PLEASE, text="Para mí, por favor.", s1=proven)
    assert world.told() == [("receipt_new", BEA)]

    found = world.receive(reply_to(letter, "Sí, soy yo.", s1=proven))

    kept = world.ticket(number)
    assert (kept.state, kept.closed_at, kept.verified) == ("closed", world.now, True)
    assert (found.stage, found.ticket_id) == ("confirms_an_account", number)
    assert [one.text.strip() for one in world.messages(number)] == ["Para mí, por favor.", "Sí, soy yo."]
    assert world.told() == [("receipt_new", BEA), ("account_ready", BEA)]


def test_a_later_word_on_the_closed_request_reopens_it_for_the_desk(world: World) -> None:
    number, letter = first(world, subject=ACCOUNT_PLEASE)
    world.receive(reply_to(letter, "Sí", s1=True))
    world.receive(reply_to(world.letters(to=BEA)[-1], "No puedo entrar a la página.", s1=True))

    assert world.ticket(number).state == "open"
    assert ("alert", LUIS) in world.told()


def test_the_account_request_of_somebody_active_is_an_ordinary_ticket(world: World) -> None:
    number = world.ticket_of(ANA, subject=ACCOUNT_PLEASE)

    assert set(world.told()) == {("receipt", ANA), ("alert", LUIS), ("alert", MARTA)}
    assert world.ticket(number).state == "new"


def test_the_form_on_the_page_closes_the_request_too(world: World) -> None:
    number, _ = first(world, subject=ACCOUNT_PLEASE)

    assert confirm_by_token(world.office, world.person(BEA).id, by="web", now=world.now, cause="the form")
    assert world.ticket(number).state == "closed"
    assert not confirm_by_token(world.office, world.person(BEA).id, by="web", now=world.now, cause="the form")


def test_who_said_that_it_was_not_them_gets_no_further_letter(world: World) -> None:
    _, letter = first(world)
    disown(world.office, world.person(BEA).id, letter.letter_key, now=world.now, cause="the page")
    before = len(world.letters())

    first_again = world.receive(mail(from_=BEA, s1=True, text="Otra."))
    world.receive(mail(from_=BEA, s1=True, subject="", text=""))

    assert first_again.verdict == "ticket"
    assert {to for _, to in world.told(before)} == {LUIS, MARTA}


def test_who_said_so_by_mistake_confirms_by_answering(world: World) -> None:
    _, letter = first(world)
    disown(world.office, world.person(BEA).id, letter.letter_key, now=world.now, cause="the page")

    world.receive(reply_to(letter, "Sí, era yo."))

    bea = world.person(BEA)
    assert (bea.state, bea.disowned) == ("active", False)
    assert world.letters(to=BEA)[-1].letter == "account_ready"


def test_an_answer_that_comes_after_the_ticket_was_closed_for_good_opens_one_as_somebody_known(world: World) -> None:
    number, letter = first(world)
    world.act(number, "close")
    world.later(days=30)

    found = world.receive(reply_to(letter, "Sí, y sigue sin imprimir.", s1=True))

    assert world.links(found.ticket_id) == {("follow_up", number)}
    assert world.person(BEA).state == "active"
    assert [one.letter for one in world.letters(to=BEA)[-2:]] == ["account_ready", "follow_up"]


def test_only_the_address_that_answered_is_proven_and_gets_the_letter(world: World) -> None:
    _, letter = first(world)
    other = "bea@home.example"
    world.write(address.insert().values(address=other, person_id=world.person(BEA).id, created_at=world.now))

    world.receive(reply_to(letter, "Sí"))

    proofs = {row.address: row.confirmed_at for row in world.rows(address, address.c.address.in_([BEA, other]))}
    assert proofs == {BEA: world.now, other: None}
    assert [one.to_address for one in world.letters(letter="account_ready")] == [BEA]


def test_the_same_confirming_mail_twice_is_a_duplicate(world: World) -> None:
    number, letter = first(world)
    answer = reply_to(letter, "Sí")
    world.receive(answer)

    assert world.receive(answer).verdict == "duplicate"
    assert len(world.messages(number)) == 2
    assert len(world.letters(to=BEA)) == 2
