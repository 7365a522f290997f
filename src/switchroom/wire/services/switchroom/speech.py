"""Texts as callers hear them, for those who write them (FLOW-64)."""

from typing import Any

import msgspec

from switchroom.base.errors import ServiceError, invalid_parameter
from switchroom.centre.plans import BEST, PLAIN
from switchroom.core.media import Sound
from switchroom.media.sounds import RENDER, Rendered
from switchroom.storage.bus import NoResponders, RemoteError
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import catalogue, instance_of
from switchroom.wire.services.connect.instances import attribute

WITHIN = 30.0
_URL_SECONDS = 600


@operation("switchroom", "PreviewSpeech", permission=("Prompts.View", "ContactFlows.View"))
async def preview_speech(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """FLOW-64, FLOW-71: made by the same engine that speaks to callers, and kept as long as their sounds."""
    instance = instance_of(call, request)
    engine, style = request.get("Engine", PLAIN[0]), request.get("Style", PLAIN[1])
    known = catalogue(call).get(instance, "instance", instance)
    if (engine, style) == PLAIN and attribute(known, "AUTO_RESOLVE_BEST_VOICES") == "true":
        engine, style = BEST
    marked = request.get("TextType") == "SSML"
    sound = Sound(
        text=None if marked else request["Text"],
        ssml=request["Text"] if marked else None,
        voice=request.get("VoiceId", "Joanna"),
        engine=engine,
        style=style,
        language=request.get("LanguageCode"),
    )
    try:
        reply = await call.services.bus.request(RENDER, msgspec.msgpack.encode(sound), WITHIN)
    except (NoResponders, TimeoutError, RemoteError):
        raise ServiceError("InternalServiceException", "The speech process does not answer; try again") from None
    rendered = msgspec.msgpack.decode(reply, type=Rendered)
    if rendered.error:
        raise invalid_parameter(f"The text cannot be spoken: {rendered.error}")
    url = await call.services.objects.presign_get(
        rendered.key, _URL_SECONDS, origin=call.origin, content_type="audio/wav"
    )
    return {"AudioUrl": url, "Milliseconds": rendered.ms}
