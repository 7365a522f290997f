"""Flows as files, and flows of the old language, through the door."""

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.resources.conftest import Centre
from tests.resources.test_flows import _content, _shown

DOCUMENTS = Path(__file__).parents[1] / "flows" / "documents"
FOREIGN = "arn:aws:connect:eu-central-1:111122223333:instance/5d1f0c5e-0000-4000-8000-0000000000aa"


@pytest.fixture(scope="module")
def own(centre: Centre) -> Any:
    return centre.server.boto("switchroom")


def _refused(call: Any, reason: str, **request: Any) -> None:
    with pytest.raises(ClientError, match=reason) as refused:
        call(**request)
    assert refused.value.response["Error"]["Code"] == "InvalidRequestException"


def _queueing(queue: str, name: str | None = None) -> str:
    content = json.loads(_content())
    errors = [{"NextAction": "end", "ErrorType": "NoMatchingError"}]
    content["Actions"][0] = {
        "Identifier": "say",
        "Type": "UpdateContactTargetQueue",
        "Parameters": {"QueueId": queue},
        "Transitions": {"NextAction": "end", "Errors": errors},
    }
    if name is not None:
        noted = {"say": {"position": {"x": 1, "y": 2}, "parameters": {"QueueId": {"displayName": name}}}}
        content["Metadata"] = {"ActionMetadata": noted, "name": "Theirs", "type": "contactFlow"}
    return json.dumps(content)


def test_old_language_is_stored_new(centre: Centre) -> None:
    """FLOW-51: CreateContactFlow and UpdateContactFlowContent take the old language and store the new one."""
    old = (DOCUMENTS / "legacy" / "bakery_queue.json").read_text(encoding="utf-8")
    made = centre.create_contact_flow(Name="Old", Type="CUSTOMER_QUEUE", Content=old, Status="SAVED")
    stored = json.loads(_shown(centre, f"{made['ContactFlowId']}:$SAVED")["Content"])
    assert (stored["Version"], stored["StartAction"]) == ("2019-10-30", "loop")
    later = json.loads(old)
    later["modules"] = [{"id": "a", "type": "Resume", "branches": [], "parameters": [], "metadata": {}}]
    later["start"] = "a"
    centre.update_contact_flow_content(ContactFlowId=made["ContactFlowId"], Content=json.dumps(later))
    actions = json.loads(_shown(centre, made["ContactFlowId"])["Content"])["Actions"]
    assert actions == [{"Identifier": "a", "Type": "EndFlowExecution", "Parameters": {}, "Transitions": {}}]


def test_exported_content_comes_back_unchanged(centre: Centre) -> None:
    """BLK-007: the content of a flow is the text that was given, byte for byte."""
    for file in sorted((DOCUMENTS / "current").glob("*.json")):
        content = file.read_text(encoding="utf-8")
        type_ = "CUSTOMER_QUEUE" if "queue" in file.stem else "CONTACT_FLOW"
        made = centre.create_contact_flow(Name=file.stem, Type=type_, Content=content, Status="SAVED")
        assert _shown(centre, f"{made['ContactFlowId']}:$SAVED")["Content"] == content


def test_problems_are_those_of_the_api(centre: Centre) -> None:
    """FLOW-35, FLOW-54: foreign ARNs where a resource is needed are refused, with at most 50 problems of 256."""
    answer = centre.refused(
        "InvalidContactFlowException",
        "create_contact_flow",
        Name="Foreign queue",
        Type="CONTACT_FLOW",
        Content=_queueing(f"{FOREIGN}/queue/3c"),
    )
    assert any("queue" in problem["message"] for problem in answer["problems"])
    ours = centre.queue()
    centre.refused(
        "InvalidContactFlowException",
        "create_contact_flow",
        Name="Foreign instance",
        Type="CONTACT_FLOW",
        Content=_queueing(f"{FOREIGN}/queue/{ours}"),
    )
    centre.create_contact_flow(Name="Own queue", Type="CONTACT_FLOW", Content=_queueing(f"{centre.arn}/queue/{ours}"))
    content = json.loads(_content())
    content["Actions"] = [
        {**content["Actions"][0], "Identifier": f"a{n}", "Transitions": {"NextAction": "x" * 300}} for n in range(60)
    ]
    answer = centre.refused(
        "InvalidContactFlowException",
        "create_contact_flow",
        Name="Sixty",
        Type="CONTACT_FLOW",
        Content=json.dumps(content),
    )
    assert len(answer["problems"]) == 50
    assert max(len(problem["message"]) for problem in answer["problems"]) <= 256


@pytest.mark.parametrize("status", ["SAVED", "PUBLISHED"])
@pytest.mark.parametrize(
    "content",
    [
        "[" * 100_000,
        json.dumps({"Version": "2019-10-30", "StartAction": "x" * 1_000_200, "Actions": []}),
        '{"modules": [1]}',
    ],
    ids=["deep", "large", "legacy"],
)
def test_monstrous_content(centre: Centre, content: str, status: str) -> None:
    """A flow of 1 MB, of a hundred thousand levels, or that cannot be converted is refused, as a draft too."""
    request = {"Name": "Monster", "Type": "CONTACT_FLOW", "Content": content, "Status": status}
    answer = centre.refused("InvalidContactFlowException", "create_contact_flow", **request)
    assert answer["problems"][0]["message"]
    centre.refused("RequestEntityTooLargeException", "create_contact_flow", **request | {"Content": "x" * 5_000_000})


def test_export_and_import(centre: Centre, own: Any) -> None:
    """FLOW-52, FLOW-53: out with names and ARNs, in by name elsewhere; saving is free, publishing is not."""
    queue = f"{centre.arn}/queue/{centre.queue()}"
    flow = centre.create_contact_flow(
        Name="To export", Description="About", Type="CONTACT_FLOW", Content=_queueing(queue)
    )["ContactFlowId"]
    file = own.export_flow(InstanceId=centre.id, ContactFlowId=flow)
    assert file["FileName"] == "To export"
    exported = json.loads(file["Content"])
    assert exported["Metadata"]["ActionMetadata"]["say"]["parameters"]["QueueId"] == {"displayName": "BasicQueue"}
    assert (exported["Metadata"]["name"], exported["Metadata"]["type"]) == ("To export", "contactFlow")
    taken = own.import_flow(InstanceId=centre.id, Content=file["Content"], Type="CONTACT_FLOW")
    assert [one["Status"] for one in taken["References"]] == ["ARN"]
    assert (taken["Name"], taken["Description"], taken["Converted"]) == ("To export", "About", False)

    theirs = _queueing(f"{FOREIGN}/queue/3c", "BasicQueue")
    taken = own.import_flow(InstanceId=centre.id, Content=theirs, ContactFlowId=flow)
    reference = taken["References"][0]
    assert (reference["Status"], reference["ActionId"], reference["Path"], reference["Kind"], reference["Name"]) == (
        "NAME",
        "say",
        "QueueId",
        "queue",
        "BasicQueue",
    )
    assert (reference["Arn"], reference["ResolvedArn"]) == (f"{FOREIGN}/queue/3c", queue)
    centre.update_contact_flow_content(ContactFlowId=flow, Content=taken["Content"])
    assert queue in _shown(centre, flow)["Content"]

    lost = own.import_flow(InstanceId=centre.id, Content=_queueing(f"{FOREIGN}/queue/3c", "Nobody's"))
    assert [(one["Status"], one["Mandatory"]) for one in lost["References"]] == [("UNRESOLVED", True)]
    centre.update_contact_flow_content(ContactFlowId=f"{flow}:$SAVED", Content=lost["Content"])
    centre.refused(
        "InvalidContactFlowException", "update_contact_flow_content", ContactFlowId=flow, Content=lost["Content"]
    )
    draft = json.loads(own.export_flow(InstanceId=centre.id, ContactFlowId=f"{flow}:$SAVED")["Content"])
    assert draft["Metadata"]["ActionMetadata"]["say"]["parameters"]["QueueId"] == {"displayName": "Nobody's"}
    assert queue in own.export_flow(InstanceId=centre.id, ContactFlowId=f"{flow}:1")["Content"]


def test_open_references_of_optional_properties(centre: Centre, own: Any) -> None:
    """FLOW-53: hours that are not found do not hinder publishing, for the block can do without."""
    content = json.loads(_content())
    errors = [{"NextAction": "end", "ErrorType": "NoMatchingError"}]
    ways = [
        {"NextAction": "end", "Condition": {"Operator": "Equals", "Operands": [operand]}}
        for operand in ("True", "False")
    ]
    content["Actions"][0] = {
        "Identifier": "say",
        "Type": "CheckHoursOfOperation",
        "Parameters": {"HoursOfOperationId": f"{FOREIGN}/operating-hours/1"},
        "Transitions": {"NextAction": "end", "Errors": errors, "Conditions": ways},
    }
    taken = own.import_flow(InstanceId=centre.id, Content=json.dumps(content))
    assert [(one["Status"], one["Mandatory"]) for one in taken["References"]] == [("UNRESOLVED", False)]
    centre.create_contact_flow(Name="Open hours", Type="CONTACT_FLOW", Content=taken["Content"])


def test_bad_files(centre: Centre, own: Any) -> None:
    """FLOW-53: what is no flow, or a flow of another type, is refused."""
    old = (DOCUMENTS / "legacy" / "bakery_queue.json").read_text(encoding="utf-8")
    taken = own.import_flow(InstanceId=centre.id, Content=old)
    assert (taken["Type"], taken["Converted"], taken["Name"]) == ("CUSTOMER_QUEUE", True, "Bakery queue")
    _refused(own.import_flow, "CUSTOMER_QUEUE", InstanceId=centre.id, Content=old, Type="CONTACT_FLOW")
    whisper = centre.flow("Default agent whisper")
    _refused(own.import_flow, "AGENT_WHISPER", InstanceId=centre.id, Content=old, ContactFlowId=whisper)
    for wrong in ("PK\x03\x04", "{}", "[1]", "{" * 5000):
        _refused(own.import_flow, "not a flow", InstanceId=centre.id, Content=wrong)
    _refused(own.export_flow, "Give one", InstanceId=centre.id)


def test_modules_as_files(centre: Centre, own: Any) -> None:
    """FLOW-52, FLOW-53: modules too; a flow's file is not taken for a module."""
    content = _content().replace("DisconnectParticipant", "EndFlowModuleExecution")
    module = centre.create_contact_flow_module(Name="Filed", Content=content)["Id"]
    file = own.export_flow(InstanceId=centre.id, ContactFlowModuleId=module)["Content"]
    taken = own.import_flow(InstanceId=centre.id, Content=file, ContactFlowModuleId=module)
    assert (taken["Type"], taken["Name"]) == ("MODULE", "Filed")
    _refused(own.import_flow, "MODULE", InstanceId=centre.id, Content=file, Type="CONTACT_FLOW")


def test_large_flows_are_not_exported(centre: Centre, own: Any) -> None:
    """FLOW-52: 100 blocks are too many."""
    content = json.loads(_content())
    say, end = content["Actions"]
    errors = [{"NextAction": "end", "ErrorType": "NoMatchingError"}]
    many = [
        {
            **say,
            "Identifier": f"s{n}",
            "Transitions": {"NextAction": f"s{n + 1}" if n < 98 else "end", "Errors": errors},
        }
        for n in range(99)
    ]
    content |= {"StartAction": "s0", "Actions": [*many, end]}
    flow = centre.create_contact_flow(Name="Hundred", Type="CONTACT_FLOW", Content=json.dumps(content))["ContactFlowId"]
    _refused(own.export_flow, "100 blocks", InstanceId=centre.id, ContactFlowId=flow)


def test_migration_by_api(centre: Centre) -> None:
    """FLOW-54: list, describe, create, update with a map of ARNs; what the map lacks is refused."""
    other = Centre(centre.server)
    source = next(
        one["Id"]
        for one in centre.list_contact_flows()["ContactFlowSummaryList"]
        if one["Name"] == "Sample queue customer"
    )
    shown = _shown(centre, source)
    made = other.create_contact_flow(Name="Migrated", Type=shown["Type"], Content=shown["Content"], Status="SAVED")
    centre_queue, other_queue = centre.queue(), other.queue()
    update = {"ContactFlowId": made["ContactFlowId"]}
    other.refused("InvalidContactFlowException", "update_contact_flow_content", Content=shown["Content"], **update)
    mapped = shown["Content"].replace(f"{centre.arn}/queue/{centre_queue}", f"{other.arn}/queue/{other_queue}")
    other.update_contact_flow_content(Content=mapped, **update)
    assert _shown(other, made["ContactFlowId"])["Status"] == "PUBLISHED"
