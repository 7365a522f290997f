"""Instances, what they are associated with, phone numbers, tags and the change history through the door."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from switchroom.resources.kinds.instance import ATTRIBUTES
from tests.certificates import owner
from tests.resources.conftest import Centre
from tests.server import Server


def test_life_of_an_instance(switchroom_server: Server) -> None:
    """BASE-141, BASE-170, BASE-186, BASE-194, BASE-195."""
    centre = Centre(switchroom_server)
    shown = centre.describe_instance()["Instance"]
    assert (shown["InstanceAlias"], shown["InstanceStatus"]) == (centre.alias, "ACTIVE")
    assert shown["Arn"] == f"arn:aws:connect:us-east-1:123456789012:instance/{centre.id}"
    assert shown["IdentityManagementType"] == "CONNECT_MANAGED"
    pages = centre.connect.get_paginator("list_instances").paginate()
    assert centre.id in {one["Id"] for page in pages for one in page["InstanceSummaryList"]}
    with pytest.raises(ClientError, match="InvalidRequestException"):
        Centre(switchroom_server, centre.alias.upper())
    found = centre.search_available_phone_numbers(PhoneNumberCountryCode="GB", PhoneNumberType="DID")
    number = found["AvailableNumbersList"][-1]["PhoneNumber"]
    centre.claim_phone_number(PhoneNumber=number)
    centre.connect.delete_instance(InstanceId=centre.id)
    centre.refused("ResourceNotFoundException", "describe_instance")
    centre.refused("ResourceNotFoundException", "list_queues")
    other = Centre(switchroom_server, centre.alias)
    other.claim_phone_number(PhoneNumber=number)
    other.connect.delete_instance(InstanceId=other.id)


def test_client_token_makes_one_instance(switchroom_server: Server) -> None:
    connect = switchroom_server.boto("connect")
    request = {
        "IdentityManagementType": "SAML",
        "InstanceAlias": f"saml-{time.time_ns()}",
        "InboundCallsEnabled": True,
        "OutboundCallsEnabled": False,
        "ClientToken": f"token-{time.time_ns()}",
    }
    first, second = (connect.create_instance(**request) for _ in range(2))
    assert first["Id"] == second["Id"]
    with pytest.raises(ClientError):
        connect.create_instance(**request | {"OutboundCallsEnabled": True})
    connect.delete_instance(InstanceId=first["Id"])


def test_users_of_an_identity_provider_have_no_password(switchroom_server: Server) -> None:
    """BASE-170, USER-33."""
    connect = switchroom_server.boto("connect")
    made = connect.create_instance(
        IdentityManagementType="SAML",
        InstanceAlias=f"saml-{time.time_ns()}",
        InboundCallsEnabled=True,
        OutboundCallsEnabled=True,
    )
    centre = Centre.__new__(Centre)
    centre.server, centre.connect, centre.id, centre.arn = switchroom_server, connect, made["Id"], made["Arn"]
    while centre.status() != "ACTIVE":
        time.sleep(0.05)
    with pytest.raises(ClientError, match="InvalidRequestException"):
        centre.user("person")
    request: dict[str, Any] = {
        "Username": "person",
        "PhoneConfig": {"PhoneType": "SOFT_PHONE"},
        "SecurityProfileIds": [centre.security_profile()],
        "RoutingProfileId": centre.routing_profile(),
    }
    centre.create_user(**request)
    with pytest.raises(ClientError, match="InvalidRequestException"):
        centre.create_user(**request | {"Username": "mail", "IdentityInfo": {"Email": "a@example.com"}})
    connect.delete_instance(InstanceId=made["Id"])


def test_attributes(centre: Centre) -> None:
    """BASE-196, BASE-202."""
    pages = centre.connect.get_paginator("list_instance_attributes").paginate(InstanceId=centre.id)
    listed = {one["AttributeType"]: one["Value"] for page in pages for one in page["Attributes"]}
    assert set(listed) == set(ATTRIBUTES) and listed["EARLY_MEDIA"] == "true"
    for name, value in (("CONTACT_LENS", "false"), ("INBOUND_CALLS", "false")):
        centre.update_instance_attribute(AttributeType=name, Value=value)
        assert centre.describe_instance_attribute(AttributeType=name)["Attribute"]["Value"] == value
    assert not centre.describe_instance()["Instance"]["InboundCallsEnabled"]
    centre.update_instance_attribute(AttributeType="INBOUND_CALLS", Value="true")
    centre.refused("InvalidParameterException", "update_instance_attribute", AttributeType="CONTACT_LENS", Value="x")


def test_storage(centre: Centre) -> None:
    """BASE-199."""
    s3 = {"StorageType": "S3", "S3Config": {"BucketName": "b", "BucketPrefix": "p"}}
    made = centre.associate_instance_storage_config(ResourceType="CHAT_TRANSCRIPTS", StorageConfig=s3)["AssociationId"]
    request = {"AssociationId": made, "ResourceType": "CHAT_TRANSCRIPTS"}
    shown = centre.describe_instance_storage_config(**request)["StorageConfig"]
    assert shown == {"AssociationId": made, **s3}
    centre.refused(
        "ResourceConflictException",
        "associate_instance_storage_config",
        ResourceType="CHAT_TRANSCRIPTS",
        StorageConfig=s3,
    )
    stream = {"StorageType": "KINESIS_STREAM", "KinesisStreamConfig": {"StreamArn": "arn:aws:kinesis:x:1:stream/s"}}
    centre.update_instance_storage_config(**request, StorageConfig=stream)
    listed = centre.list_instance_storage_configs(ResourceType="CHAT_TRANSCRIPTS")["StorageConfigs"]
    assert listed == [{"AssociationId": made, **stream}]
    centre.disassociate_instance_storage_config(**request)
    assert centre.list_instance_storage_configs(ResourceType="CHAT_TRANSCRIPTS")["StorageConfigs"] == []
    wrong = {"StorageType": "S3"}
    centre.refused(
        "InvalidParameterException",
        "associate_instance_storage_config",
        ResourceType="ATTACHMENTS",
        StorageConfig=wrong,
    )


def test_associations(centre: Centre) -> None:
    """BASE-203, BASE-204."""
    centre.associate_approved_origin(Origin="https://crm.example.com")
    centre.refused("ResourceConflictException", "associate_approved_origin", Origin="https://crm.example.com")
    centre.refused("InvalidParameterException", "associate_approved_origin", Origin="crm.example.com/path")
    assert centre.list_approved_origins()["Origins"] == ["https://crm.example.com"]
    centre.disassociate_approved_origin(Origin="https://crm.example.com")
    assert centre.list_approved_origins()["Origins"] == []
    function = "arn:aws:lambda:us-east-1:123456789012:function:mine"
    centre.associate_lambda_function(FunctionArn=function)
    assert function in centre.list_lambda_functions()["LambdaFunctions"]
    centre.disassociate_lambda_function(FunctionArn=function)
    centre.refused("ResourceNotFoundException", "disassociate_lambda_function", FunctionArn=function)
    bot = {"Name": "Book", "LexRegion": "us-east-1"}
    centre.associate_lex_bot(LexBot=bot)
    assert centre.list_lex_bots()["LexBots"] == [bot] and centre.list_bots(LexVersion="V1")["LexBots"] == [
        {"LexBot": bot}
    ]
    centre.disassociate_lex_bot(BotName="Book", LexRegion="us-east-1")
    second = {"AliasArn": "arn:aws:lex:us-east-1:123456789012:bot-alias/A/B"}
    centre.associate_bot(LexV2Bot=second)
    assert centre.list_bots(LexVersion="V2")["LexBots"] == [{"LexV2Bot": second}]
    centre.disassociate_bot(LexV2Bot=second)
    centre.refused("InvalidRequestException", "associate_bot")


def test_security_keys(centre: Centre) -> None:
    """FLOW-133: two public keys in PEM form at a time, for rotation; no certificates, no private keys."""
    keys = [owner() for _ in range(3)]
    made = [centre.associate_security_key(Key=key.public)["AssociationId"] for key in keys[:2]]
    centre.refused("ServiceQuotaExceededException", "associate_security_key", Key=keys[2].public)
    assert [key["AssociationId"] for key in centre.list_security_keys()["SecurityKeys"]] == made
    centre.disassociate_security_key(AssociationId=made[0])
    centre.refused("ResourceConflictException", "associate_security_key", Key=keys[1].public)
    centre.refused("InvalidParameterException", "associate_security_key", Key="not a key")
    centre.refused("InvalidParameterException", "associate_security_key", Key=keys[2].certificate[:1_000])
    centre.associate_security_key(Key=keys[2].public)


def test_integrations(centre: Centre) -> None:
    request = {"IntegrationType": "VOICE_ID", "IntegrationArn": "arn:aws:voiceid:x:1:domain/d"}
    made = centre.create_integration_association(**request)["IntegrationAssociationId"]
    centre.refused("DuplicateResourceException", "create_integration_association", **request)
    second = request | {"IntegrationArn": "arn:aws:voiceid:x:1:domain/e"}
    centre.refused("InvalidRequestException", "create_integration_association", **second)
    case = centre.create_use_case(IntegrationAssociationId=made, UseCaseType="RULES_EVALUATION")["UseCaseId"]
    listed = centre.list_use_cases(IntegrationAssociationId=made)["UseCaseSummaryList"]
    assert [one["UseCaseId"] for one in listed] == [case]
    centre.refused("InvalidRequestException", "delete_integration_association", IntegrationAssociationId=made)
    centre.delete_use_case(IntegrationAssociationId=made, UseCaseId=case)
    centre.delete_integration_association(IntegrationAssociationId=made)
    assert centre.list_integration_associations()["IntegrationAssociationSummaryList"] == []


# numbers


@pytest.fixture
def free(centre: Centre) -> Callable[[int], list[str]]:
    """Some numbers of the inventory."""

    def some(count: int) -> list[str]:
        found = centre.search_available_phone_numbers(PhoneNumberCountryCode="US", PhoneNumberType="DID")
        return [one["PhoneNumber"] for one in found["AvailableNumbersList"]][:count]

    return some


def test_search_numbers(centre: Centre) -> None:
    """NUM-01."""
    request = {"PhoneNumberCountryCode": "US", "PhoneNumberType": "TOLL_FREE", "PhoneNumberPrefix": "+1800"}
    first = centre.search_available_phone_numbers(**request)
    second = centre.search_available_phone_numbers(**request, NextToken=first["NextToken"])
    numbers = [one["PhoneNumber"] for page in (first, second) for one in page["AvailableNumbersList"]]
    assert len(numbers) == 20 and numbers == sorted(set(numbers))
    assert all(number.startswith("+1800") for number in numbers)
    centre.refused(
        "InvalidParameterException", "search_available_phone_numbers", **request | {"PhoneNumberPrefix": "1800"}
    )


def test_claim_and_release(centre: Centre, free: Callable[[int], list[str]]) -> None:
    """NUM-03, NUM-06, NUM-09, NUM-11."""
    before = centre.list_phone_numbers_v2()["ListPhoneNumbersSummaryList"]
    assert before == []
    one, two = free(2)
    made = centre.claim_phone_number(PhoneNumber=one, PhoneNumberDescription="Main", Tags={"a": "b"}, ClientToken="c1")
    again = centre.claim_phone_number(PhoneNumber=one, PhoneNumberDescription="Main", Tags={"a": "b"}, ClientToken="c1")
    assert again == made
    centre.refused("IdempotencyException", "claim_phone_number", PhoneNumber=two, ClientToken="c1")
    number = made["PhoneNumberId"]
    connect = centre.connect
    shown = connect.describe_phone_number(PhoneNumberId=number)["ClaimedPhoneNumberSummary"]
    assert shown["PhoneNumberStatus"] == {"Status": "CLAIMED"} and shown["PhoneNumber"] == one
    assert shown["PhoneNumberArn"] == f"arn:aws:connect:us-east-1:123456789012:phone-number/{number}"
    assert (shown["TargetArn"], shown["Tags"]) == (centre.arn, {"a": "b"})
    sample = centre.flow("Sample inbound flow (first contact experience)")
    associated = centre.batch_get_flow_association(ResourceIds=[number])["FlowAssociationSummaryList"]
    assert [entry["FlowId"] for entry in associated] == [sample]
    connect.update_phone_number_metadata(PhoneNumberId=number, PhoneNumberDescription="Front desk")
    shown = connect.describe_phone_number(PhoneNumberId=number)["ClaimedPhoneNumberSummary"]
    assert shown["PhoneNumberDescription"] == "Front desk"
    other = centre.flow("Sample queue customer")
    connect.associate_phone_number_contact_flow(PhoneNumberId=number, InstanceId=centre.id, ContactFlowId=other)
    with pytest.raises(ClientError, match="InvalidParameterException"):
        connect.associate_phone_number_contact_flow(
            PhoneNumberId=number, InstanceId=centre.id, ContactFlowId=centre.flow("Default outbound")
        )
    connect.disassociate_phone_number_contact_flow(PhoneNumberId=number, InstanceId=centre.id)
    assert centre.batch_get_flow_association(ResourceIds=[number])["FlowAssociationSummaryList"] == []
    old = centre.list_phone_numbers()["PhoneNumberSummaryList"]
    assert [entry["Arn"] for entry in old] == [f"{centre.arn}/phone-number/{number}"]
    assert centre.list_phone_numbers_v2(PhoneNumberPrefix="+44")["ListPhoneNumbersSummaryList"] == []
    connect.release_phone_number(PhoneNumberId=number)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        connect.describe_phone_number(PhoneNumberId=number)
    centre.refused("ResourceNotFoundException", "claim_phone_number", PhoneNumber=one)
    assert one not in free(10)


def test_number_quota_and_move(switchroom_server: Server, free: Callable[[int], list[str]]) -> None:
    """NUM-13, NUM-15."""
    first, second = Centre(switchroom_server), Centre(switchroom_server)
    claimed = [first.claim_phone_number(PhoneNumber=number)["PhoneNumberId"] for number in free(6)]
    connect = first.connect
    states = [
        connect.describe_phone_number(PhoneNumberId=one)["ClaimedPhoneNumberSummary"]["PhoneNumberStatus"]
        for one in claimed
    ]
    assert [state["Status"] for state in states] == ["CLAIMED"] * 5 + ["FAILED"]
    assert "limit" in states[5]["Message"]
    connect.update_phone_number(PhoneNumberId=claimed[0], InstanceId=second.id)
    moved = connect.describe_phone_number(PhoneNumberId=claimed[0])["ClaimedPhoneNumberSummary"]
    assert moved["InstanceId"] == second.id
    assert second.batch_get_flow_association(ResourceIds=[claimed[0]])["FlowAssociationSummaryList"] == []
    connect.update_phone_number(PhoneNumberId=claimed[0], TargetArn=first.arn)
    assert len(first.list_phone_numbers_v2()["ListPhoneNumbersSummaryList"]) == 6
    with pytest.raises(ClientError, match="InvalidParameterException"):
        connect.update_phone_number(PhoneNumberId=claimed[0], TargetArn=first.arn, InstanceId=first.id)
    for one in (first, second):
        connect.delete_instance(InstanceId=one.id)


# tags and history


def test_tags(centre: Centre) -> None:
    """BASE-217, USER-55, NUM-41."""
    connect = centre.connect
    queue = f"{centre.arn}/queue/{centre.queue()}"
    flow = f"{centre.arn}/contact-flow/{centre.flow('Default outbound')}"
    connect.tag_resource(resourceArn=queue, tags={"team": "red", "Team": "x"})
    connect.tag_resource(resourceArn=queue, tags={"team": "blue"})
    connect.tag_resource(resourceArn=flow, tags={"team": "green", "empty": ""})
    connect.tag_resource(resourceArn=centre.arn, tags={"stage": "test"})
    assert connect.list_tags_for_resource(resourceArn=queue)["tags"] == {"team": "blue", "Team": "x"}
    assert centre.describe_instance()["Instance"]["Tags"] == {"stage": "test"}
    connect.untag_resource(resourceArn=queue, tagKeys=["Team", "nothing"])
    assert centre.describe_queue(QueueId=centre.queue())["Queue"]["Tags"] == {"team": "blue"}

    def tags(**request: Any) -> list[tuple[str, str]]:
        return [(tag["key"], tag["value"]) for tag in centre.search_resource_tags(**request)["Tags"]]

    assert tags(ResourceTypes=["Queue", "ContactFlow"]) == [("empty", ""), ("team", "blue"), ("team", "green")]
    condition = {"tagKey": "te", "tagKeyComparisonType": "STARTS_WITH", "tagValue": "BLUE"}
    assert tags(SearchCriteria={"TagSearchCondition": condition}) == [("team", "blue")]
    unknown = queue.rpartition("/")[0] + "/nothing"
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        connect.tag_resource(resourceArn=unknown, tags={"a": "b"})
    for wrong in ({"aws:a": "b"}, {str(number): "" for number in range(51)}):
        with pytest.raises(ClientError, match="InvalidParameterException"):
            connect.tag_resource(resourceArn=queue, tags=wrong)


def test_change_history(centre: Centre) -> None:
    """Who changed what, and what it was before."""
    own = centre.server.boto("switchroom")
    queue = centre.create_queue(Name="Watched", HoursOfOperationId=centre.hours())["QueueId"]
    centre.update_queue_status(QueueId=queue, Status="DISABLED")
    centre.connect.tag_resource(resourceArn=f"{centre.arn}/queue/{queue}", tags={"a": "b"})
    centre.delete_queue(QueueId=queue)
    changes = own.list_changes(InstanceId=centre.id, ResourceType="queue", ResourceId=queue)["Changes"]
    assert [change["Action"] for change in changes] == ["DELETED", "TAGGED", "UPDATED", "CREATED"]
    assert '"Status":"ENABLED"' in changes[2]["Before"] and '"Status":"DISABLED"' in changes[2]["After"]
    assert {change["ByKind"] for change in changes} == {"KEY"}
    assert {change["ById"] for change in changes} == {centre.server.credentials()[0]}
    first = own.list_changes(InstanceId=centre.id, ResourceId=queue, MaxResults=3)
    rest = own.list_changes(InstanceId=centre.id, ResourceId=queue, NextToken=first["NextToken"])
    assert [change["ChangeId"] for page in (first, rest) for change in page["Changes"]] == [
        change["ChangeId"] for change in changes
    ]


def test_configuration_survives_a_restart(make_server: Callable[..., Server]) -> None:
    """What was answered is there after `kill -9`."""
    server = make_server("--demo").ready()
    connect = server.boto("connect")
    instance = connect.list_instances()["InstanceSummaryList"][0]["Id"]
    hours = connect.list_hours_of_operations(InstanceId=instance)["HoursOfOperationSummaryList"][0]["Id"]
    queue = connect.create_queue(InstanceId=instance, Name="Kept", HoursOfOperationId=hours)["QueueId"]
    server.kill("node")
    assert _patiently(lambda: connect.describe_queue(InstanceId=instance, QueueId=queue))["Queue"]["Name"] == "Kept"


def _patiently(ask: Callable[[], Any]) -> Any:
    """The answer, once the node is back."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return ask()
        except (ClientError, BotoCoreError):
            assert time.monotonic() < deadline
            time.sleep(0.1)
