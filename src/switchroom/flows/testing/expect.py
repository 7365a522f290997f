"""Compares what a scenario did with what was expected."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

import msgspec

from switchroom.flows.attributes import MISSING, path_of, resolve
from switchroom.flows.language import text_of
from switchroom.flows.state import Frame
from switchroom.flows.testing.description import Expected
from switchroom.flows.testing.inputs import DescriptionError
from switchroom.flows.testing.played import Played
from switchroom.flows.testing.world import PlayedWorld


def path(played: Played) -> list[str]:
    """The names of the blocks that ran, in order; a block that waited, or waited for its module, stands there once."""
    returned = ("InvokeFlowModule", "next")
    return [name for name, _ in groupby(s.name for s in played.steps if (s.type, s.outcome) != returned)]


def said(played: Played) -> list[str]:
    """Everything that was said to the customer."""
    return [line.text for line in played.lines if line.who != "customer"]


def failures(expected: Expected, played: Played, world: PlayedWorld, frame: Frame | None) -> list[str]:
    """One line for each expectation that was not met."""
    return list(_compare(expected, played, world, frame))


def _compare(expected: Expected, played: Played, world: PlayedWorld, frame: Frame | None) -> Iterator[str]:
    blocks, texts = path(played), said(played)
    yield from _equal("path", expected.path, blocks)
    if expected.through is not msgspec.UNSET and (missing := _absent(expected.through, blocks)):
        yield f"through: {missing!r} did not follow; the path was {blocks!r}"
    if expected.avoids is not msgspec.UNSET and (met := [name for name in expected.avoids if name in blocks]):
        yield f"avoids: {met!r} ran"
    yield from _equal("said", expected.said, texts)
    if expected.hears is not msgspec.UNSET and (missing := _absent(expected.hears, texts, within=True)):
        yield f"hears: nothing like {missing!r} followed; {texts!r} was said"
    if expected.attributes is not msgspec.UNSET:
        found = {key: world.person.attributes.get(key) for key in expected.attributes}
        yield from _equal("attributes", _texts(expected.attributes), found)
    yield from _equal("queue", expected.queue, world.queued)
    yield from _equal("end", expected.end, played.end)
    if expected.values is not msgspec.UNSET:
        for reference, wanted in expected.values.items():
            yield from _value(reference, wanted, frame, world)
    if expected.functions is not msgspec.UNSET:
        for name, parameters in expected.functions.items():
            yield from _called(name, parameters, played)


def _equal(what: str, wanted: Any, found: Any) -> Iterator[str]:
    if wanted is not msgspec.UNSET and wanted != found:
        yield f"{what}: expected {wanted!r}, got {found!r}"


def _absent(wanted: list[str], found: list[str], *, within: bool = False) -> str | None:
    """The first of `wanted` that does not follow in `found`, None when all are there in their order."""
    rest = iter(found)
    for one in wanted:
        if not any(one in text if within else one == text for text in rest):
            return one
    return None


def _value(reference: str, wanted: Any, frame: Frame | None, world: PlayedWorld) -> Iterator[str]:
    keys = path_of(reference)
    if keys is None:
        raise DescriptionError(f"{reference!r} is not a JSONPath that flows know")
    value = resolve(keys, frame, world) if frame is not None else MISSING
    found = None if value is MISSING else value
    if found != wanted and (found is None or wanted is None or text_of(found) != text_of(wanted)):
        yield f"{reference}: expected {wanted!r}, got {found!r}"


def _called(name: str, parameters: Mapping[str, Any], played: Played) -> Iterator[str]:
    calls = [use.event["Details"]["Parameters"] for use in played.functions if use.name == name]
    if not calls:
        yield f"functions: {name} was not called"
        return
    found = {key: calls[-1].get(key) for key in parameters}
    if {key: text_of(value) for key, value in found.items()} != _texts(parameters):
        yield f"functions: {name} expected {dict(parameters)!r}, got {found!r}"


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    return {key: text_of(value) for key, value in values.items()}
