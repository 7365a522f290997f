"""Which recordings and transcripts of a contact a caller gets: redacted or original, never both (USER-60, QUAL-146)."""

from typing import Any

from switchroom.storage.contacts import ContactRow
from switchroom.wire.caller import Caller

ORIGINAL = ("ListenCallRecordings", "ManagerListenIn")
"""Either lets a person hear and read what was said."""
REDACTED = "RedactedData.View"
_FOLDER = "/Redacted/"

Entry = dict[str, Any]
"""A `RecordingsInfo` of a contact record."""


def is_redacted(entry: Entry) -> bool:
    """Whether a file is a redacted copy, by its key: `Analysis/Voice/Redacted/YYYY/MM/DD/...` (LENS-176)."""
    return _FOLDER in str(entry["Location"])


def shown(caller: Caller, entries: list[Entry]) -> list[Entry]:
    """Of each kind of media the redacted files where there are some and the caller may have them, else the originals;
    API keys see all."""
    if caller.kind == "key":
        return entries
    preferred = {one["MediaStreamType"] for one in entries if is_redacted(one)} if caller.may(REDACTED) else set()
    return [one for one in entries if is_redacted(one) == (one["MediaStreamType"] in preferred)]


def may_open(caller: Caller, entry: Entry) -> bool:
    """Whether the caller may hear or read a file that is shown."""
    return caller.may(REDACTED) if is_redacted(entry) else caller.may(*ORIGINAL)


def may_read(caller: Caller, row: ContactRow) -> bool:
    """Whether the caller may read the conversation as it was: agents may read their own."""
    return row.agent == caller.id or caller.may(*ORIGINAL)


def copies(entry: Entry, entries: list[Entry]) -> list[Entry]:
    """The files of one recording, redacted and original: both must go for its content to be gone (LENS-178)."""
    kind = (entry["MediaStreamType"], entry["StartTimestamp"])
    return [one for one in entries if (one["MediaStreamType"], one["StartTimestamp"]) == kind]
