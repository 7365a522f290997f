"""Create task, Resume contact."""

from dataclasses import replace

from switchroom.flows.attributes import check_key
from switchroom.flows.blocks.contact import references
from switchroom.flows.blocks.declare import ALL, BOTH, IN, Face, Field, has, lacks
from switchroom.flows.blocks.registry import block
from switchroom.flows.blocks.step import Move, Step, number, truth
from switchroom.flows.language import text_of
from switchroom.flows.world import FlowError, TaskRequest

MAXIMUM_DELAY_MS = 6 * 24 * 3_600_000


CREATE = Face(
    "create-task",
    ("Create task", "タスクの作成"),
    ("Makes a task, now or at a later time.", "タスクを今すぐ、または指定した日時に作成します。"),
    "INTEGRATE",
    ALL,
    log="CreateTask",
)
RESUME = Face(
    "resume-contact",
    ("Resume contact", "コンタクトの再開"),
    ("Takes a paused task on.", "一時停止中のタスクを再開します。"),
    "END",
    ALL,
    "EEY",
    "ResumeContact",
)

_TEMPLATE = Field(
    "TaskTemplateId", ("Template", "テンプレート"), "RESOURCE", "M", required=True, resource="task-template"
)
_NAME = Field("Name", ("Name", "名前"), high=512)
_FLOW = Field("ContactFlowId", ("Flow", "フロー"), "RESOURCE", resource="contact-flow", types=(IN,))
_FIELDS = (
    Field("Description", ("Description", "説明"), "LONG_TEXT", high=4_096),
    Field("Attributes", ("Task attributes", "タスクの属性"), "PAIRS", attribute_keys=True),
    Field("References", ("References", "参照"), "REFERENCES"),
    Field(
        "ScheduledTime",
        ("Scheduled time", "予定日時"),
        "TIME",
        one_of="time",
        help=("A reference holds seconds since 1970.", "動的に設定する場合は 1970 年からの秒数です。"),
    ),
    Field("DelaySeconds", ("Delay", "遅延"), "DURATION", low=1, high=518_400, unit="SECONDS", one_of="time"),
    Field("LinkToContact", ("Link to contact", "コンタクトにリンク"), "FLAG", "M"),
)


@block(
    CREATE,
    "CreateTask",
    _TEMPLATE,
    _NAME,
    _FLOW,
    *_FIELDS,
    ways=BOTH,
    key="template",
    name=("Use template", "テンプレートを使用"),
    tells=(has("TaskTemplateId"),),
    preset={"TaskTemplateId": ""},
)
@block(
    CREATE,
    "CreateTask",
    replace(_NAME, required=True),
    replace(_FLOW, required=True),
    *_FIELDS,
    ways=BOTH,
    key="manual",
    name=("Create manually", "手動で作成"),
    tells=(lacks("TaskTemplateId"),),
)
def create_task(step: Step) -> Move:
    """A task by hand or from a template, now or scheduled; its id is `$.Task.ContactId` (BLK-050..055, ROUT-98)."""
    template = flow = None
    reference = step.text("TaskTemplateId")
    if reference is not None:
        template = step.world.find("task-template", reference)
        if template is None:
            raise FlowError(f"There is no task template {reference}")
    name = step.free_text("Name")
    if template is None and not name:
        raise FlowError("A task needs a name")
    reference = step.text("ContactFlowId")
    if reference is not None:
        flow = step.world.find("contact-flow", reference)
        if flow is None:
            raise FlowError(f"There is no published flow {reference}")
    elif template is None:
        raise FlowError("A task needs a flow or a template")
    raw = step.parameters.get("Attributes")
    attributes = {key: step.scalar(value) for key, value in raw.items()} if isinstance(raw, dict) else {}
    for key in attributes:
        check_key(key)
    request = TaskRequest(
        name=name,
        description=step.free_text("Description"),
        flow_id=flow.id if flow is not None else None,
        template_id=template.id if template is not None else None,
        attributes=attributes,
        references=references(step, step.parameters.get("References")),
        scheduled_at=_scheduled_at(step),
        related=truth(step.get("LinkToContact")) or bool(step.get("RelatedContactId")),
    )
    step.logged = {"Name": name, "ContactFlowId": request.flow_id, "TaskTemplateId": request.template_id}
    step.results = {"ContactId": step.world.create_task(request)}
    return step.next()


def _scheduled_at(step: Step) -> int | None:
    """Epoch ms from `ScheduledTime` (epoch seconds) or `DelaySeconds`; a past or far time is an error (BLK-052)."""
    at, delay = step.get("ScheduledTime"), step.get("DelaySeconds")
    if at is not None:
        seconds = number(at)
        if seconds is None:
            raise FlowError(f"ScheduledTime is not a time in seconds: {text_of(at)}")
        moment = int(seconds * 1_000)
    elif delay is not None:
        moment = step.world.now + step.integer("DelaySeconds", 1, 518_400) * 1_000
    else:
        return None
    if moment <= step.world.now:
        raise FlowError("The scheduled time is in the past")
    if moment > step.world.now + MAXIMUM_DELAY_MS:
        raise FlowError("The scheduled time is more than six days ahead")
    return moment


@block(RESUME, "ResumeContact", ways=BOTH)
def resume_contact(step: Step) -> Move:
    """A paused task goes on; out of queue it stays until a Transfer to queue (BLK-109, BLK-110)."""
    step.world.resume_contact()
    return step.next()
