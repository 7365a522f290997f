"""sipp as the caller: so many calls, so many a second, each answered, acknowledged, held and hung up."""

import csv
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

SCENARIO = (Path(__file__).parent / "caller.xml").read_text()


@dataclass(frozen=True, slots=True)
class Calls:
    """What came of a run. `seconds` from the first call to the last; `setups` in ms from INVITE to 200, sorted."""

    succeeded: int
    failed: int
    seconds: float
    setups: list[float]

    def percentile(self, share: float) -> float:
        """Of the set-up times, in ms."""
        return self.setups[min(len(self.setups) - 1, int(len(self.setups) * share))] if self.setups else float("nan")


def call(port: int, number: str, *, rate: float, calls: int, hold: float = 0.5, patience: float = 300.0) -> Calls:
    """Call `number` at 127.0.0.1:`port`; `hold` in seconds."""
    with tempfile.TemporaryDirectory(prefix="sipp-") as name:
        folder = Path(name)
        (folder / "caller.xml").write_text(SCENARIO.replace("__HOLD__", str(int(hold * 1000))))
        command = [
            *("sipp", f"127.0.0.1:{port}", "-sf", "caller.xml", "-s", number, "-m", str(calls), "-r", str(rate)),
            *("-i", "127.0.0.1", "-nostdin", "-trace_stat", "-stf", "stat.csv", "-fd", "1", "-trace_rtt"),
            *("-rtt_freq", "1", "-timeout", str(int(patience)), "-max_retrans", "4", "-l", "100000"),
        ]
        subprocess.run(command, cwd=folder, capture_output=True, timeout=patience + 30, check=False)
        return _read(folder)


def _read(folder: Path) -> Calls:
    with (folder / "stat.csv").open() as file:
        last = list(csv.DictReader(file, delimiter=";"))[-1]
    hours, minutes, seconds = last["ElapsedTime(C)"].split(":")[:3]
    elapsed = int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    setups: list[float] = []
    for trace in folder.glob("caller_*_rtt.csv"):
        setups += [float(line.split(";")[1]) for line in trace.read_text().splitlines()[1:] if ";" in line]
    return Calls(int(last["SuccessfulCall(C)"]), int(last["FailedCall(C)"]), elapsed, sorted(setups))
