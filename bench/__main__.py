"""Run benches: `python -m bench [NAME...]`. A bench is a package here with `run()`, which returns a `Report`."""

import importlib
import os
import platform
import sys
import time
from pathlib import Path

from bench.report import Report

FOLDER = Path(__file__).parent


def names() -> list[str]:
    """The benches there are."""
    return sorted(path.parent.name for path in FOLDER.glob("*/run.py"))


def main() -> None:
    """Entry of the program."""
    wanted = sys.argv[1:] or names()
    if unknown := set(wanted) - set(names()):
        sys.exit(f"no such bench: {', '.join(sorted(unknown))}; there are {', '.join(names())}")
    machine = f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores"
    print(f"{machine}, load {os.getloadavg()[0]:.1f}")
    missed = False
    for name in wanted:
        started = time.monotonic()
        report: Report = importlib.import_module(f"bench.{name}.run").run()
        print(f"\n{name}: {report.title} ({time.monotonic() - started:.0f} s)\n{report.text()}")
        missed = missed or report.missed
    sys.exit(missed)


if __name__ == "__main__":
    main()
