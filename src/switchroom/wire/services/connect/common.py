"""What handlers of configuration share: who acts on which instance, pages, client tokens."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from switchroom.base.arns import parse_id
from switchroom.base.clock import seconds
from switchroom.base.errors import ServiceError, access_denied
from switchroom.resources.access import guarded
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Document
from switchroom.resources.granting import within_own_rights
from switchroom.resources.repository import Repository, Write, fingerprint
from switchroom.resources.resource import declaration
from switchroom.storage import documents
from switchroom.storage.documents import Actor
from switchroom.wire.call import Call
from switchroom.wire.pagination import paginate

PAGE = 100
_MODELS_IDEMPOTENCY = frozenset(
    {"ClaimPhoneNumber", "ImportPhoneNumber", "UpdatePhoneNumber", "ReleasePhoneNumber", "CreateContactFlowModule"}
)
Shape = Callable[[Catalogue, Document], dict[str, Any]]


def catalogue(call: Call) -> Catalogue:
    """The configuration of the site."""
    found: Catalogue = call.services.catalogue
    return found


def repository(call: Call) -> Repository:
    """Where configuration is changed, within the reach and the rights of the caller."""
    found: Repository = guarded(call.services.repository, call.caller.access)
    if call.caller.kind != "person" or call.caller.instance is None:
        return found
    return within_own_rights(found, call.caller.instance, call.caller.id)


def instance_of(call: Call, request: dict[str, Any], member: str = "InstanceId") -> str:
    """The id of the instance the request is about. People see their own instance only."""
    identifier = parse_id(request[member])
    if catalogue(call).find(identifier, "instance", identifier) is None:
        raise ServiceError("ResourceNotFoundException", f"Instance {identifier} was not found", ResourceId=identifier)
    own_instance(call, identifier)
    return identifier


def own_instance(call: Call, instance: str) -> None:
    """Refuse a person of another instance."""
    if call.caller.instance is not None and call.caller.instance != instance:
        raise access_denied("This belongs to another instance")


def target(call: Call, request: dict[str, Any], kind: str, member: str) -> Document:
    """The document that `member` of the request names by id or ARN."""
    instance = instance_of(call, request)
    return catalogue(call).get(instance, kind, parse_id(request[member]))


def actor(call: Call) -> Actor:
    """Under whom a change of this caller stands in the change history."""
    return Actor(call.caller.kind, call.caller.id, call.caller.name or call.caller.id)


def modified(document: Document) -> dict[str, Any]:
    """`LastModifiedTime` and `LastModifiedRegion`."""
    return {"LastModifiedTime": seconds(document.modified_at), "LastModifiedRegion": document.modified_region}


def by_name(document: Document) -> tuple[str, str]:
    """The order of lists."""
    return document.name.casefold(), document.id


def page(
    call: Call,
    request: dict[str, Any],
    member: str,
    items: Sequence[Any],
    *,
    key: Callable[[Any], Any] | None = None,
    default: int = PAGE,
) -> dict[str, Any]:
    """The part of `items` the request asks for, and the token for the next part."""
    part, token = paginate(call, items, request, default=default, key=key)
    return {member: part, "NextToken": token}


async def change(
    call: Call, request: dict[str, Any], kind: str, member: str, body: Callable[[Write, Document], dict[str, Any]]
) -> Document:
    """Replace the body of the document that `member` names, computed on its newest version."""
    known = target(call, request, kind, member)
    async with repository(call).write(known.instance, actor(call), call.now) as write:
        document = await repository(call).newest(write, known.instance, kind, known.id)
        return await write.update(document, body=body(write, document))


async def once(
    call: Call, write: Write, request: dict[str, Any], scope: str, produce: Callable[[], Awaitable[dict[str, Any]]]
) -> dict[str, Any]:
    """Answer a repeated ClientToken as before without doing anything again; a token is kept for seven days.

    Raises IdempotencyException when the token came with another request, or InvalidRequestException where the
    operation does not model that.
    """
    token = request.get("ClientToken")
    if not token:
        return await produce()
    print_ = fingerprint({name: value for name, value in request.items() if name != "ClientToken"})
    known = await documents.recall(write.connection, scope, call.operation, token)
    if known is not None:
        if known[0] != print_:
            code = "IdempotencyException" if call.operation in _MODELS_IDEMPOTENCY else "InvalidRequestException"
            raise ServiceError(code, "This ClientToken was used with a different request")
        answer: dict[str, Any] = known[1]
        return answer
    answer = await produce()
    await documents.remember(write.connection, scope, call.operation, token, print_, answer, call.now)
    return answer


def label(kind: str) -> str:
    """What messages call a kind."""
    return declaration(kind).label
