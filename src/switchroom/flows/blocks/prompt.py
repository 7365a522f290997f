"""Play prompt and Loop prompts."""

import re
from collections.abc import Mapping
from typing import Any
from xml.parsers import expat

from switchroom.flows.attributes import interpolate
from switchroom.flows.blocks.declare import (
    AH,
    AW,
    CH,
    CQ,
    CW,
    IN,
    OLD_ERROR,
    OW,
    SUCCESS,
    TA,
    TQ,
    Face,
    Field,
    condition,
    has,
    prompt_field,
)
from switchroom.flows.blocks.registry import Spot, block, resumes
from switchroom.flows.blocks.step import Move, Step, number
from switchroom.flows.language import text_of
from switchroom.flows.state import LoopPrompts, Message, Play, Signal
from switchroom.flows.world import FlowError

MAXIMUM_TEXT = 6_000
MAXIMUM_BILLABLE = 3_000
JOIN_SECONDS = 20
_TAG = re.compile(r"<[^>]*>")

PLAY = Face(
    "play-prompt",
    ("Play prompt", "プロンプトの再生"),
    (
        "Plays audio or speaks a text; in a chat it sends the text.",
        "音声を再生するかテキストを読み上げます。チャットではテキストを送信します。",
    ),
    "INTERACT",
    (IN, CQ, CW, OW, AW, TA, TQ),
    "YYS",
    "PlayPrompt",
    behind="loop-prompts",
)
LOOP = Face(
    "loop-prompts",
    ("Loop prompts", "プロンプトのループ"),
    (
        "Repeats a sequence of prompts while somebody waits in queue or on hold.",
        "キューまたは保留で待つ間、プロンプトを順に繰り返します。",
    ),
    "INTERACT",
    (CQ, CH, AH),
    "YEE",
    "LoopPrompts",
    module=False,
)


def message_of(step: Step, raw: Mapping[str, Any]) -> Message | None:
    """The message that prompt parameters describe, None if there is none.

    Raises FlowError for a prompt that does not exist, malformed SSML, or a text over the limits (BLK-107, BLK-108).
    """
    voice, engine, style = step.world.contact.voice
    language = step.world.contact.language
    spoken: dict[str, Any] = {"voice": voice, "engine": engine, "style": style, "language": language}
    if raw.get("PromptId"):
        reference = text_of(step.value(raw["PromptId"]))
        prompt = step.world.find("prompt", reference)
        if prompt is None:
            raise FlowError(f"There is no prompt {reference}")
        return Message(prompt_arn=prompt.arn, prompt_id=prompt.id)
    if isinstance(raw.get("Media"), dict) and raw["Media"].get("Uri"):
        return Message(uri=interpolate(_bracketed(text_of(raw["Media"]["Uri"])), step.frame, step.world))
    for key in ("Text", "SSML"):
        if raw.get(key):
            text = interpolate(text_of(raw[key]), step.frame, step.world)
            marked = key == "SSML" or text.lstrip().startswith("<speak>")
            _check_length(text, marked)
            if not marked:
                return Message(text=text, **spoken)
            return Message(ssml=text if step.world.contact.channel != "VOICE" else _spoken(text), **spoken)
    return None


def log_message(message: Message | None) -> dict[str, Any]:
    """What the flow log says of a message."""
    if message is None:
        return {}
    if message.prompt_arn is not None:
        return {"PromptSource": "Library", "PromptLocation": message.prompt_arn}
    if message.uri is not None:
        return {"PromptSource": "S3", "PromptLocation": message.uri}
    return {
        "TextToSpeechType": "text" if message.text is not None else "ssml",
        "Text": message.written,
        "Voice": message.voice,
        "GlobalEngine": message.engine,
    }


@block(PLAY, "MessageParticipant", prompt_field(), ways=(SUCCESS, OLD_ERROR))
def play_prompt(step: Step) -> Move:
    """Spoken or played to a caller, written into a chat; a task passes (BLK-101..108)."""
    message = message_of(step, step.parameters)
    if message is None:
        raise FlowError("The block has no prompt")
    step.logged = log_message(message)
    if message.uri is not None and step.run.type in (CW, OW, AW):
        raise FlowError("A whisper flow plays prompts of the library only")
    step.run.function_ms = 0
    if step.world.contact.channel == "VOICE":
        return step.stand(Play(message))
    if message.written is None:
        raise FlowError("An audio prompt cannot be played in a chat")
    step.world.say(message)
    return step.next()


def _time_to_join(spot: Spot) -> None:
    """BLK-098: an agent has 20 seconds to join; an interrupt before that may throw the contact to Error."""
    every = number(spot.parameters.get("InterruptFrequencySeconds"))
    if every and every <= JOIN_SECONDS:
        where = "Parameters.InterruptFrequencySeconds"
        spot.problem("short-interrupt", where, warning=True, least=JOIN_SECONDS)


@block(
    LOOP,
    "MessageParticipantIteratively",
    Field("Messages", ("Prompts", "プロンプト"), "MESSAGES", required=True),
    Field(
        "InterruptFrequencySeconds",
        ("Interrupt every", "中断間隔"),
        "DURATION",
        "M",
        low=0,
        high=604_800,
        unit="SECONDS",
        help=(
            "Empty: never. Keep it over 20 seconds: an agent has that long to join.",
            "空の場合は中断しません。エージェントの参加に 20 秒かかるため、20 秒より長くしてください。",
        ),
    ),
    ways=(
        condition("MessagesInterrupted", ("Timeout", "タイムアウト"), has("InterruptFrequencySeconds")),
        OLD_ERROR,
    ),
    check=_time_to_join,
    waits=True,
)
def loop_prompts(step: Step) -> Move:
    """Messages again and again until the contact is taken on, or until the interrupt (BLK-096, BLK-097)."""
    raw = step.parameters.get("Messages")
    messages = [message_of(step, item) for item in raw if isinstance(item, dict)] if isinstance(raw, list) else []
    played = tuple(m for m in messages if m is not None)
    if not played:
        raise FlowError("The block has no messages")
    every = step.integer("InterruptFrequencySeconds", 0, 604_800, 0)
    step.logged = {"Prompts": [log_message(m) for m in played], "InterruptFrequencySeconds": every}
    return step.stand(LoopPrompts(played), step.world.now + every * 1_000 if every else None)


@resumes("MessageParticipantIteratively")
def prompts_interrupted(step: Step, signal: Signal) -> Move:
    if signal.kind == "timeout":
        return step.choose("MessagesInterrupted")
    return step.fail("NoMatchingError", text_of(signal.value or signal.kind))


def _check_length(text: str, marked: bool) -> None:
    billable = len(_TAG.sub("", text)) if marked else len(text)
    if len(text) > MAXIMUM_TEXT or billable > MAXIMUM_BILLABLE:
        raise FlowError(f"The text has more than {MAXIMUM_BILLABLE} spoken or {MAXIMUM_TEXT} characters in all")


def _spoken(text: str) -> str:
    """SSML with its `<speak>` element; raises FlowError when it is not well formed."""
    whole = text.strip()
    if not whole.startswith("<speak"):
        whole = f"<speak>{whole}</speak>"
    if "<!" in whole:
        raise FlowError("SSML may hold no declarations")
    try:
        expat.ParserCreate().Parse(whole.encode(), True)  # without namespaces: a prefix need not be declared
    except expat.ExpatError as wrong:
        raise FlowError(f"The SSML is not well formed: {wrong}") from None
    return whole


def _bracketed(uri: str) -> str:
    """`${'A'}['b']`, as some documents print a reference, as `$['A']['b']`."""
    return re.sub(r"\$\{('[^']*')\}", r"$[\1]", uri)
