"""Mail to users picked by id or by their tags (LENS-121)."""

from typing import Any

from switchroom.base.arns import parse_id
from switchroom.base.errors import ServiceError, invalid_request
from switchroom.features.mail import Letter
from switchroom.features.rules.actions import Action, Definition, Occasion, declare
from switchroom.resources.document import Document
from switchroom.resources.kinds.user import notification_address
from switchroom.resources.resource import View

LONGEST_SUBJECT = 200
LONGEST_TEXT = 4096
MOST_RECIPIENTS = 100


def _check(view: View, instance: str, settings: Definition) -> None:
    recipient = settings["Recipient"]
    users, tags = recipient.get("UserIds") or [], recipient.get("UserTags") or {}
    if not users and not tags:
        raise invalid_request("SendNotificationAction.Recipient needs UserIds or UserTags")
    for user in users:
        view.get(instance, "user", parse_id(user))


async def _perform(occasion: Occasion, settings: Definition) -> str | None:
    if occasion.mailer is None or not occasion.mailer.sends:
        raise ServiceError("InvalidRequestException", "There is no mail server (--smtp-url)")
    users = occasion.catalogue.all(occasion.rule.instance, "user")
    excluded = settings.get("Exclusion") or {}
    chosen = [user for user in users if _named(user, settings["Recipient"]) and not _named(user, excluded)]
    addresses = sorted({address for user in chosen if (address := notification_address(user))})
    if not addresses:
        raise ServiceError("ResourceNotFoundException", "None of the recipients has a mail address")
    subject = " ".join(occasion.text(settings.get("Subject") or occasion.rule.name).split())[:LONGEST_SUBJECT]
    text = occasion.text(settings["Content"])[:LONGEST_TEXT]
    occasion.letters += [Letter(address, subject, text) for address in addresses[:MOST_RECIPIENTS]]
    return None


def _named(user: Document, who: dict[str, Any]) -> bool:
    """By id, or by a tag with any of the values."""
    if user.id in {parse_id(one) for one in who.get("UserIds") or ()}:
        return True
    return any(user.tags.get(key) == value for key, value in (who.get("UserTags") or {}).items())


declare(Action("SEND_NOTIFICATION", "SendNotificationAction", _check, _perform))
