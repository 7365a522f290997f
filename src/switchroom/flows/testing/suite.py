"""Plays the scenarios of files and folders."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import yaml

from switchroom.flows.testing.coverage import Coverage, FlowCoverage
from switchroom.flows.testing.description import Scenario, describes, read
from switchroom.flows.testing.expect import failures, path, said
from switchroom.flows.testing.inputs import DescriptionError, read_input
from switchroom.flows.testing.played import Played
from switchroom.flows.testing.player import Player
from switchroom.flows.testing.stage import Reader, Stage, reader
from switchroom.flows.testing.stubs import Bots, BotStubs, FunctionStubs

MAXIMUM_STEPS = 20_000
"""Blocks of one scenario; a flow that waits again and again in a circle comes to an end by it."""


class Result(msgspec.Struct, frozen=True):
    """What happened in a scenario, and `failures`: one line for each expectation that was not met."""

    name: str
    path: list[str]
    said: list[str]
    attributes: dict[str, str]
    queue: str | None
    end: str
    text: str
    failures: list[str]
    played: Played


class FileResult(msgspec.Struct):
    """The scenarios of one file; `wrong` tells why they could not be played."""

    file: str
    results: list[Result] = []
    wrong: str = ""


class SuiteResult(msgspec.Struct):
    """All files, and what they covered together."""

    files: list[FileResult]
    coverage: list[FlowCoverage]

    @property
    def passed(self) -> bool:
        """Whether every expectation was met."""
        return all(not file.wrong and not any(one.failures for one in file.results) for file in self.files)


def run(files: Iterable[Path], *, bots: Bots | None = None) -> SuiteResult:
    """Play the scenarios of files, and of folders with everything in them."""
    coverage = Coverage()
    results = [_file(file, coverage, bots) for place in files for file in _described(place)]
    return SuiteResult(results, coverage.flows())


def play(scenario: Scenario, read: Reader, *, coverage: Coverage | None = None, bots: Bots | None = None) -> Result:
    """Play one scenario. `bots` stands in for those the scenario does not describe. Raises DescriptionError."""
    stage = Stage(scenario, read, watch=_watch)
    inputs = [read_input(raw) for raw in scenario.customer]
    engine = bots if bots is not None and not scenario.bots else BotStubs(scenario.bots)
    player = Player(stage.world, stage.flow, inputs, FunctionStubs(scenario.functions), engine)
    played = player.play()
    if coverage is not None:
        for flow in _own_flows(stage, scenario):
            coverage.add(flow, played.steps)
    world = stage.world
    return Result(
        name=scenario.name or Path(scenario.flow).stem,
        path=path(played),
        said=said(played),
        attributes=dict(world.person.attributes),
        queue=world.queued,
        end=played.end,
        text=played.ended.text if played.ended is not None else "",
        failures=failures(scenario.expect, played, world, player.frame),
        played=played,
    )


def _file(file: Path, coverage: Coverage, bots: Bots | None) -> FileResult:
    result = FileResult(str(file))
    try:
        for scenario in read(file.read_text(encoding="utf-8")):
            result.results.append(play(scenario, reader(file.parent), coverage=coverage, bots=bots))
    except (DescriptionError, OSError, UnicodeDecodeError) as wrong:
        result.wrong = str(wrong)
    return result


def _described(place: Path) -> Iterator[Path]:
    if not place.is_dir():
        yield place
        return
    for file in sorted(place.rglob("*.y*ml")):
        if file.suffix in (".yaml", ".yml") and _is_description(file):
            yield file


def _is_description(file: Path) -> bool:
    """Other YAML files may lie in the folder; one that cannot be read is reported."""
    try:
        return describes(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (yaml.YAMLError, OSError, UnicodeDecodeError):
        return True


def _own_flows(stage: Stage, scenario: Scenario) -> Iterator[Any]:
    yield stage.flow
    for resource in stage.world.resources:
        if resource.kind in ("contact-flow", "contact-flow-module"):
            flow = stage.world.shelf.flow(resource.id)
            if flow is not None and flow.name in (*scenario.flows, *scenario.modules):
                yield flow


def _watch(steps: int) -> None:
    if steps > MAXIMUM_STEPS:
        raise DescriptionError(f"The scenario does not come to an end: {MAXIMUM_STEPS} blocks ran")
