"""Whether what stands below the commands of a mail says nothing: a closing, a name, a post, a telephone. Pure.

A signature below "-- " is folded before. Many people have one without it, and it must not go out as an answer.
"""

import re
from collections.abc import Sequence
from enum import StrEnum

from gateway.desk.folding import folded, words_of
from gateway.desk.thanks import body_lines, name


class Below(StrEnum):
    """What the text is. In doubt it is what was asked for: text where a command takes one, else a signature."""

    SIGNATURE = "signature"
    DOUBT = "doubt"
    TEXT = "text"


def below(text: str, own_name: str) -> Below:
    """What `text`, already without quotes, is to somebody of this name ('' when it is not known).

    Sure is a closing or none, then the writer's own name, then nothing but posts, companies and ways to reach them.
    """
    lines = [line.strip() for line in body_lines(text) if line.strip()]
    if not lines:
        return Below.SIGNATURE
    if len(lines) > _MOST_LINES or any(len(line) > _LONGEST_LINE for line in lines) or _ASKS.search(text):
        return Below.TEXT
    rest = list(lines)
    while rest and (closes(rest[0]) or not words_of(rest[0])):
        rest.pop(0)
    if not rest:
        return Below.DOUBT
    (named, *behind), *others = ([one.strip() for one in _BETWEEN.split(line) if one.strip()] or [""] for line in rest)
    title, *posts = (one.strip() for one in named.split(","))
    parts = [_part(one) for one in (*posts, *behind, *(one for line in others for one in line))]
    if None in parts:
        return Below.TEXT
    if _is(title, own_name):
        return Below.DOUBT if _Part.CAPITALS in parts else Below.SIGNATURE
    return Below.DOUBT if name(title) and _Part.REACHED in parts else Below.TEXT


def without_own_signature(text: str, own_names: Sequence[str]) -> str:
    """`text` without a last block that begins with a name of who wrote it, and says nothing of its own."""
    lines = text.splitlines()
    for at in range(max(1, len(lines) - _MOST_LINES), len(lines)):
        title = _BETWEEN.split(lines[at].strip())[0].split(",")[0]
        named = (own for own in own_names if _is(title, own))
        if any(below("\n".join(lines[at:]), own) is not Below.TEXT for own in named) and any(lines[:at]):
            return "\n".join(lines[:at]).rstrip()
    return text


def closes(line: str) -> bool:
    """Whether the line is a closing and nothing else: “Attached”, “Best restart it” and “Quedó” are for somebody."""
    words = words_of(line)
    return not _JOINING.issuperset(words) and _CLOSINGS.issuperset(words)


def signed_by(line: str, own_name: str) -> bool:
    """Whether the line is this name in full, behind a title or a closing, before another surname or a post.

    “Lo atiende Luis Gómez” and “Luis Gómez llamará hoy” are not.
    """
    own, written = words_of(own_name), re.findall(r"[^\W_]+", line)
    said = [folded(word) for word in written]
    places = range(min(len(said) - len(own), _MOST_BESIDE) + 1)
    at = next((at for at in places if own and said[at : at + len(own)] == own), None)
    if at is None or len(said) > len(own) + _MOST_BESIDE or line.rstrip().endswith((":", "?", "!")):
        return False
    before, behind = [word for word in said[:at] if word not in _TITLES], written[at + len(own) :]
    introduced = not before or closes(" ".join(before))
    return introduced and all(not word[0].islower() or folded(word) in _POSTS | _PARTICLES for word in behind)


class _Part(StrEnum):
    """What a line below the name is."""

    REACHED = "telephone, address, page"
    POST = "post or department"
    CAPITALS = "could be a company, or two words of a message"


def _part(line: str) -> _Part | None:
    if _REACHED.fullmatch(line):
        return _Part.REACHED
    words = words_of(line)
    if len(words) > _MOST_WORDS or (_ENDS.search(line) and not _ABBREVIATED.search(line)):
        return None
    if _only(words, _POSTS | _PARTICLES) and not _PARTICLES.issuperset(words):
        return _Part.POST
    proper = [word for word in re.findall(r"[^\W_]+", line) if folded(word) not in _POSTS | _PARTICLES]
    if proper and all(word[0].isupper() or word.isdecimal() for word in proper):
        return _Part.POST if not _POSTS.isdisjoint(words) or _ABBREVIATED.search(line) else _Part.CAPITALS
    return None


def _is(line: str, own_name: str) -> bool:
    """Whether a line is the writer's name: whole, a part of it, or with a second one that the desk does not know."""
    own, written = set(words_of(own_name)), words_of(line)
    written = written[1:] if written and written[0] in _TITLES else written
    said = {word for word in written if len(word) > 1}
    return bool(own) and bool(said) and (said <= own or (own <= said and name(line)))


def _only(words: Sequence[str], known: frozenset[str]) -> bool:
    return bool(words) and known.issuperset(words)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_MOST_LINES = 10
_MOST_BESIDE = 2
_LONGEST_LINE = 120
_MOST_WORDS = 9
_BETWEEN = re.compile(r"[|·•]|\s[-–—]\s")
_ASKS = re.compile(r"[?¿]")
_ENDS = re.compile(r"[.!:;…]$")
_ABBREVIATED = re.compile(
    r"\b(?:[A-Z]\.){1,4}$|\b(?:inc|ltda|ltd|cia|corp|co|sas|srl|dpto|dept|depto)\.?$", re.IGNORECASE
)
_NUMBER = r"[+(]?\d[\d ().\-/+]{%d,30}(?:\s{0,2}(?:ext|x|ramal)\.? ?\d{1,6})?"
_TELEPHONE = (
    "tel|telf|tlf|tfno|telefono|teléfono|cel|celular|móvil|movil|fax|whatsapp|ext|pbx|phone|mobile|cell|fone|telefone"
    "|telemóvel|ramal|t|m|c|p|f"
)
_STREET = "calle|cl|carrera|cra|kr|avenida|av|avda|rua|r|travessa|street|plaza|paseo"
_REACHED = re.compile(
    rf"(?:{_TELEPHONE})\b[.: ]{{0,3}}{_NUMBER % 2}"
    rf"|{_NUMBER % 5}"
    r"|(?:[\w-]{1,10}[.:] {0,2})?[\w.+-]{1,64}@[\w.-]{1,80}"
    r"|(?:[\w-]{1,10}[.:] {0,2})?(?:https?://|www\.)\S{1,80}"
    rf"|(?:{_STREET})\b[.]? [\w .,#º°\-/]{{0,60}}\d[\w .,#º°\-/]{{0,60}}",
    re.IGNORECASE,
)
"""A telephone, labelled or alone; an address, a page; a street with its number."""

_TITLES = _set("ing lic dr dra sr sra srta eng prof mr mrs ms arq")
_CLOSINGS = _set(
    "saludos saludo un una cordial cordiales cordialmente atentamente att atte gracias muchas muy de antemano quedo"
    " quedamos atento atenta atentos a su disposicion regards kind best warm cheers sincerely yours thanks thank you"
    " many atenciosamente cumprimentos com os melhores abraco abracos abrazo grato grata obrigado obrigada"
)
_JOINING = _set("un una a su de com os muy many quedo yours")
"""Words of closings that are none alone."""
_PARTICLES = _set("de del la las el los y e do da dos das of and the para for a al em en i ii iii 1 2 3")
_POSTS = _set(
    "soporte mesa ayuda servicio servicios atencion cliente clientes usuario usuarios departamento area equipo"
    " tecnico tecnica analista ingeniero ingeniera coordinador coordinadora coordinacion gerente gerencia jefe jefa"
    " supervisor supervisora agente especialista consultor consultora director directora direccion nivel ti it tic"
    " sistemas informatica tecnologia operaciones administrador administradora asistente lider administracion"
    " academico academica contabilidad infraestructura redes aplicaciones desarrollo calidad dpto depto support help"
    " desk helpdesk service services team technical technician analyst engineer coordinator manager head agent"
    " specialist consultant lead senior junior level systems operations administrator assistant customer department"
    " dept suporte central atendimento servico equipe equipa engenheiro engenheira coordenador coordenadora gestor"
    " gestora informacao informacion information technology setor"
)
