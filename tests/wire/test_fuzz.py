"""No input, however strange, may look like a fault of the server."""

import asyncio
import string
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from switchroom.base.settings import Settings
from switchroom.wire.app import App, create_app
from switchroom.wire.call import Call
from switchroom.wire.context import Services
from switchroom.wire.operation import make_binding
from switchroom.wire.service_model import SERVICES, OperationModel, ServiceModel, load_service
from tests.wire.asgi import ask

MODELS = {name: load_service(name) for name in SERVICES}
OPERATIONS = [(name, operation) for name, model in MODELS.items() for operation in model.operations.values()]

JUNK: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def values(model: ServiceModel, name: str, depth: int = 0) -> st.SearchStrategy[Any]:
    """Mostly values of the right type, often outside the constraints, sometimes anything at all."""
    return st.integers(0, 9).flatmap(lambda dice: JUNK if dice == 0 else typed(model, name, depth))


def typed(model: ServiceModel, name: str, depth: int) -> st.SearchStrategy[Any]:
    shape = model.shape(name)
    kind = shape["type"]
    if kind == "structure":
        if depth > 3:
            return st.just({})
        members = {key: values(model, member["shape"], depth + 1) for key, member in shape["members"].items()}
        return st.fixed_dictionaries({}, optional=members)
    if kind == "list":
        return st.lists(values(model, shape["member"]["shape"], depth + 1), max_size=2) if depth < 4 else st.just([])
    if kind == "map":
        return st.dictionaries(
            values(model, shape["key"]["shape"], depth + 1).map(str),
            values(model, shape["value"]["shape"], depth + 1),
            max_size=2,
        )
    if kind in ("integer", "long"):
        return st.integers(-(2**65), 2**65) | st.integers(-5, 200)
    if kind in ("float", "double", "timestamp"):
        return st.floats(allow_nan=False, allow_infinity=False) | st.integers(-5, 2**40)
    if kind == "boolean":
        return st.booleans()
    return st.sampled_from(shape["enum"]) if shape.get("enum") else st.text(max_size=40)


async def accept(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    msgspec.json.encode(request)
    return {}


@pytest.fixture(scope="module")
def app() -> App:
    config = Settings()
    bindings = {
        (service, operation.name): make_binding(service, operation.name, accept, auth="none")
        for service, operation in OPERATIONS
    }
    return create_app(Services(config, config.site), bindings=bindings)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_body_for_any_operation_gets_an_answer_that_is_not_a_fault(app: App, data: st.DataObject) -> None:
    service, operation = data.draw(st.sampled_from(OPERATIONS))
    path, query, body = data.draw(request_of(MODELS[service], operation))
    reply = asyncio.run(ask(app, operation.method, path, query=query, body=body))
    assert reply.status < 500, (service, operation.name, path, query, body, reply)
    if reply.status >= 400:
        assert reply.error
        assert reply.json()["__type"] == reply.error
        modelled = MODELS[service].exceptions
        assert reply.error in modelled or reply.error in (
            "UnknownOperationException",
            "RequestHeaderFieldsTooLargeException",
        )


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from(["/contact/chat", "/queues/i", "/participant/message", "/switchroom/session"]),
)
def test_bytes_that_are_not_json_are_refused(app: App, body: bytes, path: str) -> None:
    method = "POST" if path.startswith(("/part", "/switch")) else "PUT"
    reply = asyncio.run(ask(app, method, path, body=body))
    assert reply.status < 500
    try:
        parsed = msgspec.json.decode(body) if body else {}
    except msgspec.DecodeError:
        parsed = None
    if not isinstance(parsed, dict):
        assert reply.status == 400


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE"]),
    st.text(string.printable, max_size=60),
    st.dictionaries(
        st.sampled_from(
            [
                "authorization",
                "cookie",
                "x-amz-date",
                "x-amz-bearer",
                "origin",
                "content-length",
                "transfer-encoding",
                "expect",
            ]
        ),
        st.text(string.printable, max_size=60),
    ),
)
def test_any_path_and_headers(app: App, method: str, path: str, headers: dict[str, str]) -> None:
    reply = asyncio.run(ask(app, method, "/" + quote(path), headers=headers, body=b"{}"))
    assert reply.status < 500 or path.strip("/") in ("", "workspace", "ccp", "test-chat"), reply


def request_of(model: ServiceModel, operation: OperationModel) -> st.SearchStrategy[tuple[str, str, bytes]]:
    shape = model.shape(operation.input_shape) if operation.input_shape else {"members": {}}
    labels, queries, body = {}, {}, {}
    for name, member in shape["members"].items():
        wire = member.get("locationName", name)
        where = {"uri": labels, "querystring": queries}.get(member.get("location"), body)
        where[wire] = values(model, member["shape"])

    def build(drawn: tuple[dict[str, Any], dict[str, Any], Any]) -> tuple[str, str, bytes]:
        path = operation.path
        for wire, value in drawn[0].items():
            text = value if isinstance(value, str) and value else "x"
            path = path.replace("{" + wire + "}", quote(text, safe="")).replace("{" + wire + "+}", quote(text))
        pairs = [
            f"{quote(wire)}={quote(str(item))}"
            for wire, value in drawn[1].items()
            for item in (value if isinstance(value, list) else [value])
        ]
        return path, "&".join(pairs), msgspec.json.encode(drawn[2])

    return st.tuples(
        st.fixed_dictionaries(labels),
        st.fixed_dictionaries({}, optional=queries),
        st.fixed_dictionaries({}, optional=body) | JUNK,
    ).map(build)
