"""What processes of a tree have used, from /proc."""

import os
from collections import Counter
from pathlib import Path

_TICK = 1000 / os.sysconf("SC_CLK_TCK")
_KINDS = ("switchroom.media", "switchroom.app.node", "switchroom.speech", "nats-server", "postgres")


def tree(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return found
    for child in children:
        found += tree(int(child))
    return found


def used_ms(pid: int) -> Counter[str]:
    """Processor time of a tree so far, in ms, by what the processes are."""
    found: Counter[str] = Counter()
    for one in tree(pid):
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        found[kind(one)] += int((int(fields[11]) + int(fields[12])) * _TICK)
    return found


def kind(pid: int) -> str:
    """What a process is."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return "gone"
    return next((name for name in _KINDS if name in words), "other")


def resident(pid: int, wanted: str) -> float:
    """Resident memory of the processes of a kind below `pid`, in kB."""
    total = 0.0
    for one in tree(pid):
        if kind(one) == wanted:
            lines = Path(f"/proc/{one}/status").read_text().splitlines()
            total += next(float(line.split()[1]) for line in lines if line.startswith("VmRSS"))
    return total


def descriptors(pid: int, wanted: str) -> int:
    """Open files of the processes of a kind below `pid`."""
    return sum(len(list(Path(f"/proc/{one}/fd").iterdir())) for one in tree(pid) if kind(one) == wanted)
