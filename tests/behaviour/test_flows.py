"""What flows do to contacts, seen from outside: boto3 starts, the record tells."""

import time
from collections.abc import Callable, Iterator

import pytest
from botocore.exceptions import ClientError

from tests.behaviour.blocks import action, attributes, document, hook, note, outcome, publish, queue_in, task
from tests.channels.people import Agent, Centre, say, wait_for

RESUME = {"Type": "EndFlowExecution"}


@pytest.fixture
def queue(centre: Centre) -> Iterator[str]:
    """A queue that nobody serves."""
    hours = centre.connect.list_hours_of_operations(InstanceId=centre.instance)["HoursOfOperationSummaryList"][0]["Id"]
    made = centre.connect.create_queue(
        InstanceId=centre.instance, Name=f"Nobody {time.monotonic_ns()}", HoursOfOperationId=hours
    )["QueueId"]
    yield made
    centre.connect.delete_queue(InstanceId=centre.instance, QueueId=made)


def test_the_channel_decides(centre: Centre) -> None:
    """FLOW-84: a task takes the branch of tasks."""
    compare = action(
        "start",
        "Compare",
        {"ComparisonValue": "$.Channel"},
        None,
        tuple(("Equals", channel, channel.lower()) for channel in ("VOICE", "CHAT", "TASK")),
        NoMatchingCondition="failed",
    )
    branches = [note(channel, went=channel) for channel in ("voice", "chat", "task")]
    assert outcome(centre, compare, *branches) == {"went": "task"}


def test_the_state_of_a_queue_decides(centre: Centre, queue: str) -> None:
    """FLOW-82: nobody is there and nothing waits."""
    staffing = action(
        "start",
        "CheckMetricData",
        {"MetricType": "NumberOfAgentsAvailable", "QueueId": queue},
        None,
        (("NumberGreaterThan", "0", "staffed"),),
        NoMatchingCondition="metrics",
        NoMatchingError="failed",
    )
    metrics = action("metrics", "GetMetricData", {"QueueId": queue}, "compare", NoMatchingError="failed")
    compare = action(
        "compare",
        "Compare",
        {"ComparisonValue": "$.Metrics.Queue.Size"},
        None,
        (("NumberLessThan", "1", "empty"), ("NumberGreaterOrEqualTo", "1", "busy")),
        NoMatchingCondition="failed",
    )
    notes = [note(answer, found=answer) for answer in ("staffed", "empty", "busy")]
    assert outcome(centre, staffing, metrics, compare, *notes) == {"found": "empty"}


def test_a_property_is_set_by_hand_or_from_an_attribute(centre: Centre, queue: str) -> None:
    """BLK-005: the queue is named by its id, or by an attribute that holds its ARN; a missing one is an error."""
    arn = centre.connect.describe_queue(InstanceId=centre.instance, QueueId=queue)["Queue"]["QueueArn"]

    def asked(value: str, **given: str) -> dict[str, str]:
        chosen = action("start", "UpdateContactTargetQueue", {"QueueId": value}, "tell", NoMatchingError="failed")
        return outcome(centre, chosen, note("tell", arn="$.Queue.ARN"), Attributes=given)

    assert asked(queue)["arn"] == arn
    assert asked("$.Attributes.queue", queue=arn)["arn"] == arn
    assert "failed" in asked("$.Attributes.queue")


def test_small_flows_join_and_shares_go_to_new_ones(centre: Centre) -> None:
    """BASE-149, BASE-151: a share of the contacts goes on in another flow."""
    trial = publish(centre, note("start", flow="trial"))
    share = action(
        "start",
        "DistributeByPercentage",
        {},
        None,
        (("NumberLessThan", "51", "trial"),),
        NoMatchingCondition="usual",
    )
    away = action("trial", "TransferToFlow", {"ContactFlowId": trial}, NoMatchingError="failed")
    split = publish(centre, share, away, note("usual", flow="usual"))
    went = {attributes(centre, contact)["flow"] for contact in [task(centre, split) for _ in range(50)]}
    assert went == {"trial", "usual"}


def test_a_flow_creates_a_task(centre: Centre) -> None:
    """BASE-70: name, description, attributes, reference and schedule come from attributes; its id comes back."""
    later = publish(centre, note("start", ran="yes"))
    create = action(
        "start",
        "CreateTask",
        {
            "Name": "Call $.Attributes.who",
            "Description": "for $.Attributes.who",
            "ContactFlowId": later,
            "Attributes": {"who": "$.Attributes.who"},
            "References": {"page": {"Type": "URL", "Value": "https://example.com/$.Attributes.who"}},
            "DelaySeconds": "600",
        },
        "tell",
        NoMatchingError="failed",
    )
    made = outcome(centre, create, note("tell", task="$.Task.ContactId"), Attributes={"who": "Zoë"})["task"]
    found = centre.describe(made)
    assert (found["Name"], found["Description"], found["Channel"]) == ("Call Zoë", "for Zoë", "TASK")
    assert (found["ScheduledTimestamp"] - found["InitiationTimestamp"]).total_seconds() == 600
    assert attributes(centre, made) == {"who": "Zoë"}
    listed = centre.connect.list_contact_references(InstanceId=centre.instance, ContactId=made, ReferenceTypes=["URL"])[
        "ReferenceSummaryList"
    ]
    assert listed == [{"Url": {"Name": "page", "Value": "https://example.com/Zoë"}}]


def test_attributes_hold_32_kb(centre: Centre) -> None:
    """BASE-144: more is an error of the block and of the operation; nothing is cut off."""
    doubled = note("start", b="$.Attributes.a")
    assert set(outcome(centre, doubled, Attributes={"a": "x" * 20_000})) == {"a", "failed"}
    contact = task(centre, publish(centre, note("start", small="yes")))
    update = {"InstanceId": centre.instance, "InitialContactId": contact}
    with pytest.raises(ClientError, match="32768 bytes"):
        centre.connect.update_contact_attributes(**update, Attributes={"a": "x" * 20_000, "b": "x" * 20_000})
    assert attributes(centre, contact) == {"small": "yes"}


def test_attributes_are_shared_along_the_chain(centre: Centre, queue: str) -> None:
    """FLOW-141: a previous contact's attributes are the next one's; a related one has a copy."""
    waiting = publish(centre, *queue_in("start", queue))
    first = task(centre, waiting, Attributes={"k": "1"})
    following = task(centre, waiting, PreviousContactId=first)
    related = task(centre, waiting, RelatedContactId=first)
    centre.connect.update_contact_attributes(
        InstanceId=centre.instance, InitialContactId=following, Attributes={"k": "2"}
    )
    assert [attributes(centre, contact)["k"] for contact in (first, following, related)] == ["2", "2", "1"]
    for contact in (first, following, related):
        centre.connect.stop_contact(InstanceId=centre.instance, ContactId=contact)


def test_what_is_over_is_not_paused_moved_or_handed_on(centre: Centre) -> None:
    """BASE-84: an ended task is refused as such, not as unknown."""
    flow = publish(centre, note("start", done="yes"))
    ended = {"InstanceId": centre.instance, "ContactId": task(centre, flow)}
    queue = centre.id_of("queue", "BasicQueue")
    attempts: list[Callable[[], object]] = [
        lambda: centre.connect.pause_contact(**ended),
        lambda: centre.connect.resume_contact(**ended),
        lambda: centre.connect.update_contact_schedule(**ended, ScheduledTime=time.time() + 60),
        lambda: centre.connect.transfer_contact(**ended, QueueId=queue, ContactFlowId=flow),
        lambda: centre.connect.stop_contact(**ended),
    ]
    for attempt in attempts:
        with pytest.raises(centre.connect.exceptions.InvalidRequestException, match="ended"):
            attempt()


def test_the_nine_types_of_flow(centre: Centre) -> None:
    """FLOW-30: each type of table T1 can be made."""
    types = {f"{side}_{what}" for side in ("CUSTOMER", "AGENT") for what in ("HOLD", "WHISPER")}
    types |= {"CONTACT_FLOW", "CUSTOMER_QUEUE", "OUTBOUND_WHISPER", "AGENT_TRANSFER", "QUEUE_TRANSFER"}
    for kind in types:
        made = centre.flow("Type", RESUME, kind=kind)
        found = centre.connect.describe_contact_flow(InstanceId=centre.instance, ContactFlowId=made)["ContactFlow"]
        assert (found["Type"], found["Status"]) == (kind, "PUBLISHED")


def test_flows_of_a_chat_in_their_order(centre: Centre, agent1: Agent) -> None:
    """FLOW-49, FLOW-50, BLK-118, BLK-119, BLK-144, BASE-107: inbound, queue, whispers, then the disconnect flow."""
    queue = centre.id_of("queue", "BasicQueue")
    said = {
        "CustomerQueue": centre.flow("Queue", say("in $.Queue.Name"), RESUME, kind="CUSTOMER_QUEUE"),
        "AgentWhisper": centre.flow("Agent", say("to $.Agent.UserName"), RESUME, kind="AGENT_WHISPER"),
        "CustomerWhisper": centre.flow("Customer", say("by $.Agent.FirstName"), RESUME, kind="CUSTOMER_WHISPER"),
        "CustomerRemaining": centre.flow("End", say("after $.InitiationMethod"), {"Type": "DisconnectParticipant"}),
    }
    hooks = [hook(f"h{n}", event, flow, f"h{n + 1}") for n, (event, flow) in enumerate(said.items())]
    greet = action("h4", "MessageParticipant", {"Text": "welcome"}, "queue", NoMatchingError="failed")
    flow = publish(centre, *hooks, greet, *queue_in("queue", queue))
    contact, customer = centre.customer(flow, Attributes={"vip": "yes"})
    offered = agent1.contact("INCOMING", contact)
    assert offered["Attributes"] == {"vip": "yes"}
    customer.socket.item(Content="in BasicQueue")
    agent1.accept(contact)
    agent = agent1.join(contact)
    seen = [item["Content"] for item in agent.transcript(SortOrder="ASCENDING")["Transcript"] if item.get("Content")]
    assert seen == ["welcome", "in BasicQueue", "to agent1"]
    agent1.do("end_contact", ContactId=contact)
    customer.socket.event("chat.ended")
    heard = [item["Content"] for item in customer.socket.items if item["Type"] == "MESSAGE"]
    assert heard == ["welcome", "in BasicQueue", "by Ana", "after DISCONNECT"]


def test_no_whisper_in_a_chat_unless_one_is_set(centre: Centre, agent1: Agent) -> None:
    """FLOW-14, BLK-145: the default whispers are for calls; set in the flow, the default one names the queue."""
    queue = centre.id_of("queue", "BasicQueue")
    whisper = centre.id_of("flow", "Default agent whisper")
    for begin, expected in (
        (queue_in("start", queue), []),
        ([hook("start", "AgentWhisper", whisper, "queue"), *queue_in("queue", queue)], ["BasicQueue"]),
    ):
        contact, _ = centre.customer(publish(centre, *begin))
        agent1.accept(contact)
        agent = agent1.join(contact)
        said = [item["Content"] for item in agent.transcript()["Transcript"] if item["Type"] == "MESSAGE"]
        assert [text for text in said if "wait" not in text.lower() and "answered" not in text] == expected
        agent1.clear_desk()
        agent1.become("Available")


def test_chats_last_as_long_as_asked(centre: Centre) -> None:
    """BASE-64: 60 to 10080 minutes."""
    flow = publish(centre, note("start", began="yes"))
    assert centre.start_chat(flow, ChatDurationInMinutes=60)["ContactId"]
    with pytest.raises(ClientError, match="InvalidParameterException"):
        centre.start_chat(flow, ChatDurationInMinutes=10_081)


def test_chat_is_on_with_a_transcript_store(centre: Centre) -> None:
    """BASE-60, CHAT-79: without one no chat begins."""
    where = {"InstanceId": centre.instance, "ResourceType": "CHAT_TRANSCRIPTS"}
    kept = centre.connect.list_instance_storage_configs(**where)["StorageConfigs"][0]
    flow = publish(centre, note("start", began="yes"))
    centre.connect.disassociate_instance_storage_config(**where, AssociationId=kept.pop("AssociationId"))
    try:
        with pytest.raises(ClientError, match="CHAT_TRANSCRIPTS"):
            centre.start_chat(flow)
    finally:
        centre.connect.associate_instance_storage_config(**where, StorageConfig=kept)
    assert centre.start_chat(flow)["ContactId"]


def test_a_flow_published_while_contacts_stand_on_it(centre: Centre) -> None:
    """FLOW-34: who began with the old version ends with it; deleting the flow leaves them where they are."""
    done = (("Equals", "WaitCompleted", "tell"),)
    wait = action("start", "Wait", {"TimeLimitSeconds": "1"}, None, done, NoMatchingError="failed")
    flow = publish(centre, wait, note("tell", version="old"))
    old = task(centre, flow)
    where = {"InstanceId": centre.instance, "ContactFlowId": flow}
    centre.connect.update_contact_flow_content(**where, Content=document(note("start", version="new")))
    new = task(centre, flow)
    centre.connect.update_contact_flow_metadata(**where, ContactFlowState="ARCHIVED")
    centre.connect.delete_contact_flow(**where)
    wait_for(lambda: attributes(centre, old) == {"version": "old"})
    assert attributes(centre, new) == {"version": "new"}
