"""Batches of users: queued for an instance, worked off one record after the other, on whichever node comes to it.

A record and what it does to its user become true in one transaction, so a node that dies leaves nothing half done,
and the next one goes on with the record after the last (USER-12).
"""

import logging
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from switchroom.base.clock import DAY, HOUR, now_ms
from switchroom.base.errors import ServiceError, access_denied, invalid_request, not_found
from switchroom.base.ids import new_id
from switchroom.features.passwords import OPERATOR
from switchroom.features.user_batches.changes import edit
from switchroom.features.user_batches.files import Row
from switchroom.features.user_batches.rows import NewUser, Problem, check
from switchroom.resources.access import Access, access_of, guarded
from switchroom.resources.document import Document
from switchroom.resources.granting import within_own_rights
from switchroom.resources.people import create_user, delete_user
from switchroom.resources.repository import Repository, Write
from switchroom.storage import documents
from switchroom.storage import user_batches as store
from switchroom.storage.documents import Actor
from switchroom.storage.postgres import Database, connection_lost
from switchroom.storage.security import Passwords, Sealer
from switchroom.storage.user_batches import Batch, Record

log = logging.getLogger(__name__)

NOT_FOUND = "The specified user was not found"
PARTLY = "We couldn't save some of the fields"
NOT_CREATED = "We couldn't create the user"
KEPT = 7 * DAY
"""How long a batch that is over can be looked at and tried again."""
_ATTEMPTS = 5


class Options(msgspec.Struct, frozen=True, omit_defaults=True):
    """How users are deleted."""

    force: bool = False
    quick_connects: bool = False


class UserBatches:
    """Queues batches and works them off. `wake` is called when there is something new to do."""

    def __init__(
        self,
        database: Database,
        repository: Repository,
        sealer: Sealer,
        passwords: Passwords,
        clock: Callable[[], int] = now_ms,
    ) -> None:
        self._database = database
        self._repository = repository
        self._sealer = sealer
        self._passwords = passwords
        self._clock = clock
        self._attempts: dict[tuple[str, int], int] = {}
        self._forgotten_at = 0
        self.wake: Callable[[], None] = lambda: None

    # queueing

    async def start_import(self, instance: str, rows: Sequence[Row], actor: Actor) -> str:
        """Create the users of a file. Rows with problems fail at once (USER-09)."""
        identifier = new_id()
        records = []
        found = check(self._repository.catalogue, instance, rows, self._access(instance, actor))
        for position, checked in enumerate(found):
            sealed = self._sealer.seal(msgspec.msgpack.encode(checked.row), _context(instance, identifier))
            login = checked.row.cells.get("login", "")
            record = Record(position, "PENDING", checked.row.number, None, login, sealed)
            if checked.problems:
                record = msgspec.structs.replace(
                    record, state="FAILED", reason=NOT_CREATED, fields=_fields(checked.problems)
                )
            records.append(record)
        return await self._queue(instance, "IMPORT", records, actor, identifier)

    async def start_edit(self, instance: str, users: Sequence[str], changes: dict[str, Any], actor: Actor) -> str:
        """Set some fields of many users (USER-17)."""
        return await self._queue(instance, "EDIT", await self._records(instance, users), actor, changes=changes)

    async def start_deletion(self, instance: str, users: Sequence[str], options: Options, actor: Actor) -> str:
        """Delete many users (USER-25)."""
        return await self._queue(instance, "DELETE", await self._records(instance, users), actor, options=options)

    async def retry(self, instance: str, identifier: str, actor: Actor) -> str:
        """A new batch of the records that failed, with the same values (USER-19)."""
        batch = await self.get(instance, identifier)
        failed = await store.records(self._database, instance, identifier, "FAILED")
        if batch.ended_at is None or not failed:
            raise invalid_request("Nothing of this batch can be tried again")
        if batch.kind == "IMPORT":
            rows = [self._row(batch, record) for record in failed]
            return await self.start_import(instance, rows, actor)
        options = msgspec.json.decode(batch.options, type=Options)
        changes = None if batch.changes is None else msgspec.json.decode(batch.changes)
        users = [record.user_id for record in failed if record.user_id is not None]
        records = await self._records(instance, users)
        return await self._queue(instance, batch.kind, records, actor, changes=changes, options=options)

    async def get(self, instance: str, identifier: str) -> Batch:
        """A batch. Raises ResourceNotFoundException."""
        batch = await store.get(self._database, instance, identifier)
        if batch is None:
            raise not_found("Batch", identifier)
        return batch

    async def newest(self, instance: str, before: int | None, limit: int, by: str | None = None) -> list[Batch]:
        """Batches that were not dismissed, newest first; `by`: those that this person or key started."""
        return await store.newest(self._database, instance, before, limit, by)

    async def failures(self, instance: str, identifier: str) -> list[Record]:
        """The records of a batch that failed."""
        return await store.records(self._database, instance, identifier, "FAILED")

    async def cancel(self, instance: str, identifier: str) -> None:
        """Drop what is not worked off yet (USER-14)."""
        await self.get(instance, identifier)
        await store.cancel(self._database, instance, identifier, self._clock())

    async def dismiss(self, instance: str, identifier: str) -> None:
        """Forget a batch that is over."""
        await self.get(instance, identifier)
        if not await store.dismiss(self._database, instance, identifier):
            raise invalid_request("The batch is not over yet; cancel it first")

    async def _records(self, instance: str, users: Sequence[str]) -> list[Record]:
        """One record a user; those who are gone go by the login they had last."""
        found = self._repository.catalogue
        there = {user: document.name for user in users if (document := found.find(instance, "user", user))}
        async with self._database.pool.acquire() as connection:
            gone = await documents.last_names(connection, instance, "user", sorted(set(users) - there.keys()))
        names = there | gone
        return [
            Record(position, "PENDING", None, user, names.get(user, user))
            for position, user in enumerate(dict.fromkeys(users))
        ]

    async def _queue(
        self,
        instance: str,
        kind: str,
        records: Sequence[Record],
        actor: Actor,
        identifier: str | None = None,
        *,
        changes: dict[str, Any] | None = None,
        options: Options | None = None,
    ) -> str:
        now = self._clock()
        failed = sum(record.state == "FAILED" for record in records)
        over = failed == len(records)
        batch = Batch(
            instance=instance,
            id=identifier or new_id(),
            kind=kind,
            state="DONE" if over else "QUEUED",
            total=len(records),
            succeeded=0,
            failed=failed,
            actor=actor,
            changes=None if changes is None else msgspec.json.encode(changes).decode(),
            options=msgspec.json.encode(options or Options()).decode(),
            started_at=now,
            ended_at=now if over else None,
        )
        async with self._database.pool.acquire() as connection, connection.transaction():
            await store.add(connection, batch, records)
        self.wake()
        return batch.id

    # working off

    async def work(self) -> bool:
        """Work off one record of every instance; whether there may be more."""
        instances = await store.instances_with_work(self._database)
        for instance in instances:
            await self._step(instance)
        if not instances and self._clock() > self._forgotten_at + HOUR:
            self._forgotten_at = self._clock()
            await store.forget(self._database, self._forgotten_at - KEPT)
        return bool(instances)

    async def _step(self, instance: str) -> None:
        found = await store.next_record(self._database, instance)
        if found is None:
            return
        batch, record = found
        if record is None:
            async with self._database.pool.acquire() as connection, connection.transaction():
                await store.end(connection, batch, self._clock())
            return
        try:
            await self._work_off(batch, record)
        except ServiceError as error:
            if error.code == "ResourceConflictException" and self._again(record, batch):
                return
            await self._fail(batch, record, error.message)
        except Exception as error:
            if connection_lost(error) or self._again(record, batch):
                raise
            log.exception("record %d of batch %s of users cannot be worked off", record.position, batch.id)
            await self._fail(batch, record, "Something went wrong here")

    def _again(self, record: Record, batch: Batch) -> bool:
        """Whether to try a record once more."""
        key = batch.id, record.position
        self._attempts[key] = self._attempts.get(key, 0) + 1
        if self._attempts[key] < _ATTEMPTS:
            return True
        del self._attempts[key]
        return False

    async def _work_off(self, batch: Batch, record: Record) -> None:
        user: NewUser | None = None
        hashed: str | None = None
        access = self._access(batch.instance, batch.actor)
        if batch.kind == "IMPORT":
            (checked,) = check(self._repository.catalogue, batch.instance, [self._row(batch, record)], access)
            if checked.user is None:
                await self._fail(batch, record, NOT_CREATED, _fields(checked.problems))
                return
            user = checked.user
            hashed = await self._passwords.hash(user.password) if user.password is not None else None
        repository = guarded(self._repository, access)
        if batch.actor.kind == "person":
            repository = within_own_rights(repository, batch.instance, batch.actor.id)
        async with repository.write(batch.instance, batch.actor, self._clock()) as write:
            if not await store.claim(write.connection, batch, record):
                return
            reason: str | None = None
            failed: list[str] = []
            if user is not None:
                await create_user(write, batch.instance, user.login, user.body, user.tags, hashed)
            elif batch.kind == "EDIT":
                failed = await self._edit(write, batch, record, access)
                reason = PARTLY if failed else None
            else:
                await self._delete(write, batch, record, access)
            await store.settle(write.connection, batch, record, reason, failed)

    async def _edit(self, write: Write, batch: Batch, record: Record, access: Access | None) -> list[str]:
        document = await documents.read(write.connection, batch.instance, "user", record.user_id or "")
        if document is None:
            raise not_found_user()
        _reach(batch, access, document, "Users.Edit")
        return await edit(write, document, msgspec.json.decode(batch.changes or "{}"))

    async def _delete(self, write: Write, batch: Batch, record: Record, access: Access | None) -> None:
        if (batch.actor.kind, batch.actor.id) == ("person", record.user_id):
            raise invalid_request("You cannot delete yourself")
        document = await documents.read(write.connection, batch.instance, "user", record.user_id or "")
        if document is None:
            raise not_found_user()
        _reach(batch, access, document, "Users.Delete")
        options = msgspec.json.decode(batch.options, type=Options)
        await delete_user(write, document, force=options.force, quick_connects=options.quick_connects)

    def _access(self, instance: str, actor: Actor) -> Access | None:
        """What the security profiles of whoever started a batch reach, as they are now (USER-48)."""
        if actor.kind != "person" or actor.id == OPERATOR:
            return None
        starter = self._repository.catalogue.find(instance, "user", actor.id)
        if starter is None:
            raise access_denied(f"{actor.name}, who started this, is no longer a user")
        return access_of(self._repository.catalogue, starter)

    async def _fail(self, batch: Batch, record: Record, reason: str, fields: Sequence[str] = ()) -> None:
        async with self._database.pool.acquire() as connection, connection.transaction():
            if await store.claim(connection, batch, record):
                await store.settle(connection, batch, record, reason, fields)

    def _row(self, batch: Batch, record: Record) -> Row:
        opened = self._sealer.open(record.sealed or b"", _context(batch.instance, batch.id))
        return msgspec.msgpack.decode(opened, type=Row)


def _reach(batch: Batch, access: Access | None, user: Document, permission: str) -> None:
    if access is not None and not access.allows(permission, "user", user):
        raise access_denied(f"The security profiles of {batch.actor.name} do not allow this with {user.name}")


def not_found_user() -> ServiceError:
    """A user of a stale page."""
    return ServiceError("ResourceNotFoundException", NOT_FOUND)


def _fields(problems: Sequence[Problem]) -> tuple[str, ...]:
    return tuple(f"{problem.field}: {problem.reason}" for problem in problems)


def _context(instance: str, batch: str) -> bytes:
    return f"user_batches {instance} {batch}".encode()
