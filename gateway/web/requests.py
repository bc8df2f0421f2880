"""The pages of one's own tickets: the list, one with its conversation and files, an answer, and a new one."""

import time
from datetime import datetime
from urllib.parse import quote

import anyio
from starlette.requests import Request
from starlette.responses import Response

from gateway.desk import completeness
from gateway.desk.areas import Area
from gateway.log import get_log
from gateway.settings import Limits
from gateway.store.people import Person
from gateway.threading import match
from gateway.threading.spans import folded
from gateway.threading.tokens import Purpose
from gateway.web import written
from gateway.web.forms import Form, Unusable, Upload, read_form
from gateway.web.front import Front, Visitor, front_of, now
from gateway.web.seal import Once
from gateway.work import own
from gateway.work.accept import accept

LONGEST_SUBJECT = 200
# A mail carries files in base64, and so takes 4 bytes for 3, and line ends.
FILES_OF_MAIL = 0.72
# So long a person who pressed the button waits for the ticket's number; it comes by mail anyway.
JUDGED_SECONDS = 5.0

log = get_log()


async def tickets(request: Request) -> Response:
    front = front_of(request)
    visitor = await front.visitor(request)
    if visitor.person is None:
        return front.go("/sign-in")
    found = await front.run(own.tickets_of, front.office, visitor.person.id)
    return front.page(visitor, "tickets.html", tickets=found, notice=_notice(request, "welcome", "kept"))


async def ticket(request: Request) -> Response:
    """A ticket of theirs; its form adds to the conversation."""
    front = front_of(request)
    visitor = await front.visitor(request)
    if visitor.person is None:
        return front.go("/sign-in")
    number = request.path_params["number"]
    found = await front.run(own.conversation, front.office, visitor.person.id, number, now=now())
    if found is None:
        return front.says(visitor, "not_found", status=404)
    area = _area(front, found.ticket.area)
    if request.method != "POST":
        return _ticket_page(front, visitor, found, notice=_notice(request, "sent", "added"))
    form = await _form_of_mail(request, front, visitor)
    if isinstance(form, Unusable):
        return _unusable(front, visitor, form)
    errors = _wrong_files(form, front.office.settings.limits)
    if not form.text("text") and not form.uploads:
        errors["text"] = "text_missing"
    if errors:
        return _ticket_page(front, visitor, found, text=form.text("text"), errors=errors)
    rules = front.office.rules
    token = rules.tokens.make(Purpose.MESSAGE_ID, number, visitor.person.id)
    mail_id = await front.run(
        _keep,
        front,
        visitor.person,
        area,
        form,
        subject=f"[#{number}] {found.ticket.subject}",
        once=_once(front, form),
        answers=match.message_id("ticket", token, rules.settings.server.hostname),
    )
    return await _on(front, mail_id, added_to=number)


async def new_ticket(request: Request) -> Response:
    front = front_of(request)
    visitor = await front.visitor(request)
    if visitor.person is None:
        return front.go("/sign-in")
    if request.method != "POST":
        return _new_page(front, visitor)
    form = await _form_of_mail(request, front, visitor)
    if isinstance(form, Unusable):
        if form is Unusable.TOO_LARGE:
            return _new_page(front, visitor, errors={"files": "files_too_large"})
        return _unusable(front, visitor, form)
    errors = _wrong_files(form, front.office.settings.limits)
    if not form.text("subject"):
        errors["subject"] = "subject_missing"
    if not form.text("text"):
        errors["text"] = "text_missing"
    if errors:
        return _new_page(front, visitor, form=form, errors=errors)
    mail_id = await front.run(
        _keep,
        front,
        visitor.person,
        _area(front, form.text("area")),
        form,
        subject=form.text("subject")[:LONGEST_SUBJECT],
        once=_once(front, form),
    )
    return await _on(front, mail_id)


async def file(request: Request) -> Response:
    """A file of their ticket, to be kept and never shown: what is in it came from anywhere."""
    front = front_of(request)
    visitor = await front.visitor(request)
    if visitor.person is None:
        return front.go("/sign-in")
    number, file_id = request.path_params["number"], request.path_params["file"]
    found = await front.run(own.file, front.office, visitor.person.id, number, file_id)
    if found is None:
        return front.says(visitor, "not_found", status=404)
    content = await front.run(front.office.blobs.get, found.sha256)
    name = quote(written.file_name(found.name), safe="")
    return Response(
        content,
        media_type="application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )


def _ticket_page(
    front: Front,
    visitor: Visitor,
    found: own.Conversation,
    *,
    notice: str = "",
    text: str = "",
    errors: dict[str, str] | None = None,
) -> Response:
    assert visitor.person is not None
    shown = [
        (message, message.author_id == visitor.person.id, folded(message.text, message.spans))
        for message in found.messages
    ]
    return front.page(
        visitor,
        "ticket.html",
        status=422 if errors else 200,
        ticket=found.ticket,
        messages=shown,
        ended=found.ended,
        once=front.seal.once(),
        notice=notice,
        text=text,
        errors=errors or {},
    )


def _new_page(
    front: Front, visitor: Visitor, *, form: Form | None = None, errors: dict[str, str] | None = None
) -> Response:
    limits = front.office.settings.limits
    form = form or Form({})
    return front.page(
        visitor,
        "new_ticket.html",
        status=422 if errors else 200,
        areas=list(front.office.rules.desk.areas.values()),
        area=form.text("area"),
        subject=form.text("subject"),
        text=form.text("text"),
        files_lost=bool(form.uploads),
        once=front.seal.once(),
        most=int(limits.mail_mib * 2**20 * FILES_OF_MAIL),
        refused=", ".join(limits.attachment_types_refused),
        wanted=_wanted(front, visitor.language),
        errors=errors or {},
    )


async def _form_of_mail(request: Request, front: Front, visitor: Visitor) -> Form | Unusable:
    return await read_form(request, front, visitor, most=int(front.office.settings.limits.mail_mib * 2**20))


def _wrong_files(form: Form, limits: Limits) -> dict[str, str]:
    """What the desk would refuse after it took it, said while it can still be put right."""
    if sum(len(one.content) for one in form.uploads) > limits.mail_mib * 2**20 * FILES_OF_MAIL:
        return {"files": "files_too_large"}
    endings = tuple(f".{ending.lower().lstrip('.')}" for ending in limits.attachment_types_refused)
    if endings and any(_cleaned(one).endswith(endings) for one in form.uploads):
        return {"files": "files_refused"}
    return {}


def _cleaned(upload: Upload) -> str:
    return written.file_name(upload.name).lower()


def _keep(front: Front, person: Person, area: Area, form: Form, *, subject: str, once: Once, answers: str = "") -> str:
    """The mail of this form, durably kept as every mail is; its id."""
    raw = written.as_mail(
        sender=person.address,
        to=area.address,
        hostname=front.office.settings.server.hostname,
        subject=subject,
        text=form.text("text"),
        language=person.language,
        once=once,
        uploads=form.uploads,
        answers=answers,
    )
    (mail_id,) = accept(front.office, [written.arrival(raw, sender=person.address, to=area.address, received_at=now())])
    log.info("a form became a mail", mail=mail_id, person=person.id)
    front.wake()
    return mail_id


async def _on(front: Front, mail_id: str, *, added_to: int | None = None) -> Response:
    """To the ticket as soon as it is there, else to the list."""
    end = time.monotonic() + JUDGED_SECONDS
    while True:
        judged, number = await front.run(own.outcome, front.office, mail_id)
        if judged or time.monotonic() > end:
            break
        await anyio.sleep(0.1)
    if number is None:
        return front.go("/tickets?kept=1")
    return front.go(f"/tickets/{number}?{'added' if number == added_to else 'sent'}=1")


def _once(front: Front, form: Form) -> Once:
    found = front.seal.read_once(form.fields.get("once", ""))
    return found or Once(front.seal.once()[:20], _second(now()))


def _second(at: datetime) -> datetime:
    return at.replace(microsecond=0)


def _notice(request: Request, *known: str) -> str:
    return next((f"notice_{name}" for name in known if name in request.query_params), "")


def _unusable(front: Front, visitor: Visitor, form: Unusable) -> Response:
    return front.says(visitor, form.value, status=413 if form is Unusable.TOO_LARGE else 400)


def _wanted(front: Front, language: str) -> list[tuple[str, tuple[str, ...]]]:
    """What the desk's rules want of a new ticket, by area, so that it need not go back for it."""
    rules = completeness.rules_of(front.office.settings.completeness)
    areas = front.office.rules.desk.areas.values()
    wanted = {
        area.from_name: completeness.missing(
            rules, area=area.name, category="", subject="", text="", attachments=0, language=language
        )
        for area in areas
    }
    if len(set(wanted.values())) == 1:
        wanted = {"": next(iter(wanted.values()))}
    return [(name, lines) for name, lines in wanted.items() if lines]


def _area(front: Front, name: str) -> Area:
    desk = front.office.rules.desk
    return desk.areas.get(name) or desk.first()
