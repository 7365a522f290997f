"""Zendesk: support-ticket events, as its webhooks send them and as its connector for event buses does (ROUT-103)."""

from collections.abc import Mapping
from typing import Any

from switchroom.base.arns import Site
from switchroom.base.clock import iso_s
from switchroom.features.rules.applications import Application, Arrived, Payload, declare, subdomain
from switchroom.features.rules.happening import Happening

CREATED, STATUS = "OnZendeskTicketCreate", "OnZendeskTicketStatusUpdate"
_TRIGGERS = {
    "zen:event-type:ticket.created": CREATED,
    "zen:event-type:ticket.status_changed": STATUS,
    "ticketcreated": CREATED,
    "statuschanged": STATUS,
    "ticketstatuschanged": STATUS,
}
_FACTS = {
    "Id": "id",
    "Subject": "subject",
    "Description": "description",
    "RequesterId": "requester_id",
    "SubmitterId": "submitter_id",
    "AssigneeId": "assignee_id",
    "OrganizationId": "organization_id",
    "GroupId": "group_id",
    "BrandId": "brand_id",
    "FormId": "form_id",
    "ExternalId": "external_id",
    "CreatedAt": "created_at",
    "UpdatedAt": "updated_at",
}
_LOWERED = {"Type": "type", "Priority": "priority", "Status": "status"}
_EXAMPLE = {
    "id": "35436",
    "subject": "My printer is on fire",
    "description": "The smoke is very colourful.",
    "type": "question",
    "priority": "high",
    "status": "open",
    "requester_id": "20978392",
    "submitter_id": "76872",
    "assignee_id": "235323",
    "organization_id": "509974",
    "group_id": "98738",
    "brand_id": "123",
    "form_id": "47",
    "external_id": "ahg35h3jh",
    "tags": "enterprise other_tag",
    "channel": "web",
    "previous_status": "new",
}


def read(payload: Payload, url: str) -> Arrived:
    """A webhook of the type `zen:event-type:ticket...`, or an event with `ticket_event`, bare or in an envelope."""
    ticket: Any
    change: Any
    envelope = payload.get("detail")
    inner = envelope.get("ticket_event") if isinstance(envelope, dict) else None
    event = inner if isinstance(inner, dict) else payload.get("ticket_event")
    if isinstance(event, dict):
        ticket, kind, change = event.get("ticket"), event.get("type"), event
        meta = event.get("meta")
        own = meta.get("ref") if isinstance(meta, dict) else None
        identifier = payload.get("id") or own
    else:
        ticket, kind, change = envelope, payload.get("type"), payload.get("event")
        identifier = payload.get("id")
    if not isinstance(kind, str):
        raise ValueError("a Zendesk event has a type, such as zen:event-type:ticket.created")
    name = str(ticket.get("id", "")) if isinstance(ticket, dict) else ""
    about = f"ticket {name}" if name else kind
    trigger = _TRIGGERS.get(kind) or _TRIGGERS.get("".join(kind.split()).casefold())
    if trigger is None or not isinstance(ticket, dict) or not name:
        return Arrived(_text(identifier), f"{about}: {kind}"[:200], ())
    facts = _facts(ticket, change if isinstance(change, dict) else {}, url)
    return Arrived(_text(identifier), about, (Happening(trigger, facts, about, "ticket"),))


def _facts(ticket: dict[str, Any], change: dict[str, Any], url: str) -> dict[str, Any]:
    facts: dict[str, Any] = {name: _text(ticket.get(member)) for name, member in _FACTS.items()}
    facts |= {name: (_text(ticket.get(member)) or "").lower() or None for name, member in _LOWERED.items()}
    via, tags, previous = ticket.get("via"), ticket.get("tags"), change.get("previous")
    facts["Channel"] = _text(via.get("channel")) if isinstance(via, dict) else None
    facts["Tags"] = tags.split() if isinstance(tags, str) else [str(one) for one in tags or ()]
    facts["PreviousStatus"] = previous.lower() if isinstance(previous, str) else None
    facts["Url"] = f"{url.rstrip('/')}/agent/tickets/{facts['Id']}"
    return facts


def _text(value: Any) -> str | None:
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else None


def example(trigger: str, values: Mapping[str, str], now: int, identifier: str) -> Payload:
    """A webhook request of Zendesk."""
    given = {**_EXAMPLE, **{name.removeprefix("ticket_"): value for name, value in values.items()}}
    moment = iso_s(now)
    detail: dict[str, Any] = {name: given[name] for name in _EXAMPLE if name not in ("tags", "channel")}
    detail.pop("previous_status")
    detail |= {"tags": given["tags"].split(), "via": {"channel": given["channel"]}, "is_public": True}
    detail |= {"actor_id": given["submitter_id"], "created_at": moment, "updated_at": moment}
    changed = trigger == STATUS
    return {
        "account_id": 12514403,
        "detail": detail,
        "event": {"current": given["status"], "previous": given["previous_status"]} if changed else {},
        "id": identifier,
        "subject": f"zen:ticket:{given['id']}",
        "time": moment,
        "type": f"zen:event-type:ticket.{'status_changed' if changed else 'created'}",
        "zendesk_event_version": "2022-11-06",
    }


def _source(site: Site, url: str, identifier: str) -> str:
    return f"aws.partner/zendesk.com/{subdomain(url)}/{identifier}"


declare(
    Application(
        key="ZENDESK",
        source_type="ZENDESK",
        event_source=_source,
        integration=lambda url: f"amazon-connect-zendesk-to-eventbridge-{subdomain(url)}",
        read=read,
        example=example,
        domain="zendesk.com",
    )
)
