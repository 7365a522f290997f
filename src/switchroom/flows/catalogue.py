"""The blocks and namespaces as the designer and the reference page get them: plain data in one language."""

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from switchroom.flows.blocks import registry
from switchroom.flows.blocks.declare import CHANNELS, Choice, Companion, Field, Rows, Tell, Way, Words
from switchroom.flows.blocks.registry import Form
from switchroom.flows.namespaces import NAMESPACES, Namespace

_BEST = "YSE"


@lru_cache(maxsize=2)
def catalogue(japanese: bool = False) -> dict[str, Any]:
    """`{"Blocks": [...], "Namespaces": [...]}` in the shapes of `ListFlowBlocks`."""
    blocks: dict[str, dict[str, Any]] = {}
    for form in registry.forms():
        made = blocks.setdefault(form.face.key, _face(form, japanese))
        made["Variants"].append(_variant(form, japanese))
        made["Available"] |= form.available
        for channel, letter in zip(CHANNELS, form.letters, strict=True):
            made["Channels"][channel] = min(made["Channels"].get(channel, "E"), letter, key=_BEST.index)
    return {
        "Blocks": list(blocks.values()),
        "Namespaces": [_namespace(namespace, japanese) for namespace in NAMESPACES],
    }


def _face(form: Form, japanese: bool) -> dict[str, Any]:
    face = form.face
    return {
        "Key": face.key,
        "Name": face.name[japanese],
        "About": face.about[japanese],
        "Group": face.group,
        "FlowTypes": list(face.places),
        "Channels": {},
        "Variants": [],
        "Available": False,
    }


def _variant(form: Form, japanese: bool) -> dict[str, Any]:
    return _given(
        Key=form.key,
        Name=_said(form.name, japanese),
        ActionType=form.type,
        Aliases=list(form.aliases) or None,
        Tells=_tells(form.tells),
        Preset=json.dumps(form.preset, ensure_ascii=False),
        Fields=_fields(form.fields, japanese),
        Branches=[_branch(way, japanese) for way in form.ways],
        Rows=None if form.rows is None else _rows(form.rows, japanese),
        FlowTypes=list(form.types) or None,
        Companion=None if form.companion is None else _companion(form.companion, japanese),
    )


def _fields(fields: Iterable[Field], japanese: bool) -> list[dict[str, Any]]:
    return [_field(field, japanese) for field in fields]


def _field(field: Field, japanese: bool) -> dict[str, Any]:
    return _given(
        Path=field.path,
        Label=field.label[japanese],
        Help=_said(field.help, japanese),
        Kind=field.kind,
        Required=field.required,
        Manual=field.mode != "D",
        Dynamic=field.mode != "M",
        Default=field.default,
        Choices=_choices(field.choices, japanese),
        Resource=field.resource,
        FlowTypes=list(field.types) or None,
        Low=field.low,
        High=field.high,
        Unit=field.unit,
        OneOf=field.one_of,
        When=_tells(field.when) or None,
        Fields=_fields(field.fields, japanese) or None,
    )


def _branch(way: Way, japanese: bool) -> dict[str, Any]:
    return _given(
        Kind=way.kind,
        Outcome=way.outcome or None,
        Operator=way.operator if way.kind == "CONDITION" else None,
        Label=way.label[japanese],
        Required=way.required,
        When=_tells(way.when) or None,
    )


def _rows(rows: Rows, japanese: bool) -> dict[str, Any]:
    return _given(
        Label=rows.label[japanese],
        Operators=_choices(rows.operators, japanese),
        Operand=rows.operand,
        Choices=_choices(rows.choices, japanese),
        Dynamic=rows.dynamic,
        Unit=rows.unit,
    )


def _companion(companion: Companion, japanese: bool) -> dict[str, Any]:
    return {
        "ActionType": companion.type,
        "Fields": _fields(companion.fields, japanese),
        "Preset": json.dumps(companion.preset),
        "Before": companion.before,
    }


def _tells(tells: Iterable[Tell]) -> list[dict[str, Any]]:
    return [
        _given(Path=tell.path, Values=list(tell.values) or None, Absent=True if tell.absent else None) for tell in tells
    ]


def _choices(choices: Iterable[Choice], japanese: bool) -> list[dict[str, str]] | None:
    return [{"Value": choice.value, "Label": choice.label[japanese]} for choice in choices] or None


def _namespace(namespace: Namespace, japanese: bool) -> dict[str, Any]:
    return _given(
        Key=namespace.key,
        Label=namespace.label[japanese],
        Free=True if namespace.free else None,
        FlowTypes=list(namespace.types) or None,
        Attributes=[{"Path": namespace.key + name, "Label": label[japanese]} for name, label in namespace.attributes],
    )


def _said(words: Words | None, japanese: bool) -> str | None:
    return None if words is None else words[japanese]


def _given(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
