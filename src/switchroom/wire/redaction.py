"""What the audit log must not hold, compiled from the sensitive shapes of a model (REC-86)."""

from collections.abc import Callable
from typing import Any

from switchroom.wire.service_model import ServiceModel

HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"

Redact = Callable[[Any], Any]

_SENSITIVE_MEMBERS = frozenset(
    {
        "Attributes", "Attendee", "BearerToken", "ConnectionCredentials", "ConnectionToken", "Credentials",
        "CsrfToken", "CustomerEndpoint", "DisplayName", "Email", "FirstName", "InitialMessage", "LastName", "Mobile",
        "ParticipantToken", "Password", "PhoneNumber", "SecondaryEmail", "SecretKey", "Token", "Url", "Websocket",
        "UploadMetadata", "ViewToken",
    }
)  # fmt: skip
"""Members that may hold secrets or personal data though their shapes are not marked."""

_SENSITIVE_IN_SERVICE = {"connectparticipant": frozenset({"Content"})}


class RedactionCompiler:
    """Compiles the shapes of one service into functions that hide sensitive values; None where there are none."""

    def __init__(self, model: ServiceModel) -> None:
        self._model = model
        self._done: dict[str, Redact | None] = {}
        self._open: set[str] = set()

    def compile(self, name: str) -> Redact | None:
        """The redactor of shape `name`."""
        if name in self._open:
            return self._later(name)
        if name not in self._done:
            self._open.add(name)
            self._done[name] = self._build(self._model.shape(name))
            self._open.discard(name)
        return self._done[name]

    def _later(self, name: str) -> Redact:
        def redact(value: Any) -> Any:
            later = self._done[name]
            return later(value) if later else value

        return redact

    def _build(self, shape: dict[str, Any]) -> Redact | None:
        if shape.get("sensitive"):
            return _hide
        if shape["type"] == "structure":
            return self._structure(shape)
        if shape["type"] in ("list", "map"):
            inner = self.compile(shape["member" if shape["type"] == "list" else "value"]["shape"])
            if inner is None:
                return None
            return _each_item(inner) if shape["type"] == "list" else _each_value(inner)
        return None

    def _structure(self, shape: dict[str, Any]) -> Redact | None:
        members: dict[str, Redact] = {}
        hidden = _SENSITIVE_MEMBERS | _SENSITIVE_IN_SERVICE.get(self._model.name, frozenset())
        for name, member in shape["members"].items():
            redact = _hide if name in hidden else self.compile(member["shape"])
            if redact is not None:
                members[name] = redact
        return _members(members) if members else None


def _hide(value: Any) -> Any:
    return HIDDEN


def _members(members: dict[str, Redact]) -> Redact:
    def redact(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {key: members[key](item) if key in members and item is not None else item for key, item in value.items()}

    return redact


def _each_item(inner: Redact) -> Redact:
    return lambda value: [inner(item) for item in value] if isinstance(value, (list, tuple)) else value


def _each_value(inner: Redact) -> Redact:
    return lambda value: {key: inner(item) for key, item in value.items()} if isinstance(value, dict) else value
