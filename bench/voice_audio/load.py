"""Callers: sockets that send and take a packet every 20 ms each, by the system calls the engine uses."""

import base64
import contextlib
import os
import select
import socket
import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from switchroom.media.audio import g711, tones
from switchroom.media.audio.api import FRAME, SrtpKeys
from switchroom.media.audio.net import DONTWAIT, Staging, pack_address, sendto
from switchroom.media.audio.srtp import Srtp, protect_in_place

_TICK = 0.02
_ROW = 256


@dataclass(slots=True)
class Heard:
    """What came back."""

    sent: int = 0
    packets: int = 0
    seconds: float = 0.0
    late_ticks: int = 0


class Callers:
    """So many phones; the second of every pair speaks SRTP when `secure`."""

    def __init__(self, count: int, *, secure: bool) -> None:
        self._sockets = [_bound() for _ in range(count)]
        self._keys = [_keys() if secure and number % 2 else None for number in range(count)]
        self._srtp = [None if keys is None else Srtp(keys) for keys in self._keys]
        self._data: npt.NDArray[np.uint8] = np.zeros((count, _ROW), np.uint8)
        self._length: npt.NDArray[np.int32] = np.zeros(count, np.int32)
        self._addresses: npt.NDArray[np.uint8] = np.zeros((count, 32), np.uint8)
        self._poll = select.epoll()
        self._staging = Staging(4096)
        self._sequence = 0
        tone = tones.sine((440, 700), 1.0)
        self._sound = g711.encode(tone).reshape(-1, FRAME)
        self._data[:, 0] = 0x80
        self._data.view(">u4")[:, 2] = np.arange(count) + 1000
        for made in self._sockets:
            self._poll.register(made.fileno(), select.EPOLLIN)

    def legs(self) -> list[dict[str, object]]:
        """For the plane: port and keys of each, ours and theirs from its point of view."""
        found = []
        for made, keys in zip(self._sockets, self._keys, strict=True):
            pair = None if keys is None else [base64.b64encode(key).decode() for key in (keys.remote, keys.local)]
            found.append({"port": made.getsockname()[1], "keys": pair})
        return found

    def call(self, ports: list[int]) -> None:
        """Where the plane listens."""
        for number, port in enumerate(ports):
            self._addresses[number] = np.frombuffer(pack_address(("127.0.0.1", port)), np.uint8)

    def talk(self, seconds: float) -> Heard:
        """Send and take for so long."""
        heard = Heard()
        with contextlib.suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
        plan = self._plan()
        due = begun = time.monotonic()
        while (now := time.monotonic()) - begun < seconds:
            heard.late_ticks += now - due > _TICK / 2
            self._send(plan)
            heard.sent += len(plan)
            heard.packets += self._take()
            due += _TICK
            if (rest := due - time.monotonic()) > 0:
                time.sleep(rest)
        heard.seconds = time.monotonic() - begun
        return heard

    def _plan(self) -> list[tuple[int, int, int, int, int]]:
        plan = []
        for number, (made, srtp) in enumerate(zip(self._sockets, self._srtp, strict=True)):
            data = self._data.ctypes.data + number * _ROW
            length = self._length.ctypes.data + 4 * number
            address = self._addresses.ctypes.data + 32 * number
            plan.append((made.fileno(), data, length, address, srtp.out_pointer if srtp else 0))
        return plan

    def _send(self, plan: list[tuple[int, int, int, int, int]]) -> None:
        self._sequence += 1
        self._data.view(">u2")[:, 1] = self._sequence & 0xFFFF
        self._data.view(">u4")[:, 1] = self._sequence * FRAME
        self._data[:, 12 : 12 + FRAME] = self._sound[self._sequence % len(self._sound)]
        self._length[:] = 12 + FRAME
        for descriptor, data, length, address, session in plan:
            size = 12 + FRAME
            if session:
                protect_in_place(session, data, length)
                size += 10
            sendto(descriptor, data, size, DONTWAIT, address, 16)

    def _take(self) -> int:
        taken = 0
        for _ in range(3):
            ready = self._poll.poll(0, 8192)
            if not ready:
                break
            taken += self._staging.fill(ready)
        return taken

    def close(self) -> None:
        """Give the sockets back."""
        self._poll.close()
        for made in self._sockets:
            made.close()


def _bound() -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setblocking(False)
    made.bind(("127.0.0.1", 0))
    return made


def _keys() -> SrtpKeys:
    return SrtpKeys(os.urandom(30), os.urandom(30))
