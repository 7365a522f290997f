"""Invoke module and Return."""

from switchroom.flows.blocks.declare import BOTH, IN, Face, Field
from switchroom.flows.blocks.registry import block
from switchroom.flows.blocks.step import Go, Move, Step
from switchroom.flows.state import Frame
from switchroom.flows.world import FlowError

INVOKE = Face(
    "invoke-module",
    ("Invoke module", "モジュールを呼び出す"),
    ("Runs a published module, then goes on.", "公開済みのモジュールを実行します。"),
    "INTEGRATE",
    (IN,),
    log="InvokeFlowModule",
    module=False,
)
RETURN = Face(
    "return",
    ("Return", "戻る"),
    ("Ends a module and goes on in the flow that called it.", "モジュールを終了し、呼び出し元のフローに戻ります。"),
    "END",
    (),
    log="Return",
    module=True,
)


@block(
    INVOKE,
    "InvokeFlowModule",
    Field("FlowModuleId", ("Module", "モジュール"), "RESOURCE", required=True, resource="contact-flow-module"),
    ways=BOTH,
)
def invoke_module(step: Step) -> Move:
    """Run a published module; it sees none of the flow's own data (BLK-093, FLOW-55..57, table M1)."""
    reference = step.text("FlowModuleId") or ""
    found = step.world.find("contact-flow-module", reference)
    module = step.library.flow(found.id) if found is not None else None
    if found is None or module is None:
        raise FlowError(f"There is no published module {reference}")
    step.logged = {"FlowModuleId": found.arn}
    step.run.frames.append(Frame(module.id, module.version, module.start, module=True))
    return Go(module.start, "Success")


@block(RETURN, "EndFlowModuleExecution")
def end_module(step: Step) -> Move:
    """Back to the caller's Success branch (BLK-111)."""
    step.run.frames.pop()
    caller = step.run.frame
    flow = step.library.flow(caller.flow_id, caller.version) or step.library.flow(caller.flow_id)
    action = flow.actions.get(caller.action) if flow is not None else None
    return Go(action.next if action is not None else None, "Success")
