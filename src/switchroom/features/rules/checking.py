"""Whether a rule can be saved: its source, its function, its actions, and that they fit each other."""

from typing import Any

from switchroom.base.errors import invalid_request
from switchroom.features.rules.actions import ACTIONS
from switchroom.features.rules.applications import APPLICATIONS
from switchroom.features.rules.language import BadFunction, Group, conditions, parse
from switchroom.features.rules.triggers import TRIGGERS, Trigger
from switchroom.resources.resource import View

MOST_ACTIONS = 10


def check_rule(view: View, instance: str, body: dict[str, Any], *, new: bool) -> None:
    """Raise InvalidRequestException that says what is wrong, and where. Only a new rule needs its connection."""
    trigger = TRIGGERS[body["TriggerEventSource"]["EventSourceName"]]
    if new:
        _check_source(view, instance, trigger, body["TriggerEventSource"].get("IntegrationAssociationId"))
    try:
        checked(body["Function"], trigger)
    except BadFunction as wrong:
        raise invalid_request(str(wrong)) from None
    _check_actions(view, instance, trigger, body["Actions"])


def checked(function: str, trigger: Trigger) -> Group:
    """The function, every condition of which the trigger can decide. Raises BadFunction."""
    group = parse(function)
    for condition in conditions(group):
        trigger.check(condition)
    return group


def _check_source(view: View, instance: str, trigger: Trigger, connection: str | None) -> None:
    if trigger.application is None:
        return
    if not connection:
        raise invalid_request(f"TriggerEventSource.IntegrationAssociationId is required for {trigger.name}")
    found = view.get(instance, "integration-association", connection)
    expected = APPLICATIONS[trigger.application].source_type
    if found.body["IntegrationType"] != "EVENT" or found.body.get("SourceType") != expected:
        raise invalid_request(
            f"{trigger.name} needs an integration association of type EVENT"
            f" {f'with SourceType {expected}' if expected else 'without SourceType'}"
        )


def _check_actions(view: View, instance: str, trigger: Trigger, actions: list[dict[str, Any]]) -> None:
    if not 1 <= len(actions) <= MOST_ACTIONS:
        raise invalid_request(f"A rule has 1 to {MOST_ACTIONS} actions")
    for number, given in enumerate(actions):
        kind = given["ActionType"]
        if kind not in trigger.actions:
            raise invalid_request(f"Actions[{number}]: {trigger.name} can do {', '.join(trigger.actions)}, not {kind}")
        action = ACTIONS[kind]
        settings = given.get(action.member)
        if settings is None and kind not in ("ASSIGN_CONTACT_CATEGORY", "END_ASSOCIATED_TASKS"):
            raise invalid_request(f"Actions[{number}]: {kind} needs {action.member}")
        foreign = [name for name in given if name not in ("ActionType", action.member) and given[name] is not None]
        if foreign:
            raise invalid_request(f"Actions[{number}]: {kind} takes {action.member} only, not {foreign[0]}")
        if action.check is not None and settings is not None:
            action.check(view, instance, settings)
