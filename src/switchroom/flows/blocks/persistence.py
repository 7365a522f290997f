"""Create persistent contact association."""

from switchroom.flows.blocks.declare import ALL, BOTH, Choice, Face, Field
from switchroom.flows.blocks.registry import block, resumes
from switchroom.flows.blocks.step import Move, Step
from switchroom.flows.language import text_of
from switchroom.flows.state import FindPast, Signal

_PATIENCE_MS = 30_000

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


@block(
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
    waits=True,
)
def continue_chat(step: Step) -> Move:
    """Continue the chat from a past one, once (BLK-048, BLK-049)."""
    kind, source = step.text("RehydrationType") or "", step.text("SourceContactId") or ""
    step.logged = {"RehydrationType": kind, "SourceContactId": source}
    return step.stand(FindPast(kind, source), step.world.now + _PATIENCE_MS)


@resumes("CreatePersistentContactAssociation")
def found(step: Step, signal: Signal) -> Move:
    if signal.kind != "done":
        return step.fail("NoMatchingError", text_of(signal.value or "The past chat was not found in time"))
    step.world.continue_chat(text_of(signal.value))
    return step.next()
