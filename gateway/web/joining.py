"""The page behind the letter that asks whether an address is somebody else's too."""

from starlette.requests import Request
from starlette.responses import Response

from gateway.log import get_log
from gateway.threading.links import LinkPurpose
from gateway.web.forms import Unusable, read_form
from gateway.web.front import STEP_COOKIE, front_of, now
from gateway.work import joining

CAUSE = "the web"

log = get_log()


async def join(request: Request) -> Response:
    """Looking changes nothing; one button says that it is so, the other that it is not."""
    front = front_of(request)
    visitor = await front.visitor(request)
    link = front.seal.read_step(request.cookies.get(STEP_COOKIE, ""), LinkPurpose.JOIN)
    found = await front.run(joining.wished, front.office, link, now=now()) if link else None
    if link is None or found is None:
        return front.says(visitor, "join_spent", status=410)
    language = front.language(request, found.language)
    if request.method != "POST":
        return front.page(visitor, "join.html", language=language, asker=found.asker, address=found.address)
    form = await read_form(request, front, visitor)
    if isinstance(form, Unusable):
        return front.says(visitor, form.value, language=language, status=form.status)
    yes = form.text("answer") == "yes"
    done = await front.run(joining.answer, front.office, link, yes=yes, now=now(), cause=CAUSE)
    log.info("a wish for another address was answered", joined=bool(done), wish=link.letter_key)
    if done is None:
        return front.says(visitor, "join_spent", language=language, status=410)
    if yes and not done:
        return front.says(visitor, "join_not", language=language, status=409)
    response = front.says(visitor, "joined" if done else "join_refused", language=language)
    front.forget(response, STEP_COOKIE, path="/join")
    return response
