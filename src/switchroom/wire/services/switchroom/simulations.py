"""The simulator: drafting, checking and running scenarios, and replaying what was recorded."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from switchroom.base.arns import parse_id
from switchroom.base.clock import DAY, SECOND, seconds
from switchroom.base.errors import ServiceError, access_denied, invalid_parameter
from switchroom.base.ids import new_id
from switchroom.features.simulation.draft import WEEKDAYS, Past, draft
from switchroom.features.simulation.example import EXAMPLE
from switchroom.features.simulation.jobs import Simulations
from switchroom.features.simulation.limits import expected, too_much
from switchroom.features.simulation.scenario import BadScenario, Problem, Scenario, load
from switchroom.features.simulation.variant import read_changes
from switchroom.storage.simulations import Simulation
from switchroom.wire.access import restricted, visible
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import catalogue, instance_of
from switchroom.wire.services.switchroom.contact_pages import page_position, page_size

PERMISSIONS = ("AccessMetrics", "AccessMetrics.HistoricalMetrics.Access")
HISTORY = 28 * DAY
LONGEST_REPLAY = 7 * DAY

_Result = TypeVar("_Result")


@operation("switchroom", "DraftSimulation", permission=PERMISSIONS)
async def draft_simulation(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """This centre as it is and was, or an example."""
    instance = instance_of(call, request)
    if request["Source"] == "EXAMPLE":
        return {"Scenario": EXAMPLE, "Notes": []}
    end = _moment(request.get("HistoryTo"), call.now)
    begin = _moment(request.get("HistoryFrom"), end - HISTORY)
    if begin >= end:
        raise invalid_parameter("HistoryFrom must be before HistoryTo")
    asked = {parse_id(queue) for queue in request.get("Queues") or ()}
    documents = visible(call, "queue", catalogue(call).all(instance, "queue"), PERMISSIONS)
    queues = [one.id for one in documents if not asked or one.id in asked]
    if asked - set(queues):
        raise ServiceError("ResourceNotFoundException", f"Queue {min(asked - set(queues))} was not found")
    weekday = request.get("Weekday")
    past = Past(begin, end, None if weekday is None else WEEKDAYS.index(weekday.capitalize()))
    made = await draft(call.services.database, catalogue(call), call.services.site, instance, queues, past)
    return {"Scenario": made.text, "Notes": made.notes}


@operation("switchroom", "CheckSimulation", permission=PERMISSIONS)
async def check_simulation(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """What is wrong with a scenario, or what it holds."""
    try:
        scenarios = await _aside(lambda: _loaded(request["Scenario"], None))
    except BadScenario as wrong:
        return {"Problems": [{"Path": one.path, "Reason": one.reason} for one in wrong.problems]}
    first, *variants = scenarios.values()
    return {
        "Problems": [],
        "Summary": {
            "Queues": [
                {"Name": name, "Channel": load.channel, "PerDay": round(expected(first, name), 1)}
                for name, load in first.queues.items()
            ],
            "Agents": sum(staff.count for staff in first.staff),
            "Variants": [variant.name for variant in variants],
        },
    }


@operation("switchroom", "StartSimulation", permission=PERMISSIONS)
async def start_simulation(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Queue a study."""
    instance, replications = instance_of(call, request), request.get("Replications")
    try:
        await _aside(lambda: _loaded(request["Scenario"], replications))
    except BadScenario as wrong:
        raise invalid_parameter(str(wrong)) from None
    new = Simulation(
        instance=instance,
        id=new_id(),
        name=request["Name"],
        kind="STUDY",
        started_by=call.caller.name or call.caller.id,
        started_at=call.now,
        scenario=request["Scenario"],
        replications=replications,
    )
    await _simulations(call).add(new)
    return {"SimulationId": new.id}


@operation("switchroom", "ReplayDay", permission=PERMISSIONS)
async def replay_day(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Queue a replay. It names agents, so those who may not see all of them cannot ask for one."""
    instance = instance_of(call, request)
    _unrestricted(call)
    begin, end = request["From"] * SECOND, request["To"] * SECOND
    if not 0 < end - begin <= LONGEST_REPLAY:
        raise invalid_parameter("To must be after From, by at most seven days")
    try:
        read_changes(request.get("Changes") or "")
    except BadScenario as wrong:
        raise invalid_parameter(str(wrong)) from None
    new = Simulation(
        instance=instance,
        id=new_id(),
        name=request.get("Name") or "Replay",
        kind="REPLAY",
        started_by=call.caller.name or call.caller.id,
        started_at=call.now,
        scenario=request.get("Changes") or "",
        span_from=begin,
        span_to=end,
    )
    await _simulations(call).add(new)
    return {"SimulationId": new.id}


@operation("switchroom", "ListSimulations", permission=PERMISSIONS)
async def list_simulations(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """A page of them, newest first."""
    instance, size = instance_of(call, request), page_size(request)
    found = await _simulations(call).newest(instance, page_position(request) or None, size + 1)
    following = str(found[size - 1].seq) if len(found) > size else None
    return {"Simulations": [_form(one) for one in found[:size]], "NextToken": following}


@operation("switchroom", "DescribeSimulation", permission=PERMISSIONS)
async def describe_simulation(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """One with its results."""
    found, results = await _simulations(call).get(instance_of(call, request), request["SimulationId"])
    if found.kind == "REPLAY":
        _unrestricted(call)
    member = "Replay" if found.kind == "REPLAY" else "Results"
    return {"Simulation": _form(found), member: results}


@operation("switchroom", "CancelSimulation", permission=PERMISSIONS)
async def cancel_simulation(call: Call, request: dict[str, Any]) -> None:
    """Its process ends within a second or two; one that is over stays as it is."""
    await _simulations(call).cancel(instance_of(call, request), request["SimulationId"])


@operation("switchroom", "DeleteSimulation", permission=PERMISSIONS)
async def delete_simulation(call: Call, request: dict[str, Any]) -> None:
    """Forget it, running or not."""
    await _simulations(call).delete(instance_of(call, request), request["SimulationId"])


def _loaded(text: str, replications: int | None) -> dict[str, Scenario]:
    scenarios = load(text)
    problems: list[Problem] = list(too_much(scenarios, replications))
    if problems:
        raise BadScenario(*problems)
    return scenarios


async def _aside(work: Callable[[], _Result]) -> _Result:
    """A long text takes a while to be read: not in the way of other requests."""
    return await asyncio.to_thread(work)


def _simulations(call: Call) -> Simulations:
    found: Simulations = call.services.simulations
    return found


def _unrestricted(call: Call) -> None:
    if restricted(call, "user", PERMISSIONS):
        raise access_denied("A replay shows all agents; your security profile restricts which you may see")


def _moment(given: int | None, otherwise: int) -> int:
    return given * SECOND if given is not None else otherwise


def _form(found: Simulation) -> dict[str, Any]:
    return {
        "SimulationId": found.id,
        "Name": found.name,
        "Kind": found.kind,
        "State": found.state,
        "Progress": found.progress,
        "StartedBy": found.started_by,
        "StartedAt": seconds(found.started_at),
        "EndedAt": seconds(found.ended_at) if found.ended_at is not None else None,
        "Error": found.error,
        "Scenario": found.scenario or None,
        "From": seconds(found.span_from) if found.span_from is not None else None,
        "To": seconds(found.span_to) if found.span_to is not None else None,
    }
