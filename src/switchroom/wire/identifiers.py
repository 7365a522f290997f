"""Where the input of an operation names records whose access can be limited, found in the model once."""

from collections.abc import Iterator
from typing import Any

from switchroom.base.arns import parse_id
from switchroom.resources import paths
from switchroom.wire.service_model import ServiceModel

Place = tuple[str, str]
"""A path (see `resources.paths`) and the kind of what is named there by id or ARN."""

_BY_MEMBER = {
    "UserId": "user",
    "UserIds": "user",
    "AgentIds": "user",
    "EntityArn": "user",
    "QueueId": "queue",
    "QueueIds": "queue",
    "RoutingProfileId": "routing-profile",
    "RoutingProfileIds": "routing-profile",
    "SecurityProfileId": "security-profile",
    "SecurityProfileIds": "security-profile",
}
_BY_SHAPE = {
    "UserId": "user",
    "AgentResourceId": "user",
    "QueueId": "queue",
    "RoutingProfileId": "routing-profile",
    "SecurityProfileId": "security-profile",
}


def places(model: ServiceModel, input_shape: str) -> tuple[Place, ...]:
    """Every place of an input where such a record may be named."""
    return tuple(_places(model, input_shape, "", "", frozenset()))


def named(found: tuple[Place, ...], request: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(kind, identifier) of what a request names."""
    for path, kind in found:
        for value in paths.values(request, path):
            if isinstance(value, str) and value:
                yield kind, parse_id(value)


def _places(model: ServiceModel, shape: str, path: str, member: str, above: frozenset[str]) -> Iterator[Place]:
    if shape in above:
        return
    found = model.shape(shape)
    if found["type"] == "structure":
        for name, part in found["members"].items():
            inner = f"{path}.{name}" if path else name
            yield from _places(model, part["shape"], inner, name, above | {shape})
    elif found["type"] == "list":
        yield from _places(model, found["member"]["shape"], f"{path}[]", member, above | {shape})
    elif found["type"] == "string":
        kind = _BY_MEMBER.get(member) or _BY_SHAPE.get(shape)
        if kind is not None:
            yield path, kind
