"""Salesforce: changes of cases, as Change Data Capture publishes them on `/data/CaseChangeEvent` (ROUT-102)."""

from collections.abc import Mapping
from typing import Any

from switchroom.base.arns import Site
from switchroom.base.clock import iso_s
from switchroom.features.rules.applications import Application, Arrived, Payload, declare, subdomain
from switchroom.features.rules.happening import Happening

CREATED = "OnSalesforceCaseCreate"
HEADER = "ChangeEventHeader"
MOST_RECORDS = 100
"""Records of one event that tasks are made for: those who made so many cases at once imported them."""
_FACTS = {
    "CaseNumber": "CaseNumber",
    "AccountId": "AccountId",
    "ContactId": "ContactId",
    "OwnerId": "OwnerId",
    "Name": "SuppliedName",
    "Email": "SuppliedEmail",
    "Phone": "SuppliedPhone",
    "Company": "SuppliedCompany",
    "Type": "Type",
    "Reason": "Reason",
    "Origin": "Origin",
    "Status": "Status",
    "Subject": "Subject",
    "Priority": "Priority",
    "Description": "Description",
}
_EXAMPLE = {
    "id": "500RM000003c6yYAAQ",
    "number": "00001026",
    "subject": "Performance inadequate",
    "description": "The generator gives half of what it should.",
    "type": "Mechanical",
    "reason": "Performance",
    "origin": "Web",
    "status": "New",
    "priority": "High",
    "account_id": "001RM000003cGVVYA2",
    "name": "Edna Frank",
    "email": "efrank@genepoint.example",
    "phone": "(650) 867-3450",
    "company": "GenePoint",
}
_MEMBERS = {"number": "CaseNumber", "account_id": "AccountId"} | {
    name.lower(): member for name, member in _FACTS.items() if name.lower() in _EXAMPLE
}


def read(payload: Payload, url: str) -> Arrived:
    """A change event, bare or in the envelope of a stream (`payload`) or of an event bus (`detail`)."""
    places = (payload, payload.get("payload"), payload.get("detail"))
    change = next((one for one in places if isinstance(one, dict) and HEADER in one), None)
    header = change.get(HEADER) if change else None
    if change is None or not isinstance(header, dict):
        raise ValueError(f"a change event of Salesforce has {HEADER}")
    identifier = _identifier(header)
    records = header.get("recordIds")
    records = [str(one) for one in records] if isinstance(records, list) else []
    entity, kind = header.get("entityName"), header.get("changeType")
    about = f"{str(entity or 'record').lower()} {_text(change.get('CaseNumber')) or ', '.join(records[:3])}"
    if entity != "Case" or kind != "CREATE":
        return Arrived(identifier, f"{about}: {kind}"[:200], ())
    happenings = tuple(
        Happening(CREATED, _facts(change, record, url), about, "case") for record in records[:MOST_RECORDS]
    )
    return Arrived(identifier, about[:200], happenings)


def _identifier(header: dict[str, Any]) -> str | None:
    """A transaction numbers its changes."""
    key = header.get("transactionKey")
    return f"{key}/{header.get('sequenceNumber', 1)}" if isinstance(key, str) and key else None


def _facts(change: dict[str, Any], record: str, url: str) -> dict[str, Any]:
    facts: dict[str, Any] = {name: _text(change.get(member)) for name, member in _FACTS.items()}
    created = change.get("CreatedDate")
    facts["CreatedDate"] = iso_s(created) if isinstance(created, int) and 0 < created < 1 << 43 else _text(created)
    facts["Id"] = record
    facts["Url"] = f"{url.rstrip('/')}/lightning/r/Case/{record}/view"
    for name, value in change.items():
        if name != HEADER and not isinstance(value, (dict, list)):
            facts[f"CustomAttribute.{name}"] = _text(value)
            facts.setdefault(f"CustomAttribute.{name.removesuffix('__c')}", _text(value))
    return facts


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, float)) else None


def example(trigger: str, values: Mapping[str, str], now: int, identifier: str) -> Payload:
    """A change event of Salesforce."""
    given = {**_EXAMPLE, **{name.removeprefix("case_"): value for name, value in values.items()}}
    fields = {member: given[name] for name, member in _MEMBERS.items()}
    return {
        "schema": "IeRuaY6cbI_HsV8Rv1Mc5g",
        "payload": {
            HEADER: {
                "entityName": "Case",
                "recordIds": [given["id"]],
                "changeType": "CREATE",
                "changeOrigin": "com/salesforce/api/soap/60.0;client=SfdcInternalAPI/",
                "transactionKey": identifier,
                "sequenceNumber": 1,
                "commitTimestamp": now,
                "commitUser": "005RM000001vI54YAE",
                "commitNumber": 356281726,
                "nulledFields": [],
                "diffFields": [],
                "changedFields": [],
            },
            **fields,
            "OwnerId": "005RM000001vI54YAE",
            "CreatedDate": iso_s(now),
            "LastModifiedDate": iso_s(now),
        },
        "event": {"replayId": 1},
    }


def _source(site: Site, url: str, identifier: str) -> str:
    return f"aws.partner/appflow/salesforce.com/{site.account}/{identifier}"


declare(
    Application(
        key="SALESFORCE",
        source_type="SALESFORCE",
        event_source=_source,
        integration=lambda url: f"amazon-connect-salesforce-to-eventbridge-{subdomain(url)}",
        read=read,
        example=example,
        domain="salesforce.com",
        shared_secret=True,
    )
)
