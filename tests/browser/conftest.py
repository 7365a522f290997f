"""Nobody is at work when a browser test begins, and nothing it started runs on when it is over."""

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.browser.people import STARTED, client, instance_of, names
from tests.server import Server

_CLEARABLE = ("ENDED", "MISSED", "REJECTED", "ERROR")


@pytest.fixture
def centre(switchroom_server: Server) -> Iterator[Server]:
    """The demo centre, quiet: every agent is Offline, every desk is empty."""
    _quiet(switchroom_server)
    STARTED.clear()
    yield switchroom_server
    for contact in filter(None, STARTED):
        with contextlib.suppress(ClientError):
            client(switchroom_server, "connect").stop_contact(
                InstanceId=instance_of(switchroom_server), ContactId=contact
            )
    _quiet(switchroom_server)


def _quiet(server: Server) -> None:
    desk, instance = client(server, "switchroom"), instance_of(server)
    offline = names(server, "list_agent_statuses", "AgentStatusSummaryList")["Offline"]
    for user in names(server, "list_users", "UserSummaryList").values():
        who = {"InstanceId": instance, "UserId": user}
        snapshot = desk.get_agent_snapshot(**who)["Snapshot"]
        if snapshot["Status"]["Type"] != "OFFLINE" or snapshot["Contacts"]:
            desk.set_agent_status(StatusId=offline, **who)
        for contact in desk.get_agent_snapshot(**who)["Snapshot"]["Contacts"]:
            _clear(desk, contact, {**who, "ContactId": contact["ContactId"]})


def _clear(desk: Any, contact: dict[str, Any], at: dict[str, str]) -> None:
    with contextlib.suppress(ClientError):
        if contact["State"] in ("CONNECTED", "PAUSED"):
            desk.end_contact(**at)
        elif contact["State"] not in _CLEARABLE:
            desk.reject_contact(**at)
        desk.clear_contact(**at)
