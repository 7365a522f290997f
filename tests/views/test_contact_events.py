"""Contact events: what is told of a contact's life, and what is known at each moment."""

from switchroom.core import commands as c
from switchroom.core.config import UserSettings
from switchroom.core.contact import Contact, Endpoint
from switchroom.views.contact_events import contact_events
from tests.core.stage import START, action, configuration, flow
from tests.views.recorder import Recorder


def kinds(stage: Recorder, contact: str) -> list[str]:
    return [detail["eventType"] for detail in stage.told(contact)]


def test_a_chat_is_told_from_start_to_end() -> None:
    """REC-06, REC-07, REC-09, REC-10, REC-11: each change of the contact is told once, in order."""
    stage = Recorder()
    stage.available("a1")
    contact, participant = stage.chat()
    stage.wait(2)
    stage.do(c.AcceptContact(agent="a1", contact=contact))
    stage.wait(10)
    stage.do(c.LeaveChat(session=contact, participant=participant))
    assert kinds(stage, contact) == ["INITIATED", "CONNECTED_TO_SYSTEM", "QUEUED", "CONNECTED_TO_AGENT", "DISCONNECTED"]


def test_the_envelope() -> None:
    """REC-01: the envelope of the event bus."""
    stage = Recorder()
    contact, _ = stage.chat()
    event = stage.contact_stream[0]
    instance = f"arn:aws:connect:us-east-1:123456789012:instance/{stage.config.instance}"
    assert {k: v for k, v in event.items() if k not in ("id", "detail")} == {
        "version": "0",
        "detail-type": "Amazon Connect Contact Event",
        "source": "aws.connect",
        "account": "123456789012",
        "time": "2023-11-14T22:13:20Z",
        "region": "us-east-1",
        "resources": [f"{instance}/contact/{contact}", instance],
    }
    assert event["detail"] == {
        "eventType": "INITIATED",
        "contactId": contact,
        "channel": "CHAT",
        "instanceArn": instance,
        "initiationMethod": "API",
        "initiationTimestamp": "2023-11-14T22:13:20.000Z",
        "segmentAttributes": {"connect:Subtype": {"valueString": "connect:Chat"}},
        "tags": {"aws:connect:instanceId": stage.config.instance},
    }
    assert len({told["id"] for told in stage.contact_stream}) == len(stage.contact_stream)


def test_an_event_tells_only_what_was_known_then() -> None:
    """REC-22: events of one commit carry the timestamps of their own moment, so that consumers can order by them."""
    stage = Recorder()
    contact = stage.task()
    told = {detail["eventType"]: detail for detail in stage.told(contact)}
    assert "connectedToSystemTimestamp" not in told["INITIATED"]
    assert "queueInfo" not in told["CONNECTED_TO_SYSTEM"]
    assert told["QUEUED"]["queueInfo"] == {
        "queueType": "STANDARD",
        "queueArn": "arn/queue/Q1",
        "enqueueTimestamp": "2023-11-14T22:13:20.000Z",
    }
    assert told["QUEUED"]["connectedToSystemTimestamp"] == "2023-11-14T22:13:20.000Z"
    assert "disconnectTimestamp" not in told["QUEUED"]


def test_agent_and_hierarchy() -> None:
    """REC-10, REC-14: who has the contact, and the groups above, as far as there are any."""
    config = configuration()
    groups = (("arn/agent-group/emea", "EMEA"), ("arn/agent-group/berlin", "Berlin"))
    config.users["a1"] = UserSettings("a1", "arn/agent/a1", "a1", profile="P", hierarchy=groups)
    stage = Recorder(config)
    stage.available("a1")
    contact, participant = stage.chat()
    stage.do(c.AcceptContact(agent="a1", contact=contact))
    stage.do(c.SetAttributes(contact=contact, attributes={"vip": "yes"}))
    stage.do(c.LeaveChat(session=contact, participant=participant))
    levels = {"level1": {"arn": "arn/agent-group/emea"}, "level2": {"arn": "arn/agent-group/berlin"}}
    told = {detail["eventType"]: detail for detail in stage.told(contact)}
    for kind in ("CONNECTED_TO_AGENT", "CONTACT_DATA_UPDATED", "DISCONNECTED"):
        assert told[kind]["agentInfo"]["hierarchyGroups"] == levels
    assert "agentInfo" not in told["QUEUED"]
    assert told["CONNECTED_TO_AGENT"]["agentInfo"]["agentArn"].endswith(f"instance/{config.instance}/agent/a1")


def test_updates_are_named() -> None:
    """REC-08, REC-18: attributes, tags, schedule; those given at the start belong to INITIATED."""
    stage = Recorder()
    contact, _ = stage.chat(attributes={"lang": "en"})
    assert "CONTACT_DATA_UPDATED" not in kinds(stage, contact)
    stage.wait(1)
    stage.do(c.SetAttributes(contact=contact, attributes={"vip": "yes"}))
    stage.do(c.TagContact(contact=contact, tags={"Dept": "Finance"}))
    task = stage.task(scheduled_at=START + 3_600_000)
    stage.do(c.RescheduleContact(contact=task, scheduled_at=START + 7_200_000))
    updates = [d for d in stage.told(contact) if d["eventType"] == "CONTACT_DATA_UPDATED"]
    assert [d["updatedProperties"] for d in updates] == [["UserDefinedAttributes"], ["Tags"]]
    assert updates[1]["tags"] == {"aws:connect:instanceId": stage.config.instance, "Dept": "Finance"}
    moved = stage.told(task)[-1]
    assert moved["updatedProperties"] == ["ScheduledTimestamp"]
    assert moved["scheduledTimestamp"] == "2023-11-15T00:13:20.000Z"


def test_pause_and_resume() -> None:
    """REC-12."""
    stage = Recorder()
    contact = stage.task()
    stage.do(c.PauseContact(contact=contact))
    stage.do(c.ResumeContact(contact=contact))
    assert kinds(stage, contact)[-2:] == ["PAUSED", "RESUMED"]


def condition(name: str, value: str, level: float) -> dict[str, object]:
    return {
        "AttributeCondition": {
            "Name": name,
            "Value": value,
            "ProficiencyLevel": level,
            "ComparisonOperator": "NumberGreaterOrEqualTo",
        }
    }


def test_an_expired_routing_step() -> None:
    """REC-16: activation 18:34:04.275 + 50 s = expiry 18:34:54.275; then the next step is active."""
    config = configuration(attributes={"Location": frozenset({"AZ"}), "Language": frozenset({"Spanish"})})
    stage = Recorder(config)
    stage.now = 1_698_863_644_275
    contact, _ = stage.chat()
    steps = [
        {"Expression": condition("Location", "AZ", 3.0), "Expiry": {"DurationInSeconds": 50}},
        {"Expression": condition("Language", "Spanish", 4.0), "Expiry": {"DurationInSeconds": 10}},
        {"Expression": condition("Language", "Spanish", 1.0)},
    ]
    stage.do(c.SetRoutingData(contact=contact, criteria={"Steps": steps}))
    assert stage.told(contact)[-1]["updatedProperties"] == ["RoutingCriteria"]
    stage.wait(50)
    told = stage.told(contact)[-1]
    assert told["updatedProperties"] == ["RoutingCriteria.Step.Status"]
    criteria = told["routingCriteria"]
    assert criteria["activationTimestamp"] == "2023-11-01T18:34:04.275Z"
    assert criteria["steps"][0] == {
        "status": "EXPIRED",
        "expression": {
            "attributeCondition": {
                "name": "Location",
                "value": "AZ",
                "proficiencyLevel": 3.0,
                "comparisonOperator": "NumberGreaterOrEqualTo",
            }
        },
        "expiry": {"durationInSeconds": 50, "expiryTimestamp": "2023-11-01T18:34:54.275Z"},
    }
    assert [step["status"] for step in criteria["steps"]] == ["EXPIRED", "ACTIVE", "INACTIVE"]


def test_calls_an_agent_dialled_have_no_queue() -> None:
    """REC-15."""
    stage = Recorder()
    contact = stage.task()
    batch = stage.batches[-1]
    dialled: Contact = batch.contacts[contact]
    dialled.initiation_method = "OUTBOUND"
    dialled.customer_endpoint = Endpoint("+15550100")
    assert all("queueInfo" not in event["detail"] for _, event in contact_events(batch))


def test_analytics_settings() -> None:
    """REC-08, REC-17: conversational analytics switched on by a flow."""
    behavior = {
        "Enabled": "True",
        "AnalyticsLanguage": "en-US",
        "AnalyticsRedactionBehavior": "Enabled",
        "AnalyticsRedactionResults": "RedactedAndOriginal",
        "AnalyticsRedactionConfiguration": {"Behavior": "Enable", "Entities": ["EMAIL"], "MaskMode": "EntityType"},
        "ChannelConfiguration": {"Chat": {"AnalyticsModes": ["PostContact"]}},
    }
    record = flow(
        "record",
        [
            action(
                "set",
                "UpdateContactRecordingBehavior",
                "end",
                None,
                RecordingBehavior={"RecordedParticipants": []},
                AnalyticsBehavior=behavior,
            ),
            action("end", "DisconnectParticipant"),
        ],
    )
    stage = Recorder(flows=[record])
    contact, _ = stage.chat(flow="record")
    told = next(d for d in stage.told(contact) if d["eventType"] == "CONTACT_DATA_UPDATED")
    assert told["updatedProperties"] == ["ContactLens.ConversationalAnalytics.Configuration"]
    assert told["contactLens"]["conversationalAnalytics"]["configuration"] == {
        "enabled": True,
        "channelConfiguration": {"analyticsModes": ["PostContact"]},
        "languageLocale": "en-US",
        "redactionConfiguration": {
            "behavior": "Enable",
            "policy": "RedactedAndOriginal",
            "entities": ["EMAIL"],
            "maskMode": "EntityType",
        },
    }
