"""The step machine: a flow goes on until it ends or has to wait for something.

    run, outcome = start("r1", flow, library, world)             # `outcome` is an Await or an Ended
    run, outcome = advance(run, library, world, Signal(outcome.id, "done"))

Both are pure: the run given in is left as it was, and whatever happens to the contact happens through `World`.
"""

from collections.abc import Mapping
from typing import Any

from switchroom.base.clock import iso_ms
from switchroom.flows.blocks import registry
from switchroom.flows.blocks.step import Move, Stand, Step
from switchroom.flows.language import CompiledFlow
from switchroom.flows.shelf import Library
from switchroom.flows.state import MODULE, Await, Ended, FlowRun, Frame, Signal
from switchroom.flows.world import FlowError, World

MAXIMUM_STEPS = 1_000
"""Blocks in a row without waiting for anything; more is a circle, and the run fails."""

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
    for _ in range(MAXIMUM_STEPS):
        flow = _flow_of(run.frame, library)
        action = flow.actions.get(run.frame.action) if flow is not None else None
        if flow is None or action is None:
            return _finish(run, Ended("failed", f"There is no action {run.frame.action} in {run.frame.flow_id}"))
        step = Step(run, flow, action, library, world)
        move = _take(step, signal)
        run.steps += 1
        if world.logging and (signal is None or step.failed or registry.logs_exit(action.type)):
            world.log(entry(step))
        signal = None
        if isinstance(move, Ended):
            return _finish(run, move)
        if isinstance(move, Stand):
            run.awaiting = Await(run.steps, move.effect, move.until)
            run.waiting_since = world.now
            return run.awaiting
        if move.target is None:
            return _finish(run, Ended("failed", f"The outcome {move.outcome} of {action.id} leads nowhere"))
        run.frame.action = move.target
    return _finish(run, Ended("failed", f"{MAXIMUM_STEPS} blocks ran without waiting: the flow goes in a circle"))


def _flow_of(frame: Frame, library: Library) -> CompiledFlow | None:
    """The version the run began with; if nobody keeps it any more, the newest that still has the action."""
    return library.flow(frame.flow_id, frame.version) or library.flow(frame.flow_id)


def _take(step: Step, signal: Signal | None) -> Move:
    block = registry.BLOCKS.get(step.action.type)
    if block is None:
        return step.fail("NoMatchingError", f"The action type {step.action.type} is not known")
    try:
        if signal is not None:
            return block.resume(step, signal)
        gate = block.gate(step.action.parameters)
        place = MODULE if step.frame.module else step.run.type
        if place not in gate.types:
            return step.fail("NoMatchingError", f"{gate.name} may not be used in a flow of type {place}")
        rule = gate.channels.get(step.world.contact.channel, registry.ERROR)
        if rule == registry.PASS:
            return step.next()
        if rule == registry.ERROR:
            return step.fail(gate.failure, f"{gate.name} does not work for the channel {step.world.contact.channel}")
        return block.begin(step)
    except FlowError as wrong:
        return step.fail(wrong.kind, wrong.text)


def _finish(run: FlowRun, ended: Ended) -> Ended:
    run.ended = ended
    return ended


def entry(step: Step) -> dict[str, Any]:
    """The flow log entry of a block in the exact form of the log (`Results` first when there is one)."""
    made: dict[str, Any] = {} if step.results is None else {"Results": step.results}
    made["ContactId"] = step.world.contact.id
    made["ContactFlowId"] = step.flow.arn
    made["ContactFlowName"] = step.flow.name
    made["ContactFlowModuleType"] = registry.log_name(step.action)
    made["Identifier"] = step.action.name
    made["Timestamp"] = iso_ms(step.world.now)
    made["Parameters"] = step.logged
    return made
