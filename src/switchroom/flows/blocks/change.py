"""Blocks that set how the contact is treated later: queue, flows of events, routing, recording, logging, voice."""

from collections.abc import Mapping
from typing import Any

from switchroom.flows.blocks.branch import named_queue
from switchroom.flows.blocks.criteria import checked_criteria
from switchroom.flows.blocks.registry import ALL, CQ, IN, MOST, OW, TA, TQ, Gate, Parameter, alias, block
from switchroom.flows.blocks.step import Move, Step, whole_number
from switchroom.flows.language import text_of
from switchroom.flows.state import (
    AGENT_HOLD,
    AGENT_WHISPER,
    CONTACT_FLOW,
    CUSTOMER_HOLD,
    CUSTOMER_QUEUE,
    CUSTOMER_WHISPER,
    OUTBOUND_WHISPER,
)
from switchroom.flows.world import FlowError

_WHISPER = Gate("Set whisper flow", "ウィスパーフローの設定", "SetContactFlow", MOST)
_HOLD = Gate("Set hold flow", "保留フローの設定", "SetContactFlow", (IN, CQ, OW, TA, TQ), "YEE")
_EVENT = Gate("Set event flow", "イベントフローの設定", "SetContactFlow", ALL)
HOOKS: dict[str, tuple[Gate, tuple[str, ...]]] = {
    "CustomerQueue": (
        Gate("Set customer queue flow", "顧客キューフローの設定", "SetContactFlow", (IN, TA, TQ)),
        (CUSTOMER_QUEUE,),
    ),
    "CustomerRemaining": (Gate("Set disconnect flow", "切断フローの設定", "SetContactFlow", ALL), (CONTACT_FLOW,)),
    "AgentWhisper": (_WHISPER, (AGENT_WHISPER,)),
    "CustomerWhisper": (_WHISPER, (CUSTOMER_WHISPER, OUTBOUND_WHISPER)),
    "CustomerHold": (_HOLD, (CUSTOMER_HOLD,)),
    "AgentHold": (_HOLD, (AGENT_HOLD,)),
    "DefaultAgentUI": (_EVENT, (CONTACT_FLOW,)),
    "DisconnectAgentUI": (_EVENT, (CONTACT_FLOW,)),
    "PauseContact": (_EVENT, (CONTACT_FLOW,)),
    "ResumeContact": (_EVENT, (CONTACT_FLOW,)),
}
"""Event hook to its block and the flow types it takes."""


@block(
    "UpdateContactTargetQueue",
    Gate("Set working queue", "作業キューの設定", "SetQueue", (IN, TA, TQ)),
    Parameter("QueueId", one_of="queue", reference="queue"),
    Parameter("AgentId", one_of="queue", reference="user"),
)
def set_queue(step: Step) -> Move:
    """The working queue: a queue by id or ARN, or the personal queue of an agent (BLK-149, BLK-150, FLOW-80)."""
    queue = named_queue(step)
    if queue is None:
        raise FlowError("No queue and no agent is named")
    step.logged = {"Queue": queue.arn}
    step.world.set_queue(queue)
    return step.next()


def _hook_of(parameters: Mapping[str, Any]) -> str:
    hooks = parameters.get("EventHooks")
    return next(iter(hooks), "") if isinstance(hooks, dict) else ""


def _hook_gate(parameters: Mapping[str, Any]) -> Gate:
    return HOOKS.get(_hook_of(parameters), (_EVENT, ()))[0]


@block("UpdateContactEventHooks", _hook_gate, Parameter("EventHooks", required=True))
def set_event_hook(step: Step) -> Move:
    """The flow of a later event: queue, disconnect, whisper, hold, agent UI, pause, resume (BLK-118..124, BLK-144)."""
    hook = _hook_of(step.parameters)
    if hook not in HOOKS:
        raise FlowError(f"The event {hook!r} is not known")
    reference = step.scalar(step.parameters["EventHooks"][hook])
    step.logged = {"Type": hook, "ContactFlowId": reference}
    flow = step.world.find("contact-flow", reference)
    if flow is None:
        raise FlowError(f"There is no published flow {reference}")
    if step.world.flow_type(flow) not in HOOKS[hook][1]:
        raise FlowError(f"A flow of type {step.world.flow_type(flow)} cannot be the flow of {hook}")
    step.logged["ContactFlowId"] = flow.arn
    step.world.set_event_hook(hook, flow)
    return step.next()


@block(
    "UpdateContactRoutingBehavior",
    Gate(
        "Change routing priority / age",
        "ルーティングの優先度/期間の変更",
        "ChangeRoutingPriority",
        (IN, CQ, OW, TA, TQ),
    ),
    Parameter("QueuePriority", one_of="routing"),
    Parameter("QueueTimeAdjustmentSeconds", one_of="routing"),
    errors=(),
)
def change_routing(step: Step) -> Move:
    """The contact's priority, or seconds added to its age (BLK-026, BLK-027)."""
    priority = step.get("QueuePriority")
    if priority is not None:
        step.logged = {"Priority": text_of(priority)}
        step.world.set_priority(whole_number(priority, "QueuePriority", 1, 2**31 - 1))
        return step.next()
    seconds = step.integer("QueueTimeAdjustmentSeconds", -(2**31), 2**31 - 1)
    step.logged = {"TimeAdjustmentSeconds": str(seconds)}
    step.world.adjust_age(seconds)
    return step.next()


@block(
    "UpdateRoutingCriteria",
    Gate("Set routing criteria", "ルーティング条件の設定", "SetRoutingCriteria", MOST),
    Parameter("RoutingCriteria", required=True),
)
def set_routing_criteria(step: Step) -> Move:
    """Up to five steps of proficiencies, fixed or from a function (BLK-133..137, ROUT-47, ROUT-48)."""
    raw = step.parameters.get("RoutingCriteria")
    criteria = checked_criteria(step.value(raw), dynamic=isinstance(raw, str))
    step.logged = {"RoutingCriteria": criteria}
    step.world.set_routing_criteria(criteria)
    return step.next()


alias("UpdateContactRoutingCriteria", "UpdateRoutingCriteria")


@block(
    "UpdateFlowLoggingBehavior",
    Gate("Set logging behavior", "ログ記録動作の設定", "SetLoggingBehavior", ALL),
    Parameter("FlowLoggingBehavior", required=True, choices=("Enabled", "Disabled")),
    errors=(),
)
def set_logging(step: Step) -> Move:
    """Flow logs of the contact on or off, until changed (BLK-125, FLOW-135)."""
    on = step.text("FlowLoggingBehavior") == "Enabled"
    step.logged = {"LoggingBehavior": "Enable" if on else "Disable"}
    step.world.set_logging(on)
    return step.next()


alias("UpdateContactFlowLoggingBehavior", "UpdateFlowLoggingBehavior")


@block(
    "UpdateContactRecordingBehavior",
    Gate(
        "Set recording and analytics behavior",
        "記録と分析の動作の設定",
        "SetRecordingBehavior",
        (IN, CQ, OW, TA, TQ),
        "YYE",
    ),
    Parameter("RecordingBehavior"),
    errors=(),
)
def set_recording(step: Step) -> Move:
    """Who is recorded, and how the conversation is analysed (BLK-126..131); kept on the contact."""
    raw = step.parameters.get("RecordingBehavior")
    given = raw.get("RecordedParticipants") if isinstance(raw, dict) else None
    participants = [p for p in given if p in ("Agent", "Customer")] if isinstance(given, list) else []
    analytics = step.parameters.get("AnalyticsBehavior")
    who = {2: "All", 0: "None"}.get(len(set(participants)), participants[0] if participants else "None")
    step.logged = {
        "RecordingBehaviorOption": "Enable" if participants else "Disable",
        "RecordingParticipantOption": who,
    }
    step.world.set_recording(participants, step.value(analytics) if isinstance(analytics, dict) else None)
    return step.next()


@block(
    "UpdateContactTextToSpeechVoice",
    Gate("Set voice", "音声の設定", "SetVoice", ALL, "YSS"),
    Parameter("TextToSpeechVoice", required=True),
    Parameter("TextToSpeechStyle", choices=("None", "Conversational", "Newscaster")),
    errors=(),
    optional_errors=("NoMatchingError",),
)
def set_voice(step: Step) -> Move:
    """Voice, engine and style of everything spoken from now on (BLK-141, BLK-142)."""
    voice = step.text("TextToSpeechVoice")
    if voice is None:
        raise FlowError("No voice is named")
    engine = step.text("TextToSpeechEngine") or "Standard"
    step.logged = {"GlobalVoice": voice, "GlobalEngine": engine}
    step.world.set_voice(voice, engine, step.text("TextToSpeechStyle") or "None")
    return step.next()
