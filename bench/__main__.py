"""Run benches: `python -m bench [NAME...]`.

A bench is a package here: either `run.py` in it has `run()`, which returns a `Report`, or the package is a program.
"""

import importlib
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

from bench.report import Report

FOLDER = Path(__file__).parent


def names() -> list[str]:
    """The benches there are."""
    return sorted({path.parent.name for name in ("run.py", "__main__.py") for path in FOLDER.glob(f"*/{name}")})


def passes(name: str) -> bool:
    """Run one bench; whether it reached its goals."""
    if not (FOLDER / name / "run.py").exists():
        print(f"\n{name}", flush=True)
        return subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode == 0
    started = time.monotonic()
    report: Report = importlib.import_module(f"bench.{name}.run").run()
    print(f"\n{name}: {report.title} ({time.monotonic() - started:.0f} s)\n{report.text()}", flush=True)
    return not report.missed


def main() -> None:
    """Entry of the program."""
    wanted = sys.argv[1:] or names()
    if unknown := set(wanted) - set(names()):
        sys.exit(f"no such bench: {', '.join(sorted(unknown))}; there are {', '.join(names())}")
    machine = f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores"
    print(f"{machine}, load {os.getloadavg()[0]:.1f}")
    failed = [name for name in wanted if not passes(name)]
    sys.exit(f"\nmissed: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
