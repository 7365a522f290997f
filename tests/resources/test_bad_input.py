"""Whatever a client sends to an operation of configuration is answered by an error of the client's, never by a 500."""

import random
from collections.abc import Iterator
from typing import Any

import pytest
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

from switchroom.wire.operation import load_bindings
from tests.server import Server

CALLS = 1500
TEXTS = (
    "",
    "a",
    "Basic Hours",
    "connect:Language",
    "$SAVED",
    "aws:x",
    "üüü",
    "x" * 130,
    "2024-01-01",
    "UTC",
    "\0",
    "{}",
)
NUMBERS = (-1, 0, 1, 5, 99, 10_000, 2**31)
_OTHERS = frozenset({"chats", "tasks", "contacts", "metrics", "agents", "participants", "real_time"})
_WHOLE_INSTANCES = frozenset({"CreateInstance", "DeleteInstance"})


def _operations() -> list[str]:
    found = []
    for (service, name), binding in load_bindings().items():
        module = binding.handler.__module__
        ours = module.startswith("switchroom.wire.services.connect.") and module.rpartition(".")[2] not in _OTHERS
        if service == "connect" and ours and "Contact" not in name.replace("ContactFlow", "") and "Metric" not in name:
            found.append(name)
    return sorted(set(found) - _WHOLE_INSTANCES)


class Inputs:
    """Inputs of the right shape, mostly, with values that may mean something."""

    def __init__(self, seed: int, instance: str, identifiers: list[str]) -> None:
        self.random = random.Random(seed)
        self.instance = instance
        self.identifiers = identifiers

    def make(self, shape: Any, name: str = "", depth: int = 0) -> Any:
        chance = self.random
        if name == "InstanceId" and chance.random() < 0.95:
            return self.instance
        match shape.type_name:
            case "structure":
                return dict(self._members(shape, depth))
            case "list":
                count = chance.choice((0, 1, 1, 2)) if depth < 7 else 0
                return [self.make(shape.member, name, depth + 1) for _ in range(count)]
            case "map":
                return {chance.choice(TEXTS): self.make(shape.value) for _ in range(chance.choice((0, 1, 2)))}
            case "string":
                return self._text(shape, name)
            case "integer" | "long" | "float" | "double":
                return chance.choice(NUMBERS)
            case "boolean":
                return chance.random() < 0.5
            case "timestamp":
                return 0
            case _:
                return "x"

    def _members(self, shape: Any, depth: int) -> Iterator[tuple[str, Any]]:
        for name, member in shape.members.items():
            if name in shape.required_members or self.random.random() < (0.5 if depth < 4 else 0.1):
                yield name, self.make(member, name, depth + 1)

    def _text(self, shape: Any, name: str) -> str:
        if shape.enum and self.random.random() < 0.95:
            return str(self.random.choice(shape.enum))
        if self.random.random() < (0.8 if "Id" in name or "rn" in name else 0.1):
            return self.random.choice(self.identifiers) + self.random.choice(("", "", "", ":$SAVED", ":1"))
        return self.random.choice(TEXTS)


@pytest.mark.parametrize("seed", [1, 2])
def test_no_input_breaks_the_server(switchroom_server: Server, seed: int) -> None:
    server = switchroom_server
    connect = server.boto("connect", config=Config(parameter_validation=False))
    made = connect.create_instance(
        IdentityManagementType="CONNECT_MANAGED",
        InstanceAlias=f"fuzz-{seed}-{server.port}",
        InboundCallsEnabled=True,
        OutboundCallsEnabled=True,
    )
    changes = server.boto("switchroom").list_changes(InstanceId=made["Id"], MaxResults=1000)["Changes"]
    identifiers = [change["ResourceId"] for change in changes] + [made["Id"]]
    inputs, operations = Inputs(seed, made["Id"], identifiers), _operations()
    for _ in range(CALLS):
        name = inputs.random.choice(operations)
        request = inputs.make(connect.meta.service_model.operation_model(name).input_shape)
        try:
            getattr(connect, xform_name(name))(**request)
        except ClientError as refused:
            assert refused.response["ResponseMetadata"]["HTTPStatusCode"] < 500, (name, request)
    connect.delete_instance(InstanceId=made["Id"])
