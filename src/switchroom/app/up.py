"""`switchroom up`: the engines that were not given by URL, then one node, in one supervised tree of processes."""

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
from switchroom.app.settings import to_environment
from switchroom.app.supervisor import Program, Supervisor
from switchroom.base.settings import Settings

log = logging.getLogger(__name__)


class NodeProcess:
    """`python -m switchroom.app.node` with settings in its environment."""

    name = "node"
    stop_signal = signal.SIGTERM
    patience = 15.0

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def start(self) -> "subprocess.Popen[bytes]":
        """Start it; it writes to our own standard error."""
        return process.spawn(
            [sys.executable, "-m", "switchroom.app.node"], environment=os.environ | to_environment(self._settings)
        )

    def trouble(self) -> str:
        """Nothing to add: the node has said it on standard error."""
        return ""


def up(settings: Settings) -> int:
    """Run until SIGTERM or SIGINT; returns the exit code. Raises DataDirectoryInUse."""
    settings = dataclasses.replace(settings, data=settings.data.absolute())
    make_data_directory(settings.data)
    lock = DataLock(settings.data)
    try:
        settings, engines = _engines(settings)
        _note_endpoints(settings)
        return Supervisor([*engines, NodeProcess(settings)]).run()
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
