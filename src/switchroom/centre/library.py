"""The published flows of an instance, compiled once and kept while a contact stands on them."""

import logging
from typing import Protocol

from switchroom.flows.language import CompiledFlow, FlowSyntaxError, parse
from switchroom.flows.shelf import FlowShelf, Library
from switchroom.flows.state import FLOW_TYPES, MODULE
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Deleted, Document

log = logging.getLogger(__name__)

FLOW_KINDS = ("contact-flow", "contact-flow-module")
DEFAULTS = {
    "customer_queue": "CUSTOMER_QUEUE",
    "customer_hold": "CUSTOMER_HOLD",
    "customer_whisper": "CUSTOMER_WHISPER",
    "outbound_whisper": "OUTBOUND_WHISPER",
    "agent_hold": "AGENT_HOLD",
    "agent_whisper": "AGENT_WHISPER",
}
"""The type of the default flow that runs for a purpose when a contact has none of its own (FLOW-02)."""


class Flows(Library, Protocol):
    """What the centre runs: published flows by id, and the default flow of each purpose."""

    def default(self, purpose: str) -> CompiledFlow | None:
        """The default flow of a purpose, e.g. `customer_queue`; None when there is none."""


class FlowLibrary:
    """`Flows` over the catalogue."""

    def __init__(self, catalogue: Catalogue, instance: str) -> None:
        self._catalogue = catalogue
        self._instance = instance
        self._shelf = FlowShelf()
        for kind in FLOW_KINDS:
            for document in catalogue.all(instance, kind):
                self.put(document)

    def flow(self, id: str, version: int | None = None) -> CompiledFlow | None:
        """See `flows.shelf.Library.flow`."""
        found = self._shelf.flow(id, version)
        return found if found is not None or version is None else self._old(id, version)

    def default(self, purpose: str) -> CompiledFlow | None:
        """The default flow of a purpose, however it is called by now."""
        found = self._catalogue.memo(
            self._instance, "contact-flow", ("default", purpose), lambda: self._default(purpose)
        )
        return self.flow(found) if found else None

    def _default(self, purpose: str) -> str | None:
        of_type = (flow for flow in self._catalogue.all(self._instance, "contact-flow") if flow.body.get("IsDefault"))
        return next((flow.id for flow in of_type if flow.body["Type"] == DEFAULTS.get(purpose)), None)

    def changed(self, change: Document | Deleted) -> None:
        """A flow was published, archived or deleted: the next start goes by it (FLOW-34)."""
        if isinstance(change, Deleted) or change.body.get("State") == "ARCHIVED":
            self._shelf.remove(change.id)
        else:
            self.put(change)

    def put(self, document: Document) -> None:
        """Compile what is published of a flow; a draft is not run."""
        body = document.body
        content = body.get("Content")
        if not content or body.get("State") == "ARCHIVED":
            return
        flow = self._compile(document, str(content), int(body.get("Version") or 1))
        if flow is not None:
            self._shelf.put(flow)

    def _compile(self, document: Document, content: str, version: int) -> CompiledFlow | None:
        kind = MODULE if document.kind == "contact-flow-module" else str(document.body["Type"])
        if kind not in (*FLOW_TYPES, MODULE):
            return None
        try:
            return parse(content, id=document.id, arn=document.arn, name=document.name, type=kind, version=version)
        except FlowSyntaxError as wrong:
            log.error("flow %s version %s cannot be compiled: %s", document.name, version, wrong)
            return None

    def _old(self, id: str, version: int) -> CompiledFlow | None:
        """A version that is no longer the newest, for a contact that still stands on it."""
        for kind in FLOW_KINDS:
            document = self._catalogue.find(self._instance, kind, id)
            if document is None:
                continue
            for kept in self._catalogue.all(self._instance, f"{kind}-version"):
                if kept.body["FlowId"] == id and kept.body["Version"] == version:
                    flow = self._compile(document, str(kept.body["Content"]), version)
                    if flow is not None:
                        self._shelf.put(flow)
                    return flow
        return None
