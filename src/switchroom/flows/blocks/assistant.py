"""Amazon Q in Connect."""

from switchroom.flows.blocks.declare import BOTH, CQ, IN, OW, TA, TQ, Face, Field
from switchroom.flows.blocks.registry import later

ASSISTANT = Face(
    "amazon-q-in-connect",
    ("Amazon Q in Connect", "Amazon Q in Connect"),
    (
        "Gives the agent live recommendations from an assistant.",
        "アシスタントによるリアルタイムの推奨事項をエージェントに表示します。",
    ),
    "SET",
    (IN, CQ, OW, TA, TQ),
    "YYE",
    "Wisdom",
)

later(
    ASSISTANT,
    "CreateWisdomSession",
    Field("WisdomAssistantArn", ("Assistant ARN", "アシスタントの ARN"), required=True),
    ways=BOTH,
)
