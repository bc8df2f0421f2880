"""New tickets by mail under the rules of the desk: what they are given, who is told, and what `explain` says."""

import pytest

from gateway.settings import Completeness, Rule
from gateway.settings import Rules as Matching
from gateway.store import people, tickets
from gateway.work.explain import was, would_be
from tests.world import ANA, BILLING, BRUNO, EVA, LUIS, NORA, World, mail, reply_to

BILLS = Rule(
    name="bills",
    subject=["factura"],
    area="billing",
    category="invoices",
    nature="request",
    classification="B7",
    priority=1,
    owner=NORA,
    language="pt",
    tags=["money"],
)


def ruled(world: World, *rules: Rule, match: str = "first") -> None:
    world.open_with(rule=list(rules), rules=Matching(match=match))


def tags(world: World, number: int) -> list[str]:
    with world.office.database.read() as connection:
        return list(tickets.get(connection, number).ticket.tags)


def test_a_rule_gives_a_new_ticket_all_that_it_says(world: World) -> None:
    ruled(world, BILLS)
    number = world.ticket_of(ANA, subject="Factura de octubre")
    ticket = world.ticket(number)

    assert (ticket.area, ticket.category, ticket.nature, ticket.classification) == (
        "billing",
        "invoices",
        "request",
        "B7",
    )
    assert (ticket.priority, ticket.language, ticket.owner_id) == (1, "pt", world.person(NORA).id)
    assert tags(world, number) == ["money"]
    assert world.events(number)[0].data["rules"] == "bills"


def test_the_ticket_lives_in_the_area_that_it_was_given(world: World) -> None:
    """Its team is told, its letters come from there, and an answer comes back to it."""
    ruled(world, BILLS)
    number = world.ticket_of(ANA, subject="Factura de octubre")
    receipt = world.letters(to=ANA, letter="receipt")[0]

    assert {one.to_address for one in world.letters(letter="alert")} == {NORA}
    assert BILLING in dict(receipt.headers)["From"]
    assert receipt.language == "pt"
    assert world.receive(reply_to(receipt, s1=True)).ticket_id == number


def test_it_begins_in_the_first_state_of_that_areas_workflow(world: World) -> None:
    support, billing = world.office.settings.area
    areas = [support, billing.model_copy(update={"workflow": "approval"})]
    world.open_with(area=areas, rule=[BILLS])
    number = world.ticket_of(ANA, subject="Factura de octubre")
    first = world.office.rules.desk.areas["billing"].workflow.first

    assert world.ticket(number).state == first.name
    assert first.name != world.office.rules.desk.areas["support"].workflow.first.name


def test_its_owner_reads_that_it_is_theirs(world: World) -> None:
    ruled(world, Rule(name="printers", words=["impresora"], owner=LUIS))
    world.ticket_of(ANA)
    (told,) = world.letters(letter="alert")

    assert told.to_address == LUIS
    assert "queda a su cargo" in told.text
    assert "Nadie la atiende" not in told.text


@pytest.mark.parametrize("owner", [NORA, ANA, "nobody@staff.example"])
def test_who_has_no_role_in_the_area_becomes_no_owner_and_the_event_says_so(world: World, owner: str) -> None:
    ruled(world, Rule(name="printers", words=["impresora"], owner=owner, category="printers"))
    number = world.ticket_of(ANA)

    assert world.ticket(number).owner_id is None
    assert world.ticket(number).category == "printers"
    assert world.events(number)[0].data["no_role_here"] == owner


def test_a_mail_that_fits_no_rule_is_as_ever(world: World) -> None:
    ruled(world, BILLS)
    number = world.ticket_of(ANA)

    assert (world.ticket(number).area, world.ticket(number).owner_id) == ("support", None)
    assert "rules" not in world.events(number)[0].data


def test_all_that_hold_count_when_the_desk_says_so(world: World) -> None:
    vip = Rule(name="vip", sender=["*@firm.example"], priority=1, tags=["vip"])
    printers = Rule(name="printers", words=["impresora"], priority=3, category="printers", tags=["print"])
    ruled(world, vip, printers, match="all")
    number = world.ticket_of(ANA)

    assert (world.ticket(number).priority, world.ticket(number).category) == (1, "printers")
    assert tags(world, number) == ["print", "vip"]
    assert world.events(number)[0].data["rules"] == "vip, printers"


def test_the_organisation_of_a_new_person_is_that_of_their_domain(world: World) -> None:
    with world.office.database.write() as connection:
        people.claim_domain(connection, people.organisation_named(connection, "Elsewhere Ltd"), "elsewhere.example")
    ruled(world, Rule(name="partner", organisation=["elsewhere ltd"], tags=["partner"]))
    number = world.ticket_of(EVA)

    assert tags(world, number) == ["partner"]


def test_a_reply_is_given_nothing(world: World) -> None:
    number = world.ticket_of(ANA)
    ruled(world, Rule(name="urgent", words=["urgente"], priority=1, area="billing"))
    answer = world.receive(reply_to(world.letters(to=ANA)[0], "Es urgente.", s1=True))

    assert answer.ticket_id == number
    assert (world.ticket(number).area, world.ticket(number).priority) == ("support", 2)
    assert "rules" not in answer.facts


def test_a_follow_up_stays_with_the_ticket_that_it_follows(world: World) -> None:
    number = world.ticket_of(ANA)
    world.answered(number)
    world.act(number, "close")
    world.later(days=40)
    ruled(world, Rule(name="any", sender=["*"], area="billing", tags=["again"]))
    follow_up = world.receive(reply_to(world.letters(to=ANA)[-1], s1=True)).ticket_id

    assert follow_up != number
    assert world.ticket(follow_up).area == "support"
    assert tags(world, follow_up) == ["again"]


def test_a_tag_of_a_rule_does_not_make_a_ticket_one_that_waits(world: World) -> None:
    """What is incomplete is still asked for, and the receipt is the usual one."""
    rule = Rule(name="printers", words=["impresora"], tags=["print"])
    world.open_with(rule=[rule], completeness=[Completeness(kind="length", least=500)])
    number = world.ticket_of(ANA)

    assert [one.letter for one in world.letters(to=ANA)] == ["incomplete"]
    assert world.ticket(number).state == "waiting"


def test_explain_shows_which_rules_applied_before_and_after(world: World) -> None:
    ruled(world, BILLS)
    raw = mail(from_=f"Bruno <{BRUNO}>", subject="Factura", s1=True)
    (before,) = would_be(world.office, world.arrival(raw), now=world.now)
    kept = world.receive(raw)
    (after,) = was(world.office, kept.mail_id)

    for explained in (before, after):
        assert explained.facts["rules"] == ["bills"]
        assert "area=billing" in explained.facts["given"]
        assert "tags=money" in explained.facts["given"]
