"""Invoke module and Return."""

from switchroom.flows.blocks.registry import IN, Gate, Parameter, block
from switchroom.flows.blocks.step import Go, Move, Step
from switchroom.flows.state import Frame
from switchroom.flows.world import FlowError


@block(
    "InvokeFlowModule",
    Gate("Invoke module", "モジュールを呼び出す", "InvokeFlowModule", (IN,), module=False),
    Parameter("FlowModuleId", required=True, reference="contact-flow-module"),
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


@block(
    "EndFlowModuleExecution",
    Gate("Return", "戻る", "Return", (), module=True),
    next=False,
    errors=(),
)
def end_module(step: Step) -> Move:
    """Back to the caller's Success branch (BLK-111)."""
    step.run.frames.pop()
    caller = step.run.frame
    flow = step.library.flow(caller.flow_id, caller.version) or step.library.flow(caller.flow_id)
    action = flow.actions.get(caller.action) if flow is not None else None
    return Go(action.next if action is not None else None, "Success")
