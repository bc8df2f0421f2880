"""What is wrong with a [[mailbox]] is said with its line, its key, and what to do."""

from pathlib import Path

import pytest

from gateway.errors import SettingsError
from gateway.settings import Settings
from gateway.settings_load import load_settings

GOOD = 'name = "desk"\nhost = "imap.example.org"\nusername = "desk@example.org"\n'
PASSWORD = 'password = "a password"\n'


def load(folder: Path, *mailboxes: str) -> Settings:
    file = folder / "settings.toml"
    file.write_text("".join(f"[[mailbox]]\n{one}" for one in mailboxes))
    return load_settings(file, {}).settings


def complaints(folder: Path, *mailboxes: str) -> str:
    with pytest.raises(SettingsError) as told:
        load(folder, *mailboxes)
    return str(told.value).replace(str(folder), "")


def test_a_mailbox_needs_its_server_its_user_and_a_password(tmp_path: Path) -> None:
    (mailbox,) = load(tmp_path, GOOD + PASSWORD).mailbox

    assert (mailbox.folder, mailbox.after, mailbox.import_, mailbox.tls) == ("INBOX", "leave", "new", "tls")
    assert "a password" not in repr(mailbox)


def test_its_secrets_stand_in_files_too(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("of a file\n")
    (mailbox,) = load(tmp_path, GOOD + 'password_file = "secret"\n').mailbox

    assert mailbox.password.get_secret_value() == "of a file"


def test_a_token_file_is_not_read_before_it_is_needed(tmp_path: Path) -> None:
    (mailbox,) = load(tmp_path, GOOD + 'auth = "xoauth2"\ntoken_file = "not/there/yet"\n').mailbox

    assert mailbox.token_file == tmp_path / "not/there/yet"


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("", ":1: [[mailbox]] number 1: has no password: set password or password_file, or auth for a token"),
        ('host = "imap.example.org:993"', "is no host name"),
        (PASSWORD + 'after = "move"', ':6: [[mailbox]] number 1, after: "move" needs move_to'),
        (PASSWORD + 'move_to = "Done"', 'is for after = "move"; after = "leave" does not look at it'),
        (PASSWORD + 'after = "move"\nmove_to = "INBOX"', "move_to: is the folder that is read"),
        (PASSWORD + 'spam_folder = "INBOX"', "spam_folder: is the folder that is read"),
        (PASSWORD + 'area = "suport"', 'there is no [[area]] "suport"; did you mean support?'),
        (PASSWORD + r'folder = "a\r\nA1 LOGOUT"', "folder: has a line break or another control character in it"),
        (PASSWORD + 'tls_ca = "nowhere.pem"', "nowhere.pem is no file"),
        (PASSWORD + 'token_file = "t"', "token_file: is for tokens"),
        (PASSWORD + 'auth = "xoauth2"\ntoken_file = "t"', 'is for auth = "password"; auth = "xoauth2" takes a token'),
        ('auth = "xoauth2"', '"xoauth2" needs provider, token_file, or token_command'),
        ('auth = "xoauth2"\ntoken_file = "t"\nprovider = "google"', "token_file is set too: leave one of them out"),
        ('auth = "xoauth2"\nprovider = "google"', '"google" needs client_secret and refresh_token'),
        ('auth = "xoauth2"\nprovider = "microsoft365"', '"microsoft365" needs tenant'),
        ('auth = "xoauth"', 'must be "password", "xoauth2" or "oauthbearer"'),
        (PASSWORD + 'import = "everything"', '[[mailbox]] number 1, import: must be "new" or "all"'),
        (PASSWORD + "imports = 1", "there is no such setting; did you mean import?"),
        (PASSWORD + "credential_until = 5", "write the day as YYYY-MM-DD"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, lines: str, says: str) -> None:
    base = GOOD if "host" not in lines else GOOD.replace('host = "imap.example.org"\n', "")

    assert says in complaints(tmp_path, base + lines + "\n")


def test_two_mailboxes_have_two_names_and_two_places(tmp_path: Path) -> None:
    said = complaints(tmp_path, GOOD + PASSWORD, GOOD + PASSWORD, GOOD.replace('"desk"', '"other"') + PASSWORD)

    assert '"desk" is the name of another [[mailbox]] too' in said
    assert '[[mailbox]] "desk" reads this folder already' in said
    assert "a password" not in said


def test_the_environment_can_hold_all_of_them(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("")
    given = '[{"name": "desk", "host": "imap.example.org", "username": "u", "password": "p", "import": "all"}]'
    settings = load_settings(tmp_path / "settings.toml", {"GATEWAY_MAILBOX": given}).settings

    assert settings.mailbox[0].import_ == "all"
