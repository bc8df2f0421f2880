"""A wrong setting says file, line, key, what is wrong, and the nearest right name."""

from pathlib import Path

import pytest

from gateway.errors import SettingsError
from gateway.settings_listen import Tcp, Unix, listen_at
from gateway.settings_load import load_settings
from gateway.settings_where import line_of

AREA = '[[area]]\nname = "a"\naddresses = ["a@example.org"]\n'


def complaint(tmp_path: Path, text: str, **environment: str) -> str:
    """What is said of the settings, a line for each mistake, with the folder left out."""
    (tmp_path / "settings.toml").write_text(text, "utf-8")
    with pytest.raises(SettingsError) as error:
        load_settings(tmp_path / "settings.toml", environment)
    return str(error.value).replace(f"{tmp_path}/", "")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\n[smtp]\n\n# the door\nlisen = 'x'", "5: [smtp] lisen: there is no such setting; did you mean listen?"),
        ("[stmp]\nlisten = 'x'", "1: stmp: there is no such setting; did you mean smtp?"),
        ("hostname = 'x'", "1: hostname: there is no such setting; did you mean [server] hostname?"),
        (
            "[lmtp]\nsmarthost = 'x'",
            "2: [lmtp] smarthost: there is no such setting; did you mean [delivery] smarthost?",
        ),
        ("[lmtp]\nquux = 1", "2: [lmtp] quux: there is no such setting; there are listen"),
        (AREA + "[[area]]\nlanguage = 'es'\naddresses = ['b@example.org']", "4: [[area]] number 2: name is missing"),
        (AREA + "language = 'fr'", '4: [[area]] number 1, language: must be "es", "en" or "pt"'),
        ("[workers]\ncount = 0", "2: [workers] count: must be greater than or equal to 1"),
        ("[limits]\nmail_mib = inf", "2: [limits] mail_mib: must be a finite number"),
        ("[delivery]\nretry_minutes = [1, 0]", "2: [delivery] retry_minutes, number 2: must be greater than 0"),
        ("smtp = 3", "1: [smtp]: must be a valid dictionary or instance of Smtp"),
        ("[server]\nhostname = [", "2: not TOML: Invalid value"),
        ("[server\nhostname = 'x'", "1: not TOML: Expected ']' at the end of a table declaration"),
        ("[[key]]\nid = 'a'\nuntil = 20270101\n", "3: [[key]] number 1, until: write the day as YYYY-MM-DD"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    assert complaint(tmp_path, text) == f"settings.toml:{told}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            AREA + "[[area]]\nname = 'A'\naddresses = ['b@example.org']",
            '5: [[area]] number 2, name: "A" is the name of another [[area]] too',
        ),
        (
            AREA + "[[area]]\nname = 'b'\naddresses = ['b@example.org']\naliases = ['x@y.org', 'A@EXAMPLE.org']",
            '7: [[area]] number 2, aliases, number 2: "A@EXAMPLE.org" is an address of [[area]] "a" already',
        ),
        (
            "[[area]]\nname = 'b'\naddresses = ['x@bücher.de', 'x@xn--bcher-kva.de']",
            '3: [[area]] number 1, addresses, number 2: "x@xn--bcher-kva.de" is an address of [[area]] "b" already',
        ),
        (
            "[[area]]\nname = 'b'\naddresses = ['B <b@example.org>']",
            '3: [[area]] number 1, addresses, number 1: "B <b@example.org>" is no mail address',
        ),
        (
            "[[area]]\nname = 'b'\naddresses = ['*@example.org']",
            '3: [[area]] number 1, addresses, number 1: "*@example.org" is no mail address',
        ),
        (AREA + "reply = 'domain'", '4: [[area]] number 1, reply: "domain" needs [server] reply_domain'),
        (
            "[authentication]\nsubmission_networks = ['10.0.0.1/8']",
            '2: [authentication] submission_networks, number 1: "10.0.0.1/8" is no network; did you mean 10.0.0.0/8?',
        ),
        (
            "[smtp]\ntrusted_relays = ['mx']",
            '2: [smtp] trusted_relays, number 1: "mx" is no network, such as 192.0.2.0/24 or 2001:db8::/32',
        ),
        (
            "[authentication]\ntrusted = ['mx']",
            "2: [authentication] trusted: needs a profile: postfix, gmail, or microsoft365",
        ),
        (
            "[web]\npublic_url = 'desk.example.org'",
            "2: [web] public_url: must be the whole address of the pages, such as https://desk.example.org",
        ),
        (
            "[web]\npublic_url = 'https://desk.example.org/?a=1'",
            "2: [web] public_url: must be scheme, host, and path only: links add their own query",
        ),
        ("[smtp]\nlisten = '8025'", "2: [smtp] listen: write host:port, such as 127.0.0.1:8025"),
        ("[smtp]\nlisten = ':25'", "2: [smtp] listen: the host is missing; 0.0.0.0:25 or [::]:25 means all"),
        ("[smtp]\nlisten = '::1:25'", "2: [smtp] listen: an IPv6 address is written in brackets: [::1]:25"),
        ("[smtp]\nlisten = 'a:65536'", "2: [smtp] listen: 65536 is no port: the highest is 65535"),
        (
            "[web]\nlisten = 'unix:x'",
            "2: [web] listen: write address:port; only [lmtp] listens on a Unix socket",
        ),
        ("[delivery]\nsmarthost = 'relay'", "2: [delivery] smarthost: write host:port, such as 127.0.0.1:8025"),
        ("[delivery]\nusername = 'u'", "2: [delivery] username: has no password: set password or password_file"),
        ("[delivery]\npassword = 'u'", "2: [delivery] password: has no username"),
        ("[smtp]\ntls_certificate = 'none.pem'", "2: [smtp] tls_certificate: none.pem is no file"),
        ("[blobs]\nurl = 's3:x'", "2: [blobs] url: write file:FOLDER"),
        (
            "[database]\nurl = 'postgresql://u@h/d'",
            "2: [database] url: postgresql:// is not known; did you mean postgresql+psycopg://?",
        ),
        (
            "[database]\nurl = 'mysql://u@h/d'",
            "2: [database] url: mysql:// is not known; there are sqlite:// and postgresql+psycopg://",
        ),
        (
            "[database]\nurl = 'sqlite://'",
            "2: [database] url: a database in memory is not seen by the workers: sqlite:///FILE",
        ),
        (
            "[server]\nhostname = 'a b'",
            "2: [server] hostname: is no host name: labels of a-z, 0-9 and hyphens with dots between; others as xn--…",
        ),
        ("[server]\nsecret_file = 'none'", "2: [server] secret_file: none cannot be read: No such file or directory"),
        (
            "[workers]\nlease_seconds = 10",
            "2: [workers] lease_seconds: must be more than seconds, "
            "or a mail that is being read is taken from its worker",
        ),
        ("[[key]]\nid = 'a'", "1: [[key]] number 1: has no secret: set secret or secret_file"),
        (
            f"[[key]]\nid = 'a'\nsecret = '{'x' * 32}'\n[[key]]\nid = 'a'\nsecret = '{'y' * 32}'",
            '5: [[key]] number 2, id: "a" is the id of another [[key]] too',
        ),
        (
            f"[[key]]\nid = 'a'\nuntil = 2027-01-01\nsecret = '{'x' * 32}'",
            "3: [[key]] number 1, until: the first key signs, and so cannot end: put the new key before it",
        ),
        (
            f"[server]\nsecret = '{'x' * 32}'\n[[key]]\nid = 'a'\nsecret = '{'x' * 32}'",
            '2: [server] secret: is not used beside [[key]]: move it into a [[key]] with id = "a"',
        ),
    ],
)
def test_settings_that_do_not_fit_together_are_told(tmp_path: Path, text: str, told: str) -> None:
    assert complaint(tmp_path, text) == f"settings.toml:{told}"


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    told = complaint(tmp_path, "[stmp]\n[smtp]\nlisen = 'x'\nsessions = 0\n", GATEWAY_X="1")

    assert [line.split(": ")[0] for line in told.splitlines()] == [
        "settings.toml:1",
        "settings.toml:3",
        "settings.toml:4",
        "GATEWAY_X",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "[server]\nsecret = 'hunter2'",
        "[[key]]\nid = 'a'\nsecret = 'hunter2'",
        "[server]\nsecret = ['hunter2']",
        "[delivery]\npassword = 'hunter2'",
        "[database]\nurl = 'hunter2'",
        "[database]\nurl = 'postgres://u:hunter2@h/d'",
        "[database]\nurl = 'postgresql+psycopg://u:hunter2@h:port/d'",
    ],
)
def test_a_complaint_never_holds_a_secret(tmp_path: Path, text: str) -> None:
    assert "hunter2" not in complaint(tmp_path, text)


def test_an_error_of_a_secret_is_raised_from_nothing_that_shows_it(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("[server]\nsecret = ['hunter2']")
    with pytest.raises(SettingsError) as error:
        load_settings(tmp_path / "settings.toml", {})

    assert error.value.__cause__ is None
    assert "hunter2" not in str(error.value.__context__)


def test_a_byte_that_is_no_text_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_bytes(b"[server]\n# caf\xe9\n")

    with pytest.raises(SettingsError, match=r"settings\.toml:2: this line is not in UTF-8"):
        load_settings(tmp_path / "settings.toml", {})


def test_the_line_is_that_where_the_statement_begins() -> None:
    text = 'a = """\nb = 1\n"""\n[s]\nlist = [\n  1,\n  # b\n  2 ]\n\n[[t]]\nb = 1\n[[t]]\nb.c = 2\n'

    assert line_of(text, ("a",)) == 1
    assert line_of(text, ("b",)) is None
    assert line_of(text, ("s", "list", 1)) == 5
    assert line_of(text, ("s", "gone")) == 4
    assert line_of(text, ("t", 1, "b", "c")) == 13
    assert line_of(text.replace("\n", "\r\n"), ("t", 1)) == 12


def test_a_door_listens_on_an_address_a_socket_or_nothing() -> None:
    assert listen_at("127.0.0.1:25") == Tcp("127.0.0.1", 25)
    assert listen_at("localhost:0") == Tcp("localhost", 0)
    assert listen_at("[::1]:25") == Tcp("::1", 25)
    assert listen_at("unix:/run/x.sock") == Unix(Path("/run/x.sock"))
    assert listen_at("") is None


def test_a_socket_path_longer_than_the_kernel_takes_is_told() -> None:
    assert listen_at("unix:/" + "x" * 106) == Unix(Path("/" + "x" * 106))
    with pytest.raises(ValueError, match="at most 107 bytes"):
        listen_at("unix:/" + "x" * 107)
