"""Rules: CreateRule, UpdateRule, DeleteRule, DescribeRule, ListRules, SearchRules (LENS-111, ROUT-107)."""

from typing import Any

from switchroom.base.arns import parse_id
from switchroom.base.clock import seconds
from switchroom.base.errors import ServiceError
from switchroom.features.rules.checking import check_rule
from switchroom.resources import search
from switchroom.resources.document import Document
from switchroom.resources.kinds.rule import event_source
from switchroom.resources.repository import Write
from switchroom.resources.search import Field
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import (
    actor,
    by_name,
    catalogue,
    instance_of,
    once,
    page,
    repository,
    target,
)

_KIND, _ID = "rule", "RuleId"
_FIELDS: dict[str, Field] = {
    "name": lambda rule: (rule.name,),
    "resourceid": lambda rule: (rule.id,),
    "ruleid": lambda rule: (rule.id,),
    "eventsourcename": lambda rule: (event_source(rule),),
    "publishstatus": lambda rule: (rule.body["PublishStatus"],),
}
"""What SearchRules can compare, by name in small letters."""
_SETTINGS = ("Function", "Actions", "PublishStatus", "PreEvaluationFilters")


@operation("connect", "CreateRule", permission="Rules.Create")
async def create_rule(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """A draft does nothing."""
    instance = instance_of(call, request)
    body = {"TriggerEventSource": _source(request["TriggerEventSource"]), **_settings(request)}
    async with repository(call).write(instance, actor(call), call.now) as write:

        async def produce() -> dict[str, Any]:
            check_rule(write, instance, body, new=True)
            made = await write.create(_KIND, instance, request["Name"], body, request.get("Tags"))
            return {"RuleArn": made.arn, "RuleId": made.id}

        return await once(call, write, request, instance, produce)


@operation("connect", "UpdateRule", permission="Rules.Edit")
async def update_rule(call: Call, request: dict[str, Any]) -> None:
    """Everything but the event source, which stays."""
    known = target(call, request, _KIND, _ID)
    try:
        async with repository(call).write(known.instance, actor(call), call.now) as write:
            await _update(call, write, known, request)
    except ServiceError as error:
        if error.code == "ConditionalOperationFailedException":
            raise ServiceError("ResourceConflictException", error.message) from None
        raise


async def _update(call: Call, write: Write, known: Document, request: dict[str, Any]) -> None:
    document = await repository(call).newest(write, known.instance, _KIND, known.id)
    body = {"TriggerEventSource": document.body["TriggerEventSource"], **_settings(request)}
    check_rule(write, known.instance, body, new=False)
    await write.update(document, name=request["Name"], body=body)


@operation("connect", "DeleteRule", permission="Rules.Delete")
async def delete_rule(call: Call, request: dict[str, Any]) -> None:
    """Tasks it made stay."""
    known = target(call, request, _KIND, _ID)
    await repository(call).delete(known.instance, _KIND, known.id, actor=actor(call))


@operation("connect", "DescribeRule", permission="Rules.View")
def describe_rule(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """One rule."""
    rule = target(call, request, _KIND, _ID)
    return {
        "Rule": {
            "Name": rule.name,
            "RuleId": rule.id,
            "RuleArn": rule.arn,
            **rule.body,
            "CreatedTime": seconds(rule.created_at),
            "LastUpdatedTime": seconds(rule.modified_at),
            "LastUpdatedBy": _author(call, rule),
            "Tags": rule.tags,
        }
    }


@operation("connect", "ListRules", permission="Rules.View")
def list_rules(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """By name; those of an event source or a status, if asked."""
    instance = instance_of(call, request)
    source, status = request.get("EventSourceName"), request.get("PublishStatus")
    found = [
        rule
        for rule in catalogue(call).all(instance, _KIND)
        if source in (None, event_source(rule)) and status in (None, rule.body["PublishStatus"])
    ]
    answer = page(call, request, "RuleSummaryList", found, key=by_name, default=200)
    return {**answer, "RuleSummaryList": [_summary(rule) for rule in answer["RuleSummaryList"]]}


@operation("connect", "SearchRules", permission="Rules.View")
def search_rules(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """By name, event source, status, and tags."""
    instance = instance_of(call, request)
    wanted = search.criteria(request.get("SearchCriteria") or {}, _FIELDS, {})
    left = search.search_filter(request.get("SearchFilter") or {}, {})
    found = [rule for rule in catalogue(call).all(instance, _KIND) if left(rule) and wanted(rule)]
    answer = page(call, request, "Rules", found, key=by_name, default=200)
    shapes = [_found(call, rule) for rule in answer["Rules"]]
    return {**answer, "Rules": shapes, "ApproximateTotalCount": len(found)}


def _found(call: Call, rule: Document) -> dict[str, Any]:
    source = {"TriggerEventSource": rule.body["TriggerEventSource"]}
    return {**_summary(rule), **source, "LastUpdatedBy": _author(call, rule), "Tags": rule.tags}


def _summary(rule: Document) -> dict[str, Any]:
    return {
        "Name": rule.name,
        "RuleId": rule.id,
        "RuleArn": rule.arn,
        "EventSourceName": event_source(rule),
        "PublishStatus": rule.body["PublishStatus"],
        "ActionSummaries": [{"ActionType": action["ActionType"]} for action in rule.body["Actions"]],
        "CreatedTime": seconds(rule.created_at),
        "LastUpdatedTime": seconds(rule.modified_at),
    }


def _settings(request: dict[str, Any]) -> dict[str, Any]:
    return {name: request[name] for name in _SETTINGS if request.get(name) is not None}


def _source(given: dict[str, Any]) -> dict[str, Any]:
    association = parse_id(given.get("IntegrationAssociationId") or "")
    return {
        "EventSourceName": given["EventSourceName"],
        **({"IntegrationAssociationId": association} if association else {}),
    }


def _author(call: Call, rule: Document) -> str:
    """The ARN of the person who changed it last; of the account where a key did."""
    user = catalogue(call).by_name(rule.instance, "user", rule.modified_by)
    return user.arn if user else f"arn:aws:iam::{call.services.site.account}:user/{rule.modified_by}"
