"""The life cycle of flows and modules: draft, publication, versions, archive (FLOW-34, 43..46).

Publishing adds a version, which is kept for ever; a draft never touches what runs.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from switchroom.base.errors import ServiceError, invalid_request
from switchroom.resources.document import Document
from switchroom.resources.repository import Write
from switchroom.resources.resource import View


@dataclass(frozen=True, slots=True)
class Shelf:
    """The kinds that belong together: flows or modules, their versions and their aliases."""

    kind: str
    version: str
    alias: str
    label: str


FLOWS = Shelf("contact-flow", "contact-flow-version", "contact-flow-alias", "Flow")
MODULES = Shelf("contact-flow-module", "contact-flow-module-version", "contact-flow-module-alias", "Flow module")
SAVED = "$SAVED"
LATEST = "$LATEST"


def digest(content: str) -> str:
    """`FlowContentSha256`."""
    return sha256(content.encode()).hexdigest()


async def create(
    write: Write,
    shelf: Shelf,
    instance: str,
    name: str,
    body: dict[str, Any],
    content: str,
    *,
    published: bool,
    tags: dict[str, str] | None = None,
    identifier: str | None = None,
) -> Document:
    """A new flow or module, published at once or as a draft. The content must have been checked."""
    whole = {
        **body,
        "State": "ACTIVE",
        "Status": "PUBLISHED" if published else "SAVED",
        "Content": content if published else None,
        "SavedContent": None if published else content,
        "Version": 1 if published else 0,
    }
    document = await write.create(shelf.kind, instance, name, whole, tags, identifier)
    if published:
        await _keep(write, shelf, document, content, 1, None)
    return document


async def save(write: Write, document: Document, content: str) -> Document:
    """Replace the draft; what runs stays as it is."""
    return await write.update(document, body={**document.body, "SavedContent": content})


async def publish(
    write: Write, shelf: Shelf, document: Document, content: str, *, changes: dict[str, Any] | None = None
) -> Document:
    """Make content the newest version, which runs from now on; the draft is done with."""
    if document.body["State"] == "ARCHIVED":
        raise invalid_request(f"{shelf.label} {document.name} is archived; restore it first")
    version = await _next_version(write, shelf, document)
    body = {
        **document.body,
        **(changes or {}),
        "Status": "PUBLISHED",
        "Content": content,
        "SavedContent": None,
        "Version": version,
    }
    changed = await write.update(document, body=body)
    await _keep(write, shelf, changed, content, version, None)
    return changed


async def add_version(write: Write, shelf: Shelf, document: Document, description: str | None) -> Document:
    """A further version of what runs, with a description."""
    content = document.body.get("Content")
    if content is None:
        raise invalid_request(f"{shelf.label} {document.name} has not been published")
    version = await _next_version(write, shelf, document)
    changed = await write.update(document, body={**document.body, "Version": version})
    return await _keep(write, shelf, changed, content, version, description)


async def _next_version(write: Write, shelf: Shelf, document: Document) -> int:
    known = versions(write, shelf, document)
    return int(max([document.body.get("Version") or 0, *(one.body["Version"] for one in known)])) + 1


async def _keep(
    write: Write, shelf: Shelf, document: Document, content: str, version: int, description: str | None
) -> Document:
    body = {"FlowId": document.id, "Version": version, "Content": content, "Description": description}
    return await write.create(shelf.version, document.instance, str(version), body)


def versions(view: View, shelf: Shelf, document: Document) -> list[Document]:
    """The versions of a flow or module, newest first."""
    found = [one for one in view.all(document.instance, shelf.version) if one.body["FlowId"] == document.id]
    return sorted(found, key=lambda one: -one.body["Version"])


def version(view: View, shelf: Shelf, document: Document, number: int) -> Document:
    """One version; raises ResourceNotFoundException."""
    for one in versions(view, shelf, document):
        if one.body["Version"] == number:
            return one
    raise ServiceError("ResourceNotFoundException", f"{shelf.label} {document.name} has no version {number}")


async def delete_version(write: Write, shelf: Shelf, document: Document, number: int) -> None:
    """Remove a version that does not run and that no alias names; not the original of a default flow (FLOW-13)."""
    found = version(write, shelf, document, number)
    if document.body.get("IsDefault") and number == versions(write, shelf, document)[-1].body["Version"]:
        raise invalid_request(f"Version {number} is the original of a default flow and cannot be deleted")
    if document.body.get("Version") == number:
        raise invalid_request(f"Version {number} is the newest one and cannot be deleted")
    for alias in aliases(write, shelf, document):
        if alias.body["Version"] == number:
            raise invalid_request(f"Version {number} is in use by alias {alias.name}")
    await write.delete(found)


def aliases(view: View, shelf: Shelf, document: Document) -> list[Document]:
    """The aliases of a flow or module, by name."""
    return [one for one in view.all(document.instance, shelf.alias) if one.body["FlowId"] == document.id]


def resolve(view: View, shelf: Shelf, document: Document, qualifier: str) -> tuple[str, str, int | None, str | None]:
    """(content, status, version, description) that `ID:qualifier` names.

    No qualifier or `$LATEST` is what runs, `$SAVED` the draft (or what runs, where no draft is newer), a number a
    version, anything else an alias by name or id. Raises ContactFlowNotPublishedException, ResourceNotFoundException.
    """
    body = document.body
    if qualifier == SAVED:
        draft = body.get("SavedContent")
        return (draft, "SAVED", None, None) if draft is not None else (body["Content"], body["Status"], None, None)
    if qualifier in ("", LATEST):
        if body.get("Content") is None:
            raise ServiceError("ContactFlowNotPublishedException", f"{shelf.label} {document.name} is not published")
        return body["Content"], body["Status"], body["Version"], None
    if qualifier.isdigit():
        found = version(view, shelf, document, int(qualifier))
    else:
        alias = next((one for one in aliases(view, shelf, document) if qualifier in (one.name, one.id)), None)
        if alias is None:
            raise ServiceError("ResourceNotFoundException", f"{shelf.label} {document.name} has no alias {qualifier}")
        found = version(view, shelf, document, alias.body["Version"])
    return found.body["Content"], "PUBLISHED", found.body["Version"], found.body.get("Description")


async def set_state(write: Write, shelf: Shelf, document: Document, state: str) -> Document:
    """Archive or restore. Default flows, and what a queue, quick connect or number uses, cannot be archived."""
    if state == document.body["State"]:
        return document
    if state == "ARCHIVED":
        if document.body.get("IsDefault"):
            raise invalid_request(f"{document.name} is a default flow and cannot be archived")
        _require_unattached(write, shelf, document)
    return await write.update(document, body={**document.body, "State": state})


async def delete(write: Write, shelf: Shelf, document: Document, *, archived_only: bool = True) -> None:
    """Remove an archived flow or module with its versions and aliases. Not to be undone."""
    if document.body.get("IsDefault"):
        raise invalid_request(f"{document.name} is a default flow and cannot be deleted")
    if archived_only and document.body["State"] != "ARCHIVED":
        raise invalid_request(f"{shelf.label} {document.name} must be archived before it is deleted")
    _require_unattached(write, shelf, document)
    for one in [*aliases(write, shelf, document), *versions(write, shelf, document)]:
        await write.delete(one)
    await write.delete(document)


def _require_unattached(write: Write, shelf: Shelf, document: Document) -> None:
    own = {shelf.version, shelf.alias}
    for user in write.users(document):
        if user.kind not in own:
            raise invalid_request(f"{shelf.label} {document.name} is in use by {user.kind} {user.name}")
