"""The command line as a whole: which commands there are."""

import typer

from gateway.cli import desk, mail, service, view
from gateway.cli.demo import demo
from gateway.cli.people import people

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
    view.mails,
    view.tickets,
    view.ticket,
    view.outbox,
    desk.act,
    desk.person,
    desk.organisation,
    service.work,
    service.tick,
    service.send,
    demo,
):
    app.command(name=command.__name__.replace("_", "-"))(command)

app.add_typer(people, name="people")


def run() -> None:
    app()
