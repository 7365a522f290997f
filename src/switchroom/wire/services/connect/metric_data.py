"""GetMetricDataV2: historical metrics by group and interval (MET-171, HM table of metrics.md)."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from switchroom.base.arns import parse_id
from switchroom.base.clock import DAY, MINUTE, from_seconds, seconds
from switchroom.base.errors import access_denied, invalid_parameter
from switchroom.core.routing.criteria import Expression
from switchroom.core.tallies import step_text
from switchroom.resources.kinds.queue import is_agent_queue
from switchroom.resources.resource import declaration
from switchroom.views.history.intervals import longest
from switchroom.views.history.metric import FEATURE, HIERARCHY, INITIATION, STEP, SUBTYPE, Metric
from switchroom.views.history.metric import catalogue as metrics
from switchroom.views.history.report import COMPARISONS, Asked, Group, Narrowing, Question, Report, report
from switchroom.wire.access import require, restricted
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.pagination import paginate
from switchroom.wire.services.connect.common import catalogue, instance_of

HISTORY = ("AccessMetrics", "AccessMetrics.HistoricalMetrics.Access")
RESOURCES = {"QUEUE": "queue", "ROUTING_PROFILE": "routing-profile", "AGENT": "user"} | dict.fromkeys(
    HIERARCHY, "hierarchy-group"
)
"""Keys of a request that name a resource, and its kind; at least one must be among the filters."""
PRIMARY = ("QUEUE", "ROUTING_PROFILE", "AGENT")
GROUPINGS = (*RESOURCES, "CHANNEL", STEP, SUBTYPE)
KEYS = (*GROUPINGS, FEATURE)

MOST_VALUES = 100
MOST_SERVICE_LEVELS = 20
LONGEST_THRESHOLD = 604_800
KEPT = 92 * DAY
"""Three months, the longest ones."""
AHEAD = 5 * MINUTE
"""How much a caller's clock may be fast."""

METHODS = {
    *("INBOUND", "OUTBOUND", "TRANSFER", "QUEUE_TRANSFER", "CALLBACK", "API", "DISCONNECT", "EXTERNAL_OUTBOUND"),
    *("MONITOR", "WEBRTC_API", "AGENT_REPLY", "FLOW", "CALLBACK_CUSTOMER_FIRST_DIALED", "CAMPAIGN_PREVIEW"),
}
ALSO_KNOWN_AS = {"INCOMING": "INBOUND"}


@operation("connect", "GetMetricDataV2", permission=HISTORY)
async def get_metric_data_v2(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Rows of groups that have anything within the span, one an interval; no row where there is nothing at all."""
    instance = instance_of(call, request, "ResourceArn")
    filters, groupings = _filters(call, instance, request["Filters"]), request.get("Groupings") or []
    _check_groupings(groupings)
    _check_reach(call, filters, groupings)
    asked = [_asked(wanted) for wanted in request["Metrics"]]
    _check_metrics(asked, set(filters), set(groupings))
    begin, end, period, zone = _span(call, request)
    question = Question(
        instance=instance,
        begin=begin,
        end=end,
        period=period,
        zone=zone,
        filters=filters,
        groupings=groupings,
        metrics=asked,
    )
    found = await report(call.services.database, question)
    page, token = paginate(call, found.places, request)
    return {"MetricResults": _results(call, question, request, found, page), "NextToken": token}


def _filters(call: Call, instance: str, given: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Values by key, resources by id."""
    found: dict[str, list[str]] = {}
    for one in given:
        key = one.get("FilterKey") or ""
        if one.get("StringCondition"):
            raise invalid_parameter("StringCondition of a filter is not supported")
        if key not in KEYS:
            raise invalid_parameter(f"Filtering by {key} is not supported")
        if key in found:
            raise invalid_parameter(f"Filters name {key} twice; give all its values in one filter")
        values = one.get("FilterValues") or []
        if not values:
            raise invalid_parameter(f"The filter by {key} has no values")
        found[key] = [_filter_value(call, instance, key, value) for value in values]
    if found.keys().isdisjoint(RESOURCES):
        raise invalid_parameter(f"Filters need at least one of {', '.join(RESOURCES)}")
    if sum(len(values) for key, values in found.items() if key != "CHANNEL") > MOST_VALUES:
        raise invalid_parameter(f"Filters take at most {MOST_VALUES} values, channels not counted")
    return found


def _filter_value(call: Call, instance: str, key: str, value: str) -> str:
    if key in RESOURCES:
        document = catalogue(call).get(instance, RESOURCES[key], parse_id(value))
        if key == "QUEUE" and is_agent_queue(document):
            raise invalid_parameter("Queues of agents are not supported")
        require(call, document, HISTORY)
        return document.id
    if key == "CHANNEL" and value not in ("VOICE", "CHAT", "TASK", "EMAIL"):
        raise invalid_parameter(f"{value} is no channel")
    if key == FEATURE and value != "contact_lens_conversational_analytics":
        raise invalid_parameter(f"{value} is no feature")
    return _step(value) if key == STEP else value


def _step(text: str) -> str:
    """The expression of a routing step, however its JSON is written."""
    try:
        expression = msgspec.json.decode(text, type=Expression)
    except msgspec.DecodeError as problem:
        raise invalid_parameter(f"A {STEP} is no expression: {problem}") from None
    return step_text(expression)


def _check_groupings(groupings: list[str]) -> None:
    for grouping in groupings:
        if grouping not in GROUPINGS:
            raise invalid_parameter(f"Grouping by {grouping} is not supported")
    if len(set(groupings)) < len(groupings):
        raise invalid_parameter("Groupings have each member once")


def _check_reach(call: Call, filters: dict[str, list[str]], groupings: list[str]) -> None:
    """People whom tags limit filter and group by one and the same kind of resource, and by channel (MET-125, B20).

    So there are groups of what their filters name only, each of which they reach.
    """
    if not any(restricted(call, RESOURCES[key], HISTORY) for key in PRIMARY):
        return
    named = {key for key in (*filters, *groupings) if key != "CHANNEL"}
    if len(named) > 1 or not named.issubset(PRIMARY):
        raise access_denied(
            "With access control tags, metrics are filtered and grouped by one of QUEUE, ROUTING_PROFILE and AGENT,"
            " and by CHANNEL"
        )


def _asked(wanted: dict[str, Any]) -> Asked:
    """A metric as declared, with what the request adds. Raises InvalidParameterException for one we do not have."""
    name = wanted.get("Name") or wanted.get("MetricId") or ""
    metric = metrics().get(name)
    if metric is None:
        raise invalid_parameter(f"Metric {name} is not supported")
    return Asked(metric, _narrowed(metric, wanted.get("MetricFilters") or []), _threshold(metric, wanted))


def _narrowed(metric: Metric, given: list[dict[str, Any]]) -> tuple[Narrowing, ...]:
    found = []
    for one in given:
        key, values = one.get("MetricFilterKey") or "", one.get("MetricFilterValues") or []
        if key not in metric.keys:
            raise invalid_parameter(f"Metric {metric.name} takes no metric filter {key}")
        if not values:
            raise invalid_parameter(f"The metric filter {key} has no values")
        if key == INITIATION:
            values = [_method(value) for value in values]
        found.append(Narrowing(key, tuple(values), bool(one.get("Negate"))))
    return tuple(found)


def _method(value: str) -> str:
    known = ALSO_KNOWN_AS.get(value.upper(), value.upper())
    if known not in METHODS:
        raise invalid_parameter(f"{value} is no initiation method")
    return known


def _threshold(metric: Metric, wanted: dict[str, Any]) -> tuple[str, float] | None:
    given = wanted.get("Threshold") or []
    if bool(given) != metric.threshold:
        raise invalid_parameter(f"Metric {metric.name} takes {'a' if metric.threshold else 'no'} Threshold")
    if not given:
        return None
    comparison, value = given[0].get("Comparison") or "", given[0].get("ThresholdValue")
    if comparison not in COMPARISONS:
        raise invalid_parameter(f"The Comparison of a Threshold is one of {', '.join(COMPARISONS)}")
    if value is None or not 1 <= value <= LONGEST_THRESHOLD or value != int(value):
        raise invalid_parameter(f"A ThresholdValue is a whole number of seconds from 1 to {LONGEST_THRESHOLD}")
    return comparison, float(value)


def _check_metrics(asked: Sequence[Asked], filters: set[str], groupings: set[str]) -> None:
    """That every metric exists for all filters and groupings (G column of the HM table)."""
    if not asked:
        raise invalid_parameter("Metrics has at least one member")
    if Counter(one.metric.name for one in asked)["SERVICE_LEVEL"] > MOST_SERVICE_LEVELS:
        raise invalid_parameter(f"Metrics take at most {MOST_SERVICE_LEVELS} SERVICE_LEVEL")
    for metric in {one.metric.name: one.metric for one in asked}.values():
        for key in sorted(filters - metric.by):
            raise invalid_parameter(f"Metric {metric.name} cannot be filtered by {key}")
        for key in sorted(groupings - metric.by):
            raise invalid_parameter(f"Metric {metric.name} cannot be grouped by {key}")
        if metric.stepwise and STEP not in filters | groupings:
            raise invalid_parameter(f"Metric {metric.name} needs a filter or grouping by {STEP}")


def _span(call: Call, request: dict[str, Any]) -> tuple[int, int, str, ZoneInfo]:
    begin, end = from_seconds(request["StartTime"]), from_seconds(request["EndTime"])
    interval = request.get("Interval") or {}
    period = interval.get("IntervalPeriod") or "TOTAL"
    if begin >= end:
        raise invalid_parameter("StartTime must be before EndTime")
    if end > call.now + AHEAD:
        raise invalid_parameter("EndTime cannot be later than the current timestamp")
    if begin < call.now - KEPT:
        raise invalid_parameter("Historical metrics are available for 3 months")
    most = longest(period)
    if end - begin >= most:
        days = most // DAY
        raise invalid_parameter(
            f"For {period} the difference between StartTime and EndTime must be less than {days} days"
        )
    try:
        zone = ZoneInfo(interval.get("TimeZone") or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise invalid_parameter(f"{interval['TimeZone']} is no time zone") from None
    return begin, end, period, zone


def _results(
    call: Call, question: Question, request: dict[str, Any], found: Report, page: Sequence[tuple[int, Group]]
) -> list[dict[str, Any]]:
    return [
        {
            "Dimensions": _dimensions(call, question, group),
            "MetricInterval": {
                "Interval": question.period,
                "StartTime": seconds(found.bounds[interval]),
                "EndTime": seconds(found.bounds[interval + 1]),
            },
            "Collections": [
                {"Metric": metric, "Value": value}
                for metric, value in zip(request["Metrics"], found.row(interval, group), strict=True)
            ],
        }
        for interval, group in page
    ]


def _dimensions(call: Call, question: Question, group: Group) -> dict[str, str]:
    """The values of a group by grouping; resources also by ARN."""
    found = {}
    for grouping, value in zip(question.groupings, group, strict=True):
        found[grouping] = value
        kind = RESOURCES.get(grouping)
        if kind is not None:
            found[f"{grouping}_ARN"] = declaration(kind).make_arn(call.services.site, question.instance, value)
    return found
