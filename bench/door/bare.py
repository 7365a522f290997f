"""The floor: an ASGI function without any work, on the HTTP server and in the event loop of a Switchroom node.

`python -m bench.door.bare FILE --port PORT` answers every request with the bytes of FILE.
"""

import asyncio
import sys
from pathlib import Path
from typing import Any

from switchroom.app.node import _loop_factory
from switchroom.app.server import HttpServer


async def serve(body: bytes, port: int) -> None:
    """Serve until killed."""
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    start = {"type": "http.response.start", "status": 200, "headers": headers}
    rest = {"type": "http.response.body", "body": body}

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await send(start)
        await send(rest)

    server = HttpServer(application, "127.0.0.1", port)
    server.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(serve(Path(sys.argv[1]).read_bytes(), int(sys.argv[3])))
