"""Blocks that set the flow of a later event: queue, disconnect, whisper, hold, agent UI, pause and resume."""

from collections.abc import Mapping
from typing import Any

from switchroom.flows.blocks.declare import (
    ALL,
    BOTH,
    CQ,
    IN,
    MOST,
    OW,
    TA,
    TQ,
    Face,
    Field,
    Words,
    has,
)
from switchroom.flows.blocks.registry import Spot, block
from switchroom.flows.blocks.step import Move, Step
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

_LOG = "SetContactFlow"
QUEUE = Face(
    "set-customer-queue-flow",
    ("Set customer queue flow", "顧客キューフローの設定"),
    ("Chooses the flow that runs while the contact waits in queue.", "キューで待つ間に実行するフローを指定します。"),
    "SET",
    (IN, TA, TQ),
    log=_LOG,
    also=ALL,
)
DISCONNECT = Face(
    "set-disconnect-flow",
    ("Set disconnect flow", "切断フローの設定"),
    (
        "Chooses the flow that runs after the contact was disconnected.",
        "切断イベントの後に実行するフローを指定します。",
    ),
    "SET",
    ALL,
    log=_LOG,
)
EVENT = Face(
    "set-event-flow",
    ("Set event flow", "イベントフローの設定"),
    (
        "Chooses the flow of an event in the agent workspace, or of a pause.",
        "エージェントワークスペースや一時停止のイベントで実行するフローを指定します。",
    ),
    "SET",
    ALL,
    log=_LOG,
)
HOLD = Face(
    "set-hold-flow",
    ("Set hold flow", "保留フローの設定"),
    (
        "Chooses what the customer or the agent hears on hold.",
        "保留中の顧客またはエージェントに流すフローを指定します。",
    ),
    "SET",
    (IN, CQ, OW, TA, TQ),
    "YEE",
    _LOG,
    also=ALL,
)
WHISPER = Face(
    "set-whisper-flow",
    ("Set whisper flow", "ウィスパーフローの設定"),
    (
        "Chooses what the agent or the customer hears just before they are joined.",
        "接続直前にエージェントまたは顧客に流すフローを指定します。",
    ),
    "SET",
    MOST,
    log=_LOG,
    also=ALL,
)

HOOKS: dict[str, tuple[Face, Words, tuple[str, ...]]] = {
    "CustomerQueue": (QUEUE, ("Customer queue", "顧客キュー"), (CUSTOMER_QUEUE,)),
    "CustomerRemaining": (DISCONNECT, ("Disconnect", "切断"), (CONTACT_FLOW,)),
    "AgentWhisper": (WHISPER, ("To the agent", "エージェントへのウィスパー"), (AGENT_WHISPER,)),
    "CustomerWhisper": (WHISPER, ("To the customer", "顧客へのウィスパー"), (CUSTOMER_WHISPER, OUTBOUND_WHISPER)),
    "CustomerHold": (HOLD, ("Customer hold", "顧客保留"), (CUSTOMER_HOLD,)),
    "AgentHold": (HOLD, ("Agent hold", "エージェント保留"), (AGENT_HOLD,)),
    "DefaultAgentUI": (EVENT, ("Default flow for agent UI", "エージェント UI のデフォルトフロー"), (CONTACT_FLOW,)),
    "DisconnectAgentUI": (EVENT, ("Disconnect flow for agent UI", "エージェント UI の切断フロー"), (CONTACT_FLOW,)),
    "PauseContact": (EVENT, ("Flow on contact paused", "コンタクト一時停止時のフロー"), (CONTACT_FLOW,)),
    "ResumeContact": (EVENT, ("Flow on contact resumed", "コンタクト再開時のフロー"), (CONTACT_FLOW,)),
}
"""Event to its block, its name there, and the flow types it takes."""


def _hook_of(parameters: Mapping[str, Any]) -> str:
    hooks = parameters.get("EventHooks")
    return next(iter(hooks), "") if isinstance(hooks, dict) else ""


def _one_known_hook(spot: Spot) -> None:
    hooks = spot.parameters.get("EventHooks")
    for hook in hooks if isinstance(hooks, dict) else ():
        if hook not in HOOKS:
            spot.problem("bad-hook", "Parameters.EventHooks", hook=hook)
    if isinstance(hooks, dict) and len(hooks) > 1:
        spot.problem("only-one-of", "Parameters.EventHooks", parameters=", ".join(hooks))


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
    if step.world.flow_type(flow) not in HOOKS[hook][2]:
        raise FlowError(f"A flow of type {step.world.flow_type(flow)} cannot be the flow of {hook}")
    step.logged["ContactFlowId"] = flow.arn
    step.world.set_event_hook(hook, flow)
    return step.next()


for _hook, (_face, _name, _types) in HOOKS.items():
    block(
        _face,
        "UpdateContactEventHooks",
        Field(
            f"EventHooks.{_hook}",
            ("Flow", "フロー"),
            "RESOURCE",
            required=True,
            resource="contact-flow",
            types=_types,
        ),
        ways=BOTH,
        key=_hook,
        name=_name,
        tells=(has(f"EventHooks.{_hook}"),),
        preset={"EventHooks": {_hook: ""}},
        check=_one_known_hook,
    )(set_event_hook)
