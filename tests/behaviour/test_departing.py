"""What a deleted user leaves behind goes on without them; on a clock that the test turns."""

from msgspec.structs import replace

from switchroom.core import commands as c
from tests.core.stage import Stage, action, configuration, flow, to_queue_flow
from tests.core.test_life_cycle import available, chat, task


def without(stage: Stage, user: str) -> None:
    """The user is deleted."""
    config = configuration()
    config.users = {name: settings for name, settings in config.users.items() if name != user}
    stage.config = config
    stage.decider.configure(config)
    stage.wait(0)


def test_an_offer_goes_to_the_next_agent_when_the_user_is_deleted() -> None:
    """ROUT-18: nobody waits for somebody who is no more."""
    stage = Stage()
    available(stage, "a1")
    contact = task(stage)
    assert stage.slot("a1", contact) == "INCOMING"
    available(stage, "a2")
    without(stage, "a1")
    assert stage.slot("a2", contact) == "INCOMING"
    assert not stage.state.agents["a1"].slots


def test_conversations_of_a_deleted_user_end() -> None:
    """The chat is over, the paused task too, and nothing is held: their records are complete."""
    stage = Stage()
    available(stage, "a1")
    talking, written = chat(stage), task(stage)
    for contact in (talking, written):
        stage.do(c.AcceptContact(agent="a1", contact=contact))
    stage.do(c.PauseContact(contact=written))
    wrapping = chat(stage)
    stage.do(c.AcceptContact(agent="a1", contact=wrapping))
    stage.do(c.EndContact(agent="a1", contact=wrapping))
    without(stage, "a1")
    agent = stage.state.agents["a1"]
    assert not agent.slots
    assert agent.status_type == "OFFLINE"
    assert not {talking, written, wrapping} & stage.state.contacts.keys()


def test_a_user_deleted_while_the_centre_was_away() -> None:
    """The first decision after a start finds what was left behind."""
    stage = Stage()
    available(stage, "a1")
    contact = task(stage)
    config = configuration()
    config.users = {"a2": replace(config.users["a2"])}
    stage.config = config
    stage.decider = stage.fresh(stage.state)
    available(stage, "a2")
    assert stage.slot("a2", contact) == "INCOMING"


def test_contacts_of_a_personal_queue_end_with_the_user() -> None:
    """USER-25: nobody will ever take them; those with a disconnect flow go where it sends them."""
    hooked = flow(
        "own-first",
        [
            action("hook", "UpdateContactEventHooks", "set", EventHooks={"CustomerRemaining": "to-queue"}),
            action("set", "UpdateContactTargetQueue", "queue", QueueId="own-a1"),
            action("queue", "TransferContactToQueue", None),
        ],
    )
    stage = Stage(flows=[to_queue_flow("own", "own-a1"), hooked])
    waits, other, talks = task(stage, flow="own"), task(stage), chat(stage, "own-first")
    assert {stage.contact(one).queue for one in (waits, talks)} == {"own-a1"}
    before = stage.config
    without(stage, "a1")
    config = configuration()
    config.users = {"a2": before.users["a2"]}
    config.queues = {name: queue for name, queue in config.queues.items() if name != "own-a1"}
    stage.decider.configure(config)
    stage.wait(0)
    assert waits not in stage.state.contacts and talks not in stage.state.contacts
    follower = next(one for one in stage.state.contacts.values() if one.initiation_method == "DISCONNECT")
    assert (follower.queue, follower.place, stage.contact(other).place) == ("Q1", "queue", "queue")


def test_a_queue_deleted_while_the_centre_was_away() -> None:
    """The first decision after a start ends what waits in it."""
    stage = Stage(flows=[to_queue_flow("own", "own-a1")])
    waits = task(stage, flow="own")
    config = configuration()
    config.queues = {name: queue for name, queue in config.queues.items() if name != "own-a1"}
    stage.config = config
    stage.decider = stage.fresh(stage.state)
    stage.wait(0)
    assert waits not in stage.state.contacts
