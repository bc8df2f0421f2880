"""`python -m bench [name…]`: run these measurements, or all of them."""

import os
import platform
import sys

from bench import accept, full, idle, mime, replies, report, stages, tick, tickets

MEASUREMENTS = {
    "accept": accept.run,
    "tickets": tickets.run,
    "full": full.run,
    "idle": idle.run,
    "profile": stages.run,
    "replies": replies.run,
    "mime": mime.run,
    "tick": tick.run,
    "report": report.run,
}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in MEASUREMENTS]
    if unknown:
        print(f"there is no measurement {', '.join(unknown)}; there are: {', '.join(MEASUREMENTS)}", file=sys.stderr)
        return 2
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}")
    for name in names or MEASUREMENTS:
        run = MEASUREMENTS[name]
        print(f"\n{name}: {(sys.modules[run.__module__].__doc__ or '').strip()}\n")
        run()
    return 0


sys.exit(main(sys.argv[1:]))
