"""Service models: botocore's own for the public services, ours in the same form for the rest."""

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from botocore.loaders import Loader

OWN_MODELS = Path(__file__).parent / "models"
"""Data path to add to a botocore loader (or `AWS_DATA_PATH`) to get `boto3.client("switchroom")`."""

_OWN_VALUES = {("connect", "EventSourceName"): ("OnExternalEvent",)}
"""Values that enumerations of public services have here besides."""
_OWN_LENGTHS = {("connect", "FilterValueList"): 3_000}
"""How long the texts in lists may be where the documentation allows more than the shape (routing steps as filters)."""

SERVICES = ("connect", "connectparticipant", "lexv2-runtime", "switchroom")


@dataclass(frozen=True, slots=True)
class OperationModel:
    """One modelled operation. `errors` are names of exception shapes."""

    name: str
    method: str
    path: str
    status: int
    input_shape: str | None
    output_shape: str | None
    errors: frozenset[str]
    auth_type: str | None
    read_only: bool


@dataclass(frozen=True)
class ServiceModel:
    """A service description: `name` as boto3 clients know it, `signing_name` as credential scopes carry it."""

    name: str
    signing_name: str
    shapes: dict[str, dict[str, Any]]
    operations: dict[str, OperationModel]

    def shape(self, name: str) -> dict[str, Any]:
        return self.shapes[name]

    @cached_property
    def exceptions(self) -> dict[str, tuple[int, str | None]]:
        """Modelled exception name -> (HTTP status, name of its message member if it has one)."""
        return {
            name: (shape.get("error", {}).get("httpStatusCode", 500 if shape.get("fault") else 400), _message(shape))
            for name, shape in self.shapes.items()
            if shape.get("exception")
        }


@cache
def load_service(name: str) -> ServiceModel:
    """The newest model of a service, from botocore's data or from ours; read once a process."""
    loader = Loader(extra_search_paths=[str(OWN_MODELS)])
    model = loader.load_service_model(name, "service-2")
    for (service, shape), values in _OWN_VALUES.items():
        if service == name:
            model["shapes"][shape]["enum"] += values
    for (service, shape), most in _OWN_LENGTHS.items():
        if service == name:
            model["shapes"][f"{shape}Member"] = {"type": "string", "min": 1, "max": most}
            model["shapes"][shape]["member"] = {"shape": f"{shape}Member"}
    return build_service(name, model)


def build_service(name: str, model: dict[str, Any]) -> ServiceModel:
    """A service from the content of a `service-2.json` of protocol rest-json."""
    metadata = model["metadata"]
    return ServiceModel(
        name=name,
        signing_name=metadata.get("signingName", metadata["endpointPrefix"]),
        shapes=model["shapes"],
        operations={key: _operation(key, value) for key, value in model["operations"].items()},
    )


def _operation(name: str, model: dict[str, Any]) -> OperationModel:
    http = model["http"]
    path = http["requestUri"].split("?")[0]
    return OperationModel(
        name=name,
        method=http["method"],
        path=path if path == "/" else path.rstrip("/"),
        status=http.get("responseCode", 200),
        input_shape=model.get("input", {}).get("shape"),
        output_shape=model.get("output", {}).get("shape"),
        errors=frozenset(error["shape"] for error in model.get("errors", ())),
        auth_type=model.get("authtype"),
        read_only=bool(model.get("readonly")) or name.startswith(("Describe", "Get", "List", "Search", "BatchGet")),
    )


def _message(shape: dict[str, Any]) -> str | None:
    return next((name for name in shape.get("members", {}) if name.lower() == "message"), None)
