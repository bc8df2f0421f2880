"""A private Dovecot for tests: its own configuration, users, mail and ports, without a service manager.

What people, other programs and administrators do to a mailbox is done here the way they do it: mail arrives as a file
of a Maildir, as a delivery agent leaves it, and everything else goes through doveadm.
"""

import itertools
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

import trustme

from tests.process_groups import members
from tests.waiting import wait_until

PASSWORD = "a password of tests"

_CONFIGURATION = """\
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/dovecot.log
log_timestamp = "%Y-%m-%dT%H:%M:%S.%{{usecs}} "
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{base}/etc/cert.pem
ssl_key = <{base}/etc/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
auth_verbose = yes
auth_failure_delay = 0
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
first_valid_gid = 1
mail_home = {base}/mail/%u
mail_location = maildir:~/Maildir
mail_fsync = never
mail_max_userip_connections = {connections}
imap_idle_notify_interval = 2 mins
passdb {{
  driver = passwd-file
  args = username_format=%u {base}/etc/passwords
  mechanisms = plain login
}}
passdb {{
  driver = passwd-file
  args = username_format=%u {base}/etc/tokens
  mechanisms = xoauth2 oauthbearer
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={base}/mail/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
service imap-login {{
  service_count = 0
  process_min_avail = 1
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
# Wrong passwords are not made to wait longer and longer: tests count them.
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
{extra}
"""

_delivered = itertools.count(1)
_seconds = itertools.count(1_000_000_000)


@dataclass(frozen=True, slots=True)
class Kept:
    """A mail as the server holds it."""

    uid: int
    subject: str
    flags: frozenset[str]


class Dovecot:
    """IMAP on `port` (plain, with STARTTLS) and `tls_port` of 127.0.0.1. Dovecot has to be started by root.

    `ca` signs its certificate, which is for 'localhost' and '127.0.0.1'; `ca_file` is it as PEM. A user signs in with
    PASSWORD, by XOAUTH2 or OAUTHBEARER with the same as token, until `password()` or `token()` says otherwise. A folder
    of a mailbox is named as in IMAP, with '/' between levels.
    """

    def __init__(self, *, connections: int = 1000, extra: str = "") -> None:
        """`connections` is how many one user may hold at once; `extra` goes below the configuration."""
        if not Path("/usr/sbin/dovecot").exists() or not Path("/usr/lib/dovecot/imap").exists():
            raise RuntimeError("These tests run a real Dovecot, which is not installed: `make test` installs it.")
        if os.geteuid() != 0:
            raise RuntimeError("These tests run a real Dovecot, which only root can start: run `make test` as root.")
        # A socket's path has room for a hundred characters only, so not below pytest's own folders.
        self.base = Path(tempfile.mkdtemp(prefix="gw-dv-"))
        # Dovecot's own users go through it.
        self.base.chmod(0o755)
        for folder in ("run", "state", "mail", "etc"):
            (self.base / folder).mkdir()
        shutil.chown(self.base / "mail", "nobody", "nogroup")
        self.port, self.tls_port = _free_ports(2)
        self.ca = trustme.CA()
        self.ca_file = self.base / "etc" / "ca.pem"
        self.ca.cert_pem.write_to_path(self.ca_file)
        certificate = self.ca.issue_cert("localhost", "127.0.0.1")
        certificate.private_key_pem.write_to_path(self.base / "etc" / "key.pem")
        (self.base / "etc" / "cert.pem").write_bytes(b"".join(one.bytes() for one in certificate.cert_chain_pems))
        self._configuration = self.base / "etc" / "dovecot.conf"
        self._configuration.write_text(
            _CONFIGURATION.format(
                base=self.base,
                user="nobody",
                group="nogroup",
                port=self.port,
                tls_port=self.tls_port,
                connections=connections,
                extra=extra,
            )
        )
        self._secrets: dict[str, dict[str, str]] = {"passwords": {}, "tokens": {}}
        self._process: subprocess.Popen[bytes] | None = None
        self._write_secrets()

    # The server

    def start(self) -> Self:
        with (self.base / "said").open("ab") as out:
            self._process = subprocess.Popen(
                ["/usr/sbin/dovecot", "-F", "-c", self._configuration],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        try:
            wait_until(self._answers, seconds=20)
        except AssertionError:
            self.stop()
            raise RuntimeError(f"Dovecot does not answer:\n{(self.base / 'said').read_text()}\n{self.log()}") from None
        return self

    def stop(self) -> None:
        """As an administrator does: each session hears `* BYE Server shutting down.`"""
        self._end(signal.SIGTERM)

    def crash(self) -> None:
        """As by a machine that loses its power: nobody hears anything but a closed line."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        self.stop()
        self.start()

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.base, ignore_errors=True)

    def log(self) -> str:
        log = self.base / "dovecot.log"
        return log.read_text(errors="replace") if log.exists() else ""

    # Its users

    def user(self, name: str) -> str:
        """A user with an empty mailbox; its name, to be signed in with."""
        for secrets in self._secrets.values():
            secrets[name] = PASSWORD
        self._write_secrets()
        self.mails(name)
        return name

    def password(self, user: str, password: str) -> None:
        """From now on the user signs in with this one."""
        self._secrets["passwords"][user] = password
        self._write_secrets()

    def token(self, user: str, token: str) -> None:
        """From now on the user's access token for XOAUTH2 and OAUTHBEARER is this one."""
        self._secrets["tokens"][user] = token
        self._write_secrets()

    def sign_ins(self, user: str) -> int:
        """How often somebody signed in as this user."""
        return len(re.findall(rf"imap-login: Info: Login: user=<{re.escape(user)}>", self.log()))

    def refused_sign_ins(self, user: str) -> int:
        """How often somebody tried with a wrong password or token."""
        return len(re.findall(rf"auth: Info: passwd-file\({re.escape(user)},.*(?:mismatch|unknown user)", self.log()))

    def sessions(self, user: str) -> int:
        """How many sessions of this user the server believes in."""
        return len(self.doveadm("who", "-1", user).splitlines()) - 1

    def kick(self, user: str) -> None:
        """Ends this user's sessions, as an administrator does."""
        if self.sessions(user):
            self.doveadm("kick", user)

    # Mail

    def deliver(self, user: str, raw: bytes, *, folder: str = "INBOX", received: datetime | None = None) -> None:
        """Leaves a mail in a folder that exists; works while the server is down too. `received` is when it came."""
        place = self.folder(user, folder)
        name = f"{next(_delivered):09}.{os.getpid()}.test"
        path = place / "tmp" / name
        path.write_bytes(raw)
        shutil.chown(path, "nobody", "nogroup")
        if received is not None:
            os.utime(path, (received.timestamp(), received.timestamp()))
        path.rename(place / "new" / name)

    def mails(self, user: str, folder: str = "INBOX") -> list[Kept]:
        """What is in a folder, by UID."""
        told = self.doveadm("-f", "tab", "fetch", "-u", user, "uid flags hdr.subject", "mailbox", folder, "all")
        rows = [line.split("\t") for line in told.splitlines()[1:]]
        return [Kept(int(uid), subject, frozenset(flags.split())) for uid, flags, subject in rows]

    def folders(self, user: str) -> list[str]:
        return self.doveadm("mailbox", "list", "-u", user).splitlines()

    def expunge(self, user: str, uids: Sequence[int] = (), *, folder: str = "INBOX") -> None:
        """Deletes mail for good, all without UIDs."""
        self.doveadm("expunge", "-u", user, "mailbox", folder, *_which(uids))

    def move(self, user: str, uids: Sequence[int], to: str, *, folder: str = "INBOX") -> None:
        """As a person does who tidies up; the folder it goes to exists."""
        self.doveadm("move", "-u", user, to, "mailbox", folder, *_which(uids))

    def flag(self, user: str, uids: Sequence[int], flag: str, *, folder: str = "INBOX") -> None:
        """Sets a flag, such as '\\\\Seen'."""
        self.doveadm("flags", "add", "-u", user, flag, "mailbox", folder, *_which(uids))

    # Folders

    def create(self, user: str, folder: str) -> None:
        self.doveadm("mailbox", "create", "-u", user, folder)

    def rename(self, user: str, old: str, new: str) -> None:
        """Any folder but INBOX."""
        self.doveadm("mailbox", "rename", "-u", user, old, new)

    def delete(self, user: str, folder: str) -> None:
        self.doveadm("mailbox", "delete", "-u", user, folder)

    def status(self, user: str, folder: str = "INBOX") -> Mapping[str, int]:
        """messages, uidnext, uidvalidity."""
        told = self.doveadm("mailbox", "status", "-u", user, "messages uidnext uidvalidity", folder)
        return {name: int(value) for name, value in re.findall(r"(\w+)=(\d+)", told)}

    def renumber(self, user: str, folder: str = "INBOX") -> int:
        """Another UIDVALIDITY, which it returns, and each mail numbered anew from 1: as after a lost index."""
        new = self.status(user, folder)["uidvalidity"] + 1
        place = self.folder(user, folder)
        for file in (*place.glob("dovecot.index*"), *place.glob("dovecot-uidlist*")):
            file.unlink()
        # As a new folder, without mails, it takes the number that it is told.
        mails = [(path, path.parent.parent / "tmp" / path.name) for path in _files(place)]
        for path, aside in mails:
            path.rename(aside)
        self.doveadm("mailbox", "update", "-u", user, "--uid-validity", str(new), folder)
        for path, aside in mails:
            aside.rename(path)
        return new

    def back_up(self, user: str) -> Path:
        """A copy of all of a user's mail, for `restore`."""
        copy = Path(tempfile.mkdtemp(dir=self.base)) / "copy"
        shutil.copytree(self._home(user), copy)
        return copy

    def restore(self, user: str, copy: Path) -> None:
        """The mailbox as it was when it was copied, with its UIDVALIDITY and UIDNEXT of then."""
        self.kick(user)
        shutil.rmtree(self._home(user))
        shutil.copytree(copy, self._home(user))
        for path in (self._home(user), *self._home(user).rglob("*")):
            shutil.chown(path, "nobody", "nogroup")

    def break_mail(self, user: str, uid: int, *, folder: str = "INBOX") -> None:
        """From now on this mail is listed as before, and its content cannot be read: its file is protected."""
        self._file(user, uid, folder).chmod(0)

    def heal_mail(self, user: str, uid: int, *, folder: str = "INBOX") -> None:
        self._file(user, uid, folder).chmod(0o600)

    def folder(self, user: str, folder: str) -> Path:
        """Where a folder's files are: cur, new, tmp."""
        root = self._home(user) / "Maildir"
        return root if folder == "INBOX" else root / ("." + folder.replace("/", "."))

    def doveadm(self, *arguments: str) -> str:
        done = subprocess.run(
            ["/usr/bin/doveadm", "-c", self._configuration, *arguments],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"doveadm {' '.join(arguments)} failed:\n{done.stderr}\n{self.log()[-3000:]}")
        return done.stdout

    def _home(self, user: str) -> Path:
        return self.base / "mail" / user

    def _file(self, user: str, uid: int, folder: str) -> Path:
        place = self.folder(user, folder)
        listed = (place / "dovecot-uidlist").read_text().splitlines()
        (name,) = [line.partition(" :")[2] for line in listed if line.startswith(f"{uid} ")]
        (path,) = [path for path in _files(place) if path.name.partition(":")[0] == name.partition(":")[0]]
        return path

    def _write_secrets(self) -> None:
        for name, secrets in self._secrets.items():
            lines = [f"{user}:{{PLAIN}}{secret}" for user, secret in secrets.items()]
            new = self.base / "etc" / f"{name}.new"
            new.write_text("\n".join(lines) + "\n")
            shutil.chown(new, "root", "dovecot")
            new.chmod(0o640)
            # Dovecot reads it again when its time has changed, and looks at whole seconds.
            os.utime(new, times=(next(_seconds),) * 2)
            # At once: Dovecot never reads half of it.
            new.rename(self.base / "etc" / name)
        if self._process is not None:
            # It looks at the file at most once in a second of the clock.
            time.sleep(1.02 - time.time() % 1.0)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 2) as connection:
                return connection.recv(100).startswith(b"* OK")
        except OSError:
            return False

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        group = self._process.pid
        with suppress(subprocess.TimeoutExpired):
            self._process.send_signal(how)
            # It would wait half a minute for those who stand at its door and say nothing.
            self._process.wait(2)
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)
        self._process.wait(30)
        self._process = None
        wait_until(lambda: not members(group), seconds=30)


def _files(place: Path) -> list[Path]:
    return sorted(path for part in ("cur", "new") for path in (place / part).iterdir())


def _which(uids: Sequence[int]) -> list[str]:
    return ["uid", ",".join(map(str, uids))] if uids else ["all"]


def _free_ports(count: int) -> list[int]:
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports
