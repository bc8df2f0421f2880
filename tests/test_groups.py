"""Groups: a ticket is given to several agents, one of them takes it, and only they hear of it until then."""

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.apply.groups import to_attend
from gateway.cli import common, view
from gateway.cli.app import app
from gateway.desk.actions import Refusal, Refused
from gateway.desk.assigning import Assign
from gateway.errors import SettingsError
from gateway.settings import Group, Rule
from gateway.settings_load import load_settings
from gateway.store import people, views
from gateway.store.views import View
from gateway.work import read, viewing
from gateway.work.checkup_assignment import about_assignment
from tests.world import ANA, BRUNO, LUIS, MARTA, NORA, World, mail, reply_to

ROSA, IVAN = "rosa@staff.example", "ivan@staff.example"
NETWORKS = Group(name="networks", area="support", addresses=[LUIS, ROSA])


def with_group(world: World, *groups: Group, workflow: str = "default", rules: Sequence[Rule] = ()) -> World:
    """Rosa and Iván are agents of support too; Luis and Rosa are the group `networks`."""
    support, billing = world.office.settings.area
    areas = [support.model_copy(update={"workflow": workflow}), billing]
    world.open_with(area=areas, group=list(groups or [NETWORKS]), rule=list(rules))
    world.known(ROSA, name="Rosa Gil", role="agent", areas=["support"], language="es")
    world.known(IVAN, name="Iván Paz", role="agent", areas=["support"], language="es")
    return world


def refused(found: object) -> Refused:
    assert isinstance(found, Refused), found
    return found


def done(found: object) -> None:
    assert not isinstance(found, Refused), found


def group_of(world: World, number: int) -> str:
    return str((world.ticket(number).fields or {}).get("group", ""))


def owner_of(world: World, number: int) -> str | None:
    with world.office.database.read() as connection:
        owner = people.by_id(connection, world.ticket(number).owner_id or 0)
    return owner.address if owner else None


def alerted(world: World, since: int) -> set[str]:
    return {to for letter, to in world.told(since) if letter == "alert"}


def be_away(world: World, *addresses: str, days: float = 3) -> None:
    with world.office.database.write() as connection:
        for one in addresses:
            people.update(connection, world.person(one).id, absent_until=world.now + timedelta(days=days))


# Given to a group, and taken ------------------------------------------------------------------------------------------


def test_a_ticket_that_is_given_to_a_group_has_no_owner_until_one_of_them_takes_it(world: World) -> None:
    with_group(world)
    number = world.ticket_of(ANA)
    world.act(number, "take", by=IVAN)
    before = len(world.letters())

    done(world.act(number, "assign", by=MARTA, group="networks"))

    assert (owner_of(world, number), group_of(world, number)) == (None, "networks")
    assert alerted(world, before) == {LUIS, ROSA}
    assert all("queda en manos de su equipo" in one.text for one in world.letters(letter="alert")[-2:])
    event = world.events(number)[-1]
    assert (event.action, event.data["group"], event.data["owner_id"]) == ("assign", "networks", "")

    done(world.act(number, "take", by=ROSA))
    assert (owner_of(world, number), group_of(world, number)) == (ROSA, "networks")


def test_a_group_and_one_of_them_can_be_named_at_once(world: World) -> None:
    with_group(world)
    number = world.ticket_of(ANA)
    before = len(world.letters())
    done(world.act(number, "assign", by=MARTA, owner=ROSA, group="networks"))

    assert (owner_of(world, number), group_of(world, number)) == (ROSA, "networks")
    assert alerted(world, before) == {ROSA}


def test_the_name_of_a_group_is_found_in_any_case_and_one_that_there_is_not_is_refused(world: World) -> None:
    with_group(world, NETWORKS, Group(name="invoices", area="billing", addresses=[NORA]))
    number = world.ticket_of(ANA)

    for wrong in ("netwroks", "invoices"):
        found = refused(world.act(number, "assign", by=MARTA, group=wrong))
        assert (found.reason, found.parameter) == (Refusal.UNKNOWN_VALUE, "group")
        assert "networks" in found.words["es"]
    done(world.act(number, "assign", by=MARTA, group="Networks"))
    assert group_of(world, number) == "networks"


@pytest.mark.parametrize("action", ["reply", "take", "classify"])
def test_only_assigning_and_preparing_take_a_group(world: World, action: str) -> None:
    with_group(world)
    number = world.ticket_of(ANA)

    assert refused(world.act(number, action, text="x", group="networks")).reason is Refusal.UNKNOWN_PARAMETER
    assert group_of(world, number) == ""


def test_given_back_it_is_the_groups_again_and_taken_from_the_group_it_is_everybodys(world: World) -> None:
    with_group(world)
    number = world.ticket_of(ANA)
    world.act(number, "assign", by=MARTA, group="networks")
    world.act(number, "take", by=ROSA)
    before = len(world.letters())
    done(world.act(number, "assign", by=ROSA, owner="none"))
    assert (owner_of(world, number), group_of(world, number), alerted(world, before)) == (
        None,
        "networks",
        {LUIS},
    )

    before = len(world.letters())
    done(world.act(number, "assign", by=MARTA, group="none"))
    assert (owner_of(world, number), group_of(world, number)) == (None, "")
    assert alerted(world, before) == {LUIS, ROSA, IVAN}


def test_a_ticket_that_moves_to_another_area_leaves_a_group_that_attends_none_there(world: World) -> None:
    everywhere = Group(name="nights", addresses=[LUIS, NORA])
    with_group(world, NETWORKS, everywhere)
    first, second = world.ticket_of(ANA), world.ticket_of(BRUNO)
    world.act(first, "assign", by=MARTA, group="networks")
    world.act(second, "assign", by=MARTA, group="nights")
    for number in (first, second):
        done(world.act(number, "classify", by=MARTA, area="billing"))

    assert (group_of(world, first), group_of(world, second)) == ("", "nights")
    assert world.events(first)[-1].data["group_before"] == "networks"


# Who hears of it ------------------------------------------------------------------------------------------------------


def test_while_nobody_has_it_what_the_customer_writes_goes_to_the_group_only(world: World) -> None:
    with_group(world)
    number = world.ticket_of(ANA)
    world.act(number, "assign", by=MARTA, group="networks")
    receipt, before = world.letters(to=ANA)[0], len(world.letters())
    world.receive(reply_to(receipt, "¿Cómo va?", s1=True))
    assert alerted(world, before) == {LUIS, ROSA}

    world.act(number, "take", by=ROSA)
    before = len(world.letters())
    world.receive(reply_to(receipt, "¿Y ahora?", s1=True))
    assert alerted(world, before) == {ROSA}


def test_who_of_the_group_is_away_hears_nothing_unless_all_are(world: World) -> None:
    with_group(world)
    number = world.ticket_of(ANA)
    be_away(world, LUIS)
    before = len(world.letters())
    world.act(number, "assign", by=MARTA, group="networks")
    assert alerted(world, before) == {ROSA}

    be_away(world, ROSA)
    before = len(world.letters())
    world.receive(reply_to(world.letters(to=ANA)[0], "¿Cómo va?", s1=True))
    assert alerted(world, before) == {LUIS, ROSA}


def test_who_has_no_role_in_the_area_is_of_no_group_there(world: World) -> None:
    """No address gets a word of a ticket because somebody wrote it into a list."""
    with_group(world, Group(name="mixed", addresses=[LUIS, NORA, ANA, "nobody@staff.example"]))
    number = world.ticket_of(BRUNO)
    before = len(world.letters())
    world.act(number, "assign", by=MARTA, group="mixed")

    assert alerted(world, before) == {LUIS}


def test_a_group_that_the_settings_have_no_more_is_as_none(world: World) -> None:
    with_group(world)
    number = world.ticket_of(ANA)
    world.act(number, "assign", by=MARTA, group="networks")
    world.open_with(group=[])
    before = len(world.letters())
    world.receive(reply_to(world.letters(to=ANA)[0], "¿Cómo va?", s1=True))

    assert alerted(world, before) == {LUIS, ROSA, IVAN, MARTA}


# What only the owner may do -------------------------------------------------------------------------------------------


def test_in_assignment_each_of_the_group_may_do_what_the_owner_may(world: World) -> None:
    with_group(world, workflow="assignment")
    number = world.ticket_of(ANA)
    assert refused(world.act(number, "take", by=ROSA)).reason is Refusal.NOT_PERMITTED
    done(world.act(number, "assign", by=MARTA, group="networks"))

    assert world.ticket(number).state == "assigned"
    assert refused(world.act(number, "note", by=IVAN, text="Yo no.")).reason is Refusal.NOT_PERMITTED
    done(world.act(number, "note", by=ROSA, text="La miro."))
    assert owner_of(world, number) is None


@pytest.mark.parametrize(
    ("action", "parameters", "state"),
    [("take", {}, "assigned"), ("move", {"state": "En proceso"}, "in_process"), ("reply", {}, "in_process")],
)
def test_in_assignment_who_of_the_group_begins_to_work_on_it_has_it(
    world: World, action: str, parameters: dict[str, str], state: str
) -> None:
    with_group(world, workflow="assignment")
    number = world.ticket_of(ANA)
    world.act(number, "assign", by=MARTA, group="networks")
    done(world.act(number, action, by=ROSA, text="" if action != "reply" else "La miro.", **parameters))

    assert (owner_of(world, number), world.ticket(number).state) == (ROSA, state)
    assert refused(world.act(number, "note", by=LUIS, text="¿Y yo?")).reason is Refusal.NOT_PERMITTED


@pytest.mark.parametrize("action", ["reply", "solve"])
def test_where_every_agent_may_answer_who_of_the_group_begins_has_it_too(world: World, action: str) -> None:
    with_group(world)
    number = world.ticket_of(ANA)
    world.act(number, "assign", by=MARTA, group="networks")
    done(world.act(number, "note", by=ROSA, text="La miro."))
    assert owner_of(world, number) is None

    done(world.act(number, action, by=ROSA, text="Ya quedó."))
    assert owner_of(world, number) == ROSA


def test_where_every_agent_may_answer_who_is_not_of_the_group_does_not_get_it(world: World) -> None:
    with_group(world)
    number = world.ticket_of(ANA)
    world.act(number, "assign", by=MARTA, group="networks")
    done(world.act(number, "reply", by=IVAN, text="La miro."))

    assert (owner_of(world, number), group_of(world, number)) == (None, "networks")


def test_the_group_is_named_to_the_desk_and_never_to_the_customer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_group(world)
    number = world.ticket_of(ANA)
    letter = world.letters(to=LUIS, letter="alert")[-1]
    before = len(world.letters())
    world.receive(reply_to(letter, "#grupo networks", s1=True))

    assert alerted(world, before) == {ROSA}
    assert "A cargo de: el grupo networks" in world.letters(to=ROSA, letter="alert")[-1].text
    assert "el grupo networks" in world.letters(to=LUIS, letter="commands_done")[-1].text
    world.receive(reply_to(world.letters(to=ANA)[0], "¿Cómo va?", s1=True))
    world.receive(reply_to(world.letters(to=ANA)[0], "Estado", s1=True))
    assert not any("networks" in one.text + one.html for one in world.letters(to=ANA))

    monkeypatch.setattr(view, "opened", lambda _: nullcontext(world.office))
    monkeypatch.setattr(common.out, "width", 200)
    assert "group networks" in CliRunner().invoke(app, ["tickets"]).output
    assert world.act(number, "take", by=LUIS)


def test_in_assignment_an_answer_by_mail_of_one_of_the_group_makes_it_theirs(world: World) -> None:
    with_group(world, workflow="assignment")
    number = world.ticket_of(ANA)
    world.act(number, "assign", by=MARTA, group="networks")
    letter = world.letters(to=ROSA, letter="alert")[-1]
    world.receive(reply_to(letter, "Reinicie la impresora, por favor.", s1=True))

    assert (owner_of(world, number), world.ticket(number).state) == (ROSA, "in_process")
    assert "Reinicie la impresora" in world.letters(to=ANA, letter="answer")[-1].text


def test_in_assignment_one_of_the_group_ends_it_by_the_name_of_the_state(world: World) -> None:
    with_group(world, workflow="assignment")
    number = world.ticket_of(ANA)
    world.act(number, "assign", by=MARTA, owner=IVAN)
    world.act(number, "move", by=IVAN, state="En proceso")
    world.act(number, "assign", by=IVAN, group="networks")
    letter = world.letters(to=ROSA, letter="alert")[-1]
    world.receive(reply_to(letter, "#estado Finalizado\n\nListo, cambié el cable.", s1=True))

    assert world.letters(to=ROSA, letter="commands_refused") == []
    assert (world.ticket(number).state, owner_of(world, number)) == ("finished", ROSA)


def test_one_command_for_the_group_beside_one_for_somebody_of_it_keeps_both(world: World) -> None:
    with_group(world)
    number = world.ticket_of(ANA)
    letter = world.letters(to=LUIS, letter="alert")[-1]
    world.receive(reply_to(letter, f"#asignar {ROSA}\n#grupo networks\n\nEs de las suyas.", s1=True))

    assert (owner_of(world, number), group_of(world, number)) == (ROSA, "networks")
    assert [one.action for one in world.events(number)].count("assign") == 1
    assert not world.messages(number)[-1].public


def test_in_assignment_the_owner_hands_it_on_to_a_group_and_does_not_keep_it(world: World) -> None:
    with_group(world, workflow="assignment")
    number = world.ticket_of(ANA)
    world.act(number, "assign", by=MARTA, owner=IVAN)
    world.act(number, "move", by=IVAN, state="En proceso")
    done(world.act(number, "assign", by=IVAN, group="networks"))
    assert (owner_of(world, number), world.ticket(number).state) == (None, "in_process")

    done(world.act(number, "assign", by=LUIS, owner=IVAN))
    assert owner_of(world, number) == IVAN


def test_what_is_ones_own_already_is_not_taken_again(world: World) -> None:
    """The customer would read a second time who attends it."""
    with_group(world, workflow="assignment")
    number = world.ticket_of(ANA)
    world.act(number, "assign", by=MARTA, group="networks")
    done(world.act(number, "take", by=ROSA))

    assert refused(world.act(number, "take", by=ROSA)).reason is Refusal.NOT_PERMITTED


def test_in_approval_a_group_can_be_prepared_for_in_the_place_of_an_owner(world: World) -> None:
    with_group(world, workflow="approval")
    number = world.ticket_of(ANA)
    rest = {"due": "2026-12-01", "queue": "1", "difficulty": "2"}
    assert refused(world.act(number, "prepare", by=MARTA, **rest)).parameter == "owner"
    assert refused(world.act(number, "prepare", by=MARTA, group="none", **rest)).parameter == "owner"
    done(world.act(number, "prepare", by=MARTA, group="networks", **rest))

    assert (world.ticket(number).state, owner_of(world, number), group_of(world, number)) == (
        "process",
        None,
        "networks",
    )
    assert "networks" not in "".join(one.text + one.html for one in world.letters(to=ANA))
    done(world.act(number, "reply", by=ROSA, text="Lo miramos.", unsolved="yes"))
    assert owner_of(world, number) == ROSA


# By rule --------------------------------------------------------------------------------------------------------------


def test_a_rule_gives_a_new_ticket_to_a_group_and_only_they_hear_of_it(world: World) -> None:
    with_group(world, rules=[Rule(name="wifi", words=["wifi"], group="networks")])
    number = world.ticket_of(ANA, subject="El wifi no funciona")

    assert (group_of(world, number), owner_of(world, number), world.ticket(number).state) == ("networks", None, "open")
    assert alerted(world, 0) == {LUIS, ROSA}


def test_in_assignment_a_rule_makes_the_ticket_assigned_and_its_supervisor_hears_too(world: World) -> None:
    with_group(world, workflow="assignment", rules=[Rule(name="wifi", words=["wifi"], group="networks")])
    number = world.ticket_of(ANA, subject="El wifi no funciona")

    assert world.ticket(number).state == "assigned"
    assert alerted(world, 0) == {LUIS, ROSA, MARTA}


def test_a_rule_with_a_group_of_another_area_gives_none_and_the_event_says_so(world: World) -> None:
    bills = Group(name="invoices", area="billing", addresses=[NORA])
    with_group(world, NETWORKS, bills, rules=[Rule(name="bills", words=["factura"], group="invoices")])
    number = world.ticket_of(ANA, subject="Mi factura")

    assert group_of(world, number) == ""
    assert world.events(number)[0].data["no_group_here"] == "invoices"
    assert alerted(world, 0) == {LUIS, ROSA, IVAN, MARTA}


# Views ----------------------------------------------------------------------------------------------------------------


def seen(world: World, by: str) -> list[int]:
    where = viewing.chosen(world.office, view="attend", by=by, tag="", area="", now=world.now)
    return [row["number"] for row in read.tickets(world.office, where=where)]


def test_to_attend_are_those_of_nobody_and_of_my_groups_and_for_a_supervisor_all(world: World) -> None:
    with_group(world)
    free, grouped = world.ticket_of(ANA, subject="Caso 1"), world.ticket_of(ANA, subject="Caso 2")
    world.act(grouped, "assign", by=MARTA, group="networks")

    assert (seen(world, LUIS), seen(world, IVAN), seen(world, MARTA)) == ([free, grouped], [free], [free, grouped])
    (_, row) = read.tickets(world.office)
    assert row["group"] == "networks"


def test_those_of_my_groups_come_first(world: World) -> None:
    with_group(world)
    free, grouped = world.ticket_of(ANA, subject="Caso 1"), world.ticket_of(ANA, subject="Caso 2")
    world.act(grouped, "assign", by=MARTA, group="networks")
    with world.office.database.read() as connection:
        found = {}
        for who in (LUIS, MARTA):
            areas = [world.office.rules.desk.areas["support"]]
            theirs, first = to_attend(connection, world.person(who), areas)
            where = views.all_of(views.condition(View.ATTEND, person_id=None, now=world.now), theirs)
            found[who] = [one.number for one in views.lines(connection, where, most=9, first=first)]

    assert found == {LUIS: [grouped, free], MARTA: [free, grouped]}


# Settings -------------------------------------------------------------------------------------------------------------

AREAS = (
    '[[area]]\nname = "support"\naddresses = ["a@example.org"]\n[[area]]\nname = "billing"\naddresses = ["b@x.org"]\n'
)
GROUP = '[[group]]\nname = "nets"\narea = "support"\naddresses = ["luis@example.org"]\n'
RULE = '[[rule]]\nname = "wifi"\nwords = ["wifi"]\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (AREAS + GROUP + GROUP, '[[group]] number 2, name: "nets" is the name of another [[group]] too'),
        (AREAS + GROUP.replace('"nets"', '"none"'), '[[group]] number 1, name: is empty, "none", or has spaces'),
        (AREAS + GROUP.replace('"support"', '"suport"'), 'there is no [[area]] "suport"; did you mean support?'),
        (AREAS + GROUP.replace("luis@example.org", "luis"), 'addresses, number 1: "luis" is no mail address'),
        (AREAS + GROUP + 'assign = "random"', 'assign: must be "hand", "turn" or "least open"'),
        (AREAS + GROUP + RULE + 'group = "net"', 'group: there is no [[group]] "net"; did you mean nets?'),
        (
            AREAS + GROUP + RULE + 'group = "nets"\narea = "billing"',
            '"nets" attends tickets of support, not of billing',
        ),
        (AREAS.replace('"]\n', '"]\nassign = "anybody"\n', 1), 'assign: must be "hand", "turn" or "least open"'),
    ],
)
def test_a_group_that_cannot_be_is_told(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "settings.toml").write_text(text, "utf-8")
    with pytest.raises(SettingsError) as error:
        load_settings(tmp_path / "settings.toml", {})

    assert told in str(error.value)


def test_by_default_everything_is_assigned_by_hand(world: World) -> None:
    with_group(world)
    areas = world.office.rules.desk.areas

    assert {one.assign for one in areas.values()} == {Assign.HAND}
    assert areas["support"].groups["networks"].assign is Assign.HAND
    world.receive(mail(s1=True))
    assert world.tickets()[0].owner_id is None


def test_check_names_who_of_a_group_can_attend_nothing_and_where_assigning_has_no_effect(world: World) -> None:
    with_group(world, Group(name="networks", area="support", addresses=[LUIS, NORA, "nobody@staff.example"]))
    support, billing = world.office.settings.area
    world.open_with(area=[support, billing.model_copy(update={"assign": "turn", "workflow": "approval"})])
    found = [sentence for kind, sentence in about_assignment(world.office) if kind == "hint"]

    assert len(found) == 2
    assert 'area billing: assign = "turn" does nothing' in found[0]
    assert f"group networks: {NORA}, nobody@staff.example can attend none of its tickets" in found[1]
