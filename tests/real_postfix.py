"""A private Postfix for tests: its own configuration, queue and port, without chroot or service manager."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Self

from tests.waiting import wait_until

_MAIN = """\
compatibility_level = 3.6
queue_directory = {base}/queue
data_directory = {base}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {base}/mail.log
maillog_file_prefixes = {base}
myhostname = mx.gw.test
mydestination =
local_recipient_maps =
local_transport = error:nothing is local here
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
relay_domains = gw.test
relay_recipient_maps =
relay_transport = {next_hop}
default_transport = {outside}
transport_maps =
smtp_host_lookup = native
lmtp_host_lookup = native
smtp_dns_support_level = disabled
smtp_tls_security_level = none
smtputf8_enable = yes
biff = no
message_size_limit = 0
mailbox_size_limit = 0
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 2s
bounce_queue_lifetime = 1h
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
in_flow_delay = 0
{extra}
"""

_SERVICES = """\
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """Takes mail by SMTP on `port` of 127.0.0.1 and hands what is for gw.test to `next_hop`.

    `next_hop` and `outside` are Postfix transports, such as 'lmtp:unix:/path' or 'smtp:[127.0.0.1]:2525'; without an
    `outside`, mail for other domains is thrown away. Postfix has to be started by root.
    """

    def __init__(self) -> None:
        if not Path("/usr/sbin/postfix").exists():
            raise RuntimeError("These tests run a real Postfix, which is not installed: `make test` installs it.")
        if os.geteuid() != 0:
            raise RuntimeError("These tests run a real Postfix, which only root can start: run `make test` as root.")
        self.base = Path(tempfile.mkdtemp(prefix="gw-pf-"))
        # Postfix's own user goes through it, to the gateway's socket also.
        self.base.chmod(0o755)
        self.port = _free_port()
        self._running = False

    def start(self, *, next_hop: str, outside: str = "discard:", extra: str = "", services: str = "") -> Self:
        """Starts it, or starts it anew with another configuration and an empty queue."""
        self.stop()
        for folder in ("etc", "queue", "data"):
            shutil.rmtree(self.base / folder, ignore_errors=True)
            (self.base / folder).mkdir()
        shutil.chown(self.base / "data", "postfix", "postfix")
        main = _MAIN.format(base=self.base, next_hop=next_hop, outside=outside, extra=extra)
        (self.base / "etc" / "main.cf").write_text(main)
        (self.base / "etc" / "master.cf").write_text(
            f"127.0.0.1:{self.port} inet n - n - - smtpd\n{_SERVICES}{services}"
        )
        self._command("postfix", "start")
        self._running = True
        wait_until(self._answers, seconds=20)
        return self

    def stop(self) -> None:
        if self._running:
            self._command("postfix", "stop")
            self._running = False

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.base, ignore_errors=True)

    def flush(self) -> None:
        """Tries all that is deferred now."""
        self._command("postqueue", "-f")

    def queue(self) -> list[dict[str, Any]]:
        """What has not been delivered, as postqueue tells it (one object a mail)."""
        said = self._command("postqueue", "-j")
        return [json.loads(line) for line in said.splitlines()]

    def log(self) -> str:
        log = self.base / "mail.log"
        return log.read_text() if log.exists() else ""

    def _command(self, program: str, *arguments: str) -> str:
        done = subprocess.run(
            [f"/usr/sbin/{program}", "-c", str(self.base / "etc"), *arguments],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{program} {' '.join(arguments)} failed:\n{done.stderr}\n{self.log()}")
        return done.stdout

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 2) as connection:
                return connection.recv(100).startswith(b"220")
        except OSError:
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
