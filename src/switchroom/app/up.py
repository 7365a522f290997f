"""`switchroom up`: the engines that were not given by URL, one node, its media plane and its voice, in one supervised
tree of processes; `switchroom node`: those of them that the roles name."""

import dataclasses
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path

import msgspec

from switchroom.app import process
from switchroom.app.engines import NatsEngine, PostgresEngine
from switchroom.app.files import DataLock, make_data_directory, write_private
from switchroom.app.supervisor import Program, Supervisor
from switchroom.base.environment import to_environment
from switchroom.base.settings import Settings

log = logging.getLogger(__name__)


class PythonProcess:
    """`python -m MODULE` with settings in its environment."""

    stop_signal = signal.SIGTERM
    patience = 15.0

    def __init__(self, name: str, module: str, settings: Settings) -> None:
        self.name = name
        self._module = module
        self._settings = settings

    def start(self) -> "subprocess.Popen[bytes]":
        """Start it; it writes to our own standard error."""
        return process.spawn(
            [sys.executable, "-m", self._module], environment=os.environ | to_environment(self._settings)
        )

    def trouble(self) -> str:
        """Nothing to add: the process has said it on standard error."""
        return ""


def node_programs(settings: Settings) -> list[Program]:
    """What the roles of a node need: the node itself, the media plane, the voice that reads texts to callers."""
    programs: list[Program] = []
    if settings.roles - {"media"}:
        programs.append(PythonProcess("node", "switchroom.app.node", settings))
    if "media" in settings.roles and not settings.no_voice:
        programs.append(PythonProcess("speech", "switchroom.speech", settings))
        programs.append(PythonProcess("media", "switchroom.media", settings))
    return programs


def run_roles(settings: Settings) -> int:
    """`switchroom node`: run until SIGTERM or SIGINT; returns the exit code. Without media it is this very process."""
    settings = dataclasses.replace(settings, data=settings.data.absolute())
    make_data_directory(settings.data)
    if "media" not in settings.roles or settings.no_voice:
        from switchroom.app.node import run  # the whole node, which a supervisor need not hold

        return run(settings)
    return Supervisor(node_programs(settings)).run()


def up(settings: Settings) -> int:
    """Run until SIGTERM or SIGINT; returns the exit code. Raises DataDirectoryInUse."""
    settings = dataclasses.replace(settings, data=settings.data.absolute())
    make_data_directory(settings.data)
    lock = DataLock(settings.data)
    try:
        settings, engines = _engines(settings)
        _note_endpoints(settings)
        return Supervisor([*engines, *node_programs(settings)]).run()
    finally:
        (settings.data / "endpoints.json").unlink(missing_ok=True)
        lock.release()


def _engines(settings: Settings) -> tuple[Settings, list[Program]]:
    logs = settings.data / "logs"
    logs.mkdir(exist_ok=True, mode=0o700)
    engines: list[Program] = []
    if settings.database_url is None:
        postgres = PostgresEngine(settings.data / "postgres", _fresh_log(logs / "postgres.log"))
        settings = dataclasses.replace(settings, database_url=postgres.url)
        engines.append(postgres)
    if settings.nats_url is None:
        nats = NatsEngine(settings.data / "nats", _fresh_log(logs / "nats.log"))
        settings = dataclasses.replace(settings, nats_url=nats.url)
        engines.append(nats)
    return settings, engines


def _fresh_log(path: Path) -> Path:
    """Keep the log of the last run beside the new one."""
    if path.exists():
        path.replace(path.with_suffix(".log.1"))
    return path


def _note_endpoints(settings: Settings) -> None:
    """Where other nodes and tools of this machine find what runs here; `DATA/endpoints.json`, private."""
    endpoints = {
        "url": f"http://{settings.host}:{settings.port}",
        "database_url": settings.database_url,
        "nats_url": settings.nats_url,
        "pid": os.getpid(),
    }
    write_private(settings.data / "endpoints.json", msgspec.json.encode(endpoints).decode())
