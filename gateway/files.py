"""Where the files that ship with the program are: beside the package in a checkout, inside it when installed."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_INSTALLED = _PACKAGE / "_files"


def shipped(name: str) -> Path:
    """`templates`, `examples` or `settings.toml`, from the installed package or else the checkout."""
    installed = _INSTALLED / name
    return installed if installed.exists() else _PACKAGE.parent / name


def template_folders(own: Path | None = None) -> list[Path]:
    """The folders that letters are looked for in, the first that has one wins: the operator's own, then ours."""
    ours = shipped("templates") / "email"
    return [ours] if own is None else [own, ours]


def first_mail() -> Path:
    """A customer's mail to support@localhost, to try the gateway with."""
    return shipped("examples") / "first-mail.eml"
