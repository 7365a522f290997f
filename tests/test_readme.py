"""The README is true: its tour runs as it stands."""

import re
import subprocess
import sys
from pathlib import Path

from tests.server import Server

README = Path(__file__).parents[1] / "README.md"


def test_the_tour_runs(switchroom_server: Server, tmp_path: Path) -> None:
    found = re.search(r"<!-- tour.*?```python\n(.*?)```", README.read_text(), re.DOTALL)
    assert found is not None
    tour = found[1].replace("http://127.0.0.1:8080", switchroom_server.url)
    tour = tour.replace(".switchroom/credentials", str(switchroom_server.data / "credentials"))
    script = tmp_path / "tour.py"
    script.write_text(tour)
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert "CUSTOMER I need help" in lines and lines[-1] == "TASK"
