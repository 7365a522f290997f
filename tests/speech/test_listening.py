"""Turns of callers, with real speech and the real detector; what they said is read back by an ear."""

import numpy as np
import pytest

from switchroom.flows.turns import BadAttribute, Keys, Turn, keys_of, turn_of
from switchroom.speech.ear import Whisper
from switchroom.speech.listening import Event, Listening, NoInput, SpeechEnded, SpeechStarted, TooLong
from switchroom.speech.vad import Silero
from switchroom.speech.wav import Samples
from tests.speech.conftest import Say, tone


def quiet(seconds: float) -> Samples:
    """A line on which nobody speaks: faint noise."""
    return np.random.default_rng(1).normal(0, 12, int(seconds * 8_000)).astype(np.int16)


def run(listening: Listening, *sounds: Samples) -> list[Event]:
    """Frames of 20 ms, as a call has them."""
    call = np.concatenate(sounds)
    return [event for at in range(0, len(call) - 159, 160) for event in listening.feed(call[at : at + 160])]


def test_what_is_said_is_heard(say: Say, ear: Whisper) -> None:
    """BLK-076: speech ends after 600 ms of silence, and holds every word."""
    spoken = say("I would like to pay my bill, please.")
    listening = Listening(Turn(), Silero())
    events = run(listening, quiet(1.0), spoken, quiet(2.0))
    assert [type(event) for event in events] == [SpeechStarted, SpeechEnded]
    started, ended = events
    assert isinstance(ended, SpeechEnded) and listening.over
    assert 900 <= started.at_ms <= 1_500
    assert 1_000 + len(spoken) / 8 + 100 < ended.at_ms < 1_000 + len(spoken) / 8 + 900
    text = ear.hear(ended.samples)
    assert "pay my bill" in text.text.lower() and text.confidence > 0.4


def test_nobody_speaks() -> None:
    """BLK-076: 3000 ms to begin, unless it is set otherwise."""
    (event,) = run(Listening(Turn(), Silero()), quiet(5))
    assert isinstance(event, NoInput) and 2_950 <= event.at_ms <= 3_100
    (event,) = run(Listening(Turn(start_ms=1_000), Silero()), quiet(5))
    assert event.at_ms <= 1_100


def test_silence_within_speech(say: Say) -> None:
    """BLK-076: the silence that ends a turn can be longer, for those who look for their card."""
    sounds = (quiet(0.5), say("It is four seven"), quiet(1.0), say("two nine."), quiet(2.5))
    ended = [event for event in run(Listening(Turn(), Silero()), *sounds) if isinstance(event, SpeechEnded)]
    patient = [e for e in run(Listening(Turn(end_ms=2_000), Silero()), *sounds) if isinstance(e, SpeechEnded)]
    assert len(ended) == len(patient) == 1
    assert len(patient[0].samples) > len(ended[0].samples) + 8_000


def test_somebody_goes_on_and_on(say: Say) -> None:
    """BLK-076: a turn lasts max-length-ms at most."""
    story = say("And then, as I said before, I went there and asked them about it and they told me to call you. " * 3)
    events = run(Listening(Turn(max_ms=4_000), Silero()), story)
    assert isinstance(events[-1], TooLong)
    assert 3_900 <= len(events[-1].samples) / 8 <= 4_700


def test_barge_in(say: Say) -> None:
    """BLK-078: speech while the prompt plays interrupts it, where that is allowed."""
    speech = (quiet(0.5), say("Agent, please."), quiet(1.0))
    events = run(Listening(Turn(interruptible=True), Silero(), prompt=True), *speech)
    assert isinstance(events[0], SpeechStarted) and events[0].interrupts
    assert isinstance(events[1], SpeechEnded)
    listening = Listening(Turn(interruptible=False), Silero(), prompt=True)
    assert run(listening, *speech) == []
    listening.prompt_ended()
    assert [type(event) for event in run(listening, *speech)] == [SpeechStarted, SpeechEnded]


def test_time_to_begin_counts_from_the_end_of_the_prompt() -> None:
    """BLK-076."""
    listening = Listening(Turn(), Silero(), prompt=True)
    assert run(listening, quiet(6)) == []
    listening.prompt_ended()
    (event,) = run(listening, quiet(4))
    assert isinstance(event, NoInput) and 8_900 <= event.at_ms <= 9_100


def test_tones_are_no_speech() -> None:
    """Keys, ringing and hold tones start nothing."""
    keys = np.concatenate([tone(697, 0.2) + tone(1_209, 0.2), np.zeros(800), tone(440, 1.0) + tone(480, 1.0)])
    (event,) = run(Listening(Turn(), Silero()), (keys * 12_000).astype(np.int16), quiet(4))
    assert isinstance(event, NoInput)


def test_turns_of_session_attributes() -> None:
    """BLK-076, BLK-074: the most exact attribute counts."""
    assert turn_of({}) == Turn(12_000, 3_000, 600, True)
    attributes = {
        "x-amz-lex:audio:max-length-ms:*:*": "8000",
        "x-amz-lex:audio:max-length-ms:Pay:*": "9000",
        "x-amz-lex:audio:max-length-ms:Pay:Card": "15000",
        "x-amz-lex:audio:start-timeout-ms:*:Card": "10000",
        "x-amz-lex:audio:end-timeout-ms:*:*": "1200",
        "x-amz-lex:allow-interrupt:*:*": "false",
    }
    assert turn_of(attributes, "Pay", "Card") == Turn(15_000, 10_000, 1_200, False)
    assert turn_of(attributes, "Pay", "Amount") == Turn(9_000, 3_000, 1_200, False)
    assert turn_of(attributes, "Ask", "Amount").max_ms == 8_000


def test_longest_speech_has_a_limit() -> None:
    """BLK-076: more than 15000 is an error."""
    for attributes, classic in (
        ({"x-amz-lex:audio:max-length-ms:*:*": "15001"}, False),
        ({"x-amz-lex:max-speech-duration-ms:*:*": "15001"}, True),
        ({"x-amz-lex:audio:end-timeout-ms:*:*": "soon"}, False),
    ):
        with pytest.raises(BadAttribute):
            turn_of(attributes, classic=classic)


def test_bots_of_the_first_generation() -> None:
    """BLK-078: barge-in is off unless it is asked for; the names are others."""
    assert not turn_of({}, classic=True).interruptible
    attributes = {
        "x-amz-lex:barge-in-enabled:*:*": "true",
        "x-amz-lex:end-silence-threshold-ms:Pay:*": "900",
        "x-amz-lex:start-silence-threshold-ms:*:*": "5000",
    }
    assert turn_of(attributes, "Pay", "Card", classic=True) == Turn(12_000, 5_000, 900, True)


def test_keys_of_session_attributes() -> None:
    """BLK-079."""
    assert keys_of({}) == Keys("#", "*", 5_000, 1_024)
    attributes = {
        "x-amz-lex:dtmf:end-character:Pay:Card": "*",
        "x-amz-lex:dtmf:deletion-character:Pay:Card": "#",
        "x-amz-lex:dtmf:end-timeout-ms:*:*": "2000",
        "x-amz-lex:dtmf:max-length:*:Card": "16",
    }
    assert keys_of(attributes, "Pay", "Card") == Keys("*", "#", 2_000, 16)
    with pytest.raises(BadAttribute):
        keys_of({"x-amz-lex:dtmf:max-length:*:*": "1025"})
    with pytest.raises(BadAttribute):
        keys_of({"x-amz-lex:dtmf:end-character:*:*": "ab"})


def test_words_of_an_utterance(say: Say, ear: Whisper) -> None:
    heard = ear.hear(say("Good morning."), words=True)
    assert [word.text.lower().strip(".,") for word in heard.words] == ["good", "morning"]
    assert heard.words[0].start_ms < heard.words[1].end_ms
