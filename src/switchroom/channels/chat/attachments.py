"""Files in a chat: what may be shared, and their way from the staging place to the final one (chat.md section 11)."""

from typing import Any

from switchroom.base.clock import iso_s
from switchroom.base.errors import invalid_parameter
from switchroom.storage.objects import ObjectStore

MOST_BYTES = 20 * 1024 * 1024
EXTENSIONS = frozenset(
    "csv doc docx heic jfif jpeg jpg mov mp4 pdf png ppt pptx rtf txt wav xls xlsx".split()  # noqa: SIM905
)
PREFIX = "connect/{alias}/Attachments"


def check(name: str, size: int) -> None:
    """Refuse a file that is too large or of a kind that is not shared. Raises InvalidParameterException."""
    if extension(name) not in EXTENSIONS:
        raise invalid_parameter(f"Files of this type cannot be shared; allowed are {', '.join(sorted(EXTENSIONS))}")
    if size > MOST_BYTES:
        raise invalid_parameter(f"A file may have at most {MOST_BYTES} bytes")
    if any(character < " " or character in "/\\" for character in name):
        raise invalid_parameter("AttachmentName must be a plain file name")


def extension(name: str) -> str:
    """`pdf` of `offer.PDF`; empty without one."""
    stem, dot, end = name.rpartition(".")
    return end.lower() if dot and stem else ""


def final_key(alias: str, upload: str, name: str, at: int) -> str:
    """`connect/ALIAS/Attachments/chat/2023/07/13/ID_20230713T23:41_UTC.txt`; `at` in epoch milliseconds."""
    day, time = iso_s(at).split("T")
    stamp = f"{day.replace('-', '')}T{time[:5]}_UTC"
    return f"{PREFIX.format(alias=alias)}/chat/{day.replace('-', '/')}/{upload}_{stamp}.{extension(name)}"


def staging_key(key: str) -> str:
    """Where the bytes are until they have been checked: the storage prefix, then `staging`."""
    head, _, tail = key.partition("/Attachments/")
    return f"{head}/Attachments/staging/{tail}"


async def settle(objects: ObjectStore, upload: dict[str, Any]) -> bool:
    """Move an announced file to its final place; false (and nothing left) when it is not what was announced."""
    staging = staging_key(upload["key"])
    arrived = await objects.size(staging)
    right = arrived is not None and arrived == upload["size"]
    if right:
        await objects.put(upload["key"], await objects.get(staging), upload["content_type"])
    await objects.delete(staging)
    return right
