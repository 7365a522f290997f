"""UDP by system calls that keep the interpreter's lock.

Python's own socket methods let go of the lock around each call. With another busy thread in the process each of the
thousand calls of a tick would then wait for its turn (measured: 84 us a packet instead of 11 us). These calls never
block, so nothing is gained by letting go. Datagrams land in rows of one array, which NumPy reads as a whole.
"""

import ctypes
import select
import socket
import struct
import sys

import numpy as np
import numpy.typing as npt

from switchroom.media.audio.api import Address

ROW = 1728
"""Bytes of a staging row; larger datagrams are cut. No power of two, or all rows would share few lines of the cache."""
BURST = 8
"""Datagrams taken from one socket at a time."""

_SO_TIMESTAMPNS = 35
_IP_TOS_EXPEDITED = 0xB8
_ADDRESS = 32
_CONTROL = 64

_libc = ctypes.PyDLL(None)
_recvmmsg = getattr(_libc, "recvmmsg", None)
if _recvmmsg is not None:
    _recvmmsg.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, ctypes.c_void_p)
sendto = _libc.sendto
"""sendto(descriptor, data pointer, length, flags, address pointer, address length) of the C library."""
sendto.argtypes = (
    ctypes.c_int,
    ctypes.c_void_p,
    ctypes.c_size_t,
    ctypes.c_int,
    ctypes.c_void_p,
    ctypes.c_uint,
)
sendto.restype = ctypes.c_ssize_t

DONTWAIT = int(getattr(socket, "MSG_DONTWAIT", 0))


def udp(host: str, port: int) -> socket.socket:
    """A bound non-blocking socket, marked for expedited forwarding. OSError when the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_DGRAM)
    try:
        made.setblocking(False)
        made.bind((host, port))
        made.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        if family == socket.AF_INET:
            made.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, _IP_TOS_EXPEDITED)
        else:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, _IP_TOS_EXPEDITED)
    except BaseException:
        made.close()
        raise
    return made


def pack_address(address: Address, v6: bool = False) -> bytes:
    """As `sockaddr_in` or `sockaddr_in6`, filled up to 32 bytes. OSError for what is not an IP address."""
    host, port = address
    if not v6:
        family = struct.pack("=H", socket.AF_INET)
        return (family + struct.pack("!H4s", port, socket.inet_aton(host))).ljust(_ADDRESS, b"\0")
    packed = socket.inet_pton(socket.AF_INET6, host if ":" in host else f"::ffff:{host}")
    return (struct.pack("=H", socket.AF_INET6) + struct.pack("!HI16s", port, 0, packed)).ljust(_ADDRESS, b"\0")


def unpack_address(raw: bytes) -> Address:
    """Host and port of a `sockaddr`."""
    (family,) = struct.unpack_from("=H", raw)
    (port,) = struct.unpack_from("!H", raw, 2)
    if family == socket.AF_INET:
        return socket.inet_ntoa(raw[4:8]), port
    host = socket.inet_ntop(socket.AF_INET6, raw[8:24])
    return host.removeprefix("::ffff:") if "." in host else host, port


def numeric(address: Address) -> bool:
    """Whether it is an IP address; a name would have to be looked up, for which nobody here can wait."""
    try:
        pack_address(address, ":" in address[0])
    except OSError:
        return False
    return True


def through(made: socket.socket, address: Address) -> Address:
    """The address as this socket has to be told it: IPv4 over an IPv6 socket is written as a mapped address."""
    host, port = address
    mapped = made.family == socket.AF_INET6 and ":" not in host
    return (f"::ffff:{host}" if mapped else host), port


class Poller:
    """Which sockets have something to read, level-triggered."""

    def __init__(self) -> None:
        self._poll = select.epoll()

    def add(self, made: socket.socket) -> None:
        """Watch a socket."""
        self._poll.register(made.fileno(), select.EPOLLIN)

    def remove(self, made: socket.socket) -> None:
        """Watch it no more."""
        self._poll.unregister(made.fileno())

    def ready(self, limit: int) -> list[tuple[int, int]]:
        """Descriptors with something to read, now; at most so many."""
        return self._poll.poll(0, limit)

    def close(self) -> None:
        """Give back the descriptor."""
        self._poll.close()


class Staging:
    """Rows in which datagrams arrive, with their source address and time of arrival.

    Each row has its `struct mmsghdr` (8 words of 64 bits: name, its length, vector, its length, control, its length,
    flags, datagram length) prepared once.
    """

    def __init__(self, rows: int = 2048) -> None:
        if sys.platform != "linux" or _recvmmsg is None:
            raise OSError("the audio engine needs Linux (epoll, recvmmsg)")
        self.rows = rows
        self.more = False
        self.data: npt.NDArray[np.uint8] = np.zeros((rows, ROW), np.uint8)
        self.words: npt.NDArray[np.uint32] = self.data.view(">u4")
        self.halves: npt.NDArray[np.uint16] = self.data.view(">u2")
        self.length: npt.NDArray[np.int32] = np.zeros(rows, np.int32)
        self.owner: npt.NDArray[np.int32] = np.zeros(rows, np.int32)
        """Descriptor the row came from."""
        self.rank: npt.NDArray[np.int32] = np.zeros(rows, np.int32)
        """How many rows of the same socket came before it."""
        self._addresses = np.zeros((rows, _ADDRESS), np.uint8)
        self.source: npt.NDArray[np.uint64] = self._addresses.view(np.uint64)[:, :3]
        """Address and port, comparable."""
        self._control = np.zeros((rows, _CONTROL // 8), np.int64)
        self._vector = np.zeros((rows, 2), np.uint64)
        self._headers = np.zeros((rows, 8), np.uint64)
        self._prepare()

    def _prepare(self) -> None:
        step = np.arange(self.rows, dtype=np.uint64)
        self._vector[:, 0] = self.data.ctypes.data + step * np.uint64(ROW)
        self._vector[:, 1] = ROW
        self._headers[:, 0] = self._addresses.ctypes.data + step * np.uint64(_ADDRESS)
        self._headers[:, 2] = self._vector.ctypes.data + step * np.uint64(16)
        self._headers[:, 3] = 1
        self._headers[:, 4] = self._control.ctypes.data + step * np.uint64(_CONTROL)
        self._headers[:, 1] = 28
        self._headers[:, 5] = _CONTROL
        self._lengths = self._headers[:, 7]
        self.data_pointer = self.data.ctypes.data
        self.length_pointer = self.length.ctypes.data
        self._headers_pointer = self._headers.ctypes.data

    def fill(self, ready: list[tuple[int, int]]) -> int:
        """Take up to `BURST` datagrams of each descriptor; how many rows are filled. `more` says if more may wait."""
        row = 0
        self.more = False
        pointer = self._headers_pointer
        owners: list[int] = []
        counts: list[int] = []
        for descriptor, _ in ready:
            if row + BURST > self.rows:
                self.more = True
                break
            count = _recvmmsg(descriptor, pointer + 64 * row, BURST, DONTWAIT, None)  # type: ignore[misc]
            if count > 0:
                owners.append(descriptor)
                counts.append(count)
                row += count
                if count == BURST:
                    self.more = True
        if row:
            self.length[:row] = self._lengths[:row]
            self._headers[:row, 1] = 28
            self._headers[:row, 5] = _CONTROL
            if row == len(owners):
                self.owner[:row] = owners
                self.rank[:row] = 0
            else:
                self.owner[:row] = np.repeat(owners, counts)
                first = np.cumsum(counts) - counts
                self.rank[:row] = np.arange(row) - np.repeat(first, counts)
        return row

    def arrived(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Seconds of the wall clock at which the kernel took in these rows."""
        seconds: npt.NDArray[np.float64] = self._control[rows, 2] + self._control[rows, 3] * 1e-9
        return seconds

    def arrived_at(self, row: int) -> float:
        """The same of one row."""
        return float(self._control[row, 2] + self._control[row, 3] * 1e-9)

    def address(self, row: int) -> Address:
        """Source of one row."""
        return unpack_address(self._addresses[row].tobytes())

    def packet(self, row: int) -> bytes:
        """The datagram in one row."""
        return self.data[row, : self.length[row]].tobytes()
