"""Letters from templates: the words of a letter in its reader's language, as subject, plain text, and HTML."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined, Template, TemplateError, TemplateSyntaxError
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

from gateway.errors import SettingsError
from gateway.outbound.letters import LETTERS
from gateway.outbound.wording import FILTERS, one_line

_PARTS = ("subject", "txt", "html")


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
    """

    def __init__(self, folders: Sequence[Path], *, fallback: str = "en") -> None:
        self._folders = tuple(folders)
        self._fallback = fallback
        self._templates: dict[tuple[str, str], tuple[Template, Template, Template]] = {}
        self._languages: dict[tuple[str, tuple[str, ...]], str] = {}
        # Templates may come from operators, so they run sandboxed. Values never become templates: nothing here
        # calls from_string.
        self._environment = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader([str(folder) for folder in folders]),
            undefined=StrictUndefined,
            autoescape=lambda name: name is not None and name.endswith(".html"),
            auto_reload=False,
            cache_size=-1,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update(FILTERS)

    def compose(self, letter: str, language: str, variables: Mapping[str, object], *, otherwise: str = "") -> Rendered:
        """The letter in `language`, else in `otherwise` (the area's), else in the fallback of this composer.

        `variables` are those that the letter's kind declares (`LETTERS`); more are ignored. Raises SettingsError when
        a template cannot be used, naming the file and line, and KeyError for an unknown letter.
        """
        missing = LETTERS[letter].variables - variables.keys()
        if missing:
            raise KeyError(f"the letter {letter} also needs: {', '.join(sorted(missing))}")
        chosen = self.language(letter, language, otherwise)
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
            raise SettingsError(_complaint(f"{chosen}/{letter}", error)) from error

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
        found = {path.name for folder in self._folders for path in folder.glob("*/") if path.is_dir()}
        return tuple(sorted(found))

    def problems(self) -> Iterator[str]:
        """What is wrong with the templates, a sentence each, for `check`: syntax, and values that a letter lacks."""
        names = self._environment.list_templates(filter_func=lambda name: name.rsplit(".", 1)[-1] in _PARTS)
        for name in names:
            try:
                self._environment.get_template(name)
            except TemplateError as error:
                yield _complaint(name, error)
                continue
            kind = LETTERS.get(name.rsplit("/", 1)[-1].rsplit(".", 1)[0])
            source, _, _ = self._environment.loader.get_source(self._environment, name)  # type: ignore[union-attr]
            used = find_undeclared_variables(self._environment.parse(source))
            if kind is None:
                if "/" in name and not name.rsplit("/", 1)[-1].startswith("layout."):
                    yield f"{name}: there is no letter of this name; there are: {', '.join(LETTERS)}"
            elif unknown := used - kind.variables - {"language"}:
                yield f"{name}: uses {', '.join(sorted(unknown))}; it has {', '.join(sorted(kind.variables))}"

    def _parts(self, letter: str, language: str) -> tuple[Template, Template, Template]:
        parts = self._templates.get((letter, language))
        if parts is None:
            try:
                subject, text, html = (self._environment.get_template(f"{language}/{letter}.{part}") for part in _PARTS)
            except TemplateError as error:
                raise SettingsError(_complaint(f"{language}/{letter}", error)) from error
            parts = self._templates[letter, language] = (subject, text, html)
        return parts

    def _exists(self, letter: str, language: str) -> bool:
        return all(any((f / language / f"{letter}.{part}").is_file() for f in self._folders) for part in _PARTS)


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


def _complaint(name: str, error: Exception) -> str:
    if isinstance(error, TemplateSyntaxError):
        return f"{error.filename or name}, line {error.lineno}: {error.message}"
    return f"letter {name}: {error or type(error).__name__}; correct its template, or remove it to use ours"
