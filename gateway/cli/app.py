"""The command line as a whole: which commands there are. A command's module is read when it is asked for."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

COMMANDS: Mapping[str, str] = {
    "run": "service.run",
    "check": "service.check",
    "init": "service.init",
    "fsck": "service.fsck",
    "ingest": "mail.ingest",
    "explain": "mail.explain",
    "reply-text": "mail.reply_text",
    "replay": "mail.replay",
    "promote": "mail.promote",
    "mails": "view.mails",
    "tickets": "view.tickets",
    "ticket": "view.ticket",
    "outbox": "view.outbox",
    "forecast": "view.forecast",
    "log": "event_log.log",
    "report": "report.report",
    "mailboxes": "mailboxes.mailboxes",
    "rescue": "mailboxes.rescue",
    "act": "desk.act",
    "announce": "desk.announce",
    "person": "desk.person",
    "merge-people": "people.merge_people",
    "organisation": "organisations.organisation",
    "organisations": "organisations.organisations",
    "calendars": "calendars.calendars",
    "work": "service.work",
    "tick": "service.tick",
    "send": "service.send",
    "demo": "demo.demo",
    "breaker": "breaker.breaker",
    "people": "people.people",
    "suppressions": "suppressions.suppressions",
    "workflow": "workflows.workflow",
    "letters": "letters.letters",
}
"""Name → module of this package and what in it is the command, or the group of commands; in the order of the help."""


class OnDemand(TyperGroup):
    """The commands of the table, each made when it is asked for: nobody waits for what the others need."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        # Its keys are what is suggested to who mistypes a name.
        self.commands = dict.fromkeys(COMMANDS)  # type: ignore[assignment]

    def list_commands(self, ctx: object) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: object, cmd_name: str) -> TyperCommand | TyperGroup | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, found = COMMANDS[cmd_name].partition(".")
        command = getattr(import_module(f"gateway.cli.{module}"), found)
        if not isinstance(command, typer.Typer):
            alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
            alone.command(name=cmd_name)(command)
            command = alone
        made = get_command(command)
        made.name = cmd_name
        return made  # type: ignore[return-value]


app = typer.Typer(
    cls=OnDemand,
    help="Mail in, ticket, letter out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def gateway() -> None:
    """Mail in, ticket, letter out."""


def run() -> None:
    app()
