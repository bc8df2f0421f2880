"""What every unit of work stands on: the database, the blobs, and the rules."""

from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError

from gateway.apply.posting import Rules
from gateway.desk.areas import open_desk
from gateway.errors import TemporaryError
from gateway.files import template_folders
from gateway.outbound.compose import Composer
from gateway.settings import Settings
from gateway.settings_keys import signing_keys
from gateway.settings_paths import blobs_folder
from gateway.store.blobs import Blobs
from gateway.store.migrate import migrate
from gateway.store.session import Database
from gateway.threading.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Office:
    """Opened once in a process."""

    database: Database
    blobs: Blobs
    rules: Rules

    @property
    def settings(self) -> Settings:
        return self.rules.settings

    def close(self) -> None:
        self.database.close()


def open_office(settings: Settings) -> Office:
    """Open everything that the settings name. A database that is behind is brought up to date first."""
    # The doors look at how full its disk is, also when the database and the blobs are elsewhere.
    settings.server.data.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database.url)
    try:
        with database.write() as connection:
            migrate(connection)
    except (DBAPIError, OSError) as error:
        reason = str(getattr(error, "orig", error)).splitlines()[0]
        raise TemporaryError(
            f"[database] url: {database.url.render_as_string()} cannot be used: {reason}; "
            "start the database, or correct the setting"
        ) from error
    rules = Rules(
        settings=settings,
        desk=open_desk(settings),
        tokens=Tokens(signing_keys(settings)),
        composer=Composer(template_folders(settings.letters.folder)),
    )
    return Office(database, Blobs(blobs_folder(settings.blobs.url)), rules)
