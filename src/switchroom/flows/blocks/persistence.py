"""Create persistent contact association."""

from switchroom.flows.blocks.declare import ALL, BOTH, Choice, Face, Field
from switchroom.flows.blocks.registry import later

PERSIST = Face(
    "create-persistent-contact-association",
    ("Create persistent contact association", "永続的なコンタクトの関連付けを作成する"),
    (
        "Continues a chat from a past one.",
        "過去のチャットの続きとしてチャットを始めます。",
    ),
    "INTEGRATE",
    ALL,
    "EYE",
    "CreatePersistentContactAssociation",
)

later(
    PERSIST,
    "CreatePersistentContactAssociation",
    Field(
        "RehydrationType",
        ("Rehydration type", "復元の種類"),
        "CHOICE",
        required=True,
        default="ENTIRE_PAST_SESSION",
        choices=(
            Choice("ENTIRE_PAST_SESSION", ("Entire past session", "過去のセッション全体")),
            Choice("FROM_SEGMENT", ("From segment", "セグメントから")),
        ),
    ),
    Field("SourceContactId", ("Source contact ID", "元のコンタクト ID"), "REFERENCE", "D", required=True),
    ways=BOTH,
)
