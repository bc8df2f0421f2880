"""Which file is read, what the environment changes, and where paths lead."""

from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from gateway.errors import SettingsError
from gateway.settings import Settings
from gateway.settings_load import Loaded, load_settings
from gateway.settings_paths import blobs_folder

SECRET = "a-secret-of-more-than-thirty-two-characters"


def load(tmp_path: Path, text: str, **environment: str) -> Loaded:
    (tmp_path / "settings.toml").write_text(text, "utf-8")
    return load_settings(tmp_path / "settings.toml", environment)


def complaint(tmp_path: Path, text: str, **environment: str) -> str:
    with pytest.raises(SettingsError) as error:
        load(tmp_path, text, **environment)
    return str(error.value).replace(f"{tmp_path}/", "")


def test_the_argument_goes_before_the_environment_and_that_before_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("given", "named", "settings"):
        (tmp_path / f"{name}.toml").write_text(f'[server]\nhostname = "{name}"')
    monkeypatch.chdir(tmp_path)
    named = {"GATEWAY_SETTINGS": "named.toml"}

    assert load_settings(Path("given.toml"), named).settings.server.hostname == "given"
    assert load_settings(None, named).settings.server.hostname == "named"
    assert load_settings(None, {}).settings.server.hostname == "settings"
    assert load_settings(None, {}).path == tmp_path / "settings.toml"


def test_without_any_file_the_embedded_defaults_are_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    loaded = load_settings(None, {})

    assert loaded.path is None
    assert loaded.base == tmp_path
    assert loaded.settings.server.data == tmp_path / "var"
    assert "embedded defaults" in loaded.notes[0]


@pytest.mark.parametrize("how", ["argument", "environment"])
def test_a_file_that_is_named_but_missing_is_an_error(tmp_path: Path, how: str) -> None:
    missing = tmp_path / "nowhere.toml"
    path, environment = (missing, {}) if how == "argument" else (None, {"GATEWAY_SETTINGS": str(missing)})

    with pytest.raises(SettingsError, match=r"nowhere\.toml: the settings cannot be read: No such file"):
        load_settings(path, environment)


def test_relative_paths_begin_at_the_folder_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "desk").mkdir()
    for name in ("cert.pem", "key.pem", "ca.pem"):
        (tmp_path / "desk" / name).touch()
    monkeypatch.chdir("/")
    settings = load(
        tmp_path / "desk",
        """
        [database]
        url = "sqlite:///kept/desk.db"
        [blobs]
        url = "file:kept/blobs"
        [smtp]
        tls_certificate = "cert.pem"
        tls_key = "key.pem"
        [lmtp]
        listen = "unix:in.sock"
        [delivery]
        folder = "out"
        tls_ca = "ca.pem"
        [[area]]
        name = "a"
        addresses = ["a@example.org"]
        workflow = "flows/a.toml"
        """,
    ).settings
    base = tmp_path / "desk"

    assert settings.server.data == base / "var"
    assert settings.database.url == f"sqlite:///{base}/kept/desk.db"
    assert blobs_folder(settings.blobs.url) == base / "kept/blobs"
    assert (settings.smtp.tls_certificate, settings.smtp.tls_key) == (base / "cert.pem", base / "key.pem")
    assert settings.lmtp.listen == f"unix:{base}/in.sock"
    assert (settings.delivery.folder, settings.delivery.tls_ca) == (base / "out", base / "ca.pem")
    assert settings.area[0].workflow == str(base / "flows/a.toml")


def test_absolute_paths_and_presets_stay_as_they_are(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        '[database]\nurl = "sqlite:////srv/desk.db"\n[blobs]\nurl = "file:///srv/blobs"\n[server]\ndata = "/srv"',
    ).settings

    assert settings.database.url == "sqlite:////srv/desk.db"
    assert blobs_folder(settings.blobs.url) == Path("/srv/blobs")
    assert settings.area[0].workflow == "default"


def test_what_nobody_named_follows_the_data_folder(tmp_path: Path) -> None:
    settings = load(tmp_path, '[server]\ndata = "kept"\n[delivery]\nfolder = "out"').settings

    assert settings.database.url == f"sqlite:///{tmp_path}/kept/gateway.db"
    assert settings.blobs.url == f"file:{tmp_path}/kept/blobs"
    assert settings.lmtp.listen == f"unix:{tmp_path}/kept/lmtp.sock"
    assert settings.delivery.folder == tmp_path / "out"


def test_the_embedded_defaults_lead_where_the_table_says(tmp_path: Path) -> None:
    settings, table = load(tmp_path, "").settings, Settings()

    assert settings.database.url == f"sqlite:///{tmp_path / table.database.url.removeprefix('sqlite:///')}"
    assert settings.blobs.url == f"file:{tmp_path / table.blobs.url.removeprefix('file:')}"
    assert settings.lmtp.listen == f"unix:{tmp_path / table.lmtp.listen.removeprefix('unix:')}"
    assert settings.delivery.folder == tmp_path / table.delivery.folder


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        '[database]\nurl = "sqlite:///x.db"\n[workers]\ncount = 7\nbatch = 5',
        GATEWAY_DATABASE__URL="postgresql+psycopg://gw@db/desk",
        GATEWAY_WORKERS__COUNT="3",
        GATEWAY_DELIVERY__HOLD="true",
        GATEWAY_SMTP__TRUSTED_RELAYS="192.0.2.0/24, 2001:db8::/32, ",
        GATEWAY_DELIVERY__RETRY_MINUTES="[2, 4]",
        GATEWAY_AREA='[{"name": "it", "addresses": ["it@example.org"]}]',
        PATH="unrelated",
    )
    settings = loaded.settings

    assert settings.database.url == "postgresql+psycopg://gw@db/desk"
    assert (settings.workers.count, settings.workers.batch, settings.delivery.hold) == (3, 5, True)
    assert settings.smtp.trusted_relays == ["192.0.2.0/24", "2001:db8::/32"]
    assert settings.delivery.retry_minutes == [2, 4]
    assert [area.name for area in settings.area] == ["it"]
    assert "GATEWAY_WORKERS__COUNT" in loaded.notes[1]


@pytest.mark.parametrize(
    ("variable", "near"),
    [
        ("GATEWAY_DATABSE__URL", "GATEWAY_DATABASE__URL"),
        ("GATEWAY_DATABASE_URL", "GATEWAY_DATABASE__URL"),
        ("GATEWAY_SETTING", "GATEWAY_SETTINGS"),
        ("GATEWAY_AREAS", "GATEWAY_AREA"),
    ],
)
def test_a_variable_that_is_no_setting_is_an_error_with_the_nearest_name(
    tmp_path: Path, variable: str, near: str
) -> None:
    assert complaint(tmp_path, "", **{variable: "x"}) == f"{variable}: there is no such setting; did you mean {near}?"


def test_a_wrong_value_from_the_environment_is_told_by_its_variable(tmp_path: Path) -> None:
    told = complaint(
        tmp_path,
        "[workers]\ncount = 2",
        GATEWAY_WORKERS__COUNT="two",
        GATEWAY_AREA='[{"name": "it", "addresses": []}]',
        GATEWAY_SMTP__TRUSTED_RELAYS="[1",
    )

    assert told.splitlines() == [
        "GATEWAY_SMTP__TRUSTED_RELAYS: must be a valid list",
        "GATEWAY_AREA, number 1, addresses: must have at least 1 item after validation, not 0",
        "GATEWAY_WORKERS__COUNT: must be a valid integer, unable to parse string as an integer",
    ]


def test_a_path_with_unusual_characters_is_the_same_file_in_the_database_url(tmp_path: Path) -> None:

    folder = tmp_path / "a b%20#ü@:c"
    folder.mkdir()

    assert make_url(load(folder, "").settings.database.url).database == f"{folder}/var/gateway.db"
    assert (
        make_url(load(folder, '[database]\nurl = "sqlite:///x.db"').settings.database.url).database == f"{folder}/x.db"
    )


def test_a_file_saved_on_windows_is_read(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_bytes(b'\xef\xbb\xbf[server]\r\nhostname = "desk.example.org"\r\n')

    assert load_settings(tmp_path / "settings.toml", {}).settings.server.hostname == "desk.example.org"


def test_secrets_stand_in_files_and_are_shown_nowhere(tmp_path: Path) -> None:
    (tmp_path / "signing").write_text(f"{SECRET}\n")
    (tmp_path / "password").write_text("hunter2-of-the-smarthost\n")
    loaded = load(
        tmp_path,
        """
        [server]
        secret_file = "signing"
        [delivery]
        smarthost = "smtp.example.org:587"
        username = "desk"
        password_file = "password"
        [database]
        url = "postgresql+psycopg://gw:hunter2@db/desk?sslpassword=hunter3"
        """,
    )

    assert loaded.settings.server.secret.get_secret_value() == SECRET
    assert loaded.settings.delivery.password.get_secret_value() == "hunter2-of-the-smarthost"
    assert SECRET not in repr(loaded)
    assert "hunter" not in repr(loaded)
    assert "database postgresql+psycopg://gw:***@db/desk" in loaded.notes


def test_a_secret_that_everybody_can_read_is_noted(tmp_path: Path) -> None:
    (tmp_path / "signing").write_text(SECRET)
    (tmp_path / "signing").chmod(0o644)
    notes = load(tmp_path, '[server]\nsecret_file = "signing"').notes
    (tmp_path / "signing").chmod(0o640)

    assert f"{tmp_path}/signing holds a secret and is open to everybody: chmod o= {tmp_path}/signing" in notes
    assert "open to everybody" not in str(load(tmp_path, '[server]\nsecret_file = "signing"').notes)


def test_the_notes_say_when_nobody_can_be_proven(tmp_path: Path) -> None:
    proven = load(tmp_path, '[authentication]\ntrusted = ["mx.example.org"]\nprofile = "postfix"').notes

    assert any("no mail proves who sent it" in note for note in load(tmp_path, "").notes)
    assert not any("no mail proves who sent it" in note for note in proven)
