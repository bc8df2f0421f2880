"""The page of one ticket: its conversation, what comes next, its files, and the form that adds to it.

The same for who is signed in and for who opened the link of a letter.
"""

from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from gateway.desk.outlook import Outlook
from gateway.desk.states import StateKind
from gateway.desk.verbs import Action
from gateway.desk.words import in_language
from gateway.threading import match
from gateway.threading.links import without_tokens
from gateway.threading.spans import FOLDED, SpanKind
from gateway.threading.tokens import Purpose
from gateway.web import written
from gateway.web.forms import Unusable
from gateway.web.front import Front, front_of, notice, now
from gateway.web.posted import area_of, form_of_mail, keep, ticket_of, wrong_files
from gateway.web.readers import Reader, Reading
from gateway.work import own
from gateway.work.own import Conversation, PublicMessage

# What the page says after something was done, by the word that its address then ends with.
DONE = ("sent", "added", "kept", "begun", "approved", "refused", "answered", "closed", "disputed", "stopped", "resumed")


async def ticket(request: Request, reading: Reading) -> Response:
    """A ticket of theirs; its form adds to the conversation."""
    front = front_of(request)
    reader = await reading(request, front)
    if isinstance(reader, Response):
        return reader
    found = await conversation_of(front, reader)
    if found is None:
        return front.says(reader.visitor, "not_found", status=404)
    if request.method != "POST":
        return show(front, reader, found, notice=notice(request, *DONE))
    form = await form_of_mail(request, front, reader.visitor)
    if isinstance(form, Unusable):
        return front.says(reader.visitor, form.value, status=form.status)
    errors = wrong_files(form, front.office.settings.limits)
    if not form.text("text") and not form.uploads:
        errors["text"] = "text_missing"
    if errors:
        return show(front, reader, found, given={"text": form.text("text")}, errors=errors)
    rules = front.office.rules
    token = rules.tokens.make(Purpose.MESSAGE_ID, reader.number, reader.person.id)
    mail_id = await front.run(
        keep,
        front,
        reader.person,
        area_of(front, found.ticket.area),
        form,
        subject=f"[#{reader.number}] {found.ticket.subject}",
        answers=match.message_id("ticket", token, rules.settings.server.hostname),
    )
    return _on(front, reader, await ticket_of(front, mail_id))


async def file(request: Request, reading: Reading) -> Response:
    """A file of their ticket, to be kept and never shown: what is in it came from anywhere."""
    front = front_of(request)
    reader = await reading(request, front)
    if isinstance(reader, Response):
        return reader
    read = own.colleagues_file if reader.of_colleague else own.file
    found = await front.run(read, front.office, reader.person.id, reader.number, request.path_params["file"])
    if found is None:
        return front.says(reader.visitor, "not_found", status=404)
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


async def conversation_of(front: Front, reader: Reader) -> Conversation | None:
    read = own.colleagues_conversation if reader.of_colleague else own.conversation
    return await front.run(read, front.office, reader.person.id, reader.number, now=now())


def show(
    front: Front,
    reader: Reader,
    found: Conversation,
    *,
    notice: str = "",
    given: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    problem: str = "",
    status: int = 0,
) -> Response:
    """The page. `given` is what was written in a form that did not go through, `errors` what is wrong with it, and
    `problem` says in words why nothing was done.
    """
    return front.page(
        reader.visitor,
        "ticket.html",
        zone=reader.person.zone,
        of_area=found.ticket.area,
        status=status or (422 if errors else 200),
        path=reader.path,
        colleague=found.requester if reader.of_colleague else None,
        ticket=found.ticket,
        messages=[(one, one.author_id == reader.person.id, _shown(front, reader, one)) for one in found.messages],
        ended=found.ended,
        outlook=found.outlook,
        next=_next(found.outlook, ended=found.ended),
        closing=_closing(found.outlook),
        answered=found.answered,
        classification=found.classification,
        said=partial(in_language, language=reader.visitor.language),
        state=partial(front.state, language=reader.visitor.language, theirs=not reader.of_colleague),
        once=front.seal.once(),
        notice=notice,
        given=defaultdict(str, given or {}),
        errors=errors or {},
        problem=problem,
    )


def _on(front: Front, reader: Reader, number: int | None) -> Response:
    """To the ticket that the mail went to; who came by a link sees no other than this one."""
    if number == reader.number:
        return front.go(f"{reader.path}?added=1")
    if reader.by_link:
        return front.go(f"{reader.path}?{'kept' if number is None else 'begun'}=1")
    return front.go("/tickets?kept=1" if number is None else f"/tickets/{number}?sent=1")


def _next(outlook: Outlook, *, ended: bool) -> str:
    """The name of the words that say what comes next."""
    match outlook.kind:
        case StateKind.FINAL if outlook.reopens_until is not None:
            return "next_reopens"
        case StateKind.FINAL:
            return "next_ended" if ended else "next_closed"
        case StateKind.SOLVED if Action.APPROVE in outlook.offered:
            return "next_approve"
        case StateKind.SOLVED if Action.REFUSE in outlook.offered:
            return "next_approved"
        case kind:
            return _NEXT[kind]


def _closing(outlook: Outlook) -> str:
    approved = outlook.kind is StateKind.SOLVED and _next(outlook, ended=False) == "next_approved"
    return "closes_then" if approved else "closes_silent"


def _shown(front: Front, reader: Reader, message: PublicMessage) -> list[tuple[bool, str]]:
    """The text in stretches; of a colleague's without what they quoted, and without the links that are theirs alone."""
    if not reader.of_colleague:
        return _pieces(message)
    url = front.office.settings.web.public_url
    return [(False, without_tokens(text, url)) for folded, text in _pieces(message) if not folded]


def _pieces(message: PublicMessage) -> list[tuple[bool, str]]:
    """The text in stretches, (folded, text), those that are folded for the eye only: nothing is left out."""
    pieces: list[tuple[bool, str]] = []
    for start, end, kind, _ in message.spans or ((0, len(message.text), SpanKind.NEW.value, ""),):
        folded, text = kind in FOLDED, message.text[start:end]
        if pieces and pieces[-1][0] is folded:
            pieces[-1] = (folded, pieces[-1][1] + text)
        else:
            pieces.append((folded, text))
    return [(folded, text.strip("\n")) for folded, text in pieces if text.strip()]


_NEXT = {
    StateKind.NEW: "next_new",
    StateKind.OPEN: "next_open",
    StateKind.WAITING_CUSTOMER: "next_waiting_customer",
    StateKind.WAITING_OTHERS: "next_waiting_others",
    StateKind.SOLVED: "next_solved",
}
