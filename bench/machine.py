"""What the kernel says about a process and all its descendants: CPU time, and the memory that is theirs."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def family(pid: int) -> list[int]:
    """The process and its descendants that are alive."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [pid]
    for one in found:
        found.extend(parents.get(one, ()))
    return found


def cpu_seconds(pid: int) -> float:
    """User and system time of the process, its descendants, and those of them that have ended."""
    return sum(sum(map(int, fields[11:15])) for one in family(pid) if (fields := _stat(one))) / _TICKS


def proportional_mib(pid: int) -> list[tuple[str, float]]:
    """For each process of the family its name and proportional set size in MiB: shared pages are divided."""
    return [(_name(one), _proportional_kib(one) / 1024) for one in family(pid)]


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name; empty when the process has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _name(pid: int) -> str:
    return Path(f"/proc/{pid}/comm").read_text().strip()


def _proportional_kib(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
