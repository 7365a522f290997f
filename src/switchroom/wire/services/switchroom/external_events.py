"""Connections to applications outside and their events, and what rules can be made of (ROUT-101..108)."""

from typing import Any

import msgspec

from switchroom.base.clock import seconds
from switchroom.base.errors import ServiceError
from switchroom.features.rules import triggers
from switchroom.features.rules.applications import APPLICATIONS
from switchroom.features.rules.connections import Connections, Wanted
from switchroom.features.rules.evaluation import Outcome, used_for_rules
from switchroom.features.rules.happening import plain
from switchroom.features.rules.intake import WORD
from switchroom.features.rules.triggers import Trigger
from switchroom.storage.external_events import EventConnection, StoredEvent
from switchroom.wire.call import Call
from switchroom.wire.event_route import ROUTE
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import actor, catalogue, instance_of, repository
from switchroom.wire.services.switchroom.contact_pages import page_position, page_size
from switchroom.wire.services.switchroom.instance_settings import ADMINISTRATOR

VIEW = ("Rules.View", ADMINISTRATOR)
_EXAMPLE_URL = {"ZENDESK": "https://example.zendesk.com", "SALESFORCE": "https://example.my.salesforce.com"}


@operation("switchroom", "ListRuleTriggers", permission="Rules.View")
def list_rule_triggers(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Those that run first."""
    instance_of(call, request)
    found = sorted(triggers.TRIGGERS.values(), key=lambda one: (not one.runs, one.label))
    return {"Triggers": [_trigger(one, call.now) for one in found]}


@operation("switchroom", "ListEventConnections", permission=VIEW)
async def list_event_connections(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """ROUT-104: with status and last event."""
    instance = instance_of(call, request)
    found, states = await _connections(call).all(instance), await _connections(call).last_states(instance)
    reusable = _connections(call).reusable(instance)
    return {
        "Connections": [_shape(call, one, states.get(one.id)) for one in found],
        "Reusable": [_shape(call, one, None) for one in reusable],
    }


@operation("switchroom", "DescribeEventConnection", permission=VIEW)
async def describe_event_connection(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """One connection, removed or not."""
    instance = instance_of(call, request)
    return {"Connection": await _described(call, instance, request["ConnectionId"])}


@operation("switchroom", "CreateEventConnection", permission=ADMINISTRATOR)
async def create_event_connection(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """ROUT-101: the secret is shown this once."""
    instance = instance_of(call, request)
    wanted = Wanted(
        application=request["Application"],
        url=request.get("Url") or "",
        name=request.get("Name") or "",
        environment=request.get("Environment") or "PRODUCTION",
        association=request.get("ConnectionId"),
        secret=request.get("Secret"),
    )
    made, secret = await _connections(call).connect(repository(call), instance, wanted, actor(call))
    return {"Connection": await _described(call, instance, made.id), "Secret": secret}


@operation("switchroom", "DeleteEventConnection", permission=ADMINISTRATOR)
async def delete_event_connection(call: Call, request: dict[str, Any]) -> None:
    """ROUT-105: tasks are no longer made; its events can still be read."""
    instance = instance_of(call, request)
    await _connections(call).remove(repository(call), instance, request["ConnectionId"], actor(call))


@operation("switchroom", "RotateEventSecret", permission=ADMINISTRATOR)
async def rotate_event_secret(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """The one before is good for another hour."""
    instance = instance_of(call, request)
    return {"Secret": await _connections(call).rotate(instance, request["ConnectionId"], request.get("Secret"))}


@operation("switchroom", "ListExternalEvents", permission=VIEW)
async def list_external_events(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Newest first, with what became of them."""
    instance, size = instance_of(call, request), page_size(request)
    connection = await _connections(call).get(instance, request["ConnectionId"])
    found = await _connections(call).events(connection.id, page_position(request) or None, size + 1)
    following = str(found[size - 1].seq) if len(found) > size else None
    return {"Events": [_event(one) for one in found[:size]], "NextToken": following}


@operation("switchroom", "SendTestEvent", permission=("Rules.Edit", ADMINISTRATOR))
async def send_test_event(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """ROUT-108: evaluated like any other; it does not count as a sign of life of the application."""
    instance = instance_of(call, request)
    values = request.get("Values") or {}
    event = await _connections(call).send_test(
        instance, request["ConnectionId"], request.get("EventSourceName"), values
    )
    return {"EventId": event.id}


def _connections(call: Call) -> Connections:
    found: Connections | None = call.services.event_connections
    if found is None:
        raise ServiceError("InternalServiceException", "This node takes no events")
    return found


async def _described(call: Call, instance: str, identifier: str) -> dict[str, Any]:
    connection = await _connections(call).get(instance, identifier)
    return _shape(call, connection, (await _connections(call).last_states(instance)).get(identifier))


def _shape(call: Call, one: EventConnection, last_state: str | None) -> dict[str, Any]:
    deleted = one.deleted_at is not None
    return {
        "ConnectionId": one.id,
        "Name": one.name,
        "Url": one.url,
        "Application": one.application,
        "Environment": one.environment,
        "Status": _status(call, one),
        "EventSource": one.event_source,
        "WebhookUrl": f"{_origin(call)}{ROUTE}{one.id}",
        "Subject": f"{WORD}.{one.instance}.{one.id}",
        "HasSecret": bool(one.secret),
        "Rules": 0 if deleted else _rules(call, one),
        "CreatedAt": seconds(one.created_at),
        "LastEventAt": _moment(one.last_event_at),
        "LastEventState": last_state,
        "RefusedAt": _moment(one.refused_at),
        "Refusal": one.refusal,
        "DeletedAt": _moment(one.deleted_at),
    }


def _origin(call: Call) -> str:
    """Where applications reach us, as far as it is known."""
    return call.services.settings.pages if call.services.settings.public_url else call.origin


def _status(call: Call, one: EventConnection) -> str:
    """ROUT-104. Pending until the application itself has been heard."""
    if one.deleted_at is not None:
        return "DELETED"
    heard = one.heard_at is not None and used_for_rules(catalogue(call), one.instance, one.id)
    return "ACTIVE" if heard else "PENDING"


def _rules(call: Call, one: EventConnection) -> int:
    rules = catalogue(call).all(one.instance, "rule")
    return sum(rule.body["TriggerEventSource"].get("IntegrationAssociationId") == one.id for rule in rules)


def _moment(at: int | None) -> float | None:
    return None if at is None else seconds(at)


def _event(one: StoredEvent) -> dict[str, Any]:
    return {
        "EventId": one.id,
        "ReceivedAt": seconds(one.received_at),
        "Via": one.via,
        "State": one.state,
        "EventSourceName": one.trigger,
        "Subject": one.about,
        "Reason": one.reason,
        "Payload": one.payload,
        "Outcomes": [_outcome(outcome) for outcome in msgspec.json.decode(one.outcomes, type=list[Outcome])],
    }


def _outcome(one: Outcome) -> dict[str, Any]:
    return {
        "RuleId": one.rule,
        "RuleName": one.rule_name,
        "ActionType": one.action,
        "Succeeded": one.code is None,
        "ContactId": one.contact,
        "Code": one.code,
        "Reason": one.reason,
    }


def _trigger(one: Trigger, now: int) -> dict[str, Any]:
    examples = _examples(one, now)
    return {
        "EventSourceName": one.name,
        "Label": one.label,
        "Runs": one.runs,
        "Application": one.application,
        "Fields": [
            {
                "ComparisonValue": one.reference(field),
                "Label": field.label,
                "Operators": list(field.operators),
                "Values": list(field.values),
                "Free": field.free,
            }
            for field in one.fields
        ],
        "Placeholders": [
            {"Name": placeholder.name, "Label": placeholder.label, "Example": examples(placeholder.name)}
            for placeholder in one.placeholders
        ],
        "ActionTypes": list(one.actions),
    }


def _examples(trigger: Trigger, now: int) -> Any:
    """The values that a test event gives placeholders."""
    application = APPLICATIONS.get(trigger.application or "")
    if application is None:
        return lambda _name: None
    url = _EXAMPLE_URL.get(application.key, "https://example.com")
    payload = application.example(trigger.name, {}, now, "example-1")
    happening = application.read(payload, url).happenings[0]
    around = msgspec.structs.replace(
        happening, facts={**happening.facts, "InstanceUrl": url, "RuleName": "Example-rule"}
    )
    return lambda name: plain(around.fact(name))
