"""What a configuration object looks like to everyone who reads one."""

import msgspec

from switchroom.storage.documents import Document

__all__ = ["Deleted", "Document"]


class Deleted(msgspec.Struct, frozen=True):
    """A document that is gone; `document` is how it last looked."""

    instance: str
    kind: str
    id: str
    document: Document
