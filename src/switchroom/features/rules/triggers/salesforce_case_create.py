"""A case was created in Salesforce (ROUT-102)."""

from switchroom.features.rules.language import CONTAINS, EQUALS
from switchroom.features.rules.triggers import Field, Placeholder, Trigger, declare

_BOTH = (EQUALS, CONTAINS)

declare(
    Trigger(
        name="OnSalesforceCaseCreate",
        label="A Salesforce case was created",
        prefixes=("$.ThirdParty.Salesforce.CaseCreate.",),
        actions=("CREATE_TASK", "GENERATE_EVENTBRIDGE_EVENT", "SEND_NOTIFICATION"),
        runs=True,
        application="SALESFORCE",
        fields=(
            Field("AccountId", "Account ID"),
            Field("Name", "Name", _BOTH),
            Field("Email", "Email", _BOTH),
            Field("Phone", "Phone", _BOTH),
            Field("Company", "Company", _BOTH),
            Field("Type", "Type"),
            Field("Reason", "Reason"),
            Field("Origin", "Origin"),
            Field("Subject", "Subject", _BOTH),
            Field("Priority", "Priority", values=("Low", "Medium", "High")),
            Field("Description", "Description", _BOTH),
            Field("CustomAttribute", "Field of your own", free=True),
        ),
        placeholders=(
            Placeholder("case_id", "Case ID"),
            Placeholder("case_number", "Case number"),
            Placeholder("case_url", "Link to the case"),
            Placeholder("subject", "Subject"),
            Placeholder("description", "Description"),
            Placeholder("type", "Type"),
            Placeholder("reason", "Reason"),
            Placeholder("origin", "Origin"),
            Placeholder("priority", "Priority"),
            Placeholder("name", "Name"),
            Placeholder("email", "Email"),
            Placeholder("phone", "Phone"),
            Placeholder("company", "Company"),
            Placeholder("created_date", "Created at"),
            Placeholder("instance_url", "Address of the application"),
            Placeholder("RuleName", "Name of the rule"),
        ),
    )
)
