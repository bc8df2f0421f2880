"""Signing in to a real Dovecot: encrypted and verified, with passwords and tokens, and never so often that it hurts."""

import itertools
import json
import os
import stat
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.inbound import imap_session
from gateway.inbound.imap_tokens import SignIn
from gateway.inbound.imap_trouble import Kind, Trouble
from gateway.settings import Mailbox
from tests.mailbox_doors import a_mailbox, file_with, reading
from tests.real_dovecot import PASSWORD, Dovecot
from tests.waiting import wait_until
from tests.world import World, mail

_numbers = itertools.count(1)
# Accents and a quote: what LOGIN could not carry, and what ends a quoted string.
HARD = 'contraseña "x" \\ {5}'


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    server = Dovecot()
    try:
        yield server.start()
    finally:
        server.remove()


@pytest.fixture
def user(dovecot: Dovecot) -> str:
    return dovecot.user(f"desk{next(_numbers)}")


def enter(mailbox: Mailbox, folder: Path = Path("/nonexistent"), *, now: datetime | None = None) -> Any:
    """Signs in once and out again; how the folder was opened."""
    moment = now or datetime.now(UTC)
    session = imap_session.connect(mailbox, SignIn(mailbox, data=folder, clock=lambda: moment))
    try:
        return session.open_folder(mailbox.folder, read_only=True)
    finally:
        session.close()


def refused(mailbox: Mailbox) -> Trouble:
    with pytest.raises(Trouble) as told:
        enter(mailbox)
    return told.value


@pytest.mark.parametrize("tls", ["tls", "starttls", "none"])
def test_a_password_opens_the_mailbox(dovecot: Dovecot, user: str, tls: str) -> None:
    port = dovecot.tls_port if tls == "tls" else dovecot.port

    assert enter(a_mailbox(dovecot, user, tls=tls, port=port)).uidnext == 1


def test_a_password_may_hold_any_sign(dovecot: Dovecot, user: str) -> None:
    dovecot.password(user, HARD)

    assert enter(a_mailbox(dovecot, user, password=HARD)).uidnext == 1


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_a_server_that_cannot_be_verified_never_sees_the_password(dovecot: Dovecot, user: str, tls: str) -> None:
    port = dovecot.tls_port if tls == "tls" else dovecot.port
    stranger = refused(a_mailbox(dovecot, user, tls=tls, port=port, tls_ca=None))
    other_name = refused(a_mailbox(dovecot, user, tls=tls, port=port, host="localhost.localdomain"))

    assert stranger.kind is Kind.SETTING
    assert "certificate cannot be verified" in stranger.sentence
    assert "certificate" in other_name.sentence or "reached" in other_name.sentence
    assert dovecot.sign_ins(user) == dovecot.refused_sign_ins(user) == 0


def test_the_wrong_port_is_no_endless_wait(dovecot: Dovecot, user: str) -> None:
    assert "tls" in refused(a_mailbox(dovecot, user, port=dovecot.port)).sentence


def test_a_wrong_password_is_told_without_it_and_tried_once_in_minutes(
    world: World, dovecot: Dovecot, user: str
) -> None:
    with reading(world, a_mailbox(dovecot, user, password="wrong secret")) as box:
        said = box.until_trouble("the sign-in was refused")
        with pytest.raises(AssertionError):
            wait_until(lambda: dovecot.refused_sign_ins(user) > 1, seconds=4)

    assert "wrong secret" not in said
    assert dovecot.refused_sign_ins(user) == 1


@pytest.mark.parametrize("auth", ["xoauth2", "oauthbearer"])
def test_a_token_opens_the_mailbox(dovecot: Dovecot, user: str, auth: str, tmp_path: Path) -> None:
    """Dovecot compares the token with a list of ours; nobody here can ask Microsoft or Google."""
    dovecot.token(user, "a.good-token")
    good = file_with(tmp_path, "a.good-token")
    bad = file_with(tmp_path, "a.bad-token", "bad")
    settings = {"auth": auth, "password": ""}

    assert enter(a_mailbox(dovecot, user, token_file=good, **settings)).uidnext == 1
    found = refused(a_mailbox(dovecot, user, token_file=bad, **settings))
    assert found.kind is Kind.REFUSED
    assert "bad-token" not in found.sentence


def test_a_program_gives_the_token(dovecot: Dovecot, user: str) -> None:
    dovecot.token(user, "of-a-program")
    command = [sys.executable, "-c", "print('of-a-program')"]

    assert enter(a_mailbox(dovecot, user, auth="xoauth2", password="", token_command=command)).uidnext == 1


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ([sys.executable, "-c", "print('half-a-secret'); exit(3)"], "exit code 3"),
        (["/nonexistent/program"], "cannot be run"),
        ([sys.executable, "-c", "print('two words')"], "no access token"),
    ],
)
def test_a_program_that_gives_none_is_told_without_what_it_printed(
    dovecot: Dovecot, user: str, command: list[str], words: str
) -> None:
    found = refused(a_mailbox(dovecot, user, auth="xoauth2", password="", token_command=command))

    assert words in found.sentence
    assert "half-a-secret" not in found.sentence
    assert "two words" not in found.sentence


def test_a_new_token_in_the_file_is_tried_at_once(world: World, dovecot: Dovecot, user: str, tmp_path: Path) -> None:
    dovecot.token(user, "new-token")
    file = file_with(tmp_path, "old-token")
    os.utime(file, (1, 1))
    with reading(world, a_mailbox(dovecot, user, auth="oauthbearer", password="", token_file=file)) as box:
        box.until_trouble("the sign-in was refused")
        file.write_text("new-token")
        box.until_read()
        dovecot.deliver(user, mail())
        box.until_kept(1)


def test_a_token_that_has_ended_is_not_even_tried(dovecot: Dovecot, user: str, tmp_path: Path) -> None:
    ended = {"access_token": PASSWORD.replace(" ", "-"), "expires_at": int(datetime.now(UTC).timestamp()) - 60}
    found = refused(
        a_mailbox(dovecot, user, auth="xoauth2", password="", token_file=file_with(tmp_path, json.dumps(ended)))
    )

    assert found.kind is Kind.SETTING
    assert "ended" in found.sentence
    assert dovecot.refused_sign_ins(user) == 0


def test_what_is_about_to_end_is_told_beforehand(dovecot: Dovecot, user: str, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    soon = json.dumps({"access_token": "t", "expires_at": int((now + timedelta(minutes=3)).timestamp())})
    later = json.dumps({"access_token": "u", "expires_at": int((now + timedelta(hours=1)).timestamp())})
    file = file_with(tmp_path, soon)
    mailbox = a_mailbox(dovecot, user, auth="xoauth2", password="", token_file=file)
    sign_in = SignIn(mailbox, data=tmp_path, clock=lambda: now)
    sign_in.token()

    assert "the access token ends at" in sign_in.warning(now)
    file.write_text(later)
    assert sign_in.warning(now) == ""


@pytest.mark.parametrize(("days", "warned"), [(0, True), (13, True), (14, False), (400, False)])
def test_two_weeks_before_the_last_day_a_warning_begins(
    dovecot: Dovecot, user: str, tmp_path: Path, days: int, warned: bool
) -> None:
    now = datetime.now(UTC)
    mailbox = a_mailbox(dovecot, user, credential_until=(now + timedelta(days=days)).date())

    assert bool(SignIn(mailbox, data=tmp_path, clock=lambda: now).warning(now)) is warned


def test_a_password_that_is_changed_while_we_read_is_found_at_the_next_sign_in(
    world: World, dovecot: Dovecot, user: str
) -> None:
    with reading(world, a_mailbox(dovecot, user)) as box:
        box.until_read()
        dovecot.password(user, "another one")
        dovecot.kick(user)
        box.until_trouble("the sign-in was refused")

    assert dovecot.refused_sign_ins(user) == 1


def test_kept_refresh_tokens_are_for_their_owner_alone(tmp_path: Path) -> None:
    from gateway.inbound import imap_providers

    kept = tmp_path / "tokens" / "support"
    imap_providers._keep(kept, given="old", new="new")

    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert imap_providers._replaced(kept, "old") == "new"
    assert imap_providers._replaced(kept, "put there by the operator since") == "put there by the operator since"
    assert "old" not in kept.read_text()
