"""`python -m switchroom.media`."""

import asyncio
import os
import sys
from typing import Any

from switchroom.base import logs
from switchroom.base.environment import from_environment
from switchroom.media.process import serve


def _loop_factory() -> Any:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def main() -> None:
    """Entry of the process."""
    logs.configure()
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(serve(from_environment(os.environ)))
    sys.exit(0)


if __name__ == "__main__":
    main()
