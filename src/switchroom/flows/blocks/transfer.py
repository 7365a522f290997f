"""Blocks that end a flow or pass the contact on."""

from dataclasses import replace

from switchroom.flows.blocks.branch import named_queue
from switchroom.flows.blocks.declare import (
    ALL,
    BOTH,
    CQ,
    ERROR,
    IN,
    MOST,
    OLD_ERROR,
    SUCCESS,
    TA,
    TQ,
    WORKING_QUEUE,
    Face,
    Field,
    error,
    queue_fields,
)
from switchroom.flows.blocks.registry import block, resumes
from switchroom.flows.blocks.step import Go, Move, Step
from switchroom.flows.state import (
    AGENT_TRANSFER,
    CONTACT_FLOW,
    CUSTOMER_QUEUE,
    QUEUE_TRANSFER,
    Frame,
    Message,
    Play,
    Signal,
)
from switchroom.flows.world import CallbackRequest, FlowError

DISCONNECT = Face(
    "disconnect",
    ("Disconnect / hang up", "切断"),
    ("Ends the contact.", "コンタクトを終了します。"),
    "END",
    MOST,
    log="Disconnect",
)
END = Face(
    "end-flow",
    ("End flow / Resume", "フローの終了 / 再開"),
    (
        "Ends the flow; the contact goes back to what it was doing.",
        "フローを終了し、コンタクトを元の状態に戻します。",
    ),
    "END",
    ALL,
    log="Resume",
)
TO_QUEUE = Face(
    "transfer-to-queue",
    ("Transfer to queue", "キューへ転送"),
    (
        "Puts the contact in queue, or promises a callback.",
        "コンタクトをキューに入れるか、コールバックを予約します。",
    ),
    "END",
    MOST,
    log="Transfer",
    behind="loop-prompts",
)
TO_FLOW = Face(
    "transfer-to-flow",
    ("Transfer to flow", "フローへの転送"),
    ("Goes on with another published flow.", "公開済みの別のフローに進みます。"),
    "END",
    (IN, TA, TQ),
    log="TransferToFlow",
)
TO_AGENT = Face(
    "transfer-to-agent",
    ("Transfer to agent (beta)", "エージェントへの転送 (ベータ)"),
    ("Connects the call to the agent the transfer is for.", "転送先のエージェントに通話を接続します。"),
    "END",
    (TA, TQ),
    "YEE",
    "TransferToAgent",
)

_EVENT_HOOKS = ("DefaultAgentUI", "DisconnectAgentUI", "PauseContact", "ResumeContact")
_LONGEST_DELAY_S = 259_200
_AT_CAPACITY = error("QueueAtCapacity", ("At capacity", "容量超過"))


_REORDER = Message(tone="reorder")
_REORDER_PERIODS = 20
"""Of half a second each."""


@block(DISCONNECT, "DisconnectParticipant")
def disconnect(step: Step) -> Move:
    """End the contact (BLK-064)."""
    return _hang_up(step)


def _hang_up(step: Step) -> Move:
    """A caller who found the queue full and was told nothing hears the reorder tone first (ROUT-28, FLOW-100)."""
    if step.run.turned_away and step.world.contact.channel == "VOICE":
        return step.stand(Play(_REORDER, more=(_REORDER,) * (_REORDER_PERIODS - 1)))
    return step.end("disconnect")


@block(END, "EndFlowExecution")
def end_flow(step: Step) -> Move:
    """Back to what the contact was doing; in an inbound or disconnect flow the contact ends (BLK-066, BLK-067)."""
    final = step.run.type == CONTACT_FLOW and step.run.hook not in _EVENT_HOOKS
    return _hang_up(step) if final else step.end("resumed")


@resumes("DisconnectParticipant")
@resumes("EndFlowExecution")
def tone_heard(step: Step, _signal: Signal) -> Move:
    return step.end("disconnect")


def to_queue(step: Step) -> Move:
    """Into the working queue; a contact that waits already is moved (BLK-172..174, FLOW-83)."""
    queue = named_queue(step)
    if step.run.type == CUSTOMER_QUEUE:
        target = queue or step.world.contact.queue
        if target is None:
            raise FlowError("No queue is named and no working queue is set")
        step.logged = {"Type": "Queue", "Queue": target.arn}
        step.world.requeue(target)
        return step.next() if step.action.next else step.end("resumed")
    if queue is not None:
        step.world.set_queue(queue)
    working = step.world.contact.queue
    if working is None:
        raise FlowError("No working queue is set")
    step.logged = {"Type": "Queue", "Queue": working.arn}
    try:
        step.world.enqueue()
    except FlowError as refusal:
        step.run.turned_away = refusal.kind == "QueueAtCapacity" and step.run.type == CONTACT_FLOW
        raise
    return step.end("queued")


block(
    TO_QUEUE,
    "TransferContactToQueue",
    ways=(_AT_CAPACITY, ERROR),
    key="queue",
    name=("Transfer to queue", "キューへ転送"),
    types=(IN, TA, TQ),
)(to_queue)
block(
    TO_QUEUE,
    "DequeueContactAndTransferToQueue",
    *queue_fields(help=WORKING_QUEUE),
    ways=(replace(SUCCESS, required=False), _AT_CAPACITY, ERROR),
    key="another-queue",
    name=("Transfer to another queue", "別のキューへ転送"),
    types=(CQ,),
)(to_queue)


def _seconds(path: str, label: tuple[str, str], default: str) -> Field:
    return Field(
        path,
        label,
        "DURATION",
        "M",
        required=True,
        default=default,
        low=1,
        high=_LONGEST_DELAY_S,
        unit="SECONDS",
    )


@block(
    TO_QUEUE,
    "CreateCallbackContact",
    _seconds("InitialCallDelaySeconds", ("Initial delay", "最初の遅延"), "5"),
    Field(
        "MaximumConnectionAttempts",
        ("Maximum number of calls", "最大発信回数"),
        "NUMBER",
        "M",
        required=True,
        default="1",
        low=1,
        high=1_000,
        help=("The first call and the retries.", "最初の発信と再試行の合計です。"),
    ),
    _seconds("RetryDelaySeconds", ("Minimum time between attempts", "試行間の最小間隔"), "600"),
    *queue_fields(help=WORKING_QUEUE),
    ways=BOTH,
    key="callback",
    name=("Transfer to callback queue", "コールバックキューへ転送"),
    letters="YEE",
    log="CreateCallback",
)
def create_callback(step: Step) -> Move:
    """A callback to the stored number, else to the caller's (BLK-175, FLOW-95, FLOW-97, FLOW-102)."""
    contact = step.world.contact
    number = contact.callback_number or (contact.customer_endpoint.address if contact.customer_endpoint else "")
    if not number:
        raise FlowError("There is no number to call back")
    request = CallbackRequest(
        number=number,
        queue=named_queue(step),
        initial_delay_s=step.integer("InitialCallDelaySeconds", 0, 259_200, 0),
        retry_delay_s=step.integer("RetryDelaySeconds", 0, 259_200, 0),
        attempts=step.integer("MaximumConnectionAttempts", 1, 1_000, 1),
    )
    if request.queue is None and contact.queue is None:
        raise FlowError("No queue is named and no working queue is set")
    step.logged = {"CallbackNumber": number, "Queue": (request.queue or contact.queue).arn}  # type: ignore[union-attr]
    step.results = {"ContactId": step.world.create_callback(request)}
    return step.next()


@block(
    TO_FLOW,
    "TransferToFlow",
    Field(
        "ContactFlowId",
        ("Flow", "フロー"),
        "RESOURCE",
        required=True,
        resource="contact-flow",
        types=(IN, TA, TQ),
    ),
    ways=(ERROR,),
)
def to_flow(step: Step) -> Move:
    """On with the newest version of another flow; its own data starts empty (BLK-166, BLK-045)."""
    reference = step.text("ContactFlowId") or ""
    found = step.world.find("contact-flow", reference)
    flow = step.library.flow(found.id) if found is not None else None
    if found is None or flow is None:
        raise FlowError(f"There is no published flow {reference}")
    if flow.type not in (CONTACT_FLOW, AGENT_TRANSFER, QUEUE_TRANSFER):
        raise FlowError(f"A contact cannot be transferred to a flow of type {flow.type}")
    step.logged = {"ContactFlowId": flow.arn}
    step.run.frames = [Frame(flow.id, flow.version, flow.start)]
    step.run.type = flow.type
    return Go(flow.start, "Success")


@block(TO_AGENT, "TransferContactToAgent", ways=(OLD_ERROR,))
def to_agent(step: Step) -> Move:
    """A call goes to the agent the transfer is for (BLK-165)."""
    step.world.transfer_to_agent()
    return step.end("agent")
