"""A ticket was created in Zendesk (ROUT-103)."""

from switchroom.features.rules.triggers import Trigger, declare
from switchroom.features.rules.triggers._zendesk import ACTIONS, FIELDS, PLACEHOLDERS

declare(
    Trigger(
        name="OnZendeskTicketCreate",
        label="A Zendesk ticket was created",
        prefixes=("$.ThirdParty.Zendesk.TicketCreate.",),
        actions=ACTIONS,
        runs=True,
        application="ZENDESK",
        fields=FIELDS,
        placeholders=PLACEHOLDERS,
    )
)
