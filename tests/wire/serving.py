"""A door over operations of a test, served on a free port by the real HTTP server, in a thread of its own."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any

from botocore.config import Config
from granian.constants import Interfaces
from granian.server.embed import Server

from switchroom.wire.app import App
from tests.boto import boto_client
from tests.server import healthy

ACCESS_KEY = "AKSWTESTTESTTESTTEST"
SECRET_KEY = "secret-of-the-tests"


class Serving:
    """Runs `app` until `stop`. `run` executes a coroutine on the loop of the server."""

    def __init__(self, app: App) -> None:
        self.app = app
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.origin = f"http://127.0.0.1:{self.port}"
        self._loop = asyncio.new_event_loop()
        self._server = Server(app, address="127.0.0.1", port=self.port, interface=Interfaces.ASGI, log_enabled=False)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._wait()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._server.stop)
        self._thread.join(10)

    def client(self, service: str, key: str = ACCESS_KEY, secret: str = SECRET_KEY) -> Any:
        """A boto3 client without retries."""
        return make_client(self.origin, service, key, secret)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._server.serve())

    def _wait(self) -> None:
        deadline = time.monotonic() + 10
        while not healthy(self.origin):
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.02)


def make_client(origin: str, service: str, key: str = ACCESS_KEY, secret: str = SECRET_KEY) -> Any:
    return boto_client(origin, service, key, secret, config=Config(parameter_validation=False))


Handler = Callable[..., Any]
