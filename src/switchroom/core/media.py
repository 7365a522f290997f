"""What the centre wants of the media plane. A plan is the whole truth about a call: sent again, it changes nothing.

The media process compares a plan with what is, and acts on the difference: a leg with `dial` that it does not know is
called, a leg that is not in the plan any more is hung up, an audio with a new id begins to play. What happens is
reported by the commands of `core.voice_commands` (`LegAnswered`, `AudioEnded`, ...).
"""

from typing import Literal

import msgspec

from switchroom.core.call import Dial

AudioKind = Literal["play", "loop", "collect", "tone"]
Tone = Literal["ringback", "busy", "reorder", "beep"]


class Sound(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something to be heard; one of `object`, `uri`, `text`, `ssml`, `tone` is set."""

    object: str | None = None
    """Object key of a library prompt's WAV."""
    uri: str | None = None
    text: str | None = None
    ssml: str | None = None
    tone: Tone | None = None
    voice: str = "Joanna"
    engine: str = "Standard"
    style: str = "None"
    language: str | None = None


class Listen(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a caller's answer to a bot is heard, in words or keys. All times in milliseconds (BLK-076, BLK-078, BLK-079).

    `interruptible`: speech stops what is played; a key always does.
    """

    locale: str = "en_US"
    start_ms: int = 3_000
    end_ms: int = 600
    max_ms: int = 12_000
    interruptible: bool = True
    end_key: str = "#"
    delete_key: str = "*"
    key_timeout_ms: int = 5_000
    maximum_keys: int = 1_024


class Encryption(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who alone may read what is keyed (BLK-161): the certificate's owner; `key_id` of the security key that signed it.

    `country`: the keys must be a telephone number, of that country, or (empty) with its country code (BLK-164).
    """

    key_id: str
    certificate: str
    country: str | None = None


class Audio(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a leg hears instead of the room.

    play: the sounds once, then `AudioEnded(done)`. loop: again and again until the plan changes. tone: like loop.
    collect: the sounds once, interrupted by the first key; then keys until `maximum`, `terminator`, or
    `digit_timeout_ms` without a further one: `AudioEnded(done, keys)`; no first key within `first_timeout_ms` after
    the sounds: `AudioEnded(timeout)`. `cancel_key` clears what was entered. Sounds that cannot be had:
    `AudioEnded(failed, reason)`. An audio that has ended leaves silence.

    collect with `listen`: words or keys. `AudioEnded(done, {"mode": "Speech", "text", "confidence"})` or
    `AudioEnded(done, {"mode": "DTMF", "keys"})`, keys as they were pressed, with those that end and delete; nobody says
    anything: `AudioEnded(timeout)`.
    """

    id: str
    kind: AudioKind
    sounds: tuple[Sound, ...] = ()
    first_timeout_ms: int = 5_000
    maximum: int = 1
    digit_timeout_ms: int = 5_000
    terminator: str = ""
    cancel_key: str = ""
    secret: bool = False
    """The keys may not be logged."""
    encryption: Encryption | None = None
    """The keys are encrypted before they are told; `AudioEnded(failed, "InvalidPhoneNumber")` for a wrong number."""
    listen: Listen | None = None


class LegPlan(msgspec.Struct, frozen=True, omit_defaults=True):
    """One leg. With `dial` it is to be called; `browser`: it joins by `media.<id>.join`; else it came in.

    `answer`: the call of a leg that came in is to be answered now. `talk` and `hear`: its part in the room.
    `digits`: how many keys were to be sent so far, and the last of them.
    """

    id: str
    dial: Dial | None = None
    browser: bool = False
    answer: bool = False
    talk: bool = False
    hear: bool = False
    mute: bool = False
    audio: Audio | None = None
    digits: tuple[int, str] | None = None
    pressed: tuple[int, str] | None = None
    """How many keys the party pressed elsewhere than in its sound, and the last of them (CHAT-07): heard as its own."""
    video: bool = False
    """May send video (CHAT-03)."""
    patient: bool = False
    """Held: silence from there is no reason to end it."""
    contact: str = ""
    """The segment that keeps how it sounded, when the plan ends the leg (`LegMeasured`)."""
    agent: bool = False
    """It is the agent's side of that segment."""


class RecordingPlan(msgspec.Struct, frozen=True, omit_defaults=True):
    """A stereo WAV under `key`: agents right, everybody else left (FLOW-88). Absent from the plan: it is finished.

    `agent` and `customer`: which side is kept; the other channel is silent. Suspended: silence is written.
    """

    id: str
    key: str
    right: tuple[str, ...]
    left: tuple[str, ...]
    agent: bool = True
    customer: bool = True
    suspended: bool = False


class StreamPlan(msgspec.Struct, frozen=True, omit_defaults=True):
    """Live streaming of the customer's audio (BLK-155): what the leg says (`from_customer`), what it hears."""

    id: str
    contact: str
    leg: str
    from_customer: bool = True
    to_customer: bool = True


class CallPlan(msgspec.Struct, frozen=True, omit_defaults=True):
    """What there should be of a call. Without legs the call is over. A lower version than one seen is stale."""

    instance: str
    call: str
    version: int
    legs: tuple[LegPlan, ...] = ()
    recordings: tuple[RecordingPlan, ...] = ()
    stream: StreamPlan | None = None
    reject: int | None = None
    """SIP code for legs that came in and were never answered."""


class SendPlan(msgspec.Struct, frozen=True):
    """An effect: tell the media process of a call."""

    media: str
    plan: CallPlan


class SendKeys(msgspec.Struct, frozen=True):
    """An effect: keys of a party that nothing may keep, straight to where they are collected and encrypted."""

    media: str
    instance: str
    call: str
    leg: str
    digits: str
