"""A Switchroom server as a real process, for tests."""

import configparser
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from switchroom.app import process
from tests.boto import boto_client

PASSWORD = "Demo-Password-1"
_PATIENCE = 60.0
_READ = "+dac_read_search"
_BECOME = ("setpriv", "--clear-groups", "--inh-caps", _READ, "--ambient-caps", _READ)
"""Another user, who may still read our interpreter in somebody's home directory but writes only what is its own."""


def healthy(origin: str) -> bool:
    """Whether a server answers, and with 200."""
    try:
        with urllib.request.urlopen(f"{origin}/health", timeout=2):
            return True
    except OSError:
        return False


class Server:
    """`switchroom up` on a free port and a data directory of its own.

    `url` is the origin, `data` the directory, `process` the supervisor; `user` runs it as that user (needs root).
    Without `voice` there is no media and no speech process, which most tests need not wait for.
    """

    def __init__(self, *options: str, data: Path | None = None, user: str | None = None, voice: bool = False) -> None:
        self.port = free_port()
        self.sip_port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._temporary = data is None
        self.data = data or Path(tempfile.mkdtemp(prefix="sw-"))
        self.data.chmod(0o711)
        self._options = options if voice else (*options, "--no-voice")
        self._user = user
        if user is not None:
            shutil.chown(self.data, user)
        self.log = Path(tempfile.mkstemp(prefix="switchroom-log-")[1])
        self.process = self._start()

    def _start(self) -> "subprocess.Popen[bytes]":
        switchroom = [sys.executable, "-m", "switchroom", "up"]
        arguments = ["--port", str(self.port), "--sip-port", str(self.sip_port), "--data", str(self.data)]
        become = [*_BECOME, f"--reuid={self._user}", "--"] if self._user else []
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SWITCHROOM_")}
        with self.log.open("ab") as output:
            return process.spawn(
                [*become, *switchroom, *arguments, *self._options],
                output=output,
                environment=environment | {"SWITCHROOM_DEMO_PASSWORD": PASSWORD},
                directory=Path("/"),
            )

    def start(self) -> "Server":
        """Start again on the same data and ports, after a stop or a kill."""
        self.process = self._start()
        return self

    def ready(self, patience: float = _PATIENCE) -> "Server":
        """Wait until `/health` answers 200. Raises AssertionError with the log if it does not."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            assert self.process.poll() is None, f"it ended with {self.process.returncode}:\n{self.output()[-4000:]}"
            if healthy(self.url):
                return self
            time.sleep(0.05)
        raise AssertionError(f"the server was not ready after {patience} s:\n{self.output()[-4000:]}")

    def boto(self, service: str, **options: Any) -> Any:
        """A boto3 client of the server, signed with its root key."""
        return boto_client(self.url, service, *self.credentials(), **options)

    def credentials(self) -> tuple[str, str]:
        """The root key that the server made."""
        file = configparser.ConfigParser(interpolation=None)
        file.read(self.data / "credentials")
        profile = file["switchroom"]
        return profile["aws_access_key_id"], profile["aws_secret_access_key"]

    def children(self) -> dict[str, int]:
        """The processes under the supervisor: `postgres`, `nats-server`, `node`, `media`, `speech`, `functions`."""
        found: dict[str, int] = {}
        for pid in _children(self.process.pid):
            found[_kind(pid)] = pid
        return found

    def kill(self, kind: str) -> int:
        """`kill -9` of the supervisor (`up`) or of one of its children. Returns the pid that is gone."""
        pid = self.process.pid if kind == "up" else self.children()[kind]
        os.kill(pid, signal.SIGKILL)
        if kind == "up":
            self.process.wait()
        return pid

    def stop(self, request: signal.Signals = signal.SIGTERM, patience: float = 30.0) -> int:
        """Ask the supervisor to end; returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(request)
        return self.process.wait(patience)

    def output(self) -> str:
        """Everything the server wrote."""
        return self.log.read_text(errors="replace")

    def destroy(self) -> None:
        """End every process without ceremony and remove every file."""
        if self.process.poll() is None:
            children = self.children().values()
            for pid in (self.process.pid, *children):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.process.wait()
        self.log.unlink(missing_ok=True)
        if self._temporary:
            shutil.rmtree(self.data, ignore_errors=True)


def free_port() -> int:
    """A TCP port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def phones_ready(server: Server, times: int = 1) -> Server:
    """Wait until the media process has its port and the node knows of it, for the `times`th time."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        output = server.output()
        if output.count("SIP on ") >= times and output.count(" is there") >= times:
            return server
        time.sleep(0.05)
    raise AssertionError(f"no telephones:\n{server.output()[-4000:]}")


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _kind(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    program = Path(os.fsdecode(words[0])).name
    if not program.startswith("python"):
        return program
    module = next((os.fsdecode(word) for word in words if word.startswith(b"switchroom.")), "python")
    return module.rpartition(".")[2]
