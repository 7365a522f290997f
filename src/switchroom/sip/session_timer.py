"""Session timers (RFC 4028): a call whose other end has vanished comes to an end."""

import re
from collections.abc import Callable

from switchroom.sip.context import Context
from switchroom.sip.message import Message, Request, Response
from switchroom.sip.timers import Timer

_EXPIRES = re.compile(r"(\d{1,8})\s*(?:;(.*))?", re.ASCII)


def read_expires(message: Message) -> tuple[int, str] | None:
    """Interval and refresher (`uac`, `uas` or nothing) of Session-Expires."""
    found = _EXPIRES.fullmatch(message.headers.get("Session-Expires") or "")
    if found is None:
        return None
    refresher = (found[2] or "").replace(" ", "").lower().partition("refresher=")[2].partition(";")[0]
    return int(found[1]), refresher if refresher in ("uac", "uas") else ""


def read_min(message: Message) -> int:
    """Min-SE, 0 without."""
    text = (message.headers.get("Min-SE") or "").partition(";")[0].strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def too_small(request: Request, minimum: int) -> bool:
    """Whether a request wants an interval that only costs: 422 with Min-SE."""
    asked = read_expires(request)
    return asked is not None and asked[0] < minimum


class SessionTimer:
    """The timer of one call. `refresh` is called when it is our turn, `expired` when the peer has let it run out."""

    def __init__(self, context: Context, refresh: Callable[[], None], expired: Callable[[], None]) -> None:
        self._context = context
        self._refresh = refresh
        self._expired = expired
        self._interval = context.session_expires
        self._minimum = 0
        self._timer: Timer | None = None

    def asked(self) -> list[tuple[str, str]]:
        """The headers of a request of ours."""
        if not self._context.session_expires:
            return []
        minimum = max(self._minimum, self._context.min_se)
        return [("Session-Expires", str(max(self._interval, minimum))), ("Min-SE", str(minimum))]

    def raise_minimum(self, response: Response) -> bool:
        """Take in a 422; whether another attempt makes sense."""
        wanted = read_min(response)
        if wanted <= self._minimum or not self._context.session_expires:
            return False
        self._minimum = wanted
        return True

    def granted(self, request: Request) -> list[tuple[str, str]]:
        """Start the timer for a request we accept; the headers of the 2xx."""
        asked = read_expires(request)
        supported = "timer" in request.headers.tokens("Supported")
        ours = self._context.session_expires
        if asked is None and not ours:
            self.stop()
            return []
        if asked is None:
            interval, refresher = max(ours, read_min(request)), ""
        else:
            interval, refresher = asked
            interval = min(interval, max(ours, read_min(request), self._context.min_se)) if ours else interval
        if not supported:
            refresher = "uas"
        refresher = refresher or "uac"
        self._start(interval, ours=refresher == "uas")
        lines = [("Session-Expires", f"{interval};refresher={refresher}")]
        return [*lines, ("Require", "timer")] if refresher == "uac" else lines

    def agreed(self, response: Response) -> None:
        """Start the timer as a 2xx to our request says."""
        found = read_expires(response)
        if found is None:
            self.stop()
        else:
            self._start(max(found[0], self._context.min_se), ours=found[1] != "uas")

    def _start(self, interval: int, *, ours: bool) -> None:
        self.stop()
        self._interval = interval
        if ours:
            self._timer = self._context.layer.after(interval / 2, self._refresh)
        else:
            self._timer = self._context.layer.after(interval - min(32.0, interval / 3), self._expired)

    def retry(self) -> None:
        """A refresh was refused: try once more in a while."""
        self.stop()
        self._timer = self._context.layer.after(max(self._interval / 8, 10.0), self._refresh)

    def stop(self) -> None:
        """No timer."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
