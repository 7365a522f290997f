"""Get customer input by a bot: what the customer says goes to the bot, turn by turn, until it knows the intent."""

from collections.abc import Mapping
from typing import Any

from switchroom.core.interactive import BadTemplate, is_template, template_of
from switchroom.core.media import Listen
from switchroom.flows.blocks.declare import (
    ERROR,
    Field,
    Rows,
    condition,
    error,
    has,
    prompt_field,
)
from switchroom.flows.blocks.listen import DEFAULT, GET_INPUT
from switchroom.flows.blocks.prompt import log_message, message_of
from switchroom.flows.blocks.registry import block, resumes
from switchroom.flows.blocks.step import Move, Step, number
from switchroom.flows.bot import (
    asked_for,
    goes_on,
    intent_of,
    lex_attributes,
    locale_of,
    messages_of,
    state_of,
    transcript,
)
from switchroom.flows.language import text_of
from switchroom.flows.state import BotCall, BotTalk, Converse, Hear, Message, Play, Signal
from switchroom.flows.turns import BadAttribute, keys_of, turn_of
from switchroom.flows.world import FlowError

TURN_MS = {"CHAT": 10_000}
"""How long a bot may think about a turn; on a call 30 s."""

NEGATIVE, POSITIVE = "NegativeSentiment", "PositiveSentiment"
"""Operands of the branches of the sentiment override (BLK-075)."""

_DEFAULT_TURN_MS = 30_000
_SENTIMENTS = ((NEGATIVE, "Negative"), (POSITIVE, "Positive"))


def _sentiment_field(name: str, label: tuple[str, str]) -> Field:
    return Field(f"SentimentOverride.{name}", label, "NUMBER", low=0, high=100, unit="PERCENT")


@block(
    GET_INPUT,
    "ConnectParticipantWithLexBot",
    prompt_field(required=False),
    Field(
        "LexV2Bot.AliasArn",
        ("Bot", "ボット"),
        "RESOURCE",
        required=True,
        resource="bot-alias",
        one_of="bot",
    ),
    Field("LexBot.Name", ("Classic bot", "クラシックボット"), one_of="bot"),
    Field("LexBot.Alias", ("Alias", "エイリアス"), when=(has("LexBot.Name"),)),
    Field("LexBot.Region", ("Region", "リージョン"), "TEXT", "M", when=(has("LexBot.Name"),)),
    Field(
        "LexSessionAttributes",
        ("Session attributes", "セッション属性"),
        "PAIRS",
        help=(
            "x-amz-lex: keys set times, barge-in and keys of this block.",
            "x-amz-lex: で始まるキーで時間や割り込み、キー操作を設定できます。",
        ),
    ),
    Field(
        "LexInitializationData.InitialMessage",
        ("First message to the bot", "ボットへの最初のメッセージ"),
        help=("In a chat only: what the bot hears first.", "チャットのみ。ボットに最初に渡すメッセージです。"),
    ),
    _sentiment_field("Negative", ("Negative sentiment from", "否定的な感情のしきい値")),
    _sentiment_field("Positive", ("Positive sentiment from", "肯定的な感情のしきい値")),
    Field(
        "LexTimeoutSeconds.Text",
        ("Chat timeout", "チャットのタイムアウト"),
        "DURATION",
        low=60,
        high=604_800,
        unit="SECONDS",
        help=("Empty: none.", "空の場合はタイムアウトしません。"),
    ),
    ways=(
        condition(NEGATIVE, ("Negative sentiment", "否定的な感情"), has("SentimentOverride.Negative")),
        condition(POSITIVE, ("Positive sentiment", "肯定的な感情"), has("SentimentOverride.Positive")),
        error("InputTimeLimitExceeded", ("Timeout", "タイムアウト"), has("LexTimeoutSeconds.Text")),
        DEFAULT,
        ERROR,
    ),
    rows=Rows(("{}", "{}"), operand="INTENT"),
    key="bot",
    name=("Bot", "ボット"),
    letters="YYE",
    waits=True,
    twice=True,
)
def ask_bot(step: Step) -> Move:
    """Says the prompt and hands what the customer answers to a bot (BLK-070, FLOW-105)."""
    alias, classic = _alias(step)
    raw = step.parameters.get("LexSessionAttributes")
    attributes = {key: step.scalar(value) for key, value in raw.items()} if isinstance(raw, dict) else {}
    message = message_of(step, step.parameters)
    if message is not None and message.uri is not None and not classic:
        raise FlowError("A bot cannot be used with a prompt from the object store")
    talk = BotTalk(
        alias=alias,
        locale=_locale(step),
        session=f"{step.world.contact.id}.{step.run.steps}",
        attributes=attributes,
        until=_patience(step),
        classic=classic,
    )
    step.run.talk = talk
    step.run.function_ms = 0
    step.logged = log_message(message) | {"Bot": alias, "SessionAttributes": attributes}
    _listen_of(talk)
    first = _initial_message(step)
    if first:
        _say(step, [message] if message is not None else [])
        return _think(step, talk, first, "Text")
    return _listen(step, talk, [message] if message is not None else [])


@resumes("ConnectParticipantWithLexBot")
def bot_answered(step: Step, signal: Signal) -> Move:
    talk = step.run.talk
    if talk is None:
        raise FlowError("The conversation with the bot has been lost")
    step.logged = {"Bot": talk.alias}
    if signal.kind == "failed" and talk.phase != "parting":
        return _over(step, step.fail("NoMatchingError", text_of(signal.value or "failed")))
    if talk.phase == "listening":
        return _heard(step, talk, signal)
    if talk.phase == "parting":
        return _branch(step)
    if signal.kind != "done" or not isinstance(signal.value, dict):
        return _over(step, step.fail("NoMatchingError", "The bot did not answer in time"))
    return _answered(step, talk, signal.value)


def _heard(step: Step, talk: BotTalk, signal: Signal) -> Move:
    value = signal.value if isinstance(signal.value, dict) else {}
    if signal.kind == "heard":
        return _think(step, talk, text_of(value.get("text", "")), "Text")
    if signal.kind == "timeout" and step.world.contact.channel != "VOICE":
        return _over(step, step.fail("InputTimeLimitExceeded"))
    if value.get("mode") == "DTMF":
        keys = keys_of(talk.attributes, *_about(talk))
        request = transcript(text_of(value.get("keys", "")), delete=keys.delete, end=keys.end)
        typed = next(iter(request.values()), "")
        return _think(step, talk, "" if typed.startswith("[") else typed, "DTMF", request)
    return _think(step, talk, text_of(value.get("text", "")), "Speech")


def _answered(step: Step, talk: BotTalk, answer: dict[str, Any]) -> Move:
    state = answer.get("sessionState")
    talk.state = state if isinstance(state, dict) else None
    talk.attributes = {**talk.attributes, **_attributes(talk.state)}
    talk.intent, talk.slot = asked_for(answer)
    step.frame.lex = lex_attributes(answer)
    said = [_message(step, kind, content) for kind, content in messages_of(answer)]
    if _sentiment(step) is None and goes_on(answer):
        return _listen(step, talk, said)
    if said and step.world.contact.channel == "VOICE":
        talk.phase = "parting"
        return step.stand(Play(said[0], tuple(said[1:])))
    _say(step, said)
    return _branch(step)


def _branch(step: Step) -> Move:
    """BLK-070, BLK-075: a strong sentiment first, negative before positive, then the intent by its exact name."""
    lex = step.frame.lex or {}
    chosen = _sentiment(step) or str(lex.get("IntentName") or "")
    move = step.choose(intent_of({"sessionState": {"intent": {"name": chosen}}}) if chosen else None)
    step.results = chosen
    return _over(step, move)


def _sentiment(step: Step) -> str | None:
    """The branch of the sentiment override that the last utterance asks for."""
    wanted = step.parameters.get("SentimentOverride")
    response = (step.frame.lex or {}).get("SentimentResponse")
    if not isinstance(wanted, dict) or not isinstance(response, dict):
        return None
    for operand, name in _SENTIMENTS:
        percent = number(step.value(wanted[name])) if wanted.get(name) not in (None, "") else None
        score = number(response["Scores"].get(name))
        if percent is not None and score is not None and score * 100 >= percent:
            return operand
    return None


def _listen(step: Step, talk: BotTalk, said: list[Message]) -> Move:
    """Say what there is to say, and wait for the customer."""
    talk.phase = "listening"
    if step.world.contact.channel == "VOICE":
        return step.stand(Converse(tuple(said), _listen_of(talk)))
    _say(step, said)
    if talk.pending:
        first, *later = talk.pending
        talk.pending = tuple(later)
        return _think(step, talk, first, "Text")
    return step.stand(Hear(), None if talk.until is None else step.world.now + talk.until)


def _think(step: Step, talk: BotTalk, text: str, mode: Any, request: Mapping[str, str] | None = None) -> Move:
    talk.phase = "thinking"
    step.logged = {"Bot": talk.alias, "Mode": mode}
    call = BotCall(
        alias=talk.alias,
        locale=talk.locale,
        session=talk.session,
        text=text,
        mode=mode,
        state=state_of(talk),
        request_attributes=dict(request or {}),
    )
    patience = TURN_MS.get(step.world.contact.channel, _DEFAULT_TURN_MS)
    return step.stand(call, step.world.now + patience)


def _over(step: Step, move: Move) -> Move:
    step.run.talk = None
    return move


def _say(step: Step, messages: list[Message]) -> None:
    """Into a chat, in the name of the bot."""
    for message in messages:
        if message.written is None and message.interactive is None:
            raise FlowError("An audio prompt cannot be played in a chat")
        step.world.say(message, bot=True)


def _message(step: Step, kind: str, content: str) -> Message:
    """What a bot says, as a message of the contact's voice; an interactive template is checked (FLOW-113)."""
    voice, engine, style = step.world.contact.voice
    spoken: dict[str, Any] = {
        "voice": voice,
        "engine": engine,
        "style": style,
        "language": step.world.contact.language,
    }
    if is_template(content):
        try:
            template = template_of(content)
        except BadTemplate as wrong:
            raise FlowError(f"The interactive message of the bot cannot be sent: {wrong}") from None
        if step.world.contact.channel == "CHAT":
            return Message(interactive=template.content)
        return Message(text=template.title, **spoken)
    return Message(ssml=content, **spoken) if kind == "SSML" else Message(text=content, **spoken)


def _alias(step: Step) -> tuple[str, bool]:
    """(alias, classic) of the bot; raises FlowError when the block names none (BLK-071, FLOW-107)."""
    current = step.parameters.get("LexV2Bot")
    if isinstance(current, dict) and current.get("AliasArn"):
        return step.scalar(current["AliasArn"]), False
    old = step.parameters.get("LexBot")
    if isinstance(old, dict) and old.get("Name"):
        return f"{step.scalar(old['Name'])}:{step.scalar(old.get('Alias') or '$LATEST')}", True
    raise FlowError("No bot is named")


def _locale(step: Step) -> str:
    current = step.parameters.get("LexV2Bot")
    named = current.get("LocaleId") if isinstance(current, dict) else None
    return locale_of(step.scalar(named) if named else step.world.contact.language)


def _patience(step: Step) -> int | None:
    """Milliseconds that the customer of a chat may stay silent (BLK-077); None: as long as the chat lasts."""
    raw = step.parameters.get("LexTimeoutSeconds")
    given = raw.get("Text") if isinstance(raw, dict) else None
    seconds = None if given in (None, "") else number(step.value(given))
    if seconds is None:
        return None
    if not 60 <= seconds <= 604_800:
        raise FlowError("The chat timeout must be from 60 seconds to 7 days")
    return int(seconds * 1_000)


def _initial_message(step: Step) -> str:
    raw = step.parameters.get("LexInitializationData")
    given = raw.get("InitialMessage") if isinstance(raw, dict) else None
    if not given or step.world.contact.channel != "CHAT":
        return ""
    try:
        return step.scalar(given)
    except FlowError:
        return ""


def _listen_of(talk: BotTalk) -> Listen:
    """How the caller is heard, by the session attributes of the block and of the bot (BLK-074..080)."""
    try:
        turn = turn_of(talk.attributes, *_about(talk), classic=talk.classic)
        keys = keys_of(talk.attributes, *_about(talk))
    except BadAttribute as wrong:
        raise FlowError(f"A session attribute of the bot cannot be used: {wrong}") from None
    return Listen(
        locale=talk.locale,
        start_ms=turn.start_ms,
        end_ms=turn.end_ms,
        max_ms=turn.max_ms,
        interruptible=turn.interruptible,
        end_key=keys.end,
        delete_key=keys.delete,
        key_timeout_ms=keys.timeout_ms,
        maximum_keys=keys.most,
    )


def _about(talk: BotTalk) -> tuple[str, str]:
    return talk.intent, talk.slot


def _attributes(state: dict[str, Any] | None) -> dict[str, str]:
    found = (state or {}).get("sessionAttributes")
    return {key: text_of(value) for key, value in found.items()} if isinstance(found, dict) else {}
