"""What a function is given (table L1) and what it may answer (rules L2)."""

import json
from collections.abc import Mapping
from typing import Any, Literal

from switchroom.flows.language import text_of
from switchroom.flows.world import Endpoint, FlowError, World

MAXIMUM_RESPONSE = 32 * 1024
"""Bytes of a function's answer in UTF-8."""


def function_event(world: World, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The request event of a function in the exact keys and casing of L1. Parameters keep their JSON types."""
    contact = world.contact
    queue = contact.queue
    return {
        "Details": {
            "ContactData": {
                "Attributes": {_safe(key): value for key, value in contact.attributes.items()},
                "Channel": contact.channel,
                "ContactId": contact.id,
                "CustomerEndpoint": _endpoint(contact.customer_endpoint),
                "CustomerId": contact.customer_id,
                "Description": contact.description,
                "InitialContactId": contact.initial_id,
                "InitiationMethod": contact.initiation_method,
                "InstanceARN": world.instance_arn,
                "LanguageCode": contact.language or "en-US",
                "MediaStreams": contact.media_streams or {"Customer": {"Audio": None}},
                "Name": contact.name,
                "PreviousContactId": contact.previous_id,
                "Queue": None
                if queue is None
                else {
                    "ARN": queue.arn,
                    "Name": queue.name,
                    "OutboundCallerId": _endpoint(contact.outbound_caller_id),
                },
                "References": {
                    key: {"Type": r.type.lower(), "Value": r.value} for key, r in contact.references.items()
                },
                "SystemEndpoint": _endpoint(contact.system_endpoint),
            },
            "Parameters": dict(parameters),
        },
        "Name": "ContactFlowEvent",
    }


def function_result(value: Any, response_type: Literal["STRING_MAP", "JSON"]) -> dict[str, Any]:
    """What goes into `$.External`. Raises FlowError when the answer breaks its rule (FLOW-126, BLK-091).

    STRING_MAP: a flat object; strings are kept, numbers and booleans become text, anything else is refused.
    JSON: any object. Neither may be larger than 32 KB.
    """
    if not isinstance(value, dict):
        raise FlowError("The function did not answer with a JSON object")
    if len(json.dumps(value, ensure_ascii=False).encode()) > MAXIMUM_RESPONSE:
        raise FlowError("The answer of the function is larger than 32 KB")
    if response_type == "JSON":
        return value
    flat: dict[str, Any] = {}
    for key, item in value.items():
        if item is None or isinstance(item, (dict, list)):
            raise FlowError(f"The answer of the function is not a flat map of texts: {key} holds {_kind(item)}")
        flat[key] = text_of(item)
    return flat


def _safe(key: str) -> str:
    """Functions receive a key that begins with `$` under `_$...`."""
    return f"_{key}" if key.startswith("$") else key


def _endpoint(endpoint: Endpoint | None) -> dict[str, str] | None:
    return None if endpoint is None else {"Address": endpoint.address, "Type": endpoint.type}


def _kind(value: Any) -> str:
    return "an object" if isinstance(value, dict) else "a list" if isinstance(value, list) else "null"
