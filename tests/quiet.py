"""A centre that tests share, put back as it was: nobody is at work, nobody waits, nothing is on any desk."""

import contextlib
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from tests.server import Server

_CLEARABLE = ("ENDED", "MISSED", "REJECTED", "ERROR")
_ENDABLE = ("CONNECTING", "CONNECTED", "CONNECTED_ONHOLD", "PAUSED")


def quiet(server: Server) -> None:
    """Every agent goes Offline; what was offered is rejected, what was talked about ends and is cleared; whoever still
    waits is stopped."""
    connect, desk = server.boto("connect"), server.boto("switchroom")
    instance = connect.list_instances()["InstanceSummaryList"][0]["Id"]
    statuses = connect.list_agent_statuses(InstanceId=instance)["AgentStatusSummaryList"]
    offline = next(one["Id"] for one in statuses if one["Type"] == "OFFLINE")
    pages = connect.get_paginator("list_users").paginate(InstanceId=instance)
    for user in (one for page in pages for one in page["UserSummaryList"]):
        who = {"InstanceId": instance, "UserId": user["Id"]}
        snapshot = desk.get_agent_snapshot(**who)["Snapshot"]
        if snapshot["Status"]["Type"] != "OFFLINE" or snapshot["Contacts"]:
            desk.set_agent_status(StatusId=offline, **who)
        for contact in desk.get_agent_snapshot(**who)["Snapshot"]["Contacts"]:
            _clear(desk, contact, {**who, "ContactId": contact["ContactId"]})
    deadline = time.monotonic() + 10
    while _waiting(connect, instance) and time.monotonic() < deadline:
        _stop(connect, instance)


def _waiting(connect: Any, instance: str) -> float:
    queues = connect.list_queues(InstanceId=instance, QueueTypes=["STANDARD"])["QueueSummaryList"]
    figures = connect.get_current_metric_data(
        InstanceId=instance,
        Filters={"Queues": [queue["Id"] for queue in queues]},
        CurrentMetrics=[{"Name": "CONTACTS_IN_QUEUE", "Unit": "COUNT"}],
    )["MetricResults"]
    return sum(one["Value"] for row in figures for one in row["Collections"])


def _stop(connect: Any, instance: str) -> None:
    now = datetime.now(UTC)
    span = {"Type": "INITIATION_TIMESTAMP", "StartTime": now - timedelta(hours=1), "EndTime": now}
    newest = {"FieldName": "INITIATION_TIMESTAMP", "Order": "DESCENDING"}
    found = connect.search_contacts(InstanceId=instance, TimeRange=span, Sort=newest, MaxResults=100)
    for contact in found["Contacts"]:
        if "DisconnectTimestamp" not in contact:
            with contextlib.suppress(ClientError):
                connect.stop_contact(InstanceId=instance, ContactId=contact["Id"])


def _clear(desk: Any, contact: dict[str, Any], at: dict[str, str]) -> None:
    with contextlib.suppress(ClientError):
        if contact["State"] in _ENDABLE:
            desk.end_contact(**at)
        elif contact["State"] not in _CLEARABLE:
            desk.reject_contact(**at)
        desk.clear_contact(**at)
