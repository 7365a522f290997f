"""Blocks that only choose a way: attributes, hours, staffing, queue status, metrics, shares, loops."""

from collections.abc import Iterable

from switchroom.flows.blocks.declare import (
    ALL,
    BOTH,
    CQ,
    EQUALS,
    ERROR,
    IN,
    MOST,
    NO_MATCH,
    NUMBER_OPERATORS,
    OPERATORS,
    OW,
    TA,
    TQ,
    WORKING_QUEUE,
    Choice,
    Face,
    Field,
    Rows,
    choices,
    condition,
    error,
    queue_fields,
    shows,
)
from switchroom.flows.blocks.registry import Spot, block
from switchroom.flows.blocks.step import Move, Step, number
from switchroom.flows.language import NO_MATCHING_CONDITION, Condition, text_of
from switchroom.flows.world import FlowError, Named

COMPARE = Face(
    "check-contact-attributes",
    ("Check contact attributes", "問い合わせ属性を確認する"),
    (
        "Compares an attribute with values in order; the first that matches is taken.",
        "属性を条件と順に比較し、最初に一致した分岐に進みます。",
    ),
    "CHECK",
    ALL,
    log="CheckAttribute",
)
HOURS = Face(
    "check-hours",
    ("Check hours of operation", "オペレーション時間を確認する"),
    ("Branches on whether it is open now.", "現在がオペレーション時間内かどうかで分岐します。"),
    "CHECK",
    MOST,
    log="CheckHoursOfOperation",
)
STAFFING = Face(
    "check-staffing",
    ("Check staffing", "人員配置を確認する"),
    (
        "Branches on whether agents of a queue are available, staffed or online.",
        "キューのエージェントが対応可能か、配置されているか、オンラインかで分岐します。",
    ),
    "CHECK",
    MOST,
    log="CheckStaffing",
)
QUEUE_STATUS = Face(
    "check-queue-status",
    ("Check queue status", "キューのステータスを確認する"),
    (
        "Branches on how long contacts wait in a queue, or how many.",
        "キューの待ち時間または待機中のコンタクト数で分岐します。",
    ),
    "CHECK",
    MOST,
    log="CheckQueueStatus",
)
METRICS = Face(
    "get-queue-metrics",
    ("Get queue metrics", "キューメトリクスを取得する"),
    (
        "Reads the numbers of a queue into attributes for later blocks.",
        "キューの数値を属性に読み込み、後のブロックで使えるようにします。",
    ),
    "CHECK",
    ALL,
    log="GetQueueMetrics",
)
DISTRIBUTE = Face(
    "distribute-by-percentage",
    ("Distribute by percentage", "割合で分散する"),
    ("Sends contacts down its branches at random, by shares.", "設定した割合でコンタクトを無作為に分岐させます。"),
    "CHECK",
    (IN, CQ, OW, TA, TQ),
    log="DistributeByPercentage",
)
LOOP = Face(
    "loop",
    ("Loop", "ループ"),
    ("Goes round a number of times, then on.", "指定した回数だけ繰り返してから先へ進みます。"),
    "CHECK",
    ALL,
    log="Loop",
    behind="loop-prompts",
)

_AGENT_METRICS = {
    "NumberOfAgentsAvailable": "available",
    "NumberOfAgentsStaffed": "staffed",
    "NumberOfAgentsOnline": "online",
}


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
    COMPARE,
    "Compare",
    Field("ComparisonValue", ("Attribute to check", "確認する属性"), "REFERENCE", "D", required=True),
    ways=(NO_MATCH,),
    rows=Rows(("{}", "{}"), OPERATORS, dynamic=True),
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
    HOURS,
    "CheckHoursOfOperation",
    Field(
        "HoursOfOperationId",
        ("Hours of operation", "オペレーション時間"),
        "RESOURCE",
        resource="hours-of-operation",
        help=("Empty: those of the working queue.", "空の場合は作業キューのオペレーション時間が使われます。"),
    ),
    ways=(
        condition("True", ("In hours", "時間内")),
        condition("False", ("Out of hours", "時間外")),
        ERROR,
    ),
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


def _only_whether_any(spot: Spot) -> None:
    """Numbers of agents are compared in one way: is there any (table D3)."""
    for one in spot.action.conditions:
        if (one.operator, number(one.operand)) != ("NumberGreaterThan", 0):
            spot.problem("staffing-condition", "Transitions.Conditions", operator=one.operator)


def _in_milliseconds(conditions: Iterable[Condition]) -> bool:
    found = [number(one.operand) for one in conditions]
    return any(found) and all(value is not None and value % 1_000 == 0 for value in found)


def check_metric(step: Step) -> Move:
    """Staffing (`NumberOfAgents...`), contacts that wait, and the age of the oldest (BLK-038, BLK-043).

    The age is compared in seconds, as the metric is called, unless the operands are thousands: the designer of the
    original stores milliseconds, so that five minutes are 300000.
    """
    metric = step.text("MetricType")
    queue = queue_of(step)
    counts = step.world.queue_counts(queue, None)
    if metric in _AGENT_METRICS:
        value = getattr(counts.agents, _AGENT_METRICS[metric])
    elif metric == "NumberOfContactsInQueue":
        value = counts.size
    elif metric == "OldestContactInQueueAgeSeconds":
        value = counts.oldest_age_ms if _in_milliseconds(step.action.conditions) else counts.oldest_age_ms // 1_000
    else:
        raise FlowError(f"The metric {metric} is not known")
    step.logged = {"MetricType": metric, "Queue": queue.arn}
    return step.choose(value)


block(
    STAFFING,
    "CheckMetricData",
    Field(
        "MetricType",
        ("Status to check", "確認するステータス"),
        "CHOICE",
        "M",
        required=True,
        default="NumberOfAgentsAvailable",
        choices=choices(
            NumberOfAgentsAvailable=("Available", "対応可能"),
            NumberOfAgentsStaffed=("Staffed", "配置済み"),
            NumberOfAgentsOnline=("Online", "オンライン"),
        ),
    ),
    *queue_fields(help=WORKING_QUEUE),
    ways=(
        condition("0", ("True", "はい"), operator="NumberGreaterThan"),
        error(NO_MATCHING_CONDITION, ("False", "いいえ")),
        ERROR,
    ),
    tells=(shows("MetricType", *_AGENT_METRICS),),
    check=_only_whether_any,
)(check_metric)
block(
    QUEUE_STATUS,
    "CheckMetricData",
    *queue_fields(help=WORKING_QUEUE),
    ways=(NO_MATCH, ERROR),
    rows=Rows(("{}", "{}"), (EQUALS, *NUMBER_OPERATORS), "NUMBER", unit="MILLISECONDS"),
    key="time",
    name=("Time in Queue", "キューで待った時間"),
    tells=(shows("MetricType", "OldestContactInQueueAgeSeconds"),),
    preset={"MetricType": "OldestContactInQueueAgeSeconds"},
)(check_metric)
block(
    QUEUE_STATUS,
    "CheckMetricData",
    *queue_fields(help=WORKING_QUEUE),
    ways=(NO_MATCH, ERROR),
    rows=Rows(("{}", "{}"), (EQUALS, *NUMBER_OPERATORS), "NUMBER"),
    key="capacity",
    name=("Queue capacity", "キューの容量"),
    tells=(shows("MetricType", "NumberOfContactsInQueue"),),
    preset={"MetricType": "NumberOfContactsInQueue"},
)(check_metric)


@block(
    METRICS,
    "GetMetricData",
    Field(
        "QueueChannel",
        ("Channel", "チャネル"),
        "CHOICE",
        choices=(
            Choice("Voice", ("Voice", "音声")),
            Choice("Chat", ("Chat", "チャット")),
            Choice("Task", ("Task", "タスク")),
        ),
        help=("Empty: all channels together.", "空の場合は全チャネルの合計です。"),
    ),
    *queue_fields(help=WORKING_QUEUE),
    ways=BOTH,
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


def _ascending(spot: Spot) -> None:
    """Shares are a chain of thresholds from 1 to 100, each above the one before it (table D3)."""
    last = 1.0
    for one in spot.action.conditions:
        threshold = number(one.operand)
        if one.operator != "NumberLessThan" or threshold is None or not last < threshold <= 101:
            spot.problem("bad-share", "Transitions.Conditions", value=one.operand)
            return
        last = threshold


@block(
    DISTRIBUTE,
    "DistributeByPercentage",
    ways=(error(NO_MATCHING_CONDITION, ("Default", "デフォルト")),),
    rows=Rows(("{}%", "{}%"), (NUMBER_OPERATORS[2],), "PERCENT"),
    check=_ascending,
)
def distribute(step: Step) -> Move:
    """A draw from 1 to 100 against ascending thresholds (BLK-065)."""
    return step.choose(int(step.world.random() * 100) + 1)


@block(
    LOOP,
    "Loop",
    Field(
        "LoopCount",
        ("Number of loops", "ループ回数"),
        "NUMBER",
        required=True,
        default="3",
        low=0,
        high=100,
    ),
    ways=(
        condition("ContinueLooping", ("Looping", "ループ中")),
        condition("DoneLooping", ("Complete", "完了")),
    ),
    waits=True,
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
