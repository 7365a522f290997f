"""The process of one local function: takes events line by line from standard input, answers line by line.

Run as a file, so that it starts without loading Switchroom: `python child.py PATH NAME ARN THREADS`. Events run side by
side in threads. In: `ID DEADLINE JSON`. Out: `ready THREADS` once, then `print ID JSON` for each line a handler prints,
and `done ID JSON` or `fail ID JSON`; what is printed otherwise goes to standard error, which the runner logs.
"""

import ctypes
import importlib.util
import json
import os
import queue
import signal
import sys
import threading
import time
import traceback
import types
from collections.abc import Callable
from typing import Any

LONGEST_ANSWER = 32 * 1024
LONGEST_LINE = 8 * 1024
MOST_LINES = 200
"""Lines that one call may print; the rest is dropped."""


class Context:
    """What a handler gets as its second argument, by the names Lambda handlers expect."""

    function_version = "$LATEST"
    memory_limit_in_mb = "128"

    def __init__(self, name: str, arn: str, request: str, deadline: float) -> None:
        self.function_name = name
        self.invoked_function_arn = arn
        self.aws_request_id = request
        self.log_group_name = f"/aws/lambda/{name}"
        self.log_stream_name = time.strftime("%Y/%m/%d/[$LATEST]", time.gmtime()) + f"{os.getpid():032x}"
        self._deadline = deadline

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the runner gives up."""
        return max(0, int((self._deadline - time.time()) * 1000))


class Prints:
    """Standard output and error of the handlers: whole lines, with the call they belong to."""

    def __init__(self, channel: "Channel", other: Any) -> None:
        self._channel = channel
        self._other = other
        self.encoding, self.errors = "utf-8", "replace"

    def write(self, text: str) -> int:
        call = getattr(_CALL, "now", None)
        if call is None:
            self._other.write(text)
            return len(text)
        held = call.held + text
        *lines, call.held = held.split("\n")
        for line in lines:
            call.print(self._channel, line)
        return len(text)

    def flush(self) -> None:
        self._other.flush()

    def isatty(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return int(self._other.fileno())


class Call:
    """A call under way in this thread."""

    __slots__ = ("held", "lines", "request")

    def __init__(self, request: str) -> None:
        self.request = request
        self.held = ""
        self.lines = 0

    def print(self, channel: "Channel", line: str) -> None:
        self.lines += 1
        if self.lines <= MOST_LINES:
            channel.send("print", self.request, json.dumps(line[:LONGEST_LINE]))


_CALL = threading.local()


class Channel:
    """Answers to the runner, one line each."""

    def __init__(self, file: int) -> None:
        self._file = file
        self._lock = threading.Lock()

    def send(self, *words: str) -> None:
        line = " ".join(words).encode("utf-8", "surrogatepass") + b"\n"
        with self._lock:
            while line:
                line = line[os.write(self._file, line) :]


def load(path: str, name: str) -> types.ModuleType:
    """The module of a function's file."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))  # noqa: PTH100, PTH120 - no imports beyond need
    spec.loader.exec_module(module)
    return module


def die_with_parent() -> None:
    """On Linux, be killed when the runner's process is, however long the handler means to work."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class Server:
    """Runs calls in threads, which are made as they are needed and kept."""

    def __init__(
        self, handler: Callable[[Any, Context], Any], name: str, arn: str, channel: Channel, most: int
    ) -> None:
        self._handler = handler
        self._name = name
        self._arn = arn
        self._channel = channel
        self._waiting: queue.SimpleQueue[tuple[str, str, str]] = queue.SimpleQueue()
        self._idle = threading.Semaphore(0)
        self._room = most

    def take(self, line: str) -> None:
        """Begin a call."""
        request, deadline, event = line.split(" ", 2)
        self._waiting.put((request, deadline, event))
        if not self._idle.acquire(blocking=False) and self._room > 0:
            self._room -= 1
            threading.Thread(target=self._work, daemon=True).start()

    def _work(self) -> None:
        while True:
            self._answer(*self._waiting.get())
            self._idle.release()

    def _answer(self, request: str, deadline: str, event: str) -> None:
        call = _CALL.now = Call(request)
        kind, text = "done", ""
        try:
            context = Context(self._name, self._arn, request, float(deadline))
            text = json.dumps(self._handler(json.loads(event), context), ensure_ascii=False)
            if len(text) > LONGEST_ANSWER:
                raise ValueError("the answer is larger than 32 KB")
        except Exception as error:
            traceback.print_exc()
            kind, text = "fail", json.dumps(f"{type(error).__name__}: {error}"[:LONGEST_LINE])
        except BaseException as error:
            kind, text = "fail", json.dumps(f"{type(error).__name__}: {error}"[:LONGEST_LINE])
        if call.held:
            call.print(self._channel, call.held)
        _CALL.now = None
        self._channel.send(kind, request, text)


def main() -> None:
    """Serve until standard input ends."""
    die_with_parent()
    path, name, arn, threads = sys.argv[1:5]
    channel = Channel(os.dup(1))
    os.dup2(2, 1)
    sys.stdout = sys.stderr = Prints(channel, sys.stderr)
    sys.setswitchinterval(0.001)
    room = int(threads)
    try:
        module = load(path, name)
        handler = getattr(module, "handler", None) or module.lambda_handler
        room = max(1, min(room, int(getattr(module, "CONCURRENT_CALLS", room))))
    except BaseException:
        fault = traceback.format_exc()

        def handler(event: Any, context: Context) -> Any:
            raise RuntimeError(f"the function could not be loaded\n{fault}")

    server = Server(handler, name, arn, channel, room)
    channel.send("ready", str(room))
    for line in sys.stdin:
        server.take(line)


if __name__ == "__main__":
    main()
