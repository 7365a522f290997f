"""The door of a real server, by boto3 and by raw HTTP, as clients meet it."""

from typing import Any

import boto3
import httpx
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from switchroom.wire.operation import load_bindings
from tests.server import PASSWORD, Server


def own_client(server: Server) -> Any:
    """A boto3 client of our own service, from the data path we ship."""
    return server.boto("switchroom", config=Config(signature_version="v4"))


def refused(call: Any, **arguments: Any) -> ClientError:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return caught.value


def test_errors_are_the_modelled_exceptions_of_boto3(switchroom_server: Server) -> None:
    connect = switchroom_server.boto("connect")
    instance = connect.list_instances()["InstanceSummaryList"][0]["Id"]
    with pytest.raises(connect.exceptions.ResourceNotFoundException):
        connect.describe_queue(InstanceId=instance, QueueId="00000000-0000-4000-8000-000000000000")
    with pytest.raises(connect.exceptions.InvalidParameterException, match="1 validation error detected"):
        connect.create_queue(InstanceId=instance, Name="x" * 300, HoursOfOperationId="h")
    queues = connect.list_queues(InstanceId=instance, QueueTypes=["STANDARD"])["QueueSummaryList"]
    found = connect.describe_queue(InstanceId=instance, QueueId=queues[0]["Id"])["Queue"]
    assert found["QueueArn"] == queues[0]["Arn"]
    assert connect.list_tags_for_resource(resourceArn=found["QueueArn"])["tags"] == {}


def test_pages_by_the_paginators_of_boto3(switchroom_server: Server) -> None:
    connect = switchroom_server.boto("connect")
    instance = connect.list_instances()["InstanceSummaryList"][0]["Id"]
    whole = connect.list_contact_flows(InstanceId=instance)["ContactFlowSummaryList"]
    pages = list(
        connect.get_paginator("list_contact_flows").paginate(InstanceId=instance, PaginationConfig={"PageSize": 3})
    )
    assert len(pages) > 2
    assert [item["Id"] for page in pages for item in page["ContactFlowSummaryList"]] == [item["Id"] for item in whole]
    error = refused(connect.list_contact_flows, InstanceId=instance, NextToken="forged")
    assert error.response["Error"]["Code"] in ("InvalidRequestException", "InvalidParameterException")


def test_wrong_keys(switchroom_server: Server) -> None:
    key, _ = switchroom_server.credentials()
    for access, secret, code in (
        (key, "wrong", "InvalidSignatureException"),
        ("AKIANOBODY", "wrong", "UnrecognizedClientException"),
    ):
        config = Config(retries={"max_attempts": 1})
        client = boto3.client(
            "connect", endpoint_url=switchroom_server.url, region_name="us-east-1", aws_access_key_id=access,
            aws_secret_access_key=secret, config=config,
        )  # fmt: skip
        error = refused(client.list_instances)
        assert (error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]) == (code, 403)


def test_operations_that_are_not_there_yet_say_so(switchroom_server: Server) -> None:
    connect = switchroom_server.boto("connect")
    bound = {name for service, name in load_bindings() if service == "connect"}
    unbound = next(name for name in ("ListVocabularies", "ListRules", "ListDataTables") if name not in bound)
    call = {"ListRules": connect.list_rules, "ListDataTables": getattr(connect, "list_data_tables", None)}.get(unbound)
    if call is not None:
        error = refused(call, InstanceId="i")
        assert error.response["Error"]["Code"] == "NotImplementedException"
        assert f"connect:{unbound}" in error.response["Error"]["Message"]


def test_participants_with_forged_tokens(switchroom_server: Server) -> None:
    participant = switchroom_server.boto("connectparticipant")
    with pytest.raises(participant.exceptions.AccessDeniedException):
        participant.create_participant_connection(Type=["CONNECTION_CREDENTIALS"], ParticipantToken="forged")
    with pytest.raises(participant.exceptions.AccessDeniedException):
        participant.send_message(ContentType="text/plain", Content="x", ConnectionToken="forged")


def test_signing_in_through_our_own_model(switchroom_server: Server) -> None:
    client = own_client(switchroom_server)
    session = client.sign_in(InstanceAlias="demo", Username="admin", Password=PASSWORD)
    assert "Queues.View" in session["Permissions"]
    with pytest.raises(client.exceptions.SignInFailedException):
        client.sign_in(InstanceAlias="demo", Username="admin", Password="wrong")
    headers = {"Authorization": f"Bearer {session['Token']}"}
    found = httpx.get(f"{switchroom_server.url}/switchroom/session", headers=headers)
    assert found.json()["User"]["Username"] == "admin"
    assert httpx.delete(f"{switchroom_server.url}/switchroom/session", headers=headers).status_code == 200
    assert httpx.get(f"{switchroom_server.url}/switchroom/session", headers=headers).status_code == 403
    covered = {item["Service"]: item for item in client.list_api_coverage()["Services"]}
    assert covered["connect"]["Total"] > 400
    assert {"Name": "DescribeQueue", "Bound": True} in covered["connect"]["Operations"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("PUT", "/contact/chat", b"{", 400, "InvalidRequestException"),
        ("PUT", "/contact/chat", b'{"InstanceId":5}', 400, "InvalidRequestException"),
        ("PUT", "/contact/chat", b"{}", 400, "InvalidParameterException"),
        ("PUT", "/contact/chat", b'{"InstanceId":"' + b"x" * 3_000_000 + b'"}', 413, "RequestEntityTooLargeException"),
        ("GET", "/no/such/operation", b"", 404, "UnknownOperationException"),
        ("POST", "/instance", b"", 404, "UnknownOperationException"),
    ],
)
def test_bad_requests_over_the_wire(
    switchroom_server: Server, method: str, path: str, body: bytes, status: int, code: str
) -> None:
    key, secret = switchroom_server.credentials()
    request = AWSRequest(method, switchroom_server.url + path, data=body)
    SigV4Auth(Credentials(key, secret), "connect", "us-east-1").add_auth(request)
    reply = httpx.request(method, switchroom_server.url + path, content=body, headers=dict(request.headers.items()))
    assert (reply.status_code, reply.headers["x-amzn-errortype"]) == (status, code)
    assert reply.json()["__type"] == code
    assert reply.headers["x-amzn-requestid"]
