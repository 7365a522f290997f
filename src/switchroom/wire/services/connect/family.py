"""Operations generated from the declaration of a family: create, describe, list, search, update, delete.

A family file states names and members; what is special about an operation is a function of its own beside it.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from switchroom.base.arns import parse_id
from switchroom.resources import search
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Document
from switchroom.resources.repository import Write
from switchroom.resources.search import Field, Leaf
from switchroom.wire.access import restricted, visible
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import (
    actor,
    by_name,
    catalogue,
    instance_of,
    modified,
    once,
    page,
    repository,
)

Body = dict[str, Any]
Prepare = Callable[[Write, str, Body, dict[str, Any]], Body]
After = Callable[[Write, Document, dict[str, Any]], Awaitable[None]]
Select = Callable[[Document, dict[str, Any]], bool]


def _text(member: str) -> Field:
    return lambda document: (str(document.body[member]),) if document.body.get(member) is not None else ()


def fields(**members: str) -> dict[str, Field]:
    """Search fields: name, description, resource id, and `field=Member` of the body."""
    return {
        "name": lambda document: (document.name,),
        "description": _text("Description"),
        "resourceid": lambda document: (document.id,),
        **{name.casefold(): _text(member) for name, member in members.items()},
    }


@dataclass(frozen=True, slots=True)
class Update:
    """An operation that sets members. Members the request leaves out stay, except those in `clears`."""

    members: tuple[str, ...]
    clears: tuple[str, ...] = ()
    permission: str | None = None
    also: str | None = None
    prepare: Prepare | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """One kind on the wire.

    `noun` and `plural` make the operation names (`CreateQueue`, `ListQueues`), `identity` the id member and
    `arn` the ARN member of requests and answers; `name` is the member with the name. `members` go from the create
    request into the body as they are. `permission` is the resource of the permission keys.
    """

    kind: str
    noun: str
    plural: str
    permission: str
    members: tuple[str, ...]
    identity: str
    arn: str
    name: str = "Name"
    shape_id: str = ""
    shape_arn: str = ""
    described: str = ""
    listed: str = ""
    summary_list: str = ""
    summary: Callable[[Document], dict[str, Any]] | None = None
    select: Select | None = None
    selectors: tuple[str, ...] = ()
    searched: str = ""
    search_fields: Mapping[str, Field] = field(default_factory=fields)
    leaves: Callable[[Catalogue, str], Mapping[str, Leaf]] | None = None
    searchable: Callable[[Document], bool] | None = None
    defaults: Mapping[str, Any] = field(default_factory=dict)
    prepare: Prepare | None = None
    created: After | None = None
    updates: Mapping[str, Update] = field(default_factory=dict)
    implied: tuple[str, ...] = ()
    details: Callable[[Catalogue, Document], dict[str, Any]] | None = None
    without: frozenset[str] = frozenset()

    def shape(self, found: Catalogue, document: Document) -> dict[str, Any]:
        """The document as Describe and Search answer it."""
        if self.details is None:
            return found.memo(document.instance, document.kind, ("shape", document.id), lambda: self._plain(document))
        return {**self._plain(document), **self.details(found, document)}

    def _plain(self, document: Document) -> dict[str, Any]:
        return {
            self.shape_id or self.identity: document.id,
            self.shape_arn or self.arn: document.arn,
            self.name: document.name,
            **document.body,
            "Tags": document.tags,
            **modified(document),
        }

    def summarize(self, document: Document) -> dict[str, Any]:
        """The document as List answers it."""
        extra = self.summary(document) if self.summary else {}
        return {"Id": document.id, "Arn": document.arn, "Name": document.name, **extra, **modified(document)}

    def register(self) -> "Family":
        """Bind the operations of this family that are not in `without`."""
        bound = {
            f"Create{self.noun}": (self._create(), (f"{self.permission}.Create",)),
            f"Describe{self.noun}": (self._describe(), (f"{self.permission}.View",)),
            f"Delete{self.noun}": (self.delete, (f"{self.permission}.Delete",)),
            self.listed or f"List{self.plural}": (self._list(), (f"{self.permission}.View", *self.implied)),
            f"Search{self.plural}": (self._search(), (f"{self.permission}.View",)),
        }
        for name, (handler, permission) in bound.items():
            if name not in self.without:
                operation("connect", name, permission=permission)(handler)
        for name, update in self.updates.items():
            permission = (update.permission or f"{self.permission}.Edit",)
            operation("connect", name, permission=permission, also=update.also)(self._update(update))
        return self

    def _create(self) -> Callable[..., Any]:
        async def create(call: Call, request: dict[str, Any]) -> dict[str, Any]:
            instance = instance_of(call, request)
            body = {**self.defaults, **{name: request[name] for name in self.members if request.get(name) is not None}}
            async with repository(call).write(instance, actor(call), call.now) as write:

                async def produce() -> dict[str, Any]:
                    ready = self.prepare(write, instance, body, request) if self.prepare else body
                    document = await write.create(self.kind, instance, request[self.name], ready, request.get("Tags"))
                    if self.created:
                        await self.created(write, document, request)
                    return {self.identity: document.id, self.arn: document.arn}

                return await once(call, write, request, instance, produce)

        return create

    def _describe(self) -> Callable[..., Any]:
        member, kind, identity = self.described or self.noun, self.kind, self.identity

        def describe(call: Call, request: dict[str, Any]) -> dict[str, Any]:
            instance = instance_of(call, request)
            found = catalogue(call)
            return {member: self.shape(found, found.get(instance, kind, parse_id(request[identity])))}

        return describe

    def _list(self) -> Callable[..., Any]:
        member, seeing = self.summary_list or f"{self.noun}SummaryList", (f"{self.permission}.View", *self.implied)

        def summaries(call: Call, instance: str, request: dict[str, Any]) -> list[dict[str, Any]]:
            found = visible(call, self.kind, catalogue(call).all(instance, self.kind), seeing)
            return [
                self.summarize(document) for document in found if self.select is None or self.select(document, request)
            ]

        def list_(call: Call, request: dict[str, Any]) -> dict[str, Any]:
            instance = instance_of(call, request)
            if restricted(call, self.kind, seeing):
                items = summaries(call, instance, request)
            else:
                chosen = ("list", *(str(request.get(name)) for name in self.selectors))
                items = catalogue(call).memo(instance, self.kind, chosen, lambda: summaries(call, instance, request))
            return page(call, request, member, items, key=_summary_key)

        return list_

    def _search(self) -> Callable[..., Any]:
        def search_(call: Call, request: dict[str, Any]) -> dict[str, Any]:
            instance = instance_of(call, request)
            found = self.found(call, instance, request)
            answer = page(call, request, self.plural, found, key=by_name)
            shapes = [self.shape(catalogue(call), document) for document in answer[self.plural]]
            return {**answer, self.plural: shapes, "ApproximateTotalCount": len(found)}

        return search_

    def found(self, call: Call, instance: str, request: dict[str, Any]) -> list[Document]:
        """The documents that the criteria and filters of a Search request leave."""
        leaves = self.leaves(catalogue(call), instance) if self.leaves else {}
        wanted = search.criteria(request.get("SearchCriteria") or {}, self.search_fields, leaves)
        left = search.search_filter(request.get("SearchFilter") or {}, leaves)
        seen = visible(call, self.kind, catalogue(call).all(instance, self.kind), f"{self.permission}.View")
        return [
            document
            for document in seen
            if (self.searchable is None or self.searchable(document)) and left(document) and wanted(document)
        ]

    def _update(self, update: Update) -> Callable[..., Any]:
        async def update_(call: Call, request: dict[str, Any]) -> None:
            instance = instance_of(call, request)
            identifier = parse_id(request[self.identity])
            catalogue(call).get(instance, self.kind, identifier)
            async with repository(call).write(instance, actor(call), call.now) as write:
                document = await repository(call).newest(write, instance, self.kind, identifier)
                body = dict(document.body)
                for member in update.members:
                    if request.get(member) is not None:
                        body[member] = request[member]
                    elif member in update.clears:
                        body.pop(member, None)
                name = body.pop(self.name, None) if self.name in update.members else None
                if update.prepare:
                    body = update.prepare(write, instance, body, request)
                await write.update(document, name=name, body=body)

        return update_

    async def delete(self, call: Call, request: dict[str, Any]) -> None:
        """The Delete operation."""
        instance = instance_of(call, request)
        identifier = parse_id(request[self.identity])
        catalogue(call).get(instance, self.kind, identifier)
        async with repository(call).write(instance, actor(call), call.now) as write:
            await write.delete(await repository(call).newest(write, instance, self.kind, identifier))


def _summary_key(summary: dict[str, Any]) -> tuple[str, str]:
    return summary["Name"].casefold(), summary["Id"]
