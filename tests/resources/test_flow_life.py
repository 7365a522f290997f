"""The life of flows and modules through the door: originals, copies, archive, history, rights."""

import json
import time
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.resources.conftest import Centre
from tests.resources.test_flows import _content, _shown, _whisper

MODULE = _content().replace("DisconnectParticipant", "EndFlowModuleExecution")


def _signed_in(centre: Centre, login: str, permissions: list[str]) -> Any:
    """A Connect client of a user with these permissions alone."""
    profile = centre.create_security_profile(SecurityProfileName=login, Permissions=permissions)["SecurityProfileId"]
    centre.user(login, Password="Right-Password-1", SecurityProfileIds=[profile])
    signed = {"InstanceAlias": centre.alias, "Username": login, "Password": "Right-Password-1"}
    token = centre.server.boto("switchroom").sign_in(**signed)["Token"]
    config = Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1})
    client = boto3.client("connect", endpoint_url=centre.server.url, region_name="us-east-1", config=config)

    def sign(request: Any, **_: Any) -> None:
        request.headers["Authorization"] = f"Bearer {token}"

    client.meta.events.register("before-send", sign)
    return client


def _invoking(module: str) -> str:
    content = json.loads(_content())
    content["Actions"][0] |= {"Type": "InvokeFlowModule", "Parameters": {"FlowModuleId": module}}
    return json.dumps(content)


def test_originals_of_default_flows(centre: Centre) -> None:
    """FLOW-13: the oldest version of a default flow is what was shipped, of the day the instance was made; it stays."""
    made = centre.describe_instance()["Instance"]["CreatedTime"]
    flow = centre.flow("Default outbound")
    shipped = _shown(centre, flow)["Content"]
    for text in ("Hello", "Hello again"):
        centre.update_contact_flow_content(ContactFlowId=flow, Content=_whisper().replace("Hello", text))
    versions = centre.list_contact_flow_versions(ContactFlowId=flow)["ContactFlowVersionSummaryList"]
    assert [one["Version"] for one in versions] == [3, 2, 1]
    assert abs((versions[-1]["LastModifiedTime"] - made).total_seconds()) < 60
    assert _shown(centre, f"{flow}:1")["Content"] == shipped
    centre.refused("InvalidRequestException", "delete_contact_flow_version", ContactFlowId=flow, ContactFlowVersion=1)
    centre.delete_contact_flow_version(ContactFlowId=flow, ContactFlowVersion=2)
    centre.update_contact_flow_content(ContactFlowId=flow, Content=shipped)
    shown = _shown(centre, flow)
    assert (shown["Content"], shown["Version"]) == (shipped, 4)


def test_save_as(centre: Centre) -> None:
    """FLOW-36: any version becomes a new flow of another name and description; the first one stays as it is."""
    flow = centre.create_contact_flow(Name="First", Type="CONTACT_FLOW", Content=_content("one"))["ContactFlowId"]
    centre.update_contact_flow_content(ContactFlowId=flow, Content=_content("two"))
    old = _shown(centre, f"{flow}:1")
    request = {"Name": "Copy", "Description": "Of the first", "Type": old["Type"], "Content": old["Content"]}
    copy = centre.create_contact_flow(**request, Status="SAVED")["ContactFlowId"]
    centre.refused("DuplicateResourceException", "create_contact_flow", **request)
    shown = _shown(centre, f"{copy}:$SAVED")
    assert (shown["Name"], shown["Description"], shown["Status"]) == ("Copy", "Of the first", "SAVED")
    assert "one" in shown["Content"] and "two" in _shown(centre, flow)["Content"]


def test_latest_and_saved(centre: Centre) -> None:
    """FLOW-34, FLOW-46: $LATEST is what runs, $SAVED the draft or, without one, what runs."""
    flow = centre.create_contact_flow(Name="Qualified", Type="CONTACT_FLOW", Content=_content("run"))["ContactFlowId"]
    assert _shown(centre, f"{flow}:$SAVED")["Status"] == "PUBLISHED"
    centre.update_contact_flow_content(ContactFlowId=f"{flow}:$SAVED", Content=_content("draft"))
    assert "run" in _shown(centre, f"{flow}:$LATEST")["Content"]
    assert "draft" in _shown(centre, f"{flow}:$SAVED")["Content"]
    centre.update_contact_flow_content(ContactFlowId=flow, Content=_shown(centre, f"{flow}:$SAVED")["Content"])
    assert _shown(centre, f"{flow}:$SAVED")["Status"] == "PUBLISHED"
    centre.refused("ResourceNotFoundException", "describe_contact_flow", ContactFlowId=f"{flow}:9")
    centre.refused("ResourceNotFoundException", "describe_contact_flow", ContactFlowId=f"{flow}:nobody")


def _archived(centre: Centre, state: str) -> set[str]:
    found = centre.search_contact_flows(SearchCriteria={"StateCondition": state}, MaxResults=100)["ContactFlows"]
    return {one["Name"] for one in found}


def test_archive_and_restore(centre: Centre) -> None:
    """FLOW-43, FLOW-44, FLOW-45: not while a number, a quick connect or a queue has it; afterwards out of sight, and
    back again or gone for good."""
    flow = centre.create_contact_flow(Name="Transfer", Type="QUEUE_TRANSFER", Content=_content())["ContactFlowId"]
    archive = {"ContactFlowId": flow, "ContactFlowState": "ARCHIVED"}
    config = {"QuickConnectType": "QUEUE", "QueueConfig": {"QueueId": centre.queue(), "ContactFlowId": flow}}
    connect = centre.create_quick_connect(Name="Uses it", QuickConnectConfig=config)["QuickConnectId"]
    answer = centre.refused("InvalidRequestException", "update_contact_flow_metadata", **archive)
    assert "Uses it" in str(answer)
    centre.delete_quick_connect(QuickConnectId=connect)
    centre.refused("InvalidRequestException", "delete_contact_flow", ContactFlowId=flow)
    centre.update_contact_flow_metadata(**archive)
    assert "Transfer" in _archived(centre, "ARCHIVED") and "Transfer" not in _archived(centre, "ACTIVE")
    centre.refused(
        "ResourceNotFoundException",
        "create_quick_connect",
        Name="Late",
        QuickConnectConfig={
            "QuickConnectType": "QUEUE",
            "QueueConfig": {"QueueId": centre.queue(), "ContactFlowId": "nothing"},
        },
    )
    centre.update_contact_flow_metadata(ContactFlowId=flow, ContactFlowState="ACTIVE")
    assert "Transfer" in _archived(centre, "ACTIVE")
    centre.update_contact_flow_metadata(**archive)
    centre.delete_contact_flow(ContactFlowId=flow)
    assert "Transfer" not in _archived(centre, "ARCHIVED") | _archived(centre, "ACTIVE")


def test_archived_modules(centre: Centre) -> None:
    """FLOW-43, FLOW-44, FLOW-45: modules likewise; a flow that invokes one does not hold it."""
    module = centre.create_contact_flow_module(Name="Archived part", Content=MODULE)["Id"]
    centre.create_contact_flow(Name="Caller", Type="CONTACT_FLOW", Content=_invoking(module))
    centre.refused("InvalidRequestException", "delete_contact_flow_module", ContactFlowModuleId=module)
    centre.update_contact_flow_module_metadata(ContactFlowModuleId=module, State="ARCHIVED")
    listed = centre.list_contact_flow_modules(ContactFlowModuleState="ACTIVE")["ContactFlowModulesSummaryList"]
    assert module not in {one["Id"] for one in listed}
    centre.update_contact_flow_module_metadata(ContactFlowModuleId=module, State="ACTIVE")
    listed = centre.list_contact_flow_modules(ContactFlowModuleState="ACTIVE")["ContactFlowModulesSummaryList"]
    assert module in {one["Id"] for one in listed}


def test_flow_of_a_number(centre: Centre) -> None:
    """FLOW-48, FLOW-43: only a published inbound flow; a number holds its flow against the archive."""
    found = centre.connect.search_available_phone_numbers(
        TargetArn=centre.arn, PhoneNumberCountryCode="US", PhoneNumberType="DID", MaxResults=1
    )["AvailableNumbersList"][0]["PhoneNumber"]
    number = centre.connect.claim_phone_number(TargetArn=centre.arn, PhoneNumber=found)["PhoneNumberId"]
    deadline = time.monotonic() + 20
    while (
        centre.connect.describe_phone_number(PhoneNumberId=number)["ClaimedPhoneNumberSummary"]["PhoneNumberStatus"][
            "Status"
        ]
        != "CLAIMED"
    ):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    draft = centre.create_contact_flow(Name="Line draft", Type="CONTACT_FLOW", Content=_content(), Status="SAVED")
    for flow in (draft["ContactFlowId"], centre.flow("Default customer hold")):
        request = {"PhoneNumberId": number, "ContactFlowId": flow}
        centre.refused("InvalidParameterException", "associate_phone_number_contact_flow", **request)
    flow = draft["ContactFlowId"]
    centre.update_contact_flow_content(ContactFlowId=flow, Content=_content())
    centre.associate_phone_number_contact_flow(PhoneNumberId=number, ContactFlowId=flow)
    archive = {"ContactFlowId": flow, "ContactFlowState": "ARCHIVED"}
    centre.refused("InvalidRequestException", "update_contact_flow_metadata", **archive)
    centre.disassociate_phone_number_contact_flow(PhoneNumberId=number)
    centre.update_contact_flow_metadata(**archive)
    request = {"PhoneNumberId": number, "ContactFlowId": flow}
    centre.refused("InvalidParameterException", "associate_phone_number_contact_flow", **request)


def test_modules_where_they_may_stand(centre: Centre) -> None:
    """FLOW-55, FLOW-56, FLOW-57: published ones only, in inbound flows only, never inside each other."""
    own = centre.server.boto("switchroom")
    draft = own.create_flow_module_draft(InstanceId=centre.id, Name="Part draft", Content=MODULE)["ModuleId"]
    centre.refused("ContactFlowNotPublishedException", "describe_contact_flow_module", ContactFlowModuleId=draft)
    module = centre.create_contact_flow_module(Name="Published part", Content=MODULE)["Id"]
    for type_ in ("CUSTOMER_QUEUE", "AGENT_WHISPER", "OUTBOUND_WHISPER", "QUEUE_TRANSFER", "AGENT_TRANSFER"):
        request = {"Name": type_, "Type": type_, "Content": _invoking(module)}
        centre.refused("InvalidContactFlowException", "create_contact_flow", **request)
    nested = _invoking(module).replace("DisconnectParticipant", "EndFlowModuleExecution")
    answer = centre.refused("InvalidContactFlowModuleException", "create_contact_flow_module", Name="N", Content=nested)
    assert answer["Problems"][0]["message"]
    assert centre.create_contact_flow(Name="Calls it", Type="CONTACT_FLOW", Content=_invoking(module))


def test_rights_of_modules(centre: Centre) -> None:
    """FLOW-58: making a module needs a right of its own; invoking one does not."""
    module = centre.create_contact_flow_module(Name="For authors", Content=MODULE)["Id"]
    rights = [f"ContactFlows.{right}" for right in ("View", "Create", "Edit", "Publish")]
    author = _signed_in(centre, "author", rights)
    with pytest.raises(ClientError) as refused:
        author.create_contact_flow_module(InstanceId=centre.id, Name="Mine", Content=MODULE)
    assert refused.value.response["Error"]["Code"] == "AccessDeniedException"
    made = author.create_contact_flow(
        InstanceId=centre.id, Name="By an author", Type="CONTACT_FLOW", Content=_invoking(module)
    )
    assert made["ContactFlowId"]
    with pytest.raises(ClientError, match="AccessDenied"):
        author.delete_contact_flow(InstanceId=centre.id, ContactFlowId=made["ContactFlowId"])
    maker = _signed_in(
        centre, "maker", ["ContactFlowModules.View", "ContactFlowModules.Create", "ContactFlowModules.Publish"]
    )
    assert maker.create_contact_flow_module(InstanceId=centre.id, Name="Theirs", Content=MODULE)["Id"]


def test_history_of_all_flows(centre: Centre) -> None:
    """FLOW-47: who did what to which flow and when, over all flows or one, by day and by user."""
    editor = _signed_in(centre, "editor", [f"ContactFlows.{right}" for right in ("View", "Create", "Edit", "Publish")])
    before = int(time.time())
    made = editor.create_contact_flow(InstanceId=centre.id, Name="Traced", Type="CONTACT_FLOW", Content=_content("one"))
    flow = {"InstanceId": centre.id, "ContactFlowId": made["ContactFlowId"]}
    editor.update_contact_flow_content(**flow, Content=_content("two"))
    centre.update_contact_flow_name(ContactFlowId=made["ContactFlowId"], Name="Traced again")
    own = centre.server.boto("switchroom")

    def changes(**wanted: Any) -> list[tuple[str, str, str]]:
        shown = own.list_changes(InstanceId=centre.id, ResourceType="contact-flow", **wanted)["Changes"]
        return [(one["Action"], one["ResourceName"], one["ByName"]) for one in shown]

    by_editor = [("UPDATED", "Traced", "editor"), ("CREATED", "Traced", "editor")]
    mine = changes(ResourceId=made["ContactFlowId"])
    assert mine[1:] == by_editor and mine[0][:2] == ("UPDATED", "Traced again")
    assert changes(ByName="editor") == by_editor
    assert changes(Since=before)[: len(mine)] == mine
    assert changes(Until=before - 3600) == []
