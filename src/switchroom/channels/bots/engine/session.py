"""What a conversation with a bot has come to, and one turn of it."""

import datetime as dt
from typing import Any, Literal

import msgspec

from switchroom.channels.bots.engine.definition import mapping
from switchroom.channels.bots.engine.resolving import SlotValue, read_value

Mode = Literal["Text", "Speech", "DTMF"]
ACTIONS = ("Close", "ConfirmIntent", "Delegate", "ElicitIntent", "ElicitSlot", "None")
MOST_TEXT = 1_024


class HookFault(Exception):
    """A function answered something that is no answer of a bot's function."""


class Turn(msgspec.Struct, frozen=True):
    """Something a customer said. `now` is in epoch milliseconds; `state` is a `sessionState` that goes before the
    one the session has."""

    session: str
    locale: str
    text: str
    now: int
    mode: Mode = "Text"
    state: dict[str, Any] | None = None
    request_attributes: dict[str, str] = {}

    @property
    def today(self) -> dt.date:
        """The day of the turn, in UTC."""
        return dt.datetime.fromtimestamp(self.now / 1000, dt.UTC).date()


class Context(msgspec.Struct):
    """An active context. `until` is in epoch milliseconds."""

    name: str
    until: int
    turns: int
    attributes: dict[str, str] = {}


class Session(msgspec.Struct):
    """Where a conversation stands. `tries` counts how often the slot or intent was asked for without success."""

    attributes: dict[str, str] = {}
    intent: str | None = None
    state: str = "InProgress"
    slots: dict[str, SlotValue | None] = {}
    confirmation: str = "None"
    action: str = "None"
    slot: str | None = None
    contexts: list[Context] = []
    tries: int = 0
    misses: int = 0
    score: float | None = None
    at: int = 0

    def take(self, state: dict[str, Any], now: int) -> None:
        """Take over a `sessionState` that a client or a function gives; members it lacks stay."""
        if isinstance(state.get("sessionAttributes"), dict):
            self.attributes = strings(state["sessionAttributes"])
        if isinstance(state.get("activeContexts"), list):
            self.contexts = _contexts(state["activeContexts"], now)
        if isinstance(state.get("intent"), dict) and state["intent"].get("name"):
            self._take_intent(state["intent"])
        action = mapping(state.get("dialogAction"))
        if action.get("type") in ACTIONS:
            slot = str(action["slotToElicit"]) if action.get("slotToElicit") else None
            if (self.action, self.slot) != (action["type"], slot):
                self.tries = 0
            self.action, self.slot = action["type"], slot

    def _take_intent(self, intent: dict[str, Any]) -> None:
        if str(intent["name"]) != self.intent:
            self.slots, self.confirmation, self.tries, self.score = {}, "None", 0, None
        self.intent = str(intent["name"])
        if isinstance(intent.get("slots"), dict):
            self.slots = {str(name): read_value(slot) for name, slot in intent["slots"].items()}
        if intent.get("state") in ("Failed", "Fulfilled", "InProgress", "ReadyForFulfillment", "Waiting"):
            self.state = intent["state"]
        if intent.get("confirmationState") in ("Confirmed", "Denied", "None"):
            self.confirmation = intent["confirmationState"]

    def age(self, now: int) -> None:
        """One more turn passes for the active contexts."""
        for context in self.contexts:
            context.turns -= 1
        self.contexts = [one for one in self.contexts if one.turns > 0 and one.until > now]

    def open_contexts(self) -> set[str]:
        """Names of the active contexts."""
        return {context.name for context in self.contexts}

    def written_intent(self) -> dict[str, Any] | None:
        """`intent` of a session state."""
        if self.intent is None:
            return None
        return {
            "name": self.intent,
            "slots": {name: None if value is None else value.written() for name, value in self.slots.items()},
            "state": self.state,
            "confirmationState": self.confirmation,
        }

    def written_contexts(self, now: int) -> list[dict[str, Any]]:
        """`activeContexts` of a session state."""
        return [
            {
                "name": one.name,
                "timeToLive": {"timeToLiveInSeconds": max(5, (one.until - now) // 1000), "turnsToLive": one.turns},
                "contextAttributes": one.attributes,
            }
            for one in self.contexts
        ]

    def written(self, now: int) -> dict[str, Any]:
        """The whole `sessionState`."""
        action: dict[str, Any] = {"type": self.action}
        if self.action == "ElicitSlot" and self.slot:
            action["slotToElicit"] = self.slot
        state: dict[str, Any] = {
            "dialogAction": action,
            "sessionAttributes": self.attributes,
            "activeContexts": self.written_contexts(now),
        }
        intent = self.written_intent()
        return {**state, "intent": intent} if intent is not None else state


def strings(values: Any) -> dict[str, str]:
    """A flat map of texts; nothing that is none."""
    return {str(key): value if isinstance(value, str) else _text(value) for key, value in mapping(values).items()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _contexts(written: list[Any], now: int) -> list[Context]:
    found = []
    for one in written:
        life = mapping(mapping(one).get("timeToLive"))
        if mapping(one).get("name"):
            seconds, turns = life.get("timeToLiveInSeconds"), life.get("turnsToLive")
            until = now + 1000 * (seconds if isinstance(seconds, int) and 0 < seconds <= 86_400 else 90)
            turns = turns if isinstance(turns, int) and 0 < turns <= 20 else 5
            found.append(Context(str(one["name"]), until, turns, strings(one.get("contextAttributes"))))
    return found[:20]
