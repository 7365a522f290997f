"""Keys of the files that a contact leaves in the object store."""

from switchroom.base.clock import iso_s


def dated_key(prefix: str, contact: str, at: int, extension: str) -> str:
    """`PREFIX/YYYY/MM/DD/CONTACT_YYYYMMDDTHH:MM_UTC.EXTENSION` (FLOW-88); `at` in epoch milliseconds."""
    day, time = iso_s(at).split("T")
    stamp = f"{day.replace('-', '')}T{time[:5]}_UTC"
    return f"{prefix}/{day.replace('-', '/')}/{contact}_{stamp}.{extension}"
