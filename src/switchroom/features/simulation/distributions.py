"""Lengths of time that vary: how long customers wait, talk, and how long agents need. All in seconds.

A scenario writes a number (always the same), or one of

    {exponential: 180}                       mean
    {lognormal: {mean: 240, deviation: 180}}
    {gamma: {mean: 240, deviation: 120}}
    {uniform: [1, 5]}
    {samples: [31, 44, 190]}                 drawn with replacement
"""

import math
from collections.abc import Callable
from random import Random
from typing import Any

Draw = Callable[[Random], float]

_LONGEST = 7 * 86_400.0


class BadDistribution(ValueError):
    """A description cannot be understood; the text tells why."""


def distribution(described: Any) -> Draw:
    """A function that draws one value, never negative. Raises BadDistribution."""
    if isinstance(described, bool) or described is None:
        raise BadDistribution(f"{described!r} is neither a number of seconds nor a distribution")
    if isinstance(described, int | float):
        always = _positive(described)
        return lambda random: always
    if not isinstance(described, dict) or len(described) != 1:
        raise BadDistribution(f"a distribution is a number or one of {', '.join(_KINDS)}, not {described!r}")
    ((kind, values),) = described.items()
    make = _KINDS.get(kind)
    if make is None:
        raise BadDistribution(f"there is no distribution {kind}; there are {', '.join(_KINDS)}")
    try:
        return make(values)
    except (TypeError, KeyError, ValueError) as wrong:
        raise BadDistribution(f"{kind}: {wrong}") from None


def mean_of(described: Any) -> float:
    """The mean of a described distribution."""
    if isinstance(described, int | float):
        return float(described)
    ((kind, values),) = described.items()
    if kind == "exponential":
        return float(values)
    if kind in ("uniform", "samples"):
        return math.fsum(values) / len(values)
    return float(values["mean"])


def _exponential(mean: Any) -> Draw:
    rate = 1 / _positive(mean)
    return lambda random: random.expovariate(rate)


def _lognormal(values: Any) -> Draw:
    mean, deviation = _positive(values["mean"]), _positive(values["deviation"])
    spread = math.log1p((deviation / mean) ** 2)
    centre, width = math.log(mean) - spread / 2, math.sqrt(spread)
    return lambda random: random.lognormvariate(centre, width)


def _gamma(values: Any) -> Draw:
    mean, deviation = _positive(values["mean"]), _positive(values["deviation"])
    shape, scale = (mean / deviation) ** 2, deviation**2 / mean
    return lambda random: random.gammavariate(shape, scale)


def _uniform(values: Any) -> Draw:
    low, high = _seconds(values[0]), _seconds(values[1])
    if high < low:
        raise ValueError(f"{high} is less than {low}")
    return lambda random: random.uniform(low, high)


def _samples(values: Any) -> Draw:
    kept = [_seconds(value) for value in values]
    if not kept:
        raise ValueError("there are none")
    return lambda random: random.choice(kept)


def _seconds(value: Any) -> float:
    found = float(value)
    if not 0 <= found <= _LONGEST:
        raise ValueError(f"{value!r} is not a number of seconds of at most a week")
    return found


def _positive(value: Any) -> float:
    found = _seconds(value)
    if found == 0 and not isinstance(value, int | float):
        raise ValueError("it must be more than 0")
    return found


_KINDS: dict[str, Callable[[Any], Draw]] = {
    "exponential": _exponential,
    "lognormal": _lognormal,
    "gamma": _gamma,
    "uniform": _uniform,
    "samples": _samples,
}
KINDS = frozenset(_KINDS)
