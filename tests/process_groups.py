"""Who lives of a process group: a server and all that it started. The dead that nobody has fetched yet do not live."""

import os
from pathlib import Path


def members(group: int) -> list[int]:
    """The processes of this group that live, the eldest first."""
    found = (Path("/proc") / name / "stat" for name in os.listdir("/proc") if name.isdigit())
    return sorted(int(stat.parent.name) for stat in found if _group_of_the_living(stat) == group)


def _group_of_the_living(stat: Path) -> int:
    """The process's group; 0 when it is dead or gone."""
    try:
        state, _, group = stat.read_text().rpartition(")")[2].split()[:3]
    except OSError:
        return 0
    return 0 if state in ("Z", "X") else int(group)
