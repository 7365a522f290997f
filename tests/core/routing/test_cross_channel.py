"""The cross-channel vector as the day of one agent: calls, chats and tasks offered, taken, missed, ended, cleared."""

from msgspec.structs import replace

from switchroom.core import commands as c
from switchroom.core.routing.matcher import Profile
from tests.core.phones import Phones
from tests.core.test_life_cycle import chat, task


def vector(**more: object) -> Phones:
    """Section 6: voice 1 and chat 2 keep other channels away, a task does not. a1 alone works."""
    phones = Phones()
    settings = phones.config.profiles["P"]
    capacity, exclusive = {"VOICE": 1, "CHAT": 2, "TASK": 1}, {"VOICE": True, "CHAT": True, "TASK": False, **more}
    routing = Profile("P", capacity, exclusive, settings.routing.entries)  # type: ignore[arg-type]
    phones.config.profiles["P"] = replace(settings, routing=routing)
    phones.decider.configure(phones.config)
    phones.available("a1")
    return phones


def offered(phones: Phones, contact: str) -> bool:
    return phones.contact(contact).offered_to == "a1"


def accept(phones: Phones, *contacts: str) -> None:
    for contact in contacts:
        phones.do(c.AcceptContact(agent="a1", contact=contact))


def test_the_seven_steps_in_a_row() -> None:
    """ROUT-12: the steps of section 6 one after another, each with what the one before has left."""
    phones = vector()
    first = chat(phones)
    accept(phones, first)
    waiting_task = task(phones)
    assert not offered(phones, waiting_task), "1: chat forbids others"
    second = chat(phones)
    assert offered(phones, second), "2: a second chat"
    accept(phones, second)
    for contact in (first, second):
        phones.do(c.EndContact(agent="a1", contact=contact))
        assert not offered(phones, waiting_task), "after contact work occupies its slot"
    phones.do(c.ClearContact(agent="a1", contact=first))
    assert not offered(phones, waiting_task), "one chat is still in after contact work"
    phones.do(c.ClearContact(agent="a1", contact=second))
    assert offered(phones, waiting_task), "3: nothing is left"
    accept(phones, waiting_task)
    beside = chat(phones)
    assert offered(phones, beside), "4: a task allows others"
    accept(phones, beside)
    call = phones.arrive()
    assert not offered(phones, call), "5: chat forbids others"
    phones.do(c.EndContact(agent="a1", contact=beside))
    phones.do(c.ClearContact(agent="a1", contact=beside))
    assert offered(phones, call), "6: the task alone allows it"
    phones.take(call, "a1")
    phones.hear_out()
    another = task(phones)
    assert not offered(phones, another), "7: voice forbids others"
    phones.hang_up(call)
    phones.do(c.ClearContact(agent="a1", contact=call))
    assert not offered(phones, another), "7: one task at most, after the call too"
    phones.do(c.EndContact(agent="a1", contact=waiting_task))
    phones.do(c.ClearContact(agent="a1", contact=waiting_task))
    assert offered(phones, another)


def test_a_missed_chat_keeps_other_channels_away() -> None:
    """ROUT-17: until it is cleared it holds its slot and forbids other channels, unless the profile allows them."""
    for exclusive in (True, False):
        phones = vector(CHAT=exclusive)
        missed = chat(phones)
        phones.wait(21)
        assert phones.slot("a1", missed) == "MISSED"
        waiting_task = task(phones)
        assert offered(phones, waiting_task) is not exclusive
        phones.do(c.ClearContact(agent="a1", contact=missed))
        assert offered(phones, missed)


def test_a_paused_task_leaves_its_channel() -> None:
    """ROUT-81: it occupies neither slot nor channel; resumed it may stand beside the one taken meanwhile."""
    phones = vector(TASK=True)
    first = task(phones)
    accept(phones, first)
    call, second = phones.arrive(), task(phones)
    assert not offered(phones, call) and not offered(phones, second)
    phones.hang_up(call)
    phones.do(c.PauseContact(contact=first, holder="a1"))
    assert offered(phones, second)
    accept(phones, second)
    phones.do(c.ResumeContact(contact=first, holder="a1"))
    third = task(phones)
    assert [phones.slot("a1", contact) for contact in (first, second, third)] == ["CONNECTED", "CONNECTED", None]


def test_the_oldest_channel_first() -> None:
    """ROUT-09: call, chat and task wait; at equal priority and delay the one that waits longest is offered."""
    phones = vector()
    phones.do(c.SetStatus(agent="a1", status="lunch"))
    waiting_task = task(phones)
    phones.wait(1)
    call = phones.arrive()
    phones.wait(1)
    last = chat(phones)
    phones.available("a1")
    assert [offered(phones, contact) for contact in (waiting_task, call, last)] == [True, True, False]
