"""Serializers: shapes of a model compiled into functions from a handler's output to JSON-ready values.

Only modelled members are written, members of None are left out, timestamps (epoch seconds) and blobs get their
wire form.
"""

from base64 import b64encode
from collections.abc import Callable
from typing import Any

from switchroom.wire.service_model import ServiceModel
from switchroom.wire.shapes.timestamps import format_timestamp

Serialize = Callable[[Any], Any]


class SerializerCompiler:
    """Compiles the shapes of one service, each once; shapes may refer to themselves."""

    def __init__(self, model: ServiceModel) -> None:
        self._model = model
        self._done: dict[str, Serialize | None] = {}

    def compile(self, name: str, form: str | None = None) -> Serialize | None:
        """The serializer of shape `name`; None if its values are written as they are."""
        shape = self._model.shape(name)
        if shape["type"] == "timestamp":
            return _timestamp(form or shape.get("timestampFormat", "unixTimestamp"))
        if name not in self._done:
            self._done[name] = lambda value: _call(self._done[name], value)
            self._done[name] = self._build(shape)
        return self._done[name]

    def _build(self, shape: dict[str, Any]) -> Serialize | None:
        kind = shape["type"]
        if kind == "structure":
            return self._structure(shape)
        if kind == "list":
            return self._list(shape)
        if kind == "map":
            return self._map(shape)
        return _blob if kind == "blob" else None

    def _structure(self, shape: dict[str, Any]) -> Serialize:
        return structure(
            [
                (name, member.get("locationName", name), self.compile(member["shape"], member.get("timestampFormat")))
                for name, member in shape["members"].items()
                if member.get("location") not in ("header", "headers", "statusCode")
            ]
        )

    def _list(self, shape: dict[str, Any]) -> Serialize | None:
        element = self.compile(shape["member"]["shape"])
        if element is None:
            return None
        return lambda value: [element(item) for item in value]

    def _map(self, shape: dict[str, Any]) -> Serialize:
        element = self.compile(shape["value"]["shape"])
        if element is None:
            return lambda value: {key: item for key, item in value.items() if item is not None}
        return lambda value: {key: element(item) for key, item in value.items() if item is not None}


def structure(members: list[tuple[str, str, Serialize | None]]) -> Serialize:
    """A serializer of (name in the output, name on the wire, serializer of the member)."""
    table = {name: (wire, serialize) for name, wire, serialize in members}
    if all(serialize is None and name == wire for name, wire, serialize in members):
        return _plain(frozenset(table))

    def serialize(value: Any) -> Any:
        result = {}
        for key, item in value.items():
            member = table.get(key)
            if member is not None and item is not None:
                result[member[0]] = item if member[1] is None else member[1](item)
        return result

    return serialize


def _plain(names: frozenset[str]) -> Serialize:
    """For structures whose members are all written as they are; what needs no change is not copied."""

    def serialize(value: Any) -> Any:
        if value.keys() <= names and None not in value.values():
            return value
        return {key: item for key, item in value.items() if item is not None and key in names}

    return serialize


def _call(serialize: Serialize | None, value: Any) -> Any:
    return value if serialize is None else serialize(value)


def _timestamp(form: str) -> Serialize | None:
    return None if form == "unixTimestamp" else lambda value: format_timestamp(value, form)


def _blob(value: Any) -> Any:
    return b64encode(value).decode() if isinstance(value, bytes) else value
