"""A task, routed by a flow, with the facts of the event in its name, description and references (ROUT-106)."""

import re
from typing import Any
from urllib.parse import quote

from switchroom.base.arns import parse_id
from switchroom.base.errors import ServiceError, invalid_request
from switchroom.core.commands import StartTask
from switchroom.core.contact import Reference
from switchroom.features.rules.actions import Action, Definition, Occasion, declare
from switchroom.features.rules.happening import fill, plain
from switchroom.resources.resource import View

LONGEST_NAME = 512
LONGEST_TEXT = 4096
MOST_REFERENCES = 26
TYPES = ("URL", "NUMBER", "STRING", "DATE", "EMAIL")
_LINK = re.compile(r"(https?|mailto|tel):", re.IGNORECASE).match
_SAFE = "-._~"


def _check(view: View, instance: str, settings: Definition) -> None:
    _require_flow(view, instance, settings["ContactFlowId"])
    references = settings.get("References") or {}
    if len(references) > MOST_REFERENCES:
        raise invalid_request(f"A task has at most {MOST_REFERENCES} references")
    for name, one in references.items():
        if one["Type"] not in TYPES:
            raise invalid_request(f"Reference {name}: type {one['Type']} cannot be set by a rule")


def _require_flow(view: View, instance: str, reference: str) -> str:
    """The id of a published flow that tasks can enter. Raises ServiceError."""
    identifier = parse_id(reference).partition(":")[0]
    flow = view.find(instance, "contact-flow", identifier)
    if flow is None:
        raise ServiceError("ResourceNotFoundException", "ContactFlowId provided does not belong to connect instance")
    if flow.body.get("Content") is None or flow.body.get("State") == "ARCHIVED":
        raise invalid_request(f"Flow {flow.name} is not published")
    if flow.body["Type"] != "CONTACT_FLOW":
        raise invalid_request(f"Flow {flow.name} has type {flow.body['Type']}, not CONTACT_FLOW")
    return identifier


async def _perform(occasion: Occasion, settings: Definition) -> str | None:
    flow = _require_flow(occasion.catalogue, occasion.rule.instance, settings["ContactFlowId"])
    name = occasion.text(settings["Name"]).strip()[:LONGEST_NAME]
    description = occasion.text(settings.get("Description") or "")[:LONGEST_TEXT]
    command = StartTask(
        name=name or occasion.rule.name,
        flow=flow,
        description=description or None,
        references=dict(_reference(occasion, label, one) for label, one in (settings.get("References") or {}).items()),
        token=f"rule {occasion.key}",
    )
    answer: dict[str, Any] = await occasion.centres.submit(occasion.rule.instance, command)
    contact: str = answer["contact"]
    return contact


def _reference(occasion: Occasion, label: str, given: dict[str, Any]) -> tuple[str, Reference]:
    value = given.get("Value") or ""
    if given["Type"] != "URL":
        return label, Reference(given["Type"], occasion.text(value)[:LONGEST_TEXT], given.get("Status"))
    link = fill(value, occasion.happening, occasion.trigger.prefixes, _in_link)
    if link and not _LINK(link):
        raise ServiceError("InvalidParameterException", f"Reference {label} is no link: {link[:100]}")
    if len(link) > LONGEST_TEXT:
        raise ServiceError("InvalidParameterException", f"Reference {label} has more than {LONGEST_TEXT} characters")
    return label, Reference("URL", link, given.get("Status"))


def _in_link(value: Any, position: int) -> str:
    """A fact inside a link is one part of it; one that the link begins with is a link itself."""
    return plain(value) if position == 0 else quote(plain(value), safe=_SAFE)


declare(Action("CREATE_TASK", "TaskAction", _check, _perform))
