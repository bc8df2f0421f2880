"""A private PostgreSQL server for tests: its own folder and socket, its data really synced, gone afterwards."""

import os
import pwd
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Self

import psycopg

_DEBIAN = Path("/usr/lib/postgresql")


class Postgres:
    """Started in a folder of its own and reached through a socket there. As root it runs as the user `postgres`."""

    def __init__(self) -> None:
        self._programs = _programs()
        self._user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        # A socket's path has room for a hundred characters only, so not below pytest's own folders.
        self.folder = Path(tempfile.mkdtemp(prefix="gw-pg-"))
        self._made = 0

    def __enter__(self) -> Self:
        if os.geteuid() == 0:
            shutil.chown(self.folder, self._user, self._user)
        data = self.folder / "data"
        try:
            self._run(
                "initdb", "-D", data, "-A", "trust", "-U", "gateway", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"
            )
            options = f"-c listen_addresses='' -k {self.folder} -c max_connections=100 -c shared_buffers=32MB"
            self._run("pg_ctl", "-D", data, "-w", "-t", "60", "-l", self.folder / "log", "-o", options, "start")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if (self.folder / "data" / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def new_database(self) -> str:
        """A fresh database; its SQLAlchemy URL."""
        self._made += 1
        name = f"test_{self._made}"
        self._administer(f"CREATE DATABASE {name}")
        return f"postgresql+psycopg://gateway@/{name}?host={self.folder}"

    def drop_database(self, url: str) -> None:
        """Drops it, whoever is still connected."""
        name = re.search(r"/(test_\d+)\?", url)
        assert name, url
        self._administer(f"DROP DATABASE {name[1]} WITH (FORCE)")

    def _administer(self, statement: str) -> None:
        with psycopg.connect(host=str(self.folder), user="gateway", dbname="postgres", autocommit=True) as connection:
            connection.execute(statement.encode())

    def _run(self, program: str, *arguments: object) -> None:
        """As the other user when we are root: PostgreSQL refuses to run as root. Output goes to a file, because the
        server inherits it, and a pipe would be waited for as long as it runs."""
        command = [str(self._programs / program), *map(str, arguments)]
        said = self.folder / f"{program}.out"
        with said.open("wb") as out:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                timeout=90,
                check=False,
                **({"user": self._user, "group": self._user, "extra_groups": []} if os.geteuid() == 0 else {}),
            )
        if done.returncode:
            log = self.folder / "log"
            raise RuntimeError(f"{program} failed:\n{said.read_text()}\n{log.read_text() if log.exists() else ''}")


def _programs() -> Path:
    """The folder of the newest PostgreSQL server on this machine."""
    versions = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if versions:
        return versions[-1].parent
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    raise RuntimeError("These tests run a real PostgreSQL, which is not installed: `make test` installs it.")
