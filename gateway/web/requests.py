"""The pages of one's own tickets, for who is signed in: the list, and a new one."""

from starlette.requests import Request
from starlette.responses import Response

from gateway.desk import completeness
from gateway.web.forms import Form, Unusable
from gateway.web.front import Front, Visitor, front_of, notice
from gateway.web.posted import FILES_OF_MAIL, area_of, form_of_mail, keep, ticket_of, wrong_files
from gateway.work import own

LONGEST_SUBJECT = 200


async def tickets(request: Request) -> Response:
    front = front_of(request)
    visitor = await front.visitor(request)
    if visitor.person is None:
        return front.go("/sign-in")
    found = await front.run(own.tickets_of, front.office, visitor.person.id)
    return front.page(visitor, "tickets.html", tickets=found, notice=notice(request, "welcome", "kept"))


async def new_ticket(request: Request) -> Response:
    front = front_of(request)
    visitor = await front.visitor(request)
    if visitor.person is None:
        return front.go("/sign-in")
    if request.method != "POST":
        return _new_page(front, visitor)
    form = await form_of_mail(request, front, visitor)
    if isinstance(form, Unusable):
        if form is Unusable.TOO_LARGE:
            return _new_page(front, visitor, errors={"files": "files_too_large"})
        return front.says(visitor, form.value, status=form.status)
    errors = wrong_files(form, front.office.settings.limits)
    if not form.text("subject"):
        errors["subject"] = "subject_missing"
    if not form.text("text"):
        errors["text"] = "text_missing"
    if errors:
        return _new_page(front, visitor, form=form, errors=errors)
    area = area_of(front, form.text("area"))
    subject = form.text("subject")[:LONGEST_SUBJECT]
    mail_id = await front.run(keep, front, visitor.person, area, form, subject=subject)
    number = await ticket_of(front, mail_id)
    return front.go("/tickets?kept=1" if number is None else f"/tickets/{number}?sent=1")


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
