"""People of a web call on a whole server: the agent by the agent's API, the customer by the public one."""

import asyncio
import contextlib
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from tests.browser.people import client, instance_of, names
from tests.media.webrtc.peers import Browser
from tests.server import Server

PATIENCE = 30
FLOW = "Demo inbound flow"


class Desk:
    """agent1 by the agent's own API, with aiortc for a headset."""

    def __init__(self, server: Server) -> None:
        self.api = client(server, "switchroom")
        self.who = {
            "InstanceId": instance_of(server),
            "UserId": names(server, "list_users", "UserSummaryList")["agent1"],
        }
        self._statuses = names(server, "list_agent_statuses", "AgentStatusSummaryList")
        self.headset = Browser(1000)

    async def ask(self, operation: str, **members: Any) -> dict[str, Any]:
        answer: dict[str, Any] = await asyncio.to_thread(getattr(self.api, operation), **self.who, **members)
        return answer

    async def status(self, name: str) -> None:
        await self.ask("set_agent_status", StatusId=self._statuses[name])

    async def contact(self, *states: str) -> dict[str, Any]:
        """The one contact on the desk, when it is in one of these states."""
        async with asyncio.timeout(PATIENCE):
            while True:
                snapshot = (await self.ask("get_agent_snapshot"))["Snapshot"]
                for found in snapshot["Contacts"]:
                    if found["State"] in states:
                        return dict(found)
                await asyncio.sleep(0.2)

    async def take(self) -> dict[str, Any]:
        """Accept what is offered and put the headset on."""
        offered = await self.contact("CONNECTING", "INCOMING")
        await self.ask("accept_contact", ContactId=offered["ContactId"])
        await self.join(offered["ContactId"])
        return await self.contact("CONNECTED")

    async def close(self) -> None:
        """Everything off the desk, the headset down."""
        for contact in (await self.ask("get_agent_snapshot"))["Snapshot"]["Contacts"]:
            for operation in ("end_contact", "clear_contact"):
                with contextlib.suppress(ClientError):
                    await self.ask(operation, ContactId=contact["ContactId"])
        await self.status("Offline")
        await self.headset.close()

    async def join(self, contact: str) -> None:
        answer = await self.ask("join_contact_media", ContactId=contact, Offer=await self.headset.offer())
        await self.headset.answered(answer["Answer"])


class Caller:
    """A customer on a web page, by the public API alone."""

    def __init__(self, server: Server, **members: Any) -> None:
        flows = names(server, "list_contact_flows", "ContactFlowSummaryList")
        self.connect = client(server, "connect")
        self.participant = client(server, "connectparticipant")
        self.own = client(server, "switchroom")
        self.instance = instance_of(server)
        self.started = self.connect.start_web_rtc_contact(
            InstanceId=self.instance,
            ContactFlowId=flows[members.pop("flow", FLOW)],
            ParticipantDetails={"DisplayName": "Ann"},
            **members,
        )
        self.contact = self.started["ContactId"]
        self.join_token = self.started["ConnectionData"]["Attendee"]["JoinToken"]

    async def join(self, browser: Browser) -> dict[str, Any]:
        offer = await browser.offer()
        join = partial(self.own.join_web_call, ConnectionToken=self.join_token, Offer=offer)
        answer: dict[str, Any] = await asyncio.to_thread(join)
        await browser.answered(answer["Answer"])
        async with asyncio.timeout(PATIENCE):
            while browser.connection.connectionState != "connected":
                await asyncio.sleep(0.05)
        return answer

    def credentials(self) -> str:
        answer = self.participant.create_participant_connection(
            ParticipantToken=self.started["ParticipantToken"], Type=["CONNECTION_CREDENTIALS"], ConnectParticipant=True
        )
        return str(answer["ConnectionCredentials"]["ConnectionToken"])

    def press(self, keys: str) -> dict[str, Any]:
        """CHAT-07: keys by the participant service."""
        sent: dict[str, Any] = self.participant.send_message(
            ConnectionToken=self.credentials(), ContentType="audio/dtmf", Content=keys
        )
        return sent

    async def over(self) -> dict[str, Any]:
        """The record, when the call is over."""
        async with asyncio.timeout(PATIENCE):
            while True:
                found = self.connect.describe_contact(InstanceId=self.instance, ContactId=self.contact)["Contact"]
                if "DisconnectTimestamp" in found:
                    return dict(found)
                await asyncio.sleep(0.2)
