"""The runner alone: a flow that goes around fifty blocks which wait for nothing."""

import gc
import json
import time
from typing import Any

from bench.report import Line, Report
from switchroom.flows.language import CompiledFlow, parse
from switchroom.flows.run import start
from switchroom.flows.scenario import Contact, ScenarioWorld

ROUNDS = 19
"""Times around: as many as fit into one run."""
GROUPS = 7
RUNS = 60
REPEATS = 5


def measure(report: Report) -> None:
    """Blocks a second of processor time, with the flow log off and on."""
    flow = circle()
    off, on = _fastest(flow, logging=False), _fastest(flow, logging=True)
    report.add(Line("blocks a second, 50 in a circle, flow log off", off, "blocks/s", at_least=100_000))
    report.add(Line("the same with the flow log on", on, "blocks/s"))


def _fastest(flow: CompiledFlow, *, logging: bool) -> float:
    return max(_speed(flow, logging) for _ in range(REPEATS))


def _speed(flow: CompiledFlow, logging: bool) -> float:
    worlds = [_world(flow, logging) for _ in range(RUNS)]
    gc.collect()
    steps = 0
    started = time.process_time()
    for world in worlds:
        run, _ = start("run", flow, world.shelf, world)
        steps += run.steps
    return steps / (time.process_time() - started)


def _world(flow: CompiledFlow, logging: bool) -> ScenarioWorld:
    world = ScenarioWorld(Contact(channel="VOICE", attributes={"plan": "gold", "language": "ja"}))
    hours = world.add("hours-of-operation", "Office", id="office")
    world.add("queue", "Gold", id="gold", hours=hours.id)
    world.shelf.put(flow)
    world.log_switch = logging
    return world


def circle() -> CompiledFlow:
    """Seven groups of seven blocks between a Loop and its end."""
    groups = [action for number in range(GROUPS) for action in _group(number)]
    loop = _action("loop", "Loop", {"LoopCount": str(ROUNDS)}, None, ways=_ways("Equals", ContinueLooping="0-set"))
    loop["Transitions"]["Conditions"] += _ways("Equals", DoneLooping="bye")
    actions = [loop, *groups, _action("bye", "DisconnectParticipant", {}, None)]
    return parse(
        json.dumps({"Version": "2019-10-30", "StartAction": "loop", "Metadata": {}, "Actions": actions}), id="circle"
    )


def _group(number: int) -> list[dict[str, Any]]:
    """What flows do between prompts: remember, look, branch."""
    attributes = {"Attributes": {"step": str(number), "last": "$.Attributes.plan"}, "TargetContact": "Current"}
    plans = _ways("Equals", basic=f"{number}-draw", silver=f"{number}-draw", gold=f"{number}-draw")
    kept = {"FlowAttributes": {"greeting": {"Value": f"Hello $.Attributes.plan {number}"}}}
    following = f"{number + 1}-set" if number + 1 < GROUPS else "loop"

    def named(name: str) -> str:
        return f"{number}-{name}"

    return [
        _action(named("set"), "UpdateContactAttributes", attributes, named("plan")),
        _action(named("plan"), "Compare", {"ComparisonValue": "$.Attributes.plan"}, None, ways=plans),
        _action(
            named("draw"),
            "DistributeByPercentage",
            {},
            None,
            ways=_ways("NumberLessThan", **{"41": named("keep"), "81": named("keep")}),
            otherwise=named("keep"),
        ),
        _action(named("keep"), "UpdateFlowAttributes", kept, named("queue")),
        _action(named("queue"), "UpdateContactTargetQueue", {"QueueId": "gold"}, named("hours")),
        _action(named("hours"), "CheckHoursOfOperation", {}, None, ways=_ways("Equals", True_=named("greeting"))),
        _action(
            named("greeting"),
            "Compare",
            {"ComparisonValue": "$.FlowAttributes.greeting"},
            None,
            ways=_ways("TextContains", silver="bye", gold=following),
        ),
    ]


def _action(
    identifier: str,
    type: str,
    parameters: dict[str, Any],
    following: str | None,
    ways: list[dict[str, Any]] | None = None,
    otherwise: str = "bye",
) -> dict[str, Any]:
    errors = [{"NextAction": otherwise, "ErrorType": kind} for kind in ("NoMatchingError", "NoMatchingCondition")]
    transitions = {"NextAction": following, "Errors": errors, "Conditions": ways or []}
    return {"Identifier": identifier, "Type": type, "Parameters": parameters, "Transitions": transitions}


def _ways(operator: str, **ways: str) -> list[dict[str, Any]]:
    """Condition rows; `True_` stands for the operand `True`."""
    return [
        {"NextAction": target, "Condition": {"Operator": operator, "Operands": [operand.rstrip("_")]}}
        for operand, target in ways.items()
    ]
