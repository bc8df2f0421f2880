"""Who reads the page of a ticket: its requester, an agent of their organisation, or who opened the link of a letter."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response

from gateway.store.people import Person
from gateway.threading.links import REQUEST_FOR, read_request
from gateway.web.front import STEP_COOKIE, Front, Visitor, front_of, now
from gateway.web.seal import VISIT
from gateway.work import own

BY_LINK = "/request"


@dataclass(frozen=True, slots=True)
class Reader:
    """`person` is whose ticket it has to be; `path` is where its page stands for them, and all that belongs to it."""

    visitor: Visitor
    person: Person
    number: int
    path: str
    by_link: bool
    # Whether the ticket is to be a colleague's, which they see as an agent of their organisation.
    of_colleague: bool = False


Reading = Callable[[Request, Front], Awaitable[Reader | Response]]
"""Finds out who reads; what is answered instead where nobody may."""


async def signed_in(request: Request, front: Front) -> Reader | Response:
    visitor = await front.visitor(request)
    if visitor.person is None:
        return front.go("/sign-in")
    number = request.path_params["number"]
    return Reader(visitor, visitor.person, number, f"/tickets/{number}", by_link=False)


async def for_organisation(request: Request, front: Front) -> Reader | Response:
    """Somebody signed in, for a ticket of a colleague; whether they may see it is asked where it is read."""
    visitor = await front.visitor(request)
    if visitor.person is None:
        return front.go("/sign-in")
    number = request.path_params["number"]
    return Reader(visitor, visitor.person, number, f"/organisation/{number}", by_link=False, of_colleague=True)


async def by_link(request: Request, front: Front) -> Reader | Response:
    """By what the link left in the browser, for this one ticket; whoever else is signed in there stays out of it."""
    visitor = await front.visitor(request)
    number = request.path_params["number"]
    link = front.seal.read_visit(request.cookies.get(STEP_COOKIE, ""))
    if link is None or link.number != number or link.issued_at + REQUEST_FOR < now():
        return _spent(front, visitor)
    person = await front.run(own.holder, front.office, link.person_id)
    if person is None:
        return front.says(visitor, "request_inactive", status=403)
    same = visitor.person if visitor.person is not None and visitor.person.id == person.id else None
    reading = replace(visitor, person=same, language=front.language(request, person.language))
    return Reader(reading, person, number, f"{BY_LINK}/{number}", by_link=True)


async def open_link(request: Request) -> Response:
    """A letter's link to a ticket: its token goes out of the address into a cookie of that page. That is all."""
    front = front_of(request)
    link = read_request(front.keys, request.path_params["token"], now=now())
    if link is None:
        return front.go(BY_LINK)
    path = f"{BY_LINK}/{link.number}"
    response = front.go(path)
    # For this ticket's page only: links of two tickets, in two windows, do not get mixed up.
    front.remember(response, STEP_COOKIE, front.seal.visit(link), seconds=int(VISIT.total_seconds()), path=path)
    return response


async def no_link(request: Request) -> Response:
    front = front_of(request)
    return _spent(front, await front.visitor(request))


def _spent(front: Front, visitor: Visitor) -> Response:
    return front.says(visitor, "request_spent", status=410)
