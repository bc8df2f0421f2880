"""Makes every path in the settings absolute, in this one place, and moves what was not named under `server.data`."""

from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from gateway.settings import Section, Settings
from gateway.settings_listen import UNIX

BLOBS = "file:"

S = TypeVar("S", bound=Section)


def resolved(settings: Settings, base: Path) -> Settings:
    """The same settings with absolute paths: relative ones begin at `base`, and what nobody named is under `data`."""
    data = _absolute(settings.server.data, base)
    changes: dict[str, Any] = {
        name: _with_files(section, base) for name, section in settings if isinstance(section, Section)
    }
    changes["key"] = [_with_files(key, base) for key in settings.key]
    changes["mailbox"] = [_with_files(mailbox, base) for mailbox in settings.mailbox]
    changes["area"] = [area.model_copy(update={"workflow": _workflow(area.workflow, base)}) for area in settings.area]
    changes["database"] = _follow(settings.database, "url", _sqlite(data / "gateway.db"), _database(settings, base))
    changes["blobs"] = _follow(settings.blobs, "url", f"{BLOBS}{data}/blobs", _blobs(settings.blobs.url, base))
    changes["lmtp"] = _follow(settings.lmtp, "listen", f"{UNIX}{data}/lmtp.sock", _socket(settings.lmtp.listen, base))
    changes["delivery"] = _follow(changes["delivery"], "folder", data / "outgoing", changes["delivery"].folder)
    return settings.model_copy(update=changes)


def database_url(text: str) -> URL | None:
    """None for what is no URL; SQLAlchemy's own words would show it, and with it the password."""
    try:
        return make_url(text)
    except (ArgumentError, ValueError):
        return None


def blobs_folder(url: str) -> Path:
    """The folder that `[blobs] url` names."""
    return Path(url.removeprefix(BLOBS).removeprefix("//"))


def _follow(section: S, name: str, in_data: object, as_written: object) -> S:
    """A section with `name` under the data folder when nobody wrote it, else as it was written."""
    return section.model_copy(update={name: as_written if name in section.model_fields_set else in_data})


def _with_files(section: S, base: Path) -> S:
    return section.model_copy(
        update={name: _absolute(value, base) for name, value in section if isinstance(value, Path)}
    )


def _absolute(path: Path, base: Path) -> Path:
    return base / path


def _sqlite(file: Path) -> str:
    return URL.create("sqlite", database=str(file)).render_as_string()


def _database(settings: Settings, base: Path) -> str:
    url = database_url(settings.database.url)
    if url is None or url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return settings.database.url
    return url.set(database=str(base / url.database)).render_as_string(hide_password=False)


def _blobs(url: str, base: Path) -> str:
    return f"{BLOBS}{base / blobs_folder(url)}" if url.startswith(BLOBS) else url


def _socket(listen: str, base: Path) -> str:
    path = listen.removeprefix(UNIX)
    return f"{UNIX}{base / path}" if listen.startswith(UNIX) and path else listen


def _workflow(name: str, base: Path) -> str:
    """A preset's name stays; what looks like a path becomes one."""
    return str(base / name) if "/" in name or name.endswith(".toml") else name
