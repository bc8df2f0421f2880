"""The buttons of a ticket's page: approve or refuse the closing, the survey, close it, dispute, stop its notices."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from gateway.desk.refusals import Refusal, Refused
from gateway.desk.verbs import Action
from gateway.desk.words import in_language
from gateway.log import get_log
from gateway.outbound.wording import one_line
from gateway.web.conversation import conversation_of, show
from gateway.web.forms import Form, Unusable, read_form
from gateway.web.front import Front, front_of, now
from gateway.web.readers import Reader, Reading
from gateway.work import own_actions
from gateway.work.own_actions import NotNow

CAUSE = "the web"
LONGEST_ANSWER = 1000
LONGEST_CLASSIFICATION = 200
# The questions of a survey stand in the form under their names, apart from its other fields.
QUESTION = "question-"

log = get_log()


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button with what was written for it. `errors` are the fields without which it does nothing."""

    action: Action
    text: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


async def press(request: Request, reading: Reading) -> Response:
    front = front_of(request)
    reader = await reading(request, front)
    if isinstance(reader, Response):
        return reader
    form = await read_form(request, front, reader.visitor)
    if isinstance(form, Unusable):
        return front.says(reader.visitor, form.value, status=form.status)
    button = request.path_params["button"]
    if button == "notices":
        return await _notices(front, reader, form)
    pressed = _pressed(button, form)
    if pressed is None:
        return front.says(reader.visitor, "not_found", status=404)
    if pressed.errors:
        return await _again(front, reader, form, errors=pressed.errors)
    done = await front.run(
        own_actions.press,
        front.office,
        reader.person.id,
        reader.number,
        pressed.action,
        text=pressed.text,
        parameters=pressed.parameters,
        cause=CAUSE,
        now=now(),
    )
    if isinstance(done, NotNow):
        return await _not_now(front, reader, done)
    if isinstance(done, Refused):
        return await _refused(front, reader, form, done)
    log.info("a button was pressed", action=pressed.action.value, ticket=reader.number, person=reader.person.id)
    return front.go(f"{reader.path}?{_DONE[pressed.action]}=1")


def _pressed(button: str, form: Form) -> Pressed | None:
    """What the button means; None for one that there is not."""
    match button:
        case "approve":
            return Pressed(Action.APPROVE)
        case "close":
            return Pressed(Action.CLOSE)
        case "refuse":
            reason = form.text("refusal")
            return Pressed(Action.REFUSE, reason, errors={} if reason else {"refusal": "refusal_missing"})
        case "survey":
            score = form.text("score")
            answers = {
                name.removeprefix(QUESTION): one_line(form.text(name), LONGEST_ANSWER)
                for name in form.fields
                if name.startswith(QUESTION)
            }
            given = {"score": score, **{name: said for name, said in answers.items() if said}}
            return Pressed(Action.SURVEY, form.text("comment"), given, {} if score else {"score": "score_missing"})
        case "dispute":
            proposed = one_line(form.text("proposed"), LONGEST_CLASSIFICATION)
            missing = {} if proposed else {"proposed": "proposed_missing"}
            return Pressed(Action.DISPUTE, form.text("why"), {"proposed": proposed}, missing)
    return None


async def _notices(front: Front, reader: Reader, form: Form) -> Response:
    stop = form.text("stop") == "yes"
    done = await front.run(
        own_actions.stop_notices, front.office, reader.person.id, reader.number, stop=stop, cause=CAUSE, now=now()
    )
    if isinstance(done, NotNow):
        return await _not_now(front, reader, done)
    return front.go(f"{reader.path}?{'stopped' if stop else 'resumed'}=1")


async def _not_now(front: Front, reader: Reader, why: NotNow) -> Response:
    match why:
        case NotNow.NOT_THEIRS:
            return front.says(reader.visitor, "not_found", status=404)
        case NotNow.TOO_MANY:
            return front.says(reader.visitor, "too_many_presses", status=429)
        case NotNow.NOT_OFFERED:
            words = front.words[reader.visitor.language]
            return await _again(front, reader, Form({}), problem=words["cannot_now"], status=409)


async def _refused(front: Front, reader: Reader, form: Form, refused: Refused) -> Response:
    if refused.parameter == "score":
        return await _again(front, reader, form, errors={"score": "score_missing"})
    language = reader.visitor.language
    changed = refused.reason in (Refusal.NOT_IN_STATE, Refusal.NOT_PERMITTED, Refusal.NOT_OFFERED)
    problem = front.words[language]["cannot_now"] if changed else in_language(refused.words, language)
    return await _again(front, reader, form, problem=problem, status=409)


async def _again(
    front: Front,
    reader: Reader,
    form: Form,
    *,
    errors: Mapping[str, str] | None = None,
    problem: str = "",
    status: int = 0,
) -> Response:
    """The page as it is now, with what was written still in its form."""
    found = await conversation_of(front, reader)
    if found is None:
        return front.says(reader.visitor, "not_found", status=404)
    given = {name: form.text(name) for name in form.fields}
    return show(front, reader, found, given=given, errors=errors, problem=problem, status=status)


_DONE = {
    Action.APPROVE: "approved",
    Action.REFUSE: "refused",
    Action.SURVEY: "answered",
    Action.CLOSE: "closed",
    Action.DISPUTE: "disputed",
}
"""What the page's address ends with after the button."""
