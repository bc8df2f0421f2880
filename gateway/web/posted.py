"""What somebody wrote in a form, kept as the mail that it becomes, and followed until it is judged."""

import time
from datetime import datetime

import anyio
from starlette.requests import Request

from gateway.desk.areas import Area
from gateway.log import get_log
from gateway.settings import Limits
from gateway.store.people import Person
from gateway.web import written
from gateway.web.forms import Form, Unusable, Upload, read_form
from gateway.web.front import Front, Visitor, now
from gateway.web.seal import Once
from gateway.work import own
from gateway.work.accept import accept

# A mail carries files in base64, and so takes 4 bytes for 3, and line ends.
FILES_OF_MAIL = 0.72
# So long a person who pressed the button waits for the ticket's number; it comes by mail anyway.
JUDGED_SECONDS = 5.0

log = get_log()


async def form_of_mail(request: Request, front: Front, visitor: Visitor) -> Form | Unusable:
    return await read_form(request, front, visitor, most=int(front.office.settings.limits.mail_mib * 2**20))


def wrong_files(form: Form, limits: Limits) -> dict[str, str]:
    """What the desk would refuse after it took it, said while it can still be put right."""
    if sum(len(one.content) for one in form.uploads) > limits.mail_mib * 2**20 * FILES_OF_MAIL:
        return {"files": "files_too_large"}
    endings = tuple(f".{ending.lower().lstrip('.')}" for ending in limits.attachment_types_refused)
    if endings and any(_cleaned(one).endswith(endings) for one in form.uploads):
        return {"files": "files_refused"}
    return {}


def keep(front: Front, person: Person, area: Area, form: Form, *, subject: str, answers: str = "") -> str:
    """The mail of this form, durably kept as every mail is; its id. `answers` is a Message-ID of the ticket."""
    raw = written.as_mail(
        sender=person.address,
        to=area.address,
        hostname=front.office.settings.server.hostname,
        subject=subject,
        text=form.text("text"),
        language=person.language,
        once=_once(front, form),
        uploads=form.uploads,
        answers=answers,
    )
    (mail_id,) = accept(front.office, [written.arrival(raw, sender=person.address, to=area.address, received_at=now())])
    log.info("a form became a mail", mail=mail_id, person=person.id)
    front.wake()
    return mail_id


async def ticket_of(front: Front, mail_id: str) -> int | None:
    """The ticket that the mail went to, as soon as it is judged; None when that takes too long."""
    end = time.monotonic() + JUDGED_SECONDS
    while True:
        judged, number = await front.run(own.outcome, front.office, mail_id)
        if judged or time.monotonic() > end:
            return number
        await anyio.sleep(0.1)


def area_of(front: Front, name: str) -> Area:
    desk = front.office.rules.desk
    return desk.areas.get(name) or desk.first()


def _cleaned(upload: Upload) -> str:
    return written.file_name(upload.name).lower()


def _once(front: Front, form: Form) -> Once:
    found = front.seal.read_once(form.fields.get("once", ""))
    return found or Once(front.seal.once()[:20], _second(now()))


def _second(at: datetime) -> datetime:
    return at.replace(microsecond=0)
