"""Journeys, flow logs and tests of drafts, seen from outside."""

import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.behaviour.blocks import action, document, note, publish, task
from tests.channels.people import Centre, wait_for

LOG = action("start", "UpdateFlowLoggingBehavior", {"FlowLoggingBehavior": "Enabled"}, "a", NoMatchingError="end")


def service(centre: Centre) -> Any:
    return centre.server.boto("switchroom")


def journey(centre: Centre, contact: str, **options: Any) -> dict[str, Any]:
    found: dict[str, Any] = service(centre).get_contact_journey(
        InstanceId=centre.instance, ContactId=contact, **options
    )
    return found


def gone(centre: Centre, contact: str) -> None:
    wait_for(lambda: "DisconnectTimestamp" in centre.describe(contact))


def test_the_journey_of_a_contact(centre: Centre) -> None:
    """FLOW-134: every block with its outcome and version; values where the log was on."""
    silent = action("quiet", "UpdateFlowLoggingBehavior", {"FlowLoggingBehavior": "Disabled"}, "b")
    flow = publish(centre, LOG, note("a", "quiet", secret="no"), silent, note("b", secret="yes"))
    contact = task(centre, flow)
    gone(centre, contact)
    found = journey(centre, contact)
    assert [(s["Action"], s["Outcome"]) for s in found["Steps"]] == [
        ("start", "next"),
        ("a", "next"),
        ("quiet", "next"),
        ("b", "next"),
        ("end", "end:disconnect"),
    ]
    assert [("Entry" in step) for step in found["Steps"]] == [True, True, False, False, False]
    assert {step["Purpose"] for step in found["Steps"]} == {"main"}
    (version,) = found["Flows"]
    assert (version["Id"], version["Version"], version["Type"]) == (flow, 1, "CONTACT_FLOW")
    assert json.loads(version["Content"])["StartAction"] == "start"
    assert found["Live"] is False
    page = journey(centre, contact, MaxResults=2)
    rest = journey(centre, contact, NextToken=page["NextToken"])
    assert [s["Action"] for s in page["Steps"] + rest["Steps"]] == [s["Action"] for s in found["Steps"]]
    listed = service(centre).list_flow_logs(InstanceId=centre.instance, ContactId=contact)["Entries"]
    assert [entry["Identifier"] for entry in listed] == ["start", "a"]


def test_the_version_that_ran_is_shown(centre: Centre) -> None:
    """A live contact waits in the version it entered, while a newer one is published; it goes on in the old one."""
    wait = action(
        "start", "Wait", {"TimeLimitSeconds": "3"}, None, (("Equals", "WaitCompleted", "a"),), NoMatchingError="end"
    )
    flow = publish(centre, wait, note("a", kept="old"))
    contact = task(centre, flow)
    wait_for(lambda: journey(centre, contact)["Steps"])
    waiting = journey(centre, contact)
    assert (waiting["Live"], [s["Outcome"] for s in waiting["Steps"]]) == (True, [""])
    centre.connect.update_contact_flow_content(
        InstanceId=centre.instance, ContactFlowId=flow, Content=document(note("start", kept="new"))
    )
    gone(centre, contact)
    rest = journey(centre, contact, NextToken=waiting["Position"])
    assert [s["Outcome"] for s in rest["Steps"]] == ["condition:0", "next", "end:disconnect"]
    (version,) = rest["Flows"]
    assert version["Version"] == 1
    assert "TimeLimitSeconds" in version["Content"]


def test_a_run_away_loop_ends_the_contact(centre: Centre) -> None:
    """Stopped with a line in the flow log; the contact has ended, and the next one is served."""
    ways = (("Equals", "never", "end"),)
    again = action("b", "Compare", {"ComparisonValue": "$.Attributes.n"}, None, ways, NoMatchingCondition="a")
    flow = publish(centre, LOG, note("a", "b", n="1"), again)
    contact = task(centre, flow)
    gone(centre, contact)
    found = journey(centre, contact, MaxResults=1000)
    rest = journey(centre, contact, NextToken=found["NextToken"])
    last = rest["Steps"][-1]
    assert last["Outcome"] == "failed"
    assert "goes in a circle" in json.loads(last["Entry"])["Results"]
    fine = task(centre, publish(centre, note("start", ran="yes")))
    gone(centre, fine)


def play(centre: Centre, content: str, *inputs: Any, **more: Any) -> dict[str, Any]:
    scenario = more.pop("scenario", {"contact": {"channel": "VOICE"}})
    played: dict[str, Any] = service(centre).test_flow(
        **{"InstanceId": centre.instance, "Content": content, "Type": "CONTACT_FLOW", **more},
        Scenario=json.dumps(scenario),
        Inputs=json.dumps(inputs),
    )
    return played


def test_a_draft_is_tried(centre: Centre) -> None:
    """A queue of the instance by its ARN, in the state that the test gives it; nothing of the instance is touched."""
    queue = centre.id_of("queue", "BasicQueue")
    arn = centre.connect.describe_queue(InstanceId=centre.instance, QueueId=queue)["Queue"]["QueueArn"]
    menu = {"StoreInput": "False", "InputTimeLimitSeconds": "5", "Text": "Press 1"}
    draft = document(
        action("start", "GetParticipantInput", menu, None, (("Equals", "1", "set"),), NoMatchingError="failed"),
        action("set", "UpdateContactTargetQueue", {"QueueId": arn}, "go", NoMatchingError="failed"),
        action("go", "TransferContactToQueue", QueueAtCapacity="end", NoMatchingError="failed"),
    )
    waiting = play(centre, draft, Portable=True)
    assert waiting["End"] == "waiting:input"
    assert (waiting["Waiting"]["Action"], waiting["Waiting"]["Maximum"]) == ("start", 1)
    assert [line["Text"] for line in waiting["Lines"]] == ["Press 1"]
    assert "{queue:BasicQueue}" in waiting["Portable"]
    done = play(centre, draft, "1")
    assert (done["End"], done["Queue"]) == ("queued", "BasicQueue")
    chosen = done["Steps"][2]
    assert (chosen["Action"], chosen["Outcome"]) == ("set", "next")
    before, after = (json.loads(done["States"][chosen[side]]) for side in ("Before", "After"))
    assert "Queue" not in before
    assert after["Queue"]["ARN"] == arn
    full = play(
        centre,
        draft,
        "1",
        scenario={"queues": {"BasicQueue": {"waiting": 3, "limit": 3}}, "contact": {"channel": "VOICE"}},
    )
    left = [step["Outcome"] for step in full["Steps"] if step["Outcome"]]
    assert left[-2:] == ["error:QueueAtCapacity", "end:disconnect"]
    assert full["Lines"][-1]["Text"] == "reorder"
    again = play(centre, draft, "1", scenario={"at": 1_700_000_000, "contact": {"channel": "VOICE"}})
    assert again["Now"].timestamp() == 1_700_000_000


def test_a_module_is_tried(centre: Centre) -> None:
    back = action("back", "EndFlowModuleExecution")
    played = play(centre, document(note("start", "back", seen="yes"), back), Type="MODULE")
    assert [(s["Action"], s["Outcome"]) for s in played["Steps"]] == [("start", "next"), ("back", "return")]
    assert played["End"] == "resumed"


def test_no_draft_hangs_the_server(centre: Centre) -> None:
    """A circle, a circle with waits, and descriptions that are none: each is answered, and soon."""
    began = time.monotonic()
    circle = document(note("start", "a", n="1"), note("a", "start", n="2"))
    assert "goes in a circle" in play(centre, circle)["EndText"]
    talk = action("start", "MessageParticipant", {"Text": "again"}, "start", NoMatchingError="start")
    assert "stopped" in play(centre, document(talk))["EndText"]
    for wrong in ({"Scenario": "[]"}, {"Scenario": "{"}, {"Inputs": '[{"dances": 1}]'}, {"Content": "{}"}):
        with pytest.raises(ClientError, match="InvalidParameterException"):
            service(centre).test_flow(
                **{"InstanceId": centre.instance, "Content": circle, "Type": "CONTACT_FLOW", **wrong}
            )
    assert time.monotonic() - began < 30


def test_alerts_on_the_flow_log(centre: Centre) -> None:
    """FLOW-137: an entry that fits raises the alert for its contact; one that is off does not look."""
    word = f"alarm{time.monotonic_ns()}"
    calls = service(centre)
    where = {"InstanceId": centre.instance}
    with pytest.raises(ClientError, match="not only what is not to be there"):
        calls.create_flow_log_alert(**where, Name=f"Bad {word}", Pattern="-x")
    alert = calls.create_flow_log_alert(**where, Name=f"Test {word}", Pattern=f'{{ $.Parameters.Value = "{word}" }}')[
        "AlertId"
    ]
    flow = publish(centre, LOG, note("a", "b", colour=word), note("b", colour=word))
    contact = task(centre, flow)
    raised = wait_for(lambda: [one for one in calls.list_flow_log_alerts(**where)["Raised"] if one["AlertId"] == alert])
    assert [(one["ContactId"], one["Count"], one["AlertName"]) for one in raised] == [(contact, 2, f"Test {word}")]
    assert json.loads(raised[0]["Entry"])["Identifier"] == "a"
    calls.update_flow_log_alert(**where, AlertId=alert, Enabled=False)
    gone(centre, task(centre, flow))
    after = [one for one in calls.list_flow_log_alerts(**where)["Raised"] if one["AlertId"] == alert]
    assert len(after) == 1
    calls.delete_flow_log_alert(**where, AlertId=alert)
    assert alert not in [one["Id"] for one in calls.list_flow_log_alerts(**where)["Alerts"]]
