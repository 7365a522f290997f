"""Files in a chat: announced, put, completed, read by the other side (chat.md section 11)."""

from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError

from tests.channels.people import Agent, Centre, Participant


def announce(who: Participant, name: str, size: int, kind: str = "text/plain", token: str = "t") -> dict[str, Any]:
    """StartAttachmentUpload."""
    answer: dict[str, Any] = who.service.start_attachment_upload(
        ConnectionToken=who.connection,
        AttachmentName=name,
        AttachmentSizeInBytes=size,
        ContentType=kind,
        ClientToken=f"{name}{size}{token}",
    )
    return answer


def complete(who: Participant, upload: str) -> None:
    """CompleteAttachmentUpload."""
    who.service.complete_attachment_upload(
        ConnectionToken=who.connection, AttachmentIds=[upload], ClientToken=f"done{upload}"
    )


def test_a_file_goes_to_the_other_side(centre: Centre, flow: str, agent1: Agent) -> None:
    """CHAT-110: shared once it has arrived; both may read it for a while; it is in the transcript."""
    contact, customer = centre.customer(flow)
    agent1.accept(contact)
    agent = agent1.join(contact)
    data = b"the bill\n" * 100
    started = announce(customer, "bill 2024.txt", len(data))
    assert announce(customer, "bill 2024.txt", len(data))["AttachmentId"] == started["AttachmentId"]
    upload = started["UploadMetadata"]
    put = httpx.put(
        upload["Url"], content=data, headers={**upload["HeadersToInclude"], "Origin": "https://shop.example"}
    )
    assert put.status_code == 200 and put.headers["access-control-allow-origin"] == "*"
    complete(customer, started["AttachmentId"])
    item = agent.socket.item(Type="ATTACHMENT")
    assert item["Attachments"] == [
        {
            "AttachmentId": started["AttachmentId"],
            "AttachmentName": "bill 2024.txt",
            "ContentType": "text/plain",
            "Status": "APPROVED",
        }
    ]
    found = agent.service.get_attachment(
        ConnectionToken=agent.connection, AttachmentId=started["AttachmentId"], UrlExpiryInSeconds=60
    )
    assert found["AttachmentSizeInBytes"] == len(data)
    assert httpx.get(found["Url"]).content == data
    listed = agent.transcript(MaxResults=1)["Transcript"][0]
    assert listed["Type"] == "ATTACHMENT" and listed["Attachments"] == item["Attachments"]
    stored = sorted(str(path.relative_to(centre.server.data)) for path in centre.server.data.rglob("*.txt"))
    assert any("connect/demo/Attachments/chat/" in name and started["AttachmentId"] in name for name in stored)
    assert not any("staging" in name for name in stored)


def test_what_cannot_be_shared(centre: Centre, flow: str) -> None:
    """CHAT-110: types, 20 MB, files that never arrived or are not what was announced, files of others."""
    contact, customer = centre.customer(flow)
    for name, size in (("tool.exe", 10), ("noextension", 10), ("big.pdf", 20 * 1024 * 1024 + 1), ("../a.txt", 5)):
        with pytest.raises(ClientError, match="ValidationException"):
            announce(customer, name, size)
    announce(customer, "big.pdf", 20 * 1024 * 1024)
    missing = announce(customer, "never.txt", 5)["AttachmentId"]
    with pytest.raises(ClientError, match="ValidationException"):
        complete(customer, missing)
    short = announce(customer, "short.txt", 50)
    upload = short["UploadMetadata"]
    assert httpx.put(upload["Url"], content=b"five", headers=upload["HeadersToInclude"]).status_code == 200
    with pytest.raises(ClientError, match="ValidationException"):
        complete(customer, short["AttachmentId"])
    long = announce(customer, "long.txt", 3)["UploadMetadata"]
    assert httpx.put(long["Url"], content=b"x" * 4, headers=long["HeadersToInclude"]).status_code >= 400
    assert httpx.put(long["Url"] + "0", content=b"x", headers=long["HeadersToInclude"]).status_code == 403
    for unknown in ("unknown", missing):
        with pytest.raises(ClientError, match="ValidationException"):
            customer.service.get_attachment(ConnectionToken=customer.connection, AttachmentId=unknown)
    with pytest.raises(ClientError, match="ValidationException"):
        complete(customer, "unknown")
    centre.connect.stop_contact(InstanceId=centre.instance, ContactId=contact)
