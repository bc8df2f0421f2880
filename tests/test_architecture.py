"""The shape of the program, read from its text: imports go one way, and transactions are opened in one place."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "gateway"

# DESIGN, "Imports go one way": each line imports from itself and from the lines above it.
LINES = (
    {"errors", "files", "log", "settings", "metrics", "notify"},
    {"desk"},
    {"threading"},
    {"store"},
    {"inbound", "outbound"},
    {"apply"},
    {"work"},
    {"foreman", "worker"},
    {"daemon", "cli", "web", "__main__"},
)
SIBLINGS = {"inbound", "outbound"}
PURE = {"desk", "threading"}
EFFECTS = {"asyncio", "logging", "random", "secrets", "smtplib", "socket", "sqlalchemy", "structlog", "subprocess"}
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("datetime", "today"), ("time", "time")}
TRANSACTIONS = {"work", "store/session.py"}

MODULES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.py"))


def tree(module: str) -> ast.Module:
    return ast.parse((ROOT / module).read_text("utf-8"), module)


def part(module: str) -> str:
    """`inbound` of inbound/smtp.py and of gateway.inbound.smtp; `settings` of settings_load.py."""
    first = module.removesuffix(".py").replace("/", ".").removeprefix("gateway").lstrip(".").split(".")[0]
    known = [name for line in LINES for name in line]
    return next((name for name in known if first == name or first.startswith(f"{name}_")), first)


def line_of(name: str) -> int:
    return next((number for number, line in enumerate(LINES) if name in line), -1)


def imported(parsed: ast.Module) -> Iterator[str]:
    """Dotted names; `from gateway import log` is gateway.log; a relative import begins with a dot."""
    for node in ast.walk(parsed):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                yield "." * node.level + (node.module or "")
            elif node.module == "gateway":
                yield from (f"gateway.{alias.name}" for alias in node.names)
            else:
                yield node.module or ""


def imports_against(module: str, parsed: ast.Module) -> list[str]:
    """The imports of a module that go up, or to a sibling."""
    own = part(module)
    against = []
    for name in imported(parsed):
        other = part(name)
        if not name.startswith("gateway.") or other == own:
            continue
        if line_of(other) == -1 or line_of(other) > line_of(own) or {own, other} == SIBLINGS:
            against.append(name)
    return against


def calls(parsed: ast.Module) -> Iterator[tuple[str, str]]:
    """(`connection`, `begin`) of connection.begin(…), and of a.connection.begin(…)."""
    for of, name, _ in calls_with(parsed):
        yield of, name


def calls_with(parsed: ast.Module) -> Iterator[tuple[str, str, int]]:
    """The same with the number of arguments."""
    for node in ast.walk(parsed):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            of = node.func.value
            name = of.id if isinstance(of, ast.Name) else getattr(of, "attr", "")
            yield name, node.func.attr, len(node.args) + len(node.keywords)


def transactions(parsed: ast.Module) -> list[str]:
    """engine.begin(), and Database.write(), which unlike that of a file takes nothing."""
    return [
        f"{of}.{name}" for of, name, given in calls_with(parsed) if name == "begin" or (name == "write" and not given)
    ]


@pytest.mark.parametrize("module", [module for module in MODULES if module != "__init__.py"])
def test_imports_go_one_way(module: str) -> None:
    assert line_of(part(module)) >= 0, f"{module} has no place: give its part a line in LINES, and in the architecture"
    assert imports_against(module, tree(module)) == []


@pytest.mark.parametrize("module", MODULES)
def test_imports_are_absolute(module: str) -> None:
    assert [name for name in imported(tree(module)) if name.startswith(".")] == []


@pytest.mark.parametrize("module", MODULES)
def test_every_module_says_its_duty(module: str) -> None:
    assert ast.get_docstring(tree(module))


@pytest.mark.parametrize("module", MODULES)
def test_transactions_are_opened_in_one_place(module: str) -> None:
    allowed = module in TRANSACTIONS or part(module) in TRANSACTIONS

    assert allowed or transactions(tree(module)) == []


@pytest.mark.parametrize("module", [module for module in MODULES if part(module) in PURE])
def test_what_is_pure_has_no_effects_and_no_clock(module: str) -> None:
    parsed = tree(module)

    assert {name.split(".")[0] for name in imported(parsed)} & EFFECTS == set()
    assert set(imported(parsed)) & {"gateway.log", "gateway.metrics", "gateway.notify"} == set()
    assert set(calls(parsed)) & CLOCKS == set()


@pytest.mark.parametrize(
    ("module", "text", "against"),
    [
        ("store/mails.py", "from gateway.desk.ticket import Ticket", []),
        ("store/mails.py", "from gateway.work import accept", ["gateway.work"]),
        ("desk/ticket.py", "from gateway import errors, store", ["gateway.store"]),
        ("inbound/smtp.py", "def f():\n    import gateway.outbound.compose", ["gateway.outbound.compose"]),
        ("work.py", "from gateway.inbound import judge; from gateway.outbound import compose", []),
        ("settings_load.py", "from gateway.settings_env import FILE", []),
        ("web/pages.py", "from gateway.helpers import x", ["gateway.helpers"]),
    ],
)
def test_an_import_that_goes_up_or_aside_is_seen(module: str, text: str, against: list[str]) -> None:
    assert imports_against(module, ast.parse(text)) == against


def test_a_transaction_is_seen_and_a_file_is_none() -> None:
    text = "with self.engine.begin() as c: file.write('x')\nwith office.database.write(): pass"

    assert transactions(ast.parse(text)) == ["engine.begin", "database.write"]


def test_a_clock_is_seen() -> None:
    assert set(calls(ast.parse("datetime.datetime.now(UTC); date.today()"))) <= CLOCKS
