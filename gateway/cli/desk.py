"""Commands that change: act on a ticket, make people."""

from typing import Annotated

import typer

from gateway.cli.common import SettingsFile, by_hand, now, opened, out, told
from gateway.desk.actions import Action, Refused
from gateway.desk.words import in_language
from gateway.errors import GatewayError
from gateway.work import act as acting
from gateway.work import announce as announcing
from gateway.work import enrol


def act(
    ticket: Annotated[int, typer.Argument(help="The ticket's number.")],
    action: Annotated[Action, typer.Argument(help="What to do.", show_choices=True)],
    by: Annotated[str, typer.Option("--by", help="Address of the person who does it.")],
    text: Annotated[str, typer.Option("--text", help="What they write.")] = "",
    given: Annotated[list[str] | None, typer.Option("--set", help="name=value, as often as needed.")] = None,
    settings: SettingsFile = None,
) -> None:
    """Do an action on a ticket, as the workflow of its area lets this person do it."""
    with told(), opened(settings) as office:
        parameters = dict(_pair(one) for one in given or [])
        result = acting.act(
            office, ticket, action, by=by.casefold(), cause=by_hand(), now=now(), text=text,
            parameters=parameters,
        )  # fmt: skip
        if isinstance(result, Refused):
            raise GatewayError(in_language(result.words, "en"))
        out.print(f"#{result.id} is {result.state}")


def announce(
    release: Annotated[str, typer.Argument(help="The release that is out, as tickets name it: 7.4.")],
    by: Annotated[str, typer.Option(help="Address of the person of the desk who says so.")],
    settings: SettingsFile = None,
) -> None:
    """Say that a release is out: every ticket that waits for it goes on, and its requester is told."""
    with told(), opened(settings) as office:
        numbers = announcing.announce(office, release, by=by, now=now(), cause=by_hand())
        went_on = ", ".join(f"#{number}" for number in numbers)
        out.print(f"{release}: {went_on or 'no ticket waits for it'}", markup=False)


def person(
    address: Annotated[str, typer.Argument(help="The person's address.")],
    name: Annotated[str | None, typer.Option(help="Full name.")] = None,
    role: Annotated[str | None, typer.Option(help="agent, supervisor, administrator, or customer (none).")] = None,
    area: Annotated[list[str] | None, typer.Option(help="Area of the role; without it: all.")] = None,
    state: Annotated[str | None, typer.Option(help="pending, active, inactive, blocked.")] = None,
    language: Annotated[str | None, typer.Option(help="es, en, pt.")] = None,
    organisation: Annotated[str | None, typer.Option(help="Name of their organisation, or none.")] = None,
    kind: Annotated[str | None, typer.Option(help="As a requester: customer, channel, consultant.")] = None,
    zone: Annotated[str | None, typer.Option(help="Time zone of the times in their letters: Europe/Madrid.")] = None,
    organisation_agent: Annotated[
        bool | None,
        typer.Option(
            "--organisation-agent/--no-organisation-agent", help="Whether they see all tickets of their organisation."
        ),
    ] = None,
    absent_until: Annotated[
        str | None, typer.Option(help="The last day of an absence, such as 2026-12-01; none: they are back.")
    ] = None,
    settings: SettingsFile = None,
) -> None:
    """Make a person, or change one."""
    with told(), opened(settings) as office:
        is_new = enrol.enrol(
            office, address, now=now(), name=name, role=role, areas=area or (), state=state, language=language,
            organisation=organisation, kind=kind, zone=zone, organisation_agent=organisation_agent,
            absent_until=absent_until, cause=by_hand(),
        )  # fmt: skip
        out.print(f"{address} {'made' if is_new else 'changed'}", markup=False)


def _pair(written: str) -> tuple[str, str]:
    name, equals, value = written.partition("=")
    if not equals or not name.strip():
        raise GatewayError(f"--set {written}: write it as name=value, such as --set priority=1")
    return name.strip(), value.strip()
