"""Calls by API through the whole site: boto3, a telephone, and browsers of agents and supervisors (aiortc)."""

import asyncio
import contextlib
import io
import wave
from collections.abc import Callable
from typing import Any

import httpx
import numpy as np
import pytest
from aiortc import RTCSessionDescription
from botocore.exceptions import ClientError

from tests.media.caller import Telephone, strength, tone
from tests.media.conftest import Desk, MakeTelephone, site, telephone, until
from tests.media.webrtc.peers import Browser
from tests.server import Server
from tests.views.test_end_to_end import signed_in

__all__ = ["site", "telephone"]
DEMO, SECOND = "+15550100", "+15550101"
CUSTOMER_HERTZ, AGENT_HERTZ, SUPERVISOR_HERTZ = 700, 440, 1100


class Person:
    """Someone at a desk, by API, with a browser of their own."""

    def __init__(self, server: Server, username: str, hertz: float) -> None:
        self.switchroom, self.connect = server.boto("switchroom"), server.boto("connect")
        self.instance = self.connect.list_instances()["InstanceSummaryList"][0]["Id"]
        users = self.connect.list_users(InstanceId=self.instance)["UserSummaryList"]
        self.user = next(one["Id"] for one in users if one["Username"] == username)
        self.hertz = hertz
        self.browser: Browser | None = None

    def do(self, operation: str, contact: str | None = None, **members: Any) -> dict[str, Any]:
        named = {"ContactId": contact} if contact else {}
        act = getattr(self.switchroom, operation)
        answer: dict[str, Any] = act(InstanceId=self.instance, UserId=self.user, **named, **members)
        return answer

    def contact(self, identifier: str | None = None) -> dict[str, Any] | None:
        """The only contact on the desk, or the one with an id."""
        found = self.do("get_agent_snapshot")["Snapshot"]["Contacts"]
        return next((one for one in found if identifier in (None, one["ContactId"])), None)

    def state(self, contact: str) -> str:
        found = self.contact(contact)
        return found["State"] if found else "gone"

    def choose(self, status: str) -> None:
        statuses = self.do("get_agent_snapshot")["Snapshot"]["Statuses"]
        self.do("set_agent_status", StatusId=next(one["StatusId"] for one in statuses if one["Name"] == status))

    async def join(self, contact: str) -> str:
        """Bring the browser's media; the leg."""
        self.browser = Browser(self.hertz)
        offer = await self.browser.offer()
        answer = await asyncio.to_thread(lambda: self.do("join_contact_media", contact, Offer=offer))
        await self.browser.connection.setRemoteDescription(RTCSessionDescription(answer["Answer"], "answer"))
        return str(answer["LegId"])

    def heard(self, hertz: float) -> float:
        """Amplitude of a frequency in the last second."""
        assert self.browser is not None
        frames = self.browser.heard[-50:]
        return strength(np.concatenate(frames), hertz) if frames else 0.0

    async def leave(self) -> None:
        if self.browser is not None:
            await self.browser.connection.close()
            self.browser = None


def loud(telephone: Telephone, hertz: float) -> float:
    return strength(telephone.heard.sound[-8000:], hertz)


async def hears(measure: Callable[[], float], above: float = 1_500.0) -> None:
    await until(lambda: measure() > above)


@pytest.fixture
def agent(site: Server) -> Person:
    return Person(site, "agent1", AGENT_HERTZ)


async def talking(agent: Person, telephone: MakeTelephone, number: str) -> tuple[Telephone, str]:
    """A caller and the agent in conversation: the telephone and the contact."""
    agent.choose("Available")
    caller = await telephone(number=number)
    caller.say = tone(CUSTOMER_HERTZ)
    assert (await caller.call(DEMO)).code == 200
    await until(lambda: caller.heard.loud() > 300, 45)
    caller.press("1")
    offered = await until(lambda: (one := agent.contact()) and one["State"] == "INCOMING" and one)
    contact: str = offered["ContactId"]
    accepted = await asyncio.to_thread(lambda: agent.do("accept_contact", contact)["Snapshot"]["Contacts"][0])
    assert (accepted["State"], accepted["Call"]["OwnLegState"]) == ("CONNECTING", "waiting")
    await agent.join(contact)
    await until(lambda: agent.state(contact) == "CONNECTED", 30)
    return caller, contact


async def finish(agent: Person, contact: str) -> None:
    """End, clear, go Offline."""

    def close() -> None:
        if agent.state(contact).startswith("CONNECT"):
            with contextlib.suppress(ClientError):
                agent.do("end_contact", contact)
        if agent.state(contact) != "gone":
            agent.do("clear_contact", contact)
        agent.choose("Offline")

    await asyncio.to_thread(close)
    await agent.leave()


async def test_a_recorded_conversation(site: Server, agent: Person, telephone: MakeTelephone) -> None:
    """DESK-34, DESK-41..43, FLOW-88, QUAL-136..140: talk, hold, keys, the stereo file, its ranges and its end."""
    caller, contact = await talking(agent, telephone, "+15550161")
    await hears(lambda: agent.heard(CUSTOMER_HERTZ))
    await hears(lambda: loud(caller, AGENT_HERTZ))
    row = await asyncio.to_thread(lambda: agent.contact(contact))
    assert row is not None
    assert [leg["Kind"] for leg in row["Call"]["Legs"]] == ["CUSTOMER", "AGENT"]
    assert row["Call"]["Legs"][0]["PhoneNumber"] == "+15550161"
    if "Recording" not in row["Call"]:
        both = {"VoiceRecordingTrack": "ALL"}
        await asyncio.to_thread(
            lambda: agent.connect.start_contact_recording(
                InstanceId=agent.instance, ContactId=contact, InitialContactId=contact, VoiceRecordingConfiguration=both
            )
        )
    await asyncio.sleep(2)
    held = await asyncio.to_thread(lambda: agent.do("hold_contact_participant", contact)["Snapshot"]["Contacts"][0])
    assert (held["State"], held["Call"]["CanResume"]) == ("CONNECTED_ONHOLD", True)
    await asyncio.to_thread(lambda: agent.do("resume_contact_participant", contact))
    await asyncio.to_thread(lambda: agent.do("send_contact_digits", contact, Digits="12#"))
    await until(lambda: caller.heard.keys == ["1", "2", "#"])
    await caller.hang_up()
    await until(lambda: agent.state(contact) == "ENDED")
    assert await asyncio.to_thread(lambda: agent.connect.describe_contact(InstanceId=agent.instance, ContactId=contact))
    await finish(agent, contact)

    def recordings() -> list[dict[str, Any]]:
        answer = agent.switchroom.list_contact_recordings(InstanceId=agent.instance, ContactId=contact)
        return [one for one in answer["Recordings"] if one["MediaStreamType"] == "AUDIO"]

    (entry,) = await until(recordings, 20)
    await asyncio.to_thread(_who_may, site, agent.instance, contact, entry["RecordingId"])
    await asyncio.to_thread(_the_file, agent, contact, entry)
    assert recordings()[0]["Status"] == "DELETED"


def _who_may(site: Server, instance: str, contact: str, recording: str) -> None:
    """QUAL-103, QUAL-144, USER-45: by security profile; who is not signed in gets nothing."""
    path = f"/switchroom/contacts/{instance}/{contact}/recordings"
    assert httpx.get(site.url + path).status_code == 403
    assert signed_in(site, "agent1").get(path).status_code == 403
    supervisor = signed_in(site, "supervisor")
    entry = next(one for one in supervisor.get(path).json()["Recordings"] if one["RecordingId"] == recording)
    assert (entry["CanPlay"], entry["CanDownload"], entry["CanDelete"]) == (True, True, True)
    assert supervisor.get(f"{path}/{recording}?download=true").json()["FileName"] == f"{contact}.wav"


def _the_file(agent: Person, contact: str, entry: dict[str, Any]) -> None:
    assert (entry["Status"], entry["FileName"]) == ("AVAILABLE", f"{contact}.wav")
    named = {"InstanceId": agent.instance, "ContactId": contact, "RecordingId": entry["RecordingId"]}
    url = agent.switchroom.get_contact_recording(**named)["Url"]
    whole = httpx.get(url)
    assert (whole.status_code, whole.headers["content-type"]) == (200, "audio/wav")
    part = httpx.get(url, headers={"Range": "bytes=0-57"})
    assert (part.status_code, part.content) == (206, whole.content[:58])
    assert httpx.get(url, headers={"Range": f"bytes={len(whole.content)}-"}).status_code == 416
    assert httpx.get(url.replace("signature=", "signature=0")).status_code == 403
    left, right = sides(whole.content)
    assert strength(left, CUSTOMER_HERTZ) > 5 * strength(left, AGENT_HERTZ)
    assert strength(right, AGENT_HERTZ) > 5 * strength(right, CUSTOMER_HERTZ)
    described = agent.connect.describe_contact(InstanceId=agent.instance, ContactId=contact)["Contact"]
    assert described["Recordings"][0]["Location"] == entry["Location"]
    assert described["AgentInfo"]["AgentInitiatedHoldDuration"] >= 0
    assert described["QualityMetrics"]["Customer"]["Audio"]["QualityScore"] > 3
    agent.switchroom.delete_contact_recording(**named)
    with pytest.raises(agent.switchroom.exceptions.ResourceNotFoundException):
        agent.switchroom.get_contact_recording(**named)
    assert httpx.get(url).status_code == 404


def sides(content: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Left and right of a recording."""
    with wave.open(io.BytesIO(content)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (2, 8000, 2)
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
    return samples[:, 0], samples[:, 1]


async def test_recording_by_api(agent: Person, telephone: MakeTelephone) -> None:
    """Suspend, resume and stop; what was stopped cannot be started again; refusals by name. Then the call is ended by
    API: after contact work begins, and that cannot be ended so (QUAL-153, QUAL-154)."""
    _, contact = await talking(agent, telephone, "+15550162")
    named = {"InstanceId": agent.instance, "ContactId": contact, "InitialContactId": contact}
    both = {"VoiceRecordingTrack": "ALL"}

    def check() -> None:
        if "Recording" not in (agent.contact(contact) or {})["Call"]:
            agent.connect.start_contact_recording(**named, VoiceRecordingConfiguration=both)
        for operation, state in (("suspend", "suspended"), ("resume", "recording"), ("stop", "stopped")):
            getattr(agent.connect, f"{operation}_contact_recording")(**named)
            assert (agent.contact(contact) or {})["Call"]["Recording"] == state
        with pytest.raises(agent.connect.exceptions.InvalidRequestException):
            agent.connect.start_contact_recording(**named, VoiceRecordingConfiguration=both)
        with pytest.raises(agent.connect.exceptions.ResourceNotFoundException):
            agent.connect.suspend_contact_recording(**{**named, "ContactId": "no-such-contact"})

    def stop() -> None:
        agent.connect.stop_contact(InstanceId=agent.instance, ContactId=contact)
        assert agent.state(contact) == "ENDED"
        described = agent.connect.describe_contact(InstanceId=agent.instance, ContactId=contact)["Contact"]
        assert described["DisconnectReason"] == "OTHER"
        with pytest.raises(agent.connect.exceptions.InvalidRequestException):
            agent.connect.stop_contact(InstanceId=agent.instance, ContactId=contact)

    await asyncio.to_thread(check)
    await asyncio.to_thread(stop)
    await finish(agent, contact)


async def test_a_supervisor_listens_and_barges_in(site: Server, agent: Person, telephone: MakeTelephone) -> None:
    """QUAL-115, QUAL-122, QUAL-124, QUAL-128, QUAL-133: unheard at first, then heard by both; exact errors."""
    caller, contact = await talking(agent, telephone, "+15550163")
    supervisor = Person(site, "supervisor", SUPERVISOR_HERTZ)
    named = {"InstanceId": agent.instance, "ContactId": contact, "UserId": supervisor.user}

    def refused(**changes: Any) -> tuple[str, str]:
        with pytest.raises(ClientError) as refusal:
            agent.connect.monitor_contact(**{**named, **changes})
        error = refusal.value.response["Error"]
        return error["Code"], error["Message"]

    def begin() -> str:
        wanted = "AllowedMonitorCapabilities must contain at least SILENT_MONITOR"
        assert refused() == ("InvalidRequestException", wanted)
        missing = ("ResourceNotFoundException", "One or more request resources were not found")
        assert refused(UserId="nobody") == refused(ContactId="nothing") == missing
        both = ["SILENT_MONITOR", "BARGE"]
        watching: str = agent.connect.monitor_contact(**named, AllowedMonitorCapabilities=both)["ContactId"]
        assert refused(AllowedMonitorCapabilities=both)[0] == "ServiceQuotaExceededException"
        return watching

    watching = await asyncio.to_thread(begin)
    await supervisor.join(watching)
    await until(lambda: supervisor.state(watching) == "CONNECTED")
    await hears(lambda: supervisor.heard(CUSTOMER_HERTZ))
    await hears(lambda: supervisor.heard(AGENT_HERTZ))
    row = await asyncio.to_thread(lambda: supervisor.contact(watching))
    assert row is not None
    assert row["Monitoring"]["Mode"] == "SILENT_MONITOR"
    assert loud(caller, SUPERVISOR_HERTZ) < 200
    await asyncio.to_thread(lambda: supervisor.do("set_monitor_mode", watching, Mode="BARGE"))
    await hears(lambda: loud(caller, SUPERVISOR_HERTZ))
    seen = await asyncio.to_thread(lambda: agent.contact(contact))
    assert seen is not None
    assert seen["Call"]["Monitors"] == 1
    barged = supervisor.switchroom.list_barged_contacts
    await until(lambda: set(barged(InstanceId=agent.instance)["ContactIds"]) == {contact, watching})
    await asyncio.to_thread(lambda: supervisor.do("end_contact", watching))
    assert await asyncio.to_thread(lambda: supervisor.state(watching)) == "gone"
    assert await asyncio.to_thread(lambda: agent.state(contact)) == "CONNECTED"
    made = agent.connect.describe_contact(InstanceId=agent.instance, ContactId=watching)["Contact"]
    assert made["InitiationMethod"] == "MONITOR"
    await supervisor.leave()
    await finish(agent, contact)


async def test_an_agent_calls_out(agent: Person) -> None:
    """DESK-46, NUM-52, NUM-71: by number; the countries that are not allowed; the outside line leaves."""

    def dial(number: str) -> str:
        answer: str = agent.do("dial_contact", PhoneNumber=number)["ContactId"]
        return answer

    with pytest.raises(agent.switchroom.exceptions.DestinationNotAllowedException):
        await asyncio.to_thread(dial, "+8613812345678")
    contact = await asyncio.to_thread(dial, SECOND)
    await agent.join(contact)
    await until(lambda: agent.state(contact) == "CONNECTED", 30)
    row = await asyncio.to_thread(lambda: agent.contact(contact))
    assert row is not None
    assert (row["Direction"], row["InitiationMethod"]) == ("OUTBOUND", "OUTBOUND")
    await until(lambda: agent.browser is not None and any(np.abs(one).max() > 500 for one in agent.browser.heard))
    await finish(agent, contact)


async def test_where_an_agents_calls_ring(agent: Person) -> None:
    """DESK-77: kept with the user."""

    def change() -> None:
        phone = agent.do("update_agent_phone", PhoneType="DESK_PHONE", DeskPhoneNumber="+15550177")["Snapshot"]["Phone"]
        assert phone["Type"] == "DESK_PHONE"
        described = agent.connect.describe_user(InstanceId=agent.instance, UserId=agent.user)["User"]["PhoneConfig"]
        assert (described["PhoneType"], described["DeskPhoneNumber"]) == ("DESK_PHONE", "+15550177")
        assert agent.do("update_agent_phone", PhoneType="SOFT_PHONE")["Snapshot"]["Phone"]["Type"] == "SOFT_PHONE"
        with pytest.raises(ClientError):
            agent.do("update_agent_phone", PhoneType="DESK_PHONE", DeskPhoneNumber="12")

    await asyncio.to_thread(change)


def test_what_an_outbound_call_by_api_needs(site: Server) -> None:
    """NUM-52, NUM-58, NUM-71: refusals of `StartOutboundVoiceContact`, by the names of the model."""
    desk = Desk(site)
    flows = desk.connect.list_contact_flows(InstanceId=desk.instance)["ContactFlowSummaryList"]
    flow = next(one["Id"] for one in flows if one["Name"] == "Demo inbound flow")
    exceptions = desk.connect.exceptions
    given = {"InstanceId": desk.instance, "ContactFlowId": flow, "DestinationPhoneNumber": SECOND}
    abroad = {"SourcePhoneNumber": DEMO, "DestinationPhoneNumber": "+8613812345678"}
    for changes, refusal in (
        ({}, exceptions.InvalidRequestException),
        (abroad, exceptions.DestinationNotAllowedException),
        ({"SourcePhoneNumber": "+15550999"}, exceptions.OutboundContactNotPermittedException),
        ({"SourcePhoneNumber": DEMO, "TrafficType": "CAMPAIGN"}, exceptions.InvalidRequestException),
        ({"SourcePhoneNumber": DEMO, "ContactFlowId": "nothing"}, exceptions.ResourceNotFoundException),
    ):
        with pytest.raises(refusal):
            desk.connect.start_outbound_voice_contact(**{**given, **changes})


def test_settings_of_the_instance(site: Server) -> None:
    """BASE-196, NUM-52, QUAL-121: switches both ways; countries and prefixes that are refused by name."""
    desk, switchroom = Desk(site), site.boto("switchroom")
    named = {"InstanceId": desk.instance}
    before = switchroom.describe_instance_settings(**named)
    assert before["Attributes"]["ENHANCED_CONTACT_MONITORING"] is True
    assert "US" in before["OutboundCountries"]
    changed = switchroom.update_instance_settings(
        **named,
        Attributes={"MULTI_PARTY_CONFERENCE": False},
        OutboundCountries=["JP", "US"],
        OutboundBlockedPrefixes=[],
    )
    assert (changed["OutboundCountries"], changed["OutboundBlockedPrefixes"]) == (["JP", "US"], [])
    shown = desk.connect.describe_instance_attribute(**named, AttributeType="MULTI_PARTY_CONFERENCE")["Attribute"]
    assert shown["Value"] == "false"
    for bad in ({"OutboundCountries": ["XX"]}, {"OutboundBlockedPrefixes": ["447"]}, {"Attributes": {"NOTHING": True}}):
        with pytest.raises(ClientError):
            switchroom.update_instance_settings(**named, **bad)
    members = ("Attributes", "OutboundCountries", "OutboundBlockedPrefixes")
    switchroom.update_instance_settings(**named, **{name: before[name] for name in members})
