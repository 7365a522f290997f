"""The page that plays the customer: open to everyone in demo mode, else to people who may test chats (CHAT-53)."""

from typing import Any

from switchroom.base.arns import parse_id
from switchroom.base.errors import ServiceError, access_denied
from switchroom.core.commands import StartChat
from switchroom.resources import demo
from switchroom.resources.document import Document
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.chats import DURATION, content_types, start_answer
from switchroom.wire.services.connect.common import catalogue
from switchroom.wire.services.connect.contact_common import flow

PERMISSION = "ChatTestMode"
FIRST_CHOICES = (demo.FLOW, "Sample inbound flow (first contact experience)")
"""What a test chat runs unless another flow is chosen (BASE-120); the demo instance has a flow of its own."""


@operation("switchroom", "GetTestChatSettings", auth="none")
async def get_test_chat_settings(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """The instance and its published inbound flows."""
    instance = test_instance(call, request)
    flows = _flows(call, instance.id)
    chosen = _first_choice(flows)
    return {
        "InstanceId": instance.id,
        "InstanceAlias": instance.name,
        "DefaultContactFlowId": chosen.id if chosen is not None else None,
        "Flows": [{"Id": document.id, "Name": document.name} for document in flows],
        "AttachmentsEnabled": True,
    }


@operation("switchroom", "StartTestChat", auth="none")
async def start_test_chat(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """A chat as StartChatContact makes it."""
    instance = test_instance(call, request)
    chosen = request.get("ContactFlowId") or first_flow(call, instance.id)
    message = request.get("InitialMessage")
    command = StartChat(
        flow=flow(call, instance.id, chosen),
        customer_name=request.get("DisplayName") or "Customer",
        attributes=request.get("Attributes") or {},
        content_types=content_types(request.get("SupportedMessagingContentTypes")),
        duration_minutes=DURATION,
        initial_message=("text/plain", message) if message else None,
    )
    started = await call.services.centres.submit(instance.id, command)
    return start_answer(call, instance.id, started)


def test_instance(call: Call, request: dict[str, Any]) -> Document:
    """The instance that the caller may test. Raises AccessDeniedException."""
    allowed = call.caller.kind != "anonymous" and call.caller.may(PERMISSION)
    if not allowed and not call.services.settings.demo:
        raise access_denied("Testing chats needs the permission ChatTestMode")
    found = _wanted(call, request)
    if not allowed and found.name != demo.ALIAS:
        raise access_denied("Without signing in, chats can be tested in the demo instance only")
    return found


def _wanted(call: Call, request: dict[str, Any]) -> Document:
    wanted = request.get("InstanceId")
    if wanted is not None:
        identifier = parse_id(wanted)
    elif call.caller.instance is not None:
        identifier = call.caller.instance
    else:
        instances = catalogue(call).instances()
        if not instances:
            raise ServiceError("ResourceNotFoundException", "There is no instance")
        identifier = next((one.id for one in instances if one.name == demo.ALIAS), instances[0].id)
    if call.caller.instance not in (None, identifier):
        raise access_denied("This belongs to another instance")
    return catalogue(call).get(identifier, "instance", identifier)


def _flows(call: Call, instance: str) -> list[Document]:
    return [
        document
        for document in catalogue(call).all(instance, "contact-flow")
        if document.body["Type"] == "CONTACT_FLOW"
        and document.body.get("Content") is not None
        and document.body.get("State") != "ARCHIVED"
    ]


def first_flow(call: Call, instance: str) -> str:
    """The id of the flow a test runs unless another is chosen. Raises ResourceNotFoundException."""
    default = _first_choice(_flows(call, instance))
    if default is None:
        raise ServiceError("ResourceNotFoundException", "The instance has no published inbound flow")
    return default.id


def _first_choice(flows: list[Document]) -> Document | None:
    for name in FIRST_CHOICES:
        for document in flows:
            if document.name == name:
                return document
    return flows[0] if flows else None
