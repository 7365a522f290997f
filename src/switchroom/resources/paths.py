"""Places inside a document body, written `A`, `A.B`, `A[]` or `A[].B`.

`[]` stands for every item of a list. A missing member on the way means that the place is empty.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

Step = tuple[str, bool]


@cache
def steps(path: str) -> tuple[Step, ...]:
    """`QueueConfigs[].QueueId` -> (("QueueConfigs", True), ("QueueId", False))"""
    return tuple((part.removesuffix("[]"), part.endswith("[]")) for part in path.split("."))


def values(body: dict[str, Any], path: str) -> Iterator[Any]:
    """What stands at a place; several values where the path passes a list."""
    yield from _values(body, steps(path))


def _values(node: Any, rest: tuple[Step, ...]) -> Iterator[Any]:
    if not rest:
        if node is not None:
            yield node
        return
    if not isinstance(node, dict):
        return
    (name, many), *further = rest
    inner = node.get(name)
    for item in inner or () if many else (inner,):
        yield from _values(item, tuple(further))


def replace(body: dict[str, Any], path: str, change: Callable[[Any], Any]) -> dict[str, Any]:
    """A copy of `body` with every value at the place passed through `change`; None from `change` removes it."""
    changed = _replace(body, steps(path), change)
    assert isinstance(changed, dict)
    return changed


def _replace(node: Any, rest: tuple[Step, ...], change: Callable[[Any], Any]) -> Any:
    if not rest:
        return change(node)
    (name, many), further = rest[0], rest[1:]
    if not isinstance(node, dict) or node.get(name) is None:
        return node
    if many:
        items = [_replace(item, further, change) for item in node[name]]
        return {**node, name: [item for item in items if item is not None]}
    inner = _replace(node[name], further, change)
    if inner is None:
        return {key: value for key, value in node.items() if key != name}
    return {**node, name: inner}
