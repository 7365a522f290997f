"""Tasks through the real decisions: links, schedules, pauses, transfers, quotas, and templates."""

from typing import Any

import pytest

from switchroom.base.errors import ServiceError
from switchroom.core import commands as c
from switchroom.core import voice_commands as vc
from switchroom.core.contact import Reference
from switchroom.core.task_templates import Form, fill
from tests.core.phones import Phones
from tests.core.stage import Stage, configuration
from tests.core.test_queues import to_agent_queues

DAY = 86_400


def task(stage: Stage, **members: Any) -> str:
    """Start a task; its contact id."""
    return str(stage.do(c.StartTask(**{"name": "T", "flow": "to-queue", **members}))["contact"])


def accepted(stage: Stage, agent: str = "a1", count: int = 1) -> list[str]:
    """Tasks that an agent has accepted."""
    contacts = [task(stage) for _ in range(count)]
    stage.do(c.SetStatus(agent=agent, status="available"))
    for contact in contacts:
        stage.do(c.AcceptContact(agent=agent, contact=contact))
    return contacts


def desk(stage: Stage, agent: str = "a1") -> dict[str, Any]:
    """The TASK row of the agent's capacity."""
    snapshot = stage.do(c.AgentSnapshot(agent=agent))
    return dict(next(row for row in snapshot["Channels"] if row["Channel"] == "TASK"))


def refusal(stage: Stage, command: c.Command) -> str:
    """The code of the error that refuses a command."""
    with pytest.raises(ServiceError) as refused:
        stage.do(command)
    return refused.value.code


def test_pausing_frees_slots_and_resuming_goes_over_capacity() -> None:
    """ROUT-81, BASE-82, BASE-83: N active and N paused; resume all: 2N active; nothing new until fewer than N."""
    stage = Stage()
    first = accepted(stage, count=2)
    for contact in first:
        stage.do(c.PauseContact(contact=contact))
    second = [task(stage) for _ in range(2)]
    for contact in second:
        stage.do(c.AcceptContact(agent="a1", contact=contact))
    assert [stage.slot("a1", contact) for contact in first + second] == ["PAUSED"] * 2 + ["CONNECTED"] * 2
    assert refusal(stage, c.PauseContact(contact=second[0])) == "LimitExceededException"
    for contact in first:
        stage.do(c.ResumeContact(contact=contact))
    assert {stage.slot("a1", contact) for contact in first + second} == {"CONNECTED"}
    waiting = task(stage)
    for contact in first + second:
        assert stage.contact(waiting).offered_to is None
        stage.do(c.EndContact(agent="a1", contact=contact))
        stage.do(c.ClearContact(agent="a1", contact=contact))
        if contact == second[0]:
            break
    assert stage.contact(waiting).offered_to == "a1"


def test_a_paused_task_on_the_desk() -> None:
    """ROUT-81: N = 2 and one paused task: capacity 2, active 1, available 2."""
    stage = Stage()
    (contact,) = accepted(stage)
    stage.do(c.PauseContact(contact=contact))
    assert desk(stage) == {"Channel": "TASK", "Maximum": 2, "Active": 1, "Available": 2}
    shown = stage.do(c.AgentSnapshot(agent="a1"))["Contacts"]
    assert [(one["ContactId"], one["State"], one["Name"]) for one in shown] == [(contact, "PAUSED", "T")]


def test_a_paused_task_leaves_its_queue() -> None:
    """ROUT-82, BASE-81: it is in no queue while paused, nor after it is resumed until a flow puts it there."""
    stage = Stage()
    contact = task(stage)
    assert stage.decider.fold.indexes.queued("Q1") == 1
    stage.do(c.PauseContact(contact=contact))
    assert stage.decider.fold.indexes.queued("Q1") == 0
    stage.do(c.SetStatus(agent="a1", status="available"))
    assert stage.contact(contact).offered_to is None
    stage.do(c.ResumeContact(contact=contact))
    assert stage.contact(contact).place == "flow" and stage.contact(contact).offered_to is None


def test_what_cannot_be_paused() -> None:
    """BASE-84: paused already, ended, scheduled, not a task."""
    stage = Stage()
    contact = task(stage)
    assert refusal(stage, c.ResumeContact(contact=contact)) == "ConflictException"
    stage.do(c.PauseContact(contact=contact))
    assert refusal(stage, c.PauseContact(contact=contact)) == "ConflictException"
    later = task(stage, scheduled_at=stage.now + 60_000)
    assert refusal(stage, c.PauseContact(contact=later)) == "InvalidRequestException"
    chat = stage.do(c.StartChat(flow="to-queue", customer_name="Jane"))["contact"]
    assert refusal(stage, c.PauseContact(contact=chat)) == "InvalidRequestException"
    (done,) = accepted(stage, "a2")
    stage.do(c.EndContact(agent="a2", contact=done))
    assert refusal(stage, c.PauseContact(contact=done)) == "InvalidRequestException"


def test_a_task_is_paused_ten_times_at_most() -> None:
    """BASE-84: then LimitExceededException; the pauses are counted and timed."""
    stage = Stage()
    (contact,) = accepted(stage)
    for _ in range(10):
        stage.do(c.PauseContact(contact=contact))
        stage.wait(2)
        stage.do(c.ResumeContact(contact=contact))
    assert refusal(stage, c.PauseContact(contact=contact)) == "LimitExceededException"
    assert stage.contact(contact).pause_count == 10 and stage.contact(contact).pause_ms == 20_000


def test_a_paused_task_can_be_ended_or_transferred() -> None:
    """BASE-80: nothing else."""
    stage = Stage()
    first, second = accepted(stage, count=2)
    stage.do(c.PauseContact(contact=first))
    stage.do(c.PauseContact(contact=second))
    moved = stage.do(c.TransferAgentContact(agent="a1", contact=first, quick_connect="to-q2"))["contact"]
    assert stage.contact(moved).previous_id == first and stage.slot("a1", first) == "ENDED"
    stage.do(c.StopContact(contact=second))
    assert stage.slot("a1", second) == "ENDED"


def test_the_after_contact_work_of_a_task_can_be_stopped() -> None:
    """QUAL-154: that of a task alone; the slot is free again, and the record complete."""
    stage = Stage()
    (contact,) = accepted(stage)
    stage.do(c.EndContact(agent="a1", contact=contact))
    assert stage.slot("a1", contact) == "ENDED"
    stage.do(c.StopContact(contact=contact))
    assert stage.slot("a1", contact) is None and contact not in stage.state.contacts
    assert refusal(stage, c.StopContact(contact=contact)) == "ResourceNotFoundException"
    phones = Phones()
    call = phones.connected()
    phones.do(c.StopContact(contact=call))
    assert phones.slot("a1", call) == "ENDED"
    assert refusal(phones, c.StopContact(contact=call)) == "InvalidRequestException"


def test_a_task_is_transferred_eleven_times_at_most() -> None:
    """ROUT-96."""
    stage = Stage()
    contact = task(stage)
    for _ in range(11):
        contact = stage.do(c.TransferContact(contact=contact, flow="to-queue", queue="Q2"))["contact"]
    command = c.TransferContact(contact=contact, flow="to-queue", queue="Q2")
    assert refusal(stage, command) == "LimitExceededException"


def test_linked_tasks_share_or_copy_attributes() -> None:
    """ROUT-94, BASE-74: PreviousContactId shares one set, RelatedContactId copies it; tags come along (BASE-221)."""
    stage = Stage()
    first = task(stage, attributes={"a": "1"})
    stage.do(c.TagContact(contact=first, tags={"team": "blue"}))
    chained = task(stage, previous=first)
    related = task(stage, related=first, attributes={"b": "2"})
    assert stage.contact(chained).initial_id == first and stage.contact(related).initial_id == related
    assert stage.state.attributes[related] == {"a": "1", "b": "2"}
    stage.do(c.SetAttributes(contact=chained, attributes={"a": "3"}))
    assert stage.state.attributes[first] == {"a": "3"} and stage.state.attributes[related]["a"] == "1"
    assert stage.contact(chained).tags["team"] == "blue" == stage.contact(related).tags["team"]
    both = c.StartTask(name="T", flow="to-queue", previous=first, related=first)
    assert refusal(stage, both) == "InvalidRequestException"


def test_a_task_linked_to_a_contact_that_is_over() -> None:
    """ROUT-94: what its record says is taken over."""
    stage = Stage()
    linked = c.LinkedContact(initial_id="old", attributes={"a": "1"}, tags={"team": "blue"}, links=2)
    contact = task(stage, previous="older", linked=linked)
    assert stage.contact(contact).initial_id == "old" and stage.contact(contact).links == 3
    assert stage.state.attributes["old"] == {"a": "1"}
    full = c.LinkedContact(initial_id="old", links=11)
    command = c.StartTask(name="T", flow="to-queue", previous="older", linked=full)
    assert refusal(stage, command) == "LimitExceededException"


def test_a_scheduled_task_is_moved() -> None:
    """ROUT-92: never in the past, never more than six days ahead."""
    stage = Stage()
    at = stage.now + 3_600_000
    contact = task(stage, scheduled_at=at)
    for moment in (stage.now - 1, stage.now + 6 * DAY * 1000 + 1):
        command = c.StartTask(name="T", flow="to-queue", scheduled_at=moment)
        assert refusal(stage, command) == "InvalidParameterException"
        again = c.RescheduleContact(contact=contact, scheduled_at=moment)
        assert refusal(stage, again) == "InvalidParameterException"
    stage.do(c.RescheduleContact(contact=contact, scheduled_at=at + 60_000))
    stage.wait(3_600)
    assert stage.contact(contact).place == "scheduled"
    stage.wait(60)
    assert stage.contact(contact).place == "queue"
    late = c.RescheduleContact(contact=contact, scheduled_at=stage.now + 1)
    assert refusal(stage, late) == "InvalidRequestException"


def test_the_quota_of_tasks() -> None:
    """BASE-38: every task that has begun and not ended counts, also in after contact work; scheduled ones do not."""
    quotas = type(configuration().quotas)(tasks=2)
    stage = Stage(configuration(quotas=quotas))
    task(stage, scheduled_at=stage.now + 3_600_000)
    (done,) = accepted(stage)
    stage.do(c.EndContact(agent="a1", contact=done))
    task(stage)
    assert refusal(stage, c.StartTask(name="T", flow="to-queue")) == "ServiceQuotaExceededException"
    stage.do(c.ClearContact(agent="a1", contact=done))
    task(stage)


def test_an_agent_sends_a_task_by_quick_connect() -> None:
    """ROUT-83, ROUT-99: Offline or not; to a queue or to a colleague, through the quick connect's flow."""
    stage = Stage()
    queued = task(stage, flow=None, quick_connect="to-q2", by="a1")
    assert stage.contact(queued).queue == "Q2" and stage.contact(queued).place == "queue"
    personal = task(stage, flow=None, quick_connect="to-a2", by="a1")
    assert stage.contact(personal).target_agent == "a2"
    assert refusal(stage, c.StartTask(name="T")) == "InvalidRequestException"
    assert refusal(stage, c.StartTask(name="T", quick_connect="nobody")) == "ResourceNotFoundException"


def test_a_client_token_makes_one_task() -> None:
    stage = Stage()
    assert task(stage, token="t") == task(stage, token="t")
    assert task(stage, token="u") != task(stage, token="v")


TEMPLATE: dict[str, Any] = {
    "Status": "ACTIVE",
    "ContactFlowId": "template-flow",
    "Fields": [
        {"Id": {"Name": "Title"}, "Type": "NAME"},
        {"Id": {"Name": "Text"}, "Type": "DESCRIPTION"},
        {"Id": {"Name": "Colour"}, "Type": "SINGLE_SELECT", "SingleSelectOptions": ["red", "blue"]},
        {"Id": {"Name": "Ticket"}, "Type": "URL"},
    ],
    "Constraints": {
        "RequiredFields": [{"Id": {"Name": "Ticket"}}, {"Id": {"Name": "Colour"}}],
        "ReadOnlyFields": [{"Id": {"Name": "Text"}}],
    },
    "Defaults": {"DefaultFieldValues": [{"Id": {"Name": "Text"}, "DefaultValue": "by template"}]},
}


def test_a_template_fills_a_task() -> None:
    """ROUT-86, ROUT-88: defaults and the template's flow; its own fields travel as references (ROUT-100)."""
    given = {"Ticket": Reference("URL", "https://t/1"), "Colour": Reference("STRING", "red")}
    form = fill(TEMPLATE, Form(name="Call back", references=given))
    assert (form.name, form.description, form.flow) == ("Call back", "by template", "template-flow")
    assert form.references == given
    more = fill(TEMPLATE, Form(name="T", references={"Room": Reference("STRING", "7"), **given}))
    assert list(more.references) == ["Colour", "Ticket", "Room"]


def test_a_template_refuses_what_it_does_not_allow() -> None:
    """ROUT-90: an inactive one; missing required fields are all named; read-only fields; options."""
    with pytest.raises(ServiceError) as refused:
        fill({**TEMPLATE, "Status": "INACTIVE"}, Form(name="T"))
    assert refused.value.code == "InvalidRequestException"
    with pytest.raises(ServiceError, match="Colour, Ticket") as refused:
        fill(TEMPLATE, Form(name="T"))
    assert refused.value.code == "InvalidParameterException"
    given = {"Ticket": Reference("URL", "https://t/1"), "Colour": Reference("STRING", "red")}
    with pytest.raises(ServiceError, match="read-only"):
        fill(TEMPLATE, Form(name="T", description="mine", references=given))
    with pytest.raises(ServiceError, match="green"):
        fill(TEMPLATE, Form(name="T", references={**given, "Colour": Reference("STRING", "green")}))
    with pytest.raises(ServiceError, match="flow of its own"):
        fill(TEMPLATE, Form(name="T", references=given, flow="another"))


def typed(kind: str, **more: Any) -> dict[str, Any]:
    """A template with one field of a type beside the name."""
    return {
        "Status": "ACTIVE",
        "ContactFlowId": "template-flow",
        "Fields": [{"Id": {"Name": "Title"}, "Type": "NAME"}, {"Id": {"Name": "One"}, "Type": kind, **more}],
    }


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("URL", "https://example.com/a?b=c", "example.com"),
        ("NUMBER", "-12.5", "twelve"),
        ("TEXT", "x" * 512, "x" * 513),
        ("TEXT_AREA", "x" * 4_096, "x" * 4_097),
        ("DATE_TIME", "1679609303", "tomorrow"),
        ("DATE_TIME", "2023-03-23T22:08:23Z", "23/03/2023"),
        ("BOOLEAN", "true", "yes"),
        ("SINGLE_SELECT", "red", "green"),
        ("EMAIL", "ana@example.com", "ana@example"),
    ],
)
def test_values_fit_their_fields(kind: str, good: str, bad: str) -> None:
    """ROUT-86: by type of field; the value travels as a reference of the field's kind, whatever kind was given."""
    template = typed(kind, SingleSelectOptions=["red"])
    form = fill(template, Form(name="T", references={"One": Reference("STRING", good)}))
    expected = {"DATE_TIME": "DATE", "URL": "URL", "NUMBER": "NUMBER", "EMAIL": "EMAIL"}.get(kind, "STRING")
    assert form.references == {"One": Reference(expected, good)}
    with pytest.raises(ServiceError, match="Field One") as refused:
        fill(template, Form(name="T", references={"One": Reference("STRING", bad)}))
    assert refused.value.code == "InvalidParameterException"


def test_where_a_templates_task_goes() -> None:
    """ROUT-88: its flow; where it lets agents assign, the quick connect they chose; where it does not, none."""
    fixed, open_ = typed("TEXT"), typed("QUICK_CONNECT")
    assert fill(fixed, Form(name="T")).flow == "template-flow"
    with pytest.raises(ServiceError, match="does not let the task be assigned"):
        fill(fixed, Form(name="T", quick_connect="to-a2"))
    chosen = fill(open_, Form(name="T", quick_connect="to-a2"))
    assert (chosen.flow, chosen.quick_connect) == (None, "to-a2")
    assert fill(open_, Form(name="T")).flow == "template-flow"
    default = {"Defaults": {"DefaultFieldValues": [{"Id": {"Name": "One"}, "DefaultValue": "arn/to-q2"}]}}
    assert fill({**open_, **default}, Form(name="T")).quick_connect == "to-q2"


def test_self_assignment_by_template() -> None:
    """ROUT-85: with the template's flow for it; only where the template has a field for it."""
    template = {**typed("SELF_ASSIGN"), "SelfAssignFlowId": "mine"}
    assert fill(template, Form(name="T", self_assign=True)).flow == "mine"
    assert fill(template, Form(name="T")).flow == "template-flow"
    assert fill(typed("SELF_ASSIGN"), Form(name="T", self_assign=True)).flow == "template-flow"
    with pytest.raises(ServiceError, match="self-assigned"):
        fill(typed("TEXT"), Form(name="T", self_assign=True))
    stage = Stage(flows=[to_agent_queues()])
    contact = task(stage, flow="to-queue", assignee="a2", by="a2")
    stage.do(c.SetStatus(agent="a1", status="available"))
    assert stage.contact(contact).offered_to is None
    stage.do(c.SetStatus(agent="a2", status="available"))
    assert stage.contact(contact).offered_to == "a2"


def test_an_agent_with_a_quick_connect_to_themself() -> None:
    """ROUT-85: they assign a task to themself, others assign to them, over the personal queue."""
    stage = Stage(flows=[to_agent_queues()])
    own, given = (task(stage, flow=None, quick_connect="to-a2", by=agent) for agent in ("a2", "a1"))
    for agent in ("a1", "a2"):
        stage.do(c.SetStatus(agent=agent, status="available"))
    assert {stage.contact(contact).offered_to for contact in (own, given)} == {"a2"}


def test_a_task_with_an_expiry_of_its_own() -> None:
    """ROUT-86, ROUT-95: minutes from its start, also when it is moved to another time; at most seven days."""
    minutes = typed("EXPIRY_DURATION")
    assert fill(minutes, Form(name="T", expires_in=135)).expires_in == 135
    default = {"Defaults": {"DefaultFieldValues": [{"Id": {"Name": "One"}, "DefaultValue": "60"}]}}
    assert fill({**minutes, **default}, Form(name="T")).expires_in == 60
    stage = Stage()
    contact = task(stage, scheduled_at=stage.now + 600_000, expires_in=5)
    stage.do(c.RescheduleContact(contact=contact, scheduled_at=stage.now + 1_200_000))
    stage.wait(1_200 + 299)
    assert stage.contact(contact).place == "queue"
    stage.wait(2)
    assert contact not in stage.state.contacts
    for bad in (0, 10_081):
        assert refusal(stage, c.StartTask(name="T", flow="to-queue", expires_in=bad)) == "InvalidParameterException"


def test_a_rejected_task() -> None:
    """A declined task is REJECTED on the desk until cleared, a task nobody answered MISSED; it goes to the next."""
    stage = Stage()
    contact = task(stage)
    stage.do(c.SetStatus(agent="a1", status="available"))
    stage.do(c.SetStatus(agent="a2", status="available"))
    stage.do(c.RejectContact(agent="a1", contact=contact))
    assert (stage.slot("a1", contact), stage.contact(contact).offered_to) == ("REJECTED", "a2")
    stage.wait(31)
    assert stage.slot("a2", contact) == "MISSED" and stage.contact(contact).offered_to is None
    stage.do(c.ClearContact(agent="a1", contact=contact))
    assert stage.contact(contact).offered_to == "a1"


def test_twenty_reschedules() -> None:
    """ROUT-93: the twenty-first is refused; the task keeps its last time."""
    stage = Stage()
    contact = task(stage, scheduled_at=stage.now + 60_000)
    for minute in range(1, 21):
        stage.do(c.RescheduleContact(contact=contact, scheduled_at=stage.now + minute * 60_000))
    again = c.RescheduleContact(contact=contact, scheduled_at=stage.now + 60_000)
    assert refusal(stage, again) == "LimitExceededException"
    stage.wait(20 * 60)
    assert stage.contact(contact).place == "queue"


def test_a_call_from_a_task() -> None:
    """ROUT-97: a call an agent places while on a task belongs to it; the one named where another is meant."""
    phones = Phones()
    first, second = task(phones), task(phones)
    phones.available("a1")
    for contact in (first, second):
        phones.do(c.AcceptContact(agent="a1", contact=contact))
        phones.wait(1)
    call = phones.do(vc.DialCall(agent="a1", number="+12065550142"))["contact"]
    assert phones.contact(call).related_id == second
    phones.do(c.StopContact(contact=call))
    phones.do(c.ClearContact(agent="a1", contact=call))
    phones.do(c.PauseContact(contact=second))
    call = phones.do(vc.DialCall(agent="a1", number="+12065550142"))["contact"]
    assert phones.contact(call).related_id == first
    phones.do(c.StopContact(contact=call))
    phones.do(c.ClearContact(agent="a1", contact=call))
    call = phones.do(vc.DialCall(agent="a1", number="+12065550142", related=second))["contact"]
    assert phones.contact(call).related_id == second


def test_a_waiting_task_is_given_to_an_agent() -> None:
    """AssociateContactWithUser: in any status and over capacity; another's offer is taken back; only while it waits."""
    stage = Stage()
    contact = task(stage)
    stage.do(c.SetStatus(agent="a1", status="available"))
    assert stage.contact(contact).offered_to == "a1"
    stage.do(c.AssignContact(contact=contact, user="a2"))
    assert stage.contact(contact).offered_to == "a2" and stage.slot("a1", contact) is None
    stage.wait(31)
    assert stage.slot("a2", contact) == "MISSED" and stage.contact(contact).offered_to == "a1"
    stage.do(c.AssignContact(contact=contact, user="a2"))
    stage.do(c.AcceptContact(agent="a2", contact=contact))
    for _ in range(2):
        another = task(stage)
        stage.do(c.AssignContact(contact=another, user="a2"))
        stage.do(c.AcceptContact(agent="a2", contact=another))
    assert len(stage.state.agents["a2"].slots) == 3
    assert refusal(stage, c.AssignContact(contact=contact, user="a1")) == "InvalidRequestException"
    assert refusal(stage, c.AssignContact(contact=contact, user="nobody")) == "ResourceNotFoundException"
