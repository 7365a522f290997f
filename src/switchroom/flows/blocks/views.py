"""Show view."""

from switchroom.flows.blocks.declare import CQ, ERROR, IN, NO_MATCH, Face, Field, Rows, error
from switchroom.flows.blocks.registry import later

VIEW = Face(
    "show-view",
    ("Show view", "ビューを表示"),
    (
        "Shows a view to the agent and waits for what is chosen there.",
        "エージェントにビューを表示し、操作の結果を待ちます。",
    ),
    "INTERACT",
    (IN,),
    "EYE",
    "ShowView",
    also=(CQ,),
)

later(
    VIEW,
    "ShowView",
    Field("ViewResource.Id", ("View", "ビュー"), "RESOURCE", required=True, resource="view"),
    Field("ViewResource.Version", ("Version", "バージョン")),
    Field("ViewData", ("Input", "入力"), "JSON"),
    Field(
        "InvocationTimeLimitSeconds",
        ("Timeout", "タイムアウト"),
        "DURATION",
        required=True,
        default="400",
        low=1,
        high=604_800,
        unit="SECONDS",
    ),
    ways=(NO_MATCH, ERROR, error("TimeLimitExceeded", ("Timeout", "タイムアウト"))),
    rows=Rows(("{}", "{}")),
    waits=True,
)
