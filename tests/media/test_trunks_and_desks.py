"""Calls over trunks and to desk phones: whom they reach, how numbers are written, who is let in."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from tests.media.caller import Telephone
from tests.media.conftest import Desk, MakeTelephone, spoken, until
from tests.server import Server, phones_ready

DEMO = "+15550100"
ABROAD = "+12025550143"


@pytest.fixture(scope="module")
def site(make_module_server: Callable[..., Server]) -> Server:
    """A demo of its own: trunks close its open door."""
    return phones_ready(make_module_server("--demo", voice=True).ready())


@pytest.fixture
async def carrier(site: Server, telephone: MakeTelephone) -> AsyncIterator[Telephone]:
    """The far end of a trunk that leads out and takes nothing in."""
    far = await telephone()
    client, desk = site.boto("switchroom"), Desk(site)
    trunk = client.create_trunk(
        InstanceId=desk.instance,
        Name="carrier",
        Outbound={"Host": "127.0.0.1", "Port": far.port, "Transport": "UDP"},
        Inbound={"Addresses": ["192.0.2.0/24"]},
        NumberRules=[{"Direction": "OUTBOUND", "Match": r"\+1(\d{10})", "Replace": r"1\1"}],
        PingSeconds=10,
    )["Trunk"]
    yield far
    client.delete_trunk(InstanceId=desk.instance, TrunkId=trunk["TrunkId"])


def start(desk: Desk) -> str:
    """A call out that hears the demo's welcome."""
    flows = desk.connect.list_contact_flows(InstanceId=desk.instance)["ContactFlowSummaryList"]
    flow = next(one["Id"] for one in flows if one["Name"] == "Demo inbound flow")
    started = desk.connect.start_outbound_voice_contact(
        InstanceId=desk.instance, ContactFlowId=flow, DestinationPhoneNumber=ABROAD, SourcePhoneNumber=DEMO
    )
    return str(started["ContactId"])


async def test_a_call_goes_out_over_a_trunk(site: Server, carrier: Telephone) -> None:
    """NUM-54, NUM-71: the number as the trunk writes it, our number as the caller; what the flow says is heard."""
    desk = Desk(site)
    contact = await asyncio.to_thread(start, desk)
    await until(lambda: carrier.invite is not None)
    assert carrier.invite is not None
    assert carrier.invite.first.startswith("INVITE sip:12025550143@127.0.0.1")
    assert "+15550100@" in carrier.invite.headers["from"] or "15550100@" in carrier.invite.headers["from"]
    await until(lambda: spoken(site, carrier.heard.sound) > 0.9, 20)
    assert desk.contact(contact)["InitiationMethod"] == "API"
    await carrier.hang_up()
    ended = await until(lambda: (one := desk.contact(contact)).get("DisconnectTimestamp") and one)
    assert ended["DisconnectReason"] == "CUSTOMER_DISCONNECT"


@pytest.mark.parametrize("code", [486, 404, 503, 603])
async def test_a_call_that_is_refused_ends(site: Server, carrier: Telephone, code: int) -> None:
    """Busy, unknown, unavailable, declined: the contact is over."""
    carrier.answer_code = code
    desk = Desk(site)
    contact = await asyncio.to_thread(start, desk)
    await until(lambda: desk.contact(contact).get("DisconnectTimestamp"))


async def test_a_stopped_call_no_longer_rings(site: Server, carrier: Telephone) -> None:
    """The contact is stopped while the telephone rings: CANCEL."""
    carrier.answers = False
    desk = Desk(site)
    contact = await asyncio.to_thread(start, desk)
    await until(lambda: carrier.invite is not None)
    desk.connect.stop_contact(InstanceId=desk.instance, ContactId=contact)
    await asyncio.wait_for(carrier.over.wait(), 10)


async def test_strangers_are_refused_where_there_are_trunks(
    site: Server, carrier: Telephone, telephone: MakeTelephone
) -> None:
    """Nobody calls in from an address that no trunk names."""
    await until(lambda: site.boto("switchroom").list_trunks(InstanceId=Desk(site).instance)["Trunks"])
    stranger = await telephone()
    assert (await stranger.call(DEMO)).code in (401, 403)


async def test_the_state_of_a_trunk_is_shown(site: Server, carrier: Telephone) -> None:
    """Options ping: reachable, with its round trip."""
    client, desk = site.boto("switchroom"), Desk(site)

    def reachable() -> Any:
        trunk = client.list_trunks(InstanceId=desk.instance)["Trunks"][0]
        return any(state.get("Reachable") for state in trunk["States"])

    await until(reachable, 20)


async def test_a_desk_phone_registers_and_rings(site: Server, telephone: MakeTelephone) -> None:
    """DESK-77: an agent on a desk phone is called there; answering it accepts the contact."""
    client, desk = site.boto("switchroom"), Desk(site)
    users = desk.connect.list_users(InstanceId=desk.instance)["UserSummaryList"]
    agent = next(one["Id"] for one in users if one["Username"] == "agent2")
    login = client.reset_sip_password(InstanceId=desk.instance, UserId=agent)["Login"]
    desk.connect.update_user_phone_config(
        InstanceId=desk.instance,
        UserId=agent,
        PhoneConfig={"PhoneType": "DESK_PHONE", "DeskPhoneNumber": "+12025550188", "AutoAccept": False},
    )
    phone = await telephone()
    await until(lambda: "agent2" in login["Username"])
    assert (await phone.register(login["Username"], "wrong")).code == 401
    assert (await phone.register(login["Username"], login["Password"])).code == 200
    statuses = desk.connect.list_agent_statuses(InstanceId=desk.instance)["AgentStatusSummaryList"]
    available = next(one["Id"] for one in statuses if one["Name"] == "Available")
    desk.connect.put_user_status(InstanceId=desk.instance, UserId=agent, AgentStatusId=available)
    caller = await telephone(number="+15550131")
    assert (await caller.call(DEMO)).code == 200
    await asyncio.sleep(0.5)
    caller.press("1")
    await until(lambda: phone.invite is not None, 20)
    await until(lambda: phone.heard.frames, 10)
    await caller.hang_up()
    await asyncio.wait_for(phone.over.wait(), 10)
