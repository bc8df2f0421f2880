"""What is wrong with templates, and what they leave out: an operator's before anybody gets a letter of them."""

from collections.abc import Iterator
from pathlib import Path

from jinja2 import TemplateError
from jinja2.meta import find_undeclared_variables

from gateway.errors import SettingsError
from gateway.outbound.compose import PARTS, Composer, complaint
from gateway.outbound.letters import LETTERS
from gateway.outbound.samples import samples_of

_OF_THE_LAYOUT = frozenset({"desk", "number", "link", "language", "zone"})


def problems(composer: Composer) -> Iterator[str]:
    """What keeps an operator's templates from being used, or ours where there are no others, a sentence each.

    Each file is read, and each letter that an operator's file has a part in is rendered with believable values.
    """
    for folder in composer.folders:
        if not folder.is_dir():
            yield f"{folder} is no folder"
    broken: set[str] = set()
    for name in _names(composer):
        said = _wrong(composer, name)
        if said:
            broken.add(name.rsplit(".", 1)[0])
            yield said
    for language, letter in _changed(composer):
        if f"{language}/{letter}" not in broken:
            yield from _incomplete(composer, language, letter)
            yield from _failing(composer, language, letter)


def hints(composer: Composer) -> Iterator[str]:
    """What an operator may have forgotten: values that ours say and theirs do not, letters that a language lacks."""
    ours = composer.folders[-1]
    for own in composer.folders[:-1]:
        for path in sorted(own.glob("*/*")):
            name = path.relative_to(own).as_posix()
            if path.suffix.removeprefix(".") in PARTS and path.stem in LETTERS and (ours / name).is_file():
                unsaid = _used(composer, ours / name) - _used(composer, path) - _OF_THE_LAYOUT
                if unsaid:
                    yield f"{name}: does not say {', '.join(sorted(unsaid))}, which ours says"
    for language in composer.languages():
        lacks = [letter for letter in LETTERS if composer.language(letter, language) != language]
        if lacks:
            yield f"{language}: goes out in the area's language instead: {', '.join(lacks)}"


def _names(composer: Composer) -> list[str]:
    """The operator's files; where there are none, ours."""
    looked_at = composer.folders[:-1] or composer.folders
    found = (path.relative_to(one).as_posix() for one in looked_at for path in one.rglob("*") if path.is_file())
    return sorted({name for name in found if name.endswith(tuple(f".{part}" for part in PARTS))})


def _wrong(composer: Composer, name: str) -> str:
    """What is wrong with one file; empty when nothing is."""
    try:
        composer.environment.get_template(name)
        source, _, _ = composer.environment.loader.get_source(composer.environment, name)  # type: ignore[union-attr]
    except Exception as error:  # A file that cannot be read, or is no text.
        return complaint(name, error)
    folder, _, file = name.rpartition("/")
    stem = file.rsplit(".", 1)[0]
    if stem == "layout":
        return ""
    kind = LETTERS.get(stem)
    if kind is None:
        return f"{name}: there is no letter of this name; there are: {', '.join(LETTERS)}"
    if not folder:
        return f"{name}: it has to be in the folder of a language, as in es/{name}"
    unknown = find_undeclared_variables(composer.environment.parse(source)) - kind.variables - {"language"}
    return f"{name}: uses {', '.join(sorted(unknown))}; it has {', '.join(sorted(kind.variables))}" if unknown else ""


def _changed(composer: Composer) -> list[tuple[str, str]]:
    """The letters that an operator's files have a part in; all of a language whose layout is theirs."""
    found: dict[tuple[str, str], None] = {}
    for own in composer.folders[:-1]:
        everywhere = any((own / f"layout.{part}").is_file() for part in PARTS)
        for language in composer.languages():
            whole = everywhere or any((own / language / f"layout.{part}").is_file() for part in PARTS)
            for letter in LETTERS:
                if any((own / language / f"{letter}.{part}").is_file() for part in PARTS) or (
                    whole and composer.language(letter, language) == language
                ):
                    found[language, letter] = None
    return list(found)


def _incomplete(composer: Composer, language: str, letter: str) -> Iterator[str]:
    lacks = [part for part in PARTS if not _there(composer, f"{language}/{letter}.{part}")]
    if lacks:
        missing = ", ".join(f"{letter}.{part}" for part in lacks)
        yield f"{language}/{letter}: cannot be sent without {missing}"


def _failing(composer: Composer, language: str, letter: str) -> Iterator[str]:
    """What goes wrong when it is rendered with believable values, said once."""
    if composer.language(letter, language) != language:
        return
    for values in samples_of(letter, language):
        try:
            composer.render(letter, language, values)
        except SettingsError as error:
            yield str(error)
            return


def _there(composer: Composer, name: str) -> bool:
    return any((folder / name).is_file() for folder in composer.folders)


def _used(composer: Composer, path: Path) -> set[str]:
    try:
        return find_undeclared_variables(composer.environment.parse(path.read_text("utf-8")))
    except (TemplateError, UnicodeDecodeError, OSError):
        return set()
