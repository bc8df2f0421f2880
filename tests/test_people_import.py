"""People from a CSV file: all or none, every line told, and nobody lowered by accident."""

import json
from pathlib import Path
from typing import Any

import pytest

from gateway.desk.people import May, PersonState, may
from gateway.errors import GatewayError
from gateway.work.organisations import organise
from gateway.work.people_import import Report, import_people
from gateway.work.people_sheet import COLUMNS, read_sheet
from gateway.work.read import people
from tests.daemon_process import Installation
from tests.world import ANA, LUIS, MARTA, SUPPORT, World, mail

ROOT = Path(__file__).parents[1]
EVA, BOSS = "eva@elsewhere.example", "boss@staff.example"


def imported(world: World, text: str, **how: bool) -> Report:
    return import_people(world.office, text.encode(), now=world.now, **how)


def told(report: Report) -> list[tuple[int, str, str]]:
    """(line, outcome, changes or reason) of every line."""
    said = (
        line.reason or ", ".join(f"{name}={value}" for name, value in line.changes.items()) for line in report.lines
    )
    return [(line.number, line.outcome, words) for line, words in zip(report.lines, said, strict=True)]


def listed(world: World, address: str) -> dict[str, Any]:
    (row,) = people(world.office, wanted=address)
    return row


# --- the file ---------------------------------------------------------------------------------------------------------

HEADS = "correo,nombre,idioma"
LINE = "josé@firm.example,José Núñez,es"


@pytest.mark.parametrize(
    "raw",
    [
        f"{HEADS}\n{LINE}\n".encode(),
        f"{HEADS}\r\n{LINE}".encode("utf-8-sig"),
        f"{HEADS}\r{LINE}\r".encode("cp1252"),
        f"{HEADS}\n{LINE}\n".encode("utf-16"),
        f"\n\n{HEADS}\n\n,,\n{LINE}\n".encode(),
        f"{HEADS}\n{LINE}\n".replace(",", ";").encode(),
        f"{HEADS}\n{LINE}\n".replace(",", "\t").encode(),
        f"{HEADS}\n{LINE}\n".replace(",", " | ").encode(),
        'E-Mail;"Nombre Completo";LANGUAGE\n josé@firm.example ;"José\n  Núñez";es\n'.encode(),
        "Endereço de e-mail,Nome completo,Língua,Telefone\njosé@firm.example,José Núñez,es,123\n".encode(),
    ],
)
def test_a_table_is_read_whatever_wrote_it(raw: bytes) -> None:
    (row,) = read_sheet(raw).rows

    assert row.cells == {"address": "josé@firm.example", "name": "José Núñez", "language": "es"}
    assert row.problem == ""


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "the file is empty: its first line names the columns, such as address,name,role"),
        ("\n \n", "the file is empty: its first line names the columns, such as address,name,role"),
        (
            "name,role\nAna,agent",
            "line 1: no column is the address; call it address, correo or e-mail. There are: name,role",
        ),
        ("\nemail,correo\n", "line 2: several columns are the address; leave one of them"),
        ('address,name\na@x.example,A\nb@x.example,"B" C\n', "line 3: this is no CSV: ',' expected after '\"'"),
        ('address,name\na@x.example,"A\n', "line 2: this is no CSV: unexpected end of data"),
    ],
)
def test_what_is_no_table_is_told(text: str, complaint: str) -> None:
    with pytest.raises(GatewayError) as error:
        read_sheet(text.encode())

    assert str(error.value) == complaint


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    sheet = read_sheet(
        b'address,name\n\na@x.example,"A\nB"\nb@x.example,B,,\nc@x.example,C,more\nd@x.example,\x1b[0m\n'
    )

    assert [(row.line, row.problem) for row in sheet.rows] == [
        (3, ""),
        (5, ""),
        (6, "has 3 cells, and there are 2 columns"),
        (7, "the name has characters that cannot be read"),
    ]


def test_columns_that_are_not_for_us_are_told() -> None:
    assert read_sheet("address,Teléfono,rolle,,name".encode()).unread == ("Teléfono", "rolle (is it the role?)")


# --- what a line does -------------------------------------------------------------------------------------------------


def test_people_are_made_changed_and_left_alone_and_every_line_is_told(world: World) -> None:
    world.known(EVA, name="Eva", language="es")
    report = imported(
        world,
        "address,name,organisation,role,areas,state,language\n"
        f"new@firm.example,Nueva,Firm,agente,Support; billing,,Español\n"
        f"{EVA},Eva Ríos,FIRM,,,inactivo,pt-BR\n"
        f"{ANA},Ana Pérez,,cliente,,activa,es\n"
        f"{LUIS.upper()},,,agent,support,,\n",
    )

    assert told(report) == [
        (2, "made", "name=Nueva, language=es, organisation=Firm, role=agent, areas=support, billing"),
        (3, "changed", "name=Eva Ríos, state=inactive, language=pt, organisation=Firm"),
        (4, "unchanged", ""),
        (5, "unchanged", ""),
    ]
    assert report.written
    assert listed(world, "new@firm.example") == {
        "address": "new@firm.example", "name": "Nueva", "state": "active", "role": "agent",
        "areas": ["billing", "support"], "language": "es", "organisation": "Firm",
        "organisation_agent": False, "absent_until": None,
    }  # fmt: skip
    assert listed(world, EVA)["state"] == "inactive"
    assert listed(world, EVA)["organisation"] == "Firm"


def test_importing_the_same_file_again_changes_nothing(world: World) -> None:
    text = f"address,name,role,areas,state,organisation\n{EVA},Eva,supervisor,todas,activo,Núñez\n{ANA},A,,,,núñez\n"
    first, second = imported(world, text), imported(world, text)

    assert [line.outcome for line in first.lines] == ["made", "changed"]
    assert [line.outcome for line in second.lines] == ["unchanged", "unchanged"]
    assert listed(world, EVA)["areas"] == ["*"]


def test_an_empty_cell_leaves_what_is_there(world: World) -> None:
    world.known(EVA, name="Eva", language="pt", organisation="Firm", role="agent", areas=["support"])
    before = listed(world, EVA)
    imported(world, f"address,name,organisation,role,areas,state,language\n{EVA},,,,,,\n")

    assert listed(world, EVA) == before


def test_a_role_for_one_area_leaves_the_others(world: World) -> None:
    imported(world, f"address,role,areas\n{LUIS},supervisor,billing\n")

    assert set(world.person(LUIS).roles) == {("billing", "supervisor"), ("support", "agent")}


def test_a_customer_has_no_roles_any_more(world: World) -> None:
    imported(world, f"address,role\n{LUIS},customer\n")

    assert world.person(LUIS).roles == ()
    world.known(MARTA, role="customer")
    assert world.person(MARTA).roles == ()


def test_a_new_person_belongs_to_the_organisation_that_claims_their_domain(world: World) -> None:
    organise(world.office, "Firm", domains=["@Firm.Example"], now=world.now)
    imported(world, "address\nnew@sub.firm.example\nnew@gmail.com\n")

    assert listed(world, "new@sub.firm.example")["organisation"] == "Firm"
    assert listed(world, "new@gmail.com")["organisation"] is None


def test_a_pending_person_whom_a_list_makes_active_hears_of_it(world: World) -> None:
    world.receive(mail(from_=EVA, subject="Impresora", s1=True))
    assert world.person(EVA).state == "pending"
    imported(world, f"address,state\n{EVA},active\n")

    assert world.person(EVA).state == "active"
    assert world.person(EVA).confirmed
    assert [one.letter for one in world.letters(to=EVA)][1:] == ["account_ready"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",Eva,,,,,", "has no address"),
        ("eva,Eva,,,,,", "eva is no mail address: write it as name@example.org"),
        (f"{SUPPORT},,,,,,", "is an address of the desk itself"),
        ("Ana@firm.example,,,,,,", "is on line 2 already"),
        (f"{EVA},,,suppervisor,,,", "there is no role suppervisor; did you mean supervisor?"),
        (f"{EVA},,,agent,suport,,", "there is no area suport; did you mean support?"),
        (f"{EVA},,,,support,,", "areas go with a role, and there is none on this line"),
        (f"{EVA},,,,,deleted,", "there is no state deleted; there are: pending, active, inactive, blocked"),
        (f"{EVA},,,,,,fr", "there is no language fr; there are: en, es, pt"),
        (f"{EVA},,,,,,,,more", "has 9 cells, and there are 7 columns"),
        (f"{BOSS},,,agent,,,",
         f"is an administrator, whom a list makes nothing less; if that is meant: `gateway person {BOSS} "
         f"--role agent`"),
        (f"{BOSS},,,customer,support,,",
         f"is an administrator, whom a list makes nothing less; if that is meant: `gateway person {BOSS} "
         f"--role customer`"),
        (f"{BOSS},,,,,inactive,",
         f"is an administrator, whom a list does not shut out; if that is meant: `gateway person {BOSS} "
         f"--state inactive`"),
        ("spam@x.example,,,,,active,",
         "is blocked; if that is meant: `gateway person spam@x.example --state active`"),
        (f"{LUIS},,,,,pendiente,",
         f"is active, and so need not confirm again; if that is meant: `gateway person {LUIS} --state pending`"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("world", ["sqlite"], indirect=True)
def test_a_line_that_is_refused_says_why_and_stops_the_whole_file(world: World, line: str, reason: str) -> None:
    world.known(BOSS, role="administrator")
    world.known("spam@x.example", state="blocked")
    report = imported(world, f"address,name,organisation,role,areas,state,language\n{ANA},Other,,,,,\n{line}\n")

    assert told(report) == [(2, "changed", "name=Other"), (3, "refused", reason)]
    assert not report.written
    assert listed(world, ANA)["name"] == "Ana Pérez"
    assert listed(world, BOSS)["role"] == "administrator"


def test_partial_imports_the_other_lines(world: World) -> None:
    report = imported(world, f"address,name\n{ANA},Other\nnobody,x\n", partial=True)

    assert told(report)[1][1] == "refused"
    assert report.written
    assert listed(world, ANA)["name"] == "Other"


def test_a_dry_run_tells_the_same_and_writes_nothing(world: World) -> None:
    text = f"address,name,organisation,role\n{ANA},Other,Brand-new,\n{EVA},Eva,,agent\n"
    before = list(people(world.office))
    tried = imported(world, text, dry_run=True)
    assert list(people(world.office)) == before
    assert not tried.written
    done = imported(world, text)

    assert tried.lines == done.lines
    assert list(people(world.office)) != before


def test_an_administrator_stays_one_on_a_list_that_says_so(world: World) -> None:
    world.known(BOSS, role="administrator")
    report = imported(world, f"address,name,role,state\n{BOSS},The Boss,administrador,activo\n")

    assert told(report) == [(2, "changed", "name=The Boss")]


# --- organisations ----------------------------------------------------------------------------------------------------


PUBLIC = (
    "is a public mail provider: anybody gets an address there, so it does not tell who belongs to whom;"
    " name the organisation of each person instead: `gateway person ADDR --organisation NAME`"
)


@pytest.mark.parametrize(
    ("domain", "complaint"),
    [
        ("gmail.com", f"gmail.com {PUBLIC}"),
        (" @Yahoo.com.MX", f"yahoo.com.mx {PUBLIC}"),
        ("com.co", "under com.co strangers have domains of their own: claim those of the organisation itself"),
        ("firm example", "firm example is no domain: write it as example.org"),
        ("", " is no domain: write it as example.org"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("world", ["sqlite"], indirect=True)
def test_a_domain_of_strangers_makes_no_organisation(world: World, domain: str, complaint: str) -> None:
    with pytest.raises(GatewayError) as error:
        organise(world.office, "Firm", domains=["firm.example", domain], now=world.now)

    assert str(error.value) == complaint
    world.known("new@firm.example")
    assert listed(world, "new@firm.example")["organisation"] is None


# --- the command, and the document ------------------------------------------------------------------------------------


def test_the_command_lists_and_imports(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(f"correo;nombre;teléfono\n{ANA};Ana;1\nnobody;x;2\n", "utf-8")
    with Installation() as desk:
        refused = desk.command("people", "import", file)
        assert (refused.returncode, desk.printed("people")) == (1, [])
        assert "this column is not read: teléfono" in refused.stderr
        assert "1 line is refused, so nothing was imported" in refused.stderr
        lines = [json.loads(line) for line in desk.told("people", "import", file, "--partial", "--json").splitlines()]
        rows = desk.printed("people")

    assert lines == [
        {"line": 2, "address": ANA, "outcome": "made", "changes": {"name": "Ana"}, "reason": ""},
        {"line": 3, "address": "nobody", "outcome": "refused", "changes": {},
         "reason": "nobody is no mail address: write it as name@example.org"},
    ]  # fmt: skip
    assert [(row["address"], row["name"], row["state"], row["role"]) for row in rows] == [
        (ANA, "Ana", "active", "customer")
    ]


STATES = {
    "pending": {May.WRITE, May.BE_ANSWERED, May.CONFIRM},
    "active": set(May),
    "inactive": {May.WRITE},
    "blocked": set(),
    "placeholder": {May.WRITE},
}


@pytest.mark.parametrize("state", STATES)
def test_what_an_account_may_do_depends_on_its_state(state: str) -> None:
    assert {what for what in May if may(state, what)} == STATES[state]


def test_the_document_says_what_each_state_may_do() -> None:
    rows = [line.strip("| ").split(" | ") for line in (ROOT / "docs/people.md").read_text("utf-8").splitlines()]
    table = {row[0].strip("`"): row[1:] for row in rows if row[0].strip("`") in list(PersonState) and len(row) == 6}
    (heads,) = [row[1:] for row in rows if row[0] == "state" and len(row) == 6]

    assert heads == [what.value for what in May]
    assert list(table) == [state.value for state in PersonState]
    for state, cells in table.items():
        assert [cell.split(".")[0] for cell in cells] == ["Yes" if may(state, what) else "No" for what in May]


def test_the_document_names_every_column_of_an_import() -> None:
    text = (ROOT / "docs/people.md").read_text("utf-8")

    assert [name for name in COLUMNS if f"| `{name}` |" not in text] == []
