"""Keys told by INFO: application/dtmf-relay and application/dtmf."""

import re

RELAY = "application/dtmf-relay"
PLAIN = "application/dtmf"
DEFAULT_MS = 160
_SIGNAL = re.compile(r"signal\s*=\s*([0-9A-Da-d*#]|1[0-5])\s*$", re.IGNORECASE | re.MULTILINE)
_DURATION = re.compile(r"duration\s*=\s*(\d{1,5})\s*$", re.IGNORECASE | re.MULTILINE)
_EVENTS = "0123456789*#ABCD"


def read_digit(content_type: str, body: bytes) -> tuple[str, int] | None:
    """The key and its length in ms; None for a body of another kind or without sense."""
    text = body[:256].decode("ascii", "replace").replace("\r", "")
    if content_type == RELAY:
        signal, duration = _SIGNAL.search(text), _DURATION.search(text)
        if signal is None:
            return None
        return _key(signal[1]), int(duration[1]) if duration else DEFAULT_MS
    if content_type == PLAIN:
        text = text.strip()
        if text.isascii() and (text.upper() in _EVENTS or text in ("10", "11", "12", "13", "14", "15")) and text:
            return _key(text), DEFAULT_MS
    return None


def _key(text: str) -> str:
    return _EVENTS[int(text)] if len(text) == 2 else text.upper()


def write_digit(digit: str, duration: int) -> bytes:
    """The body of application/dtmf-relay. Raises ValueError for something that is no key."""
    if len(digit) != 1 or digit.upper() not in _EVENTS:
        raise ValueError(f"not a key: {digit!r}")
    return f"Signal={digit.upper()}\r\nDuration={duration}\r\n".encode()
