"""A block of the old language: its parameters as values of the current one, and its branches."""

import re
from typing import Any

ERRORS = {
    "Error": "NoMatchingError",
    "NoMatch": "NoMatchingCondition",
    "AtCapacity": "QueueAtCapacity",
    "CallFailed": "CallFailed",
    "CallFailure": "CallFailed",
}
"""What a branch of the old language is as an error, where the block has no meaning of its own for it."""

OPERATORS = {
    "Equals": "Equals",
    "GreaterThan": "NumberGreaterThan",
    "GreaterThanOrEqualTo": "NumberGreaterOrEqualTo",
    "LessThan": "NumberLessThan",
    "LessThanOrEqualTo": "NumberLessOrEqualTo",
    "StartsWith": "TextStartsWith",
    "EndsWith": "TextEndsWith",
    "Contains": "TextContains",
}

NAMESPACES = {
    "user defined": "$.Attributes",
    "external": "$.External",
    "flow": "$.FlowAttributes",
    "lex": "$.Lex",
    "lex slots": "$.Lex.Slots",
    "lex attributes": "$.Lex.SessionAttributes",
    "lex session attributes": "$.Lex.SessionAttributes",
    "customer": "$.Customer",
    "customer profiles": "$.Customer",
    "case": "$.Case",
    "cases": "$.Case",
    "queue metrics": "$.Metrics",
    "media streams": "$.MediaStreams.Customer.Audio",
}
"""Where the values of a namespace are found; those of `System` have names of their own."""

SYSTEM = {
    "aws region": "$.AwsRegion",
    "customer number": "$.CustomerEndpoint.Address",
    "customer id": "$.CustomerId",
    "dialed number": "$.SystemEndpoint.Address",
    "customer callback number": "$.CustomerCallbackNumber",
    "stored customer input": "$.StoredCustomerInput",
    "queue name": "$.Queue.Name",
    "queue arn": "$.Queue.ARN",
    "queue outbound number": "$.Queue.OutboundCallerId.Address",
    "queue outbound caller id number": "$.Queue.OutboundCallerId.Address",
    "text to speech voice": "$.TextToSpeechVoiceId",
    "contact id": "$.ContactId",
    "initial contact id": "$.InitialContactId",
    "task contact id": "$.Task.ContactId",
    "previous contact id": "$.PreviousContactId",
    "channel": "$.Channel",
    "instance arn": "$.InstanceARN",
    "initiation method": "$.InitiationMethod",
    "language": "$.LanguageCode",
    "system endpoint type": "$.SystemEndpoint.Type",
    "customer endpoint type": "$.CustomerEndpoint.Type",
    "agent user name": "$.Agent.UserName",
    "agent first name": "$.Agent.FirstName",
    "agent last name": "$.Agent.LastName",
    "agent arn": "$.Agent.ARN",
}
"""The names that the old designer showed, without regard to case."""

_PLAIN = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")


def reference(namespace: Any, value: Any) -> Any:
    """A parameter's value: itself, or the reference that a namespace and a key stand for."""
    if not isinstance(namespace, str) or not namespace or not isinstance(value, str) or value[:1] in ("", "$"):
        return value
    if namespace.lower() == "system":
        return SYSTEM.get(value.lower(), _below("$", value))
    return _below(NAMESPACES.get(namespace.lower(), f"$.{namespace}"), value)


def _below(root: str, key: str) -> str:
    return f"{root}.{key}" if _PLAIN.fullmatch(key) else f"{root}['{key}']"


def text(value: Any) -> str:
    """Numbers and flags as the current language stores them."""
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


class Module:
    """One block. `flow` is the type of its flow in the old spelling (`customerQueue`)."""

    def __init__(self, raw: dict[str, Any], flow: str) -> None:
        self.raw = raw
        self.flow = flow
        self.id: str = raw["id"]
        self.type: str = raw["type"]
        self.target = str(raw.get("target") or "")
        self.parameters = [one for one in _objects(raw.get("parameters")) if isinstance(one.get("name"), str)]
        self.branches = [one for one in _objects(raw.get("branches")) if isinstance(one.get("condition"), str)]
        self.names: dict[str, str] = {}
        """Places in the new parameters, joined by dots, to the names of the resources there."""
        self._read: set[str] = set()

    def all(self, name: str) -> list[dict[str, Any]]:
        """The parameters of a name, which may repeat."""
        self._read.add(name)
        return [one for one in self.parameters if one.get("name") == name]

    def value(self, *names: str, place: str = "") -> str | None:
        """The value of the first of these parameters as text or reference; None where none has one.

        With `place`, the name of the resource it refers to is kept for that place, and an empty value stays, since a
        resource may be known by its name alone.
        """
        for name in names:
            for one in self.all(name):
                found = reference(one.get("namespace"), one.get("value"))
                if place and one.get("resourceName"):
                    self.names[place] = str(one["resourceName"])
                    return text(found or "")
                if found not in (None, ""):
                    return text(found)
        return None

    def pairs(self, *names: str) -> dict[str, Any]:
        """Parameters of these names by their keys; values keep their type."""
        found = [one for name in names for one in self.all(name)]
        return {str(one["key"]): reference(one.get("namespace"), one.get("value")) for one in found if one.get("key")}

    def branch(self, condition: str) -> str | None:
        """Where a branch leads."""
        found = next((one for one in self.branches if one.get("condition") == condition), None)
        return None if found is None else str(found.get("transition") or "")

    def action(
        self,
        type: str,
        parameters: dict[str, Any] | None = None,
        *,
        errors: dict[str, str] | None = None,
        outcomes: dict[str, str] | None = None,
        conditions: list[dict[str, Any]] | None = None,
        must_fail: bool = False,
    ) -> dict[str, Any]:
        """The action this block becomes.

        `errors` and `outcomes` say what the block's branches are as error types and as operands; other branches are
        taken by `ERRORS`, and as errors of their own name where nothing knows them. `conditions` replaces those made
        of the branches that compare. `must_fail`: the current language wants an error branch that the old one had not;
        it goes where Success goes.
        """
        known = {**ERRORS, **(errors or {})}
        compared = conditions if conditions is not None else [c for b in self.branches if (c := self._compared(b))]
        found = [*compared]
        raised: list[dict[str, Any]] = []
        for branch in self.branches:
            condition, following = str(branch.get("condition")), str(branch.get("transition") or "")
            if condition in (outcomes or {}):
                found.append(when("Equals", (outcomes or {})[condition], following))
            elif condition != "Success" and condition not in _COMPARING:
                raised.append({"NextAction": following, "ErrorType": known.get(condition, condition)})
        success = self.branch("Success")
        if must_fail and success is not None and not any(one["ErrorType"] == "NoMatchingError" for one in raised):
            raised.append({"NextAction": success, "ErrorType": "NoMatchingError"})
        return {
            "Identifier": self.id,
            "Type": type,
            "Parameters": parameters or {},
            "Transitions": _transitions(success, found, raised),
        }

    def _compared(self, branch: dict[str, Any]) -> dict[str, Any] | None:
        if branch.get("condition") != "Evaluate":
            return None
        operator = str(branch.get("conditionType") or "Equals")
        operand = text(branch.get("conditionValue", ""))
        return when(OPERATORS.get(operator, operator), operand, str(branch.get("transition") or ""))

    def metadata(self) -> dict[str, Any]:
        """What the designer keeps of the block, with the names of its resources and whatever no rule has read."""
        kept = self.raw.get("metadata")
        kept = dict(kept) if isinstance(kept, dict) else {}
        if self.names:
            kept["parameters"] = named(self.names)
        unread = [one for one in self.parameters if one.get("name") not in self._read]
        more = {key: value for key, value in self.raw.items() if key not in _PARTS}
        return kept | ({"legacyParameters": unread} if unread else {}) | ({"legacy": more} if more else {})


_PARTS = ("id", "type", "target", "branches", "parameters", "metadata")
_COMPARING = ("Evaluate", "CheckQueueTime", "CheckQueueSize")


def when(operator: str, operand: str, following: str) -> dict[str, Any]:
    """A condition of the current language."""
    return {"NextAction": following, "Condition": {"Operator": operator, "Operands": [operand]}}


def named(names: dict[str, str]) -> dict[str, Any]:
    """`{"EventHooks.CustomerQueue": "x"}` as the designer nests it: `{"EventHooks": {"CustomerQueue": {...}}}`."""
    tree: dict[str, Any] = {}
    for place, name in names.items():
        node = tree
        for key in place.split("."):
            node = node.setdefault(key, {})
        node["displayName"] = name
    return tree


def _objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _transitions(success: str | None, conditions: list[dict[str, Any]], errors: list[dict[str, Any]]) -> dict[str, Any]:
    """A block without a Success branch goes on as its first error says, as stored flows do."""
    if success is None and not conditions and not errors:
        return {}
    following = success if success is not None else (errors or conditions)[0]["NextAction"]
    return {"NextAction": following, "Errors": errors, "Conditions": conditions}
