"""Check call progress of outbound campaigns."""

from switchroom.flows.blocks.declare import ALL, ERROR, Face, condition
from switchroom.flows.blocks.registry import later

PROGRESS = Face(
    "check-call-progress",
    ("Check call progress", "通話の進行状況を確認する"),
    (
        "Branches on who or what answered the call of a campaign.",
        "キャンペーンの発信に誰が応答したかで分岐します。",
    ),
    "CHECK",
    ALL,
    "YEE",
    "CheckCallProgress",
)

later(
    PROGRESS,
    "CheckOutboundCallStatus",
    ways=(
        condition("CallAnswered", ("Call answered", "応答あり")),
        condition("VoicemailBeep", ("Voicemail (beep)", "留守番電話 (ビープ音あり)")),
        condition("VoicemailNoBeep", ("Voicemail (no beep)", "留守番電話 (ビープ音なし)")),
        condition("NotDetected", ("Not detected", "検出なし")),
        ERROR,
    ),
)
