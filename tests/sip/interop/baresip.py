"""The program baresip (Debian), driven over its control connection."""

import asyncio
import contextlib
import json
import shutil
import socket
import wave
from pathlib import Path
from typing import Any, Self

from switchroom.media.sip_sockets import Tls
from tests.missing import missing

MODULES = "/usr/lib/baresip/modules"
CONFIG = """poll_method epoll
sip_listen 127.0.0.1:{sip}
sip_certificate {folder}/both.pem
sip_cafile {folder}/ca.pem
sip_verify_server yes
call_local_timeout 60
audio_player aufile,{folder}/heard.wav
audio_source aufile,{folder}/said.wav
audio_alert aufile,{folder}/alert.wav
rtp_timeout 0
net_interface 127.0.0.1
module_path {modules}
module g711.so
module g722.so
module aufile.so
module srtp.so
module_app account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{control}
"""


def free_ports() -> tuple[int, int]:
    """Two ports of 127.0.0.1: one for control, and one whose next is free too, which baresip takes for TLS."""
    while True:
        with contextlib.ExitStack() as probes:
            control = probes.enter_context(socket.socket()), 0
            sip = probes.enter_context(socket.socket()), 0
            for probe, port in (control, sip):
                probe.bind(("127.0.0.1", port))
            first = sip[0].getsockname()[1]
            with contextlib.suppress(OSError):
                probes.enter_context(socket.socket()).bind(("127.0.0.1", first + 1))
                return control[0].getsockname()[1], first


class Baresip:
    """One running baresip with one account. `events` are the types it has reported."""

    def __init__(self, folder: Path, account: str, files: Tls) -> None:
        """`account` is a line of its accounts file."""
        self._control, self.sip = free_ports()
        self._folder = folder
        self.events: list[str] = []
        self._heard = asyncio.Event()
        (folder / "both.pem").write_bytes(files.certificate.read_bytes() + files.key.read_bytes())
        (folder / "ca.pem").write_bytes(files.certificate.read_bytes())
        config = CONFIG.format(sip=self.sip, control=self._control, folder=folder, modules=MODULES)
        (folder / "config").write_text(config)
        with wave.open(str(folder / "said.wav"), "wb") as said:
            said.setparams((1, 2, 8000, 0, "NONE", ""))
            said.writeframes(bytes(16000 * 60))
        (folder / "accounts").write_text(account + "\n")
        self._process: asyncio.subprocess.Process
        self._writer: asyncio.StreamWriter
        self._reading: asyncio.Task[None]

    async def __aenter__(self) -> Self:
        program = shutil.which("baresip")
        if program is None:
            message = "baresip is missing: run scripts/install-test-tools"
            missing(message)
        log = (self._folder / "log").open("wb")
        self._process = await asyncio.create_subprocess_exec(
            program, "-f", str(self._folder), stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log
        )
        async with asyncio.timeout(10):
            while True:
                try:
                    reader, self._writer = await asyncio.open_connection("127.0.0.1", self._control)
                    break
                except OSError:
                    assert self._process.returncode is None, self.log
                    await asyncio.sleep(0.05)
        self._reading = asyncio.create_task(self._read(reader))
        return self

    @property
    def log(self) -> str:
        """What it wrote."""
        return (self._folder / "log").read_text(errors="replace")

    async def __aexit__(self, *_: object) -> None:
        self._reading.cancel()
        self._writer.close()
        self._process.kill()
        await self._process.wait()

    async def _read(self, reader: asyncio.StreamReader) -> None:
        while True:
            size = await reader.readuntil(b":")
            message: dict[str, Any] = json.loads(await reader.readexactly(int(size[:-1])))
            await reader.readexactly(1)
            if message.get("event"):
                self.events.append(message["type"])
                self._heard.set()

    def command(self, name: str, parameter: str = "") -> None:
        """One of baresip's commands, e.g. `dial`."""
        text = json.dumps({"command": name, "params": parameter, "token": "t"}).encode()
        self._writer.write(b"%d:%s," % (len(text), text))

    async def until(self, kind: str, count: int = 1, seconds: float = 10.0) -> None:
        """Wait for the `count`-th event of a type."""
        try:
            async with asyncio.timeout(seconds):
                while self.events.count(kind) < count:
                    self._heard.clear()
                    await self._heard.wait()
        except TimeoutError:
            raise AssertionError(f"no {kind} but {self.events}\n{self.log[-3000:]}") from None
