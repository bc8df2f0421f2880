"""Mails from files into the database, as `gateway ingest` takes them, in a process of its own: SETTINGS FOLDER.

Prints one JSON line: its CPU in seconds, without start-up.
"""

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from bench.corpus import SUPPORT
from gateway.inbound.arrivals import Arrival
from gateway.settings_load import load_settings
from gateway.work.accept import accept
from gateway.work.office import open_office

BATCH = 100


def main(settings: str, folder: str) -> None:
    office = open_office(load_settings(Path(settings)).settings)
    paths = sorted(Path(folder).glob("*.eml"))
    sys.stdin.readline()
    began = time.process_time()
    for start in range(0, len(paths), BATCH):
        accept(office, [_arrival(path) for path in paths[start : start + BATCH]])
    print(json.dumps({"cpu": time.process_time() - began}))
    office.close()


def _arrival(path: Path) -> Arrival:
    return Arrival(
        source="ingest",
        raw=path.read_bytes(),
        envelope_from=None,
        recipients=(SUPPORT,),
        received_at=datetime.now(UTC),
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
