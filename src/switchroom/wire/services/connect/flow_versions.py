"""Versions and aliases, the same for flows and for modules: the operations are made from what differs in names."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from switchroom.base.arns import parse_id
from switchroom.base.clock import seconds
from switchroom.base.errors import ServiceError, invalid_parameter
from switchroom.resources import flows
from switchroom.resources.document import Document
from switchroom.resources.flows import Shelf
from switchroom.resources.repository import Write
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import actor, catalogue, instance_of, modified, page, repository


@dataclass(frozen=True, slots=True)
class Topic:
    """How a shelf is called on the wire: `noun` in operation names, `identity` in requests, `permission`."""

    shelf: Shelf
    noun: str
    identity: str
    permission: str
    digest: str

    def find(self, call: Call, request: dict[str, Any]) -> tuple[Document, str]:
        """The flow or module the request names, and the qualifier behind its id."""
        instance = instance_of(call, request)
        identifier, _, qualifier = parse_id(request[self.identity]).partition(":")
        return catalogue(call).get(instance, self.shelf.kind, identifier), qualifier

    def register(self) -> None:
        """Bind the operations on versions and aliases."""
        for action, verb, handler in (
            ("Publish", f"Create{self.noun}Version", self._create_version()),
            ("Edit", f"Delete{self.noun}Version", self._delete_version()),
            ("View", f"List{self.noun}Versions", self._list_versions()),
            ("Edit", f"Create{self.noun}Alias", self._create_alias()),
            ("Edit", f"Update{self.noun}Alias", self._update_alias()),
            ("Edit", f"Delete{self.noun}Alias", self._delete_alias()),
            ("View", f"Describe{self.noun}Alias", self._describe_alias()),
            ("View", f"List{self.noun}Aliases", self._list_aliases()),
        ):
            operation("connect", verb, permission=f"{self.permission}.{action}")(handler)

    def _create_version(self) -> Callable[..., Any]:
        async def create_version(call: Call, request: dict[str, Any]) -> dict[str, Any]:
            known, _ = self.find(call, request)
            async with repository(call).write(known.instance, actor(call), call.now) as write:
                document = await repository(call).newest(write, known.instance, known.kind, known.id)
                wanted, content = request.get(self.digest), document.body.get("Content")
                if wanted is not None and content is not None and wanted != flows.digest(content):
                    raise invalid_parameter(f"{self.digest} is not that of the published content")
                version = await flows.add_version(write, self.shelf, document, request.get("Description"))
            number = version.body["Version"]
            return {f"{self.noun}Arn": f"{known.arn}:{number}", "Version": number}

        return create_version

    def _delete_version(self) -> Callable[..., Any]:
        async def delete_version(call: Call, request: dict[str, Any]) -> dict[str, Any]:
            known, _ = self.find(call, request)
            async with repository(call).write(known.instance, actor(call), call.now) as write:
                await flows.delete_version(write, self.shelf, known, request[f"{self.noun}Version"])
            return {}

        return delete_version

    def _list_versions(self) -> Callable[..., Any]:
        def list_versions(call: Call, request: dict[str, Any]) -> dict[str, Any]:
            document, _ = self.find(call, request)
            items = [
                {
                    "Arn": f"{document.arn}:{one.body['Version']}",
                    "VersionDescription": one.body.get("Description"),
                    "Version": one.body["Version"],
                    **modified(one),
                }
                for one in flows.versions(catalogue(call), self.shelf, document)
            ]
            return page(call, request, f"{self.noun}VersionSummaryList", items)

        return list_versions

    def _alias(self, call: Call, request: dict[str, Any]) -> tuple[Document, Document]:
        document, _ = self.find(call, request)
        alias = catalogue(call).get(document.instance, self.shelf.alias, parse_id(request["AliasId"]))
        if alias.body["FlowId"] != document.id:
            raise ServiceError("ResourceNotFoundException", f"Alias {alias.id} belongs to something else")
        return document, alias

    def _checked(self, write: Write, document: Document, number: int) -> int:
        return int(flows.version(write, self.shelf, document, number).body["Version"])

    def _create_alias(self) -> Callable[..., Any]:
        async def create_alias(call: Call, request: dict[str, Any]) -> dict[str, Any]:
            document, _ = self.find(call, request)
            async with repository(call).write(document.instance, actor(call), call.now) as write:
                body = {
                    "FlowId": document.id,
                    "Version": self._checked(write, document, request[f"{self.noun}Version"]),
                    "Description": request.get("Description"),
                }
                alias = await write.create(self.shelf.alias, document.instance, request["AliasName"], body)
            return {f"{self.noun}Arn": f"{document.arn}:{alias.name}", "Id": alias.id}

        return create_alias

    def _update_alias(self) -> Callable[..., Any]:
        async def update_alias(call: Call, request: dict[str, Any]) -> dict[str, Any]:
            document, known = self._alias(call, request)
            async with repository(call).write(document.instance, actor(call), call.now) as write:
                alias = await repository(call).newest(write, known.instance, known.kind, known.id)
                body = dict(alias.body)
                if request.get(f"{self.noun}Version") is not None:
                    body["Version"] = self._checked(write, document, request[f"{self.noun}Version"])
                if request.get("Description") is not None:
                    body["Description"] = request["Description"]
                await write.update(alias, name=request.get("Name"), body=body)
            return {}

        return update_alias

    def _delete_alias(self) -> Callable[..., Any]:
        async def delete_alias(call: Call, request: dict[str, Any]) -> dict[str, Any]:
            _, alias = self._alias(call, request)
            await repository(call).delete(alias.instance, alias.kind, alias.id, actor=actor(call))
            return {}

        return delete_alias

    def _describe_alias(self) -> Callable[..., Any]:
        def describe_alias(call: Call, request: dict[str, Any]) -> dict[str, Any]:
            document, alias = self._alias(call, request)
            shape = {
                f"{self.noun}Id": document.id,
                f"{self.noun}Arn": f"{document.arn}:{alias.name}",
                "AliasId": alias.id,
                "Version": alias.body["Version"],
                "Name": alias.name,
                "Description": alias.body.get("Description"),
                **modified(alias),
            }
            return {f"{self.noun}Alias": shape}

        return describe_alias

    def _list_aliases(self) -> Callable[..., Any]:
        def list_aliases(call: Call, request: dict[str, Any]) -> dict[str, Any]:
            document, _ = self.find(call, request)
            items = [
                {
                    "Arn": f"{document.arn}:{alias.name}",
                    "AliasId": alias.id,
                    "Version": alias.body["Version"],
                    "AliasName": alias.name,
                    "AliasDescription": alias.body.get("Description"),
                    "LastModifiedTime": seconds(alias.modified_at),
                    "LastModifiedRegion": alias.modified_region,
                }
                for alias in flows.aliases(catalogue(call), self.shelf, document)
            ]
            return page(call, request, f"{self.noun}AliasSummaryList", items)

        return list_aliases
