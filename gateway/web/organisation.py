"""The requests of an organisation, for its agents on the customer's side, who are signed in."""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from gateway.web.front import front_of
from gateway.work import own


async def tickets(request: Request) -> Response:
    """Those of their colleagues; for everybody else there is no such page."""
    front = front_of(request)
    visitor = await front.visitor(request)
    if visitor.person is None:
        return front.go("/sign-in")
    found = await front.run(own.of_colleagues, front.office, visitor.person.id)
    if found is None:
        return front.says(visitor, "not_found", status=404)
    return front.page(
        visitor,
        "organisation.html",
        tickets=found,
        state=partial(front.state, language=visitor.language, theirs=False),
    )
