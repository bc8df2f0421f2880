"""The command line as a whole: which commands there are."""

import typer

from gateway.cli import desk, mail, service, view

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
    view.people,
    desk.act,
    desk.person,
    desk.organisation,
    service.work,
    service.tick,
    service.send,
):
    app.command(name=command.__name__.replace("_", "-"))(command)


def run() -> None:
    app()
