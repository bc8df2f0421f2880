"""A CSV file of people as rows of cells under our names, whatever wrote it. Pure.

Spreadsheets write what the country's settings say: commas, semicolons or tabs, UTF-8 with or without a byte order mark,
UTF-16, or windows-1252; and people head columns in their language.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gateway.desk.folding import folded
from gateway.desk.words import nearest
from gateway.errors import GatewayError

COLUMNS = ("address", "name", "organisation", "role", "areas", "state", "language", "organisation_agent")


@dataclass(frozen=True, slots=True)
class Row:
    """One record: the line that it begins on, from 1; cells by column, white space single, empty ones left out."""

    line: int
    cells: Mapping[str, str]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows, and the columns that are not for us, each with the one that was perhaps meant."""

    rows: tuple[Row, ...]
    unread: tuple[str, ...]


def read_sheet(raw: bytes) -> Sheet:
    """GatewayError when it is no table with a column of addresses, or cannot be read to its end."""
    text = _decoded(raw)
    first = next((line for line in text.splitlines() if line.strip()), "")
    if not first:
        raise GatewayError("the file is empty: its first line names the columns, such as address,name,role")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(first), strict=True)
    records = _records(reader)
    begins, heads = next(records)
    columns = [_column(head) for head in heads]
    for name in COLUMNS:
        if columns.count(name) > 1:
            raise GatewayError(f"line {begins}: several columns are the {name}; leave one of them")
    if "address" not in columns:
        raise GatewayError(
            f"line {begins}: no column is the address; call it address, correo or e-mail. There are: {first}"
        )
    unread = tuple(_unread(head) for head, column in zip(heads, columns, strict=True) if not column and head.strip())
    return Sheet(tuple(_row(line, cells, columns) for line, cells in records), unread)


def _decoded(raw: bytes) -> str:
    try:
        if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            return raw.decode("utf-16")
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _delimiter(first: str) -> str:
    """The sign that cuts the first line into the most columns that we know."""
    return max(",;\t|", key=lambda sign: sum(bool(_column(head.strip(' "'))) for head in first.split(sign)))


def _records(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Records that are not blank, with the line that each begins on: a quoted cell may have line breaks."""
    begins = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise GatewayError(f"line {begins}: this is no CSV: {error}") from None
        if any(cell.strip() for cell in cells):
            yield begins, cells
        begins = reader.line_num + 1  # type: ignore[attr-defined]


def _column(head: str) -> str:
    return _COLUMN_OF.get(" ".join(folded(head).replace("-", " ").replace("_", " ").split()), "")


def _unread(head: str) -> str:
    near = nearest(head, list(_COLUMN_OF))
    return f"{head.strip()} (is it the {_COLUMN_OF[near]}?)" if near else head.strip()


def _row(line: int, cells: list[str], columns: list[str]) -> Row:
    pairs = zip(columns, cells, strict=False)
    values = {name: value for name, cell in pairs if name and (value := " ".join(cell.split()))}
    if any(cell.strip() for cell in cells[len(columns) :]):
        return Row(line, values, f"has {len(cells)} cells, and there are {len(columns)} columns")
    if wrong := next((name for name, value in values.items() if not value.isprintable() or "\ufffd" in value), ""):
        return Row(line, values, f"the {wrong} has characters that cannot be read")
    return Row(line, values)


_HEADS = {
    "address": "address|mail|email|e mail|email address|e mail address|mail address|correo|correo electronico"
    "|direccion|direccion de correo|direccion de correo electronico|endereco|endereco de e mail|endereco de email",
    "name": "name|full name|nombre|nombre completo|nombres|nombre y apellido|nombre y apellidos|nome|nome completo",
    "organisation": "organisation|organization|company|customer|organizacion|empresa|compania|cliente|organizacao"
    "|companhia|entidad|entidade",
    "role": "role|rol|papel|funcion|funcao|perfil",
    "areas": "areas|area|department|departments|departamento|departamentos|setor|setores",
    "state": "state|status|account status|estado|estado de la cuenta|situacion|situacao|estado da conta",
    "language": "language|lang|idioma|lengua|lingua",
    "organisation_agent": "organisation agent|organization agent|encargado|encargada|encargado de la organizacion"
    "|encargada de la organizacion|responsavel|responsavel da organizacao",
}
_COLUMN_OF = {head: column for column, heads in _HEADS.items() for head in heads.split("|")}
