"""The shipped settings.toml, docs/settings.md, `init`, and the kept secret."""

import re
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest

from gateway.errors import SettingsError
from gateway.files import shipped
from gateway.settings import Settings
from gateway.settings_docs import markdown, toml
from gateway.settings_init import init
from gateway.settings_keys import signing_keys
from gateway.settings_load import load_settings
from gateway.settings_where import names

ROOT = Path(__file__).parents[1]
OFF = re.compile(r"^#(?=[a-z_]+ = |\[)", re.MULTILINE)
SECRET = "a-secret-of-more-than-thirty-two-characters"


def settings_of(folder: Path, text: str) -> Settings:
    (folder / "settings.toml").write_text(text, "utf-8")
    return load_settings(folder / "settings.toml", {}).settings


def test_the_shipped_settings_are_those_of_the_table() -> None:
    assert shipped("settings.toml") == ROOT / "settings.toml"
    assert shipped("settings.toml").read_text("utf-8") == toml()


def test_the_document_of_settings_is_that_of_the_table() -> None:
    assert (ROOT / "docs/settings.md").read_text("utf-8") == markdown()


def test_every_key_of_the_table_is_in_the_shipped_settings() -> None:
    tables = tomllib.loads(OFF.sub("", toml()))

    for section in names(()):
        inside = tables[section][0] if isinstance(tables[section], list) else tables[section]
        assert list(inside) == list(names((section,)))


def test_the_shipped_settings_are_the_embedded_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    embedded = load_settings(None, {}).settings

    assert settings_of(tmp_path, toml()) == embedded


def test_with_every_key_uncommented_the_shipped_settings_still_load(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(SECRET)
    shipped, all_on = settings_of(tmp_path, toml()), settings_of(tmp_path, OFF.sub("", toml()))
    as_is = {
        "area",
        "key",
        "completeness",
        "calendar",
        "mailbox",
        "contact_form",
        "mailing_list",
        "level",
        "group",
        "rule",
    }

    assert all_on.model_dump(exclude=as_is) == shipped.model_dump(exclude=as_is)
    assert [key.id for key in all_on.key] == ["a"]
    assert [area.name for area in all_on.area] == ["support"]
    assert [calendar.name for calendar in all_on.calendar] == ["madrid"]
    assert [rule.kind for rule in all_on.completeness] == ["length"]
    assert [mailbox.name for mailbox in all_on.mailbox] == ["support"]


def test_the_command_of_the_documents_writes_them() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "gateway.settings_docs", "markdown"], cwd=ROOT, capture_output=True, check=True
    )

    assert told.stdout.decode("utf-8") == markdown()


def test_init_makes_settings_that_load_and_a_secret_of_their_own(tmp_path: Path) -> None:
    told = [init(tmp_path / "one"), init(tmp_path / "two")]
    one, two = (load_settings(tmp_path / name / "settings.toml", {}).settings for name in ("one", "two"))

    assert (tmp_path / "one" / "secret").stat().st_mode & 0o777 == 0o600
    assert one.server.secret.get_secret_value() == (tmp_path / "one" / "secret").read_text().strip()
    assert one.server.secret != two.server.secret
    assert SECRET not in str(told)
    assert one.server.secret.get_secret_value() not in str(told)
    assert not (tmp_path / "one" / "var").exists()


def test_init_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(SECRET)
    init(tmp_path)
    before = (tmp_path / "settings.toml").read_bytes()

    with pytest.raises(SettingsError, match="is there already"):
        init(tmp_path)
    assert (tmp_path / "settings.toml").read_bytes() == before
    assert (tmp_path / "secret").read_text() == SECRET


def test_the_first_key_signs_and_the_others_keep_their_last_day(tmp_path: Path) -> None:
    (tmp_path / "old").write_text(SECRET[::-1])
    keys = signing_keys(
        settings_of(
            tmp_path,
            f'[[key]]\nid = "b"\nsecret = "{SECRET}"\n[[key]]\nid = "a"\nsecret_file = "old"\nuntil = 2027-01-31\n',
        )
    )

    assert [(key.id, key.secret, key.until) for key in keys] == [
        ("b", SECRET.encode(), None),
        ("a", SECRET[::-1].encode(), date(2027, 1, 31)),
    ]
    assert SECRET not in repr(keys)


def test_the_secret_of_the_server_is_the_key_a(tmp_path: Path) -> None:
    (key,) = signing_keys(settings_of(tmp_path, f'[server]\nsecret = "{SECRET}"'))

    assert (key.id, key.secret, key.until) == ("a", SECRET.encode(), None)
    assert not (tmp_path / "var").exists()


def test_without_any_key_one_is_made_and_kept_in_the_data_folder(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, "")
    first, again = signing_keys(settings), signing_keys(settings)

    assert first == again
    assert first[0].id == "a"
    assert len(first[0].secret) >= 43
    assert (tmp_path / "var/secret").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret"]


def test_processes_that_begin_together_keep_one_secret(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from gateway.settings_keys import kept_secret; print('up', flush=True);"
        "sys.stdin.readline(); print(kept_secret(Path(sys.argv[1])))"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "secret")]
    begun = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    for process in begun:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
    for process in begun:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    kept = {process.communicate()[0].strip() for process in begun}

    assert kept == {(tmp_path / "secret").read_text().strip()}
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_a_kept_secret_that_was_cut_is_refused(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var/secret").write_text("short")

    with pytest.raises(SettingsError, match="shorter than 32 characters"):
        signing_keys(settings_of(tmp_path, ""))
