"""Flows as files: export, and import into this instance (FLOW-51, FLOW-52, FLOW-53)."""

import json
from typing import Any

from switchroom.base.errors import access_denied, invalid_parameter, invalid_request
from switchroom.flows import legacy, references
from switchroom.flows.language import FlowSyntaxError, current, load
from switchroom.flows.references import Resolution
from switchroom.flows.state import FLOW_TYPES, MODULE
from switchroom.resources import flows
from switchroom.resources.document import Document
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import catalogue, instance_of
from switchroom.wire.services.connect.flow_check import InstanceDirectory
from switchroom.wire.services.connect.flows import TOPIC as FLOW
from switchroom.wire.services.connect.modules import TOPIC as MODULES

_TOPICS = {"ContactFlowId": FLOW, "ContactFlowModuleId": MODULES}


@operation("switchroom", "ExportFlow", permission=("ContactFlows.View", "ContactFlowModules.View"))
def export_flow(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """What runs; behind the id, `:$SAVED` asks for the draft, `:3` for a version."""
    found = _found(call, request, "View")
    if found is None:
        raise invalid_request("Give one of ContactFlowId and ContactFlowModuleId")
    document, shelf, qualifier = found
    content, status, _, _ = flows.resolve(catalogue(call), shelf, document, qualifier)
    directory = InstanceDirectory(catalogue(call), document.instance)
    description = document.body.get("Description") or ""
    try:
        text = references.exported(content, _type(document), document.name, description, status, directory)
    except ValueError as refused:
        raise invalid_request(str(refused)) from None
    return {"FileName": document.name, "Content": text}


@operation("switchroom", "ImportFlow", permission=("ContactFlows.Edit", "ContactFlowModules.Edit"))
def import_flow(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """The content for a flow of this instance; nothing is stored."""
    instance, found = instance_of(call, request), _found(call, request, "Edit")
    wanted = request.get("Type") if found is None else _type(found[0])
    if wanted is not None and wanted not in (*FLOW_TYPES, MODULE):
        raise invalid_parameter(f"{wanted} is not a type of flow")
    try:
        content = current(request["Content"])
        metadata = load(content).get("Metadata")
        metadata = metadata if isinstance(metadata, dict) else {}
        type_ = _fitting(metadata, wanted)
        content, outcome = references.resolved(content, type_, InstanceDirectory(catalogue(call), instance))
    except FlowSyntaxError as wrong:
        raise invalid_request(f"The file is not a flow: {wrong}") from None
    return {
        "Content": content,
        "Type": type_,
        "Name": _text(metadata, "name"),
        "Description": _text(metadata, "description"),
        "Converted": legacy.is_legacy(json.loads(request["Content"])),
        "References": [_shape(one) for one in outcome],
    }


def _found(call: Call, request: dict[str, Any], right: str) -> tuple[Document, flows.Shelf, str] | None:
    """The flow or module a request names, with the qualifier behind its id."""
    given = [name for name in _TOPICS if request.get(name)]
    if len(given) > 1:
        raise invalid_request("Give one of ContactFlowId and ContactFlowModuleId")
    if not given:
        return None
    topic = _TOPICS[given[0]]
    if not call.caller.may(f"{topic.permission}.{right}"):
        raise access_denied(f"This needs the permission {topic.permission}.{right}")
    document, qualifier = topic.find(call, {**request, topic.identity: request[given[0]]})
    return document, topic.shelf, qualifier


def _type(document: Document) -> str:
    return str(document.body["Type"]) if document.kind == "contact-flow" else MODULE


def _fitting(metadata: dict[str, Any], wanted: str | None) -> str:
    """The type of the file, which must be the one that is wanted; a file that does not say fits any."""
    written = metadata.get("type")
    known = references.api_type(written) if isinstance(written, str) else None
    if known is not None and wanted not in (None, known):
        raise invalid_request(f"The file holds a flow of type {known}, not {wanted}")
    return wanted or known or "CONTACT_FLOW"


def _text(metadata: dict[str, Any], name: str) -> str | None:
    value = metadata.get(name)
    return value if isinstance(value, str) else None


def _shape(outcome: Resolution) -> dict[str, Any]:
    reference = outcome.reference
    return {
        "ActionId": reference.action,
        "Path": reference.path,
        "Kind": reference.kind,
        "Name": reference.name or None,
        "Arn": reference.value or None,
        "Status": outcome.how,
        "Mandatory": reference.mandatory,
        "ResolvedArn": outcome.arn or None,
        "ResolvedName": outcome.name or None,
    }
