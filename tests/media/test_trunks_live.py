"""Trunks against telephone systems of others: who comes in, how calls leave, registrations, pings, desk phones."""

import asyncio
import contextlib
import re
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from switchroom.media.sip_sockets import Listen, Tls
from switchroom.sip.events import Answered, BindingChanged, Failed, Incoming
from switchroom.sip.uri import Address
from tests.media.caller import Telephone
from tests.media.conftest import Desk, MakeTelephone, until
from tests.server import Server, free_port, phones_ready
from tests.sip.conftest import certificates  # noqa: F401
from tests.sip.interop.answering import Answering
from tests.sip.interop.baresip import Baresip
from tests.sip.interop.sipp import PROVES_ITSELF, expect, found, sipp

pytestmark = pytest.mark.process

DEMO = "+15550100"
ABROAD = "+12025550143"
CARRIER, STRANGER = "127.0.0.2", "127.0.0.3"


@pytest.fixture(scope="module")
def site(make_module_server: Callable[..., Server]) -> Server:
    """A demo of its own: trunks close its open door."""
    return phones_ready(make_module_server("--demo", voice=True).ready())


class Line:
    """The trunk of a test."""

    def __init__(self, site: Server) -> None:
        self.client, self.desk = site.boto("switchroom"), Desk(site)
        self.id = ""

    def make(self, **settings: Any) -> dict[str, Any]:
        """Set it up and wait until the media process has it."""
        made = self.client.create_trunk(InstanceId=self.desk.instance, Name="line", **settings)["Trunk"]
        self.id = made["TrunkId"]
        return dict(made)

    def change(self, **settings: Any) -> None:
        self.client.update_trunk(InstanceId=self.desk.instance, TrunkId=self.id, **settings)

    def remove(self) -> None:
        if self.id:
            self.client.delete_trunk(InstanceId=self.desk.instance, TrunkId=self.id)

    def state(self) -> dict[str, Any]:
        """As the media process last told it. Raises LookupError before that."""
        states = self.client.describe_trunk(InstanceId=self.desk.instance, TrunkId=self.id)["Trunk"]["States"]
        if not states:
            raise LookupError("no state yet")
        return dict(states[0])

    def call_out(self) -> str:
        """A call that the API places."""
        flows = self.desk.connect.list_contact_flows(InstanceId=self.desk.instance)["ContactFlowSummaryList"]
        flow = next(one["Id"] for one in flows if one["Name"] == "Demo inbound flow")
        started = self.desk.connect.start_outbound_voice_contact(
            InstanceId=self.desk.instance,
            ContactFlowId=flow,
            DestinationPhoneNumber=ABROAD,
            SourcePhoneNumber=DEMO,
        )
        return str(started["ContactId"])


@pytest.fixture
async def line(site: Server) -> AsyncIterator[Line]:
    """A trunk that is gone after the test."""
    line = Line(site)
    yield line
    await asyncio.to_thread(line.remove)


@pytest.fixture
async def peer() -> AsyncIterator[Answering]:
    """Another telephone system on free ports, with a registrar that knows alice."""
    peer = Answering(Listen("127.0.0.1", udp=0, tcp=0))
    await peer.sockets.open()
    yield peer
    await peer.sockets.close()


async def test_the_eleventh_call_hears_fast_busy(site: Server, telephone: MakeTelephone) -> None:
    """BASE-36: with a quota of ten calls the eleventh is refused with 503 and never answered; one less, and it is."""
    callers = [await telephone(number=f"+155501{n:02}") for n in range(12)]
    answers = await asyncio.gather(*(caller.call(DEMO) for caller in callers[:10]))
    assert [answer.code for answer in answers] == [200] * 10
    refused = await callers[10].call(DEMO)
    assert refused.code == 503
    await callers[0].hang_up()
    calls = iter(callers[11:])

    async def answered() -> bool:
        caller = next(calls, None) or await telephone()
        return (await caller.call(DEMO)).code == 200

    for _ in range(20):
        if await answered():
            break
        await asyncio.sleep(0.2)
    else:
        raise AssertionError("the place of the call that ended is not given to another")
    await asyncio.gather(*(caller.hang_up() for caller in callers[1:10]))


async def test_calls_from_listed_addresses_only(site: Server, line: Line, telephone: MakeTelephone) -> None:
    """The carrier's address is let in to claimed numbers, however its rules write them; another address is not."""
    rules = [{"Direction": "INBOUND", "Match": r"7(\d{4})", "Replace": r"+1555\1"}]
    await asyncio.to_thread(line.make, Inbound={"Addresses": [f"{CARRIER}/32"]}, NumberRules=rules)
    await until(line.state)
    carrier, stranger = await telephone(host=CARRIER), await telephone(host=STRANGER)
    assert (await stranger.call(DEMO)).code == 403
    assert (await carrier.call("+15559999")).code == 404
    again = await telephone(host=CARRIER)
    assert (await again.call("70100")).code == 200
    await until(lambda: again.heard.loud() > 100)
    assert (await until(lambda: line.state().get("Calls")) or 0) == 1
    await again.hang_up()


async def test_scanners_and_floods_yield_nothing(site: Server, line: Line, telephone: MakeTelephone) -> None:
    """A scanner's user agent is not answered at all; of a flood only so many requests a second are."""
    await asyncio.to_thread(line.make, Inbound={"Addresses": [f"{CARRIER}/32"]})
    await until(line.state)
    scanner = await telephone(host=STRANGER)
    scanner.user_agent = "friendly-scanner"
    for method in ("OPTIONS", "REGISTER", "INVITE"):
        scanner.request(method)
    flood = await telephone(host=STRANGER)
    flood._dialled = DEMO
    for n in range(4000):
        flood._id = f"flood-{n}"
        flood.request("INVITE", body=flood.sdp())
        if n % 100 == 0:
            await asyncio.sleep(0)
    await asyncio.sleep(2)
    assert scanner.inbox.empty()
    assert 0 < flood.inbox.qsize() < 3000
    carrier = await telephone(host=CARRIER)
    assert (await carrier.call(DEMO)).code == 200
    await carrier.hang_up()


async def test_a_caller_proves_itself(site: Server, line: Line, tmp_path: Path) -> None:
    """sipp from an address that no trunk names: its user name and password let it in, wrong ones do not."""
    await asyncio.to_thread(line.make, Inbound={"Username": "alice", "Secret": "secret"})
    await until(line.state)
    await sipp(tmp_path, site.sip_port, DEMO, PROVES_ITSELF)
    first, challenged, acknowledged, second, *_ = PROVES_ITSELF
    refused = [second.replace("password=secret", "password=wrong"), expect(401), acknowledged.replace(" 1 ", " 2 ")]
    (tmp_path / "wrong").mkdir()
    await sipp(tmp_path / "wrong", site.sip_port, DEMO, [first, challenged, acknowledged, *refused])


async def test_a_call_goes_out_to_another_system(site: Server, line: Line, tmp_path: Path) -> None:
    """NUM-54, NUM-55: sipp is called with the numbers as the trunk writes them, and told who calls."""
    rules = [{"Direction": "OUTBOUND", "Match": r"\+1(\d+)", "Replace": r"001\1"}]
    port, seen = free_port(), tmp_path / "messages"
    process = await asyncio.create_subprocess_exec(
        found("sipp"), "-sn", "uas", "-i", "127.0.0.1", "-p", str(port), "-m", "1", "-nostdin", "-timeout", "40s",
        "-trace_msg", "-message_file", str(seen), cwd=tmp_path,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await asyncio.to_thread(line.make, Outbound={"Host": "127.0.0.1", "Port": port}, NumberRules=rules)
        await until(line.state)
        contact = await asyncio.to_thread(line.call_out)
        await until(lambda: seen.exists() and "ACK sip:" in seen.read_text())
        await asyncio.to_thread(line.desk.connect.stop_contact, InstanceId=line.desk.instance, ContactId=contact)
        assert await asyncio.wait_for(process.wait(), 20) == 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    invite = seen.read_text().partition("INVITE ")[2].partition("\n\n")[0]
    assert invite.startswith("sip:0012025550143@127.0.0.1")
    caller = re.search(r"^From: (.*)$", invite, re.MULTILINE)
    asserted = re.search(r"^P-Asserted-Identity: (.*)$", invite, re.MULTILINE)
    assert caller and "sip:0015550100@" in caller[1]
    assert asserted and "sip:0015550100@" in asserted[1]


async def test_a_call_out_answers_a_challenge(site: Server, line: Line, peer: Answering) -> None:
    """The other system wants to know who calls: the trunk's user name and password."""
    outbound = {"Host": "127.0.0.1", "Port": peer.sockets.ports["udp"], "Username": "alice", "Secret": "secret"}
    to_private = [{"Direction": "OUTBOUND", "Match": r"\+1202\d+", "Replace": "private"}]
    await asyncio.to_thread(line.make, Outbound=outbound, NumberRules=to_private)
    await until(line.state)
    contact = await asyncio.to_thread(line.call_out)
    incoming = await peer.until(Incoming)
    assert isinstance(incoming, Incoming) and incoming.user == "alice"
    await until(lambda: line.desk.contact(contact).get("ConnectedToSystemTimestamp"))
    await asyncio.to_thread(line.desk.connect.stop_contact, InstanceId=line.desk.instance, ContactId=contact)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_trunk_registers_and_is_called_there(site: Server, line: Line, peer: Answering, host: str) -> None:
    """The state says registered, and calls that come over the registration are taken; a wrong password is told."""
    outbound = {"Host": host, "Port": peer.sockets.ports["udp"], "Register": True, "Username": "alice"}
    await asyncio.to_thread(line.make, Outbound={**outbound, "Secret": "secret"})
    await until(lambda: line.state().get("Registered"))
    changed = await peer.until(BindingChanged)
    assert isinstance(changed, BindingChanged)
    (binding,) = changed.bindings
    ports = f"127.0.0.1:{site.sip_port}"
    for number, kind in (("+15559999", Failed), (DEMO, Answered)):
        call = peer.sockets.agent.invite(
            binding.contact,
            binding.flow,
            from_=Address("sip:+12025550177@127.0.0.1"),
            to=Address(f"sip:{number}@{ports}"),
            sdp=peer.offer(),
            now=peer.sockets.now(),
        )
        outcome = await peer.until(kind)
        assert not isinstance(outcome, Failed) or outcome.code == 404
    call.hangup(now=peer.sockets.now())

    await asyncio.to_thread(line.change, Outbound={**outbound, "Secret": "wrong"})
    state = await until(lambda: not (now := line.state()).get("Registered") and now.get("Error") and now)
    assert state["Error"].startswith("REGISTER: 40") and state["ErrorTimestamp"]
    await asyncio.to_thread(line.change, Outbound={**outbound, "Secret": "secret"})
    await until(lambda: line.state().get("Registered"))


async def test_a_trunk_that_cannot_be_reached(site: Server, line: Line, peer: Answering) -> None:
    """Pinged: nobody is there, and the error is told; then somebody is, and how fast."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        closed = probe.getsockname()[1]
    nobody = {"Host": "127.0.0.1", "Port": closed, "Transport": "TCP"}
    await asyncio.to_thread(line.make, Outbound=nobody, PingSeconds=1)
    state = await until(lambda: (now := line.state()).get("Reachable") is False and now)
    assert state["Error"].startswith("OPTIONS")
    await asyncio.to_thread(line.change, Outbound={**nobody, "Port": peer.sockets.ports["tcp"]})
    state = await until(lambda: (now := line.state()).get("Reachable") and now)
    assert 0 <= state["RoundTripMilliseconds"] < 5000


async def test_a_desk_phone_of_another_make(
    site: Server,
    telephone: MakeTelephone,
    tmp_path: Path,
    certificates: Tls,  # noqa: F811
) -> None:
    """DESK-77: baresip registers with a user's SIP password, rings for the queue's call, and answering connects."""
    desk, client = Desk(site), site.boto("switchroom")
    users = desk.connect.list_users(InstanceId=desk.instance)["UserSummaryList"]
    agent = next(one["Id"] for one in users if one["Username"] == "agent2")
    who = {"InstanceId": desk.instance, "UserId": agent}
    login = client.reset_sip_password(**who)["Login"]
    assert login["Address"] == f"127.0.0.1:{site.sip_port}"
    desk.connect.update_user_phone_config(
        **who, PhoneConfig={"PhoneType": "DESK_PHONE", "DeskPhoneNumber": "+12025550188", "AutoAccept": False}
    )

    def states() -> list[str]:
        return [one["State"] for one in client.get_agent_snapshot(**who)["Snapshot"]["Contacts"]]

    account = (
        f"<sip:{login['Username']}@{login['Address']};transport=udp>;auth_user={login['Username']};"
        f"auth_pass={login['Password']};regint=600;answermode=manual"
    )
    async with Baresip(tmp_path, account, certificates) as phone:
        await until(lambda: "200 OK" in phone.log)
        statuses = desk.connect.list_agent_statuses(InstanceId=desk.instance)["AgentStatusSummaryList"]
        available = next(one["Id"] for one in statuses if one["Name"] == "Available")
        desk.connect.put_user_status(**who, AgentStatusId=available)
        caller: Telephone = await telephone(number="+12025550131")
        assert (await caller.call(DEMO)).code == 200
        await until(lambda: caller.heard.loud() > 100)
        caller.press("1")
        await phone.until("CALL_INCOMING", seconds=30)
        await until(lambda: states() and states()[0] != "CONNECTED")
        phone.command("accept")
        await phone.until("CALL_ESTABLISHED")
        await until(lambda: states() == ["CONNECTED"])
        await caller.hang_up()
        await phone.until("CALL_CLOSED")
        await until(lambda: states() == ["ENDED"])
