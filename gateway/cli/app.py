"""The command line as a whole: which commands there are."""

import typer

from gateway.cli import desk, mail, service, view
from gateway.cli.breaker import breaker
from gateway.cli.calendars import calendars
from gateway.cli.demo import demo
from gateway.cli.letters import letters
from gateway.cli.mailboxes import mailboxes, rescue
from gateway.cli.people import people
from gateway.cli.suppressions import suppressions
from gateway.cli.workflows import workflow

app = typer.Typer(
    help="Mail in, ticket, letter out.", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)
for command in (
    service.run,
    service.check,
    service.init,
    service.fsck,
    mail.ingest,
    mail.explain,
    mail.reply_text,
    mail.replay,
    mail.promote,
    view.mails,
    view.tickets,
    view.ticket,
    view.outbox,
    view.forecast,
    mailboxes,
    rescue,
    desk.act,
    desk.announce,
    desk.person,
    desk.organisation,
    calendars,
    service.work,
    service.tick,
    service.send,
    demo,
):
    app.command(name=command.__name__.replace("_", "-"))(command)

app.add_typer(breaker, name="breaker")
app.add_typer(people, name="people")
app.add_typer(suppressions, name="suppressions")
app.add_typer(workflow, name="workflow")
app.add_typer(letters, name="letters")


def run() -> None:
    app()
