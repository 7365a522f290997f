"""The step machine: a flow goes on until it ends or has to wait for something.

    run, outcome = start("r1", flow, library, world)             # `outcome` is an Await or an Ended
    run, outcome = advance(run, library, world, Signal(outcome.id, "done"))

Both are pure: the run given in is left as it was, and whatever happens to the contact happens through `World`.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from switchroom.base.clock import iso_ms
from switchroom.flows.blocks import registry
from switchroom.flows.blocks.step import Move, Stand, Step
from switchroom.flows.language import NO_MATCHING_ERROR, Action, CompiledFlow
from switchroom.flows.shelf import Library
from switchroom.flows.state import Await, Ended, FlowRun, Frame, Signal
from switchroom.flows.world import FlowError, World

MAXIMUM_STEPS = 1_000
"""Blocks in a row without waiting for anything; more is a circle, and the run fails."""

SUCCESS = "Success"
"""The outcome of a block that did what it is for."""

Outcome = Await | Ended


def start(
    id: str,
    flow: CompiledFlow,
    library: Library,
    world: World,
    *,
    loops: Mapping[str, int] | None = None,
    hook: str = "",
) -> tuple[FlowRun, Outcome]:
    """Begin a flow for the world's contact and take it to its first wait or its end.

    `loops` are the Loop counters of the contact's earlier runs (BLK-100); `hook` is the event that starts the flow,
    by its name in `UpdateContactEventHooks`: End flow in the flow of a pause, resume or agent UI event ends that only.
    """
    run = FlowRun(
        id=id,
        contact_id=world.contact.id,
        type=flow.type,
        frames=[Frame(flow.id, flow.version, flow.start)],
        started_at=world.now,
        hook=hook,
        loops=dict(loops or {}),
    )
    return run, _walk(run, library, world, None)


def advance(run: FlowRun, library: Library, world: World, signal: Signal) -> tuple[FlowRun, Outcome]:
    """Take a waiting run on with what came back. A signal for an earlier await changes nothing."""
    awaiting = run.awaiting
    if run.ended is not None:
        return run, run.ended
    if awaiting is None or awaiting.id != signal.id:
        return run, awaiting or Ended("failed", "The run was never started")
    moved = run.copy()
    moved.awaiting = None
    return moved, _walk(moved, library, world, signal)


def _walk(run: FlowRun, library: Library, world: World, signal: Signal | None) -> Outcome:
    flow, step = None, None
    for _ in range(MAXIMUM_STEPS):
        frame = run.frames[-1]
        if flow is None or flow.id != frame.flow_id or flow.version != frame.version:
            flow = _flow_of(frame, library)
        action = flow.actions.get(frame.action) if flow is not None else None
        if flow is None or action is None:
            return _finish(run, Ended("failed", f"There is no action {frame.action} in {frame.flow_id}"))
        step = Step(run, flow, action, library, world)
        depth = len(run.frames)
        move = _take(step, signal)
        run.steps += 1
        logged = world.logging and (signal is None or step.failed or registry.logs_exit(action.type))
        elsewhere = run.frames[-1] is not frame
        world.walked(step, _leap(run, depth) if elsewhere else way(action, move), entry(step) if logged else None)
        signal = None
        if isinstance(move, Ended):
            return _finish(run, move)
        if isinstance(move, Stand):
            run.awaiting = Await(run.steps, move.effect, move.until)
            run.waiting_since = world.now
            return run.awaiting
        if elsewhere and len(run.frames) < depth:
            _returned(run, library, world)
        if move.target is None:
            return _fail(step, f"The outcome {move.outcome} of {action.id} leads nowhere")
        run.frames[-1].action = move.target
    text = f"{MAXIMUM_STEPS} blocks ran without waiting: the flow goes in a circle"
    return _fail(step, text) if step is not None else _finish(run, Ended("failed", text))


def way(action: Action, move: Move) -> str:
    """The outcome a block leaves by, as the designer names it.

    `next`, `condition:0` (counted as stored), `error:NoMatchingError`; `end:` and the reason when the run ends here;
    empty when the block waits.
    """
    if isinstance(move, Stand):
        return ""
    if isinstance(move, Ended):
        return f"end:{move.reason}"
    if move.outcome == SUCCESS:
        return "next"
    target = move.target or ""
    if action.errors.get(move.outcome) == target:
        return f"error:{move.outcome}"
    for number, condition in enumerate(action.conditions):
        if condition.operand == move.outcome and condition.next == target:
            return f"condition:{number}"
    return f"error:{NO_MATCHING_ERROR}" if action.errors.get(NO_MATCHING_ERROR) == target else "next"


def _leap(run: FlowRun, depth: int) -> str:
    """How a block leaves for another flow: it waits for its module, `return`s from it, or hands on to a `flow`."""
    return "" if len(run.frames) > depth else "return" if len(run.frames) < depth else "flow"


def _returned(run: FlowRun, library: Library, world: World) -> None:
    """The block that invoked a module is left when the module is over."""
    flow = _flow_of(run.frame, library)
    action = flow.actions.get(run.frame.action) if flow is not None else None
    if flow is not None and action is not None:
        world.walked(Step(run, flow, action, library, world), "next", None)


def _flow_of(frame: Frame, library: Library) -> CompiledFlow | None:
    """The version the run began with; if nobody keeps it any more, the newest that still has the action."""
    return library.flow(frame.flow_id, frame.version) or library.flow(frame.flow_id)


def _fail(step: Step, text: str) -> Ended:
    """Stop a broken run at a block, which the flow log tells."""
    step.results = text
    step.world.walked(step, "failed", entry(step) if step.world.logging else None)
    return _finish(step.run, Ended("failed", text))


def _take(step: Step, signal: Signal | None) -> Move:
    try:
        return registry.begin(step) if signal is None else registry.resume(step, signal)
    except FlowError as wrong:
        return step.fail(wrong.kind, wrong.text)


def _finish(run: FlowRun, ended: Ended) -> Ended:
    run.ended = ended
    return ended


_stamp = lru_cache(maxsize=64)(iso_ms)


def entry(step: Step) -> dict[str, Any]:
    """The flow log entry of a block in the exact form of the log (`Results` first when there is one)."""
    made: dict[str, Any] = {} if step.results is None else {"Results": step.results}
    made["ContactId"] = step.world.contact.id
    made["ContactFlowId"] = step.flow.arn
    made["ContactFlowName"] = step.flow.name
    made["ContactFlowModuleType"] = registry.log_name(step.action)
    made["Identifier"] = step.action.name
    made["Timestamp"] = _stamp(step.world.now)
    made["Parameters"] = step.logged
    return made
