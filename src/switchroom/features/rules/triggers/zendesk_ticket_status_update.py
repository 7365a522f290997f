"""The status of a ticket changed in Zendesk (ROUT-103). Conditions and texts know it by two prefixes."""

from switchroom.features.rules.triggers import Field, Placeholder, Trigger, declare
from switchroom.features.rules.triggers._zendesk import ACTIONS, FIELDS, PLACEHOLDERS

declare(
    Trigger(
        name="OnZendeskTicketStatusUpdate",
        label="The status of a Zendesk ticket changed",
        prefixes=("$.ThirdParty.Zendesk.StatusUpdate.", "$.ThirdParty.Zendesk.TicketStatusUpdate."),
        actions=ACTIONS,
        runs=True,
        application="ZENDESK",
        fields=(*FIELDS, Field("PreviousStatus", "Previous status")),
        placeholders=(*PLACEHOLDERS, Placeholder("previous_status", "Previous status")),
    )
)
