"""What `gateway check` and the settings say about who can be believed, and about reply addresses."""

import socket
from pathlib import Path

import pytest

from gateway.errors import SettingsError
from gateway.settings_check_identity import sources
from gateway.settings_load import load_settings
from gateway.work.checkup import look
from tests.daemon_process import Installation

NOBODY = "[authentication] trusted is empty: no mail proves who sent it, and commands by mail are off"


def written(folder: Path, text: str) -> Path:
    path = folder / "settings.toml"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("text", "believed"),
    [
        ("", ()),
        ('[authentication]\ntrusted = ["mx.desk.example"]\nprofile = "postfix"\n', ("mx.desk.example",)),
        ('[authentication]\nprofile = "postfix"\n', ()),
        ('[authentication]\nprofile = "gmail"\n', ("mx.google.com",)),
        ('[authentication]\nprofile = "microsoft365"\n', ("Microsoft 365",)),
        ('[authentication]\nsubmission_networks = ["10.1.0.0/16"]\n', ("10.1.0.0/16",)),
        ("[authentication]\nown_check = true\n", ("our own check",)),
    ],
)
def test_the_daemon_says_at_start_when_nobody_can_be_believed(
    tmp_path: Path, text: str, believed: tuple[str, ...]
) -> None:
    loaded = load_settings(written(tmp_path, text), {})

    assert sources(loaded.settings) == believed
    assert (NOBODY in loaded.notes) is (believed == ())


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        (
            "",
            "hint",
            "off, because nobody can be proven; to switch them on, name the server in front in [authentication]",
        ),
        ("[commands]\non = false\n", "hint", "off: [commands] on is false"),
        ('[authentication]\nprofile = "gmail"\n', "good", "on, in mail with a DKIM signature"),
        ('[authentication]\nprofile = "gmail"\n[commands]\non = false\n', "hint", "off: [commands] on is false"),
    ],
)
def test_check_says_whether_commands_by_mail_are_on_and_what_switches_them_on(
    tmp_path: Path, text: str, kind: str, said: str
) -> None:
    settings = load_settings(written(tmp_path, text), {}).settings
    (found,) = [one for one in look(settings) if one.sentence.startswith("commands by mail are")]

    assert (found.kind, said in found.sentence) == (kind, True), found


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[authentication]\nown_check = true\ndns_seconds = 10\n", "dns_seconds: must be less than [workers] seconds"),
        ('[authentication]\ndns_servers = ["dns.example"]\n', '"dns.example" is no DNS server'),
        ('[authentication]\ndns_servers = ["192.0.2.53:70000"]\n', '"192.0.2.53:70000" is no DNS server'),
        ('[authentication]\ndns_servers = ["192.0.2.530"]\n', '"192.0.2.530" is no DNS server'),
        ('[[contact_form]]\nsender = "web"\n', '"web" is no mail address'),
        ('[[contact_form]]\nsender = "web@x.example"\nrequester = " "\n', "requester: is empty"),
        ('[[mailing_list]]\naddress = "support"\n', '"support" is no mail address'),
        ('[[mailing_list]]\naddress = "s@x.example"\nlist_id = "<s.x.example>"\n', "without angle brackets"),
    ],
)
def test_a_wrong_setting_is_told_with_its_line(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(SettingsError) as told:
        load_settings(written(tmp_path, text), {})

    assert complaint in str(told.value)
    assert "settings.toml:" in str(told.value)


def test_our_own_check_without_its_libraries_is_a_wrong_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.settings_check_identity.find_spec", lambda name: None if name == "dkim" else object())

    with pytest.raises(SettingsError, match=r"dkim is not installed: `pip install 'ticket-gateway\[auth\]'`"):
        load_settings(written(tmp_path, "[authentication]\nown_check = true\n"), {})


@pytest.mark.parametrize(
    ("local", "too_long"),
    [("soporte", False), ("a" * 24, False), ("a" * 25, True), ("mesa-de-ayuda-informatica", True)],
)
def test_check_tells_when_reply_addresses_become_too_long(tmp_path: Path, local: str, too_long: bool) -> None:
    """64 octets before the @ (RFC 5321, 4.5.3.1.1), with numbers of a thousand million."""
    area = f'[[area]]\nname = "support"\naddresses = ["{local}@desk.example"]\nreply = "plus"\n'
    settings = load_settings(written(tmp_path, area), {}).settings
    wrong = [one.sentence for one in look(settings) if one.kind == "wrong"]

    assert bool(wrong) is too_long, wrong
    assert all("mail servers take 64" in sentence for sentence in wrong)


def test_the_probe_of_check_goes_out_through_the_smarthost_and_is_seen_to_come_back() -> None:
    """The smarthost is our own door here; what comes back is recorded and opens no ticket."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    areas = [
        {"name": "support", "addresses": ["support@gw.test"], "language": "en", "reply": "plain"},
        {"name": "sales", "addresses": ["sales@gw.test"], "language": "en", "reply": "plus"},
        {"name": "stock", "addresses": ["stock@gw.test"], "language": "en", "reply": "domain"},
    ]
    where = {"smarthost": f"127.0.0.1:{port}", "tls": "none"}
    server = {"reply_domain": "r.gw.test"}
    with Installation(server=server, smtp={"listen": f"127.0.0.1:{port}"}, area=areas, delivery=where) as desk:
        daemon = desk.start()
        told = desk.told("check", "--probe")
        daemon.verdict("m-3")

        assert 'area support: mail to a reply address arrives, from the null sender too: set reply = "plus"' in told
        assert "area sales: mail to a reply address arrives, from the null sender too\n" in told
        assert "area stock: mail to a reply address arrives, from the null sender too\n" in told
        assert (desk.tickets(), {one["verdict"] for one in desk.mails()}) == ([], {"automatic"})
