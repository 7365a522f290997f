"""Contact search: the criteria of SearchContacts as conditions on the table of contacts (QUAL-89..93, 107, 112)."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from switchroom.base.clock import DAY, from_seconds
from switchroom.base.errors import invalid_parameter
from switchroom.storage import contacts
from switchroom.storage.contacts import ContactRow, Query
from switchroom.storage.postgres import Database

LONGEST = 56 * DAY
MOST = 10_000
"""A search reaches no further than its first 10,000 contacts (QUAL-107)."""
TIMES = {
    "INITIATION_TIMESTAMP": "initiated_at",
    "SCHEDULED_TIMESTAMP": "scheduled_at",
    "CONNECTED_TO_AGENT_TIMESTAMP": "connected_at",
    "DISCONNECT_TIMESTAMP": "disconnected_at",
    "ENQUEUE_TIMESTAMP": "enqueued_at",
}
SORTS = {
    **{name: column for name, column in TIMES.items() if name != "ENQUEUE_TIMESTAMP"},
    "INITIATION_METHOD": "initiation_method",
    "CHANNEL": "channel",
}
LISTED = "(completed_at IS NOT NULL OR connected_at IS NOT NULL OR channel = 'TASK')"
"""Of contacts in progress, voice and chat are found once an agent has them, tasks from the start (QUAL-90)."""


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """Where the next page begins: after this sort value and id; `seen` contacts were shown, `total` were counted."""

    value: int | str
    id: str
    seen: int
    total: int


class Found(msgspec.Struct, frozen=True):
    """A page of contacts; `total` stops counting at 10,000."""

    rows: list[ContactRow]
    total: int
    next: Cursor | None


async def search(
    database: Database,
    instance: str,
    request: dict[str, Any],
    *,
    limit: int,
    cursor: Cursor | None = None,
    restrict: Callable[[Query], None] | None = None,
) -> Found:
    """One page. `request` has the members of SearchContacts; `restrict` adds what the caller may see.

    Raises InvalidParameterException for a range of more than 8 weeks or one that ends before it begins.
    """
    query = Query(instance)
    if restrict is not None:
        restrict(query)
    query.where(LISTED)
    _time_range(query, request["TimeRange"])
    for member, value in (request.get("SearchCriteria") or {}).items():
        if value:
            _CRITERIA[member](query, value)
    total = await contacts.count(database, query, MOST) if cursor is None else cursor.total
    column, order = _sort(request)
    seen = 0
    if cursor is not None:
        seen = cursor.seen
        query.where(f"({column}, id) {'>' if order == 'ASC' else '<'} (?, ?)", cursor.value, cursor.id)
    size = min(limit, MOST - seen)
    rows = await contacts.search(database, query, f"{column} {order}, id {order}", size + 1) if size else []
    more, rows = len(rows) > size and seen + size < MOST, rows[:size]
    following = Cursor(_value(rows[-1], column), rows[-1].id, seen + size, total) if more else None
    return Found(rows, total, following)


def _time_range(query: Query, given: dict[str, Any]) -> None:
    start, end = from_seconds(given["StartTime"]), from_seconds(given["EndTime"])
    if end < start:
        raise invalid_parameter("TimeRange ends before it begins")
    if end - start > LONGEST:
        raise invalid_parameter("TimeRange covers more than 8 weeks")
    query.where(f"{TIMES[given['Type']]} BETWEEN ? AND ?", start, end)


def _sort(request: dict[str, Any]) -> tuple[str, str]:
    """(SQL expression, direction); contacts without the timestamp count as the earliest."""
    sort = request.get("Sort")
    ranged = TIMES[request["TimeRange"]["Type"]]
    if sort is None:
        return ranged, "DESC"
    column = SORTS.get(sort["FieldName"])
    if column is None:
        raise invalid_parameter(f"Contacts cannot be sorted by {sort['FieldName']}")
    optional = column in TIMES.values() and column not in (ranged, "initiated_at")
    return (f"coalesce({column}, 0)" if optional else column), "ASC" if sort["Order"] == "ASCENDING" else "DESC"


def _value(row: ContactRow, column: str) -> int | str:
    name = column.removeprefix("coalesce(").removesuffix(", 0)")
    value: int | str | None = getattr(row, name)
    return 0 if value is None else value


def _any_of(column: str) -> Callable[[Query, Sequence[str]], None]:
    return lambda query, values: query.where(f"{column} = ANY(?)", [value.rpartition("/")[2] for value in values])


def _hierarchy(query: Query, given: dict[str, Sequence[str] | None]) -> None:
    for level in range(1, 6):
        identifiers = given.get(f"L{level}Ids")
        if identifiers:
            query.where(f"hierarchy[{level}] = ANY(?)", [each.rpartition("/")[2] for each in identifiers])


def _pairs(column: str) -> Callable[[Query, dict[str, Any]], None]:
    """Attributes by key, each with the values it may have."""

    def condition(query: Query, given: dict[str, Any]) -> None:
        parts: list[tuple[str, list[Any]]] = []
        for criterion in given["Criteria"]:
            choices = [_json({criterion["Key"]: value}) for value in criterion["Values"]]
            parts.append((" OR ".join(f"{column} @> ?::jsonb" for _ in choices) or "false", choices))
        _combine(query, parts, given.get("MatchType"))

    return condition


def _name(query: Query, given: dict[str, Any]) -> None:
    exact = given.get("MatchType") == "MATCH_EXACT"
    condition = "name = ?" if exact else "strpos(lower(name), lower(?)) > 0"
    _combine(query, [(condition, [text]) for text in given["SearchText"]], given.get("MatchType"))


def _tags(query: Query, given: dict[str, Any]) -> None:
    def has(tag: dict[str, Any]) -> tuple[str, list[Any]]:
        if tag.get("TagValue") is None:
            return "jsonb_exists(tags, ?)", [tag["TagKey"]]
        return "tags @> ?::jsonb", [_json({tag["TagKey"]: tag["TagValue"]})]

    every = [has(tag) for tag in (given.get("AndConditions") or [])]
    if given.get("TagCondition"):
        every.append(has(given["TagCondition"]))
    for condition, values in every:
        query.where(condition, *values)
    alternatives = given.get("OrConditions") or []
    if alternatives:
        lists = [[has(tag) for tag in tags] for tags in alternatives]
        sql = " OR ".join("(" + " AND ".join(condition for condition, _ in tags) + ")" for tags in lists)
        query.where(sql, *[value for tags in lists for _, values in tags for value in values])


def _more_times(query: Query, given: dict[str, Any]) -> None:
    parts: list[tuple[str, list[Any]]] = []
    for criterion in given["Criteria"]:
        ranged, absent = criterion.get("TimeRange"), criterion.get("TimestampCondition")
        if ranged is not None:
            moments = [from_seconds(ranged["StartTime"]), from_seconds(ranged["EndTime"])]
            parts.append((f"{TIMES[ranged['Type']]} BETWEEN ? AND ?", moments))
        if absent is not None:
            parts.append((f"{TIMES[absent['Type']]} IS NULL", []))
    _combine(query, parts, given.get("MatchType"))


def _combine(query: Query, parts: list[tuple[str, list[Any]]], match: str | None) -> None:
    """Join conditions by MATCH_ALL (the default), MATCH_ANY or MATCH_NONE."""
    if not parts:
        return
    word = " AND " if match in (None, "MATCH_ALL", "MATCH_EXACT") else " OR "
    sql = word.join(f"({condition})" for condition, _ in parts)
    query.where(f"({sql}) IS NOT TRUE" if match == "MATCH_NONE" else sql, *[v for _, values in parts for v in values])


def _nothing(query: Query, given: Any) -> None:
    """Contacts have no such data, so none matches: they are not analysed, routed to named agents, or assisted."""
    query.where("false")


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


_CRITERIA: dict[str, Callable[[Query, Any], None]] = {
    "AgentIds": _any_of("agent"),
    "QueueIds": _any_of("queue"),
    "Channels": _any_of("channel"),
    "InitiationMethods": _any_of("initiation_method"),
    "AgentHierarchyGroups": _hierarchy,
    "SearchableContactAttributes": _pairs("attributes"),
    "SearchableSegmentAttributes": _pairs("segment_attributes"),
    "Name": _name,
    "ContactTags": _tags,
    "AdditionalTimeRange": _more_times,
    "ContactAnalysis": _nothing,
    "RoutingCriteria": _nothing,
    "AiAgents": _nothing,
    "ActiveRegions": lambda query, given: None,
}
