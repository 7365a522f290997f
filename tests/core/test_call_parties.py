"""More than two on a call, on the pure core: third parties, consultations, hold, swap, join, leaving and rights."""

import pytest

from switchroom.base.errors import ServiceError
from switchroom.core import commands as c
from switchroom.core import events as e
from switchroom.core import voice_commands as vc
from tests.core.phones import NUMBER, Phones


def test_a_third_party_is_called_and_joined() -> None:
    """DESK-59, DESK-62, DESK-66: the customer is held, the agent hears ringing, then speaks alone, then all join."""
    phones = Phones()
    contact = phones.connected()
    phones.do(vc.AddCallParticipant(agent="a1", contact=contact, quick_connect="out"))
    assert phones.hears(contact, "customer") == "held customer" and phones.hears(contact, "a1") == "ringback"
    third = phones.planned(contact, "third")
    assert third.dial is not None and (third.dial.number, third.dial.caller_id) == ("+12065550199", NUMBER)
    with pytest.raises(ServiceError):
        phones.do(vc.AddCallParticipant(agent="a1", contact=contact, number="+12065550198"))
    phones.answer(contact, phones.leg(contact, "third"))
    assert phones.hears(contact, "a1") == phones.hears(contact, "third") == "room"
    assert phones.hears(contact, "customer") == "held customer"
    phones.do(vc.SwapLegs(agent="a1", contact=contact))
    assert (phones.hears(contact, "customer"), phones.hears(contact, "third")) == ("room", "held customer")
    phones.do(vc.JoinLegs(agent="a1", contact=contact))
    assert {phones.hears(contact, who) for who in ("customer", "third", "a1")} == {"room"}
    with pytest.raises(ServiceError) as full:
        phones.do(vc.AddCallParticipant(agent="a1", contact=contact, number="+12065550198"))
    assert full.value.code == "LimitExceededException"


@pytest.mark.parametrize("held", ["customer", "none", "both"])
def test_an_agent_leaves_customer_and_third_party(held: str) -> None:
    """DESK-57, DESK-59, vectors 1 to 3: they talk on; the record is complete when they are done."""
    phones = Phones()
    contact = _conference(phones)
    if held == "none":
        phones.do(vc.JoinLegs(agent="a1", contact=contact))
    elif held == "both":
        phones.do(vc.HoldAll(agent="a1", contact=contact))
    phones.do(c.EndContact(agent="a1", contact=contact))
    assert phones.slot("a1", contact) == "ENDED"
    assert phones.hears(contact, "customer") == phones.hears(contact, "third") == "room"
    phones.do(c.ClearContact(agent="a1", contact=contact))
    assert phones.contact(contact).place == "agent"
    phones.hang_up(contact, "third")
    assert not phones.state.contacts and not phones.state.calls
    reasons = {event.contact: event.reason for event in phones.events if isinstance(event, e.Disconnected)}
    assert reasons[contact] == "THIRD_PARTY_DISCONNECT"


def _conference(phones: Phones) -> str:
    contact = phones.connected()
    phones.do(vc.AddCallParticipant(agent="a1", contact=contact, number="+12065550199"))
    phones.answer(contact, phones.leg(contact, "third"))
    return contact


def test_dropping_parties() -> None:
    """DESK-58, vector 4: the last drop ends the call."""
    phones = Phones()
    contact = _conference(phones)
    phones.do(vc.DropLeg(agent="a1", contact=contact, leg=phones.leg(contact, "third")))
    assert phones.hears(contact, "customer") == "held customer"
    phones.do(vc.DropLeg(agent="a1", contact=contact, leg=phones.leg(contact, "customer")))
    assert phones.slot("a1", contact) == "ENDED" and not phones.state.calls


def test_the_conference_lasts_while_an_agent_is_on() -> None:
    """DESK-72: the caller leaves, agent and third party go on; strangers alone do not."""
    phones = Phones()
    contact = _conference(phones)
    phones.do(vc.JoinLegs(agent="a1", contact=contact))
    phones.hang_up(contact)
    assert phones.hears(contact, "third") == "room" and phones.slot("a1", contact) == "CONNECTED"
    phones.do(c.EndContact(agent="a1", contact=contact))
    assert not phones.state.calls and phones.slot("a1", contact) == "ENDED"


def _consultation(phones: Phones) -> tuple[str, str]:
    """a1 asks a2 in, who is there."""
    contact = phones.connected()
    phones.available("a2")
    asked = phones.do(c.TransferAgentContact(agent="a1", contact=contact, quick_connect="to-a2"))["contact"]
    phones.take(asked, "a2")
    phones.hear_out()
    return contact, asked


def test_a_user_quick_connect() -> None:
    """FLOW-75 (Q1), DESK-60: the flows speak to the agent who asks, the caller hears hold music all the time."""
    phones = Phones()
    contact = phones.connected()
    phones.available("a2")
    asked = phones.do(c.TransferAgentContact(agent="a1", contact=contact, quick_connect="to-a2"))["contact"]
    assert phones.contact(asked).previous_id == contact and phones.contact(asked).initiation_method == "TRANSFER"
    assert (phones.hears(contact, "customer"), phones.hears(contact, "a1")) == ("held customer", "you are in line")
    phones.take(asked, "a2")
    assert phones.hears(contact, "a2") == "whisper to agent"
    with pytest.raises(ServiceError):
        phones.do(vc.JoinLegs(agent="a1", contact=contact))
    phones.played(contact, "a2")
    assert phones.hears(contact, "a1") == "whisper to customer"
    phones.played(contact, "a1")
    assert (phones.hears(contact, "a1"), phones.hears(contact, "a2")) == ("room", "room")
    assert phones.hears(contact, "customer") == "held customer"
    phones.do(vc.JoinLegs(agent="a1", contact=contact))
    assert phones.hears(contact, "customer") == "room"


def test_leaving_hands_the_call_on() -> None:
    """DESK-56, DESK-63: a record for each agent, linked by their ids."""
    phones = Phones()
    contact, asked = _consultation(phones)
    phones.do(c.EndContact(agent="a1", contact=contact))
    assert phones.contact(contact).next_id == asked and phones.slot("a1", contact) == "ENDED"
    assert phones.hears(asked, "customer") == phones.hears(asked, "a2") == "room"
    phones.hang_up(asked)
    assert phones.contact(asked).disconnect_reason == "CUSTOMER_DISCONNECT" and phones.slot("a2", asked) == "ENDED"


def test_a_cold_transfer() -> None:
    """DESK-57: leaving before anyone accepted; the caller waits in line in the other's place."""
    phones = Phones()
    contact = phones.connected()
    asked = phones.do(c.TransferAgentContact(agent="a1", contact=contact, quick_connect="to-q2"))["contact"]
    phones.do(c.EndContact(agent="a1", contact=contact))
    assert phones.hears(asked, "customer") == "you are in line" and phones.contact(asked).place == "queue"
    phones.do(c.ClearContact(agent="a1", contact=contact))
    phones.available("a2")
    taker = phones.contact(asked).offered_to or ""
    phones.take(asked, taker)
    phones.hear_out()
    assert phones.hears(asked, "customer") == phones.hears(asked, taker) == "room"


def test_the_asked_agent_leaves() -> None:
    """The one who asked has the customer still, on hold."""
    phones = Phones()
    contact, asked = _consultation(phones)
    phones.do(c.EndContact(agent="a2", contact=asked))
    assert phones.slot("a2", asked) == "ENDED" and phones.slot("a1", contact) == "CONNECTED_ONHOLD"
    assert phones.hears(contact, "customer") == "held customer"
    phones.do(vc.ResumeLeg(agent="a1", contact=contact))
    assert phones.hears(contact, "customer") == phones.hears(contact, "a1") == "room"


def test_a_consultation_is_taken_back() -> None:
    """`x` beside the party that has not come."""
    phones = Phones()
    contact = phones.connected()
    asked = phones.do(c.TransferAgentContact(agent="a1", contact=contact, quick_connect="to-q2"))["contact"]
    phones.do(vc.DropLeg(agent="a1", contact=contact, leg=asked))
    assert asked not in phones.state.contacts
    phones.do(vc.ResumeLeg(agent="a1", contact=contact))
    assert phones.hears(contact, "a1") == phones.hears(contact, "customer") == "room"


def test_rights_of_three_and_of_six() -> None:
    """DESK-68, DESK-73: the second agent may not touch the caller; with multi-party everybody may do everything."""
    phones = Phones()
    contact, asked = _consultation(phones)
    phones.do(vc.JoinLegs(agent="a1", contact=contact))
    customer = phones.leg(contact, "customer")
    with pytest.raises(ServiceError) as refused:
        phones.do(vc.HoldLeg(agent="a2", contact=asked, leg=customer))
    assert refused.value.code == "AccessDeniedException"
    phones = Phones(multi_party=True)
    contact, asked = _consultation(phones)
    phones.do(vc.JoinLegs(agent="a1", contact=contact))
    customer = phones.leg(contact, "customer")
    phones.do(vc.HoldLeg(agent="a2", contact=asked, leg=customer))
    phones.do(vc.HoldLeg(agent="a2", contact=asked, leg=phones.leg(contact, "a1")))
    assert phones.hears(contact, "a1") == "held agent"
    phones.do(vc.ResumeLeg(agent="a1", contact=contact, leg=phones.leg(contact, "a1")))
    phones.do(vc.MuteLeg(agent="a1", contact=contact, leg=phones.leg(contact, "a2"), muted=True))
    assert phones.planned(contact, "a2").mute
