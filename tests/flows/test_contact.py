"""Blocks that write on the contact, and those that pass it on."""

from typing import Any

import pytest

from switchroom.flows.state import Pause
from switchroom.flows.world import AgentCounts, Endpoint, QueueCounts, ReferenceView, TaskRequest
from tests.flows.build import END, Drive, action, text

ERROR = action("error", "EndFlowExecution")


def one(kind: str, parameters: dict[str, Any], *, type: str = "CONTACT_FLOW", **contact: Any) -> Drive:
    """One block with Success and Error."""
    errors = {"NoMatchingError": "error"}
    return Drive(action("block", kind, parameters, "end", errors), END, ERROR, type=type, **contact)


def outcome(drive: Drive) -> str:
    return drive.go().path[-1]


def test_attributes_all_or_none() -> None:
    """BLK-113, FLOW-139: keys are stored together; one missing reference stores none."""
    drive = one("UpdateContactAttributes", {"Attributes": {"a": "1", "b": "$.Channel", "c": "x $.Attributes.a"}})
    drive.world.person.attributes["a"] = "0"
    assert outcome(drive) == "end"
    assert drive.world.person.attributes == {"a": "1", "b": "CHAT", "c": "x 0"}
    drive = one("UpdateContactAttributes", {"Attributes": {"a": "1", "b": "$.Attributes.none"}})
    assert outcome(drive) == "error"
    assert drive.world.person.attributes == {}


def test_related_contact() -> None:
    """BLK-114: the target may be the related contact."""
    drive = one("UpdateContactAttributes", {"Attributes": {"a": "1"}, "TargetContact": "Related"})
    assert outcome(drive) == "error"
    drive.world.related = {}
    assert outcome(drive) == "end"
    assert (drive.world.related, drive.world.person.attributes) == ({"a": "1"}, {})


@pytest.mark.parametrize("key", ["$one", "a.b", ""])
def test_key_rules(key: str) -> None:
    """BLK-117: keys hold neither `$` nor `.`."""
    assert outcome(one("UpdateContactAttributes", {"Attributes": {key: "1"}})) == "error"
    assert outcome(one("UpdateFlowAttributes", {"FlowAttributes": {key: {"Value": "1"}}})) == "error"


def test_attribute_sizes() -> None:
    """FLOW-139, FLOW-140: 32 KB of contact attributes in all, and of flow attributes."""
    big = "x" * 20_000
    drive = one("UpdateContactAttributes", {"Attributes": {"b": big}}, attributes={"a": big})
    assert outcome(drive) == "error"
    drive = Drive(
        action("a", "UpdateFlowAttributes", {"FlowAttributes": {"a": {"Value": big}}}, "b"),
        action(
            "b", "UpdateFlowAttributes", {"FlowAttributes": {"b": {"Value": big}}}, "end", {"NoMatchingError": "error"}
        ),
        END,
        ERROR,
    )
    assert outcome(drive) == "error"


def test_flow_attributes_end_with_the_flow() -> None:
    """BLK-115, FLOW-140: readable in this flow, gone after Transfer to flow; contact attributes stay."""
    drive = Drive(
        action("set", "UpdateFlowAttributes", {"FlowAttributes": {"step": {"Value": "two"}}}, "say"),
        text("say", "at $.FlowAttributes.step", "keep"),
        action("keep", "UpdateContactAttributes", {"Attributes": {"kept": "yes"}}, "go"),
        action("go", "TransferToFlow", {"ContactFlowId": "other"}, None, {"NoMatchingError": "error"}),
        ERROR,
    )
    drive.flow(
        "other",
        text("there", "$.Attributes.kept $.FlowAttributes.step", "end", "gone"),
        END,
        text("gone", "gone", "end"),
    )
    assert drive.go().said == ["at two", "gone"]


def test_system_attributes() -> None:
    """BLK-116: customer ID, language, name, description and references of the contact."""
    parameters = {
        "CustomerId": "$.Attributes.id",
        "LanguageCode": "ja-JP",
        "Name": "n",
        "References": {"site": {"Type": "URL", "Value": "https://$.Attributes.id.example"}},
    }
    drive = one("UpdateContactData", parameters, attributes={"id": "c9"})
    assert outcome(drive) == "end"
    person = drive.world.person
    assert (person.customer_id, person.language, person.name) == ("c9", "ja-JP", "n")
    assert person.references == {"site": ReferenceView("https://c9.example", "URL")}


def test_tags() -> None:
    """BLK-046, BLK-047: tags all or none, six at most, allowed characters only; untag removes keys."""
    drive = one("TagContact", {"Tags": {"a": "$.Channel", "b": "2"}})
    assert outcome(drive) == "end"
    assert drive.world.person.tags == {"a": "CHAT", "b": "2"}
    for tags in ({str(n): "x" for n in range(7)}, {"a": "x", "b": "no!"}, {"aws:x": "1"}, {}):
        drive = one("TagContact", {"Tags": tags})
        assert outcome(drive) == "error"
        assert drive.world.person.tags == {}
    for kind in ("UntagContact", "UnTagContact"):
        drive = one(kind, {"TagKeys": ["a"]}, tags={"a": "1", "b": "2"})
        assert outcome(drive) == "end"
        assert drive.world.person.tags == {"b": "2"}


def test_working_queue() -> None:
    """BLK-149, BLK-150, FLOW-80: by id, by ARN from an attribute, by agent (user name or id); never by queue name."""
    references = [
        ("QueueId", "q1"),
        ("QueueId", "$.Attributes.arn"),
        ("AgentId", "u1"),
        ("AgentId", "$.Attributes.user"),
    ]
    for key, reference in references:
        drive = one("UpdateContactTargetQueue", {key: reference})
        support = drive.world.add("queue", "Support", id="q1")
        personal = drive.world.add("queue", "maria", id="qm", user="u1")
        drive.world.add("user", "maria", id="u1")
        drive.world.person.attributes = {"arn": support.arn, "user": "maria"}
        assert outcome(drive) == "end"
        assert drive.world.person.queue is (support if key == "QueueId" else personal)
        assert drive.world.logs[0]["ContactFlowModuleType"] == "SetQueue"
        assert drive.world.logs[0]["Parameters"] == {"Queue": drive.world.person.queue.arn}
    drive = one("UpdateContactTargetQueue", {"QueueId": "Support"})
    drive.world.add("queue", "Support", id="q1")
    assert outcome(drive) == "error"


@pytest.mark.parametrize(
    ("hook", "type", "wrong"),
    [
        ("CustomerQueue", "CUSTOMER_QUEUE", "CONTACT_FLOW"),
        ("CustomerRemaining", "CONTACT_FLOW", "CUSTOMER_QUEUE"),
        ("AgentWhisper", "AGENT_WHISPER", "CUSTOMER_WHISPER"),
        ("CustomerWhisper", "CUSTOMER_WHISPER", "AGENT_WHISPER"),
        ("DefaultAgentUI", "CONTACT_FLOW", "AGENT_HOLD"),
        ("DisconnectAgentUI", "CONTACT_FLOW", "AGENT_HOLD"),
        ("PauseContact", "CONTACT_FLOW", "AGENT_HOLD"),
        ("ResumeContact", "CONTACT_FLOW", "AGENT_HOLD"),
    ],
)
def test_event_flows(hook: str, type: str, wrong: str) -> None:
    """The flow of an event is remembered, if it is published and of the right type; otherwise Error."""
    drive = one("UpdateContactEventHooks", {"EventHooks": {hook: "$.Attributes.flow"}})
    drive.flow("right", END, type=type)
    drive.flow("wrong", END, type=wrong)
    drive.world.person.attributes["flow"] = drive.world.find("contact-flow", "right").arn  # type: ignore[union-attr]
    assert outcome(drive) == "end"
    assert drive.world.hooks == {hook: "right"}
    for reference in ("wrong", "nowhere"):
        drive.world.person.attributes["flow"] = reference
        assert outcome(drive) == "error"
    assert drive.world.hooks == {hook: "right"}


def test_hold_flow_is_for_calls() -> None:
    """BLK-124: Set hold flow works on a call and takes Error on chat and task."""
    for channel, expected in (("VOICE", "end"), ("CHAT", "error"), ("TASK", "error")):
        drive = one("UpdateContactEventHooks", {"EventHooks": {"CustomerHold": "hold"}}, channel=channel)
        drive.flow("hold", END, type="CUSTOMER_HOLD")
        assert outcome(drive) == expected


def test_priority_and_age() -> None:
    """BLK-026, BLK-027: the contact's priority, and seconds added to or taken from its age."""
    drive = one("UpdateContactRoutingBehavior", {"QueuePriority": "1"})
    assert outcome(drive) == "end"
    assert drive.world.priority == 1
    drive = one("UpdateContactRoutingBehavior", {"QueueTimeAdjustmentSeconds": "-30"})
    assert outcome(drive) == "end"
    assert drive.world.age_s == -30
    assert outcome(one("UpdateContactRoutingBehavior", {"QueuePriority": "0"})) == "error"


def condition(name: str, value: str, level: Any) -> dict[str, Any]:
    return {
        "AttributeCondition": {
            "Name": name,
            "Value": value,
            "ProficiencyLevel": level,
            "ComparisonOperator": "NumberGreaterOrEqualTo",
        }
    }


ENGLISH, KINESIS = condition("Language", "English", 4), condition("Technology", "AWS Kinesis", 2)
STEPS = [
    {"Expression": {"AndExpression": [ENGLISH, KINESIS]}, "Expiry": {"DurationInSeconds": "30"}},
    {"Expression": condition("Language", "English", "1")},
]


def criteria_of(drive: Drive) -> Any:
    return dict(drive.world.done).get("set_routing_criteria")


def test_routing_criteria() -> None:
    """BLK-133, BLK-135, ROUT-47: steps with AND, levels and expiry; values may be references."""
    steps = [*STEPS[:1], {"Expression": condition("Language", "$.Attributes.language", "1")}]
    drive = one("UpdateRoutingCriteria", {"RoutingCriteria": {"Steps": steps}}, attributes={"language": "German"})
    assert outcome(drive) == "end"
    made = criteria_of(drive)
    assert made["Steps"][0]["Expiry"] == {"DurationInSeconds": 30}
    assert made["Steps"][1]["Expression"]["AttributeCondition"]["Value"] == "German"
    assert made["Steps"][1]["Expression"]["AttributeCondition"]["ProficiencyLevel"] == 1


@pytest.mark.parametrize(
    "steps",
    [
        [],
        STEPS * 3,
        [{"Expression": ENGLISH}, {"Expression": ENGLISH}],
        [{"Expression": {"AndExpression": [ENGLISH]}}],
        [{"Expression": {"AndExpression": [ENGLISH] * 9}}],
        [{"Expression": {"OrExpression": [ENGLISH, KINESIS]}}],
        [{"Expression": condition("Language", "English", 6)}],
        [{"Expression": condition("", "English", 2)}],
        [{"Expression": {}}],
        ["text"],
    ],
)
def test_bad_routing_criteria(steps: list[Any]) -> None:
    """BLK-135: 1 to 5 steps, expiry on all but the last, AND of 2 to 8, no OR set by hand."""
    drive = one("UpdateRoutingCriteria", {"RoutingCriteria": {"Steps": steps}})
    assert outcome(drive) == "error"
    assert criteria_of(drive) is None


def test_routing_criteria_from_a_function() -> None:
    """BLK-134, ROUT-48: the criteria a function returned, where OR of two is allowed."""
    call = {
        "LambdaFunctionARN": "arn:aws:lambda:us-east-1:123456789012:function:skills",
        "InvocationTimeLimitSeconds": "3",
        "ResponseValidation": {"ResponseType": "JSON"},
    }
    for kind in ("UpdateRoutingCriteria", "UpdateContactRoutingCriteria"):
        drive = Drive(
            action("call", "InvokeLambdaFunction", call, "set", {"NoMatchingError": "error"}),
            action(
                "set", kind, {"RoutingCriteria": "$.External.MyRoutingCriteria"}, "end", {"NoMatchingError": "error"}
            ),
            END,
            ERROR,
        )
        either = {"Steps": [{"Expression": {"OrExpression": [ENGLISH, KINESIS]}}]}
        drive.go().signal("done", {"MyRoutingCriteria": either})
        assert drive.path[-1] == "end"
        assert len(criteria_of(drive)["Steps"][0]["Expression"]["OrExpression"]) == 2


def test_recording_and_voice() -> None:
    """BLK-126, BLK-141: who is recorded and the analytics are handed on; a task goes on without; Set voice on calls."""
    analytics = {"Enabled": "True", "AnalyticsLanguage": "$.Attributes.language"}
    parameters = {"RecordingBehavior": {"RecordedParticipants": ["Agent", "Customer"]}, "AnalyticsBehavior": analytics}
    drive = Drive(
        action("block", "UpdateContactRecordingBehavior", parameters, "end"), END, attributes={"language": "en-US"}
    )
    assert outcome(drive) == "end"
    assert drive.world.done == [
        ("set_recording", (["Agent", "Customer"], {"Enabled": "True", "AnalyticsLanguage": "en-US"}))
    ]
    task = Drive(action("block", "UpdateContactRecordingBehavior", parameters, "end"), END, channel="TASK")
    assert (outcome(task), task.world.done) == ("end", [])
    for channel, expected in (("VOICE", "Matthew"), ("CHAT", "Joanna"), ("TASK", "Joanna")):
        drive = one("UpdateContactTextToSpeechVoice", {"TextToSpeechVoice": "Matthew"}, channel=channel)
        assert (outcome(drive), drive.world.person.voice[0]) == ("end", expected)


def test_callback_number() -> None:
    """BLK-112, FLOW-103: Success, Invalid number, Not dialable."""
    for number, expected in (
        ("+14255550100", "end"),
        ("4255550100", "invalid"),
        ("+447911123456", "undialable"),
        (None, "invalid"),
    ):
        errors = {"InvalidCallbackNumber": "invalid", "CallbackNumberNotDialable": "undialable"}
        drive = Drive(
            action("block", "UpdateContactCallbackNumber", {"CallbackNumber": "$.Attributes.n"}, "end", errors),
            END,
            *(action(name, "EndFlowExecution") for name in ("invalid", "undialable")),
            channel="VOICE",
            attributes={"n": number} if number else {},
        )
        assert outcome(drive) == expected
        assert drive.world.person.callback_number == (number if expected == "end" else None)


def test_callback() -> None:
    """BLK-175, BLK-177, FLOW-102: to the stored number, in the working queue or another; not on chat."""
    parameters = {"InitialCallDelaySeconds": "99", "RetryDelaySeconds": "600", "MaximumConnectionAttempts": "2"}
    for queue in ({}, {"QueueId": "q2"}):
        drive = one("CreateCallbackContact", parameters | queue, channel="VOICE", callback_number="+14255550100")
        drive.world.person.queue = drive.world.add("queue", "Main", id="q1")
        other = drive.world.add("queue", "Callbacks", id="q2")
        assert outcome(drive) == "end"
        request = dict(drive.world.done)["create_callback"]
        assert (request.number, request.initial_delay_s, request.retry_delay_s, request.attempts) == (
            "+14255550100",
            99,
            600,
            2,
        )
        assert request.queue is (other if queue else None)
    drive = one("CreateCallbackContact", parameters, channel="CHAT", customer_endpoint=Endpoint("+14255550100"))
    drive.world.person.queue = drive.world.add("queue", "Main", id="q1")
    assert outcome(drive) == "error"
    assert "channel CHAT" in drive.world.logs[0]["Results"]


def task_request(drive: Drive) -> TaskRequest:
    made: TaskRequest = dict(drive.world.done)["create_task"]
    return made


TASK = {
    "Name": "Call $.Attributes.who",
    "Description": "d",
    "ContactFlowId": "other",
    "Attributes": {"from": "$.Channel"},
    "References": {"site": {"Value": "https://example.com", "Type": "URL"}},
}


def tasks(**more: Any) -> Drive:
    drive = one("CreateTask", {**TASK, **more}, attributes={"who": "Jane"})
    drive.flow("other", END)
    return drive


def test_create_task() -> None:
    """BLK-050, BLK-053, BLK-054, ROUT-98: name, flow, attributes, references, link; its id is `$.Task.ContactId`."""
    drive = tasks(LinkToContact="True")
    assert outcome(drive) == "end"
    request = task_request(drive)
    assert (request.name, request.description, request.flow_id) == ("Call Jane", "d", "other")
    assert request.attributes == {"from": "CHAT"}
    assert request.references == {"site": ReferenceView("https://example.com", "URL")}
    assert request.related
    assert drive.world.person.task_id


def test_scheduled_task() -> None:
    """BLK-052: epoch seconds in the future, six days at most; a past time is always an error."""
    now = 1_700_000_000
    for at, expected in ((now + 60, "end"), (now - 1, "error"), (now + 7 * 86_400, "error"), ("soon", "error")):
        drive = tasks(ScheduledTime=str(at))
        assert outcome(drive) == expected
        if expected == "end":
            assert task_request(drive).scheduled_at == (now + 60) * 1_000
    drive = tasks(DelaySeconds="90")
    assert outcome(drive) == "end"
    assert task_request(drive).scheduled_at == (now + 90) * 1_000


def test_task_needs_name_and_flow() -> None:
    """BLK-051: a template may bring name and flow; without one both are needed."""
    assert outcome(one("CreateTask", {"Name": "n"})) == "error"
    assert outcome(tasks(Name="")) == "error"
    assert outcome(tasks(ContactFlowId="nowhere")) == "error"
    assert outcome(one("CreateTask", {"TaskTemplateId": "nowhere"})) == "error"
    drive = one("CreateTask", {"TaskTemplateId": "t1"})
    drive.world.add("task-template", "Follow up", id="t1")
    assert outcome(drive) == "end"
    assert (task_request(drive).template_id, task_request(drive).flow_id) == ("t1", None)


def test_resume_task() -> None:
    """BLK-109: a paused task is resumed; a chat, and a task that is not paused, take Error."""
    drive = one("ResumeContact", {}, channel="TASK")
    assert outcome(drive) == "error"
    drive.world.paused = True
    assert outcome(drive) == "end"
    assert not drive.world.paused
    assert outcome(one("ResumeContact", {}, channel="CHAT")) == "error"


def queueing(type: str = "CONTACT_FLOW", kind: str = "TransferContactToQueue", **parameters: Any) -> Drive:
    errors = {"QueueAtCapacity": "full", "NoMatchingError": "error"}
    return Drive(
        action("block", kind, parameters, "end", errors),
        END,
        ERROR,
        action("full", "EndFlowExecution"),
        type=type,
    )


def test_transfer_to_queue() -> None:
    """BLK-172, BLK-173: ends the flow and queues; a full queue is At capacity; without a queue Error."""
    drive = queueing()
    assert outcome(drive) == "error"
    drive.world.person.queue = drive.world.add("queue", "Main", maximum=2)
    assert drive.go().ended == "queued"
    assert drive.world.queued == "Main"
    drive = queueing()
    drive.world.person.queue = drive.world.add("queue", "Main", maximum=2, counts=QueueCounts(2, 0, AgentCounts()))
    assert outcome(drive) == "full"
    assert drive.world.queued is None


def test_queue_to_queue() -> None:
    """BLK-174, FLOW-83: in a customer queue flow the contact is moved and the flow goes on by Success."""
    drive = queueing("CUSTOMER_QUEUE", "DequeueContactAndTransferToQueue", QueueId="$.Attributes.other")
    drive.world.person.queue = drive.world.add("queue", "Main")
    other = drive.world.add("queue", "Other", id="q2", maximum=1)
    drive.world.person.attributes["other"] = other.arn
    assert drive.go().ended == "resumed"
    assert drive.path == ["block", "end"]
    assert (drive.world.queued, drive.world.person.queue) == ("Other", other)
    other.counts = QueueCounts(1, 0, AgentCounts())
    drive.world.person.queue = drive.world.resources[1]
    assert outcome(drive) == "full"


def test_transfer_to_flow() -> None:
    """BLK-166, BLK-045: on in the newest version of a published flow; wrong types and unknown flows are Error."""
    drive = Drive(
        action("go", "TransferToFlow", {"ContactFlowId": "other"}, None, {"NoMatchingError": "error"}),
        ERROR,
    )
    assert outcome(drive) == "error"
    drive.flow("other", text("old", "old", "end"), END)
    drive.flow("other", text("new", "new", "end"), END, version=2)
    drive.world.person.queue = queue = drive.world.add("queue", "Main")
    assert drive.go().said == ["new"]
    assert (drive.run.flow_id, drive.run.frame.version) == ("other", 2)
    assert drive.world.person.queue is queue
    for type in ("CUSTOMER_QUEUE", "AGENT_WHISPER"):
        drive.flow(f"wrong-{type}", END, type=type)
        drive.flow(
            "main",
            action("go", "TransferToFlow", {"ContactFlowId": f"wrong-{type}"}, None, {"NoMatchingError": "error"}),
            ERROR,
        )
        drive.main = drive.world.shelf.flow("main")  # type: ignore[assignment]
        assert outcome(drive) == "error"


def wait(channel: str = "CHAT", **parameters: Any) -> Drive:
    ways = [
        ("Equals", "WaitCompleted", "expired"),
        ("Equals", "CustomerReturned", "returned"),
        ("Equals", "BotParticipantDisconnected", "left"),
    ]
    errors = {"NoMatchingError": "error", "ParticipantNotFound": "missing"}
    return Drive(
        action("wait", "Wait", parameters, None, errors, ways),
        *(action(name, "EndFlowExecution") for name in ("expired", "returned", "left", "error", "missing")),
        channel=channel,
    )


def test_wait() -> None:
    """BLK-178, BLK-179, BASE-63: the time passes, or the customer returns first; up to seven days."""
    parameters = {"TimeLimitSeconds": "900", "Events": ["CustomerReturned"]}
    drive = wait(**parameters).go()
    assert drive.awaited.effect == Pause(customer=True)
    assert drive.awaited.until == drive.world.now + 900_000
    assert drive.signal("customer_returned").path[-1] == "returned"
    assert wait(**parameters).go().signal("timeout").path[-1] == "expired"
    assert wait(TimeoutSeconds=60).go().awaited.effect == Pause()
    assert wait(TimeLimitSeconds="604801").go().path[-1] == "error"
    assert wait(TimeLimitSeconds="$.Attributes.none").go().path[-1] == "error"


def test_wait_by_channel() -> None:
    """BLK-178: a task waits for the time only; a call takes Error."""
    task = wait("TASK", TimeLimitSeconds="60", Events=["CustomerReturned"]).go()
    assert task.awaited.effect == Pause()
    assert wait("VOICE", TimeLimitSeconds="60").go().path[-1] == "error"


def test_wait_for_a_bot() -> None:
    """BLK-180: Bot participant disconnected, Participant not found, Time expired."""
    parameters = {"TimeLimitSeconds": "60", "Events": ["BotParticipantDisconnected"]}
    assert wait(**parameters).go().awaited.effect == Pause(bot=True)
    assert wait(**parameters).go().signal("bot_left").path[-1] == "left"
    assert wait(**parameters).go().signal("bot_missing").path[-1] == "missing"
    assert wait(**parameters).go().signal("timeout").path[-1] == "expired"


def test_chained_waits() -> None:
    """BLK-181: within five minutes to the same agent; later a text, and within twelve hours the priority queue."""

    def chained() -> Drive:
        def stage(name: str, seconds: int, expired: str, returned: str) -> dict[str, Any]:
            ways = [("Equals", "WaitCompleted", expired), ("Equals", "CustomerReturned", returned)]
            parameters = {"TimeLimitSeconds": seconds, "Events": ["CustomerReturned"]}
            return action(name, "Wait", parameters, None, {"NoMatchingError": "end"}, ways)

        names = ("same-agent", "priority-queue", "gone", "end")
        return Drive(
            stage("first", 300, "text", "same-agent"),
            text("text", "We are here when you return.", "second"),
            stage("second", 43_200, "gone", "priority-queue"),
            *(action(name, "EndFlowExecution") for name in names),
        ).go()

    assert chained().signal("customer_returned", after_ms=200_000).path[-1] == "same-agent"
    later = chained().signal("timeout", after_ms=300_000)
    assert later.said == ["We are here when you return."]
    assert later.signal("customer_returned", after_ms=3_600_000).path[-1] == "priority-queue"


def test_transfer_to_agent() -> None:
    """BLK-165: a call in a transfer flow goes to its agent; a chat takes the failure exit."""
    errors = {"NoMatchingError": "error"}
    block = action("go", "TransferContactToAgent", {}, None, errors)
    assert Drive(block, ERROR, type="AGENT_TRANSFER", channel="VOICE").go().ended == "agent"
    assert outcome(Drive(block, ERROR, type="AGENT_TRANSFER", channel="CHAT")) == "error"
