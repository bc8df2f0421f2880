"""Letters from templates: the words of a letter in its reader's language, as subject, plain text, and HTML."""

import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined, Template, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from gateway.errors import SettingsError
from gateway.log import get_log
from gateway.outbound.letters import LETTERS
from gateway.outbound.wording import FILTERS, one_line

PARTS = ("subject", "txt", "html")

log = get_log()


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter's words. `language` is the one they are in, which may not be the one that was asked for."""

    subject: str
    text: str
    html: str
    language: str


class Composer:
    """Renders letters. Templates are read once, on first use; one composer serves any number of threads.

    `folders` hold `<language>/<letter>.{subject,txt,html}` and `layout.{txt,html}`; what stands in an earlier folder
    wins, so an operator's folder comes before ours. A new language is a new folder with as many letters as one likes.
    The last folder is ours: what cannot be written by an earlier one's templates is written by ours.
    """

    def __init__(self, folders: Sequence[Path], *, fallback: str = "en") -> None:
        self.folders = tuple(folders)
        self._fallback = fallback
        self._ours = Composer(folders[-1:], fallback=fallback) if len(folders) > 1 else None
        self._templates: dict[tuple[str, str], tuple[Template, Template, Template]] = {}
        self._languages: dict[tuple[str, tuple[str, ...]], str] = {}
        # Templates may come from operators, so they run sandboxed. Values never become templates: nothing here
        # calls from_string.
        self.environment = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader([str(folder) for folder in folders]),
            undefined=StrictUndefined,
            autoescape=lambda name: name is not None and name.endswith(".html"),
            auto_reload=False,
            cache_size=-1,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.filters.update(FILTERS)

    def compose(self, letter: str, language: str, variables: Mapping[str, object], *, otherwise: str = "") -> Rendered:
        """The letter in `language`, else in `otherwise` (the area's), else in the fallback of this composer.

        `variables` are those that the letter's kind declares (`LETTERS`); more are ignored. A letter has to go out: an
        operator's template that cannot be used is told in the log, and the whole letter is written by ours. Raises
        KeyError for an unknown letter, and what `render` raises when ours fail.
        """
        missing = LETTERS[letter].variables - variables.keys()
        if missing:
            raise KeyError(f"the letter {letter} also needs: {', '.join(sorted(missing))}")
        try:
            return self.render(letter, self.language(letter, language, otherwise), variables)
        except SettingsError as error:
            if self._ours is None:
                raise
            log.error(f"a template cannot be used, and the letter goes out in our words: {error}", kind=letter)
            return self._ours.compose(letter, language, variables, otherwise=otherwise)

    def render(self, letter: str, chosen: str, variables: Mapping[str, object]) -> Rendered:
        """The letter by the templates of this language. Raises SettingsError when they cannot be used: where, and why.

        What goes wrong in a template is told without the words of the mail that it was given.
        """
        subject, text, html = self._parts(letter, chosen)
        values = {**variables, "language": chosen}
        try:
            return Rendered(
                subject=one_line(subject.render(values)),
                text=_tidy(text.render(values)),
                html=html.render(values),
                language=chosen,
            )
        except Exception as error:  # An operator's template may raise anything: the fault is to be told with its place.
            raise SettingsError(complaint(f"{chosen}/{letter}", error)) from None

    def language(self, letter: str, *wanted: str) -> str:
        """The first of the wanted languages in which this letter exists, by its tag or its main part (pt for pt-BR)."""
        known = self._languages.get((letter, wanted))
        if known is None:
            known = next(filter(lambda language: self._exists(letter, language), _tags(wanted)), self._fallback)
            if len(self._languages) < 10_000:  # The tags come from mails.
                self._languages[letter, wanted] = known
        return known

    def languages(self) -> tuple[str, ...]:
        """Every language that has a folder."""
        found = {path.name for folder in self.folders for path in folder.glob("*/") if path.is_dir()}
        return tuple(sorted(found))

    def _parts(self, letter: str, language: str) -> tuple[Template, Template, Template]:
        parts = self._templates.get((letter, language))
        if parts is None:
            try:
                subject, text, html = (self.environment.get_template(f"{language}/{letter}.{part}") for part in PARTS)
            except Exception as error:  # A file that cannot be read, or is no text: whatever it is, its place is told.
                raise SettingsError(complaint(f"{language}/{letter}", error)) from None
            parts = self._templates[letter, language] = (subject, text, html)
        return parts

    def _exists(self, letter: str, language: str) -> bool:
        return all(any((f / language / f"{letter}.{part}").is_file() for f in self.folders) for part in PARTS)


def _tags(wanted: tuple[str, ...]) -> Iterator[str]:
    """`pt-BR` gives pt-BR, then pt. Only what can be a tag (RFC 5646): it becomes part of a path."""
    for tag in wanted:
        tag = tag.replace("_", "-")
        if tag.replace("-", "").isalnum() and tag.isascii():
            yield tag
            if "-" in tag:
                yield tag.split("-", 1)[0].lower()


def _tidy(text: str) -> str:
    """No runs of empty lines, one line break at the end."""
    lines: list[str] = []
    for line in text.splitlines():
        line = line if line == "-- " else line.rstrip()
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).strip("\n") + "\n"


def complaint(name: str, error: Exception) -> str:
    """A fault of a template for its author. Python's own errors by their name alone: their words can be a mail's."""
    if isinstance(error, TemplateSyntaxError):
        return f"{error.filename or name}, line {error.lineno}: {error.message}"
    if isinstance(error, TemplateNotFound):
        said = f"there is no file {error.name}"
    else:
        said = str(error) if isinstance(error, TemplateError) else type(error).__name__
    return f"letter {name}{_line(error)}: {said}; correct its template, or remove it to use ours"


def _line(error: Exception) -> str:
    """The innermost place in a template: Jinja puts the templates' own lines into the traceback."""
    places = [(one.filename, one.lineno) for one in traceback.extract_tb(error.__traceback__)]
    inside = [f" ({Path(file).name}, line {line})" for file, line in places if file.endswith(PARTS)]
    return inside[-1] if inside else ""
