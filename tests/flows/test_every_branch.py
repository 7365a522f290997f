"""Flows of our own that go through every branch of every block; `switchroom flow test tests/flows/every_branch`."""

from functools import cache
from pathlib import Path

import pytest

from switchroom.flows.blocks import registry
from switchroom.flows.blocks.registry import Form
from switchroom.flows.check import check, errors_of
from switchroom.flows.language import Action, parse
from switchroom.flows.library import fill
from switchroom.flows.testing.description import Scenario, read
from switchroom.flows.testing.stage import reader
from switchroom.flows.testing.suite import Result, play

FOLDER = Path(__file__).parent / "every_branch"
SCENARIOS = [
    (file, scenario) for file in sorted(FOLDER.glob("*.yaml")) for scenario in read(file.read_text(encoding="utf-8"))
]
Taken = tuple[str, str, str]
"""A block, its form, and a way out of it."""


@cache
def played(number: int) -> Result:
    return play(SCENARIOS[number][1], reader(FOLDER))


@pytest.mark.parametrize(
    "number", range(len(SCENARIOS)), ids=[f"{file.stem}: {scenario.name}" for file, scenario in SCENARIOS]
)
def test_scenario(number: int) -> None:
    """BLK-003, BLK-005, BLK-006: each flow takes the way that is expected."""
    assert played(number).failures == []


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.json")), ids=lambda file: file.stem)
def test_flows_can_be_published(file: Path) -> None:
    """BLK-001: what the flows are made of is what publishing accepts."""
    types = {scenario.type for _, scenario in SCENARIOS if scenario.flow == file.name}
    content = file.read_text(encoding="utf-8")
    for type in types or {"MODULE" if "EndFlowModuleExecution" in content else "CONTACT_FLOW"}:
        assert errors_of(check(content, type)) == []


def test_every_branch_is_taken() -> None:
    """BLK-001, BLK-003: no branch of an available block is left out by all of the flows above."""
    taken = {one for number in range(len(SCENARIOS)) for one in _taken(number)}
    assert len(list(FOLDER.glob("*.json"))) >= 30
    assert sorted(_declared() - taken) == []


def _declared() -> set[Taken]:
    found = set()
    for form in registry.forms():
        if form.available:
            ways = [f"{way.kind} {way.outcome}".strip() for way in form.ways] or ["terminal"]
            found |= {(form.face.key, form.key, way) for way in [*ways, *(["row"] if form.rows else [])]}
    return found


def _taken(number: int) -> set[Taken]:
    actions = _actions(SCENARIOS[number][1])
    found = set()
    for step in played(number).played.steps:
        action = actions.get((step.flow, step.action))
        form = registry.form_of(action.type, action.parameters) if action is not None else None
        if action is not None and form is not None and step.outcome:
            found.add((form.face.key, form.key, _way(form, action, step.outcome)))
    return found


def _way(form: Form, action: Action, outcome: str) -> str:
    kind, _, detail = outcome.partition(":")
    if kind == "next":
        return "NEXT"
    if kind == "error":
        return f"ERROR {detail}"
    if kind == "condition":
        operand = action.conditions[int(detail)].operand
        own = any(way.kind == "CONDITION" and way.outcome == operand for way in form.ways)
        return f"CONDITION {operand}" if own else "row"
    return "terminal"


@cache
def _flow(file: str, id: str) -> dict[tuple[str, str], Action]:
    content = fill((FOLDER / file).read_text(encoding="utf-8"), lambda kind, name: f"arn/{name}")
    return {(id, action.id): action for action in parse(content).actions.values()}


def _actions(scenario: Scenario) -> dict[tuple[str, str], Action]:
    found = dict(_flow(scenario.flow, "main"))
    for name, file in (scenario.flows | scenario.modules).items():
        found |= _flow(file, name)
    return found
