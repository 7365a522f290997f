"""A centre that tests share, put back as it was: nobody is at work, nothing is on any desk."""

import contextlib
from typing import Any

from botocore.exceptions import ClientError

from tests.server import Server

_CLEARABLE = ("ENDED", "MISSED", "REJECTED", "ERROR")
_ENDABLE = ("CONNECTING", "CONNECTED", "CONNECTED_ONHOLD", "PAUSED")


def quiet(server: Server) -> None:
    """Every agent goes Offline; what was offered is rejected, what was talked about ends and is cleared."""
    connect, desk = server.boto("connect"), server.boto("switchroom")
    instance = connect.list_instances()["InstanceSummaryList"][0]["Id"]
    statuses = connect.list_agent_statuses(InstanceId=instance)["AgentStatusSummaryList"]
    offline = next(one["Id"] for one in statuses if one["Type"] == "OFFLINE")
    for user in connect.list_users(InstanceId=instance)["UserSummaryList"]:
        who = {"InstanceId": instance, "UserId": user["Id"]}
        snapshot = desk.get_agent_snapshot(**who)["Snapshot"]
        if snapshot["Status"]["Type"] != "OFFLINE" or snapshot["Contacts"]:
            desk.set_agent_status(StatusId=offline, **who)
        for contact in desk.get_agent_snapshot(**who)["Snapshot"]["Contacts"]:
            _clear(desk, contact, {**who, "ContactId": contact["ContactId"]})


def _clear(desk: Any, contact: dict[str, Any], at: dict[str, str]) -> None:
    with contextlib.suppress(ClientError):
        if contact["State"] in _ENDABLE:
            desk.end_contact(**at)
        elif contact["State"] not in _CLEARABLE:
            desk.reject_contact(**at)
        desk.clear_contact(**at)
