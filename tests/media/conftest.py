"""A site with telephones: the real processes, and callers of our own."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from switchroom.resources.audio import form_of
from tests.media.caller import Telephone, found_in
from tests.media.flows import flow as flow
from tests.media.stand_in import centre as centre
from tests.quiet import quiet
from tests.server import Server

MakeTelephone = Callable[..., Awaitable[Telephone]]


@pytest.fixture(scope="module")
def site(telephone_server: Server) -> Server:
    """A demo centre with telephones, shared by the tests of a worker, and quiet."""
    quiet(telephone_server)
    return telephone_server


@pytest.fixture
async def telephone(site: Server) -> AsyncIterator[MakeTelephone]:
    """Makes telephones that call the site; all are closed with the test."""
    made: list[Telephone] = []

    async def make(**options: Any) -> Telephone:
        one = await Telephone(**options).open(site.sip_port)
        made.append(one)
        return one

    yield make
    for one in made:
        with contextlib.suppress(Exception):
            if not one.over.is_set() and one._remote_tag:
                one.request("BYE")
        await one.close()


@pytest.fixture(scope="module")
def desk(site: Server) -> "Desk":
    return Desk(site)


class Desk:
    """The site's API as a test needs it."""

    def __init__(self, server: Server) -> None:
        self.connect = server.boto("connect")
        self.instance = self.connect.list_instances()["InstanceSummaryList"][0]["Id"]

    def in_queue(self) -> int:
        """Contacts that wait in the demo's queue."""
        queues = self.connect.list_queues(InstanceId=self.instance, QueueTypes=["STANDARD"])["QueueSummaryList"]
        found = self.connect.get_current_metric_data(
            InstanceId=self.instance,
            Filters={"Queues": [queue["Id"] for queue in queues], "Channels": ["VOICE"]},
            CurrentMetrics=[{"Name": "CONTACTS_IN_QUEUE", "Unit": "COUNT"}],
        )["MetricResults"]
        return int(sum(one["Collections"][0]["Value"] for one in found))

    def voice_contacts(self) -> list[dict[str, Any]]:
        """Contacts of calls that an agent has or that are over, newest first, as DescribeContact shows them."""
        now = time.time()
        found = self.connect.search_contacts(
            InstanceId=self.instance,
            TimeRange={"Type": "INITIATION_TIMESTAMP", "StartTime": now - 3600, "EndTime": now + 60},
            SearchCriteria={"Channels": ["VOICE"]},
            Sort={"FieldName": "INITIATION_TIMESTAMP", "Order": "DESCENDING"},
        )["Contacts"]
        return [self.contact(one["Id"]) for one in found]

    def contact(self, identifier: str) -> dict[str, Any]:
        described: dict[str, Any] = self.connect.describe_contact(InstanceId=self.instance, ContactId=identifier)
        return dict(described["Contact"])

    def caller_contact(self, number: str, method: str = "INBOUND") -> dict[str, Any]:
        """The newest contact of a caller."""
        for contact in self.voice_contacts():
            address = contact.get("CustomerEndpoint", {}).get("Address")
            if address == number and contact["InitiationMethod"] == method:
                return contact
        raise LookupError(number)


async def until(condition: Callable[[], Any], patience: float = 15.0) -> Any:
    """What a condition (asked in a thread) gives once it is true."""
    deadline = time.monotonic() + patience
    problem: Exception | None = None
    while time.monotonic() < deadline:
        try:
            value = await asyncio.to_thread(condition)
        except (LookupError, OSError) as error:
            problem, value = error, None
        if value:
            return value
        await asyncio.sleep(0.1)
    raise AssertionError(f"it did not happen in time: {problem}")


def spoken(server: Server, heard: np.ndarray) -> float:
    """How surely one of the texts that the site has rendered is what was heard."""
    best = 0.0
    for file in (server.data / "objects").rglob("*.wav"):
        if "shipped" not in file.parts:
            best = max(best, found_in(_pcm(file)[:16000], heard))
    return best


def shipped(server: Server, name: str) -> np.ndarray:
    """The sound of a prompt every instance has."""
    file = next((server.data / "objects").rglob(name))
    return _pcm(file)


def _pcm(file: Path) -> np.ndarray:
    data = file.read_bytes()
    form = form_of(data)
    return np.frombuffer(data, "<i2", form.size // 2, form.start)
