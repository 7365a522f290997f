"""Blocks that only choose a way: attributes, hours, staffing, queue status, metrics, shares, loops."""

from collections.abc import Mapping
from typing import Any

from switchroom.flows.blocks.registry import ALL, CQ, IN, MOST, OW, TA, TQ, Gate, Parameter, block
from switchroom.flows.blocks.step import Move, Step
from switchroom.flows.language import text_of
from switchroom.flows.world import FlowError, Named

QUEUE = (
    Parameter("QueueId", reference="queue"),
    Parameter("AgentId", reference="user"),
)

_STAFFING = Gate("Check staffing", "人員配置を確認する", "CheckStaffing", MOST)
_QUEUE_STATUS = Gate("Check queue status", "キューのステータスを確認する", "CheckQueueStatus", MOST)
_AGENT_METRICS = {
    "NumberOfAgentsAvailable": "available",
    "NumberOfAgentsStaffed": "staffed",
    "NumberOfAgentsOnline": "online",
}
_QUEUE_METRICS = ("OldestContactInQueueAgeSeconds", "NumberOfContactsInQueue")


def named_queue(step: Step) -> Named | None:
    """The queue a block names by `QueueId` or `AgentId`; None if it names none. FlowError if it does not exist."""
    reference = step.text("QueueId")
    if reference is not None:
        queue = step.world.find("queue", reference)
        if queue is None:
            raise FlowError(f"There is no queue {reference}")
        return queue
    agent = step.text("AgentId")
    if agent is None:
        return None
    user = step.world.find("user", agent)
    personal = step.world.agent_queue(user) if user is not None else None
    if personal is None:
        raise FlowError(f"There is no agent {agent}")
    return personal


def queue_of(step: Step) -> Named:
    """The queue a block names, else the working queue. Raises FlowError if there is neither (BLK-039, BLK-044)."""
    queue = named_queue(step) or step.world.contact.queue
    if queue is None:
        raise FlowError("No queue is named and no working queue is set")
    return queue


@block(
    "Compare",
    Gate("Check contact attributes", "問い合わせ属性を確認する", "CheckAttribute", ALL),
    Parameter("ComparisonValue", required=True),
    next=False,
    errors=("NoMatchingCondition",),
    any_conditions=True,
)
def compare(step: Step) -> Move:
    """The first condition that holds for one attribute; a missing value matches nothing (BLK-031..034)."""
    try:
        value = step.get("ComparisonValue")
    except FlowError:
        value = None
    if isinstance(value, (dict, list)):
        value = None
    step.logged = {
        "Value": None if value is None else text_of(value),
        "SecondValue": ", ".join(c.operand for c in step.action.conditions),
        "ComparisonMethod": ", ".join(dict.fromkeys(c.operator for c in step.action.conditions)),
    }
    return step.choose(value)


@block(
    "CheckHoursOfOperation",
    Gate("Check hours of operation", "オペレーション時間を確認する", "CheckHoursOfOperation", MOST),
    Parameter("HoursOfOperationId", reference="hours-of-operation"),
    next=False,
    conditions=("True", "False"),
)
def check_hours(step: Step) -> Move:
    """Named hours, else the hours of the working queue; an agent queue has none (BLK-036, BLK-037, ROUT-37)."""
    reference = step.text("HoursOfOperationId")
    if reference is not None:
        hours = step.world.find("hours-of-operation", reference)
        if hours is None:
            raise FlowError(f"There are no hours of operation {reference}")
        identifier = hours.id
    else:
        queue = queue_of(step)
        owned = step.world.queue_hours(queue)
        if owned is None:
            raise FlowError(f"The queue {queue.name} has no hours of operation")
        identifier = owned
    step.logged = {"HoursOfOperation": identifier}
    return step.choose("True" if step.world.hours_open(identifier) else "False")


def _metric_gate(parameters: Mapping[str, Any]) -> Gate:
    return _STAFFING if text_of(parameters.get("MetricType")) in _AGENT_METRICS else _QUEUE_STATUS


@block(
    "CheckMetricData",
    _metric_gate,
    Parameter("MetricType", required=True, choices=(*_AGENT_METRICS, *_QUEUE_METRICS)),
    *QUEUE,
    next=False,
    errors=("NoMatchingError", "NoMatchingCondition"),
    any_conditions=True,
)
def check_metric(step: Step) -> Move:
    """Staffing (`NumberOfAgents...`), and the queue's waiting contacts or oldest age in seconds (BLK-038, BLK-043)."""
    metric = step.text("MetricType")
    queue = queue_of(step)
    counts = step.world.queue_counts(queue, None)
    if metric in _AGENT_METRICS:
        value = getattr(counts.agents, _AGENT_METRICS[metric])
    elif metric == "NumberOfContactsInQueue":
        value = counts.size
    elif metric == "OldestContactInQueueAgeSeconds":
        value = counts.oldest_age_ms // 1_000
    else:
        raise FlowError(f"The metric {metric} is not known")
    step.logged = {"MetricType": metric, "Queue": queue.arn}
    return step.choose(value)


@block(
    "GetMetricData",
    Gate("Get queue metrics", "キューメトリクスを取得する", "GetQueueMetrics", ALL),
    *QUEUE,
    Parameter("QueueChannel"),
)
def get_metrics(step: Step) -> Move:
    """Counters of a queue into `$.Metrics` (table A3); agent counters only when an agent is online (BLK-083..086)."""
    queue = queue_of(step)
    channel = step.text("QueueChannel")
    if channel is not None and channel.upper() not in ("VOICE", "CHAT", "TASK"):
        raise FlowError(f"The channel {channel} is not known")
    counts = step.world.queue_counts(queue, channel.upper() if channel else None)
    agents = counts.agents
    online = {"Count": agents.online}
    step.frame.metrics = {
        "Queue": {
            "Name": queue.name,
            "ARN": queue.arn,
            "Size": counts.size,
            "Position": step.world.place_in_queue(),
            "OldestContactAge": counts.oldest_age_ms // 1_000 if counts.size else None,
        },
        "Agents": {
            "Online": online,
            "Offline": online,
            "Available": {"Count": agents.available},
            "Staffed": {"Count": agents.staffed},
            "AfterContactWork": {"Count": agents.after_contact_work},
            "Busy": {"Count": agents.busy},
            "Missed": {"Count": agents.missed},
            "NonProductive": {"Count": agents.non_productive},
        }
        if agents.online
        else None,
    }
    step.logged = {"Queue": queue.arn} | ({"Channel": channel.upper()} if channel else {})
    step.results = step.frame.metrics
    return step.next()


@block(
    "DistributeByPercentage",
    Gate("Distribute by percentage", "割合で分散する", "DistributeByPercentage", (IN, CQ, OW, TA, TQ)),
    next=False,
    errors=("NoMatchingCondition",),
    any_conditions=True,
)
def distribute(step: Step) -> Move:
    """A draw from 1 to 100 against ascending thresholds (BLK-065)."""
    return step.choose(int(step.world.random() * 100) + 1)


@block(
    "Loop",
    Gate("Loop", "ループ", "Loop", ALL),
    Parameter("LoopCount", required=True, low=0, high=100),
    next=False,
    errors=(),
    optional_errors=("NoMatchingError",),
    conditions=("ContinueLooping", "DoneLooping"),
)
def loop(step: Step) -> Move:
    """Looping N times, then Complete once; the counter belongs to the contact (BLK-094, BLK-095, BLK-100)."""
    count = step.integer("LoopCount", 0, 100)
    key = f"{step.frame.flow_id}/{step.action.id}"
    done = step.run.loops.get(key, 0)
    step.logged = {"LoopCount": str(count)}
    if done < count:
        step.run.loops[key] = done + 1
        return step.choose("ContinueLooping")
    step.run.loops.pop(key, None)
    return step.choose("DoneLooping")
