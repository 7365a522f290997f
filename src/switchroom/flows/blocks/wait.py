"""Wait."""

from typing import Any

from switchroom.flows.blocks.declare import (
    ALL,
    CQ,
    ERROR,
    IN,
    Face,
    Field,
    choices,
    condition,
    error,
    has,
    lacks,
    shows,
)
from switchroom.flows.blocks.registry import block, resumes
from switchroom.flows.blocks.step import Move, Step
from switchroom.flows.language import text_of
from switchroom.flows.state import Pause, Signal

WAIT = Face(
    "wait",
    ("Wait", "待機"),
    (
        "Waits for a time, for the customer to come back, or for a bot to leave.",
        "一定時間、顧客の復帰、またはボットの切断を待ちます。",
    ),
    "INTERACT",
    (IN, CQ),
    "EYY",
    "Wait",
    also=ALL,
)

_SEVEN_DAYS_S = 7 * 24 * 3_600
_RETURNED, _BOT = "CustomerReturned", "BotParticipantDisconnected"
_BOT_WAYS = (
    condition(_BOT, ("Bot participant disconnected", "ボット参加者が切断"), shows("Events", _BOT)),
    error("ParticipantNotFound", ("Participant not found", "参加者が見つからない"), shows("Events", _BOT)),
)
_EXPIRED = condition("WaitCompleted", ("Time expired", "時間切れ"))
_DEFAULT_WAYS = (
    _EXPIRED,
    condition(_RETURNED, ("Customer returned", "顧客が戻った"), shows("Events", _RETURNED)),
    *_BOT_WAYS,
    ERROR,
)


def _timeout(path: str, *when: Any) -> Field:
    return Field(
        path,
        ("Timeout", "タイムアウト"),
        "DURATION",
        required=True,
        default="300" if path == "TimeLimitSeconds" else None,
        low=1,
        high=_SEVEN_DAYS_S,
        unit="SECONDS",
        when=when,
    )


_TIMEOUTS = (_timeout("TimeLimitSeconds", lacks("TimeoutSeconds")), _timeout("TimeoutSeconds", has("TimeoutSeconds")))
"""The key of exports, and that of the public description."""


@block(
    WAIT,
    "Wait",
    *_TIMEOUTS,
    ways=(*_BOT_WAYS, _EXPIRED, ERROR),
    key="bot",
    name=("Bot", "ボット"),
    tells=(shows("Events", _BOT),),
    preset={"Events": [_BOT]},
    waits=True,
)
@block(
    WAIT,
    "Wait",
    *_TIMEOUTS,
    Field(
        "Events",
        ("Optional branches", "オプションの分岐"),
        "CHOICES",
        "M",
        choices=choices(
            CustomerReturned=("Customer has returned", "顧客が戻った"),
            BotParticipantDisconnected=("Bot participant disconnected", "ボット参加者が切断"),
        ),
    ),
    ways=_DEFAULT_WAYS,
    key="default",
    name=("Default", "デフォルト"),
    tells=(shows("Events", _RETURNED, ""),),
    waits=True,
)
def wait(step: Step) -> Move:
    """Up to seven days, for the customer to return or for a bot to leave (BLK-178..181)."""
    key = "TimeLimitSeconds" if step.parameters.get("TimeLimitSeconds") not in (None, "") else "TimeoutSeconds"
    seconds = step.integer(key, 1, _SEVEN_DAYS_S)
    events = _events(step.parameters.get("Events"))
    chat = step.world.contact.channel == "CHAT"
    step.logged = {"TimeoutSeconds": str(seconds), "Events": sorted(events)}
    pause = Pause(customer=chat and "CustomerReturned" in events, bot=chat and "BotParticipantDisconnected" in events)
    return step.stand(pause, step.world.now + seconds * 1_000)


@resumes("Wait")
def waited(step: Step, signal: Signal) -> Move:
    if signal.kind == "bot_missing":
        return step.fail("ParticipantNotFound")
    outcome = {
        "timeout": "WaitCompleted",
        "done": "WaitCompleted",
        "customer_returned": "CustomerReturned",
        "bot_left": "BotParticipantDisconnected",
    }.get(signal.kind)
    return step.fail("NoMatchingError", text_of(signal.value or "failed")) if outcome is None else step.choose(outcome)


def _events(raw: Any) -> set[str]:
    return {e for e in raw if isinstance(e, str)} if isinstance(raw, list) else set()
