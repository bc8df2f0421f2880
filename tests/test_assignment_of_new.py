"""Who gets a new ticket: by hand, by rule, in turn, by the fewest open ones, and what the workflow says about it."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.desk.actions import Refused
from gateway.desk.assigning import Assign, moved_on, next_owner
from gateway.settings import Completeness, Group, Rule
from gateway.store import people
from gateway.store.tables import assignment_turn
from gateway.work.handle import handle
from tests.world import ANA, BRUNO, EVA, LUIS, MARTA, NORA, World, mail, reply_to

ROSA, IVAN = "rosa@staff.example", "ivan@staff.example"
AGENTS = [LUIS, ROSA, IVAN]
NETWORKS = Group(name="networks", area="support", addresses=[LUIS, ROSA], assign="turn")


def assigning(world: World, how: str = "turn", *, workflow: str = "default", **sections: object) -> World:
    """Support with three agents, whose new tickets are assigned so; billing by hand."""
    support, billing = world.office.settings.area
    changed = support.model_copy(update={"assign": how, "workflow": workflow})
    world.open_with(area=[changed, billing], **sections)
    world.known(ROSA, name="Rosa Gil", role="agent", areas=["support"], language="es")
    world.known(IVAN, name="Iván Paz", role="agent", areas=["support"], language="es")
    return world


def owner_of(world: World, number: int) -> str | None:
    with world.office.database.read() as connection:
        owner = people.by_id(connection, world.ticket(number).owner_id or 0)
    return owner.address if owner else None


def owners(world: World, many: int, *, to: str = "support@desk.example") -> list[str | None]:
    """Who gets each of so many new tickets."""
    return [owner_of(world, world.ticket_of(ANA, subject=f"Caso {number}", to=to)) for number in range(many)]


def alerted(world: World, since: int = 0) -> list[str]:
    return sorted(to for letter, to in world.told(since) if letter == "alert")


def be_away(world: World, *addresses: str, days: float = 3) -> None:
    with world.office.database.write() as connection:
        for one in addresses:
            people.update(connection, world.person(one).id, absent_until=world.now + timedelta(days=days))


def be_there(world: World, *addresses: str) -> None:
    with world.office.database.write() as connection:
        for one in addresses:
            people.update(connection, world.person(one).id, absent_until=None)


# By hand, and in turn -------------------------------------------------------------------------------------------------


def test_by_hand_nobody_gets_it_and_the_team_is_told(world: World) -> None:
    assigning(world, "hand")

    assert owners(world, 2) == [None, None]
    assert alerted(world) == sorted([*AGENTS, MARTA] * 2)


def test_in_turn_each_agent_gets_the_next_one_and_supervisors_none(world: World) -> None:
    assigning(world)

    assert owners(world, 7) == [LUIS, ROSA, IVAN, LUIS, ROSA, IVAN, LUIS]


def test_only_who_got_it_is_told_that_it_is_theirs(world: World) -> None:
    assigning(world)
    world.ticket_of(ANA)

    assert alerted(world) == [LUIS]
    assert "queda a su cargo" in world.letters(letter="alert")[0].text
    assert [one.letter for one in world.letters(to=ANA)] == ["receipt"]


def test_the_state_is_what_the_workflow_says_of_assigning_and_the_desk_did_it(world: World) -> None:
    assigning(world)
    number = world.ticket_of(ANA)
    received, assigned = world.events(number)

    assert world.ticket(number).state == "open"
    assert (received.action, assigned.action, assigned.actor_kind, assigned.actor_id) == (
        "received", "assign", "system", None,
    )  # fmt: skip
    assert assigned.cause == received.cause
    assert (assigned.data["chosen"], assigned.data["owner_id"]) == ("turn", str(world.person(LUIS).id))


def test_each_area_has_its_own_turn_and_way(world: World) -> None:
    assigning(world)
    owners(world, 1)

    assert owners(world, 2, to="billing@desk.example") == [None, None]
    assert owners(world, 1) == [ROSA]


def test_supervisors_are_asked_where_there_is_no_agent(world: World) -> None:
    support, billing = world.office.settings.area
    world.open_with(area=[support.model_copy(update={"assign": "turn"}), billing])
    world.known(LUIS, role="customer")
    world.known("olga@staff.example", role="supervisor", areas=["support"])
    world.known("boss@staff.example", role="administrator")

    assert owners(world, 3) == [MARTA, "olga@staff.example", MARTA]


def test_where_roles_hold_everywhere_assignment_and_alerts_work_as_in_a_team_of_an_area(world: World) -> None:
    """A desk whose teams have no areas."""
    assigning(world)
    for one in AGENTS:
        world.known(one, role="customer")
        world.known(one, role="agent")
    world.known(MARTA, role="customer")
    world.known(MARTA, role="supervisor")
    assert owners(world, 4) == [LUIS, ROSA, IVAN, LUIS]

    before = len(world.letters())
    number = world.ticket_of(BRUNO, to="billing@desk.example")
    assert alerted(world, before) == sorted([*AGENTS, MARTA, NORA])
    assert not isinstance(world.act(number, "assign", by=ROSA, owner=IVAN), Refused)
    assert owner_of(world, number) == IVAN


# Who is passed over ---------------------------------------------------------------------------------------------------


def test_who_is_away_is_passed_over_and_gets_the_next_one_when_they_are_back(world: World) -> None:
    assigning(world)
    assert owners(world, 1) == [LUIS]
    be_away(world, ROSA, days=2)
    assert owners(world, 3) == [IVAN, LUIS, IVAN]

    world.later(days=2)
    assert owners(world, 4) == [ROSA, LUIS, IVAN, ROSA]


@pytest.mark.parametrize("state", ["inactive", "blocked"])
def test_whose_account_rests_is_passed_over(world: World, state: str) -> None:
    assigning(world)
    world.known(ROSA, state=state)

    assert owners(world, 3) == [LUIS, IVAN, LUIS]


def test_while_all_are_away_nobody_gets_it_and_the_team_is_told_as_ever(world: World) -> None:
    assigning(world)
    be_away(world, *AGENTS)
    number = world.ticket_of(ANA)

    assert (owner_of(world, number), world.ticket(number).state) == (None, "new")
    assert [one.action for one in world.events(number)] == ["received"]
    # Marta is there, so those who are away need not be told.
    assert alerted(world) == [MARTA]


def test_an_agents_own_request_goes_to_another_and_costs_them_no_turn(world: World) -> None:
    assigning(world)

    assert owner_of(world, world.ticket_of(LUIS)) == ROSA
    assert owners(world, 2) == [LUIS, IVAN]


# By the fewest open ones ----------------------------------------------------------------------------------------------


def test_least_open_goes_to_who_has_the_fewest_in_that_area(world: World) -> None:
    assigning(world, "least open")
    numbers = [world.ticket_of(ANA, subject=f"Caso {number}") for number in range(3)]
    assert [owner_of(world, one) for one in numbers] == [LUIS, ROSA, IVAN]
    world.act(numbers[1], "close", by=ROSA)
    world.act(numbers[2], "solve", by=IVAN)

    # Solved is not closed: it can come back.
    assert owners(world, 2) == [ROSA, LUIS]


def test_tickets_that_were_taken_count_and_those_of_other_areas_do_not(world: World) -> None:
    assigning(world, "least open")
    world.known(ROSA, role="agent", areas=["billing"])
    be_away(world, LUIS, IVAN)
    for number in range(3):
        bill = world.ticket_of(ANA, subject=f"Factura {number}", to="billing@desk.example")
        world.act(bill, "take", by=ROSA)
    be_there(world, LUIS, IVAN)
    world.act(world.ticket_of(ANA, subject="Uno"), "assign", by=MARTA, owner=IVAN)

    assert owners(world, 1) == [ROSA]


def test_of_those_who_have_as_many_it_is_who_was_given_one_least_recently(world: World) -> None:
    assigning(world, "least open")
    for number in [world.ticket_of(ANA, subject=f"Caso {number}") for number in range(3)]:
        world.act(number, "close", by=MARTA)

    assert owners(world, 3) == [LUIS, ROSA, IVAN]


# Groups ---------------------------------------------------------------------------------------------------------------


def test_a_ticket_that_a_rule_gives_to_a_group_goes_to_the_next_of_it(world: World) -> None:
    assigning(world, "hand", group=[NETWORKS], rule=[Rule(name="wifi", words=["wifi"], group="networks")])
    numbers = [world.ticket_of(ANA, subject=f"El wifi, caso {number}") for number in range(3)]

    assert [owner_of(world, one) for one in numbers] == [LUIS, ROSA, LUIS]
    assert {world.ticket(one).fields["group"] for one in numbers} == {"networks"}
    assert alerted(world) == sorted([LUIS, ROSA, LUIS])


def test_who_has_no_role_in_the_area_has_no_turn_in_a_group_either(world: World) -> None:
    mixed = Group(name="mixed", addresses=[NORA, BRUNO, LUIS, "nobody@staff.example"], assign="turn")
    assigning(world, "hand", group=[mixed], rule=[Rule(name="wifi", words=["wifi"], group="mixed")])
    numbers = [world.ticket_of(ANA, subject=f"El wifi, caso {number}") for number in range(2)]

    assert [owner_of(world, one) for one in numbers] == [LUIS, LUIS]


def test_what_is_given_to_such_a_group_by_hand_goes_to_the_next_of_it_too(world: World) -> None:
    assigning(world, "hand", group=[NETWORKS])
    numbers = [world.ticket_of(ANA, subject=f"Caso {number}") for number in range(3)]
    before = len(world.letters())
    for number in numbers:
        world.act(number, "assign", by=MARTA, group="networks")

    assert [owner_of(world, one) for one in numbers] == [LUIS, ROSA, LUIS]
    assert alerted(world, before) == sorted([LUIS, ROSA, LUIS])


def test_an_assignment_that_is_refused_costs_nobody_a_turn(world: World) -> None:
    assigning(world, "hand", group=[NETWORKS])
    number = world.ticket_of(ANA)
    assert isinstance(world.act(number, "assign", by=ANA, group="networks"), Refused)

    world.act(number, "assign", by=MARTA, group="networks")
    assert owner_of(world, number) == LUIS


def test_a_group_whose_people_are_all_away_has_it_until_one_of_them_takes_it(world: World) -> None:
    assigning(world, "turn", group=[NETWORKS], rule=[Rule(name="wifi", words=["wifi"], group="networks")])
    be_away(world, LUIS, ROSA)
    number = world.ticket_of(ANA, subject="El wifi no funciona")

    assert (owner_of(world, number), world.ticket(number).fields["group"]) == (None, "networks")
    assert alerted(world) == [LUIS, ROSA]


def test_a_rules_owner_comes_before_any_turn(world: World) -> None:
    assigning(world, rule=[Rule(name="wifi", words=["wifi"], owner=IVAN)])
    number = world.ticket_of(ANA, subject="El wifi no funciona")

    assert (owner_of(world, number), world.ticket(number).state) == (IVAN, "open")
    assert world.events(number)[-1].data["chosen"] == "rule"
    assert owners(world, 1) == [LUIS]


def test_who_has_it_by_a_rule_is_told_and_the_rest_of_the_team_only_while_they_are_away(world: World) -> None:
    assigning(world, "hand", rule=[Rule(name="wifi", words=["wifi"], owner=IVAN)])
    world.ticket_of(ANA, subject="El wifi no funciona")
    assert alerted(world) == [IVAN]

    be_away(world, IVAN)
    before = len(world.letters())
    world.ticket_of(ANA, subject="Otra vez el wifi")
    assert alerted(world, before) == [IVAN, LUIS, MARTA, ROSA]


# What the workflow says -----------------------------------------------------------------------------------------------


def test_in_assignment_it_is_assigned_and_the_customer_reads_to_whom_after_the_receipt(world: World) -> None:
    assigning(world, workflow="assignment")
    number = world.ticket_of(ANA)

    assert (owner_of(world, number), world.ticket(number).state) == (LUIS, "assigned")
    assert [one.letter for one in world.letters(to=ANA)] == ["receipt", "owner_changed"]
    assert "Luis Gómez" in world.letters(to=ANA)[-1].text
    # The supervisors hear of what comes in, as the workflow says; the other agents do not.
    assert alerted(world) == [LUIS, MARTA]


def test_where_a_supervisor_prepares_first_nobody_gets_it_and_no_turn_is_lost(world: World) -> None:
    assigning(world, workflow="approval")
    number = world.ticket_of(ANA)

    assert (owner_of(world, number), world.ticket(number).state) == (None, "created")
    assert world.rows(assignment_turn) == []


def test_nobody_gets_what_they_could_not_see_then(world: World, tmp_path: Path) -> None:
    own = resources.files("gateway.desk").joinpath("presets", "default.toml").read_text("utf-8")
    hidden = own.replace('name = "open"\n', 'name = "open"\nvisible_to = ["supervisor"]\n', 1)
    (tmp_path / "own.toml").write_text(hidden, "utf-8")
    assigning(world, workflow=str(tmp_path / "own.toml"))

    assert owners(world, 1) == [None]
    assert world.rows(assignment_turn) == []


def test_a_mail_that_is_not_answered_is_assigned_without_a_word_to_its_sender(world: World) -> None:
    assigning(world, workflow="assignment")
    machine = mail(from_=f"Alarma <{BRUNO}>", headers={"Auto-Submitted": "auto-generated"}, s1=True)
    number = world.receive(machine).ticket_id

    assert owner_of(world, number) == LUIS
    assert world.letters(to=BRUNO) == []


def test_who_has_not_confirmed_yet_gets_one_letter_only(world: World) -> None:
    assigning(world, workflow="assignment")
    number = world.ticket_of(EVA)

    assert owner_of(world, number) == LUIS
    assert [one.letter for one in world.letters(to=EVA)] == ["receipt_new"]


def test_the_letter_about_the_owner_is_counted_and_needs_room_in_the_caps(world: World) -> None:
    assigning(world, workflow="assignment")
    world.change_settings(caps={"letters_per_address": 3})
    owners(world, 2)

    assert [one.letter for one in world.letters(to=ANA)] == ["receipt", "owner_changed", "receipt"]


# Tickets that come to the desk later ----------------------------------------------------------------------------------


def test_what_is_held_back_is_assigned_when_it_is_let_in(world: World) -> None:
    assigning(world, registration=world.office.settings.registration.model_copy(update={"policy": "hold"}))
    number = world.ticket_of(EVA)
    assert (owner_of(world, number), alerted(world)) == (None, [])

    world.known(EVA, state="active")
    assert (owner_of(world, number), world.ticket(number).state) == (LUIS, "open")
    assert alerted(world) == [LUIS]
    assert owners(world, 1) == [ROSA]


def test_who_is_let_in_reads_who_has_it_in_the_language_of_each_mail(world: World) -> None:
    hold = world.office.settings.registration.model_copy(update={"policy": "hold"})
    assigning(world, workflow="assignment", registration=hold)
    world.ticket_of(EVA, text="Ok")
    world.ticket_of(EVA, text="Bom dia, a impressora não está funcionando desde ontem e eu não sei o que fazer.")
    world.known(EVA, state="active")

    told = world.letters(to=EVA, letter="owner_changed")
    assert [one.language for one in told] == ["es", "pt"]


def test_a_request_for_an_account_is_nobodys(world: World) -> None:
    assigning(world)
    number = world.ticket_of(EVA, subject="Solicitud Usuario de Tiquetes de Soporte")

    assert (owner_of(world, number), world.rows(assignment_turn)) == (None, [])


def test_what_was_sent_back_as_incomplete_is_assigned_when_it_is_complete(world: World) -> None:
    assigning(world, completeness=[Completeness(kind="length", least=200)])
    number = world.ticket_of(ANA)
    assert (owner_of(world, number), world.ticket(number).state, alerted(world)) == (None, "waiting", [])

    world.receive(reply_to(world.letters(to=ANA)[-1], "Es la del tercer piso. " * 20, s1=True))
    assert (owner_of(world, number), world.ticket(number).state) == (LUIS, "open")
    assert alerted(world) == [LUIS]


def test_by_hand_the_team_hears_of_what_was_completed(world: World) -> None:
    assigning(world, "hand", completeness=[Completeness(kind="length", least=200)])
    number = world.ticket_of(ANA)
    world.receive(reply_to(world.letters(to=ANA)[-1], "Es la del tercer piso. " * 20, s1=True))

    assert owner_of(world, number) is None
    assert alerted(world) == sorted([*AGENTS, MARTA])


def test_a_part_of_a_ticket_is_a_new_ticket_for_the_next(world: World) -> None:
    assigning(world)
    number = world.ticket_of(ANA)
    world.act(number, "split", by=LUIS, text="Además, no hay papel.", subject="Papel")

    assert [owner_of(world, one.id) for one in world.tickets()] == [LUIS, ROSA]


def test_the_storm_of_one_address_costs_nobody_a_turn(world: World) -> None:
    assigning(world)
    world.change_settings(caps={"tickets_per_address": 1})
    owners(world, 2)

    storm = world.tickets()[-1]
    assert (storm.storm, storm.owner_id) == (True, None)
    assert [owner_of(world, world.ticket_of(BRUNO))] == [ROSA]


def test_mail_of_the_past_is_nobodys(world: World) -> None:
    assigning(world)
    world.receive(mail(s1=True), source="past imap")

    assert world.tickets()[0].owner_id is None


# Several at once ------------------------------------------------------------------------------------------------------


def test_nodes_that_work_at_the_same_time_give_everybody_as_many(world: World) -> None:
    """Whose turn it is is read and noted under one lock, whoever holds it."""
    assigning(world)
    senders = [f"p{number}@firm{number}.example" for number in range(12)]
    for sender in senders:
        world.known(sender)
    world.keep(*(mail(from_=sender, subject=f"Caso de {sender}", s1=True) for sender in senders))
    nodes = [world.office, world.another_node()]
    world.change_settings(workers={"batch": 2})
    nodes = [world.office, world.another_node()]

    def work(place: int) -> None:
        for _ in range(40):
            handle(nodes[place % 2], who=f"worker {place}", clock=lambda: world.now)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(4)))
    world.work_through()

    got = Counter(owner_of(world, one.id) for one in world.tickets())
    assert got == {LUIS: 4, ROSA: 4, IVAN: 4}


# The rule itself ------------------------------------------------------------------------------------------------------

PEOPLE = [1, 2, 3, 4, 5]


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.sampled_from(PEOPLE)), max_size=80))
def test_in_turn_who_is_there_gets_as_many_as_another_while_nobodys_absence_changes(
    steps: Sequence[int | None],
) -> None:
    """None is a ticket; a number is somebody who leaves, or comes back."""
    there, given_, got = set(PEOPLE), list[int](), Counter[int]()
    for step in steps:
        if step is not None:
            there ^= {step}
            got = Counter()
            continue
        number = next_owner(Assign.TURN, sorted(there), given=given_)
        assert (number is None) == (not there)
        if number is not None:
            got[number] += 1
            given_ = moved_on(given_, number)
        counts = [got[one] for one in there]
        assert not counts or max(counts) - min(counts) <= 1


@given(
    st.lists(st.sampled_from(PEOPLE), unique=True, min_size=1),
    st.lists(st.sampled_from(PEOPLE), unique=True),
    st.dictionaries(st.sampled_from(PEOPLE), st.integers(0, 3)),
)
def test_least_open_is_always_one_who_has_the_fewest(there: list[int], before: list[int], load: dict[int, int]) -> None:
    number = next_owner(Assign.LEAST_OPEN, there, given=before, load=load)

    fewest = [one for one in there if load.get(one, 0) == min(load.get(other, 0) for other in there)]
    assert number == min(fewest, key=lambda one: (before.index(one) if one in before else -1, one))


def test_by_hand_it_is_nobody() -> None:
    assert next_owner(Assign.HAND, PEOPLE, given=[]) is None
    assert next_owner(Assign.TURN, [], given=PEOPLE) is None
    assert moved_on([1, 2, 3], 2) == [1, 3, 2]
