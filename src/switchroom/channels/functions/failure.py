"""How an invocation goes, and how it goes wrong."""

from dataclasses import dataclass, field
from uuid import uuid4


class FunctionFailed(Exception):
    """The function gave no usable answer; the block leaves by Error. `text` tells why."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class Retriable(FunctionFailed):
    """Throttled, or a fault of the 500 class: worth another try while there is time (FLOW-125)."""


@dataclass(slots=True)
class CallLog:
    """One try of an invocation: the request id the handler sees, what it printed line by line, and how it went.

    `at` is epoch milliseconds; `fault` is empty when the function answered.
    """

    arn: str = ""
    request: str = field(default_factory=lambda: str(uuid4()))
    lines: list[str] = field(default_factory=list)
    at: int = 0
    duration_ms: int = 0
    fault: str = ""
