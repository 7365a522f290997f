"""An event for those who listen to `rule-events.INSTANCE` (LENS-116)."""

from switchroom.base.clock import iso_s
from switchroom.base.errors import invalid_request
from switchroom.features.rules.actions import Action, Definition, Occasion, declare
from switchroom.features.rules.messages import envelope
from switchroom.resources.kinds.rule import is_name
from switchroom.resources.resource import View


def _check(view: View, instance: str, settings: Definition) -> None:
    if not is_name(settings["Name"]):
        raise invalid_request(
            "Action name can contain characters A-Z, 0-9, or '.', '-', '_'. It cannot contain spaces."
        )


async def _perform(occasion: Occasion, settings: Definition) -> str | None:
    instance = occasion.rule.instance
    detail = {
        "version": "1.0",
        "ruleName": occasion.rule.name,
        "actionName": settings["Name"],
        "instanceArn": occasion.site.instance(instance),
        "eventSourceName": occasion.trigger.name,
        "eventTime": iso_s(occasion.now),
        "event": occasion.happening.facts,
    }
    occasion.messages.append(
        envelope(occasion.site, instance, occasion.trigger.matched, detail, occasion.key, occasion.now)
    )
    return None


declare(Action("GENERATE_EVENTBRIDGE_EVENT", "EventBridgeAction", _check, _perform))
