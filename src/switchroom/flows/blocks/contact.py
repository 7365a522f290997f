"""Blocks that write on the contact: attributes, data, tags, callback number."""

import re
from collections.abc import Mapping
from typing import Any

from switchroom.flows.attributes import MAXIMUM_BYTES, check_key, size_of
from switchroom.flows.blocks.declare import (
    ALL,
    BOTH,
    MOST,
    OLD_ERROR,
    SUCCESS,
    Face,
    Field,
    choices,
    error,
    lacks,
)
from switchroom.flows.blocks.phone import E164
from switchroom.flows.blocks.registry import Spot, block
from switchroom.flows.blocks.step import Move, Step
from switchroom.flows.language import text_of
from switchroom.flows.world import FlowError, ReferenceView

ATTRIBUTES = Face(
    "set-contact-attributes",
    ("Set contact attributes", "問い合わせ属性の設定"),
    (
        "Stores values on the contact, on a related contact, or for this flow only.",
        "コンタクト、関連コンタクト、またはこのフローに値を保存します。",
    ),
    "SET",
    ALL,
    log="SetAttributes",
)
TAGS = Face(
    "contact-tags",
    ("Contact tags", "コンタクトタグ"),
    ("Adds tags to the contact or takes them away.", "コンタクトにタグを追加または削除します。"),
    "SET",
    ALL,
    log="ContactTags",
)
CALLBACK_NUMBER = Face(
    "set-callback-number",
    ("Set callback number", "コールバック番号の設定"),
    ("Takes the number to call back from an attribute.", "コールバックする番号を属性から設定します。"),
    "SET",
    MOST,
    "YEE",
    "SetCallbackNumber",
    failure="InvalidCallbackNumber",
)

MAXIMUM_TAGS = 6
_TARGET = Field(
    "TargetContact",
    ("Contact", "対象のコンタクト"),
    "CHOICE",
    "M",
    default="Current",
    choices=choices(Current=("Current contact", "現在のコンタクト"), Related=("Related contact", "関連コンタクト")),
)
_TAG_TEXT = re.compile(r"[\w\s._:/=+@-]*", re.UNICODE)
_DATA_KEYS = ("Name", "Description", "LanguageCode", "CustomerId")


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
    ATTRIBUTES,
    "UpdateContactAttributes",
    _TARGET,
    Field("Attributes", ("User defined", "ユーザー定義"), "PAIRS", required=True, attribute_keys=True),
    ways=BOTH,
    key="user-defined",
    name=("User defined", "ユーザー定義"),
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
    ATTRIBUTES,
    "UpdateFlowAttributes",
    Field(
        "FlowAttributes",
        ("Flow", "フロー"),
        "PAIRS",
        required=True,
        attribute_keys=True,
        fields=(Field("Value", ("Value", "値")),),
    ),
    ways=(SUCCESS, OLD_ERROR),
    key="flow",
    name=("Flow", "フロー"),
    log="SetFlowAttributes",
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


@block(
    ATTRIBUTES,
    "UpdateContactData",
    _TARGET,
    Field("CustomerId", ("Customer ID", "顧客 ID")),
    Field("LanguageCode", ("Language", "言語"), help=("For example en-US.", "例: ja-JP")),
    Field("Name", ("Name", "名前")),
    Field("Description", ("Description", "説明"), "LONG_TEXT"),
    Field("References", ("References", "参照"), "REFERENCES"),
    ways=(SUCCESS, OLD_ERROR),
    key="system",
    name=("System", "システム"),
    tells=(lacks("IsVoiceIdStreamingEnabled"),),
    log="SetContactData",
)
def set_data(step: Step) -> Move:
    """Name, description, language, customer ID and references of the contact (BLK-116)."""
    data: dict[str, Any] = {}
    for key in _DATA_KEYS:
        if key in step.parameters:
            data[key] = step.scalar(step.parameters[key])
    if "References" in step.parameters:
        data["References"] = references(step, step.parameters["References"])
    step.logged = {k: v for k, v in data.items() if isinstance(v, str)}
    if not data:
        raise FlowError("There is nothing to set that this contact centre knows")
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


def _tags_allowed(spot: Spot) -> None:
    tags = spot.parameters.get("Tags")
    if not isinstance(tags, dict):
        return
    for key, value in tags.items():
        if "$" not in key and "$" not in text_of(value):
            try:
                _check_tag(key, text_of(value))
            except FlowError as wrong:
                spot.problem("bad-tag", "Parameters.Tags", detail=wrong.text)


def _check_tag(key: str, value: str) -> None:
    if not 1 <= len(key) <= 128 or len(value) > 256 or not _TAG_TEXT.fullmatch(key + value):
        raise FlowError(f"The tag {key!r} holds characters that are not allowed, or is too long")
    if key.startswith("aws:"):
        raise FlowError("Tag keys that begin with aws: are kept for the system")


@block(
    TAGS,
    "TagContact",
    Field("Tags", ("Tags", "タグ"), "PAIRS", required=True, high=MAXIMUM_TAGS),
    ways=BOTH,
    key="tag",
    name=("Tag", "タグを付ける"),
    check=_tags_allowed,
)
def tag(step: Step) -> Move:
    """Add tags, all or none (BLK-046)."""
    raw = step.parameters.get("Tags")
    values = {step.scalar(key): step.scalar(value) for key, value in raw.items()} if isinstance(raw, dict) else {}
    step.logged = {"Tags": values}
    if not values:
        raise FlowError("There are no tags to add")
    for key, value in values.items():
        _check_tag(key, value)
    step.world.tag(values)
    return step.next()


@block(
    TAGS,
    "UntagContact",
    Field("TagKeys", ("Keys", "キー"), "NAMES", "M", required=True),
    ways=BOTH,
    key="untag",
    name=("Untag", "タグを外す"),
    aliases=("UnTagContact",),
)
def untag(step: Step) -> Move:
    """Remove tags by key (BLK-047)."""
    raw = step.parameters.get("TagKeys")
    keys = [step.scalar(key) for key in raw] if isinstance(raw, list) else []
    step.logged = {"TagKeys": keys}
    if not keys:
        raise FlowError("There are no tag keys to remove")
    step.world.untag(keys)
    return step.next()


@block(
    CALLBACK_NUMBER,
    "UpdateContactCallbackNumber",
    Field("CallbackNumber", ("Number", "番号"), "REFERENCE", "D", required=True),
    ways=(
        SUCCESS,
        error("InvalidCallbackNumber", ("Invalid number", "無効な番号")),
        error("CallbackNumberNotDialable", ("Not dialable", "発信不可")),
    ),
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
