"""The flow language: documents of the shapes that consoles, pipelines and templates write come back as they went in."""

import json
from pathlib import Path
from typing import Any

import pytest

from switchroom.flows.check import check, errors_of
from switchroom.flows.language import MAXIMUM_BYTES, FlowSyntaxError, current, dump, load, parse
from switchroom.flows.run import advance, start
from switchroom.flows.scenario import Contact, ScenarioWorld
from switchroom.flows.state import Await, Ended, Signal

DOCUMENTS = Path(__file__).with_name("documents")
CURRENT = sorted((DOCUMENTS / "current").glob("*.json"))
TYPES = {"customerQueue": "CUSTOMER_QUEUE", "contactFlow": "CONTACT_FLOW"}


def type_of(content: str) -> str:
    return TYPES[load(content)["Metadata"].get("type") or "contactFlow"]


@pytest.mark.parametrize("file", CURRENT, ids=lambda file: file.stem)
def test_round_trip(file: Path) -> None:
    """BLK-007: every key, unknown ones and metadata too, comes back in the order it had; the text is kept as it is."""
    content = file.read_text(encoding="utf-8")
    assert current(content) is content
    again = dump(parse(content))
    assert json.dumps(json.loads(again)) == json.dumps(json.loads(content))
    assert errors_of(check(content, type_of(content))) == []


@pytest.mark.parametrize("file", CURRENT, ids=lambda file: file.stem)
def test_real_shapes_run(file: Path) -> None:
    """Lists that are missing or empty, numbers as texts, blocks without parameters: such a flow runs to its end."""
    content = file.read_text(encoding="utf-8")
    world = ScenarioWorld(Contact(channel="CHAT", attributes={"order": "7"}))
    flow = parse(content, id="f", type=type_of(content))
    world.shelf.put(flow)
    run, outcome = start("run", flow, world.shelf, world)
    for _ in range(10):
        if isinstance(outcome, Await):
            run, outcome = advance(run, world.shelf, world, Signal(outcome.id, "failed", "no"))
    assert isinstance(outcome, Ended)


def test_names() -> None:
    """FLOW-38: a block's own name is its identifier."""
    flow = parse((DOCUMENTS / "current" / "console_export.json").read_text(encoding="utf-8"))
    assert flow.actions["Welcome callers"].name == "Welcome callers"


def document(**changes: Any) -> str:
    whole = {"Version": "2019-10-30", "StartAction": "a", "Actions": [{"Identifier": "a", "Type": "Loop"}]}
    return json.dumps(whole | changes)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[]", "not a JSON object"),
        ('"text"', "not a JSON object"),
        (document(Version="2020-01-01"), '"Version"'),
        (document(StartAction=None), '"StartAction"'),
        (document(Actions={}), '"Actions"'),
        (document(Actions=["a"]), "Action 0"),
        (document(Metadata=float("nan")), "NaN"),
        (document(Note="x" * MAXIMUM_BYTES), "bytes"),
        ("[" * 200_000, "nested deeper"),
        (document(Note=json.loads("[" * 110 + "]" * 110)), r"nested deeper than 100 levels at Note\[0\]\[0\]"),
        (document().replace("Loop", "\\ud83d"), "not JSON"),
        ('{"modules": [{"id": 1}], "start": "a"}', "Module 0"),
        ('{"modules": []}', '"start"'),
    ],
)
def test_bad_documents(content: str, reason: str) -> None:
    """What is no flow is refused with the reason, and where it is."""
    with pytest.raises(FlowSyntaxError, match=reason):
        parse(content)
    assert [problem.code for problem in check(content)] == ["not-a-flow"]
