"""Agents: statuses, after contact work, auto-accept, order among agents; on a clock that the test turns."""

from typing import Any

import pytest
from msgspec.structs import replace

from switchroom.base.errors import ServiceError
from switchroom.core import commands as c
from switchroom.core import events as e
from switchroom.core.contact import Channel, InitiationMethod
from switchroom.core.lifecycle import queueing, starting
from switchroom.core.routing.matcher import Entry, Profile
from tests.core.stage import Stage, action, configuration, flow
from tests.core.test_life_cycle import available, chat, task


def call(stage: Stage, method: InitiationMethod = "INBOUND", queue: str = "Q1") -> str:
    """A contact of the voice channel in a queue, as the channel will bring it."""
    turn = stage.decider.turn(stage.now)
    contact = starting.open_contact(turn, channel="VOICE", method=method, queue=queue)
    queueing.enqueue(turn, contact)
    stage.decider.settle(turn)
    stage.events += turn.events
    return contact.id


def staff(**changes: object) -> Stage:
    """The stage with voice on the profile and changed users."""
    config = configuration()
    channels: tuple[Channel, ...] = ("VOICE", "CHAT", "TASK")
    entries = tuple(Entry(queue, channel) for queue in ("Q1", "Q2") for channel in channels)
    routing = Profile("P", {"VOICE": 1, "CHAT": 2, "TASK": 2}, dict.fromkeys(channels, False), entries)
    flows: Any = changes.pop("flows", ())
    config.profiles = {"P": replace(config.profiles["P"], routing=routing)}
    config.users = {name: replace(user, **changes) for name, user in config.users.items()}
    return Stage(config, flows)


def test_after_contact_work_ends_by_itself() -> None:
    """ROUT-68: at the limit the contact is cleared; 0 is unlimited."""
    stage = staff(acw_limit=30)
    available(stage, "a1")
    contact = task(stage)
    stage.do(c.AcceptContact(agent="a1", contact=contact))
    stage.do(c.EndContact(agent="a1", contact=contact))
    stage.wait(29.9)
    assert stage.slot("a1", contact) == "ENDED"
    stage.wait(0.1)
    assert stage.slot("a1", contact) is None and contact not in stage.state.contacts
    stage = staff(acw_limit=0)
    available(stage, "a1")
    contact = task(stage)
    stage.do(c.AcceptContact(agent="a1", contact=contact))
    stage.do(c.EndContact(agent="a1", contact=contact))
    stage.wait(3 * 86_400)
    assert stage.slot("a1", contact) == "ENDED"


def test_logging_out_means_offline() -> None:
    """ROUT-66: at once, or as soon as nothing is in hand."""
    stage = Stage()
    stage.do(c.LogIn(agent="a1"))
    available(stage, "a1")
    contact = chat(stage)
    stage.do(c.AcceptContact(agent="a1", contact=contact))
    stage.do(c.LogOut(agent="a1"))
    agent = stage.state.agents["a1"]
    assert (agent.status, agent.next_status, agent.logged_in_at) == ("available", "offline", None)
    stage.do(c.EndContact(agent="a1", contact=contact))
    stage.do(c.ClearContact(agent="a1", contact=contact))
    assert agent.status == "offline"


def test_who_changes_a_status() -> None:
    """ROUT-64: agent and supervisor do, handling contacts never does. ROUT-61: custom statuses are not routable."""
    stage = Stage()
    available(stage, "a1")
    stage.do(c.SetStatus(agent="a1", status="lunch", by="supervisor"))
    contact = chat(stage)
    assert stage.contact(contact).offered_to is None
    stage.do(c.SetStatus(agent="a1", status="available", by="a1"))
    for command in (c.AcceptContact, c.EndContact, c.ClearContact):
        stage.do(command(agent="a1", contact=contact))
        assert stage.state.agents["a1"].status == "available"
    changes = [(event.status, event.by) for event in stage.events if isinstance(event, e.StatusSet) and event.by]
    assert changes == [("lunch", "supervisor"), ("available", "a1")]


def test_disabled_and_unknown_statuses_are_refused() -> None:
    """ROUT-62: a disabled status cannot be chosen any more."""
    stage = Stage()
    for status, code in (("training", "InvalidParameterException"), ("none", "ResourceNotFoundException")):
        with pytest.raises(ServiceError) as refused:
            stage.do(c.SetStatus(agent="a1", status=status))
        assert refused.value.code == code


def test_a_withdrawn_offer_lets_the_next_status_come() -> None:
    """ROUT-65: the slot of an offer that the customer gave up is clear as well."""
    stage = Stage()
    available(stage, "a1")
    contact = chat(stage)
    stage.do(c.SetStatus(agent="a1", status="lunch"))
    assert stage.state.agents["a1"].next_status == "lunch"
    stage.do(c.StopContact(contact=contact))
    assert stage.state.agents["a1"].status == "lunch" and stage.state.agents["a1"].slots == {}


def test_a_profile_without_queues_takes_nothing() -> None:
    """ROUT-41: valid, and nothing is offered to its agents; ROUT-39: an agent follows the one profile it has."""
    config = configuration()
    empty = replace(config.profiles["P"], id="E", routing=Profile("E", {"CHAT": 1}, {}, ()))
    config.profiles["E"] = empty
    config.users["a1"] = replace(config.users["a1"], profile="E")
    stage = Stage(config)
    available(stage, "a1")
    contact = chat(stage)
    assert stage.contact(contact).offered_to is None
    available(stage, "a2")
    assert stage.contact(contact).offered_to == "a2"


def test_the_task_channel() -> None:
    """ROUT-80: tasks are routed up to the profile's number, each in its own slot."""
    stage = Stage()
    available(stage, "a1")
    jobs = [task(stage) for _ in range(3)]
    for job in jobs[:2]:
        stage.do(c.AcceptContact(agent="a1", contact=job))
    assert [stage.contact(job).place for job in jobs] == ["agent", "agent", "queue"]
    assert stage.contact(jobs[2]).offered_to is None
    stage.do(c.EndContact(agent="a1", contact=jobs[0]))
    stage.do(c.ClearContact(agent="a1", contact=jobs[0]))
    assert stage.contact(jobs[2]).offered_to == "a1"


def whispering(purpose: str) -> tuple[Stage, str]:
    """A call that agent a1 has accepted, while a prompt of a whisper plays."""
    kind = "AGENT_WHISPER" if purpose == "agent_whisper" else "CUSTOMER_WHISPER"
    actions = [action("say", "MessageParticipant", "end", Text="Hello"), action("end", "EndFlowExecution")]
    stage = staff(flows=[flow("whisper", actions, kind)])
    available(stage, "a1", "a2")
    contact = call(stage)
    turn = stage.decider.turn(stage.now)
    turn.emit(e.FlowSettingChanged(at=stage.now, contact=contact, purpose=purpose, flow="whisper"))
    stage.do(c.AcceptContact(agent="a1", contact=contact))
    assert stage.slot("a1", contact) == "CONNECTING"
    return stage, contact


def finish(stage: Stage, contact: str, purpose: str) -> None:
    """The prompt has been played."""
    stage.do(c.SignalFlow(key=f"{contact}/{purpose}", id=1, kind="done"))


def test_an_agent_who_is_not_heard_of() -> None:
    """ROUT-111: no further offers, a pending one goes to the next agent; the status stays, what is in hand too."""
    stage = Stage()
    available(stage, "a1", "a2")
    for agent in ("a1", "a2"):
        stage.do(c.LogIn(agent=agent))
    held = task(stage)
    stage.do(c.AcceptContact(agent="a1", contact=held))
    available(stage, "a1")
    stage.do(c.SetStatus(agent="a2", status="lunch"))
    pending = task(stage)
    assert stage.contact(pending).offered_to == "a1"
    available(stage, "a2")
    stage.do(c.LoseAgent(agent="a1"))
    assert stage.contact(pending).offered_to == "a2"
    assert stage.slot("a1", held) == "CONNECTED" and stage.state.agents["a1"].status_type == "ROUTABLE"
    stage.do(c.LoseAgent(agent="a2"))
    assert stage.contact(pending).offered_to is None
    stage.do(c.LogIn(agent="a1"))
    assert stage.contact(pending).offered_to == "a1"
    row = stage.do(c.RealTimeView())["agents"]
    assert {one["user"]: one["open"] for one in row}["a2"] == []


def test_a_desktop_that_is_not_needed() -> None:
    """ROUT-111: whoever was signed out, or works through a program, is not looked for."""
    stage = Stage()

    def link(agent: str) -> str:
        return stage.state.agents[agent].link

    available(stage, "a1")
    stage.do(c.LoseAgent(agent="a1"))
    assert link("a1") == "none" and stage.contact(task(stage)).offered_to == "a1"
    stage.do(c.LogIn(agent="a2"))
    stage.do(c.SetStatus(agent="a2", status="available", by="a2", unattended=True))
    assert link("a2") == "none"
    stage.do(c.LogIn(agent="a2"))
    stage.do(c.LoseAgent(agent="a2"))
    stage.do(c.SetStatus(agent="a2", status="lunch", by="supervisor"))
    assert link("a2") == "lost"
    stage.do(c.SetStatus(agent="a2", status="available", by="a2"))
    assert link("a2") == "open"
    stage.do(c.LogOut(agent="a2"))
    assert link("a2") == "none"
