"""Blocks that write on the contact: attributes, data, tags, callback number."""

import re
from collections.abc import Mapping
from typing import Any

from switchroom.flows.attributes import MAXIMUM_BYTES, check_key, size_of
from switchroom.flows.blocks.phone import E164
from switchroom.flows.blocks.registry import ALL, AW, CQ, CW, IN, MOST, TA, TQ, Gate, Parameter, alias, block
from switchroom.flows.blocks.step import Move, Step
from switchroom.flows.language import text_of
from switchroom.flows.world import FlowError, ReferenceView

_ATTRIBUTES = Gate("Set contact attributes", "問い合わせ属性の設定", "SetAttributes", ALL)
_FLOW_ATTRIBUTES = Gate("Set contact attributes (flow)", "問い合わせ属性の設定 (フロー)", "SetFlowAttributes", ALL)
_DATA = Gate("Set contact attributes (system)", "問い合わせ属性の設定 (システム)", "SetContactData", ALL)
_VOICE_ID = Gate("Set Voice ID", "Voice ID の設定", "SetVoiceId", (IN, CQ, CW, AW, TA, TQ), "YEE")
_TAGS = Gate("Contact tags", "コンタクトタグ", "ContactTags", ALL)
_TAG_TEXT = re.compile(r"[\w\s._:/=+@-]*", re.UNICODE)
_DATA_KEYS = ("Name", "Description", "LanguageCode", "CustomerId")
_VOICE_ID_KEYS = ("IsVoiceIdStreamingEnabled", "IsVoiceAuthenticationEnabled", "IsFraudDetectionEnabled")


def pairs(step: Step, raw: Any) -> dict[str, str]:
    """An object of attribute keys and values, all resolved; raises FlowError for a bad key or a missing value."""
    if not isinstance(raw, dict) or not raw:
        raise FlowError("There are no attributes to set")
    resolved: dict[str, str] = {}
    for key, value in raw.items():
        check_key(key)
        resolved[key] = step.scalar(value)
    return resolved


@block(
    "UpdateContactAttributes",
    _ATTRIBUTES,
    Parameter("Attributes", required=True),
    Parameter("TargetContact", choices=("Current", "Related")),
)
def set_attributes(step: Step) -> Move:
    """All keys or none, on this contact or the related one; 32 KB in all (BLK-113, BLK-114, BLK-117)."""
    values = pairs(step, step.parameters.get("Attributes"))
    related = step.text("TargetContact") == "Related"
    step.logged = _listed(values)
    if not related and size_of({**step.world.contact.attributes, **values}) > MAXIMUM_BYTES:
        raise FlowError("The attributes of the contact would exceed 32 KB")
    step.world.set_attributes(values, related)
    return step.next()


@block(
    "UpdateFlowAttributes",
    _FLOW_ATTRIBUTES,
    Parameter("FlowAttributes", required=True),
    errors=(),
    optional_errors=("NoMatchingError",),
)
def set_flow_attributes(step: Step) -> Move:
    """`$.FlowAttributes` of this flow or module only, 32 KB in all (BLK-115, FLOW-140)."""
    raw = step.parameters.get("FlowAttributes")
    given = {k: v.get("Value") if isinstance(v, dict) else v for k, v in raw.items()} if isinstance(raw, dict) else {}
    values = pairs(step, given)
    merged = {**step.frame.flow_attributes, **values}
    step.logged = _listed(values)
    if size_of(merged) > MAXIMUM_BYTES:
        raise FlowError("The flow attributes would exceed 32 KB")
    step.frame.flow_attributes = merged
    return step.next()


def _data_gate(parameters: Mapping[str, Any]) -> Gate:
    return _VOICE_ID if any(key in parameters for key in _VOICE_ID_KEYS) else _DATA


@block(
    "UpdateContactData",
    _data_gate,
    Parameter("TargetContact", choices=("Current", "Related")),
    errors=(),
    optional_errors=("NoMatchingError",),
)
def set_data(step: Step) -> Move:
    """Name, description, language, customer ID and references of the contact (BLK-116)."""
    if any(key in step.parameters for key in _VOICE_ID_KEYS):
        raise FlowError("Voice ID is switched off in this contact centre")
    data: dict[str, Any] = {}
    for key in _DATA_KEYS:
        if key in step.parameters:
            data[key] = step.scalar(step.parameters[key])
    if "References" in step.parameters:
        data["References"] = references(step, step.parameters["References"])
    step.logged = {k: v for k, v in data.items() if isinstance(v, str)}
    if not data:
        raise FlowError("There is nothing to set")
    step.world.set_contact_data(data, step.text("TargetContact") == "Related")
    return step.next()


def references(step: Step, raw: Any) -> dict[str, ReferenceView]:
    """References by name, each `{"Type", "Value"}` or a plain value (a URL when it looks like one)."""
    made: dict[str, ReferenceView] = {}
    for name, item in (raw if isinstance(raw, dict) else {}).items():
        if isinstance(item, dict):
            made[name] = ReferenceView(step.scalar(item.get("Value", "")), step.scalar(item.get("Type", "URL")).upper())
        else:
            value = step.scalar(item)
            made[name] = ReferenceView(value, "URL" if "://" in value else "STRING")
    return made


@block("TagContact", _TAGS, Parameter("Tags", required=True))
def tag(step: Step) -> Move:
    """Add tags, all or none (BLK-046)."""
    raw = step.parameters.get("Tags")
    values = {key: step.scalar(value) for key, value in raw.items()} if isinstance(raw, dict) else {}
    step.logged = {"Tags": values}
    if not values:
        raise FlowError("There are no tags to add")
    for key, value in values.items():
        if not 1 <= len(key) <= 128 or len(value) > 256 or not _TAG_TEXT.fullmatch(key + value):
            raise FlowError(f"The tag {key!r} holds characters that are not allowed, or is too long")
        if key.startswith("aws:"):
            raise FlowError("Tag keys that begin with aws: are kept for the system")
    step.world.tag(values)
    return step.next()


@block("UntagContact", _TAGS, Parameter("TagKeys", required=True))
def untag(step: Step) -> Move:
    """Remove tags by key (BLK-047)."""
    raw = step.parameters.get("TagKeys")
    keys = [step.scalar(key) for key in raw] if isinstance(raw, list) else []
    step.logged = {"TagKeys": keys}
    if not keys:
        raise FlowError("There are no tag keys to remove")
    step.world.untag(keys)
    return step.next()


alias("UnTagContact", "UntagContact")


@block(
    "UpdateContactCallbackNumber",
    Gate(
        "Set callback number",
        "コールバック番号の設定",
        "SetCallbackNumber",
        MOST,
        "YEE",
        failure="InvalidCallbackNumber",
    ),
    Parameter("CallbackNumber", required=True, dynamic_only=True),
    errors=("InvalidCallbackNumber", "CallbackNumberNotDialable"),
)
def set_callback_number(step: Step) -> Move:
    """The number to call back, from an attribute, in E.164 form (BLK-112, FLOW-103)."""
    try:
        number = text_of(step.get("CallbackNumber") or "")
    except FlowError as missing:
        raise FlowError(missing.text, "InvalidCallbackNumber") from None
    step.logged = {"CallbackNumber": number}
    if not E164.fullmatch(number):
        raise FlowError("The callback number is not an E.164 number", "InvalidCallbackNumber")
    step.world.set_callback_number(number)
    return step.next()


def _listed(values: Mapping[str, str]) -> dict[str, Any]:
    if len(values) == 1:
        ((key, value),) = values.items()
        return {"Key": key, "Value": value}
    return {"Attributes": dict(values)}
