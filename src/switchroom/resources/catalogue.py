"""The read side of configuration: every document of the site in memory, the same on every node.

Loaded at start; kept fresh by change notices. A node's own writes are visible as soon as they are committed.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import asyncpg
import msgspec

from switchroom.base.errors import ServiceError
from switchroom.resources import kinds as kinds  # declares them
from switchroom.resources.document import Deleted, Document
from switchroom.resources.resource import declaration
from switchroom.storage import documents
from switchroom.storage.documents import Notice

if TYPE_CHECKING:
    from switchroom.storage.postgres import Database

    Connection = asyncpg.Connection[asyncpg.Record]

log = logging.getLogger(__name__)

Listener = Callable[[Document | Deleted], None]
T = TypeVar("T")
_Key = tuple[str, str, str]
_Group = tuple[str, str]
_LOST = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError)


class Catalogue:
    """All documents, by identifier, name, ARN and user. Reads are plain dictionary look-ups."""

    def __init__(self) -> None:
        self._groups: dict[_Group, dict[str, Document]] = {}
        self._names: dict[_Group, dict[str, str]] = {}
        self._arns: dict[str, Document] = {}
        self._users: dict[_Key, dict[_Key, None]] = {}
        self._gone: dict[_Key, int] = {}
        self._memo: dict[_Group, dict[Any, Any]] = {}
        self._listeners: list[Listener] = []
        self._database: Database | None = None
        self._reader: asyncio.Task[None] | None = None
        self._notices: asyncio.Queue[Notice | None] = asyncio.Queue()

    # reading

    def get(self, instance: str, kind: str, identifier: str) -> Document:
        """The document; raises ResourceNotFoundException."""
        document = self.find(instance, kind, identifier)
        if document is None:
            raise ServiceError(
                "ResourceNotFoundException",
                f"{declaration(kind).label} {identifier} was not found",
                ResourceId=identifier,
            )
        return document

    def find(self, instance: str, kind: str, identifier: str) -> Document | None:
        """The document or None."""
        group = self._groups.get((instance, kind))
        return group.get(identifier) if group else None

    def by_name(self, instance: str, kind: str, name: str, scope: dict[str, Any] | None = None) -> Document | None:
        """The document with this name, compared as the kind compares names; `scope` is a body with the same scope."""
        resource = declaration(kind)
        unique = resource.unique_name(name, scope or {})
        if unique is None:
            return next((document for document in self.all(instance, kind) if document.name == name), None)
        identifier = self._names.get((instance, kind), {}).get(unique)
        return self.find(instance, kind, identifier) if identifier else None

    def by_arn(self, arn: str) -> Document | None:
        """The document with this ARN."""
        return self._arns.get(arn)

    def all(self, instance: str, kind: str) -> list[Document]:
        """All documents of a kind, sorted by name without regard to case. The list is shared: do not change it."""
        return self.memo(instance, kind, "all", lambda: self._sorted(instance, kind))

    def instances(self) -> list[Document]:
        """All instances of the site, sorted by alias."""
        found = [
            document for (_, kind), group in self._groups.items() if kind == "instance" for document in group.values()
        ]
        return sorted(found, key=lambda document: (document.name.casefold(), document.id))

    def everything(self, instance: str) -> list[Document]:
        """All documents of an instance, of any kind."""
        return [
            document for (owner, _), group in self._groups.items() if owner == instance for document in group.values()
        ]

    def site_wide(self, kind: str) -> list[Document]:
        """All documents of a kind over all instances."""
        return [document for (_, found), group in self._groups.items() if found == kind for document in group.values()]

    def where_used(self, document: Document) -> list[Document]:
        """The documents that refer to this one."""
        users = self._users.get((document.instance, document.kind, document.id), {})
        return [user for key in users if (user := self.find(*key)) is not None]

    def memo(self, instance: str, kind: str, key: Any, build: Callable[[], T]) -> T:
        """What `build` computes from documents of this kind alone, kept until one of them changes."""
        group = (instance, kind)
        kept = self._memo.get(group)
        if kept is None:
            kept = self._memo[group] = {}
        value: T
        if key in kept:
            value = kept[key]
            return value
        value = kept[key] = build()
        return value

    def on_change(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` after each change, in order; the answer ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _sorted(self, instance: str, kind: str) -> list[Document]:
        group = self._groups.get((instance, kind), {})
        return sorted(group.values(), key=lambda document: (document.name.casefold(), document.id))

    # changing

    def apply(self, document: Document) -> None:
        """Take over a committed document, unless something newer is known of it."""
        key = (document.instance, document.kind, document.id)
        before = self.find(*key)
        if (before and before.revision >= document.revision) or self._gone.get(key, -1) >= document.revision:
            return
        if before:
            self._unlink(before)
        self._gone.pop(key, None)
        group = (document.instance, document.kind)
        self._groups.setdefault(group, {})[document.id] = document
        self._arns[document.arn] = document
        resource = declaration(document.kind)
        unique = resource.unique_name(document.name, document.body)
        if unique is not None:
            self._names.setdefault(group, {})[unique] = document.id
        for reference, target in resource.targets(document.body):
            self._users.setdefault((document.instance, reference.kind, target), {})[key] = None
        self._changed(group, document)

    def apply_deletion(self, instance: str, kind: str, identifier: str, revision: int) -> None:
        """Forget a document whose removal is committed."""
        key = (instance, kind, identifier)
        self._gone[key] = max(revision, self._gone.get(key, -1))
        before = self.find(*key)
        if before is None or before.revision > revision:
            return
        self._unlink(before)
        del self._groups[(instance, kind)][identifier]
        self._changed((instance, kind), Deleted(instance, kind, identifier, before))

    def apply_drop(self, instance: str, revision: int) -> None:
        """Forget a whole instance."""
        for document in self.everything(instance):
            self.apply_deletion(instance, document.kind, document.id, revision)

    def _unlink(self, document: Document) -> None:
        group = (document.instance, document.kind)
        resource = declaration(document.kind)
        unique = resource.unique_name(document.name, document.body)
        names = self._names.get(group, {})
        if unique is not None and names.get(unique) == document.id:
            del names[unique]
        if self._arns.get(document.arn) is document:
            del self._arns[document.arn]
        key = (document.instance, document.kind, document.id)
        for reference, target in resource.targets(document.body):
            self._users.get((document.instance, reference.kind, target), {}).pop(key, None)

    def _changed(self, group: _Group, change: Document | Deleted) -> None:
        self._memo.pop(group, None)
        for listener in tuple(self._listeners):
            try:
                listener(change)
            except Exception:
                log.exception("a listener failed on %s", group)

    # keeping fresh

    async def open(self, database: "Database") -> None:
        """Load everything and follow the change notices of all nodes."""
        self._database = database
        connection = await self._listen(database)
        self._reader = asyncio.create_task(self._follow(database, connection), name="catalogue")

    async def close(self) -> None:
        """Stop following."""
        if self._reader:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)
            self._reader = None

    async def _listen(self, database: "Database") -> "Connection":
        connection = await database.connect()
        try:
            connection.add_termination_listener(lambda _: self._notices.put_nowait(None))
            await connection.add_listener(documents.CHANNEL, self._hear)
            self._replace(*await documents.load(connection))
        except BaseException:
            connection.terminate()
            raise
        return connection

    def _hear(self, _connection: Any, _pid: int, _channel: str, payload: object) -> None:
        self._notices.put_nowait(msgspec.json.decode(str(payload), type=Notice))

    def _replace(self, current: list[Document], horizon: int) -> None:
        present = {(document.instance, document.kind, document.id) for document in current}
        for document in current:
            self.apply(document)
        for (instance, kind), group in list(self._groups.items()):
            for document in list(group.values()):
                if (instance, kind, document.id) not in present and document.revision <= horizon:
                    self.apply_deletion(instance, kind, document.id, document.revision)
                    del self._gone[(instance, kind, document.id)]

    async def _follow(self, database: "Database", connection: "Connection") -> None:
        try:
            while True:
                notice = await self._notices.get()
                if notice is not None:
                    await self._refresh(database, notice)
                elif connection.is_closed():
                    connection = await self._again(database)
        finally:
            connection.terminate()

    async def _again(self, database: "Database") -> "Connection":
        while True:
            try:
                connection = await self._listen(database)
            except _LOST as reason:
                log.warning("configuration notices are interrupted: %s", reason)
                await asyncio.sleep(1)
            else:
                log.info("configuration notices flow again")
                return connection

    async def _refresh(self, database: "Database", notice: Notice) -> None:
        if not notice.kind:
            self.apply_drop(notice.instance, notice.revision)
            return
        known = self.find(notice.instance, notice.kind, notice.id)
        if known and known.revision >= notice.revision:
            return
        try:
            async with database.pool.acquire() as connection:
                row = await documents.read(connection, notice.instance, notice.kind, notice.id)
        except _LOST as reason:
            log.warning("could not read a changed document: %s", reason)
            await asyncio.sleep(0.2)
            self._notices.put_nowait(notice)
            return
        if row:
            self.apply(row)
        else:
            self.apply_deletion(notice.instance, notice.kind, notice.id, notice.revision)
