"""Live media streaming: the customer's audio to whoever listens on the stream (BLK-155, BLK-156)."""

from switchroom.base.errors import invalid_request
from switchroom.core import voice_events as v
from switchroom.core.call import AudioStream, Call
from switchroom.core.calls.legs import call_of
from switchroom.core.config import Configuration
from switchroom.core.contact import Contact
from switchroom.core.turn import Turn


def stream(turn: Turn, contact: Contact, on: bool, from_customer: bool, to_customer: bool) -> None:
    """Start (or change) or stop the stream of a contact's call. Raises InvalidRequestException."""
    call = call_of(turn, contact)
    if not on:
        if call.stream is not None:
            turn.emit(v.StreamStopped(at=turn.now, contact=contact.id, call=call.id))
        return
    if not turn.config.voice.media_streaming:
        raise invalid_request("Live media streaming is not enabled for this instance")
    present = call.stream
    known = present or call.streamed
    started = AudioStream(
        id=known.id if known is not None else turn.new_id(),
        contact=contact.id,
        from_customer=from_customer,
        to_customer=to_customer,
        started_at=present.started_at if present is not None else turn.now,
    )
    turn.emit(v.StreamStarted(at=turn.now, contact=contact.id, call=call.id, stream=started))


def attributes(config: Configuration, call: Call) -> dict[str, object] | None:
    """`$.MediaStreams` of a contact whose audio is or was streamed (table A5, FLOW-131)."""
    stream = call.stream or call.streamed
    if stream is None:
        return None
    arn = config.site.resource(config.instance, "media-stream", stream.id)
    audio = {"StreamARN": arn, "StartTimestamp": str(stream.started_at), "StartFragmentNumber": "1"}
    if stream.stopped_at is not None:
        audio["StopTimestamp"] = str(stream.stopped_at)
    return {"Customer": {"Audio": audio}}
