"""StartAttachmentUpload, CompleteAttachmentUpload and GetAttachment (CHAT-110)."""

from typing import Any

from switchroom.base.clock import SECOND, iso_ms
from switchroom.base.errors import access_denied, invalid_parameter
from switchroom.base.ids import new_id
from switchroom.channels.chat import attachments
from switchroom.core.commands import FinishUpload, StartUpload
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connectparticipant.common import submit, view, who

UPLOAD_SECONDS = 300


@operation("connectparticipant", "StartAttachmentUpload")
async def start_attachment_upload(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Announce a file; its bytes are PUT to the answer's URL with the answer's headers."""
    caller = who(call)
    name, kind, size = request["AttachmentName"], request["ContentType"], request["AttachmentSizeInBytes"]
    attachments.check(name, size)
    alias = call.services.catalogue.get(caller.instance, "instance", caller.instance).name
    upload = new_id()
    answer = await submit(
        call,
        StartUpload(
            session=caller.session,
            participant=caller.participant,
            upload=upload,
            name=name,
            content_type=kind,
            size=size,
            key=attachments.final_key(alias, upload, name, call.now),
            token=request["ClientToken"],
        ),
    )
    staging = attachments.staging_key(answer["key"])
    url = await call.services.objects.presign_put(staging, UPLOAD_SECONDS, kind, size, origin=call.origin)
    return {
        "AttachmentId": answer["upload"],
        "UploadMetadata": {
            "Url": url,
            "UrlExpiry": iso_ms(call.now + UPLOAD_SECONDS * SECOND),
            "HeadersToInclude": {"Content-Type": kind},
        },
    }


@operation("connectparticipant", "CompleteAttachmentUpload")
async def complete_attachment_upload(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Check what arrived and share it with the others."""
    caller = who(call)
    known = await view(call)
    identifiers: list[str] = request["AttachmentIds"]
    if len(identifiers) != 1:
        raise invalid_parameter("AttachmentIds takes exactly one identifier")
    upload = known["uploads"].get(identifiers[0])
    if upload is None or upload["participant"] != caller.participant:
        raise invalid_parameter(f"Attachment {identifiers[0]} was not announced by this participant")
    arrived = upload["status"] != "IN_PROGRESS" or await attachments.settle(call.services.objects, upload)
    await submit(
        call,
        FinishUpload(
            session=caller.session,
            participant=caller.participant,
            upload=identifiers[0],
            approved=arrived,
            token=request["ClientToken"],
        ),
    )
    if not arrived:
        raise invalid_parameter("The file has not arrived as it was announced; start its upload anew")
    return {}


@operation("connectparticipant", "GetAttachment")
async def get_attachment(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """A URL from which a shared file can be read for a short time."""
    known = await view(call)
    if known["role"] == "CUSTOM_BOT":
        raise access_denied("A custom participant cannot read files")
    upload = known["uploads"].get(request["AttachmentId"])
    if upload is None or upload["status"] != "APPROVED":
        raise invalid_parameter(f"There is no attachment {request['AttachmentId']} in this chat")
    seconds = request.get("UrlExpiryInSeconds") or UPLOAD_SECONDS
    url = await call.services.objects.presign_get(
        upload["key"], seconds, origin=call.origin, content_type=upload["content_type"], filename=upload["name"]
    )
    return {
        "Url": url,
        "UrlExpiry": iso_ms(call.now + seconds * SECOND),
        "AttachmentSizeInBytes": upload["size"],
    }
