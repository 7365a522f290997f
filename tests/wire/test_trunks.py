"""Trunks and desk phone passwords through the door, as boto3 calls it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.server import Server
from tests.wire.test_boto3 import own_client

CARRIER: dict[str, Any] = {
    "Name": "Carrier",
    "Inbound": {"Addresses": ["192.0.2.0/24"]},
    "Outbound": {"Host": "127.0.0.1", "Port": 9, "Register": False, "Username": "us", "Secret": "s3cret"},
    "Codecs": ["PCMA", "PCMU"],
    "NumberRules": [{"Direction": "OUTBOUND", "Match": r"\+1(\d+)", "Replace": r"\1"}],
}


@pytest.fixture
def trunks(switchroom_server: Server) -> Iterator[tuple[Any, str]]:
    """The client and the instance; trunks that are left are removed, for a demo without any takes every call."""
    client = own_client(switchroom_server)
    instance = switchroom_server.boto("connect").list_instances()["InstanceSummaryList"][0]["Id"]
    yield client, instance
    for trunk in client.list_trunks(InstanceId=instance)["Trunks"]:
        client.delete_trunk(InstanceId=instance, TrunkId=trunk["TrunkId"])


def test_a_trunk_is_set_up_changed_and_removed(trunks: tuple[Any, str]) -> None:
    """The password is never given back, and stays when a change leaves it out."""
    client, instance = trunks
    made = client.create_trunk(InstanceId=instance, **CARRIER)["Trunk"]
    assert made["Outbound"]["SecretSet"] and "Secret" not in made["Outbound"] and made["Enabled"]
    outbound = {name: value for name, value in CARRIER["Outbound"].items() if name != "Secret"}
    at = {"InstanceId": instance, "TrunkId": made["TrunkId"]}
    changed = client.update_trunk(**at, Outbound={**outbound, "Transport": "TCP"}, Enabled=False)["Trunk"]
    assert changed["Outbound"]["Transport"] == "TCP" and changed["Outbound"]["SecretSet"] and not changed["Enabled"]
    assert changed["NumberRules"] == CARRIER["NumberRules"]
    assert client.describe_trunk(**at)["Trunk"]["Name"] == "Carrier"
    with pytest.raises(ClientError) as again:
        client.create_trunk(InstanceId=instance, Name="carrier")
    assert again.value.response["ResponseMetadata"]["HTTPStatusCode"] in (400, 409)
    client.delete_trunk(**at)
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.describe_trunk(**at)


@pytest.mark.parametrize(
    "wrong",
    [
        {"Inbound": {"Addresses": ["not an address"]}},
        {"Inbound": {"Username": "them"}},
        {"Outbound": {"Register": True, "Host": "sip.example.com"}},
        {"NumberRules": [{"Direction": "INBOUND", "Match": "("}]},
        {"NumberRules": [{"Direction": "INBOUND", "Match": "0(.*)", "Replace": r"\2"}]},
        {"Codecs": ["SPEEX"]},
        {"Loopback": True, "Outbound": {"Host": "sip.example.com"}},
    ],
)
def test_a_trunk_that_makes_no_sense_is_refused(trunks: tuple[Any, str], wrong: dict[str, Any]) -> None:
    """A modelled error that says what is wrong."""
    client, instance = trunks
    with pytest.raises(client.exceptions.InvalidParameterException):
        client.create_trunk(InstanceId=instance, Name="Wrong", **wrong)


def test_a_desk_phone_gets_a_password(trunks: tuple[Any, str], switchroom_server: Server) -> None:
    """Shown once; the next one differs, and no description of the user holds it."""
    client, instance = trunks
    connect = switchroom_server.boto("connect")
    user = next(u for u in connect.list_users(InstanceId=instance)["UserSummaryList"] if u["Username"] == "agent2")
    logins = [client.reset_sip_password(InstanceId=instance, UserId=user["Id"])["Login"] for _ in range(2)]
    assert logins[0]["Username"] == "agent2" and logins[0]["Password"] != logins[1]["Password"]
    described = connect.describe_user(InstanceId=instance, UserId=user["Id"])["User"]
    assert "SipSecret" not in described


def test_passwords_are_not_in_the_change_history(trunks: tuple[Any, str]) -> None:
    """Not even sealed; that one was given is."""
    client, instance = trunks
    made = client.create_trunk(InstanceId=instance, **CARRIER)["Trunk"]
    client.update_trunk(InstanceId=instance, TrunkId=made["TrunkId"], Outbound={**CARRIER["Outbound"], "Secret": "new"})
    changes = client.list_changes(InstanceId=instance, ResourceType="trunk", ResourceId=made["TrunkId"])["Changes"]
    assert len(changes) == 2
    for change in changes:
        assert json.loads(change["After"])["Outbound"]["Secret"] == "***"


def test_an_operator_raises_a_quota(trunks: tuple[Any, str]) -> None:
    """BASE-32: what may be changed can be; the fixed ones and unknown ones are refused."""
    client, instance = trunks
    before = client.describe_instance_settings(InstanceId=instance)["Quotas"]
    assert "LEX_V1_BOTS" in client.describe_instance_settings(InstanceId=instance)["FixedQuotas"]
    changed = client.update_instance_settings(InstanceId=instance, Quotas={"CONCURRENT_CALLS": 500})["Quotas"]
    assert changed["CONCURRENT_CALLS"] == 500 and changed["QUEUES"] == before["QUEUES"]
    client.update_instance_settings(InstanceId=instance, Quotas={"CONCURRENT_CALLS": before["CONCURRENT_CALLS"]})
    for code in ("LEX_V1_BOTS", "NONSENSE"):
        with pytest.raises(client.exceptions.InvalidParameterException):
            client.update_instance_settings(InstanceId=instance, Quotas={code: 1})
