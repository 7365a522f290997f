"""The supervisor with programs of a few lines; that of `switchroom up` is in test_processes.py."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from switchroom.app import process
from switchroom.app.supervisor import EXIT_DO_NOT_RESTART, Supervisor


class Script:
    """A Python program that appends its name to a file and then does as told."""

    stop_signal = signal.SIGTERM
    patience = 5.0

    def __init__(self, name: str, journal: Path, then: str) -> None:
        self.name = name
        self._source = (
            "import os, signal, sys, time\n"
            f"def note(word): open({str(journal)!r}, 'a').write(word + ' {name}\\n')\n"
            "def leave(*_): note('-'); sys.exit(0)\n"
            "signal.signal(signal.SIGTERM, leave)\n"
            f"note('+')\n{then}\n"
        )

    def start(self) -> "subprocess.Popen[bytes]":
        return process.spawn([sys.executable, "-c", self._source])

    def trouble(self) -> str:
        return "no idea"


WAIT = "time.sleep(60)"


def stop_when(journal: Path, lines: int) -> None:
    """Send ourselves SIGTERM once the journal has so many lines."""

    def watch() -> None:
        while not journal.exists() or len(journal.read_text().splitlines()) < lines:
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def test_programs_stop_in_the_opposite_order_of_their_start(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    stop_when(journal, 3)
    assert Supervisor([Script(name, journal, WAIT) for name in "abc"]).run() == 0
    words = journal.read_text().splitlines()
    assert sorted(words[:3]) == ["+ a", "+ b", "+ c"]
    assert words[3:] == ["- c", "- b", "- a"]


def test_a_program_that_ends_is_started_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    journal = tmp_path / "journal"
    stop_when(journal, 4)
    ending = "os.kill(os.getpid(), signal.SIGKILL)"
    assert Supervisor([Script("steady", journal, WAIT), Script("mortal", journal, ending)]).run() == 0
    words = journal.read_text().splitlines()
    assert words.count("+ steady") == 1
    assert words.count("+ mortal") >= 3
    assert "mortal ended (killed by SIGKILL)" in caplog.text


def test_a_program_that_cannot_run_as_configured_ends_everything(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    giving_up = f"time.sleep(1); sys.exit({EXIT_DO_NOT_RESTART})"
    code = Supervisor([Script("steady", journal, WAIT), Script("wrong", journal, giving_up)]).run()
    assert code == EXIT_DO_NOT_RESTART
    assert journal.read_text().splitlines()[-1] == "- steady"


def test_a_program_that_does_not_stop_is_killed(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    stubborn = Script("stubborn", journal, f"signal.signal(signal.SIGTERM, signal.SIG_IGN); note('!'); {WAIT}")
    stubborn.patience = 0.2
    stop_when(journal, 2)
    assert Supervisor([stubborn]).run() == 0
    assert "- stubborn" not in journal.read_text()
