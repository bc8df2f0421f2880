"""The application: which address is which page."""

from collections.abc import Awaitable, Callable
from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from gateway.files import shipped
from gateway.settings_keys import signing_keys
from gateway.web import account, buttons, conversation, joining, operators, organisation, requests
from gateway.web.front import SESSION_COOKIE, Front, Visitor, front_of
from gateway.web.guard import HEADERS, Guard
from gateway.web.readers import Reading, by_link, for_organisation, no_link, open_link, signed_in
from gateway.work.office import Office

FORM = ["GET", "POST"]


def app(office: Office, *, wake: Callable[[], None] = lambda: None) -> Starlette:
    """The pages of a desk. `wake` tells the workers that mail came in."""
    found = Starlette(
        routes=[
            Route("/", home),
            Route("/confirm/{token}", account.open_link),
            Route("/confirm", account.confirm, methods=FORM),
            Route("/not-me/{token}", account.open_link),
            Route("/not-me", account.not_me, methods=FORM),
            Route("/join/{token}", account.open_link),
            Route("/join", joining.join, methods=FORM),
            Route("/sign-in", account.sign_in, methods=FORM),
            Route("/sign-out", account.sign_out, methods=["POST"]),
            Route("/new-link", account.new_link, methods=FORM),
            Route("/tickets", requests.tickets),
            Route("/tickets/new", requests.new_ticket, methods=FORM),
            *_ticket_pages("/tickets", signed_in),
            *_ticket_pages("/request", by_link),
            *_ticket_pages("/organisation", for_organisation, buttons_too=False),
            Route("/organisation", organisation.tickets),
            Route("/request/{token}", open_link),
            Route("/request", no_link),
            Route("/style.css", _static("style.css", "text/css")),
            Route("/icon.svg", _static("icon.svg", "image/svg+xml")),
            Route("/health", operators.health),
            Route("/metrics", operators.show_metrics),
        ],
        middleware=[Middleware(Guard)],
        exception_handlers={HTTPException: _no_page, Exception: _broken},
    )
    found.state.front = Front(office, signing_keys(office.settings), wake)
    return found


def _ticket_pages(path: str, reading: Reading, *, buttons_too: bool = True) -> list[Route]:
    """The page of a ticket with its files and its buttons, for who comes by this path."""
    page = f"{path}/{{number:int}}"
    pages = [
        Route(page, partial(conversation.ticket, reading=reading), methods=FORM),
        Route(f"{page}/files/{{file:int}}", partial(conversation.file, reading=reading)),
    ]
    if buttons_too:
        pages.append(Route(f"{page}/{{button}}", partial(buttons.press, reading=reading), methods=["POST"]))
    return pages


async def home(request: Request) -> Response:
    return front_of(request).go("/tickets" if SESSION_COOKIE in request.cookies else "/sign-in")


def _static(name: str, kind: str) -> Callable[[Request], Awaitable[Response]]:
    path = shipped("templates") / "web" / name

    async def serve(request: Request) -> Response:
        return FileResponse(path, media_type=kind, headers={"Cache-Control": "max-age=3600"})

    return serve


async def _no_page(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    front = front_of(request)
    return front.says(_nobody(request, front), "not_found", status=error.status_code)


async def _broken(request: Request, error: Exception) -> Response:
    """Said outside of all middleware; uvicorn logs the fault. The address stays out of the log: it may be a link's."""
    front = front_of(request)
    response = front.says(_nobody(request, front), "broken", status=500)
    response.headers.update(HEADERS)
    return response


def _nobody(request: Request, front: Front) -> Visitor:
    """A visitor of whom nothing is looked up: what is to be said comes while something is wrong."""
    return Visitor(None, front.language(request, ""), "", "-", "")
