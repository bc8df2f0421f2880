"""Forms as they come in: read within limits, and only when they are from a page of ours."""

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from gateway.web.front import Front, Visitor

SMALL = 64 * 1024
# Longer than anybody takes to send the largest form over a slow line.
SECONDS = 300
MOST_FIELDS = 20
MOST_FILES = 20
# So much of a form that is too large is read and dropped, or the browser would not look at our answer.
DRAINED = 4


class Unusable(StrEnum):
    """Why a form is not looked at, by the name of the words that say so."""

    FOREIGN = "foreign"
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"

    @property
    def status(self) -> int:
        return {Unusable.FOREIGN: 403, Unusable.TOO_LARGE: 413, Unusable.UNREADABLE: 400}[self]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a form, its name as the browser gave it."""

    name: str
    type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """Fields by name, each with its first value, and files."""

    fields: dict[str, str]
    uploads: tuple[Upload, ...] = field(default=())

    def text(self, name: str) -> str:
        """What was written there: line ends as \\n, without NUL and surrogates, no space around."""
        value = self.fields.get(name, "").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
        return value.encode("utf-8", "replace").decode("utf-8").strip()

    def secret(self, name: str) -> str:
        """A password, every character as it was written."""
        return self.fields.get(name, "")


async def read_form(request: Request, front: Front, visitor: Visitor, *, most: int = SMALL) -> Form | Unusable:
    """The form of a POST, at most so many bytes of it, when its token says that it is from our page."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return Unusable.FOREIGN
    declared = request.headers.get("content-length", "")
    if not declared.isdecimal():
        return Unusable.UNREADABLE
    try:
        async with asyncio.timeout(SECONDS):
            if int(declared) > most:
                await _drain(request, DRAINED * most)
                return Unusable.TOO_LARGE
            async with request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=most) as found:
                form = await _read(found)
    except (HTTPException, TimeoutError, UnicodeError):
        return Unusable.UNREADABLE
    if not front.seal.form_is_ours(form.fields.get("form_token", ""), visitor.browser, visitor.session):
        return Unusable.FOREIGN
    return form


async def _read(found: FormData) -> Form:
    fields: dict[str, str] = {}
    uploads: list[Upload] = []
    for name, value in found.multi_items():
        if isinstance(value, UploadFile):
            content = await value.read()
            # An input for files that was left empty comes as one file without a name.
            if value.filename or content:
                uploads.append(Upload(value.filename or "", value.content_type or "", content))
        else:
            fields.setdefault(name, value)
    return Form(fields, tuple(uploads))


async def _drain(request: Request, most: int) -> None:
    read = 0
    async for piece in request.stream():
        read += len(piece)
        if read > most:
            return
