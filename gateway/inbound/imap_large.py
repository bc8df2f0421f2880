"""A mail that is too large to be read: its header, with a note instead of what it says. Pure."""

import re
from collections.abc import Mapping

from gateway.inbound.limits import MIB, plain_line_ends, scan, split_header
from gateway.settings import Limits

# What says how the body that is not here was to be read.
_OF_THE_BODY = re.compile(rb"(?:content-[!-9;-~]*|mime-version)[ \t]*:", re.IGNORECASE)
_FOLDED = (b" ", b"\t")

NOTES: Mapping[str, str] = {
    "en": "[This mail is too large to be read here: {size} MiB, and {most} MiB is the most. Only its header was read. "
    "The original is in the mailbox {mailbox}, folder {folder}.]",
    "es": "[Este correo es demasiado grande para leerlo aquí: {size} MiB, y lo máximo son {most} MiB. Solo se leyó su "
    "cabecera. El original está en el buzón {mailbox}, carpeta {folder}.]",
    "pt": "[Este e-mail é grande demais para ser lido aqui: {size} MiB, e o máximo são {most} MiB. Só o cabeçalho foi "
    "lido. O original está na caixa de correio {mailbox}, pasta {folder}.]",
}


def header_only(header: bytes, *, size: int, mailbox: str, folder: str, language: str, limits: Limits) -> bytes:
    """A whole mail of the header within the limits and a note. The same header and size make the same bytes."""
    safe, _ = split_header(plain_line_ends(scan(header, limits).safe_headers + b"\n\n"))
    kept: list[bytes] = []
    dropping = False
    for line in safe.splitlines():
        if not line.startswith(_FOLDED):
            dropping = bool(_OF_THE_BODY.match(line)) or not line
        if not dropping:
            kept.append(line)
    note = NOTES.get(language, NOTES["en"]).format(
        size=f"{size / MIB:.1f}", most=f"{limits.mail_mib:g}", mailbox=mailbox, folder=folder
    )
    kept += [
        b"MIME-Version: 1.0",
        b"Content-Type: text/plain; charset=utf-8",
        b"Content-Transfer-Encoding: 8bit",
        b"",
        note.encode(),
        b"",
    ]
    return b"\r\n".join(kept)
