"""Calls from a telephone through the whole site: SIP, sound, keys, and what the contact says afterwards."""

import asyncio
import time

import pytest

from tests.media.caller import strength, tone
from tests.media.conftest import Desk, MakeTelephone, spoken, until
from tests.server import Server

DEMO = "+15550100"


async def test_a_caller_hears_the_welcome_and_chooses(site: Server, telephone: MakeTelephone) -> None:
    """NUM-07, BLK-068: the number's flow answers, its prompt is heard, a key (RFC 4733) leads on."""
    caller = await telephone(number="+15550123")
    final = await caller.call(DEMO)
    assert final.code == 200
    await until(lambda: spoken(site, caller.heard.sound) > 0.95, 20)
    desk = Desk(site)
    caller.press("1")
    await until(lambda: desk.in_queue() == 1)
    pressed = time.monotonic()
    await until(lambda: caller.heard.loud(pressed) > 300)
    await caller.hang_up()
    contact = await until(lambda: desk.caller_contact("+15550123"))
    assert (contact["Channel"], contact["InitiationMethod"]) == ("VOICE", "INBOUND")
    assert contact["QueueInfo"]["Id"]
    assert contact["SystemEndpoint"]["Address"] == DEMO
    assert contact["DisconnectReason"] == "CUSTOMER_DISCONNECT"
    await until(lambda: desk.in_queue() == 0)


async def test_a_key_told_by_info_counts_too(site: Server, telephone: MakeTelephone) -> None:
    caller = await telephone(number="+15550124")
    await caller.call(DEMO)
    await asyncio.sleep(0.5)
    caller.request("INFO", body="Signal=1\r\nDuration=160\r\n", kind="application/dtmf-relay")
    await caller.answered("INFO")
    desk = Desk(site)
    await until(lambda: desk.in_queue() == 1)
    await caller.hang_up()
    assert (await until(lambda: desk.caller_contact("+15550124")))["QueueInfo"]


async def test_a_number_that_nobody_has(telephone: MakeTelephone) -> None:
    """The number is not there: 404."""
    assert (await (await telephone()).call("+15559999999")).code == 404
    assert (await (await telephone()).call("nobody")).code == 404


async def test_a_number_written_in_other_ways(telephone: MakeTelephone) -> None:
    """NUM-53: with or without the plus sign it is the same number."""
    caller = await telephone(number="0015550125")
    assert (await caller.call("15550100")).code == 200
    await caller.hang_up()


async def test_a_scanner_hears_nothing(telephone: MakeTelephone) -> None:
    scanner = await telephone()
    scanner.user_agent = "friendly-scanner"
    with pytest.raises(TimeoutError):
        await scanner.call(DEMO, patience=1.0)


async def test_a_caller_who_gives_up_at_once(site: Server, telephone: MakeTelephone) -> None:
    """CANCEL that crosses the answer: whichever wins, nothing stays behind."""
    caller = await telephone(number="+15550126")
    caller._dialled = DEMO
    caller.request("INVITE", body=caller.sdp())
    caller.request("CANCEL")
    final = await caller.expect(487, 200)
    caller._remote_tag = final.headers["to"].partition("tag=")[2]
    if final.code == 200 and "INVITE" in final.headers["cseq"]:
        caller._connected(final)
        caller.request("ACK")
        await caller.hang_up()
    await until(lambda: Desk(site).caller_contact("+15550126")["DisconnectTimestamp"])


async def test_hold_by_the_telephone(site: Server, telephone: MakeTelephone) -> None:
    """A re-INVITE holds and resumes; on hold nothing is sent to the telephone."""
    caller = await telephone(number="+15550127")
    await caller.call(DEMO)
    await until(lambda: caller.heard.loud() > 300, 45)
    held = await caller.reinvite("inactive")
    assert held.code == 200
    assert "a=inactive" in held.body
    await asyncio.sleep(0.3)
    quiet_from = time.monotonic()
    await asyncio.sleep(0.5)
    assert len(caller.heard.since(quiet_from)) == 0
    assert "a=sendrecv" in (await caller.reinvite("sendrecv")).body
    resumed = time.monotonic()
    await until(lambda: len(caller.heard.since(resumed)) > 800)
    await caller.hang_up()


async def test_two_sites_numbers_ring_each_other(site: Server, telephone: MakeTelephone) -> None:
    """NUM-71: the demo calls one of its own numbers out, over real SIP; the flow there answers."""
    desk = Desk(site)
    flows = desk.connect.list_contact_flows(InstanceId=desk.instance)["ContactFlowSummaryList"]
    flow = next(one["Id"] for one in flows if one["Name"] == "Demo inbound flow")
    started = desk.connect.start_outbound_voice_contact(
        InstanceId=desk.instance, ContactFlowId=flow, DestinationPhoneNumber=DEMO, SourcePhoneNumber=DEMO
    )
    contact = await until(lambda: (one := desk.contact(started["ContactId"])).get("ConnectedToSystemTimestamp") and one)
    assert contact["InitiationMethod"] == "API"
    desk.connect.stop_contact(InstanceId=desk.instance, ContactId=started["ContactId"])
    await until(lambda: desk.contact(started["ContactId"]).get("DisconnectTimestamp"))
    await until(lambda: desk.caller_contact(DEMO, "INBOUND")["DisconnectTimestamp"])


def test_the_peer_of_these_tests_knows_tones() -> None:
    assert strength(tone(440), 440) == pytest.approx(8000, rel=0.01)
    assert strength(tone(440), 600) < 100
