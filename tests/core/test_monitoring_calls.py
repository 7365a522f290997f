"""Supervisors of calls: where they are called, what they may do to others, and who may not listen."""

from typing import Any

import pytest
from msgspec.structs import replace

from switchroom.base.errors import ServiceError
from switchroom.core import commands as c
from switchroom.core import events as e
from switchroom.core import voice_commands as vc
from tests.core.phones import NUMBER, Phones

BOTH = ("SILENT_MONITOR", "BARGE")
DESK = "+12065550177"


def watched(**voice: Any) -> tuple[Phones, str]:
    """A call that a1 has: the stage and the contact."""
    phones = Phones(**{"enhanced_voice_monitoring": True, "multi_party": True, **voice})
    return phones, phones.connected()


def watch(phones: Phones, contact: str, *capabilities: Any, user: str = "s1") -> str:
    answer = phones.do(vc.MonitorCall(contact=contact, user=user, capabilities=capabilities or BOTH))
    return str(answer["contact"])


def refused(phones: Phones, contact: str, *capabilities: Any, user: str = "s1") -> tuple[str, str]:
    with pytest.raises(ServiceError) as refusal:
        phones.do(vc.MonitorCall(contact=contact, user=user, capabilities=capabilities))
    return refusal.value.code, refusal.value.message


def test_a_supervisor_with_a_desk_phone_is_called() -> None:
    """QUAL-129: on the phone's number, with the caller ID of the profile's outbound queue."""
    phones, contact = watched()
    phones.config.users["s1"] = replace(phones.config.users["s1"], desk_phone=DESK)
    watching = watch(phones, contact)
    dial = phones.planned(contact, "s1").dial
    assert dial is not None
    assert (dial.number, dial.caller_id, dial.desk) == (DESK, NUMBER, True)
    assert phones.slot("s1", watching) == "CONNECTING"
    phones.answer(watching, phones.leg(contact, "s1"))
    assert phones.slot("s1", watching) == "CONNECTED"
    assert phones.planned(contact, "s1").hear
    phones.hang_up(contact, "s1")
    assert phones.slot("s1", watching) is None
    assert phones.slot("a1", contact) == "CONNECTED"


@pytest.mark.parametrize("how", ["country", "caller"])
def test_a_desk_phone_that_cannot_be_called(how: str) -> None:
    """QUAL-133: a country that may not be called, a queue without caller ID."""
    phones, contact = watched()
    number = "+81312345678" if how == "country" else DESK
    phones.config.users["s1"] = replace(phones.config.users["s1"], desk_phone=number)
    if how == "caller":
        phones.config.queues["Q1"] = replace(phones.config.queues["Q1"], outbound_caller_number=None)
    assert refused(phones, contact, *BOTH) == ("InvalidRequestException", "User's phone number is invalid")


def test_a_desk_phone_that_nobody_answers() -> None:
    """QUAL-120: the monitoring is over, the call goes on."""
    phones, contact = watched()
    phones.config.users["s1"] = replace(phones.config.users["s1"], desk_phone=DESK)
    watching = watch(phones, contact)
    phones.hang_up(contact, "s1", "no_answer")
    assert watching not in phones.state.contacts
    assert phones.slot("a1", contact) == "CONNECTED"


def test_a_browser_that_does_not_come() -> None:
    """QUAL-119: by API the session waits for the supervisor's panel a short time."""
    phones, contact = watched()
    watching = watch(phones, contact)
    phones.wait(21)
    assert watching not in phones.state.contacts
    assert phones.slot("a1", contact) == "CONNECTED"


def test_two_supervisors_one_of_whom_may_barge_in() -> None:
    """QUAL-122, QUAL-133: with the option a call takes one of each kind."""
    phones, contact = watched()
    watch(phones, contact)
    assert refused(phones, contact, *BOTH, user="a2")[0] == "ServiceQuotaExceededException"
    watch(phones, contact, "SILENT_MONITOR", user="a2")
    assert refused(phones, contact, "SILENT_MONITOR", user="a1")[0] == "ServiceQuotaExceededException"


def test_without_the_option_the_flow_permits_it() -> None:
    """BLK-127, QUAL-121, QUAL-127, QUAL-133: nobody barges in; agent and customer must be set to be recorded."""
    phones, contact = watched(enhanced_voice_monitoring=False)
    assert refused(phones, contact) == ("InvalidRequestException", "Monitoring failed, please enable call recording")
    wanted = "Monitoring failed, enable multi-party conference"
    assert refused(phones, contact, *BOTH) == ("InvalidRequestException", wanted)
    phones.contact(contact).recording = {"Participants": ["Agent", "Customer"]}
    watching = phones.do(vc.MonitorCall(contact=contact, user="s1"))["contact"]
    phones.answer(watching, phones.leg(contact, "s1"))
    with pytest.raises(ServiceError, match="not among your capabilities"):
        phones.do(vc.SetMonitorMode(agent="s1", contact=watching, mode="BARGE"))


def test_who_cannot_be_monitored() -> None:
    """QUAL-133: no agent yet, after contact work."""
    phones, contact = watched()
    waiting = phones.arrive()
    assert refused(phones, waiting, *BOTH)[1] == "No agent participant found on the contact"
    phones.hang_up(contact)
    assert "not in a state that can be monitored" in refused(phones, contact, *BOTH)[1]


def test_a_forced_mute_holds_until_the_supervisor_steps_back() -> None:
    """QUAL-125, DESK-174: the agent cannot undo it; it ends with the barge."""
    phones, contact = watched()
    watching = watch(phones, contact)
    phones.answer(watching, phones.leg(contact, "s1"))
    phones.do(vc.SetMonitorMode(agent="s1", contact=watching, mode="BARGE"))
    leg = phones.leg(contact, "a1")
    phones.do(vc.MuteLeg(agent="s1", contact=watching, leg=leg, muted=True))
    assert phones.planned(contact, "a1").mute
    with pytest.raises(ServiceError):
        phones.do(vc.MuteLeg(agent="a1", contact=contact, muted=False))
    phones.do(vc.SetMonitorMode(agent="s1", contact=watching, mode="SILENT_MONITOR"))
    assert not phones.planned(contact, "a1").mute
    phones.do(vc.SetMonitorMode(agent="s1", contact=watching, mode="BARGE"))
    phones.do(vc.MuteLeg(agent="s1", contact=watching, leg=leg, muted=True))
    phones.do(c.EndContact(agent="s1", contact=watching))
    assert not phones.planned(contact, "a1").mute


def taken_over() -> tuple[Phones, str, str]:
    """A call whose agent the supervisor has removed: the stage, the agent's contact, the supervisor's."""
    phones, contact = watched()
    watching = watch(phones, contact)
    phones.answer(watching, phones.leg(contact, "s1"))
    phones.do(vc.SetMonitorMode(agent="s1", contact=watching, mode="BARGE"))
    phones.do(vc.DropLeg(agent="s1", contact=watching, leg=phones.leg(contact, "a1")))
    return phones, contact, watching


def test_removing_the_agent() -> None:
    """QUAL-125, QUAL-131: `BARGED`; the agent wraps up, supervisor and customer go on."""
    phones, contact, watching = taken_over()
    ended = [event for event in phones.events if isinstance(event, e.Disconnected) and event.contact == contact]
    assert [event.reason for event in ended] == ["BARGED"]
    assert phones.slot("a1", contact) == "ENDED"
    assert (phones.hears(watching, "customer"), phones.hears(watching, "s1")) == ("room", "room")
    assert phones.planned(watching, "s1").talk
    with pytest.raises(ServiceError, match="end the contact"):
        phones.do(vc.SetMonitorMode(agent="s1", contact=watching, mode="SILENT_MONITOR"))
    phones.do(c.ClearContact(agent="a1", contact=contact))
    assert phones.hears(watching, "customer") == "room"


@pytest.mark.parametrize("who", ["customer", "s1", "button"])
def test_the_end_of_a_call_that_a_supervisor_took_over(who: str) -> None:
    """QUAL-120: whoever leaves, nothing is left behind."""
    phones, contact, watching = taken_over()
    if who == "button":
        phones.do(c.EndContact(agent="s1", contact=watching))
    else:
        phones.hang_up(watching, who)
    assert watching not in phones.state.contacts
    assert not phones.state.calls
    assert phones.slot("s1", watching) is None
    phones.do(c.ClearContact(agent="a1", contact=contact))
    assert not phones.state.contacts


def test_a_status_chosen_while_monitoring() -> None:
    """ROUT-65: it comes when the monitoring is over."""
    phones, contact = watched()
    phones.available("s1")
    watching = watch(phones, contact)
    phones.answer(watching, phones.leg(contact, "s1"))
    phones.do(c.SetStatus(agent="s1", status="lunch"))
    phones.do(c.EndContact(agent="s1", contact=watching))
    assert phones.state.agents["s1"].status == "lunch"
