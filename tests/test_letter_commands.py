"""An operator's own templates, and the commands that list, show, check and preview letters."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gateway.cli.app import app
from gateway.files import shipped, template_folders
from gateway.outbound.compose import Composer
from gateway.outbound.letters import LETTERS
from gateway.outbound.samples import samples_of, values
from gateway.outbound.wording import moment_in
from gateway.work.preview import values_for_ticket
from tests.desk_days import DeskDays
from tests.world import ANA, World

FIRST_MAIL = shipped("examples") / "first-mail.eml"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with settings that name a folder of the operator's own templates."""
    (tmp_path / "own" / "es").mkdir(parents=True)
    (tmp_path / "settings.toml").write_text(
        '[letters]\nfolder = "own"\n'
        '[[area]]\nname = "support"\naddresses = ["support@desk.example"]\nfrom_name = "Soporte"\nreply = "plus"\n'
    )
    return tmp_path


def gateway(desk: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--settings", str(desk / "settings.toml")])


def write(desk: Path, name: str, source: str) -> None:
    path = desk / "own" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source)


# --- the folder -------------------------------------------------------------------------------------------------------


def test_a_letter_of_the_operators_folder_is_the_one_that_goes_out(world: World, tmp_path: Path) -> None:
    (tmp_path / "es").mkdir()
    (tmp_path / "es" / "receipt.subject").write_text("[#{{ number }}] ¡Hola!")
    world.open_with(letters=world.office.settings.letters.model_copy(update={"folder": tmp_path}))
    number = world.ticket_of(ANA)

    (receipt,) = (one for one in world.letters(to=ANA) if one.ticket_id == number)
    assert receipt.subject == f"[#{number}] ¡Hola!"
    assert "Quedó registrada" in receipt.text


def test_a_broken_template_of_the_operators_stops_no_letter(world: World, tmp_path: Path) -> None:
    (tmp_path / "es").mkdir()
    (tmp_path / "es" / "receipt.txt").write_text("{{ nobody_knows }}")
    world.open_with(letters=world.office.settings.letters.model_copy(update={"folder": tmp_path}))
    number = world.ticket_of(ANA)

    (receipt,) = (one for one in world.letters(to=ANA) if one.ticket_id == number)
    assert "Quedó registrada" in receipt.text


def test_check_of_the_installation_names_the_broken_template(desk: Path) -> None:
    assert f"letters in en, es, pt, those of {desk / 'own'} before ours" in gateway(desk, "check").stdout
    write(desk, "es/solved.txt", "uno\n{% if %}")
    told = gateway(desk, "check")

    assert "solved.txt, line 2" in told.stdout
    assert told.exit_code == 1


def test_a_folder_that_is_not_there_is_told(desk: Path) -> None:
    (desk / "own" / "es").rmdir()
    (desk / "own").rmdir()

    assert f"{desk / 'own'} is no folder" in gateway(desk, "check").stdout


# --- the commands -----------------------------------------------------------------------------------------------------


def test_list_says_which_letters_there_are_and_which_files_are_the_operators(desk: Path) -> None:
    write(desk, "es/solved.txt", "Listo")
    for part in ("subject", "txt", "html"):
        write(desk, f"fr/closed.{part}", "Fermé")
    rows = {
        row["letter"]: row for row in map(json.loads, gateway(desk, "letters", "list", "--json").stdout.splitlines())
    }

    assert list(rows) == list(LETTERS)
    assert rows["solved"]["yours"] == ["es/solved.txt"]
    assert rows["closed"]["languages"] == ["en", "es", "fr", "pt"]
    assert rows["request"]["auto_submitted"] == ""
    assert rows["digest"]["values"] == ["commands", "day", "desk", "groups", "link", "zone"]


def test_show_says_where_each_part_is_and_what_stands_in_it(desk: Path) -> None:
    write(desk, "es/solved.txt", "{{ text }} y listo")
    told = gateway(desk, "letters", "show", "solved").stdout

    assert told.startswith("values: best, classification, closes_at, ")
    assert f"{desk / 'own' / 'es' / 'solved.txt'}\n{{{{ text }}}} y listo" in told
    assert str(shipped("templates") / "email" / "es" / "solved.html") in told


def test_check_is_content_with_the_folder_as_it_should_be(desk: Path) -> None:
    write(desk, "es/solved.subject", "[#{{ number }}] Listo: {{ subject | bare }}")
    told = gateway(desk, "letters", "check")

    assert told.stdout == f"nothing is wrong with the templates of {desk / 'own'}\n"
    assert told.exit_code == 0


@pytest.mark.parametrize(
    ("name", "source", "said"),
    [
        ("es/solved.txt", "uno\n{% if %}", "solved.txt, line 2"),
        ("es/solved.txt", "{{ requester }}", "es/solved.txt: uses requester; it has best, classification, closes_at,"),
        ("es/solved.txt", "{{ text | shout }}", "No filter named 'shout'"),
        ("es/solved.txt", "{{ closes_at.shout() }}", "es/solved (solved.txt, line 1)"),
        ("es/solvd.txt", "Listo", "es/solvd.txt: there is no letter of this name"),
        ("fr/solved.txt", "Fait", "fr/solved: cannot be sent without solved.subject, solved.html"),
        ("es/layout.txt", "{{ nobody }}", "'nobody' is undefined"),
    ],
)
def test_check_finds_what_is_wrong(desk: Path, name: str, source: str, said: str) -> None:
    write(desk, name, source)
    told = gateway(desk, "letters", "check")

    assert said in told.stdout
    assert told.exit_code == 1


def test_check_looks_into_another_folder_and_hints_at_what_is_forgotten(desk: Path) -> None:
    other = desk / "other" / "es"
    other.mkdir(parents=True)
    (other / "reminder.txt").write_text("Hola")
    told = gateway(desk, "letters", "check", str(desk / "other"))

    assert "es/reminder.txt: does not say about, call, closes_at, which ours says" in told.stdout
    assert told.exit_code == 0


@pytest.mark.parametrize("language", ["es", "en", "pt"])
@pytest.mark.parametrize("letter", LETTERS)
def test_preview_shows_every_letter_with_believable_values(desk: Path, letter: str, language: str) -> None:
    told = gateway(desk, "letters", "preview", letter, "--language", language, "--json")
    shown = json.loads(told.stdout)

    assert shown["language"] == language
    assert shown["subject"]
    assert values(language)["subject"] in shown["subject"] + shown["text"] or "subject" not in LETTERS[letter].variables


def test_preview_is_in_the_operators_words_and_with_their_values(desk: Path) -> None:
    write(desk, "es/solved.txt", "{{ desk }}: {{ text }}, {{ best }}")
    told = gateway(desk, "letters", "preview", "solved", "--set", "text=Listo", "--set", "best=7")

    assert told.stdout.startswith("Subject: [#1042] Resuelta: La impresora")
    assert told.stdout.endswith("\n\nSoporte: Listo, 7\n")


def test_preview_writes_html_into_a_file_or_to_standard_output(desk: Path) -> None:
    file = desk / "solved.html"
    gateway(desk, "letters", "preview", "solved", "--html", str(file))

    assert file.read_text().startswith("<!DOCTYPE html>")
    assert gateway(desk, "letters", "preview", "solved", "--html", "-").stdout == file.read_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("preview", "solvd"), "there is no letter solvd; solved?"),
        (("show", "x"), "there is no letter x; there are: receipt, "),
        (("preview", "solved", "--language", "fr"), "the letter solved is not there in fr; it is in: en, es, pt"),
        (("preview", "solved", "--set", "colour=red"), "--set colour=red: write it as NAME=VALUE; solved has best, "),
        (("preview", "solved", "--set", "best=red"), "--set best=red: it has to be a number"),
        (("preview", "solved", "--set", "closes_at=soon"), "soon is no time"),
        (("preview", "solved", "--html", "/nowhere/x.html"), "--html /nowhere/x.html: No such file or directory"),
        (("preview", "solved", "--ticket", "99"), "99"),
    ],
)
def test_what_cannot_be_shown_is_said_in_a_sentence(desk: Path, arguments: tuple[str, ...], said: str) -> None:
    told = gateway(desk, "letters", *arguments)

    assert said in told.stderr
    assert told.exit_code == 1


def test_preview_of_a_ticket_has_its_values(desk: Path) -> None:
    gateway(desk, "ingest", str(FIRST_MAIL), "--to", "support@desk.example")
    gateway(desk, "work", "--once")
    told = gateway(desk, "letters", "preview", "status", "--ticket", "1").stdout

    assert told.startswith("Subject: [#1] Cómo va su solicitud: La impresora del segundo piso no imprime\n")
    assert "Todavía no está asignada" in told
    assert "Luis Gómez" not in told


@pytest.fixture
def days(world: World) -> DeskDays:
    return DeskDays(world)


def test_a_preview_says_when_the_ticket_closes_and_who_has_it(days: DeskDays) -> None:
    days.opened_by("validation")
    number = days.world.ticket_of(ANA)
    days.world.act(number, "take")
    days.world.act(number, "solve", text="Instale la 7.4")
    letters = days.world.letters(to=ANA)
    before = days.world.letters()
    given = values_for_ticket(days.world.office, "solved", number, language="pt", now=days.world.now)
    alert = values_for_ticket(days.world.office, "alert", number, language="", now=days.world.now)

    assert days.world.letters() == before
    closes_at = given["closes_at"]
    assert moment_in(closes_at, "es", "America/Bogota") in letters[-1].text  # type: ignore[arg-type]
    assert closes_at - days.world.now > timedelta(days=6)  # type: ignore[operator]
    assert (given["best"], given["question"]) == (5, "Como foi o nosso atendimento?")
    assert alert["owner"] == days.world.person("luis@staff.example").name


# --- the samples ------------------------------------------------------------------------------------------------------


def test_there_is_a_sample_for_every_value_of_every_letter() -> None:
    composer = Composer(template_folders())
    for letter, kind in LETTERS.items():
        for language in ("es", "en", "pt", "fr"):
            for given in samples_of(letter, language):
                assert given.keys() == kind.variables
                assert composer.compose(letter, language, given).subject
