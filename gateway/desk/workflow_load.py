"""Workflows by their names: the presets that ship, and files of an operator's own."""

import re
from importlib import resources
from pathlib import Path

from gateway.desk.source import Source
from gateway.desk.words import nearest
from gateway.desk.workflow import Workflow
from gateway.desk.workflow_file import read
from gateway.errors import SettingsError


def load(source: str | Path) -> Workflow:
    """The preset of that name, or the workflow of the file at that path (a Path, or text with '/' or ending in .toml).

    Raises SettingsError with file, line, key, what is wrong, and the nearest right name.
    """
    if isinstance(source, Path) or "/" in source or source.endswith(".toml"):
        path = Path(source)
        return read(path.stem, Source(str(path), _text(path)))
    if source not in presets():
        near = nearest(source, presets())
        hint = f"did you mean '{near}'?" if near else f"there are {', '.join(presets())}."
        raise SettingsError(
            f"No workflow preset is named '{source}'; {hint} A file is named by its path, with '/' or .toml."
        )
    return read(source, Source(f"{source}.toml", (_FOLDER / f"{source}.toml").read_text("utf-8")))


def presets() -> tuple[str, ...]:
    """The names of the workflows that ship."""
    return tuple(sorted(re.sub(r"\.toml$", "", file.name) for file in _FOLDER.iterdir() if file.name.endswith(".toml")))


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: is not text in UTF-8") from error


_FOLDER = resources.files("gateway.desk") / "presets"
