"""One bound operation, ready to serve: reader, handler, serializer, redaction."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from switchroom.wire.identifiers import Place, places
from switchroom.wire.operation import Binding
from switchroom.wire.redaction import Redact, RedactionCompiler
from switchroom.wire.request import RequestReader
from switchroom.wire.router import Router
from switchroom.wire.service_model import OperationModel, ServiceModel
from switchroom.wire.shapes.checker import CheckerCompiler
from switchroom.wire.shapes.serializer import SerializerCompiler
from switchroom.wire.shapes.timestamps import format_timestamp
from switchroom.wire.tokens import TokenKind

_encode = msgspec.json.Encoder().encode
_INSTANCE_NAMES = ("InstanceId", "instanceId")
_ARN_NAMES = ("resourceArn", "ResourceArn")


@dataclass(slots=True)
class Endpoint:
    """An operation of the model with what answers it; `binding` is None if nothing does."""

    model: ServiceModel
    operation: OperationModel
    binding: Binding | None = None
    reader: RequestReader | None = None
    write: Callable[[dict[str, Any] | None], bytes] = lambda output: b""
    headers: Callable[[dict[str, Any]], list[tuple[bytes, bytes]]] | None = None
    instance_member: str | None = None
    arn_member: str | None = None
    places: tuple[Place, ...] = ()
    redact_request: Redact | None = None
    redact_response: Redact | None = None
    action: str = ""

    @property
    def token_kind(self) -> TokenKind:
        """The token a participant has to show here."""
        return "participant" if self.operation.name == "CreateParticipantConnection" else "connection"


class ServiceEndpoints:
    """All operations of a service behind a router."""

    def __init__(self, model: ServiceModel, bindings: dict[tuple[str, str], Binding]) -> None:
        self.model = model
        self.router: Router[Endpoint] = Router()
        self._checkers = CheckerCompiler(model)
        self._serializers = SerializerCompiler(model)
        self._redactors = RedactionCompiler(model)
        for operation in model.operations.values():
            endpoint = self._endpoint(operation, bindings.get((model.name, operation.name)))
            self.router.add(operation.method, operation.path, endpoint)

    def _endpoint(self, operation: OperationModel, binding: Binding | None) -> Endpoint:
        model = self.model
        members = model.shape(operation.input_shape)["members"] if operation.input_shape else {}
        if binding is None:
            return Endpoint(model, operation)
        return Endpoint(
            model=model,
            operation=operation,
            binding=binding,
            reader=RequestReader(model, operation, self._checkers),
            write=self._writer(operation),
            headers=self._header_writer(operation),
            instance_member=next((name for name in _INSTANCE_NAMES if name in members), None),
            arn_member=next((name for name in _ARN_NAMES if name in members), None),
            places=places(model, operation.input_shape) if operation.input_shape else (),
            redact_request=self._redactors.compile(operation.input_shape) if operation.input_shape else None,
            redact_response=self._redactors.compile(operation.output_shape) if operation.output_shape else None,
            action=f"{model.signing_name}:{operation.name}",
        )

    def _writer(self, operation: OperationModel) -> Callable[[dict[str, Any] | None], bytes]:
        if operation.output_shape is None:
            return _nothing
        shape = self.model.shape(operation.output_shape)
        payload = shape.get("payload")
        serialize = self._serializers.compile(operation.output_shape)
        assert serialize is not None
        if payload and self.model.shape(shape["members"][payload]["shape"])["type"] == "blob":
            return lambda value: bytes((value or {}).get(payload) or b"")
        if payload:
            return lambda value: _encode(serialize(value or {}).get(payload, {}))
        return lambda value: _encode(serialize(value)) if value else b"{}"

    def _header_writer(self, operation: OperationModel) -> Callable[[dict[str, Any]], list[tuple[bytes, bytes]]] | None:
        if operation.output_shape is None:
            return None
        members = self.model.shape(operation.output_shape)["members"]
        located = [
            (name, member.get("locationName", name).lower().encode(), self.model.shape(member["shape"])["type"])
            for name, member in members.items()
            if member.get("location") == "header"
        ]
        if not located:
            return None

        def write(output: dict[str, Any]) -> list[tuple[bytes, bytes]]:
            return [
                (wire, _header_text(output[name], kind).encode("utf-8"))
                for name, wire, kind in located
                if output.get(name) is not None
            ]

        return write


def _header_text(value: Any, kind: str) -> str:
    if kind == "timestamp":
        return str(format_timestamp(value, "rfc822"))
    return str(value).lower() if kind == "boolean" else str(value)


def _nothing(output: dict[str, Any] | None) -> bytes:
    return b""
