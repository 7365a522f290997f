"""What the media plane should be doing for a call, derived from the state: legs, room, and what flows say to whom.

A flow speaks to the party of its contact, a whisper to the agent it is for, a hold flow to whoever is held. A leg that
is spoken to is out of the room meanwhile.
"""

from collections.abc import Callable

from switchroom.core.call import Call, CallRecording, Leg
from switchroom.core.contact import Contact
from switchroom.core.media import Audio, CallPlan, Encryption, LegPlan, RecordingPlan, Sound, StreamPlan
from switchroom.core.state import State
from switchroom.flows.state import Await, Collect, Converse, LoopPrompts, Message, Play

TO_PARTY = ("main", "customer_queue", "customer_whisper", "outbound_whisper")
RINGBACK = Audio(id="ringback", kind="tone", sounds=(Sound(tone="ringback"),))

PLAIN, BEST = ("Standard", "None"), ("Neural", "Conversational")
"""Engine and style of a text for which a flow chose neither, and the most natural ones."""

Awaiting = Callable[[State, str], tuple[str, Await] | None]
"""By state and run key: (run id, what the run waits for)."""
Prompt = Callable[[str], str | None]
"""By prompt id: the object key of its sound."""


class Planner:
    """Makes plans of one instance's calls."""

    def __init__(
        self, instance: str, awaiting: Awaiting, prompt: Prompt, best_voices: Callable[[], bool] = lambda: False
    ) -> None:
        """`best_voices`: voices speak in the most natural way they have unless a flow chooses one (FLOW-69)."""
        self._instance = instance
        self._awaiting = awaiting
        self._prompt = prompt
        self._best = best_voices

    def plan(self, state: State, call: Call, version: int) -> CallPlan:
        """The plan of a call as the state is now."""
        contacts = [state.contacts[one] for one in call.contacts]
        return CallPlan(
            instance=self._instance,
            call=call.id,
            version=version,
            legs=tuple(self._leg(state, call, leg, contacts) for leg in call.legs.values()),
            recordings=tuple(
                plan
                for one in call.recordings.values()
                if (plan := _recording(call, one, state.contacts.get(one.contact))) is not None
            ),
            stream=_stream(call),
        )

    def secret(self, state: State, call: str) -> bool:
        """Whether what the caller keys now is encrypted."""
        found = state.calls.get(call)
        leg = found.legs.get(found.customer or "") if found is not None else None
        if found is None or leg is None:
            return False
        audio = self._audio(state, found, leg, [state.contacts[one] for one in found.contacts])
        return audio is not None and audio.encryption is not None

    def _leg(self, state: State, call: Call, leg: Leg, contacts: list[Contact]) -> LegPlan:
        audio = self._audio(state, call, leg, contacts)
        room = (leg.in_room or _hears_ringing(call, leg)) and audio is None
        silent = leg.kind == "SUPERVISOR" and leg.mode != "BARGE"
        return LegPlan(
            id=leg.id,
            dial=leg.dial,
            browser=leg.browser,
            answer=leg.dial is None and not leg.browser,
            talk=room and not silent,
            hear=room,
            mute=leg.muted,
            audio=audio,
            digits=leg.digits,
            pressed=leg.pressed,
            video=leg.video and leg.in_room,
            patient=leg.held,
            contact=leg.contact,
            agent=leg.kind == "AGENT",
        )

    def _audio(self, state: State, call: Call, leg: Leg, contacts: list[Contact]) -> Audio | None:
        if leg.state != "connected":
            return None
        if leg.held:
            purpose = "agent_hold" if leg.kind == "AGENT" else "customer_hold"
            return self._said(state, f"{leg.contact}/{purpose}")
        if leg.kind == "AGENT" and not leg.joined:
            whisper = self._said(state, f"{leg.contact}/agent_whisper")
            if whisper is not None:
                return whisper
        for contact in reversed(contacts):
            if contact.party == leg.id:
                for purpose in TO_PARTY:
                    said = self._said(state, f"{contact.id}/{purpose}")
                    if said is not None:
                        return said
        return RINGBACK if _hears_ringback(call, leg) else None

    def _said(self, state: State, key: str) -> Audio | None:
        found = self._awaiting(state, key)
        if found is None:
            return None
        run, awaiting = found
        return self._audio_of(f"{key}|{run}|{awaiting.id}", awaiting)

    def _audio_of(self, identifier: str, awaiting: Await) -> Audio | None:
        effect = awaiting.effect
        if isinstance(effect, Play):
            return Audio(
                id=identifier, kind="play", sounds=tuple(self._sound(one) for one in (effect.message, *effect.more))
            )
        if isinstance(effect, LoopPrompts):
            return Audio(id=identifier, kind="loop", sounds=tuple(self._sound(one) for one in effect.messages))
        if isinstance(effect, Collect):
            return Audio(
                id=identifier,
                kind="collect",
                sounds=(self._sound(effect.message),) if effect.message is not None else (),
                first_timeout_ms=effect.first_timeout_ms,
                maximum=effect.maximum,
                digit_timeout_ms=effect.digit_timeout_ms,
                terminator=effect.terminator,
                cancel_key=effect.cancel_key,
                secret=effect.secret,
                encryption=_encryption(effect),
            )
        if isinstance(effect, Converse):
            listen = effect.listen
            return Audio(
                id=identifier,
                kind="collect",
                sounds=tuple(self._sound(one) for one in effect.messages),
                first_timeout_ms=listen.start_ms,
                maximum=listen.maximum_keys,
                digit_timeout_ms=listen.key_timeout_ms,
                terminator=listen.end_key,
                cancel_key=listen.delete_key,
                listen=listen,
            )
        return None

    def _sound(self, message: Message) -> Sound:
        if message.tone is not None:
            return Sound(tone=message.tone)
        if message.prompt_id is not None:
            return Sound(object=self._prompt(message.prompt_id) or message.prompt_id)
        chosen = (message.engine, message.style)
        engine, style = BEST if chosen == PLAIN and self._best() and message.uri is None else chosen
        return Sound(
            uri=message.uri,
            text=message.text,
            ssml=message.ssml,
            voice=message.voice,
            engine=engine,
            style=style,
            language=message.language,
        )


def _encryption(effect: Collect) -> Encryption | None:
    if effect.encryption_key_id is None or effect.certificate is None:
        return None
    return Encryption(effect.encryption_key_id, effect.certificate, effect.country)


def audio_parts(identifier: str) -> tuple[str, str, int] | None:
    """(run key, run id, await id) of the audio that a report names; None for sounds that no flow waits for."""
    parts = identifier.split("|")
    return (parts[0], parts[1], int(parts[2])) if len(parts) == 3 and parts[2].isdigit() else None


def _ringing(call: Call, leg: Leg) -> list[Leg]:
    """Legs that are being called on behalf of this one."""
    called = [one for one in call.legs.values() if one.state in ("dialing", "ringing") and one.kind != "AGENT"]
    if leg.kind == "AGENT":
        return [
            one for one in called if one.added_by == leg.user or (one.kind == "CUSTOMER" and one.contact == leg.contact)
        ]
    return [one for one in called if leg.kind == "CUSTOMER" and one.kind == "THIRD_PARTY" and one.added_by is None]


def _hears_ringback(call: Call, leg: Leg) -> bool:
    waited = _ringing(call, leg)
    return bool(waited) and not any(one.early for one in waited)


def _hears_ringing(call: Call, leg: Leg) -> bool:
    """Early media (NUM-64): the agent and the ringing leg share the room before it is answered."""
    if leg.early and leg.state == "ringing":
        return True
    return leg.kind == "AGENT" and leg.state == "connected" and any(one.early for one in _ringing(call, leg))


def _recording(call: Call, recording: CallRecording, contact: Contact | None) -> RecordingPlan | None:
    if recording.state == "stopped" or contact is None or contact.agent is None or contact.agent.left_at is not None:
        return None
    own = call.of_agent(contact.agent.user)
    if contact.place != "agent" or own is None:
        return None
    return RecordingPlan(
        id=f"{recording.contact}",
        key=recording.key,
        right=(own.id,),
        left=tuple(leg.id for leg in call.legs.values() if leg.id != own.id),
        agent="Agent" in recording.participants,
        customer="Customer" in recording.participants,
        suspended=recording.state == "suspended",
    )


def _stream(call: Call) -> StreamPlan | None:
    stream = call.stream
    if stream is None or call.customer is None:
        return None
    return StreamPlan(
        id=stream.id,
        contact=stream.contact,
        leg=call.customer,
        from_customer=stream.from_customer,
        to_customer=stream.to_customer,
    )
