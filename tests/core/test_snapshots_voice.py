"""What a call looks like on a desk, and what may be done with it, for states that are written down here."""

from typing import Any

import msgspec
import pytest

from switchroom.core.agent import Agent, Slot
from switchroom.core.call import Call, CallRecording, Leg
from switchroom.core.config import Configuration, UserSettings, VoiceSettings
from switchroom.core.contact import AgentStay, Contact
from switchroom.core.snapshots import snapshot
from switchroom.core.state import State
from tests.core.stage import START, configuration


def leg(id: str, kind: str, contact: str = "c1", **members: Any) -> Leg:
    given = {"state": "connected", "since": START, "joined": True, **members}
    return Leg(id=id, kind=kind, contact=contact, **given)  # type: ignore[arg-type]


def contact(id: str, user: str | None, method: str = "INBOUND", **members: Any) -> Contact:
    stay = AgentStay(user, user, "P", connected_at=START) if user is not None else None
    return Contact(
        id=id,
        initial_id="c1",
        channel="VOICE",
        subtype="connect:Telephony",
        initiation_method=method,  # type: ignore[arg-type]
        initiated_at=START,
        place="agent",
        agent=stay,
        **{"call": "k1", "party": "customer", **members},
    )


class Desk:
    """One call, the contacts on it, and the desks of those who have them."""

    def __init__(self, *legs: Leg, contacts: tuple[Contact, ...] = (), multi: bool = False, **members: Any) -> None:
        contacts = contacts or (contact("c1", "a1"),)
        voice = VoiceSettings(multi_party=multi, countries=frozenset({"US", "JP"}))
        self.config: Configuration = configuration(voice=voice)
        customer = next((one.id for one in legs if one.kind == "CUSTOMER"), None)
        call = Call(
            id="k1",
            media="m1",
            customer=customer,
            legs={one.id: one for one in legs},
            contacts=[one.id for one in contacts],
            **members,
        )
        self.state = State(contacts={one.id: one for one in contacts}, calls={"k1": call})
        self.slots = {one.agent.user: Slot(one.id, "VOICE", "CONNECTED", START) for one in contacts if one.agent}

    def of(self, user: str, state: str | None = None) -> dict[str, Any]:
        """The only contact on a desk."""
        slot = self.slots[user]
        if state is not None:
            slot = msgspec.structs.replace(slot, state=state)
        agent = Agent(user, "available", "ROUTABLE", START, slots={slot.contact: slot})
        shown = snapshot(self.state, self.config, agent, self.config.users[user], START)
        found: dict[str, Any] = shown["Contacts"][0]
        return found

    def call(self, user: str) -> dict[str, Any]:
        found: dict[str, Any] = self.of(user)["Call"]
        return found

    def able(self, user: str) -> set[str]:
        return {name for name, value in self.call(user).items() if name.startswith("Can") and value}

    def able_with(self, user: str, leg: str) -> set[str]:
        entry = next(one for one in self.call(user)["Legs"] if one["LegId"] == leg)
        return {name for name, value in entry.items() if name.startswith("Can") and value}

    def seen(self, user: str) -> list[str]:
        return [one["LegId"] for one in self.call(user)["Legs"]]


CUSTOMER = leg("customer", "CUSTOMER", number="+15550111")
A1 = leg("l1", "AGENT", user="a1", browser=True)
A2 = leg("l2", "AGENT", "c2", user="a2", browser=True)
THIRD = leg("third", "THIRD_PARTY", added_by="a1", number="+15550122", name="Bank")


def held(one: Leg) -> Leg:
    return msgspec.structs.replace(one, held=True)


def test_a_call_of_two() -> None:
    """DESK-41..46: customer first, own leg named, what two can do."""
    desk = Desk(A1, CUSTOMER, recordings={"c1": CallRecording(contact="c1", key="k", participants=())})
    shown = desk.of("a1")
    assert (shown["State"], shown["Direction"], "Callback" in shown) == ("CONNECTED", "INBOUND", False)
    call = shown["Call"]
    assert (call["OwnLegId"], call["OwnLegState"], call["Recording"]) == ("l1", "connected", "recording")
    assert [one["Kind"] for one in call["Legs"]] == ["CUSTOMER", "AGENT"]
    assert call["Legs"][0]["PhoneNumber"] == "+15550111"
    assert call["Legs"][1]["Own"] is True
    assert (call["MaxParticipants"], call["MultiParty"], call["Monitors"]) == (3, False, 0)
    assert desk.able("a1") == {"CanHold", "CanAdd", "CanMute", "CanSendDigits"}
    assert desk.able_with("a1", "customer") == {"CanHold", "CanDrop"}
    assert desk.able_with("a1", "l1") == {"CanMute"}


def test_a_held_customer() -> None:
    """DESK-41: resume instead of hold; nobody hears keys."""
    assert Desk(A1, held(CUSTOMER)).able("a1") == {"CanResume", "CanAdd", "CanMute"}


def test_states_without_a_call_to_see() -> None:
    """DESK-74: after contact work and missed contacts have no controls; a ringing one shows who calls."""
    desk = Desk(CUSTOMER, A1)
    assert "Call" not in desk.of("a1", "ENDED")
    assert "Call" not in desk.of("a1", "MISSED")
    ringing = Desk(CUSTOMER).of("a1", "INCOMING")["Call"]
    assert [one["Kind"] for one in ringing["Legs"]] == ["CUSTOMER"]
    assert "OwnLegId" not in ringing
    assert not ringing["CanHold"]


def test_an_error_is_named() -> None:
    """DESK-176."""
    desk = Desk(CUSTOMER, A1)
    desk.slots["a1"] = Slot("c1", "VOICE", "ERROR", START, error="MissedCallCustomer")
    assert desk.of("a1")["Error"] == "MissedCallCustomer"


def test_a_consultation() -> None:
    """DESK-56, DESK-66, DESK-67: with the customer held and another on the line: join, swap, hold all."""
    desk = Desk(A1, held(CUSTOMER), THIRD)
    assert desk.able("a1") == {"CanResume", "CanHoldAll", "CanJoin", "CanSwap", "CanMute", "CanSendDigits", "CanLeave"}
    assert desk.able_with("a1", "third") == {"CanHold", "CanDrop"}
    assert next(one for one in desk.call("a1")["Legs"] if one["LegId"] == "third")["QuickConnect"] == "Bank"


def test_nobody_is_added_while_one_is_dialled() -> None:
    """DESK-69."""
    dialling = leg("third", "THIRD_PARTY", state="dialing", joined=False, added_by="a1")
    desk = Desk(A1, held(CUSTOMER), dialling, multi=True)
    assert not desk.able("a1") & {"CanAdd", "CanJoin", "CanSwap"}
    assert "CanDrop" in desk.able_with("a1", "third")


def test_three_parties_by_default() -> None:
    """DESK-73: the second agent sees the transfer's leg alone, and controls nobody."""
    second = contact("c2", "a2", "TRANSFER", party="l1")
    desk = Desk(A1, CUSTOMER, A2, contacts=(contact("c1", "a1"), second))
    assert desk.seen("a1") == ["customer", "l1", "l2"]
    assert desk.able_with("a1", "l2") == {"CanHold", "CanDrop"}
    assert set(desk.seen("a2")) == {"l1", "l2"}
    assert desk.able_with("a2", "l1") == set()
    assert desk.able("a2") == {"CanMute", "CanSendDigits"}


def test_equal_rights_with_the_multi_party_option() -> None:
    """DESK-64, DESK-65, DESK-68: everybody sees all, and may hold, mute and drop any other."""
    second = contact("c2", "a2", "TRANSFER")
    desk = Desk(A1, CUSTOMER, held(A2), contacts=(contact("c1", "a1"), second), multi=True)
    assert desk.seen("a2")[0] == "customer"
    assert len(desk.seen("a2")) == 3
    assert desk.able_with("a2", "l1") == {"CanHold", "CanMute", "CanDrop"}
    assert desk.able_with("a2", "l2") == {"CanResume", "CanMute"}
    assert desk.call("a2")["MaxParticipants"] == 6
    assert "CanAdd" in desk.able("a2")


def test_a_transfer_that_nobody_has_taken() -> None:
    """DESK-61: it shows as a party, named by its contact, which may be dropped."""
    waiting = contact("c2", None, "TRANSFER", party="l1", queue="Q2")
    desk = Desk(A1, held(CUSTOMER), contacts=(contact("c1", "a1"), waiting))
    entry = desk.call("a1")["Legs"][-1]
    assert (entry["LegId"], entry["Name"], entry["State"], entry["CanDrop"]) == ("c2", "Q2", "dialing", True)
    assert "CanAdd" not in desk.able("a1")


SILENT = leg("l3", "SUPERVISOR", "c3", user="a2", mode="SILENT_MONITOR", capabilities=("SILENT_MONITOR", "BARGE"))


def supervised(supervisor: Leg, **members: Any) -> Desk:
    watching = contact("c3", "a2", "MONITOR", monitored="c1")
    agent = msgspec.structs.replace(A1, **members)
    return Desk(agent, CUSTOMER, supervisor, contacts=(contact("c1", "a1"), watching), multi=True)


def test_a_silent_supervisor_is_seen_by_nobody_else() -> None:
    """QUAL-115, QUAL-119: only the own desk shows the supervisor, who can do nothing but listen."""
    desk = supervised(SILENT)
    assert desk.seen("a1") == ["customer", "l1"]
    assert desk.call("a1")["Monitors"] == 0
    shown = desk.of("a2")
    assert shown["Monitoring"] == {
        "Mode": "SILENT_MONITOR",
        "Capabilities": ["SILENT_MONITOR", "BARGE"],
        "AgentName": "A1",
        "MonitoredContactId": "c1",
    }
    assert set(desk.seen("a2")) == {"customer", "l1", "l3"}
    assert desk.able("a2") - {"CanLeave"} == set()
    assert all(desk.able_with("a2", one) == set() for one in desk.seen("a2"))


def test_a_supervisor_who_takes_part() -> None:
    """QUAL-122, QUAL-125, DESK-174: seen by all, rules over all; the agent keeps the own microphone."""
    barged = msgspec.structs.replace(SILENT, mode="BARGE")
    desk = supervised(barged)
    assert "l3" in desk.seen("a1")
    assert desk.call("a1")["Monitors"] == 1
    assert desk.able_with("a2", "l1") == {"CanHold", "CanMute", "CanDrop"}
    assert desk.able("a1") & {"CanHold", "CanAdd", "CanJoin"} == set()
    assert desk.able_with("a1", "customer") == set()
    assert desk.able_with("a1", "l1") == {"CanMute"}
    muted = supervised(barged, muted=True, forced_mute=True)
    assert muted.able_with("a1", "l1") == set()


@pytest.mark.parametrize(
    ("settings", "number", "reason"),
    [
        (VoiceSettings(outbound=False), "+15550100", "SWITCHED_OFF"),
        (VoiceSettings(), None, "NO_CALLER_ID"),
        (VoiceSettings(countries=frozenset({"US", "JP"})), "+15550100", None),
    ],
)
def test_calling_out(settings: VoiceSettings, number: str | None, reason: str | None) -> None:
    """DESK-50: the reason why an agent may not, the countries, the caller ID."""
    config = configuration(voice=settings)
    config.queues["Q1"] = msgspec.structs.replace(config.queues["Q1"], outbound_caller_number=number)
    config.profiles["P"] = msgspec.structs.replace(config.profiles["P"], default_outbound_queue="Q1")
    shown = snapshot(State(), config, Agent("a1", "available", "ROUTABLE", START), config.users["a1"], START)
    assert shown["Outbound"]["Allowed"] is (reason is None)
    assert shown["Outbound"].get("Reason") == reason
    if reason is None:
        assert shown["Outbound"]["Countries"] == ["jp", "us"]
        assert shown["Outbound"]["CallerId"] == "+15550100"


def test_the_phone_of_a_desk() -> None:
    """DESK-77."""
    config = configuration()
    user = UserSettings("a1", "arn/a1", "a1", profile="P", desk_phone="+15550188", auto_accept=True)
    shown = snapshot(State(), config, Agent("a1", "available", "ROUTABLE", START), user, START)
    assert shown["Phone"] == {"Type": "DESK_PHONE", "DeskPhoneNumber": "+15550188", "AutoAccept": True}
    assert shown["Outbound"] == {"Allowed": False, "Reason": "NO_OUTBOUND_QUEUE", "Countries": []}
    assert shown["EarlyMedia"] is True
