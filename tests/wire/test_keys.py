"""`switchroom key ...` against a running centre, and the keys it makes by boto3."""

import configparser
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from click.testing import CliRunner

from switchroom.app.cli import cli
from tests.server import Server
from tests.wire.serving import make_client

POLICY = """{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": "connect:List*", "Resource": "*"},
    {"Effect": "Allow", "Action": "connect:DescribeUser", "Resource": "*",
     "Condition": {"StringEquals": {"aws:ResourceTag/Department": "Test"}}}
  ]
}"""


def run(server: Server, *arguments: str) -> str:
    where = ["--port", str(server.port), "--data", str(server.data)]
    result = CliRunner().invoke(cli, ["key", *arguments, *where])
    assert result.exit_code == 0, result.output
    return result.output


def client(server: Server, printed: str) -> tuple[str, Any]:
    file = configparser.ConfigParser(interpolation=None)
    file.read_string(printed)
    (section,) = file.sections()
    identifier, secret = file[section]["aws_access_key_id"], file[section]["aws_secret_access_key"]
    return identifier, make_client(server.url, "connect", identifier, secret)


def refused(call: Any, **members: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**members)
    return str(caught.value.response["Error"]["Code"])


def test_a_key_with_a_policy(switchroom_server: Server, tmp_path: Path) -> None:
    """USER-56: made with the command, limited to users with a tag, and taken back."""
    root = switchroom_server.boto("connect")
    instance = root.list_instances()["InstanceSummaryList"][0]["Id"]
    tagged, other = root.list_users(InstanceId=instance)["UserSummaryList"][:2]
    root.tag_resource(resourceArn=tagged["Arn"], tags={"Department": "Test"})
    policy = tmp_path / "policy.json"
    policy.write_text(POLICY)
    identifier, limited = client(
        switchroom_server, run(switchroom_server, "create", "reporting", "--policy", str(policy))
    )
    assert limited.describe_user(InstanceId=instance, UserId=tagged["Id"])["User"]["Username"] == tagged["Username"]
    assert refused(limited.describe_user, InstanceId=instance, UserId=other["Id"]) == "AccessDeniedException"
    assert refused(limited.delete_user, InstanceId=instance, UserId=tagged["Id"]) == "AccessDeniedException"
    assert limited.list_queues(InstanceId=instance)["QueueSummaryList"]
    assert f"{identifier}  " in run(switchroom_server, "list") and "with a policy" in run(switchroom_server, "list")
    run(switchroom_server, "delete", identifier)
    assert refused(limited.list_queues, InstanceId=instance) == "UnrecognizedClientException"
    assert identifier not in run(switchroom_server, "list")
    root.untag_resource(resourceArn=tagged["Arn"], tagKeys=["Department"])


def test_what_is_wrong_is_said(switchroom_server: Server, tmp_path: Path) -> None:
    """USER-56: a policy that cannot be read makes no key; a limited key makes no keys."""
    where = ["--port", str(switchroom_server.port), "--data", str(switchroom_server.data)]
    policy = tmp_path / "policy.json"
    policy.write_text('{"Statement": [{"Effect": "Perhaps"}]}')
    result = CliRunner().invoke(cli, ["key", "create", "bad", "--policy", str(policy), *where])
    assert result.exit_code == 1 and "Malformed policy document" in result.output
    policy.write_text('{"Statement": {"Effect": "Allow", "Action": "connect:*", "Resource": "*"}}')
    identifier, _ = client(switchroom_server, run(switchroom_server, "create", "limited", "--policy", str(policy)))
    given = switchroom_server.boto("switchroom").list_api_keys()["ApiKeys"]
    assert next(one for one in given if one["AccessKeyId"] == identifier)["Name"] == "limited"
    result = CliRunner().invoke(cli, ["key", "delete", "AKIANOTTHERE", *where])
    assert result.exit_code == 1 and "was not found" in result.output
    run(switchroom_server, "delete", identifier)
