"""`switchroom up` as users run it: start, stop, refusal, and recovery from kill -9 of every process."""

import contextlib
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from switchroom.app.process import alive
from tests.server import Server, free_port, healthy

MakeServer = Callable[..., Server]
NAMES = {"postgres", "nats-server", "node"}


def until(condition: Callable[[], object], patience: float = 30.0) -> None:
    """Wait for a condition; a condition that cannot be asked yet does not hold."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, KeyError, ClientError, BotoCoreError):
            if condition():
                return
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


@pytest.fixture(scope="module")
def server(make_module_server: MakeServer) -> Server:
    return make_module_server("--demo").ready()


def write(server: Server, name: str) -> str:
    """Make an agent status through the API; returns its name once the answer is there."""
    connect = server.boto("connect")
    instance = connect.list_instances()["InstanceSummaryList"][0]["Id"]
    connect.create_agent_status(InstanceId=instance, Name=name, State="ENABLED")
    return name


def written(server: Server) -> set[str]:
    connect = server.boto("connect")
    instance = connect.list_instances()["InstanceSummaryList"][0]["Id"]
    return {status["Name"] for status in connect.list_agent_statuses(InstanceId=instance)["AgentStatusSummaryList"]}


@pytest.mark.parametrize("kind", sorted(NAMES))
def test_a_killed_child_comes_back_and_nothing_is_lost(server: Server, kind: str) -> None:
    before = server.children()
    assert set(before) >= NAMES
    acknowledged = write(server, f"before {kind}")
    server.kill(kind)
    until(lambda: server.children()[kind] != before[kind])
    server.ready()
    until(lambda: write(server, f"after {kind} {time.monotonic_ns()}"))
    assert acknowledged in written(server)
    after = server.children()
    assert {name for name in before if before[name] != after[name]} == {kind}
    assert "starting it again" in server.output()


def test_a_second_start_on_the_same_data_is_refused(server: Server) -> None:
    command = [sys.executable, "-m", "switchroom", "up", "--data", str(server.data), "--port", str(free_port())]
    second = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert second.returncode == 1
    assert f"in use by another switchroom (pid {server.process.pid})" in second.stderr
    assert healthy(server.url)


def test_a_taken_port_is_named_and_ends_the_start(server: Server, make_server: MakeServer) -> None:
    second = make_server("--port", str(server.port))
    second.process.wait(30)
    assert second.process.returncode != 0
    assert f"port {server.port}" in second.output()
    assert "Traceback" not in second.output()


def test_the_secrets_of_a_data_directory_are_private(server: Server) -> None:
    private = ["credentials", "endpoints.json", "postgres.password", "nats.token", "lock"]
    for name in private:
        assert (server.data / name).stat().st_mode & 0o077 == 0, name
    for name in ("postgres", "nats", "run", "logs"):
        assert (server.data / name).stat().st_mode & 0o077 == 0, name
    endpoints = json.loads((server.data / "endpoints.json").read_text())
    secrets = [(server.data / name).read_text() for name in ("postgres.password", "nats.token")]
    assert all(any(secret in endpoints[name] for name in ("database_url", "nats_url")) for secret in secrets)
    commands = "".join(Path(f"/proc/{pid}/cmdline").read_text() for pid in server.children().values())
    assert not any(secret in server.output() + commands for secret in secrets)


@pytest.mark.parametrize("request_", [signal.SIGTERM, signal.SIGINT])
def test_a_clean_stop_leaves_nothing_running(make_server: MakeServer, request_: signal.Signals) -> None:
    server = make_server().ready()
    children = server.children()
    key = server.credentials()
    assert server.stop(request_) == 0
    assert not any(alive(pid) for pid in children.values())
    assert not (server.data / "postgres" / "postmaster.pid").exists()
    assert "Traceback" not in server.output()
    server.start().ready()
    assert server.credentials() == key


def test_a_killed_supervisor_takes_its_children_along_and_the_next_start_recovers(make_server: MakeServer) -> None:
    server = make_server().ready()
    children = server.children()
    server.kill("up")
    server.start().ready()
    assert not any(alive(pid) for pid in children.values())


def test_a_start_recovers_when_everything_was_killed_at_once(make_server: MakeServer) -> None:
    server = make_server().ready()
    children = server.children()
    for pid in (server.process.pid, *children.values()):
        os.kill(pid, signal.SIGKILL)
    server.process.wait()
    server.start().ready()
    assert set(server.children()) >= NAMES


def test_an_orphaned_postgres_is_stopped_before_the_next_start(make_server: MakeServer) -> None:
    server = make_server().ready()
    orphan = server.children()["postgres"]
    os.kill(orphan, signal.SIGSTOP)
    server.kill("up")
    server.start()
    time.sleep(0.5)
    os.kill(orphan, signal.SIGCONT)
    server.ready()
    assert not alive(orphan)
    assert server.children()["postgres"] != orphan


def test_a_stop_during_the_start_is_a_clean_stop(make_server: MakeServer) -> None:
    server = make_server()
    until(lambda: "node" in server.children())
    assert server.stop() == 0
    assert server.start().ready()


def test_it_runs_on_engines_of_others(make_server: MakeServer, database_url: str, nats_url: str) -> None:
    server = make_server("--database-url", database_url, "--nats-url", nats_url).ready()
    assert not {"postgres", "nats-server"} & set(server.children())
    assert not (server.data / "postgres").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.skipif(shutil.which("setpriv") is None, reason="needs setpriv")
def test_it_runs_as_an_ordinary_user(make_server: MakeServer) -> None:
    server = make_server(user="nobody").ready()
    uid = pwd.getpwnam("nobody").pw_uid
    assert {Path(f"/proc/{pid}").stat().st_uid for pid in server.children().values()} == {uid}
    assert server.stop() == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has the problem")
def test_root_may_keep_its_data_in_a_closed_directory(make_server: MakeServer, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    data = tmp_path / "a rather long name to get past the limit of a socket path" / "and a second part of it"
    data.mkdir(parents=True)
    server = make_server(data=data).ready()
    postgres = server.children()["postgres"]
    assert Path(f"/proc/{postgres}").stat().st_uid != 0
    assert server.stop() == 0
