"""What every page stands on: the desk, who is asking and in which language, and answers that no other site can use."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

import anyio
from anyio.to_thread import run_sync
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from gateway.files import shipped
from gateway.outbound.wording import one_line, paragraphs
from gateway.settings_keys import SigningKey
from gateway.store.own_tickets import OwnTicket
from gateway.store.people import Person
from gateway.web import wording
from gateway.web.passwords import Passwords
from gateway.web.seal import Seal
from gateway.work import sessions
from gateway.work.office import Office

FORM_COOKIE = "desk_form"
SESSION_COOKIE = "desk_session"
STEP_COOKIE = "desk_step"
# Fewer than the database has connections: others of this process need some too.
AT_ONCE = 4
# What is said to somebody whom another link, or signing in, helps on.
_LINK_HELPS = frozenset({"spent", "request_spent"})

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks: a person who is signed in, or nobody known. `client` is their network address."""

    person: Person | None
    language: str
    session: str
    browser: str
    client: str


class Front:
    """One for an application. Handlers are coroutines; all that waits for a disk runs in a few threads."""

    def __init__(self, office: Office, keys: Sequence[SigningKey], wake: Callable[[], None]) -> None:
        self.office = office
        self.keys = tuple(keys)
        self.wake = wake
        self.seal = Seal(keys)
        self.passwords = Passwords()
        url = urlsplit(office.settings.web.public_url)
        self.base = url.path.rstrip("/")
        self.secure = url.scheme == "https"
        folder = shipped("templates") / "web"
        self.words = wording.read_words(folder)
        self._turn = anyio.CapacityLimiter(AT_ONCE)
        self._templates = Environment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._templates.filters.update(paragraphs=paragraphs, one_line=one_line)

    async def run(self, do: Callable[P, T], *args: P.args, **given: P.kwargs) -> T:
        """Do what blocks in a thread."""
        return await run_sync(partial(do, *args, **given), limiter=self._turn)

    async def visitor(self, request: Request) -> Visitor:
        """Who asks, by their cookies and what their browser says."""
        session = request.cookies.get(SESSION_COOKIE, "")
        person = await self.run(sessions.who, self.office, session, now=now()) if session else None
        return Visitor(
            person=person,
            language=self.language(request, person.language if person else ""),
            session=session if person else "",
            browser=request.cookies.get(FORM_COOKIE, "")[:64],
            client=request.client.host if request.client else "",
        )

    def language(self, request: Request, known: str) -> str:
        said = known if known in self.words else wording.accepted(request.headers.get("accept-language", ""))
        return said or self.office.rules.desk.first().language

    def page(
        self,
        visitor: Visitor,
        template: str,
        *,
        language: str = "",
        zone: str = "",
        of_area: str = "",
        status: int = 200,
        **values: object,
    ) -> Response:
        """A page as this visitor reads it, its forms good for this browser and session only.

        Times are in their zone, else in that of the area's calendar.
        """
        language = language or visitor.language
        browser = visitor.browser or secrets.token_urlsafe(16)
        zone = zone or (visitor.person.zone if visitor.person else "")
        given = {
            "t": self.words[language],
            "language": language,
            "desk": self.office.rules.desk.first().from_name,
            "base": self.base,
            "person": visitor.person,
            "form_token": self.seal.form(browser, visitor.session),
            "when": partial(wording.when, language=language, zone=zone, of_desk=self._zone(of_area)),
            "size": partial(wording.size, language=language),
            "state": partial(self.state, language=language),
            "errors": {},
            **values,
        }
        response = HTMLResponse(self._templates.get_template(template).render(given), status_code=status)
        if not visitor.browser:
            self.remember(response, FORM_COOKIE, browser, seconds=None)
        return response

    def _zone(self, area: str) -> str:
        desk = self.office.rules.desk
        return (desk.areas.get(area) or desk.first()).calendar.zone.key

    def state(self, ticket: OwnTicket, *, language: str, theirs: bool = True) -> str:
        """The state as its requester reads it, or with `theirs` false as a colleague of theirs does."""
        return wording.state_of(ticket, self.office.rules.desk, language, self.words[language], theirs=theirs)

    def says(self, visitor: Visitor, what: str, *, language: str = "", status: int = 200) -> Response:
        """A page of a heading and a few words, `<what>_title` and `<what>_text`."""
        words = self.words[language or visitor.language]
        return self.page(
            visitor,
            "says.html",
            language=language,
            status=status,
            title=words[f"{what}_title"],
            text=words[f"{what}_text"],
            offer_link=what in _LINK_HELPS,
        )

    def go(self, path: str) -> RedirectResponse:
        """On to another page of ours, with GET (RFC 9110, 15.4.4)."""
        return RedirectResponse(f"{self.base}{path}", status_code=303)

    def remember(self, response: Response, name: str, value: str, *, seconds: int | None, path: str = "/") -> None:
        """Let the browser keep something that no script reads and no other site sends along."""
        response.set_cookie(
            name,
            value,
            max_age=seconds,
            path=f"{self.base}{path}",
            secure=self.secure,
            httponly=True,
            samesite="lax",
        )

    def forget(self, response: Response, name: str, *, path: str = "/") -> None:
        response.delete_cookie(name, path=f"{self.base}{path}", secure=self.secure, httponly=True, samesite="lax")


def front_of(request: Request) -> Front:
    front = request.app.state.front
    assert isinstance(front, Front)
    return front


def notice(request: Request, *known: str) -> str:
    """The name of the words about what has just been done, as the address of the page says it."""
    return next((f"notice_{name}" for name in known if name in request.query_params), "")


def now() -> datetime:
    return datetime.now(UTC)
