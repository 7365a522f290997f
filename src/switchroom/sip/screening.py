"""The gate before any state: what to do with a request whose sender nobody knows yet.

A screen is a plain function of the request, the way it came and the time. It runs for every request outside of a
dialog (INVITE, REGISTER, OPTIONS, ...) before a transaction exists, so a refusal costs one parse and at most one
datagram.
"""

from collections.abc import Callable
from dataclasses import dataclass

from switchroom.sip.message import Request
from switchroom.sip.transport import Flow


@dataclass(frozen=True, slots=True)
class Accept:
    """Let it in. `trusted`: the source address is known, so a lost answer is sent again over UDP. Answers to others
    are sent again only when the request is, so that a forged source address gains nothing."""

    trusted: bool = True
    user: str = ""


@dataclass(frozen=True, slots=True)
class Reject:
    """Answer once and forget."""

    code: int = 403
    reason: str = ""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Drop:
    """Say nothing."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """Let it in when it carries the digest of an account of the agent, else answer 401 and forget."""


Verdict = Accept | Reject | Drop | Challenge | None
Screen = Callable[[Request, Flow, float], Verdict]


class FloodGate:
    """A token bucket for each source address: `rate` requests a second, `burst` at once. Memory is bounded by
    `sources`: when more are active, the one that has been quiet longest is forgotten."""

    def __init__(self, rate: float = 20.0, burst: float = 100.0, sources: int = 4096) -> None:
        self._rate = rate
        self._burst = burst
        self._sources = sources
        self._buckets: dict[str, tuple[float, float]] = {}

    def admit(self, flow: Flow, now: float) -> bool:
        """Whether the source may have one more request looked at."""
        source = flow.remote[0]
        tokens, last = self._buckets.pop(source, (self._burst, now))
        tokens = min(self._burst, tokens + (now - last) * self._rate)
        admitted = tokens >= 1.0
        self._buckets[source] = (tokens - 1.0 if admitted else tokens, now)
        if len(self._buckets) > self._sources:
            del self._buckets[next(iter(self._buckets))]
        return admitted

    def __len__(self) -> int:
        return len(self._buckets)


_SCANNERS = ("friendly-scanner", "sipvicious", "sipcli", "sip-scan", "sundayddr", "vaxsipuseragent", "iwar", "sipsak",
             "pplsip", "sipptk", "smap", "eyebeam/scan", "gulp", "sivus", "masscan", "zgrab")  # fmt: skip


def known_scanner(request: Request) -> bool:
    """Whether the request names one of the programs that only look for open telephone systems."""
    name = (request.headers.get("User-Agent") or "").lower()
    return any(scanner in name for scanner in _SCANNERS)
