"""Signed-in people and API keys of a door, who call any modelled operation by name without a socket."""

from functools import cache
from typing import Any
from urllib.parse import urlencode

import boto3
import msgspec
from botocore.model import ServiceModel
from botocore.serialize import create_serializer

from switchroom.base.errors import ServiceError
from switchroom.wire.app import App
from switchroom.wire.service_model import OWN_MODELS
from tests.wire.asgi import Reply, ask
from tests.wire.conftest import PASSWORD
from tests.wire.serving import ACCESS_KEY, SECRET_KEY
from tests.wire.signing import sign


@cache
def model(service: str) -> ServiceModel:
    session = boto3.session.Session(region_name="us-east-1")._session
    session.get_component("data_loader").search_paths.append(str(OWN_MODELS))
    found: ServiceModel = session.get_service_model(service)
    return found


class Client:
    """Calls operations as one caller: `await client("DescribeUser", UserId=...)`; InstanceId is added by itself."""

    def __init__(self, app: App, instance: str, token: str = "", key: tuple[str, str] = (ACCESS_KEY, SECRET_KEY)):
        self.instance = instance
        self._app = app
        self.token = token
        self._key = key

    async def ask(self, operation: str, service: str = "connect", /, **members: Any) -> Reply:
        """The answer, whatever it is."""
        shape = model(service).operation_model(operation)
        known = shape.input_shape.members if shape.input_shape else {}
        if "InstanceId" in known:
            members.setdefault("InstanceId", self.instance)
        serializer = create_serializer("rest-json", include_validation=False)
        wire = serializer.serialize_to_request(members, shape)
        body = wire["body"] if isinstance(wire["body"], bytes) else str(wire["body"] or "").encode()
        query = urlencode(wire["query_string"], doseq=True)
        method, path = wire["method"], wire["url_path"]
        headers = {**wire["headers"], "Authorization": f"Bearer {self.token}"}
        if not self.token:
            access, secret = self._key
            headers = sign(
                method,
                path,
                query=query,
                body=body,
                key=access,
                secret=secret,
                service=service,
                headers=wire["headers"],
            )
        return await ask(self._app, method, path, query=query, headers=headers, body=body)

    async def __call__(self, operation: str, service: str = "connect", /, **members: Any) -> dict[str, Any]:
        """The answer; raises ServiceError for a refusal."""
        reply = await self.ask(operation, service, **members)
        found: dict[str, Any] = msgspec.json.decode(reply.body) if reply.body else {}
        if reply.status >= 400:
            raise ServiceError(reply.error, found.get("Message") or found.get("message") or "")
        return found

    async def own(self, operation: str, /, **members: Any) -> dict[str, Any]:
        """An operation of our own service."""
        return await self(operation, "switchroom", **members)

    async def refusal(self, operation: str, service: str = "connect", /, **members: Any) -> str:
        """The name of the error; empty if there was none."""
        return (await self.ask(operation, service, **members)).error


async def sign_in(app: App, instance: str, username: str, password: str = PASSWORD) -> Client:
    """A person."""
    body = msgspec.json.encode({"Username": username, "Password": password})
    reply = await ask(app, "POST", "/switchroom/session", body=body)
    assert reply.status == 200, reply
    return Client(app, instance, reply.json()["Token"])
