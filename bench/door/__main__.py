"""Calls per second and latency of signed DescribeQueue and ListQueues, beside two peers measured in the same run.

    python -m bench.door [--seconds 5] [--no-moto] [--append]

Peer (a) is a bare ASGI function on the same HTTP server, in a process of its own, that answers the same bytes. Peer
(b) is moto's server (`moto_server`, run by `uvx` unless it is installed) answering DescribeInstance. Each is driven by
the same load generator with 16 connections; the two cores of a small machine are shared by server and generator alike.
`--append` adds the figures to bench/RESULTS.md.
"""

import argparse
import contextlib
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import httpx
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

ROOT = Path(__file__).parents[2]
CONNECTIONS = 16
SLICES = 9
KEY, SECRET = "AKIABENCHBENCHBENCH0", "bench-bench-bench-bench-bench"
Figures = dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--no-moto", action="store_true")
    parser.add_argument("--append", action="store_true")
    options = parser.parse_args()
    lines = [
        f"## door, {datetime.now(UTC):%Y-%m-%d}",
        "",
        f"`{' '.join(['python', '-m', 'bench.door', *sys.argv[1:]])}`",
    ]
    lines += [
        f"{os.cpu_count()} cores, {CONNECTIONS} connections, {options.seconds:g} s each in {SLICES} turns, "
        f"audit log on, load of the machine before it began {os.getloadavg()[0]:.1f}",
        "",
    ]
    lines += ["| server | call | calls/s | p50 ms | p99 ms |", "| --- | --- | ---: | ---: | ---: |"]
    ratios = []
    reached = True
    with switchroom() as port:
        client = connect(port)
        instance = client.list_instances()["InstanceSummaryList"][0]["Id"]
        queue = next(
            item for item in client.list_queues(InstanceId=instance, QueueTypes=["STANDARD"])["QueueSummaryList"]
        )
        paths = {
            "DescribeQueue": f"/queues/{instance}/{queue['Id']}",
            "ListQueues": f"/queues-summary/{instance}?maxResults=100",
        }
        found: dict[str, Figures] = {}
        for name, path in paths.items():
            request = signed(port, path)
            drive(port, request, 1.0)
            body = httpx.get(f"http://127.0.0.1:{port}{path}", headers=headers_of(request)).content
            with bare(body) as bare_port:
                floor = signed(bare_port, path)
                drive(bare_port, floor, 1.0)
                ours, theirs = in_turns([(port, request), (bare_port, floor)], options.seconds)
            found[name] = ours
            lines.append(row("switchroom", name, ours))
            lines.append(row("bare handler", f"same bytes as {name}", theirs))
            ratio = ours["calls_per_second"] / theirs["calls_per_second"]
            reached &= ratio >= 0.4
            ratios.append(f"{name}: {ratio:.2f} of the bare handler (goal 0.4)")
    if not options.no_moto:
        with moto() as port:
            client = connect(port)
            instance = client.create_instance(
                IdentityManagementType="CONNECT_MANAGED", InboundCallsEnabled=True, OutboundCallsEnabled=True,
                InstanceAlias="bench",
            )["Id"]  # fmt: skip
            request = signed(port, f"/instance/{instance}")
            drive(port, request, 1.0)
            peer = drive(port, request, options.seconds)
        lines.append(row("moto", "DescribeInstance", peer))
        for name, figures in found.items():
            ratio = figures["calls_per_second"] / peer["calls_per_second"]
            reached &= ratio >= 10
            ratios.append(f"{name}: {ratio:.1f} times moto (goal 10)")
    lines += ["", *[f"- {ratio}" for ratio in ratios], ""]
    print("\n".join(lines))
    if options.append:
        with (ROOT / "bench" / "RESULTS.md").open("a") as file:
            file.write("\n" + "\n".join(lines))
    sys.exit(not reached)


def row(server: str, call: str, figures: Figures) -> str:
    """A line of the table."""
    p50, p99 = figures["p50_us"] / 1000, figures["p99_us"] / 1000
    return f"| {server} | {call} | {figures['calls_per_second']:.0f} | {p50:.2f} | {p99:.2f} |"


def in_turns(targets: list[tuple[int, bytes]], seconds: float) -> list[Figures]:
    """Medians of slices in which each target is driven in turn, so that neighbours on the machine disturb all alike."""
    slices: list[list[Figures]] = [[] for _ in targets]
    for _ in range(SLICES):
        for index, (port, request) in enumerate(targets):
            slices[index].append(drive(port, request, seconds / SLICES))
    return [{key: statistics.median(one[key] for one in found) for key in found[0]} for found in slices]


def drive(port: int, request: bytes, seconds: float) -> Figures:
    """Run the load generator in a process of its own."""
    command = [sys.executable, "-m", "bench.door.load", "127.0.0.1", str(port), str(CONNECTIONS), str(seconds)]
    done = subprocess.run(command, input=request, capture_output=True, cwd=ROOT, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.decode())
    figures: Figures = json.loads(done.stdout)
    return figures


def signed(port: int, path: str) -> bytes:
    """The bytes of a signed GET."""
    request = AWSRequest("GET", f"http://127.0.0.1:{port}{path}")
    request.headers["User-Agent"] = "Boto3/1.44.5 md/Botocore#1.44.5 ua/2.1 os/linux lang/python#3.11 Botocore/1.44.5"
    SigV4Auth(Credentials(KEY, SECRET), "connect", "us-east-1").add_auth(request)
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    lines += [f"{name}: {value}" for name, value in request.headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def headers_of(request: bytes) -> dict[str, str]:
    """The headers of `signed`."""
    lines = request.decode().strip().split("\r\n")[1:]
    return dict(line.split(": ", 1) for line in lines)  # type: ignore[misc]


def connect(port: int) -> Any:
    """A boto3 client."""
    config = Config(retries={"max_attempts": 1})
    session = boto3.session.Session(aws_access_key_id=KEY, aws_secret_access_key=SECRET, region_name="us-east-1")
    return session.client("connect", endpoint_url=f"http://127.0.0.1:{port}", config=config)


@contextlib.contextmanager
def switchroom() -> Iterator[int]:
    """`switchroom up --demo` on a data directory of its own."""
    data = tempfile.mkdtemp(prefix="sw-")
    keys = {"SWITCHROOM_ACCESS_KEY_ID": KEY, "SWITCHROOM_SECRET_ACCESS_KEY": SECRET}
    options = ["--demo", "--data", data, "--no-voice", "--no-browser", "--sip-port", str(free_port())]
    with process([sys.executable, "-m", "switchroom", "up", *options], "/health", keys) as port:
        yield port
    shutil.rmtree(data, ignore_errors=True)


@contextlib.contextmanager
def bare(body: bytes) -> Iterator[int]:
    """A handler that does nothing, on the HTTP server of Switchroom."""
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(body)
        with process([sys.executable, "-m", "bench.door.bare", file.name], "/", {}) as port:
            yield port


@contextlib.contextmanager
def moto() -> Iterator[int]:
    """moto's server."""
    command = ["moto_server"] if shutil.which("moto_server") else ["uvx", "--from", "moto[server]>=5", "moto_server"]
    with process(command, "/moto-api/", {}, patience=180) as port:
        yield port


@contextlib.contextmanager
def process(command: list[str], path: str, environment: dict[str, str], patience: float = 60) -> Iterator[int]:
    """Run a server with `--port` until it answers, and end it afterwards."""
    port = free_port()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    child = subprocess.Popen([*command, "--port", str(port)], cwd=ROOT, env=os.environ | environment, **quiet)
    try:
        wait(port, path, patience)
        yield port
    finally:
        child.terminate()
        try:
            child.wait(30)
        except subprocess.TimeoutExpired:
            child.kill()


def wait(port: int, path: str, patience: float) -> None:
    """Until the server answers 200."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"http://127.0.0.1:{port}{path}", timeout=2).status_code == 200:
                return
        time.sleep(0.1)
    raise RuntimeError(f"nothing answers at port {port}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    main()
