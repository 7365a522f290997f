"""The write side of configuration.

Every change happens in one transaction with its change history and its notice to the other nodes. Changes of one
instance happen one after another. A change that was refused leaves nothing behind.
"""

import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import msgspec

from switchroom.base.arns import Site
from switchroom.base.clock import now_ms
from switchroom.base.errors import ServiceError
from switchroom.base.ids import new_id
from switchroom.resources import paths, quotas
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Document
from switchroom.resources.resource import OnDelete, Resource, declaration
from switchroom.resources.tagging import checked_tags
from switchroom.storage import documents
from switchroom.storage.documents import Actor, Connection, Entry, HistoryFilter, HistoryRow, Key, Notice
from switchroom.storage.postgres import Database

SYSTEM = Actor("system", "switchroom", "switchroom")
"""The actor of changes nobody asked for by name: seeds, clean-up."""

Guard = Callable[[Document, Document | None], None]
"""`guard(next, before)`: raises ServiceError when whoever writes may not write `next`; `before` is None at creation."""


@dataclass(slots=True)
class Write:
    """Changes that become true together. Reads through it see them before they are committed."""

    connection: Connection
    site: Site
    catalogue: Catalogue
    actor: Actor
    now: int
    guard: Guard | None = None
    _changed: dict[tuple[str, str, str], Document | None] = field(default_factory=dict)
    _log: list[tuple[Notice, Document | None]] = field(default_factory=list)
    _references: dict[Key, set[tuple[str, str]]] = field(default_factory=dict)
    _fresh: set[Key] = field(default_factory=set)
    _history: list[Entry] = field(default_factory=list)

    # reading, as `View`

    def find(self, instance: str, kind: str, identifier: str) -> Document | None:
        """The document or None."""
        key = (instance, kind, identifier)
        return self._changed[key] if key in self._changed else self.catalogue.find(*key)

    def get(self, instance: str, kind: str, identifier: str) -> Document:
        """The document; raises ResourceNotFoundException."""
        return self.find(instance, kind, identifier) or self.catalogue.get("", kind, identifier)

    def all(self, instance: str, kind: str) -> list[Document]:
        """All documents of a kind, sorted by name."""
        own = {key[2] for key in self._changed if key[:2] == (instance, kind)}
        if not own:
            return self.catalogue.all(instance, kind)
        kept = [document for document in self.catalogue.all(instance, kind) if document.id not in own]
        changed = [self._changed[(instance, kind, identifier)] for identifier in own]
        return sorted(
            kept + [document for document in changed if document],
            key=lambda document: (document.name.casefold(), document.id),
        )

    def by_name(self, instance: str, kind: str, name: str, scope: dict[str, Any] | None = None) -> Document | None:
        """The document with this name, compared as the kind compares names."""
        resource = declaration(kind)
        wanted = resource.unique_name(name, scope or {})
        for document in self.all(instance, kind):
            form = resource.unique_name(document.name, document.body)
            if form == wanted and (form is not None or document.name == name):
                return document
        return None

    # writing

    async def create(
        self,
        kind: str,
        instance: str,
        name: str,
        body: dict[str, Any],
        tags: dict[str, str] | None = None,
        identifier: str | None = None,
    ) -> Document:
        """Write a new document; its id is made unless given."""
        resource = declaration(kind)
        identifier = identifier or new_id()
        document = Document(
            instance=instance,
            kind=kind,
            id=identifier,
            arn=resource.make_arn(self.site, instance, identifier),
            name=name,
            body=resource.canonical(body),
            tags=checked_tags(tags or {}),
            version=1,
            created_at=self.now,
            modified_at=self.now,
            modified_by=self.actor.name,
            modified_region=self.site.region,
        )
        if self.guard:
            self.guard(document, None)
        self._check(resource, document, None)
        self._check_quota(resource, document)
        written = await documents.insert(self.connection, document, resource.unique_name(name, document.body))
        if written is None:
            raise _duplicate(resource, name)
        self._fresh.add((instance, kind, identifier))
        self._written(resource, written, None)
        return written

    async def update(
        self,
        document: Document,
        *,
        name: str | None = None,
        body: dict[str, Any] | None = None,
        tags: dict[str, str] | None = None,
        expected: int | None = None,
    ) -> Document:
        """Replace name, body or tags, whichever is given. `expected` is the version the caller has seen, if it matters.

        Raises ConditionalOperationFailedException when the document is no longer at that version.
        """
        resource = declaration(document.kind)
        stored = await documents.read(self.connection, document.instance, document.kind, document.id)
        if stored is None:
            raise self._missing(resource, document.id)
        if stored.version != (document.version if expected is None else expected):
            raise ServiceError(
                "ConditionalOperationFailedException",
                f"{resource.label} {document.id} was changed by somebody else; read it again and repeat the change",
            )
        changed = msgspec.structs.replace(
            stored,
            name=stored.name if name is None else name,
            body=stored.body if body is None else resource.canonical(body),
            tags=stored.tags if tags is None else checked_tags(tags),
        )
        if (changed.name, changed.body, changed.tags) == (stored.name, stored.body, stored.tags):
            return stored
        changed = msgspec.structs.replace(
            changed,
            version=stored.version + 1,
            modified_at=self.now,
            modified_by=self.actor.name,
            modified_region=self.site.region,
        )
        if self.guard:
            self.guard(changed, stored)
        if body is not None or name is not None:
            self._check(resource, changed, stored)
        return await self._store(resource, changed, stored)

    async def delete(self, document: Document) -> None:
        """Remove a document. Refused while a document needs it; others that mention it drop the mention."""
        resource = declaration(document.kind)
        self.require_unused(document)
        for user in self.users(document):
            await self._detach(user, document)
        stored = await documents.read(self.connection, document.instance, document.kind, document.id)
        if stored is None:
            raise self._missing(resource, document.id)
        revision = await documents.delete(self.connection, stored)
        gone = msgspec.structs.replace(
            stored, version=stored.version + 1, modified_at=self.now, modified_by=self.actor.name
        )
        self._references.pop((document.instance, document.kind, document.id), None)
        self._history.append(Entry(gone, "DELETE", _state(stored), None))
        self._note(Notice(document.instance, document.kind, document.id, revision), None)

    async def drop_instance(self, instance: str) -> None:
        """Remove an instance with everything in it."""
        document = self.get(instance, "instance", instance)
        revision = await documents.drop_instance(self.connection, instance)
        gone = msgspec.structs.replace(document, modified_at=self.now, modified_by=self.actor.name)
        self._history.append(Entry(gone, "DELETE", _state(document), None))
        self._log.append((Notice(instance, "", "", revision), None))

    def require_unused(self, document: Document) -> None:
        """Refuse while another document refers to this one in a way that needs it."""
        resource = declaration(document.kind)
        for user in self.users(document):
            references = declaration(user.kind).targets(user.body)
            if any(
                reference.on_delete is OnDelete.REFUSE and (reference.kind, target) == (document.kind, document.id)
                for reference, target in references
            ):
                label = declaration(user.kind).label
                raise ServiceError(
                    resource.in_use,
                    f"{resource.label} {document.name} is in use by {label.lower()} {user.name}",
                    ResourceType=resource.label,
                    ResourceId=document.arn,
                )

    def users(self, document: Document) -> list[Document]:
        """The documents that refer to this one, as things stand in the transaction."""
        users = [
            user
            for user in self.catalogue.where_used(document)
            if (user.instance, user.kind, user.id) not in self._changed
        ]
        for user in self._changed.values():
            if user and user.instance == document.instance:
                targets = declaration(user.kind).targets(user.body)
                if any((reference.kind, target) == (document.kind, document.id) for reference, target in targets):
                    users.append(user)
        return [user for user in users if (user.kind, user.id) != (document.kind, document.id)]

    async def _detach(self, user: Document, target: Document) -> None:
        body = user.body
        for reference in declaration(user.kind).references:
            if reference.on_delete is OnDelete.DETACH and reference.kind == target.kind:
                body = paths.replace(body, reference.path, lambda value: None if value == target.id else value)
        if body != user.body:
            await self.update(user, body=body)

    async def _store(self, resource: Resource, changed: Document, stored: Document) -> Document:
        try:
            async with self.connection.transaction():
                written = await documents.update(
                    self.connection, changed, resource.unique_name(changed.name, changed.body)
                )
        except asyncpg.UniqueViolationError:
            raise _duplicate(resource, changed.name) from None
        assert written is not None, "the instance is locked, so nobody can have changed the document meanwhile"
        self._written(resource, written, stored)
        return written

    def _written(self, resource: Resource, document: Document, before: Document | None) -> None:
        if before is None or before.body != document.body:
            key = (document.instance, document.kind, document.id)
            self._references[key] = resource.binding(document.body)
        action = "CREATE" if before is None else "UPDATE"
        self._history.append(Entry(document, action, None if before is None else _state(before), _state(document)))
        self._note(Notice(document.instance, document.kind, document.id, document.revision), document)

    async def flush(self) -> None:
        """Write what belongs to the changes: references, history, and the notices to other nodes."""
        if self._log:
            await documents.refer(self.connection, self._references, self._fresh)
            await documents.record(self.connection, self.actor, self._history)
            await documents.notify(self.connection, [notice for notice, _ in self._log])

    def _note(self, notice: Notice, document: Document | None) -> None:
        self._changed[(notice.instance, notice.kind, notice.id)] = document
        self._log.append((notice, document))

    def _check(self, resource: Resource, document: Document, before: Document | None) -> None:
        if not document.name.strip():
            raise ServiceError("InvalidParameterException", f"{resource.label} needs a name")
        if before is None or before.name != document.name:
            same = self.by_name(document.instance, document.kind, document.name, document.body)
            if resource.unique_name(document.name, document.body) is not None and same and same.id != document.id:
                raise _duplicate(resource, document.name)
        known = set(resource.targets(before.body)) if before else set()
        for reference, target in resource.targets(document.body):
            itself = (reference.kind, target) == (document.kind, document.id)
            if (reference, target) in known or itself:
                continue
            if self.find(document.instance, reference.kind, target) is None:
                raise self._missing(declaration(reference.kind), target)
        if resource.check:
            resource.check(self, document, before)

    def _check_quota(self, resource: Resource, document: Document) -> None:
        if resource.quota is None or (resource.counted and not resource.counted(document)):
            return
        existing = self.all(document.instance, document.kind)
        count = sum(1 for each in existing if resource.counted(each)) if resource.counted else len(existing)
        label = resource.quota.code.replace("_", " ").lower()
        quotas.require_room(self, document.instance, resource.quota.code, count, resource.quota.error, label)

    def _missing(self, resource: Resource, identifier: str) -> ServiceError:
        return ServiceError(
            "ResourceNotFoundException", f"{resource.label} {identifier} was not found", ResourceId=identifier
        )


class Repository:
    """Opens writes. `catalogue` learns of a change as soon as it is committed."""

    def __init__(self, database: Database, catalogue: Catalogue, site: Site, guard: Guard | None = None) -> None:
        self._database = database
        self.catalogue = catalogue
        self.site = site
        self._guard = guard

    def guarded(self, guard: Guard) -> "Repository":
        """The same for somebody who may not write everything; what guards it already goes on doing so."""
        known = self._guard

        def both(after: Document, before: Document | None) -> None:
            if known is not None:
                known(after, before)
            guard(after, before)

        return Repository(self._database, self.catalogue, self.site, both)

    @asynccontextmanager
    async def write(self, instance: str, actor: Actor, now: int | None = None) -> AsyncIterator[Write]:
        """Changes of one instance that become true together when the block ends, or not at all."""
        async with self._database.pool.acquire() as connection:
            try:
                async with connection.transaction():
                    await documents.lock(connection, instance)
                    moment = now_ms() if now is None else now
                    write = Write(connection, self.site, self.catalogue, actor, moment, self._guard)
                    yield write
                    await write.flush()
            except asyncpg.ForeignKeyViolationError as violation:
                raise ServiceError(
                    "ResourceConflictException", f"The configuration was changed meanwhile: {violation.detail}"
                ) from None
        self._publish(write)

    def _publish(self, write: Write) -> None:
        for notice, document in write._log:
            if document is not None:
                self.catalogue.apply(document)
            elif notice.kind:
                self.catalogue.apply_deletion(notice.instance, notice.kind, notice.id, notice.revision)
            else:
                self.catalogue.apply_drop(notice.instance, notice.revision)

    async def create(
        self,
        kind: str,
        instance: str,
        name: str,
        body: dict[str, Any],
        *,
        actor: Actor = SYSTEM,
        tags: dict[str, str] | None = None,
        identifier: str | None = None,
    ) -> Document:
        """Write one new document."""
        async with self.write(instance, actor) as write:
            return await write.create(kind, instance, name, body, tags, identifier)

    async def update(
        self,
        instance: str,
        kind: str,
        identifier: str,
        change: Callable[[Document], dict[str, Any]],
        *,
        name: str | None = None,
        actor: Actor = SYSTEM,
        expected: int | None = None,
    ) -> Document:
        """Replace the body by `change(document)`, computed on the newest version."""
        async with self.write(instance, actor) as write:
            document = await self.newest(write, instance, kind, identifier)
            return await write.update(document, name=name, body=change(document), expected=expected)

    async def delete(self, instance: str, kind: str, identifier: str, *, actor: Actor = SYSTEM) -> None:
        """Remove one document."""
        async with self.write(instance, actor) as write:
            await write.delete(await self.newest(write, instance, kind, identifier))

    async def tag(self, document: Document, tags: dict[str, str], *, actor: Actor = SYSTEM) -> Document:
        """Add tags; equal keys get the new value."""
        async with self.write(document.instance, actor) as write:
            current = await self.newest(write, document.instance, document.kind, document.id)
            return await write.update(current, tags={**current.tags, **tags})

    async def untag(self, document: Document, keys: list[str], *, actor: Actor = SYSTEM) -> Document:
        """Remove tags by key."""
        async with self.write(document.instance, actor) as write:
            current = await self.newest(write, document.instance, document.kind, document.id)
            return await write.update(
                current, tags={key: value for key, value in current.tags.items() if key not in keys}
            )

    async def newest(self, write: Write, instance: str, kind: str, identifier: str) -> Document:
        """The document as stored now; raises ResourceNotFoundException."""
        stored = await documents.read(write.connection, instance, kind, identifier)
        if stored is None:
            raise ServiceError(
                "ResourceNotFoundException",
                f"{declaration(kind).label} {identifier} was not found",
                ResourceId=identifier,
            )
        return stored

    async def history(self, wanted: HistoryFilter) -> list[HistoryRow]:
        """The change history, newest first."""
        async with self._database.pool.acquire() as connection:
            return await documents.history(connection, wanted)


def fingerprint(request: object) -> str:
    """What makes two requests the same, for client tokens."""
    return hashlib.sha256(msgspec.json.encode(request, order="deterministic")).hexdigest()


def _state(document: Document) -> dict[str, Any]:
    return {"Name": document.name, "Tags": document.tags, **document.body}


def _duplicate(resource: Resource, name: str) -> ServiceError:
    return ServiceError(resource.duplicate, f"A {resource.label.lower()} named {name} already exists")
