"""One turn of a conversation: what was understood, what is still to be asked, what the function says to that."""

import re
from collections.abc import Generator
from typing import Any

from switchroom.channels.bots.engine.builtin import yes_or_no
from switchroom.channels.bots.engine.definition import (
    Definition,
    Intent,
    Locale,
    Message,
    Prompt,
    Slot,
    Step,
    items,
    mapping,
)
from switchroom.channels.bots.engine.matching import Reading
from switchroom.channels.bots.engine.resolving import Resolver, SlotValue
from switchroom.channels.bots.engine.sentiment import sentiment
from switchroom.channels.bots.engine.session import Context, HookFault, Session, Turn, strings

Asking = Generator[dict[str, Any], Any, None]
Talking = Generator[dict[str, Any], Any, dict[str, Any]]
SURE = 0.95
"""From here on another intent is meant, even while a slot is asked for."""
LIKELY = 0.7
_PLACE = re.compile(r"\{\s*([^{}\s]+)\s*\}|\[\s*([^\[\]\s]+)\s*\]")
_MOST_MESSAGES = 10
_MOST_STEPS = 10
"""Steps that one turn may take; intents that start each other end there."""
_CONTENT_TYPES = {"PlainText", "SSML", "CustomPayload", "ImageResponseCard"}


def converse(
    bot: Definition,
    locale: Locale,
    session: Session,
    turn: Turn,
    readings: list[Reading],
    about: dict[str, Any],
    slots: dict[str, SlotValue] | None = None,
) -> Talking:
    """Take one turn. Yields events for the bot's function and is sent its answers; returns the answer to the client.

    `session` is changed in place; its contexts have aged. `readings`: what the words may mean.
    `about` is `bot` of the events. `slots` are values for the slots of the present intent that somebody else has read
    from the words. Raises HookFault.
    """
    dialog = _Dialog(bot, locale, session, turn, readings, about, slots or {})
    yield from dialog.run()
    return dialog.answer()


class _Dialog:
    def __init__(
        self,
        bot: Definition,
        locale: Locale,
        session: Session,
        turn: Turn,
        readings: list[Reading],
        about: dict[str, Any],
        slots: dict[str, SlotValue],
    ) -> None:
        self._bot, self._locale, self._session, self._turn = bot, locale, session, turn
        self._readings, self._about, self._given = readings, about, slots
        self._messages: list[dict[str, Any]] = []
        self._steps = 0
        self._request_attributes = dict(turn.request_attributes)
        self._resolver = Resolver(locale, turn.today)
        self._feeling = sentiment(turn.text)
        self._heard = self._listed()

    def run(self) -> Asking:
        session = self._session
        intent = self._locale.intents.get(session.intent or "")
        slot = intent.slot(session.slot or "") if intent is not None else None
        if intent is not None and session.action == "ElicitSlot" and slot is not None:
            yield from self._hear_slot(intent, slot)
        elif intent is not None and session.action == "ConfirmIntent":
            yield from self._hear_confirmation(intent)
        else:
            yield from self._hear_intent()

    # what was said

    def _hear_intent(self) -> Asking:
        best = self._readings[0] if self._readings else None
        if best is not None and best.score >= self._locale.threshold:
            yield from self._begin(best)
        else:
            yield from self._missed()

    def _hear_slot(self, intent: Intent, slot: Slot) -> Asking:
        session = self._session
        other = self._other(intent, SURE)
        if other is not None and not self._given:
            yield from self._begin(other)
            return
        value = self._given.get(slot.name) or self._resolver.resolve(slot, self._words(slot))
        for name, given in self._given.items():
            if intent.slot(name) is not None:
                session.slots[name] = given
        if value is not None:
            session.slots[slot.name], session.tries = value, 0
            yield from self._advance(intent, step=slot.captured)
            return
        other = self._other(intent, LIKELY)
        if other is not None:
            yield from self._begin(other)
            return
        session.tries += 1
        if session.tries > (slot.prompt.retries if slot.prompt else 0):
            yield from self._give_up(intent, slot.failure, slot.failed)
        else:
            yield from self._advance(intent, again=slot.name)

    def _hear_confirmation(self, intent: Intent) -> Asking:
        session = self._session
        answer = yes_or_no(self._turn.text)
        if answer == "Yes":
            session.confirmation, session.tries = "Confirmed", 0
            yield from self._advance(intent, step=intent.confirmed)
        elif answer == "No":
            yield from self._denied(intent)
        else:
            other = self._other(intent, LIKELY)
            session.tries += 1
            if other is not None:
                yield from self._begin(other)
            elif session.tries > (intent.confirm.retries if intent.confirm else 0):
                yield from self._give_up(intent, None)
            else:
                self._ask_to_confirm(intent)

    def _denied(self, intent: Intent) -> Asking:
        self._session.confirmation, self._session.tries = "Denied", 0
        if intent.dialog_hook:
            settled = yield from self._hook("DialogCodeHook", intent, {"type": "Close"})
            if settled:
                return
        self._close("Failed", intent.decline)
        yield from self._follow(intent.declined, intent)

    def _words(self, slot: Slot) -> str:
        """What stands for the slot in a sentence that follows one of the slot's own utterances."""
        text = " ".join(self._turn.text.split())
        for utterance in slot.utterances:
            before, _, after = re.sub(r"\{[^{}]*\}", "\0", utterance).partition("\0")
            low = text.lower()
            if "{" in utterance and low.startswith(before.lower()) and low.endswith(after.lower()):
                inner = text[len(before) : len(text) - len(after)].strip()
                if inner:
                    return inner
        return text

    def _other(self, intent: Intent, least: float) -> Reading | None:
        best = self._readings[0] if self._readings else None
        return best if best is not None and best.score >= least and best.intent != intent.name else None

    # going on

    def _begin(self, reading: Reading) -> Asking:
        session, intent = self._session, self._locale.intents[reading.intent]
        session.intent, session.state, session.confirmation = intent.name, "InProgress", "None"
        session.slots = {slot.name: reading.slots.get(slot.name) or self._default(slot) for slot in intent.slots}
        session.tries, session.misses, session.score = 0, 0, reading.score
        if intent.initial is not None:
            self._say(intent.initial)
        yield from self._advance(intent, step=intent.opened)

    def _default(self, slot: Slot) -> SlotValue | None:
        """`#context.attribute`, `[session attribute]` or a constant."""
        for default in slot.defaults:
            value: str | None = default
            if default.startswith("#"):
                name, _, key = default[1:].partition(".")
                context = next((one for one in self._session.contexts if one.name == name), None)
                value = context.attributes.get(key) if context is not None else None
            elif default.startswith("[") and default.endswith("]"):
                value = self._session.attributes.get(default[1:-1])
            found = self._resolver.resolve(slot, value) if value else None
            if found is not None:
                return found
        return None

    def _advance(self, intent: Intent, again: str | None = None, step: Step | None = None) -> Asking:
        missing = self._missing(intent)
        if intent.dialog_hook:
            settled = yield from self._hook("DialogCodeHook", intent, self._proposal(intent, missing))
            if settled:
                return
            missing = self._missing(intent)
        followed = yield from self._follow(step, intent)
        if followed:
            return
        if missing is not None:
            self._elicit(missing, again=again)
        elif intent.confirm is not None and self._session.confirmation != "Confirmed":
            self._ask_to_confirm(intent)
        else:
            yield from self._fulfil(intent)

    def _follow(self, step: Step | None, intent: Intent) -> Generator[Any, Any, bool]:
        """Go on where the definition says; False where that is nowhere in particular."""
        if step is None or self._steps >= _MOST_STEPS:
            return False
        self._steps += 1
        session = self._session
        session.attributes = {**session.attributes, **step.attributes}
        other = self._locale.intents.get(step.intent or "")
        if step.kind == "StartIntent" and other is not None:
            given = {slot.name: self._resolver.resolve(slot, step.slots.get(slot.name, "")) for slot in other.slots}
            slots = {name: value for name, value in given.items() if value is not None}
            yield from self._begin(Reading(other.name, session.score or 0.0, slots))
            return True
        slot = intent.slot(step.slot or "")
        if step.kind == "ElicitSlot" and slot is not None and not session.slots.get(slot.name):
            self._elicit(slot)
        elif step.kind == "ConfirmIntent" and intent.confirm is not None and session.confirmation != "Confirmed":
            self._ask_to_confirm(intent)
        elif step.kind == "FulfillIntent" and session.action != "Close":
            yield from self._fulfil(intent)
        elif step.kind == "ElicitIntent":
            session.action, session.slot, session.intent, session.slots = "ElicitIntent", None, None, {}
        elif step.kind in ("CloseIntent", "EndConversation"):
            self._close(session.state if session.action == "Close" else "Fulfilled", None)
        else:
            return False
        return True

    def _missing(self, intent: Intent) -> Slot | None:
        return next((slot for slot in intent.slots if slot.required and not self._session.slots.get(slot.name)), None)

    def _proposal(self, intent: Intent, missing: Slot | None) -> dict[str, Any]:
        if missing is not None:
            return {"type": "ElicitSlot", "slotToElicit": missing.name}
        if intent.confirm is not None and self._session.confirmation != "Confirmed":
            return {"type": "ConfirmIntent"}
        return {"type": "Delegate"} if intent.fulfilment_hook else {"type": "Close"}

    def _elicit(self, slot: Slot, said: bool = False, again: str | None = None) -> None:
        session = self._session
        if again != slot.name:
            session.tries = 0
        session.action, session.slot, session.state = "ElicitSlot", slot.name, "InProgress"
        if slot.prompt is not None and not said:
            self._say(slot.prompt, session.tries)

    def _ask_to_confirm(self, intent: Intent, said: bool = False) -> None:
        session = self._session
        session.action, session.slot, session.confirmation = "ConfirmIntent", None, "None"
        if intent.confirm is not None and not said:
            self._say(intent.confirm, session.tries)

    def _fulfil(self, intent: Intent) -> Asking:
        self._session.state = "ReadyForFulfillment"
        if not intent.fulfilment_hook:
            self._finish(intent)
            self._close("ReadyForFulfillment", intent.closing)
            yield from self._follow(intent.closed, intent)
            return
        settled = yield from self._hook("FulfillmentCodeHook", intent, None)
        if not settled:
            self._finish(intent)
            self._close("Fulfilled", None if self._messages else intent.success or intent.closing)
            yield from self._follow(intent.closed, intent)

    def _finish(self, intent: Intent) -> None:
        """Contexts that the intent opens, with the values of its slots."""
        session, now = self._session, self._turn.now
        values = {name: value.interpreted for name, value in session.slots.items() if value is not None}
        for output in intent.outputs:
            session.contexts = [one for one in session.contexts if one.name != output.name]
            kept = {**values} if len(values) <= 10 else dict(list(values.items())[:10])
            session.contexts.append(Context(output.name, now + 1000 * output.seconds, output.turns, kept))

    def _close(self, state: str, prompt: Prompt | None) -> None:
        session = self._session
        session.action, session.slot, session.state = "Close", None, state
        if prompt is not None:
            self._say(prompt)

    # not understood

    def _missed(self) -> Asking:
        fallback, session = self._locale.fallback, self._session
        if fallback is not None:
            session.score = None
            yield from self._begin(Reading(fallback.name, 0.0))
            session.score = None
            return
        session.misses += 1
        session.intent, session.slots, session.slot, session.score = None, {}, None, None
        if session.misses > self._bot.miss.retries:
            session.action, session.misses = "Close", 0
            self._say(self._bot.give_up)
        else:
            session.action = "ElicitIntent"
            self._say(self._bot.miss, session.misses - 1)

    def _give_up(self, intent: Intent, failure: Prompt | None, step: Step | None = None) -> Asking:
        """A slot or a confirmation was asked for often enough."""
        fallback, session = self._locale.fallback, self._session
        session.tries = 0
        if failure is not None or step is not None:
            self._close("Failed", failure)
            yield from self._follow(step, intent)
        elif fallback is not None and fallback.name != intent.name:
            yield from self._begin(Reading(fallback.name, 0.0))
            session.score = None
        else:
            self._close("Failed", self._bot.give_up)

    # the function

    def _hook(self, source: str, intent: Intent, proposal: dict[str, Any] | None) -> Generator[Any, Any, bool]:
        """Ask the function; True when it has settled what the bot does next, False when it leaves that to the bot."""
        reply = yield self._event(source, proposal)
        state = mapping(mapping(reply).get("sessionState"))
        if not state or not isinstance(mapping(state.get("dialogAction")).get("type"), str):
            raise HookFault(f"The function of intent {intent.name} gave no sessionState with a dialogAction")
        self._session.take({**state, "dialogAction": None}, self._turn.now)
        if isinstance(mapping(reply).get("requestAttributes"), dict):
            self._request_attributes = strings(reply["requestAttributes"])
        own = [_written(one) for one in items(mapping(reply).get("messages"))]
        self._messages += [one for one in own if one is not None]
        present = self._locale.intents.get(self._session.intent or "") or intent
        return self._obey(mapping(state["dialogAction"]), present, bool(own))

    def _obey(self, action: dict[str, Any], intent: Intent, said: bool) -> bool:
        session, kind = self._session, action["type"]
        if kind == "Delegate":
            return False
        if kind == "ElicitSlot":
            slot = intent.slot(str(action.get("slotToElicit") or ""))
            if slot is None:
                raise HookFault(f"The function of intent {intent.name} asks for a slot that the intent does not have")
            same = (session.action, session.slot) == ("ElicitSlot", slot.name)
            self._elicit(slot, said, again=slot.name if same else None)
        elif kind == "ConfirmIntent":
            self._ask_to_confirm(intent, said)
        elif kind == "ElicitIntent":
            session.action, session.slot, session.intent, session.slots = "ElicitIntent", None, None, {}
        elif kind == "Close":
            state = session.state if session.state in ("Fulfilled", "Failed") else "Fulfilled"
            if state == "Fulfilled":
                self._finish(intent)
            after = intent.failure if state == "Failed" else intent.success or intent.closing
            self._close(state, None if said else after)
        else:
            raise HookFault(f"The function of intent {intent.name} wants the dialog action {kind}, which there is not")
        return True

    def _event(self, source: str, proposal: dict[str, Any] | None) -> dict[str, Any]:
        """What a bot's function is called with (spec, bot contract)."""
        session, turn = self._session, self._turn
        intent = session.written_intent()
        proposed = {"dialogAction": proposal, "intent": intent} if proposal is not None else {}
        return {
            "messageVersion": "1.0",
            "invocationSource": source,
            "inputMode": turn.mode,
            "responseContentType": "text/plain; charset=utf-8",
            "sessionId": turn.session,
            "inputTranscript": turn.text,
            "bot": self._about,
            "interpretations": self._interpretations(),
            "proposedNextState": proposed,
            "requestAttributes": self._request_attributes,
            "sessionState": {
                "activeContexts": session.written_contexts(turn.now),
                "sessionAttributes": session.attributes,
                "runtimeHints": {},
                "dialogAction": proposal or {"type": "Close"},
                "intent": intent,
            },
            "transcriptions": [
                {
                    "transcription": turn.text,
                    "transcriptionConfidence": 1.0,
                    "resolvedContext": {"intent": session.intent},
                    "resolvedSlots": {},
                }
            ],
        }

    # the answer

    def answer(self) -> dict[str, Any]:
        """In the form of RecognizeText."""
        self._session.at = self._turn.now
        present = self._locale.intents.get(self._session.intent or "")
        for slot in present.slots if present is not None else ():
            self._session.slots.setdefault(slot.name, None)
        return {
            "messages": self._messages[:_MOST_MESSAGES],
            "sessionState": self._session.written(self._turn.now),
            "interpretations": self._interpretations(),
            "requestAttributes": self._request_attributes,
            "sessionId": self._turn.session,
        }

    def _listed(self) -> list[Reading]:
        """What the words may mean besides; the fallback intent where there is one."""
        fallback = self._locale.fallback
        return [*self._readings, *([Reading(fallback.name, 0.0)] if fallback is not None else [])]

    def _interpretations(self) -> list[dict[str, Any]]:
        session, found = self._session, []
        own = session.written_intent()
        if own is not None:
            first: dict[str, Any] = {"intent": own, "interpretationSource": "Lex"}
            if session.score is not None:
                first["nluConfidence"] = {"score": session.score}
            found.append(first)
        found += [self._alternative(reading) for reading in self._heard if reading.intent != session.intent]
        if found:
            found[0]["sentimentResponse"] = self._feeling
        return found[:5]

    def _alternative(self, reading: Reading) -> dict[str, Any]:
        intent = self._locale.intents[reading.intent]
        slots = {slot.name: reading.slots.get(slot.name) for slot in intent.slots}
        written = {
            "name": intent.name,
            "slots": {name: None if value is None else value.written() for name, value in slots.items()},
            "state": "InProgress",
            "confirmationState": "None",
        }
        other: dict[str, Any] = {"intent": written, "interpretationSource": "Lex"}
        if intent is not self._locale.fallback:
            other["nluConfidence"] = {"score": reading.score}
        return other

    def _say(self, prompt: Prompt, attempt: int = 0) -> None:
        """One variation of each group, another one at every attempt."""
        for group in prompt.groups:
            self._messages.append(self._told(group[attempt % len(group)]))

    def _told(self, message: Message) -> dict[str, Any]:
        if message.card is not None:
            return {"contentType": "ImageResponseCard", "imageResponseCard": message.card}
        if message.kind == "CustomPayload":
            return {"contentType": "CustomPayload", "content": _PLACE.sub(self._known_value, message.content)}
        return {"contentType": message.kind, "content": _PLACE.sub(self._value, message.content)}

    def _value(self, place: re.Match[str]) -> str:
        slot = self._session.slots.get(place[1]) if place[1] else None
        if place[1]:
            return slot.interpreted if slot is not None else ""
        return self._session.attributes.get(place[2], "")

    def _known_value(self, place: re.Match[str]) -> str:
        """In a payload, braces and brackets that name nothing are part of it."""
        slot = self._session.slots.get(place[1]) if place[1] else None
        if slot is not None:
            return slot.interpreted
        return self._session.attributes.get(place[2], place[0]) if place[2] else place[0]


def _written(message: dict[str, Any]) -> dict[str, Any] | None:
    """A message of a function; None for one that says nothing."""
    kind = message.get("contentType")
    if kind not in _CONTENT_TYPES:
        raise HookFault("A message of the function has no contentType that there is")
    if kind == "ImageResponseCard":
        card = message.get("imageResponseCard")
        return {"contentType": kind, "imageResponseCard": card} if isinstance(card, dict) else None
    return {"contentType": kind, "content": str(message["content"])} if message.get("content") else None
