"""A load generator that costs little: one thread, epoll, requests made beforehand, one in flight a connection.

Run as a process of its own: `python -m bench.door.load HOST PORT CONNECTIONS SECONDS < request`; prints JSON with calls
per second and latencies in microseconds.
"""

import json
import select
import socket
import sys
import time

_SILENCE_SECONDS = 10


class Lane:
    """One connection with one request in flight; connects again where the server closes after an answer."""

    def __init__(self, host: str, port: int, request: bytes, poll: "select.epoll") -> None:
        self._address = (host, port)
        self._request = request
        self._poll = poll
        self._data = b""
        self.sent = 0

    def begin(self) -> int:
        """Connect and send; returns the file number."""
        self._socket = socket.create_connection(self._address)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.setblocking(False)
        self._poll.register(self._socket, select.EPOLLIN)
        self.send()
        return self._socket.fileno()

    def send(self) -> None:
        """The next request."""
        self._data = b""
        self.sent = time.perf_counter_ns()
        self._socket.send(self._request)

    @property
    def closes(self) -> bool:
        """Whether the server said that it will close after this answer."""
        return self._data.startswith(b"HTTP/1.0") or b"\r\nconnection: close\r\n" in self._data[:2000].lower()

    def receive(self) -> tuple[bool, bool]:
        """Take what came: (the answer is whole, the server closed)."""
        part = self._socket.recv(262144)
        self._data += part
        if not part:
            self._poll.unregister(self._socket)
            self._socket.close()
        whole = _complete(self._data)
        if whole and self._data[9:12] != b"200":
            raise RuntimeError(self._data[:2000].decode("latin-1"))
        if not part and not whole and self._data:
            raise RuntimeError(f"cut off: {self._data[:500]!r}")
        return whole, not part


def drive(host: str, port: int, connections: int, seconds: float, request: bytes) -> dict[str, float]:
    """Send `request` again and again on each connection. Raises RuntimeError at the first answer that is not a 200."""
    poll = select.epoll()
    lanes: dict[int, Lane] = {}
    for _ in range(connections):
        lane = Lane(host, port, request, poll)
        lanes[lane.begin()] = lane
    latencies: list[int] = []
    started = now = time.perf_counter_ns()
    end = started + int(seconds * 1e9)
    while now < end:
        events = poll.poll(_SILENCE_SECONDS)
        if not events:
            raise RuntimeError(f"no answer for {_SILENCE_SECONDS} s")
        for number, _ in events:
            lane = lanes[number]
            whole, closed = lane.receive()
            now = time.perf_counter_ns()
            if whole and lane.sent:
                latencies.append(now - lane.sent)
                lane.sent = 0
            if closed:
                del lanes[number]
                lanes[lane.begin()] = lane
            elif whole and not lane.closes:
                lane.send()
    latencies.sort()
    count = len(latencies)
    return {
        "calls": count,
        "calls_per_second": count / ((now - started) / 1e9),
        "p50_us": latencies[count // 2] / 1000,
        "p99_us": latencies[int(count * 0.99)] / 1000,
    }


def _complete(data: bytes) -> bool:
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return False
    start = data.lower().find(b"content-length:", 0, end)
    if start < 0:
        return data.endswith(b"0\r\n\r\n")
    stop = data.find(b"\r\n", start)
    return len(data) >= end + 4 + int(data[start + 15 : stop])


if __name__ == "__main__":
    result = drive(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), sys.stdin.buffer.read())
    print(json.dumps(result))
