"""A load generator that costs little: one thread, epoll, requests made beforehand, one in flight a connection.

Run as a process of its own: `python -m bench.door.load HOST PORT CONNECTIONS SECONDS < request`; prints JSON with calls per
second and latencies in microseconds.
"""

import json
import select
import socket
import sys
import time


def drive(host: str, port: int, connections: int, seconds: float, request: bytes) -> dict[str, float]:
    """Send `request` again and again on each connection. Raises RuntimeError at the first answer that is not a 200."""
    poll = select.epoll()
    sockets: dict[int, socket.socket] = {}
    sent: dict[int, int] = {}
    got: dict[int, bytes] = {}
    for _ in range(connections):
        connection = socket.create_connection((host, port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setblocking(False)
        sockets[connection.fileno()] = connection
        got[connection.fileno()] = b""
        poll.register(connection, select.EPOLLIN)
    clock = time.perf_counter_ns
    for number, connection in sockets.items():
        sent[number] = clock()
        connection.send(request)
    latencies: list[int] = []
    started = clock()
    end = started + int(seconds * 1e9)
    now = started
    while now < end:
        for number, _ in poll.poll():
            data = got[number] + sockets[number].recv(262144)
            if not _complete(data):
                got[number] = data
                continue
            if not data.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(data[:2000].decode("latin-1"))
            now = clock()
            latencies.append(now - sent[number])
            got[number] = b""
            sent[number] = now
            sockets[number].send(request)
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
