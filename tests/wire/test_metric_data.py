"""GetMetricDataV2 through the door: shapes, intervals, limits, refusals, and what people with limits see."""

import re
from json import dumps
from typing import Any

import pytest
from botocore.parsers import create_parser

from switchroom.base.clock import DAY, HOUR, MINUTE, SECOND, from_iso, now_ms, seconds
from switchroom.base.errors import ServiceError
from switchroom.base.ids import new_id
from switchroom.core.contact import AgentStay, Contact, QueueStay
from switchroom.storage import contacts
from switchroom.views.facts import QueueLabel, row_of
from switchroom.views.history.metric import FEATURE, HIERARCHY, STEP, SUBTYPE, catalogue
from switchroom.wire.app import App
from switchroom.wire.context import Services
from switchroom.wire.operation import load_bindings
from tests.wire.doors import Clock, make_app
from tests.wire.people import Client, model, sign_in
from tests.wire.test_access import Office

NEVER = "InvalidParameterException"


@pytest.fixture
def app(site: Services, clock: Clock) -> App:
    return make_app(load_bindings(), site, clock)


@pytest.fixture
async def office(site: Services, app: App) -> Office:
    return Office(site, app)


async def keep(
    office: Office,
    begin: int,
    end: int,
    *,
    agent: str | None = "agent1",
    queue: str = "BasicQueue",
    channel: Any = "TASK",
    waited: int = 0,
    worked: int = 0,
) -> None:
    """A contact from `begin` to `end` (epoch ms) that was in a queue at once, for `waited` ms unless it was abandoned;
    an agent has it from then on and works for `worked` ms after it."""
    identifier, place = new_id(), office.named("queue", queue)
    contact = Contact(
        id=identifier, initial_id=identifier, channel=channel, subtype=f"connect:{channel.title()}",
        initiation_method="API", initiated_at=begin, place="ended", disconnected_at=end,
        disconnect_reason="AGENT_DISCONNECT" if agent else "EXPIRED",
        stay=QueueStay(place.id, begin, begin + waited if agent else end),
    )  # fmt: skip
    if agent is not None:
        user = office.named("user", agent)
        profile = office.named("routing-profile", "Basic").arn
        contact.agent = AgentStay(user.id, agent, profile, accepted_at=begin + waited, connected_at=begin + waited,
                                  left_at=end, cleared_at=end + worked)  # fmt: skip
    label = QueueLabel(place.id, place.arn, place.name)
    async with office.site.database.pool.acquire() as connection:
        await contacts.save(connection, [row_of(office.instance, contact, {}, label, end + worked)])


def asking(office: Office, begin: int, end: int, *metrics: Any, **members: Any) -> dict[str, Any]:
    """A request; metrics by name or as they are; filtered by BasicQueue unless said otherwise."""
    return {
        "ResourceArn": office.named("instance", "demo").arn,
        "StartTime": seconds(begin),
        "EndTime": seconds(end),
        "Filters": [{"FilterKey": "QUEUE", "FilterValues": [office.named("queue", "BasicQueue").id]}],
        "Metrics": [{"Name": one} if isinstance(one, str) else one for one in metrics],
        **members,
    }


async def ask(client: Client, office: Office, *wanted: Any, **members: Any) -> list[dict[str, Any]]:
    """The rows."""
    answer = await client("GetMetricDataV2", **asking(office, *wanted, **members))
    found: list[dict[str, Any]] = answer["MetricResults"]
    return found


def values(row: dict[str, Any]) -> list[float | None]:
    return [one.get("Value") for one in row["Collections"]]


def yesterday() -> int:
    return now_ms() // DAY * DAY - DAY


async def test_a_contact_counts_whole_where_it_ended(office: Office) -> None:
    """MET-03, MET-91: 05:23 to 06:15 is 52 minutes in the half hour from 06:00 and nothing in the 47 others."""
    day = yesterday()
    await keep(office, day + 5 * HOUR + 23 * MINUTE, day + 6 * HOUR + 15 * MINUTE)
    asked = asking(office, day, day + DAY, "SUM_HANDLE_TIME", "CONTACTS_HANDLED", "AVG_HANDLE_TIME",
                   Interval={"IntervalPeriod": "THIRTY_MIN"}, Groupings=["QUEUE"])  # fmt: skip
    reply = await office.key.ask("GetMetricDataV2", **asked)
    shape = model("connect").operation_model("GetMetricDataV2").output_shape
    answer = {"status_code": reply.status, "headers": dict(reply.headers), "body": reply.body}
    rows = create_parser("rest-json").parse(answer, shape)["MetricResults"]
    queue = office.named("queue", "BasicQueue")
    assert len(rows) == 48
    assert {values(row)[0] for row in rows[:12] + rows[13:]} == {0.0}
    assert values(rows[0]) == [0.0, 0.0, None]
    assert values(rows[12]) == [52 * 60, 1, 52 * 60]
    assert rows[12]["Dimensions"] == {"QUEUE": queue.id, "QUEUE_ARN": queue.arn}
    interval = rows[12]["MetricInterval"]
    assert interval["Interval"] == "THIRTY_MIN"
    assert (interval["StartTime"].hour, interval["StartTime"].minute) == (6, 0)
    assert (interval["EndTime"] - interval["StartTime"]).total_seconds() == 1800
    assert [one["Metric"] for one in rows[12]["Collections"]] == [
        {"Name": name} for name in ("SUM_HANDLE_TIME", "CONTACTS_HANDLED", "AVG_HANDLE_TIME")
    ]


async def test_days_are_those_of_the_time_zone(office: Office, clock: Clock) -> None:
    """MET-92: around the end of summer time in Berlin a day has 25 hours; the same span in UTC has other days."""
    clock.ahead = from_iso("2026-11-01T00:00:00Z") - now_ms()
    admin = await sign_in(office.app, office.instance, "admin")
    for ended in ("2026-10-24T21:59:59Z", "2026-10-24T22:00:00Z", "2026-10-25T22:59:59Z", "2026-10-25T23:00:00Z"):
        await keep(office, from_iso(ended) - HOUR, from_iso(ended))
    begin, end = from_iso("2026-10-23T22:00:00Z"), from_iso("2026-10-26T23:00:00Z")

    async def days(zone: str) -> list[tuple[float, float | None]]:
        interval = {"IntervalPeriod": "DAY", "TimeZone": zone}
        rows = await ask(admin, office, begin, end, "CONTACTS_HANDLED", Interval=interval)
        spans = [(row["MetricInterval"]["StartTime"], row["MetricInterval"]["EndTime"]) for row in rows]
        return [((last - first) / 3600, values(row)[0]) for (first, last), row in zip(spans, rows, strict=True)]

    assert await days("Europe/Berlin") == [(24, 1), (25, 2), (24, 1)]
    assert await days("UTC") == [(2, 0), (24, 2), (24, 2), (23, 0)]


async def test_thresholds_filters_and_dimensions(office: Office) -> None:
    """ROUT-109, MET-102, MET-171: service levels of up to seven days for tasks beside seconds for chats."""
    day = yesterday() - 20 * DAY
    await keep(office, day, day + 5 * DAY, waited=4 * DAY, worked=5 * MINUTE)
    await keep(office, day, day + 6 * DAY, agent=None)
    await keep(office, day, day + HOUR, channel="CHAT", waited=20 * SECOND, agent="agent2")
    levels = [
        {"Name": "SERVICE_LEVEL", "Threshold": [{"Comparison": comparison, "ThresholdValue": value}]}
        for comparison, value in (("LT", 20), ("LTE", 20), ("LTE", 4 * 86_400), ("LTE", 604_800))
    ]
    rows = await ask(office.key, office, day, day + 7 * DAY, *levels, "CONTACTS_QUEUED", Groupings=["CHANNEL"])
    found = {row["Dimensions"]["CHANNEL"]: values(row) for row in rows}
    assert found == {"CHAT": [0, 100, 100, 100, 1], "TASK": [0, 0, 50, 100, 2]}
    assert rows[0]["Collections"][0]["Metric"] == levels[0]
    profile, user = office.named("routing-profile", "Basic"), office.named("user", "agent2")
    by_both = await ask(
        office.key, office, day, day + 7 * DAY, "CONTACTS_HANDLED", Groupings=["ROUTING_PROFILE", "AGENT"],
        Filters=[_filter("AGENT", user.arn), _filter("CHANNEL", "CHAT")],
    )  # fmt: skip
    assert [(row["Dimensions"], values(row)) for row in by_both] == [
        (
            {
                "ROUTING_PROFILE": profile.id,
                "ROUTING_PROFILE_ARN": profile.arn,
                "AGENT": user.id,
                "AGENT_ARN": user.arn,
            },
            [1],
        )
    ]
    assert await ask(office.key, office, day - 9 * DAY, day, "CONTACTS_HANDLED") == []


async def test_pages(office: Office) -> None:
    """MET-171: 100 rows a page unless less is asked for; a token goes on with the same question only."""
    day = yesterday()
    await keep(office, day, day + HOUR)
    asked = asking(office, day, day + 2 * HOUR, "CONTACTS_HANDLED", Interval={"IntervalPeriod": "FIFTEEN_MIN"})
    first = await office.key("GetMetricDataV2", **asked, MaxResults=6)
    second = await office.key("GetMetricDataV2", **asked, MaxResults=6, NextToken=first["NextToken"])
    assert (len(first["MetricResults"]), len(second["MetricResults"]), "NextToken" in second) == (6, 2, False)
    assert [values(row)[0] for row in first["MetricResults"] + second["MetricResults"]] == [0, 0, 0, 0, 1, 0, 0, 0]
    asked["Metrics"] = [{"Name": "CONTACTS_QUEUED"}]
    assert await office.key.refusal("GetMetricDataV2", **asked, NextToken=first["NextToken"]) == (
        "InvalidRequestException"
    )


def _filter(key: str, *given: str) -> dict[str, Any]:
    return {"FilterKey": key, "FilterValues": list(given)}


def _metric(name: str, *threshold: Any, **members: Any) -> dict[str, Any]:
    limits = [{"Comparison": threshold[0], "ThresholdValue": threshold[1]}] if threshold else []
    return {"Name": name, **({"Threshold": limits} if limits else {}), **members}


BAD: dict[str, dict[str, Any]] = {
    "Metric AVG_TALK_TIME is not supported": {"Metrics": [_metric("AVG_TALK_TIME")]},
    "Metric NONSENSE is not supported": {"Metrics": [_metric("NONSENSE")]},
    "at least one member": {"Metrics": []},
    "takes a Threshold": {"Metrics": [_metric("SERVICE_LEVEL")]},
    "takes no Threshold": {"Metrics": [_metric("CONTACTS_HANDLED", "LT", 20)]},
    "one of LT, LTE": {"Metrics": [_metric("SERVICE_LEVEL", "GT", 20)]},
    "from 1 to 604800": {"Metrics": [_metric("SERVICE_LEVEL", "LT", 604_801)]},
    "a whole number": {"Metrics": [_metric("SERVICE_LEVEL", "LT", 1.5)]},
    "at most 20 SERVICE_LEVEL": {"Metrics": [_metric("SERVICE_LEVEL", "LT", 20)] * 21},
    "takes no metric filter": {
        "Metrics": [_metric("CONTACTS_QUEUED", MetricFilters=[{"MetricFilterKey": "INITIATION_METHOD",
                                                               "MetricFilterValues": ["INBOUND"]}])]
    },
    "is no initiation method": {
        "Metrics": [_metric("CONTACTS_HANDLED", MetricFilters=[{"MetricFilterKey": "INITIATION_METHOD",
                                                                "MetricFilterValues": ["KNOCKING"]}])]
    },
    "StartTime must be before EndTime": {"StartTime": seconds(now_ms() + DAY)},
    "EndTime cannot be later": {"EndTime": seconds(now_ms() + DAY)},
    "available for 3 months": {"StartTime": seconds(now_ms() - 100 * DAY)},
    "less than 35 days": {"StartTime": seconds(now_ms() - 40 * DAY)},
    "less than 3 days": {"StartTime": seconds(now_ms() - 5 * DAY), "Interval": {"IntervalPeriod": "FIFTEEN_MIN"}},
    "is no time zone": {"Interval": {"TimeZone": "Mars/Olympus"}},
    "Filtering by WEATHER": {"Filters": [_filter("WEATHER", "rain")]},
    "need at least one of QUEUE": {"Filters": [_filter("CHANNEL", "CHAT")]},
    "twice": {"Filters": [_filter("CHANNEL", "CHAT"), _filter("CHANNEL", "TASK")]},
    "is no channel": {"Filters": [_filter("CHANNEL", "SMOKE")]},
    "is no feature": {"Filters": [_filter("FEATURE", "magic")]},
    "has no values": {"Filters": [{"FilterKey": "CHANNEL"}]},
    "Grouping by FEATURE": {"Groupings": ["FEATURE"]},
    "each member once": {"Groupings": ["QUEUE", "QUEUE"]},
    "cannot be grouped by AGENT": {"Groupings": ["AGENT"], "Metrics": [_metric("SERVICE_LEVEL", "LT", 20)]},
    f"needs a filter or grouping by {STEP}": {"Metrics": [_metric("STEP_CONTACTS_QUEUED")]},
    f"cannot be grouped by {STEP}": {"Groupings": [STEP], "Metrics": [_metric("CONTACTS_QUEUED")]},
}  # fmt: skip


async def test_refusals(office: Office) -> None:
    """MET-171, ROUT-109: what cannot be answered exactly is refused by name; a personal queue, a span too long."""
    now = now_ms()
    for message, change in BAD.items():
        asked = asking(office, now - DAY, now - MINUTE, "CONTACTS_HANDLED") | change
        with pytest.raises(ServiceError) as refused:
            await office.key("GetMetricDataV2", **asked)
        assert (refused.value.code, message in refused.value.message) == (NEVER, True), refused.value
    own = next(d for d in office.site.catalogue.all(office.instance, "queue") if d.body.get("QueueType") == "AGENT")
    for identifier, code in ((own.id, NEVER), (new_id(), "ResourceNotFoundException")):
        wanted = asking(office, now - DAY, now, "CONTACTS_HANDLED", Filters=[_filter("QUEUE", identifier)])
        assert await office.key.refusal("GetMetricDataV2", **wanted) == code


async def test_routing_steps_are_named_by_their_expressions(office: Office) -> None:
    """MET-171, RT-71: an expression may be longer than an identifier, and its JSON written in any way."""
    condition = {"ProficiencyLevel": 3, "Name": "Language", "Value": "French",
                 "ComparisonOperator": "NumberGreaterOrEqualTo"}  # fmt: skip
    text = dumps({"AndExpression": [{"AttributeCondition": condition}] * 5}, indent=4)
    assert len(text) > 1_000
    now = now_ms()
    filters = [_filter("QUEUE", office.named("queue", "BasicQueue").id), _filter(STEP, text)]
    assert await ask(office.key, office, now - DAY, now, "STEP_CONTACTS_QUEUED", Filters=filters) == []
    filters[1] = _filter(STEP, "{")
    wanted = asking(office, now - DAY, now, "STEP_CONTACTS_QUEUED", Filters=filters)
    assert await office.key.refusal("GetMetricDataV2", **wanted) == NEVER


DOCUMENTED: dict[str, set[str]] = {
    "Queue": {"QUEUE"},
    "Channel": {"CHANNEL"},
    "Routing Profile": {"ROUTING_PROFILE"},
    "Agent": {"AGENT"},
    "Agent Hierarchy": set(HIERARCHY),
    "Feature": {FEATURE},
    SUBTYPE: {SUBTYPE},
    "RoutingStepExpression": {STEP},
}


def test_metrics_take_what_the_public_model_says() -> None:
    """MET-171: groupings and filters of each metric are those that the model documents for it."""
    text = model("connect").operation_model("GetMetricDataV2").input_shape.members["Metrics"].documentation
    entries = dict(re.findall(r"<dt>([A-Z_0-9]+)</dt>\s*<dd>(.*?)</dd>", text, re.DOTALL))
    for name, metric in catalogue().items():
        plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", entries[name]))
        found = re.search(
            r"Valid groupings and filters: (.*?)(?= UI name| Threshold| Valid metric| Feature is|$)", plain
        )
        assert found is not None, name
        named = [DOCUMENTED.get(one.strip(), set()) for one in found[1].split(",")]
        assert metric.by == set().union(*named), name
        assert metric.threshold == ("ThresholdValue" in plain), name


async def test_history_follows_the_tags(office: Office) -> None:
    """MET-125, B20: people with access control tags group and filter by one kind of resource, of those they reach."""
    hours = office.named("hours-of-operation", "Hours").id
    await office.key("CreateQueue", Name="Other", HoursOfOperationId=hours)
    day = yesterday()
    for queue in ("BasicQueue", "Other"):
        await keep(office, day, day + HOUR, queue=queue)
    for kind, name in (("queue", "BasicQueue"), ("user", "agent1"), ("routing-profile", "Basic")):
        await office.tag(kind, name, Team="A")
    both = [office.named("queue", name).id for name in ("BasicQueue", "Other")]
    profile = office.named("routing-profile", "Basic").id
    leader = await office.leader("AccessMetrics.HistoricalMetrics.Access")
    span = day, day + DAY, "CONTACTS_HANDLED"

    async def refusal(**members: Any) -> str:
        return await leader.refusal("GetMetricDataV2", **asking(office, *span, **members))

    rows = await ask(leader, office, *span, Groupings=["QUEUE", "CHANNEL"])
    assert [row["Dimensions"]["QUEUE"] for row in rows] == both[:1]
    assert await refusal(Filters=[_filter("QUEUE", *both)]) == "ResourceNotFoundException"
    assert await refusal(Groupings=["QUEUE", "AGENT"]) == "AccessDeniedException"
    assert await refusal(Groupings=["QUEUE"], Filters=[_filter("ROUTING_PROFILE", profile)]) == "AccessDeniedException"
    watching = await sign_in(office.app, office.instance, "analyst")
    rows = await ask(watching, office, *span, Groupings=["QUEUE"], Filters=[_filter("ROUTING_PROFILE", profile)])
    assert {row["Dimensions"]["QUEUE"] for row in rows} == set(both)
