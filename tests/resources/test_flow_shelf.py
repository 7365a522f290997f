"""What the designer's pages ask for besides the public operations."""

import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.resources.conftest import Centre
from tests.resources.test_flows import _content

RETURN = {"Identifier": "back", "Type": "EndFlowModuleExecution", "Parameters": {}, "Transitions": {}}
MODULE = json.dumps({"Version": "2019-10-30", "StartAction": "back", "Metadata": {}, "Actions": [RETURN]})


@pytest.fixture(scope="module")
def own(centre: Centre) -> Any:
    return centre.server.boto("switchroom")


def test_versions_have_dates_and_authors(centre: Centre, own: Any) -> None:
    """FLOW-46: every publication, newest first; of modules as of flows."""
    flow = centre.create_contact_flow(Name="Shelf versions", Type="CONTACT_FLOW", Content=_content())["ContactFlowId"]
    centre.update_contact_flow_content(ContactFlowId=flow, Content=_content())
    centre.update_contact_flow_content(ContactFlowId=f"{flow}:$SAVED", Content=_content())
    versions = own.list_flow_versions(InstanceId=centre.id, FlowId=flow)["Versions"]
    assert [one["Version"] for one in versions] == [2, 1]
    assert all(abs(one["At"].timestamp() - time.time()) < 60 and one["ByName"] for one in versions)
    module = centre.create_contact_flow_module(Name="Shelf module", Content=MODULE)["Id"]
    assert len(own.list_flow_versions(InstanceId=centre.id, FlowId=module)["Versions"]) == 1
    with pytest.raises(ClientError, match="ResourceNotFound"):
        own.list_flow_versions(InstanceId=centre.id, FlowId="00000000-0000-4000-8000-000000000000")


def test_a_module_can_begin_as_a_draft(centre: Centre, own: Any) -> None:
    """FLOW-55: what is not published cannot be invoked; it has no version yet."""
    unfinished = json.dumps({"Version": "2019-10-30", "StartAction": "", "Metadata": {}, "Actions": []})
    made = own.create_flow_module_draft(InstanceId=centre.id, Name="Half done", Description="d", Content=unfinished)
    shown = centre.describe_contact_flow_module(ContactFlowModuleId=f"{made['ModuleId']}:$SAVED")["ContactFlowModule"]
    assert (shown["Status"], shown["Description"]) == ("SAVED", "d")
    assert own.list_flow_versions(InstanceId=centre.id, FlowId=made["ModuleId"])["Versions"] == []
    with pytest.raises(ClientError, match="not published"):
        centre.describe_contact_flow_module(ContactFlowModuleId=made["ModuleId"])
    centre.update_contact_flow_module_content(ContactFlowModuleId=made["ModuleId"], Content=MODULE)
    assert len(own.list_flow_versions(InstanceId=centre.id, FlowId=made["ModuleId"])["Versions"]) == 1


def test_changes_are_found_by_date_and_person(centre: Centre, own: Any) -> None:
    """FLOW-47: the history of all flows, of one flow, of one person, of a time."""
    flow = centre.create_contact_flow(Name="Shelf history", Type="CONTACT_FLOW", Content=_content())["ContactFlowId"]
    about = {"InstanceId": centre.id, "ResourceType": "contact-flow", "ResourceId": flow}
    (made,) = own.list_changes(**about)["Changes"]
    now = int(time.time())
    assert len(own.list_changes(**about, Since=now - 60, Until=now + 60)["Changes"]) == 1
    assert own.list_changes(**about, Since=now + 60)["Changes"] == []
    assert own.list_changes(**about, Until=now - 60)["Changes"] == []
    assert len(own.list_changes(**about, ByName=made["ByName"])["Changes"]) == 1
    assert own.list_changes(**about, ByName="somebody else")["Changes"] == []
