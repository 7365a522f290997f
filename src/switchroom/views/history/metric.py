"""What a historical metric is: a small declaration; `metrics/` has one file a family."""

import importlib
import pkgutil
from functools import cache
from typing import Literal

import msgspec

from switchroom.storage.figures import Formula

Category = Literal["CR", "AA", "CE"]
"""What a value is made from, and which interval it falls into: CR contact records, whole, by the time of disconnect;
AA the agents' activity, by the time that really passed; CE contact events, by their own time (MET-03..05)."""
Unit = Literal["COUNT", "SECONDS", "PERCENT"]

HIERARCHY = tuple(f"AGENT_HIERARCHY_LEVEL_{level}" for level in ("ONE", "TWO", "THREE", "FOUR", "FIVE"))
STEP = "ROUTING_STEP_EXPRESSION"
FEATURE = "FEATURE"
SUBTYPE = "contact/segmentAttributes/connect:Subtype"

EVERYWHERE = frozenset({"QUEUE", "CHANNEL", "ROUTING_PROFILE", "AGENT", *HIERARCHY})
OF_QUEUES = frozenset({"QUEUE", "CHANNEL", "ROUTING_PROFILE"})
OF_EVENTS = frozenset({"QUEUE", "CHANNEL", "AGENT", *HIERARCHY})
OF_STEPS = frozenset({"QUEUE", STEP})

INITIATION = "INITIATION_METHOD"
DISCONNECT = "DISCONNECT_REASON"


class Metric(msgspec.Struct, frozen=True, kw_only=True):
    """A metric of GetMetricDataV2. `keys` are the MetricFilters it takes, `threshold` whether it needs one.

    `by` are the keys to group and filter by, FEATURE to filter only. `per_step` is the value where stays in a routing
    step are counted.
    """

    name: str
    unit: Unit
    value: Formula
    by: frozenset[str]
    category: Category = "CR"
    keys: tuple[str, ...] = ()
    threshold: bool = False
    per_step: Formula | None = None

    @property
    def stepwise(self) -> bool:
        """Whether there is a value of routing steps only."""
        return self.by == OF_STEPS


@cache
def catalogue() -> dict[str, Metric]:
    """All metrics by name."""
    from switchroom.views.history import metrics

    found: dict[str, Metric] = {}
    for module in pkgutil.iter_modules(metrics.__path__, metrics.__name__ + "."):
        for metric in importlib.import_module(module.name).METRICS:
            if metric.name in found:
                raise ValueError(f"{metric.name} is declared twice")
            found[metric.name] = metric
    return found
