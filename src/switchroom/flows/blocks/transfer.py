"""Blocks that end a flow, pass the contact on, or let it wait."""

from typing import Any

from switchroom.flows.blocks.branch import QUEUE, named_queue
from switchroom.flows.blocks.registry import ALL, CQ, IN, MOST, TA, TQ, Gate, Parameter, block, resumes
from switchroom.flows.blocks.step import Go, Move, Step
from switchroom.flows.language import text_of
from switchroom.flows.state import AGENT_TRANSFER, CONTACT_FLOW, CUSTOMER_QUEUE, QUEUE_TRANSFER, Frame, Pause, Signal
from switchroom.flows.world import CallbackRequest, FlowError

_TRANSFER = Gate("Transfer to queue", "キューへ転送", "Transfer", MOST)
_EVENT_HOOKS = ("DefaultAgentUI", "DisconnectAgentUI", "PauseContact", "ResumeContact")
_SEVEN_DAYS_S = 7 * 24 * 3_600


@block("DisconnectParticipant", Gate("Disconnect / hang up", "切断", "Disconnect", MOST), next=False, errors=())
def disconnect(step: Step) -> Move:
    """End the contact (BLK-064)."""
    return step.end("disconnect")


@block("EndFlowExecution", Gate("End flow / Resume", "フローの終了 / 再開", "Resume", ALL), next=False, errors=())
def end_flow(step: Step) -> Move:
    """Back to what the contact was doing; in an inbound or disconnect flow the contact ends (BLK-066, BLK-067)."""
    final = step.run.type == CONTACT_FLOW and step.run.hook not in _EVENT_HOOKS
    return step.end("disconnect" if final else "resumed")


@block(
    "TransferContactToQueue",
    _TRANSFER,
    next=False,
    errors=("QueueAtCapacity", "NoMatchingError"),
)
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
    step.world.enqueue()
    return step.end("queued")


block(
    "DequeueContactAndTransferToQueue",
    _TRANSFER,
    *QUEUE,
    errors=("QueueAtCapacity", "NoMatchingError"),
)(to_queue)


@block(
    "CreateCallbackContact",
    Gate("Transfer to queue (callback)", "キューへ転送 (コールバック)", "CreateCallback", MOST, "YEE"),
    *QUEUE,
    Parameter("InitialCallDelaySeconds", required=True, low=0, high=259_200),
    Parameter("RetryDelaySeconds", required=True, low=0, high=259_200),
    Parameter("MaximumConnectionAttempts", required=True, low=1, high=1_000),
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
    "TransferToFlow",
    Gate("Transfer to flow", "フローへの転送", "TransferToFlow", (IN, TA, TQ)),
    Parameter("ContactFlowId", required=True, reference="contact-flow"),
    next=False,
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


@block(
    "TransferContactToAgent",
    Gate("Transfer to agent (beta)", "エージェントへの転送 (ベータ)", "TransferToAgent", (TA, TQ), "YEE"),
    next=False,
    errors=(),
    optional_errors=("NoMatchingError",),
)
def to_agent(step: Step) -> Move:
    """A call goes to the agent the transfer is for (BLK-165)."""
    step.world.transfer_to_agent()
    return step.end("agent")


@block(
    "Wait",
    Gate("Wait", "待機", "Wait", (IN, CQ), "EYY"),
    Parameter("TimeLimitSeconds", one_of="time", low=1, high=_SEVEN_DAYS_S),
    Parameter("TimeoutSeconds", one_of="time", low=1, high=_SEVEN_DAYS_S),
    next=False,
    optional_errors=("ParticipantNotFound",),
    conditions=("WaitCompleted",),
    any_conditions=True,
    waits=True,
)
def wait(step: Step) -> Move:
    """Up to seven days, for the customer to return or for a bot to leave (BLK-178..181)."""
    key = "TimeLimitSeconds" if step.parameters.get("TimeLimitSeconds") not in (None, "") else "TimeoutSeconds"
    seconds = step.integer(key, 1, _SEVEN_DAYS_S)
    events = _events(step.parameters.get("Events"))
    chat = step.world.contact.channel == "CHAT"
    step.logged = {"TimeoutSeconds": str(seconds), "Events": sorted(events)}
    pause = Pause(customer=chat and "CustomerReturned" in events, bot=chat and "BotParticipantDisconnected" in events)
    return step.stand(pause, step.world.now + seconds * 1_000)


@resumes("Wait")
def waited(step: Step, signal: Signal) -> Move:
    if signal.kind == "bot_missing":
        return step.fail("ParticipantNotFound")
    outcome = {
        "timeout": "WaitCompleted",
        "done": "WaitCompleted",
        "customer_returned": "CustomerReturned",
        "bot_left": "BotParticipantDisconnected",
    }.get(signal.kind)
    return step.fail("NoMatchingError", text_of(signal.value or "failed")) if outcome is None else step.choose(outcome)


def _events(raw: Any) -> set[str]:
    return {e for e in raw if isinstance(e, str)} if isinstance(raw, list) else set()
