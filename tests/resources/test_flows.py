"""Flows, modules, prompts and task templates through the door."""

import json
from typing import Any

import httpx
import pytest

from tests.resources.conftest import Centre


def _content(text: str = "Hello", next_action: str = "end") -> str:
    say = {
        "Identifier": "say",
        "Type": "MessageParticipant",
        "Parameters": {"Text": text},
        "Transitions": {
            "NextAction": next_action,
            "Errors": [{"NextAction": next_action, "ErrorType": "NoMatchingError"}],
        },
    }
    end = {"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}
    return json.dumps({"Version": "2019-10-30", "StartAction": "say", "Metadata": {}, "Actions": [say, end]})


def _whisper() -> str:
    return _content().replace("DisconnectParticipant", "EndFlowExecution")


def _shown(centre: Centre, flow: str) -> dict[str, Any]:
    shown: dict[str, Any] = centre.describe_contact_flow(ContactFlowId=flow)["ContactFlow"]
    return shown


def test_seeded_flows(centre: Centre) -> None:
    """FLOW-01, FLOW-16."""
    listed = centre.list_contact_flows()["ContactFlowSummaryList"]
    defaults = {one["Name"]: one["ContactFlowType"] for one in listed if one["Name"].startswith("Default")}
    assert defaults == {
        "Default agent hold": "AGENT_HOLD",
        "Default agent transfer": "AGENT_TRANSFER",
        "Default agent whisper": "AGENT_WHISPER",
        "Default customer hold": "CUSTOMER_HOLD",
        "Default customer queue": "CUSTOMER_QUEUE",
        "Default customer whisper": "CUSTOMER_WHISPER",
        "Default outbound": "OUTBOUND_WHISPER",
        "Default queue transfer": "QUEUE_TRANSFER",
    }
    assert {one["ContactFlowStatus"] for one in listed} == {"PUBLISHED"}
    shown = _shown(centre, centre.flow("Default customer queue"))
    assert shown["Description"] == "Default audio played when a customer is waiting in queue."
    samples = {one["Name"] for one in listed if one["Name"].startswith("Sample")}
    assert {"Sample AB test", "Sample inbound flow (first contact experience)", "Sample queue customer"} <= samples
    assert centre.queue() in _shown(centre, centre.flow("Sample queue customer"))["Content"]


def test_draft_and_publication(centre: Centre) -> None:
    """FLOW-34, FLOW-35, FLOW-46."""
    made = centre.create_contact_flow(
        Name="Drafted", Type="CONTACT_FLOW", Content=_content("one", "nowhere"), Status="SAVED", Description="d"
    )
    flow = made["ContactFlowId"]
    centre.refused("ContactFlowNotPublishedException", "describe_contact_flow", ContactFlowId=flow)
    draft = _shown(centre, f"{flow}:$SAVED")
    assert draft["Status"] == "SAVED" and "one" in draft["Content"]
    answer = centre.refused(
        "InvalidContactFlowException",
        "update_contact_flow_content",
        ContactFlowId=flow,
        Content=_content("one", "nowhere"),
    )
    assert answer["problems"][0]["message"]
    for text in ("two", "three"):
        centre.update_contact_flow_content(ContactFlowId=flow, Content=_content(text))
    centre.update_contact_flow_content(ContactFlowId=f"{made['ContactFlowArn']}:$SAVED", Content=_content("four"))
    live = _shown(centre, flow)
    assert "three" in live["Content"] and live["Status"] == "PUBLISHED" and live["Version"] == 2
    assert "four" in _shown(centre, f"{flow}:$SAVED")["Content"]
    assert "two" in _shown(centre, f"{flow}:1")["Content"]
    versions = centre.list_contact_flow_versions(ContactFlowId=flow)["ContactFlowVersionSummaryList"]
    assert [one["Version"] for one in versions] == [2, 1]
    centre.update_contact_flow_content(ContactFlowId=flow, Content=_shown(centre, f"{flow}:1")["Content"])
    assert "two" in _shown(centre, flow)["Content"]


def test_versions_and_aliases(centre: Centre) -> None:
    flow = centre.create_contact_flow(Name="Versioned", Type="CONTACT_FLOW", Content=_content("v1"))["ContactFlowId"]
    digest = _shown(centre, flow)["FlowContentSha256"]
    made = centre.create_contact_flow_version(ContactFlowId=flow, Description="Good", FlowContentSha256=digest)
    assert made["Version"] == 2 and _shown(centre, f"{flow}:2")["VersionDescription"] == "Good"
    centre.refused(
        "InvalidParameterException", "create_contact_flow_version", ContactFlowId=flow, FlowContentSha256="0" * 64
    )
    alias = centre.create_contact_flow_alias(ContactFlowId=flow, ContactFlowVersion=1, AliasName="stable")["Id"]
    centre.update_contact_flow_content(ContactFlowId=flow, Content=_content("v3"))
    assert "v1" in _shown(centre, f"{flow}:stable")["Content"]
    centre.refused("InvalidRequestException", "delete_contact_flow_version", ContactFlowId=flow, ContactFlowVersion=1)
    centre.update_contact_flow_alias(ContactFlowId=flow, AliasId=alias, ContactFlowVersion=3, Name="newest")
    shown = centre.describe_contact_flow_alias(ContactFlowId=flow, AliasId=alias)["ContactFlowAlias"]
    assert (shown["Name"], shown["Version"]) == ("newest", 3)
    centre.delete_contact_flow_version(ContactFlowId=flow, ContactFlowVersion=1)
    centre.refused("ResourceNotFoundException", "describe_contact_flow", ContactFlowId=f"{flow}:1")
    assert len(centre.list_contact_flow_aliases(ContactFlowId=flow)["ContactFlowAliasSummaryList"]) == 1
    centre.delete_contact_flow_alias(ContactFlowId=flow, AliasId=alias)
    assert centre.list_contact_flow_aliases(ContactFlowId=flow)["ContactFlowAliasSummaryList"] == []


def test_archive(centre: Centre) -> None:
    """FLOW-12, FLOW-45."""
    default = centre.flow("Default outbound")
    for operation, request in (
        ("update_contact_flow_metadata", {"ContactFlowState": "ARCHIVED"}),
        ("delete_contact_flow", {}),
    ):
        centre.refused("InvalidRequestException", operation, ContactFlowId=default, **request)
    flow = centre.create_contact_flow(Name="Old", Type="OUTBOUND_WHISPER", Content=_whisper())["ContactFlowId"]
    centre.refused("InvalidRequestException", "delete_contact_flow", ContactFlowId=flow)
    config = {"OutboundFlowId": flow}
    queue = centre.create_queue(Name="Uses a flow", HoursOfOperationId=centre.hours(), OutboundCallerConfig=config)[
        "QueueId"
    ]
    archive = {"ContactFlowId": flow, "ContactFlowState": "ARCHIVED"}
    centre.refused("InvalidRequestException", "update_contact_flow_metadata", **archive)
    centre.update_queue_outbound_caller_config(QueueId=queue, OutboundCallerConfig={"OutboundCallerIdName": "x"})
    centre.update_contact_flow_metadata(**archive)
    assert _shown(centre, flow)["State"] == "ARCHIVED"
    centre.refused("InvalidRequestException", "update_contact_flow_content", ContactFlowId=flow, Content=_whisper())
    centre.update_contact_flow_metadata(ContactFlowId=flow, ContactFlowState="ACTIVE")
    assert _shown(centre, flow)["State"] == "ACTIVE"
    centre.update_contact_flow_metadata(**archive)
    centre.delete_contact_flow(ContactFlowId=flow)
    centre.refused("ResourceNotFoundException", "describe_contact_flow", ContactFlowId=flow)


def test_names_and_search(centre: Centre) -> None:
    flow = centre.create_contact_flow(Name="Named", Type="CUSTOMER_QUEUE", Content=_content())
    centre.update_contact_flow_name(ContactFlowId=flow["ContactFlowId"], Name="Renamed", Description="Other")
    shown = _shown(centre, flow["ContactFlowId"])
    assert (shown["Name"], shown["Description"]) == ("Renamed", "Other")
    centre.refused(
        "DuplicateResourceException", "create_contact_flow", Name="Renamed", Type="CONTACT_FLOW", Content=_content()
    )
    for wrong in ("not json", "{}"):
        centre.refused(
            "InvalidContactFlowException", "create_contact_flow", Name="W", Type="CONTACT_FLOW", Content=wrong
        )
    found = centre.search_contact_flows(SearchCriteria={"TypeCondition": "AGENT_HOLD"})["ContactFlows"]
    assert [one["Name"] for one in found] == ["Default agent hold"]
    by_type = {"FlowAttributeFilter": {"ContactFlowTypeCondition": {"ContactFlowType": "CUSTOMER_HOLD"}}}
    assert [one["Name"] for one in centre.search_contact_flows(SearchFilter=by_type)["ContactFlows"]] == [
        "Default customer hold"
    ]
    listed = centre.list_contact_flows(ContactFlowTypes=["CUSTOMER_HOLD", "AGENT_HOLD"])["ContactFlowSummaryList"]
    assert [one["Name"] for one in listed] == ["Default agent hold", "Default customer hold"]


def test_foreign_reference_is_refused(centre: Centre) -> None:
    """FLOW-54."""
    content = json.loads(_content())
    content["Actions"][0] |= {
        "Type": "UpdateContactTargetQueue",
        "Parameters": {"QueueId": "arn:aws:connect:us-east-1:123456789012:instance/other/queue/other"},
    }
    centre.refused(
        "InvalidContactFlowException",
        "create_contact_flow",
        Name="Foreign",
        Type="CONTACT_FLOW",
        Content=json.dumps(content),
    )


def test_modules(centre: Centre) -> None:
    """Modules have drafts, versions and an archive as flows have."""
    content = json.loads(_content())
    content["Actions"][1] = {
        "Identifier": "end",
        "Type": "EndFlowModuleExecution",
        "Parameters": {},
        "Transitions": {},
    }
    text = json.dumps(content)
    made = centre.create_contact_flow_module(Name="Part", Content=text, Description="d", ClientToken="once")
    assert centre.create_contact_flow_module(Name="Part", Content=text, Description="d", ClientToken="once") == made
    centre.refused("IdempotencyException", "create_contact_flow_module", Name="P", Content=text, ClientToken="once")
    module = made["Id"]
    shown = centre.describe_contact_flow_module(ContactFlowModuleId=module)["ContactFlowModule"]
    assert (shown["Name"], shown["Status"], shown["Version"]) == ("Part", "PUBLISHED", 1)
    centre.update_contact_flow_module_content(ContactFlowModuleId=module, Content=text.replace("Hello", "Bye"))
    version = centre.create_contact_flow_module_version(ContactFlowModuleId=module, Description="Two")["Version"]
    assert version == 3
    versions = centre.list_contact_flow_module_versions(ContactFlowModuleId=module)
    assert [one["Version"] for one in versions["ContactFlowModuleVersionSummaryList"]] == [3, 2, 1]
    centre.update_contact_flow_module_metadata(ContactFlowModuleId=module, Name="Piece", State="ARCHIVED")
    archived = centre.list_contact_flow_modules(ContactFlowModuleState="ARCHIVED")["ContactFlowModulesSummaryList"]
    assert [one["Name"] for one in archived] == ["Piece"]
    centre.delete_contact_flow_module(ContactFlowModuleId=module)
    centre.refused("ResourceNotFoundException", "describe_contact_flow_module", ContactFlowModuleId=module)
    centre.refused("InvalidContactFlowModuleException", "create_contact_flow_module", Name="W", Content="{}")


def test_prompts(centre: Centre) -> None:
    """FLOW-60: the shipped sounds are there and can be heard."""
    listed = centre.list_prompts()["PromptSummaryList"]
    assert {"Beep.wav", "CustomerHold.wav", "CustomerQueue.wav"} <= {one["Name"] for one in listed}
    beep = centre.named("list_prompts", "PromptSummaryList", "Beep.wav")
    url = centre.get_prompt_file(PromptId=beep)["PromptPresignedUrl"]
    answer = httpx.get(url)
    assert answer.status_code == 200 and answer.content[:4] == b"RIFF"
    folder = centre.server.data / "objects" / "sounds"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mine.wav").write_bytes(answer.content)
    (folder / "not.wav").write_bytes(b"no sound at all")
    made = centre.create_prompt(Name="Mine", S3Uri="s3://switchroom/sounds/mine.wav", Tags={"a": "b"})["PromptId"]
    (folder / "mine.wav").unlink()
    assert httpx.get(centre.get_prompt_file(PromptId=made)["PromptPresignedUrl"]).content == answer.content
    centre.update_prompt(PromptId=made, Name="Ours", Description="Beep")
    shown = centre.describe_prompt(PromptId=made)["Prompt"]
    assert (shown["Name"], shown["Description"], shown["Tags"]) == ("Ours", "Beep", {"a": "b"})
    wanted = {"StringCondition": {"FieldName": "description", "Value": "bee", "ComparisonType": "STARTS_WITH"}}
    found = centre.search_prompts(SearchCriteria=wanted)["Prompts"]
    assert "Ours" in {one["Name"] for one in found}
    for uri in ("s3://switchroom/sounds/not.wav", "s3://switchroom/sounds/nothing.wav", "s3://x/../root.key", "file"):
        centre.refused("InvalidParameterException", "create_prompt", Name="Bad", S3Uri=uri)
    centre.delete_prompt(PromptId=made)
    centre.refused("ResourceNotFoundException", "describe_prompt", PromptId=made)


def _template(centre: Centre, name: str, **more: Any) -> dict[str, Any]:
    request: dict[str, Any] = {
        "Name": name,
        "ContactFlowId": centre.flow("Sample queue customer"),
        "Fields": [
            {"Id": {"Name": "What"}, "Type": "NAME"},
            {"Id": {"Name": "Colour"}, "Type": "SINGLE_SELECT", "SingleSelectOptions": ["Red", "Blue"]},
        ],
        "Constraints": {"RequiredFields": [{"Id": {"Name": "What"}}]},
        "Defaults": {"DefaultFieldValues": [{"Id": {"Name": "Colour"}, "DefaultValue": "Red"}]},
    } | more
    answer: dict[str, Any] = centre.create_task_template(**request)
    return answer


def test_task_templates(centre: Centre) -> None:
    """ROUT-86."""
    made = _template(centre, "Paint", Description="Colours", ClientToken="paint")
    assert _template(centre, "Paint", Description="Colours", ClientToken="paint") == made
    template = made["Id"]
    shown = centre.get_task_template(TaskTemplateId=template)
    assert (shown["Name"], shown["Status"], shown["InstanceId"]) == ("Paint", "ACTIVE", centre.id)
    assert [field["Id"]["Name"] for field in shown["Fields"]] == ["What", "Colour"]
    updated = centre.update_task_template(TaskTemplateId=template, Status="INACTIVE", Name="Paints")
    assert (updated["Name"], updated["Status"]) == ("Paints", "INACTIVE")
    assert centre.list_task_templates(Status="ACTIVE")["TaskTemplates"] == []
    assert [one["Name"] for one in centre.list_task_templates(Name="pain")["TaskTemplates"]] == ["Paints"]
    centre.delete_task_template(TaskTemplateId=template)
    centre.refused("ResourceNotFoundException", "get_task_template", TaskTemplateId=template)


def test_bad_task_templates(centre: Centre) -> None:
    field = {"Id": {"Name": "What"}, "Type": "NAME"}
    select = {"Id": {"Name": "Pick"}, "Type": "SINGLE_SELECT"}
    cases: list[tuple[dict[str, Any], str]] = [
        ({"Fields": [{"Id": {"Name": "T"}, "Type": "TEXT"}]}, "REQUIRED_PROPERTY_MISSING"),
        ({"Fields": [field, field]}, "UNIQUE_CONSTRAINT_VIOLATED"),
        ({"Fields": [field, select]}, "REQUIRED_PROPERTY_MISSING"),
        ({"Fields": [field]}, "REFERENCED_RESOURCE_NOT_FOUND"),
        ({"ContactFlowId": "nothing"}, "REFERENCED_RESOURCE_NOT_FOUND"),
    ]
    for wrong, reason in cases:
        with pytest.raises(centre.connect.exceptions.PropertyValidationException) as refused:
            _template(centre, "Bad", **wrong)
        properties = refused.value.response["PropertyList"]
        assert properties[0]["Reason"] == reason and properties[0]["PropertyPath"]
    _template(centre, "Twice")
    with pytest.raises(centre.connect.exceptions.PropertyValidationException) as refused:
        _template(centre, "Twice")
    assert refused.value.response["PropertyList"][0]["Reason"] == "RESOURCE_NAME_ALREADY_EXISTS"
