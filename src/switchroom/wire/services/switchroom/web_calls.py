"""A web caller's media, and calls from the test page (CHAT-02, CHAT-04, CHAT-53)."""

from typing import Any

from switchroom.base.errors import access_denied
from switchroom.core.voice_commands import JoinWebCall, StartWebCall
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.contact_common import flow
from switchroom.wire.services.connect.web_calls import start_answer
from switchroom.wire.services.connectparticipant.common import who
from switchroom.wire.services.connectparticipant.web_calls import is_web_caller
from switchroom.wire.services.switchroom.test_chat import first_flow, test_instance


@operation("switchroom", "JoinWebCall", auth="bearer")
async def join_web_call(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """CHAT-04: the browser's offer goes to the media process that has the call; its answer comes back.

    Again after a loss, within a minute, the call goes on.
    """
    if not is_web_caller(call):
        raise access_denied("The token is not one of a web call")
    caller = who(call)
    place = await call.services.centres.submit(caller.instance, JoinWebCall(call=caller.participant))
    offer = request["Offer"]
    answer = await call.services.voice.join(place["media"], caller.instance, place["call"], place["leg"], offer)
    return {"Answer": answer, "CustomerVideo": place["video"]}


@operation("switchroom", "StartTestCall", auth="none")
async def start_test_call(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """A web call as StartWebRTCContact makes it, for the page that plays the customer."""
    instance = test_instance(call, request)
    command = StartWebCall(
        flow=flow(call, instance.id, request.get("ContactFlowId") or first_flow(call, instance.id)),
        display_name=request.get("DisplayName") or "Customer",
        attributes=request.get("Attributes") or {},
        customer_video=bool(request.get("Video")),
        agent_video=bool(request.get("Video")),
    )
    return start_answer(call, instance.id, await call.services.centres.submit(instance.id, command))
