"""Looking up what a flow names: by id, ARN, ARN tail, or user name."""

from typing import Any, Protocol

from switchroom.base.arns import parse_id
from switchroom.flows.world import Named
from switchroom.resources.catalogue import Catalogue

PUBLISHED_KINDS = ("contact-flow", "contact-flow-module")


class Directory(Protocol):
    """The configured resources of one instance."""

    def find(self, kind: str, reference: str) -> Named | None:
        """See `flows.world.World.find`."""

    def body(self, kind: str, identifier: str) -> dict[str, Any]:
        """The settings of a resource that exists."""

    def sound(self, prompt: str) -> str | None:
        """The object key of a prompt's sound."""


class CatalogueDirectory:
    """The directory of the live catalogue."""

    def __init__(self, catalogue: Catalogue, instance: str) -> None:
        self._catalogue = catalogue
        self._instance = instance

    def find(self, kind: str, reference: str) -> Named | None:
        """By id or ARN (an alias suffix such as `:$LATEST` is dropped); users also by name."""
        identifier = parse_id(reference).partition(":")[0]
        document = self._catalogue.find(self._instance, kind, identifier)
        if document is None and kind == "user":
            document = self._catalogue.by_name(self._instance, kind, reference)
        if document is None:
            return None
        if kind in PUBLISHED_KINDS and (document.body.get("State") == "ARCHIVED" or not document.body.get("Content")):
            return None
        return document

    def body(self, kind: str, identifier: str) -> dict[str, Any]:
        """The document's body."""
        return self._catalogue.get(self._instance, kind, identifier).body

    def sound(self, prompt: str) -> str | None:
        """From the document of the prompt."""
        document = self._catalogue.find(self._instance, "prompt", prompt)
        key = document.body.get("ObjectKey") if document is not None else None
        return str(key) if key else None
