"""Documents: the rows of configuration objects, their references, change history and client tokens.

Everything here runs on a connection inside the caller's transaction; a change notice reaches other nodes when that
transaction commits.
"""

from typing import TYPE_CHECKING, Any, TypeAlias

import asyncpg
import msgspec

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

CHANNEL = "switchroom_documents"
"""The PostgreSQL notification channel of change notices."""

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]"


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One configuration object. `body` has the member names of the API; times are epoch milliseconds.

    `version` counts the changes of this document, `revision` orders changes over the whole site.
    """

    instance: str
    kind: str
    id: str
    arn: str
    name: str
    body: dict[str, Any]
    tags: dict[str, str]
    version: int
    revision: int = 0
    created_at: int
    modified_at: int
    modified_by: str
    modified_region: str


class Actor(msgspec.Struct, frozen=True):
    """Who changes something: an API key, a person, or the system; `name` is how people know them."""

    kind: str
    id: str
    name: str


class Notice(msgspec.Struct, array_like=True, frozen=True):
    """A change notice: the document, or the whole instance when `kind` is empty, changed at `revision`."""

    instance: str
    kind: str
    id: str
    revision: int


class HistoryRow(msgspec.Struct, frozen=True):
    """One change as stored. `before` and `after` hold `Name`, `Tags` and the body; None where nothing was or is."""

    seq: int
    instance: str
    kind: str
    id: str
    name: str
    version: int
    action: str
    at: int
    actor_kind: str
    actor_id: str
    actor: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class HistoryFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which changes to read, newest first. `before_seq` continues a page; times are epoch milliseconds."""

    instance: str
    kinds: tuple[str, ...] | None = None
    id: str | None = None
    since: int | None = None
    until: int | None = None
    actor: str | None = None
    before_seq: int | None = None
    limit: int = 100


_COLUMNS = """instance, kind, id, arn, name, body::text AS body, tags::text AS tags, version, revision,
    created_at, modified_at, modified_by, modified_region"""


_HISTORY = ("seq", "instance", "kind", "id", "name", "version", "action", "at", "actor_kind", "actor_id", "actor")


def _document(row: asyncpg.Record) -> Document:
    return Document(
        instance=row["instance"],
        kind=row["kind"],
        id=row["id"],
        arn=row["arn"],
        name=row["name"],
        body=msgspec.json.decode(row["body"]),
        tags=msgspec.json.decode(row["tags"], type=dict[str, str]),
        version=row["version"],
        revision=row["revision"],
        created_at=row["created_at"],
        modified_at=row["modified_at"],
        modified_by=row["modified_by"],
        modified_region=row["modified_region"],
    )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


async def lock(connection: Connection, instance: str) -> None:
    """Until the transaction ends nobody else changes documents of this instance."""
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 77))", instance)


async def load(connection: Connection) -> tuple[list[Document], int]:
    """Every document of the site, and the revision up to which nothing else exists."""
    horizon = int(await connection.fetchval("SELECT last_value FROM document_revisions"))
    return [_document(row) for row in await connection.fetch(f"SELECT {_COLUMNS} FROM documents")], horizon


async def read(connection: Connection, instance: str, kind: str, identifier: str) -> Document | None:
    """One document, or None."""
    row = await connection.fetchrow(
        f"SELECT {_COLUMNS} FROM documents WHERE instance = $1 AND kind = $2 AND id = $3", instance, kind, identifier
    )
    return _document(row) if row else None


async def named(connection: Connection, kind: str, name: str) -> bool:
    """Whether any instance of the site has a document of this kind and name, whatever its case."""
    return bool(
        await connection.fetchval(
            "SELECT EXISTS (SELECT FROM documents WHERE kind = $1 AND lower(name) = lower($2))", kind, name
        )
    )


async def insert(connection: Connection, document: Document, unique_name: str | None) -> Document | None:
    """Write a new document; None when its name or id is taken."""
    revision = await connection.fetchval(
        """INSERT INTO documents (instance, kind, id, arn, name, unique_name, body, tags, version, revision,
               created_at, modified_at, modified_by, modified_region)
           VALUES ($1, $2, $3, $4, $5, $6, $7::text::jsonb, $8::text::jsonb, $9, nextval('document_revisions'),
               $10, $11, $12, $13)
           ON CONFLICT DO NOTHING
           RETURNING revision""",
        document.instance,
        document.kind,
        document.id,
        document.arn,
        document.name,
        unique_name,
        _json(document.body),
        _json(document.tags),
        document.version,
        document.created_at,
        document.modified_at,
        document.modified_by,
        document.modified_region,
    )
    return None if revision is None else msgspec.structs.replace(document, revision=revision)


async def update(connection: Connection, document: Document, unique_name: str | None) -> Document | None:
    """Replace a document by its next version; None when the stored version is not the one before it."""
    revision = await connection.fetchval(
        """UPDATE documents SET name = $4, unique_name = $5, body = $6::text::jsonb, tags = $7::text::jsonb,
               version = $8, revision = nextval('document_revisions'), modified_at = $9, modified_by = $10,
               modified_region = $11
           WHERE instance = $1 AND kind = $2 AND id = $3 AND version = $8 - 1
           RETURNING revision""",
        document.instance,
        document.kind,
        document.id,
        document.name,
        unique_name,
        _json(document.body),
        _json(document.tags),
        document.version,
        document.modified_at,
        document.modified_by,
        document.modified_region,
    )
    return None if revision is None else msgspec.structs.replace(document, revision=revision)


async def delete(connection: Connection, document: Document) -> int:
    """Remove a document; the revision of its removal."""
    await connection.execute(
        "DELETE FROM documents WHERE instance = $1 AND kind = $2 AND id = $3",
        document.instance,
        document.kind,
        document.id,
    )
    return int(await connection.fetchval("SELECT nextval('document_revisions')"))


async def drop_instance(connection: Connection, instance: str) -> int:
    """Remove every document of an instance; the revision of the removal."""
    await connection.execute("DELETE FROM document_references WHERE instance = $1", instance)
    await connection.execute("DELETE FROM documents WHERE instance = $1", instance)
    await connection.execute("DELETE FROM passwords WHERE instance = $1", instance)
    await connection.execute("DELETE FROM sessions WHERE instance = $1", instance)
    await connection.execute("DELETE FROM one_time_links WHERE instance = $1", instance)
    await connection.execute("DELETE FROM user_batches WHERE instance = $1", instance)
    await connection.execute("DELETE FROM event_connections WHERE instance = $1", instance)
    await connection.execute("DELETE FROM external_events WHERE instance = $1", instance)
    return int(await connection.fetchval("SELECT nextval('document_revisions')"))


Key: TypeAlias = tuple[str, str, str]
"""Instance, kind and id."""


async def refer(connection: Connection, references: dict[Key, set[tuple[str, str]]], fresh: set[Key]) -> None:
    """State the (kind, id) pairs that must exist as long as each document refers to them; `fresh` are new documents."""
    old = [key for key in references if key not in fresh]
    if old:
        await connection.executemany(
            "DELETE FROM document_references WHERE instance = $1 AND kind = $2 AND id = $3", old
        )
    rows = [(*key, kind, target) for key, targets in references.items() for kind, target in sorted(targets)]
    if rows:
        await connection.executemany(
            "INSERT INTO document_references (instance, kind, id, to_kind, to_id) VALUES ($1, $2, $3, $4, $5)", rows
        )


class Entry(msgspec.Struct, frozen=True):
    """A change to append to the history; its time is that of `document`."""

    document: Document
    action: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


async def record(connection: Connection, actor: Actor, entries: list[Entry]) -> None:
    """Append to the change history."""
    await connection.executemany(
        """INSERT INTO document_history (instance, kind, id, name, version, action, at, actor_kind, actor_id, actor,
               before, after)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::text::jsonb, $12::text::jsonb)""",
        [
            (
                entry.document.instance,
                entry.document.kind,
                entry.document.id,
                entry.document.name,
                entry.document.version,
                entry.action,
                entry.document.modified_at,
                actor.kind,
                actor.id,
                actor.name,
                None if entry.before is None else _json(entry.before),
                None if entry.after is None else _json(entry.after),
            )
            for entry in entries
        ],
    )


async def history(connection: Connection, wanted: HistoryFilter) -> list[HistoryRow]:
    """Changes that match, newest first."""
    rows = await connection.fetch(
        """SELECT seq, instance, kind, id, name, version, action, at, actor_kind, actor_id, actor,
               before::text AS before,
               after::text AS after
           FROM document_history
           WHERE instance = $1 AND ($2::text[] IS NULL OR kind = ANY($2)) AND ($3::text IS NULL OR id = $3)
               AND ($4::bigint IS NULL OR at >= $4) AND ($5::bigint IS NULL OR at < $5)
               AND ($6::text IS NULL OR lower(actor) = lower($6)) AND ($7::bigint IS NULL OR seq < $7)
           ORDER BY seq DESC LIMIT $8""",
        wanted.instance,
        None if wanted.kinds is None else list(wanted.kinds),
        wanted.id,
        wanted.since,
        wanted.until,
        wanted.actor,
        wanted.before_seq,
        wanted.limit,
    )
    return [
        HistoryRow(
            **{key: row[key] for key in _HISTORY},
            before=None if row["before"] is None else msgspec.json.decode(row["before"]),
            after=None if row["after"] is None else msgspec.json.decode(row["after"]),
        )
        for row in rows
    ]


async def last_names(connection: Connection, instance: str, kind: str, identifiers: list[str]) -> dict[str, str]:
    """What documents were last called, by id; those that never were are left out."""
    rows = await connection.fetch(
        """SELECT wanted.id, last.name FROM unnest($3::text[]) AS wanted (id), LATERAL (
               SELECT name FROM document_history
               WHERE instance = $1 AND kind = $2 AND id = wanted.id ORDER BY seq DESC LIMIT 1) AS last""",
        instance,
        kind,
        identifiers,
    )
    return {row["id"]: row["name"] for row in rows}


async def notify(connection: Connection, notices: list[Notice]) -> None:
    """Tell every node, at commit."""
    await connection.executemany("SELECT pg_notify($1, $2)", [(CHANNEL, _json(notice)) for notice in notices])


async def recall(connection: Connection, scope: str, operation: str, token: str) -> tuple[str, Any] | None:
    """Fingerprint and answer of a client token, or None when it is new."""
    row = await connection.fetchrow(
        """SELECT fingerprint, answer::text AS answer FROM client_tokens
           WHERE scope = $1 AND operation = $2 AND token = $3""",
        scope,
        operation,
        token,
    )
    return (row["fingerprint"], msgspec.json.decode(row["answer"])) if row else None


async def remember(
    connection: Connection, scope: str, operation: str, token: str, fingerprint: str, answer: object, at: int
) -> None:
    """Keep the answer given to a client token; tokens older than seven days are forgotten."""
    await connection.execute("DELETE FROM client_tokens WHERE at < $1", at - 7 * 86_400_000)
    await connection.execute(
        """INSERT INTO client_tokens (scope, operation, token, fingerprint, answer, at)
           VALUES ($1, $2, $3, $4, $5::text::jsonb, $6)""",
        scope,
        operation,
        token,
        fingerprint,
        _json(answer),
        at,
    )


async def put_password(connection: Connection, instance: str, user: str, hashed: str, at: int) -> None:
    """The password of a new user, as argon2id hash."""
    await connection.execute(
        "INSERT INTO passwords (instance, user_id, hash, changed_at) VALUES ($1, $2, $3, $4)",
        instance,
        user,
        hashed,
        at,
    )


async def forget_user(connection: Connection, instance: str, user: str) -> None:
    """Remove password, sessions and links of a user who is deleted."""
    await connection.execute("DELETE FROM passwords WHERE instance = $1 AND user_id = $2", instance, user)
    await connection.execute("DELETE FROM sessions WHERE instance = $1 AND user_id = $2", instance, user)
    await connection.execute("DELETE FROM one_time_links WHERE instance = $1 AND user_id = $2", instance, user)
