"""Brings a database to the tables of this version."""

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gateway.errors import GatewayError

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0006"
MIGRATIONS = Path(__file__).parent / "migrations"
# Any number that nobody else in the database uses as an advisory lock.
LOCK = 7_246_183_905


def version(connection: Connection) -> str:
    """The migration that the database is at; empty for a new one."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() or ""


def migrate(connection: Connection) -> str:
    """Upgrade to HEAD inside the caller's transaction; what it was at before. Several nodes may try at once."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    before = version(connection)
    if before == HEAD:
        return before
    if before > HEAD:
        raise GatewayError(
            f"the database is at migration {before}, newer than this program's {HEAD}: start the newer version again"
        )
    from alembic import command

    command.upgrade(configuration(connection), HEAD)
    return before


def configuration(connection: Connection) -> "Config":
    # Alembic is needed once in a database's life; importing it at every start would cost a tenth of a second.
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
