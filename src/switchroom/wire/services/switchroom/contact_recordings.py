"""Recordings of a contact: which there are, playing, downloading, deleting (QUAL-134..146, QUAL-157).

Each is an operation of its own, so the audit log says who played, downloaded or deleted what, and when (QUAL-145).
"""

import hashlib
from typing import Any

from switchroom.base.clock import SECOND, from_iso, seconds
from switchroom.base.errors import access_denied, not_found
from switchroom.storage.contacts import ContactRow
from switchroom.views.recordings import awaited, mark_deleted
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.contact_access import SEEING, check
from switchroom.wire.services.connect.contact_common import contact_of, record
from switchroom.wire.services.connect.contact_media import Entry, copies, may_open, shown

URL_SECONDS = 3_600
"""As long as a player may go on reading ranges of a file."""
DOWNLOADING = "DownloadCallRecordings"
DELETING = "DeleteCallRecordings"
FORMATS = {"AUDIO": ("wav", "audio/wav"), "CHAT": ("json", "application/json"), "VIDEO": ("mp4", "video/mp4")}
"""By media stream type: the ending of a downloaded file's name and its content type (QUAL-138, QUAL-139)."""


@operation("switchroom", "ListContactRecordings", permission=SEEING)
async def list_contact_recordings(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """QUAL-157: found by contact id alone; those of a conversation are there once after contact work is over."""
    instance, contact = contact_of(call, request)
    row = await record(call, instance, contact)
    check(call, row)
    entries = sorted(shown(call.caller, _entries(row)), key=lambda entry: entry["StartTimestamp"] or "")
    hidden = row.completed_at is None and bool(row.recordings)
    pending = hidden or (row.channel == "VOICE" and await awaited(call.services.database, instance, row.id))
    return {"Recordings": [_shape(call, row, entry) for entry in entries], "Pending": pending}


@operation("switchroom", "GetContactRecording", permission=SEEING)
async def get_contact_recording(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """A URL that reads the file, in ranges too (QUAL-136, QUAL-137, QUAL-144)."""
    row, entry = await _found(call, request)
    download = bool(request.get("Download"))
    if not may_open(call.caller, entry) or (download and not call.caller.may(DOWNLOADING)):
        raise access_denied("Your security profile does not allow this with recordings")
    key = _key(entry)
    if entry["Status"] == "DELETED" or not await call.services.objects.exists(key):
        raise not_found("The file of recording", request["RecordingId"])
    name, kind = _name(row, entry), FORMATS[entry["MediaStreamType"]][1]
    url = await call.services.objects.presign_get(
        key, URL_SECONDS, origin=call.origin, content_type=kind, filename=name if download else None
    )
    return {"Url": url, "UrlExpiry": seconds(call.now + URL_SECONDS * SECOND), "FileName": name}


@operation("switchroom", "DeleteContactRecording", permission=DELETING)
async def delete_contact_recording(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """QUAL-140: the file is gone and its redacted copy with it, the record keeps the entries as DELETED."""
    row, entry = await _found(call, request)
    if entry["Status"] == "DELETED":
        raise not_found("The file of recording", request["RecordingId"])
    reason = request.get("Reason") or f"Deleted by {call.caller.name or call.caller.id}"
    for one in copies(entry, _entries(row)):
        if one["Status"] != "DELETED":
            await _delete(call, row, one, reason)
    return {}


async def _delete(call: Call, row: ContactRow, entry: Entry, reason: str) -> None:
    await call.services.objects.delete(_key(entry))
    await mark_deleted(
        call.services.database, call.services.site, row.instance, row.id, entry["Location"], reason, call.now
    )


async def _found(call: Call, request: dict[str, Any]) -> tuple[ContactRow, Entry]:
    instance, contact = contact_of(call, request)
    row = await record(call, instance, contact)
    check(call, row)
    for entry in shown(call.caller, _entries(row)):
        if _identifier(entry) == request["RecordingId"]:
            return row, entry
    raise not_found("Recording", request["RecordingId"])


def _entries(row: ContactRow) -> list[Entry]:
    """What the record shows by now (FLOW-90, QUAL-141)."""
    return row.recordings if row.completed_at is not None else []


def _shape(call: Call, row: ContactRow, entry: Entry) -> dict[str, Any]:
    there, may = entry["Status"] == "AVAILABLE", call.caller.may
    opens = there and may_open(call.caller, entry)
    return {
        "RecordingId": _identifier(entry),
        "MediaStreamType": entry["MediaStreamType"],
        "Status": entry["Status"],
        "Location": entry["Location"],
        "FileName": _name(row, entry),
        "StartTimestamp": _moment(entry["StartTimestamp"]),
        "StopTimestamp": _moment(entry["StopTimestamp"]),
        "ParticipantType": entry["ParticipantType"],
        "DeletionReason": entry["DeletionReason"],
        "CanPlay": opens,
        "CanDownload": opens and may(DOWNLOADING),
        "CanDelete": there and may(DELETING),
    }


def _identifier(entry: Entry) -> str:
    return hashlib.sha256(entry["Location"].encode()).hexdigest()[:32]


def _key(entry: Entry) -> str:
    """The location is bucket and key."""
    return str(entry["Location"]).partition("/")[2]


def _name(row: ContactRow, entry: Entry) -> str:
    return f"{row.id}.{FORMATS[entry['MediaStreamType']][0]}"


def _moment(text: str | None) -> float | None:
    return seconds(from_iso(text)) if text else None
