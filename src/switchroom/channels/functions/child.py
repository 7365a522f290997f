"""The process of one local function: reads events line by line from standard input, answers line by line.

Run as a file, so that it starts without loading Switchroom: `python child.py PATH NAME ARN`. What the handler prints
goes to standard error, which the runner logs.
"""

import ctypes
import importlib.util
import json
import os
import signal
import sys
import time
import traceback
import types
import uuid


class Context:
    """What a handler gets as its second argument, by the names Lambda handlers expect."""

    function_version = "$LATEST"
    memory_limit_in_mb = "128"

    def __init__(self, name: str, arn: str, deadline: float) -> None:
        self.function_name = name
        self.invoked_function_arn = arn
        self.aws_request_id = str(uuid.uuid4())
        self.log_group_name = f"/aws/lambda/{name}"
        self.log_stream_name = time.strftime("%Y/%m/%d/[$LATEST]", time.gmtime()) + uuid.uuid4().hex
        self._deadline = deadline

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the runner gives up."""
        return max(0, int((self._deadline - time.time()) * 1000))


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


def main() -> None:
    """Serve until standard input ends."""
    die_with_parent()
    path, name, arn = sys.argv[1:4]
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    try:
        module = load(path, name)
        handler = getattr(module, "handler", None) or module.lambda_handler
        fault = None
    except BaseException:
        handler, fault = None, traceback.format_exc()
    for line in sys.stdin:
        request = json.loads(line)
        answer: dict[str, object]
        try:
            if handler is None:
                raise RuntimeError(f"the function could not be loaded\n{fault}")
            result = handler(request["event"], Context(name, arn, request["deadline"]))
            answer = {"result": json.dumps(result, ensure_ascii=False)}
        except Exception as error:
            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.flush()
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
