"""GetCurrentMetricData: queues now (MET-06, MET-170, RT table of metrics.md)."""

from typing import Any

import msgspec

from switchroom.base.arns import parse_id
from switchroom.base.clock import seconds
from switchroom.base.errors import invalid_parameter, invalid_request
from switchroom.core.routing.criteria import Expression
from switchroom.core.tallies import step_text
from switchroom.views.realtime import METRICS, STEP, Board, Moment, Row
from switchroom.wire.access import restricted, visible
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.pagination import paginate
from switchroom.wire.services.connect.common import catalogue, instance_of

WATCHING = ("AccessMetrics", "AccessMetrics.RealTimeMetrics.Access")
MOST_FILTERED = 100
MOST_STEPS = 50
GROUPINGS = ("QUEUE", "CHANNEL", "ROUTING_PROFILE", STEP)
CHANNELS = ("VOICE", "CHAT", "TASK")


@operation("connect", "GetCurrentMetricData", permission=WATCHING)
async def get_current_metric_data(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Rows by the groupings; queues without a contact and without an agent online have none."""
    instance = instance_of(call, request)
    filters, groupings = request["Filters"], request.get("Groupings") or []
    queues, profiles = _check(call, instance, filters, groupings)
    metrics = request["CurrentMetrics"]
    board: Board = await call.services.views.realtime.board(instance)
    moment = board.moment
    narrowed = not queues and restricted(call, "queue", WATCHING)
    if narrowed:
        queues = _seen(call, instance, board, profiles)
    found = board.rows(queues, profiles, _channels(filters), groupings, _steps(filters, groupings))
    found = [row for row in found if _shown(call, instance, row)] if queues or not narrowed else []
    if groupings:
        found = [row for row in found if row.live]
    name, descending = _order(request)
    found.sort(key=lambda row: row.key)
    found.sort(key=lambda row: METRICS[name](row) if name in METRICS else 0, reverse=descending)
    page, token = paginate(call, found, request, default=MOST_FILTERED)
    return {
        "MetricResults": [_result(call, instance, moment, row, groupings, metrics) for row in page],
        "DataSnapshotTime": seconds(moment.at),
        "ApproximateTotalCount": len(found),
        "NextToken": token,
    }


def _check(call: Call, instance: str, filters: dict[str, Any], groupings: list[str]) -> tuple[list[str], list[str]]:
    """(queue ids, routing profile ids) of the filters. Raises as the API does."""
    queues = [parse_id(queue) for queue in filters.get("Queues") or []]
    profiles = [parse_id(profile) for profile in filters.get("RoutingProfiles") or []]
    if queues and profiles:
        raise invalid_parameter("Filters take queues or routing profiles, not both")
    if not queues and not profiles:
        raise invalid_parameter("Filters need at least one queue or routing profile")
    if len(queues) > MOST_FILTERED or len(profiles) > MOST_FILTERED:
        raise invalid_parameter(f"Filters take at most {MOST_FILTERED} queues or routing profiles")
    for member in ("AgentStatuses", "Subtypes", "ValidationTestTypes"):
        if filters.get(member):
            raise invalid_request(f"Filtering by {member} is not supported")
    for grouping in groupings:
        if grouping not in GROUPINGS:
            raise invalid_request(f"Grouping by {grouping} is not supported")
    if len(groupings) > 2 or len(set(groupings)) < len(groupings):
        raise invalid_parameter("Groupings take two different members at most")
    for queue in queues:
        catalogue(call).get(instance, "queue", queue)
    for profile in profiles:
        catalogue(call).get(instance, "routing-profile", profile)
    return queues, profiles


def _seen(call: Call, instance: str, board: Board, profiles: list[str]) -> list[str]:
    """Of the queues that routing profiles serve, those that the caller sees (USER-53)."""
    chosen = [served for name, served in board.moment.profiles.items() if not profiles or name in profiles]
    served = dict.fromkeys(queue for profile in chosen for queue, _ in profile.queues)
    found = [known for one in served if (known := catalogue(call).find(instance, "queue", one)) is not None]
    return [queue.id for queue in visible(call, "queue", found, WATCHING)]


def _shown(call: Call, instance: str, row: Row) -> bool:
    profile = catalogue(call).find(instance, "routing-profile", row.profile) if row.profile else None
    return profile is None or bool(visible(call, "routing-profile", [profile], WATCHING))


def _channels(filters: dict[str, Any]) -> list[str]:
    """The channels asked for, or all; of other channels there is nothing."""
    asked = filters.get("Channels") or []
    return [channel for channel in asked if channel in CHANNELS] if asked else list(CHANNELS)


def _steps(filters: dict[str, Any], groupings: list[str]) -> list[str]:
    """The routing steps asked for, however their JSON is written (ROUT-57); none means all that are in use."""
    given = filters.get("RoutingStepExpressions") or []
    if given and (STEP not in groupings or len(filters.get("Queues") or []) != 1):
        raise invalid_parameter(f"RoutingStepExpressions need one queue and grouping by {STEP}")
    if len(given) > MOST_STEPS:
        raise invalid_parameter(f"Filters take at most {MOST_STEPS} RoutingStepExpressions")
    return list(dict.fromkeys(map(_step, given)))


def _step(text: str) -> str:
    try:
        expression = msgspec.json.decode(text, type=Expression)
    except msgspec.DecodeError as problem:
        raise invalid_parameter(f"A RoutingStepExpression is no expression: {problem}") from None
    if expression == Expression():
        raise invalid_parameter("A RoutingStepExpression has a condition, an AndExpression or an OrExpression")
    return step_text(expression)


def _order(request: dict[str, Any]) -> tuple[str, bool]:
    criteria = request.get("SortCriteria") or []
    if len(criteria) > 1:
        raise invalid_parameter("SortCriteria takes one member")
    wanted = criteria[0] if criteria else {}
    name = wanted.get("SortByMetric") or "AGENTS_ONLINE"
    if name.startswith("SLOTS_"):
        raise invalid_parameter(f"Results cannot be sorted by {name}")
    return name, wanted.get("SortOrder", "DESCENDING") == "DESCENDING"


def _result(
    call: Call, instance: str, moment: Moment, row: Row, groupings: list[str], metrics: list[dict[str, Any]]
) -> dict[str, Any]:
    dimensions: dict[str, Any] = {}
    for grouping, value in zip(groupings, row.key, strict=True):
        if grouping == "QUEUE":
            dimensions["Queue"] = {"Id": value, "Arn": call.services.site.resource(instance, "queue", value)}
        elif grouping == "CHANNEL":
            dimensions["Channel"] = value
        elif grouping == STEP:
            dimensions["RoutingStepExpression"] = value
        else:
            dimensions["RoutingProfile"] = {"Id": value, "Arn": moment.profiles[value].arn}
    return {
        "Dimensions": dimensions or None,
        "Collections": [{"Metric": metric, "Value": _value(row, metric, groupings)} for metric in metrics],
    }


def _value(row: Row, metric: dict[str, Any], groupings: list[str]) -> float | None:
    name = metric.get("Name") or metric.get("MetricId") or ""
    compute = METRICS.get(name)
    if compute is None:
        return None
    value = float(compute(row))
    # Without groupings the public API tells this one in milliseconds, and clients divide.
    return value * 1000 if name == "OLDEST_CONTACT_AGE" and not groupings else value
