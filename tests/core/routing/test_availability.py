"""The availability timer with real calls: who is first in line after calling out, and after taking a call."""

import pytest
from msgspec.structs import replace

from switchroom.core import commands as c
from switchroom.core import voice_commands as vc
from switchroom.core.config import QueueSettings
from tests.core.phones import Phones

TEAM = [f"t{number}" for number in range(1, 11)]


def team(timer: str) -> Phones:
    """Ten agents on voice, logged in and available one second after another."""
    phones = Phones()
    config = phones.config
    config.profiles["P"] = replace(config.profiles["P"], timer=timer)
    for name in TEAM:
        own = f"own-{name}"
        config.queues[own] = QueueSettings(id=own, arn=f"arn/queue/{own}", name=name, agent=name)
        config.users[name] = replace(config.users["a1"], id=name, arn=f"arn/agent/{name}", username=name, queue=own)
    phones.decider.configure(config)
    for name in TEAM:
        phones.do(c.LogIn(agent=name))
        phones.available(name)
        phones.wait(1)
    return phones


def wrap_up(phones: Phones, agent: str, contact: str) -> None:
    phones.hang_up(contact)
    phones.wait(5)
    phones.do(c.ClearContact(agent=agent, contact=contact))


def calls_out(phones: Phones, agent: str) -> None:
    """A call that is placed, answered, ended and cleared."""
    contact = phones.do(vc.DialCall(agent=agent, number="+12065550142"))["contact"]
    phones.answer(contact, phones.leg(contact, agent))
    phones.answer(contact, phones.leg(contact, "customer"))
    phones.hear_out()
    assert phones.slot(agent, contact) == "CONNECTED"
    wrap_up(phones, agent, contact)


def in_line(phones: Phones) -> list[str]:
    """Who is offered the next calls, one by one; all of them are given up again."""
    contacts = [phones.arrive() for _ in TEAM]
    offered = [phones.contact(contact).offered_to or "" for contact in contacts]
    for contact in contacts:
        phones.hang_up(contact)
    return offered


@pytest.mark.parametrize(
    ("timer", "place"), [("TIME_SINCE_LAST_INBOUND", 3), ("TIME_SINCE_LAST_ACTIVITY", 10)], ids=["flag on", "flag off"]
)
def test_calling_out(timer: str, place: int) -> None:
    """ROUT-05, ROUT-01: the third of ten calls out; with the flag he is third afterwards, without it the tenth."""
    phones = team(timer)
    assert in_line(phones) == TEAM
    calls_out(phones, "t3")
    assert in_line(phones).index("t3") == place - 1


@pytest.mark.parametrize("timer", ["TIME_SINCE_LAST_INBOUND", "TIME_SINCE_LAST_ACTIVITY"])
def test_taking_a_call(timer: str) -> None:
    """ROUT-04: who has handled an inbound call is last among those available, whichever timer counts."""
    phones = team(timer)
    contact = phones.arrive()
    phones.take(contact, "t1")
    phones.hear_out()
    wrap_up(phones, "t1", contact)
    assert in_line(phones) == [*TEAM[1:], "t1"]


def test_the_flag_is_turned_over_in_mid_flow() -> None:
    """ROUT-05, ROUT-18: the place in line follows the profile at once, both times were kept."""
    phones = team("TIME_SINCE_LAST_ACTIVITY")
    calls_out(phones, "t3")
    assert in_line(phones)[-1] == "t3"
    settings = phones.config.profiles["P"]
    changed = replace(phones.config, profiles={"P": replace(settings, timer="TIME_SINCE_LAST_INBOUND")})
    phones.config = changed
    phones.decider.configure(changed)
    assert in_line(phones) == TEAM
