"""The formulas of queueing theory that a simulation is held against, and that tell how many agents a load needs.

Rates are per second. `c` agents, arrivals at `arrival`, each served in 1/`service` on average, and (Erlang A) giving
up after 1/`patience` on average; all exponential.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Steady:
    """The long run. Shares are 0..1, times in seconds. `answer` is the mean wait of those who are answered."""

    delayed: float
    abandoned: float
    wait: float
    queue: float
    occupancy: float
    service_level: float


def erlang_b(c: int, load: float) -> float:
    """The share of arrivals that finds all of `c` agents busy when nobody waits; `load` in Erlang."""
    blocked = 1.0
    for agents in range(1, c + 1):
        blocked = load * blocked / (agents + load * blocked)
    return blocked


def erlang_c(c: int, arrival: float, service: float, within: float = 20) -> Steady:
    """M/M/c: nobody gives up. Without end if the load is not less than the agents: ValueError."""
    load = arrival / service
    if load >= c:
        raise ValueError(f"{c} agents cannot carry {load:.2f} Erlang")
    blocked = erlang_b(c, load)
    delayed = blocked / (1 - (load / c) * (1 - blocked))
    wait = delayed / (c * service - arrival)
    level = 1 - delayed * math.exp(-(c * service - arrival) * within)
    return Steady(delayed, 0.0, wait, arrival * wait, load / c, level)


def erlang_a(c: int, arrival: float, service: float, patience: float) -> Steady:
    """M/M/c+M by its chain of states; the service level is left out (NaN)."""
    load = arrival / service
    weight, weights = 1.0, [1.0]
    state = 0
    while state < c or weight > 1e-15 * max(weights):
        state += 1
        weight *= arrival / (min(state, c) * service + max(0, state - c) * patience)
        weights.append(weight)
    total = math.fsum(weights)
    shares = [one / total for one in weights]
    queue = math.fsum((n - c) * share for n, share in enumerate(shares) if n > c)
    busy = math.fsum(min(n, c) * share for n, share in enumerate(shares))
    delayed = math.fsum(share for n, share in enumerate(shares) if n >= c)
    lost = patience * queue / arrival
    return Steady(delayed, lost, queue / arrival, queue, busy / c if load else 0.0, math.nan)


def agents_for(arrival: float, service: float, level: float, within: float = 20, most: int = 10_000) -> int:
    """The fewest agents that reach a service level (0..1, `within` seconds) in M/M/c."""
    c = int(arrival / service) + 1
    while c < most and erlang_c(c, arrival, service, within).service_level < level:
        c += 1
    return c
