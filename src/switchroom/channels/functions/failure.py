"""How an invocation goes wrong."""


class FunctionFailed(Exception):
    """The function gave no usable answer; the block leaves by Error. `text` tells why."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class Retriable(FunctionFailed):
    """Throttled, or a fault of the 500 class: worth another try while there is time (FLOW-125)."""
