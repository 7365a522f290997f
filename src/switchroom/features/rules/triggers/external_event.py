"""Something happened in an application of one's own: any JSON object, its members named by their path."""

from switchroom.features.rules.triggers import ANY_OPERATOR, Field, Placeholder, Trigger, declare

NAME = "OnExternalEvent"

declare(
    Trigger(
        name=NAME,
        label="An event of another application came",
        prefixes=("$.ThirdParty.Custom.Event.",),
        actions=("CREATE_TASK", "GENERATE_EVENTBRIDGE_EVENT", "SEND_NOTIFICATION"),
        runs=True,
        application="CUSTOM",
        fields=(Field("", "Member of the event", ANY_OPERATOR, free=True),),
        placeholders=(
            Placeholder("id", "ID of the event"),
            Placeholder("type", "Type of the event"),
            Placeholder("instance_url", "Address of the application"),
            Placeholder("RuleName", "Name of the rule"),
        ),
    )
)
