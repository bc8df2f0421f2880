"""The page of a ticket that a letter's link opens, for tests: a desk of several workflows, its customers' tickets."""

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from gateway.desk.actions import Action, Refused
from gateway.settings_keys import signing_keys
from gateway.store.tables import delivery, message, survey
from gateway.threading import links
from gateway.work import own
from gateway.work.act import act
from gateway.work.enrol import enrol
from tests.waiting import wait_until
from tests.web_desk import WebDesk, now, web_desk

EVA, SARA = "eva@gw.test", "sara@gw.test"
APPROVAL, VALIDATION, ASSIGNMENT, PLAIN = "approval", "validation", "assignment", "default"


_pages = itertools.count(2)


class RequestDesk:
    """An area for each workflow, Eva the agent and Sara the supervisor of all."""

    def __init__(self, web: WebDesk) -> None:
        self.web = web
        self.url = web.url
        for address, name, role in ((EVA, "Eva Ruiz", "agent"), (SARA, "Sara Paz", "supervisor")):
            self.known(address, name=name, role=role)

    def known(self, address: str, **facts: Any) -> None:
        enrol(self.web.installation.office, address, now=now(), **({"language": "es"} | facts))

    def ticket(self, address: str, workflow: str, **given: Any) -> int:
        """A ticket of a customer with an active account, in the area that works so."""
        self.known(address, name="Ana Pérez")
        # The same mail twice would be one ticket.
        text = given.pop("text", f"No imprime desde la página {next(_pages)}.")
        return self.web.writes(address, area=f"{workflow}@gw.test", text=text, **given)

    def does(self, number: int, action: str, *, by: str = EVA, text: str = "", **parameters: str) -> None:
        office = self.web.installation.office
        done = act(office, number, Action(action), by=by, cause="a test", now=now(), text=text, parameters=parameters)
        assert not isinstance(done, Refused), done

    def prepared(self, number: int) -> None:
        """Of the workflow `approval`: Sara gave it to Eva."""
        self.does(number, "prepare", by=SARA, owner=EVA, due="2027-03-01", queue="1", difficulty="2")

    def awaiting_approval(self, address: str, **given: Any) -> int:
        number = self.ticket(address, APPROVAL, **given)
        self.prepared(number)
        for item in ("answer_reviewed", "called"):
            self.does(number, "check", item=item)
        self.does(number, "check", item="evidence", evidence="https://calls.gw.test/1")
        self.does(number, "solve", text="Cambiamos el tóner. Por favor pruebe.")
        return number

    def finished(self, address: str, **given: Any) -> int:
        """Of the workflow `assignment`: an incident that is solved and whose survey is open."""
        number = self.ticket(address, ASSIGNMENT, **given)
        self.does(number, "assign", by=SARA, owner=EVA)
        self.does(number, "classify", by=SARA, nature="incident")
        self.does(number, "move", state="in_process")
        self.does(number, "solve", text="Quedó reparada.")
        return number

    def letter_link(self, address: str, number: int, letter: str) -> str:
        """The link to the page, as this letter about the ticket has it in its HTML."""

        def found() -> list[str]:
            return [
                link
                for one in self.web.installation.letters()
                if (one["to"], one["ticket"], one["letter"]) == (address, number, letter)
                for link in re.findall(rf'href="({re.escape(self.url)}/request/[^"]+)"', one["html"])
            ]

        return wait_until(found)[0]

    def link(self, address: str, number: int, *, at: datetime | None = None) -> str:
        """A link as a letter of that time had it."""
        person = self.web.person(address).id
        return links.request_link(signing_keys(self.web.installation.office.settings), self.url, person, number, now=at)

    def path(self, address: str, number: int) -> str:
        return self.link(address, number).removeprefix(self.url)

    def state(self, number: int) -> str:
        return str(self.web.installation.ticket(number)["state"])

    def tickets_of(self, address: str) -> list[int]:
        office = self.web.installation.office
        return [one.number for one in own.tickets_of(office, self.web.person(address).id)]

    def texts(self, number: int) -> list[str]:
        return [one["text"] for one in self.web.installation.ticket(number)["messages"]]

    def origins(self, number: int) -> list[str]:
        """Where each message that people wrote for others came from."""
        wanted = sa.select(message.c.origin).where(message.c.ticket_id == number, message.c.public)
        with self.web.installation.office.database.read() as connection:
            return list(connection.execute(wanted.order_by(message.c.id)).scalars())

    def events(self, number: int) -> list[str]:
        return [one["action"] for one in self.web.installation.ticket(number)["events"]]

    def all_sent(self) -> None:
        """Nothing of ours happens by itself any more."""
        letters, waiting = self.web.installation.letters, delivery.c.status.in_(("pending", "claimed"))

        def still() -> bool:
            with self.web.installation.office.database.read() as connection:
                judged = connection.execute(sa.select(delivery.c.id).where(waiting)).first() is None
            return judged and all(one["status"] == "sent" for one in letters())

        wait_until(still, seconds=60)

    def answered(self, number: int) -> list[Any]:
        with self.web.installation.office.database.read() as connection:
            return list(connection.execute(sa.select(survey).where(survey.c.ticket_id == number)))

    def told(self, address: str, number: int) -> list[str]:
        return [
            one["letter"] for one in self.web.installation.letters() if (one["to"], one["ticket"]) == (address, number)
        ]


@contextmanager
def request_desk() -> Iterator[RequestDesk]:
    areas = [
        {
            "name": name,
            "addresses": [f"{name}@gw.test"],
            "from_name": "Mesa de ayuda",
            "language": "es",
            "reply": "plus",
            "workflow": name,
        }
        for name in (APPROVAL, VALIDATION, ASSIGNMENT, PLAIN)
    ]
    with web_desk(area=areas) as web:
        yield RequestDesk(web)
