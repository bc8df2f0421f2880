"""The pages of an account: confirm it, disown it, sign in, sign out, ask for a new link."""

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from gateway.desk.words import LANGUAGES
from gateway.log import get_log, masked
from gateway.outbound.wording import one_line
from gateway.threading.links import MAX_AGE, Link, LinkPurpose, read
from gateway.web.forms import Form, Unusable, read_form
from gateway.web.front import SESSION_COOKIE, STEP_COOKIE, Front, Visitor, front_of, now
from gateway.web.passwords import SHORTEST, weakness
from gateway.web.seal import STEP
from gateway.work import confirm as confirming
from gateway.work import sessions
from gateway.work.confirm import Invited, Profile, Spent

CAUSE = "the web"
LONGEST_NAME = 100

log = get_log()


async def open_link(request: Request) -> Response:
    """A letter's link: its token goes out of the address into a cookie. Nothing else happens."""
    front = front_of(request)
    purpose = LinkPurpose(request.url.path.rsplit("/", 2)[-2])
    link = read(front.keys, request.path_params["token"], purpose, MAX_AGE[purpose], now=now())
    response = front.go(f"/{purpose.value}")
    if link is None:
        front.forget(response, STEP_COOKIE, path=f"/{purpose.value}")
    else:
        seconds = int(STEP.total_seconds())
        front.remember(response, STEP_COOKIE, front.seal.step(link), seconds=seconds, path=f"/{purpose.value}")
    return response


async def confirm(request: Request) -> Response:
    """The form that makes the account: its button confirms."""
    front = front_of(request)
    visitor = await front.visitor(request)
    link = _step(request, front, LinkPurpose.CONFIRM)
    found = await front.run(confirming.invited, front.office, link) if link else Spent.NO_ACCOUNT
    if link is None or isinstance(found, Spent):
        return front.says(visitor, "spent", status=410)
    language = front.language(request, found.language)
    if request.method != "POST":
        return _confirm_page(front, visitor, found, language, name=found.name, chosen=language)
    form = await read_form(request, front, visitor)
    if isinstance(form, Unusable):
        return front.says(visitor, form.value, language=language, status=form.status)
    errors, profile_name, chosen = _checked(form, found, language)
    if errors:
        shown = form.text("name")
        return _confirm_page(front, visitor, found, language, name=shown, chosen=chosen, errors=errors)
    profile = Profile(profile_name, await front.passwords.hashed(form.secret("password")), chosen)
    key = await front.run(confirming.confirm_by_form, front.office, link, profile, now=now(), cause=CAUSE)
    if isinstance(key, Spent):
        return front.says(visitor, "spent", language=language, status=410)
    log.info("an account was confirmed by its form", person=found.person_id)
    response = _with_session(front, key, "/tickets?welcome=1")
    front.forget(response, STEP_COOKIE, path="/confirm")
    return response


async def not_me(request: Request) -> Response:
    """For somebody who did not write to us: the button stops our letters about an account."""
    front = front_of(request)
    visitor = await front.visitor(request)
    link = _step(request, front, LinkPurpose.DISOWN)
    if link is None:
        return front.says(visitor, "spent", status=410)
    if request.method != "POST":
        return front.page(visitor, "not_me.html")
    form = await read_form(request, front, visitor)
    if isinstance(form, Unusable):
        return front.says(visitor, form.value, status=form.status)
    done = await front.run(confirming.disown, front.office, link.person_id, link.letter_key, now=now(), cause=CAUSE)
    if done:
        log.info("somebody says that it was not them who wrote", person=link.person_id)
    response = front.says(visitor, "disowned")
    front.forget(response, STEP_COOKIE, path="/not-me")
    return response


async def sign_in(request: Request) -> Response:
    front = front_of(request)
    visitor = await front.visitor(request)
    if visitor.person is not None:
        return front.go("/tickets")
    if request.method != "POST":
        return front.page(visitor, "sign_in.html", address="")
    form = await read_form(request, front, visitor)
    if isinstance(form, Unusable):
        return front.says(visitor, form.value, status=form.status)
    address = form.text("address")[:320]
    found = await front.run(sessions.attempt, front.office, address, client=visitor.client, now=now())
    if isinstance(found, sessions.NotNow):
        log.warning("too many tries to sign in", address=masked(address), client=visitor.client)
        return front.page(visitor, "sign_in.html", status=429, address=address, errors={"form": "too_many_tries"})
    if not await front.passwords.matches(found.secret, form.secret("password")):
        return front.page(visitor, "sign_in.html", status=403, address=address, errors={"form": "wrong_password"})
    key = await front.run(sessions.sign_in, front.office, found.person_id, now=now())
    return _with_session(front, key, "/tickets")


async def sign_out(request: Request) -> Response:
    front = front_of(request)
    visitor = await front.visitor(request)
    form = await read_form(request, front, visitor)
    if isinstance(form, Unusable):
        return front.says(visitor, form.value, status=form.status)
    if visitor.session:
        await front.run(sessions.sign_out, front.office, visitor.session)
    response = front.go("/sign-in")
    front.forget(response, SESSION_COOKIE)
    return response


async def new_link(request: Request) -> Response:
    """The same answer for everybody, and before anything is looked up, so that its time says nothing either."""
    front = front_of(request)
    visitor = await front.visitor(request)
    if request.method != "POST":
        return front.page(visitor, "new_link.html")
    form = await read_form(request, front, visitor)
    if isinstance(form, Unusable):
        return front.says(visitor, form.value, status=form.status)
    response = front.says(visitor, "link_asked")
    response.background = BackgroundTask(_send_link, front, form.text("address"))
    return response


async def _send_link(front: Front, address: str) -> None:
    if await front.run(confirming.send_link, front.office, front.keys, address, now=now()):
        log.info("a new link was asked for", to=masked(address))


def _step(request: Request, front: Front, purpose: LinkPurpose) -> Link | None:
    return front.seal.read_step(request.cookies.get(STEP_COOKIE, ""), purpose)


def _checked(form: Form, found: Invited, language: str) -> tuple[dict[str, str], str, str]:
    """What is wrong by field, the name as it is kept, and the language that was chosen."""
    errors = {}
    name = one_line(form.text("name"), LONGEST_NAME)
    if sum(letter.isalpha() for letter in name) < 2:
        errors["name"] = "name_missing"
    weak = weakness(form.secret("password"), address=found.address)
    if weak:
        errors["password"] = weak
    chosen = form.text("language")
    return errors, name, chosen if chosen in LANGUAGES else language


def _confirm_page(
    front: Front,
    visitor: Visitor,
    found: Invited,
    language: str,
    *,
    name: str,
    chosen: str,
    errors: dict[str, str] | None = None,
) -> Response:
    return front.page(
        visitor,
        "confirm.html",
        language=language,
        status=422 if errors else 200,
        address=found.address,
        name=name,
        chosen=chosen,
        shortest=SHORTEST,
        errors=errors or {},
    )


def _with_session(front: Front, key: str, path: str) -> Response:
    response = front.go(path)
    front.remember(response, SESSION_COOKIE, key, seconds=int(sessions.SESSION.total_seconds()))
    return response
