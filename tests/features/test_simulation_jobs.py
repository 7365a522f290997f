"""Simulations of a real instance: drafted from its past, queued, played in a process of their own, replayed."""

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
import yaml

from switchroom.base.clock import HOUR, SECOND
from switchroom.features.simulation.jobs import NODE_DIED, STALE, Simulations
from switchroom.features.simulation.scenario import load
from switchroom.features.simulation.study import study
from switchroom.features.simulation.worker import Task
from switchroom.storage import simulations as store
from switchroom.wire.context import Services
from switchroom.wire.operation import load_bindings
from tests.features.recorded import BEGIN, Past
from tests.wire.conftest import clock, site
from tests.wire.doors import make_app
from tests.wire.people import Client, sign_in

__all__ = ["clock", "site"]

_SMALL = """
name: Small
hours: 1
replications: 3
queues: {Q: {arrivals: {per_hour: 60}, handle: {exponential: 60}, patience: {exponential: 60}}}
profiles: {P: {queues: {Q: 1}}}
staff: [{profile: P, count: 2}]
variants: {one less: {staff: [{profile: P, count: 1}]}}
"""
_LONG = _SMALL.replace("replications: 3", "replications: 1000").replace("hours: 1", "hours: 24")


@pytest.fixture
async def node(site: Services) -> AsyncIterator[Simulations]:
    """The simulations of a node; not started."""
    site.simulations = Simulations(site.database, site.site)
    yield site.simulations
    await site.simulations.stop()


@pytest.fixture
def client(site: Services, node: Simulations) -> Client:
    (instance,) = site.catalogue.instances()
    return Client(make_app(load_bindings(), site), instance.id)


async def _until(client: Client, simulation: str, *states: str) -> dict[str, Any]:
    async with asyncio.timeout(60):
        while True:
            found = await client.own("DescribeSimulation", SimulationId=simulation)
            if found["Simulation"]["State"] in states:
                return found
            await asyncio.sleep(0.05)


async def test_a_past_is_drafted_and_replayed(site: Services, node: Simulations, client: Client) -> None:
    """Some hours of a real centre: the draft knows its customers and agents, the replay assigns every one as it was;
    with another configuration the replay tells what would have been."""
    past = Past(site, seed=4)
    await past.furnish()
    await past.live(customers=90, minutes=60)
    span = {"HistoryFrom": BEGIN // SECOND - 3_600, "HistoryTo": (BEGIN + 24 * HOUR) // SECOND}
    draft = await client.own("DraftSimulation", Source="LIVE", **span)
    found = next(iter(load(draft["Scenario"]).values()))
    assert set(found.queues) == {"Claims", "Orders"}
    assert found.profiles["Second"].queues.keys() == {"Claims", "Orders"}
    assert sum(staff.count for staff in found.staff) == 4
    assert any("Monday" in note for note in draft["Notes"])
    assert study(found)[0].all["answered"].mean > 20

    tuesday = await client.own("DraftSimulation", Source="LIVE", Weekday="TUESDAY", **span)
    assert any("Tuesday" in note for note in tuesday["Notes"])
    rates = load(tuesday["Scenario"]).popitem()[1].queues["Claims"].arrivals.per_hour
    assert isinstance(rates, list) and sum(rates) == 0

    node.start()
    times = {"From": BEGIN // SECOND, "To": (BEGIN + 2 * HOUR) // SECOND}
    same = await client.own("ReplayDay", **times, Name="As it was")
    changes = "profiles: {First: {queues: {Orders: null}}}\nagents: {agent2: {profile: First}}"
    other = await client.own("ReplayDay", **times, Changes=changes)
    replay = (await _until(client, same["SimulationId"], "DONE", "FAILED"))["Replay"]
    assert replay["Contacts"] == replay["Same"] > 60
    assert replay["Recorded"] == replay["Simulated"]
    assert {queue["Name"] for queue in replay["Queues"]} == {"Claims", "Orders"}
    varied = (await _until(client, other["SimulationId"], "DONE", "FAILED"))["Replay"]
    assert varied["Contacts"] == replay["Contacts"] > varied["Same"]
    assert len(varied["Different"]) == min(200, varied["Contacts"] - varied["Same"])
    assert {one["SimulatedAgent"] for one in varied["Different"] if one["Queue"] == "Orders"} <= {"analyst", None}


async def test_studies_are_queued_played_and_forgotten(node: Simulations, client: Client) -> None:
    """One at a time, with progress; results as the command line has them; cancelled, failed and deleted ones."""
    first = (await client.own("StartSimulation", Name="First", Scenario=_SMALL))["SimulationId"]
    second = (await client.own("StartSimulation", Name="Second", Scenario=_LONG))["SimulationId"]
    listed = (await client.own("ListSimulations", MaxResults=1))["Simulations"]
    assert [(one["Name"], one["State"]) for one in listed] == [("Second", "QUEUED")]
    node.start()
    done = await _until(client, first, "DONE", "FAILED")
    base, variant = done["Results"]
    expected = [study(one)[0] for one in load(_SMALL).values()]
    assert base["All"]["answered"]["Mean"] == pytest.approx(expected[0].all["answered"].mean)
    assert variant["Differences"]["abandoned"]["Mean"] == pytest.approx(
        expected[1].all["abandoned"].mean - expected[0].all["abandoned"].mean, abs=1e-5
    )
    assert variant["QueueDifferences"]["Q"] == variant["Differences"]
    assert len(base["Queues"][0]["Intervals"]) == 2
    await _until(client, second, "RUNNING")
    await client.own("CancelSimulation", SimulationId=second)
    assert (await _until(client, second, "CANCELLED"))["Simulation"]["Scenario"] == _LONG
    third = (await client.own("StartSimulation", Name="Third", Scenario=_SMALL, Replications=1))["SimulationId"]
    assert (await _until(client, third, "DONE"))["Results"][0]["Replications"] == 1
    await client.own("DeleteSimulation", SimulationId=third)
    assert await client.refusal("DescribeSimulation", "switchroom", SimulationId=third) == "ResourceNotFoundException"


async def test_a_node_that_dies(site: Services, node: Simulations, client: Client) -> None:
    """What a dead node played is played by another; what takes its node down twice is given up; an orderly stop
    queues it again."""
    key = (await client.own("StartSimulation", Name="Once", Scenario=_SMALL))["SimulationId"]
    row = await store.claim(site.database, "dead", 0, 0)
    assert row is not None and row.id == key
    node.start()
    assert (await _until(client, key, "DONE"))["Simulation"]["Progress"] == 1
    again = (await client.own("StartSimulation", Name="Again", Scenario=_LONG))["SimulationId"]
    await _until(client, again, "RUNNING")
    await node.stop()
    assert (await client.own("DescribeSimulation", SimulationId=again))["Simulation"]["State"] == "QUEUED"
    for _ in range(2):
        assert await store.claim(site.database, "dead", 1, STALE) is not None
    node.start()
    failed = await _until(client, again, "FAILED")
    assert failed["Simulation"]["Error"] == NODE_DIED


async def test_a_process_ends_with_its_node() -> None:
    """Whoever asked is gone: nobody goes on playing for nobody."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "switchroom.features.simulation.worker"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(msgspec.json.encode(Task(kind="STUDY", scenario=_LONG)) + b"\n")
    await process.stdin.drain()
    assert b"progress" in await process.stdout.readline()
    process.stdin.close()
    assert await asyncio.wait_for(process.wait(), 30) == 1


async def test_what_is_refused(site: Services, client: Client) -> None:
    """Bounds, references, files of the node, and people without the permission."""
    check = await client.own("CheckSimulation", Scenario=_SMALL)
    assert check["Summary"] == {
        "Queues": [{"Name": "Q", "Channel": "VOICE", "PerDay": 60}],
        "Agents": 2,
        "Variants": ["one less"],
    }
    day = yaml.safe_load(_SMALL)
    for part, value, path in (
        ("staff", [{"profile": "P", "count": 100_000}], "staff"),
        ("hours", 700, "hours"),
        ("replications", 1_000_000, "replications"),
        ("queues", {"Q": {"arrivals": {"file": "/etc/passwd"}, "handle": 1}}, "queues.Q.arrivals.file"),
        ("queues", {"Q": {"arrivals": {"per_hour": 1e6}, "handle": 1}}, "queues"),
        ("queues", {"Q": {"arrivals": {"per_hour": -1}, "handle": "x"}}, "queues.Q.handle"),
    ):
        text = yaml.safe_dump({**day, part: value})
        problems = (await client.own("CheckSimulation", Scenario=text))["Problems"]
        assert path in [problem["Path"] for problem in problems], problems
        refusal = await client.refusal("StartSimulation", "switchroom", Name="No", Scenario=text)
        assert refusal == "InvalidParameterException"
    aliases = await client.own("CheckSimulation", Scenario="a: &a [1]\nqueues: *a")
    assert "references" in aliases["Problems"][0]["Reason"]
    wrong = {"From": 10, "To": 5}
    assert await client.refusal("ReplayDay", "switchroom", **wrong) == "InvalidParameterException"
    csv = "InitiationTimestamp,Queue\n2026-01-05T00:10:00Z,Q\n2026-01-05T00:20:00Z,Other\n"
    text = yaml.safe_dump({**day, "queues": {"Q": {"arrivals": {"csv": csv}, "handle": 60}}})
    assert (await client.own("CheckSimulation", Scenario=text))["Summary"]["Queues"][0]["PerDay"] == 1
    agent = await sign_in(make_app(load_bindings(), site), client.instance, "agent1")
    assert await agent.refusal("ListSimulations", "switchroom") == "AccessDeniedException"
