"""What both events of Zendesk tickets know."""

from switchroom.features.rules.language import CONTAINS, EQUALS
from switchroom.features.rules.triggers import Field, Placeholder

ACTIONS = ("CREATE_TASK", "GENERATE_EVENTBRIDGE_EVENT", "SEND_NOTIFICATION")
FIELDS = (
    Field("Type", "Type", values=("question", "incident", "problem", "task")),
    Field("Priority", "Priority", values=("low", "normal", "high", "urgent")),
    Field("Status", "Status", values=("new", "open", "pending", "hold", "solved", "closed")),
    Field("Subject", "Subject", (EQUALS, CONTAINS)),
    Field("Description", "Description", (EQUALS, CONTAINS)),
    Field("RequesterId", "Requester ID"),
    Field("SubmitterId", "Submitter ID"),
    Field("AssigneeId", "Assignee ID"),
    Field("OrganizationId", "Organization ID"),
    Field("GroupId", "Group ID"),
    Field("BrandId", "Brand ID"),
    Field("FormId", "Form ID"),
    Field("ExternalId", "External ID"),
    Field("Channel", "Channel"),
    Field("Tags", "Tags", (CONTAINS,)),
)
PLACEHOLDERS = (
    Placeholder("ticket_id", "Ticket ID"),
    Placeholder("ticket_url", "Link to the ticket"),
    Placeholder("subject", "Subject"),
    Placeholder("description", "Description"),
    Placeholder("type", "Type"),
    Placeholder("priority", "Priority"),
    Placeholder("status", "Status"),
    Placeholder("requester_id", "Requester ID"),
    Placeholder("assignee_id", "Assignee ID"),
    Placeholder("organization_id", "Organization ID"),
    Placeholder("tags", "Tags"),
    Placeholder("channel", "Channel"),
    Placeholder("created_at", "Created at"),
    Placeholder("instance_url", "Address of the application"),
    Placeholder("RuleName", "Name of the rule"),
)
