"""Voice names, engines, and what is done to voices."""

import logging

import numpy as np
import pytest

from switchroom.speech.ear import Whisper
from switchroom.speech.engines.hibari import Hibari
from switchroom.speech.speaking import Speaking
from switchroom.speech.voices import SPEAKERS, Voices, speaker_of
from switchroom.speech.wav import Samples, to_samples
from tests.speech.conftest import Say

pytestmark = pytest.mark.process


def pitch(samples: Samples) -> float:
    """The median fundamental frequency of speech, by autocorrelation, in Hz."""
    found = []
    for at in range(0, len(samples) - 512, 256):
        frame = samples[at : at + 512].astype(float)
        if np.abs(frame).mean() < 800:
            continue
        spectrum = np.correlate(frame, frame, "full")[511:]
        lag = 20 + int(spectrum[20:120].argmax())
        if spectrum[lag] > 0.5 * spectrum[0]:
            found.append(8_000 / lag)
    return float(np.median(found))


def test_names_of_connect() -> None:
    """FLOW-68, BLK-141: every voice name is taken, with its language."""
    for name, language in (
        ("Joanna", "en-US"),
        ("Matthew", "en-US"),
        ("Amy", "en-GB"),
        ("Mizuki", "ja-JP"),
        ("Takumi", "ja-JP"),
        ("Lupe", "es-US"),
        ("Vicki", "de-DE"),
        ("joanna", "en-US"),
    ):
        assert speaker_of(name).language == language
    assert len(SPEAKERS) > 90
    assert speaker_of("Nobody", "ja_JP").language == "ja-JP"
    assert speaker_of("Nobody").language == "en-US"


def test_voices_differ(say: Say, ear: Whisper) -> None:
    """BLK-141: Matthew is lower than Joanna, Ivy is higher; all say the same in about the same time."""
    text = "Your call is important to us. Please stay on the line."
    joanna, matthew, ivy = (say(text, voice) for voice in ("Joanna", "Matthew", "Ivy"))
    assert pitch(matthew) < 0.88 * pitch(joanna) < 0.95 * pitch(ivy)
    assert len(matthew) == pytest.approx(len(joanna), rel=0.15)
    assert "stay on the line" in ear.hear(matthew).text.lower()


def test_prosody_is_heard(say: Say) -> None:
    """FLOW-71: rate and volume."""
    plain = say("One two three four.", marked=True)
    slow = say("<prosody rate='50%'>One two three four.</prosody>", marked=True)
    soft = say("<prosody volume='-12dB'>One two three four.</prosody>", marked=True)
    assert len(slow) > 1.5 * len(plain)
    assert np.abs(soft).max() < 0.35 * np.abs(plain).max()


def test_whisper_has_no_pitch(say: Say, ear: Whisper) -> None:
    """FLOW-71: whispered words are words still."""
    said = "<amazon:effect name='whispered'>{}</amazon:effect>"
    text = "Thank you for calling our customer support."
    whispered, loud = say(said.format(text), marked=True), say(text)

    def periodic(samples: Samples) -> float:
        frames = [samples[at : at + 512].astype(float) for at in range(0, len(samples) - 512, 512)]
        peaks = [np.correlate(f, f, "full")[511:] for f in frames if np.abs(f).mean() > 300]
        return float(np.median([peak[20:120].max() / peak[0] for peak in peaks]))

    assert periodic(whispered) < 0.75 * periodic(loud)
    assert "customer support" in ear.hear(whispered).text.lower()


def test_phonemes_are_said(say: Say, ear: Whisper) -> None:
    """FLOW-71: phoneme in IPA; what the engine does not know falls back to the text."""
    said = say("<phoneme alphabet='ipa' ph='həˈloʊ'>goodbye</phoneme>", marked=True)
    assert "hello" in ear.hear(said).text.lower()
    said = say("<phoneme alphabet='ipa' ph='☃'>goodbye</phoneme>", marked=True)
    assert "bye" in ear.hear(said).text.lower()


def test_language_without_engine(caplog: pytest.LogCaptureFixture) -> None:
    """FLOW-68: the default voice says what it can, and the log says so once."""
    voices = Voices()
    with caplog.at_level(logging.WARNING):
        engines = {voices.engine(speaker_of(name).language).name for name in ("Vicki", "Hans", "Marlene")}
    assert engines == {"hibari"}
    assert len([record for record in caplog.records if "de-DE" in record.message]) == 1
    assert Hibari().sayable("Grüße aus 東京 und Москва, 5€!") == "Grüße aus und , 5€!"
    assert Hibari().sayable("こんにちは。") == ""


def test_japanese_is_spoken(japanese: Voices) -> None:
    """FLOW-68, BLK-141: Mizuki and Takumi, also with Latin letters and figures."""
    speaking = Speaking(japanese)

    def spoken(name: str) -> Samples:
        parts = speaking.parts("お電話ありがとうございます。ABC社の$12.50です。", False, speaker_of(name))
        return to_samples(np.concatenate([part() for part in parts]))

    mizuki, takumi = spoken("Mizuki"), spoken("Takumi")
    assert 4 * 8_000 < len(mizuki) < 10 * 8_000
    assert pitch(takumi) < 0.9 * pitch(mizuki)
    assert len(takumi) == pytest.approx(len(mizuki), rel=0.15)


def test_two_languages_in_one_text(japanese: Voices, ear: Whisper) -> None:
    """FLOW-71: lang."""
    parts = Speaking(japanese).parts(
        "<lang xml:lang='ja-JP'>こんにちは。</lang> Welcome to our store.", True, speaker_of("Joanna")
    )
    samples = to_samples(np.concatenate([part() for part in parts]))
    assert "store" in ear.hear(samples[-2 * 8_000 :]).text.lower()
    assert len(parts) == 2


@pytest.mark.parametrize("text", ["word " * 500, "1" * 2_000, "a" * 2_000, "one, two; " * 200])
def test_sentences_without_end(voices: Voices, text: str) -> None:
    """No part takes long to say, so that nobody waits for another's endless sentence; nothing is lost."""
    parts = Speaking(voices).parts(text, False, speaker_of("Joanna"))
    assert len(parts) >= len(text) / 260
    assert max(len(parts[place]()) for place in (0, len(parts) // 2, -1)) < 90 * 8_000


def test_odd_texts(japanese: Voices) -> None:
    """Broken characters, controls, figures of other scripts."""
    speaking = Speaking(japanese)
    for voice in ("Joanna", "Mizuki"):
        for text in ("\ud800 a", "\x00\x01a\x7f", "½ ² № ™ Ⅷ", "٣٤٥", "😀", "!?.,", "ー。ー", ""):
            assert all(np.isfinite(part()).all() for part in speaking.parts(text, False, speaker_of(voice)))
    assert sum(len(part()) for part in speaking.parts("٣٤", False, speaker_of("Joanna"))) > 2_000
    assert all(np.isfinite(part()).all() for part in speaking.parts("漢字" * 100, False, speaker_of("Mizuki"))[:1])


def test_speaking_styles(voices: Voices) -> None:
    """BLK-142, FLOW-70: Joanna and Matthew, neural, talk or read the news; others and standard ones have no style."""

    def length(voice: str, engine: str, style: str) -> int:
        speaker = speaker_of(voice, None, engine, style)
        parts = Speaking(voices).parts("Your order leaves our house tomorrow.", False, speaker)
        return sum(len(part()) for part in parts)

    for name in ("Joanna", "Matthew"):
        plain = length(name, "Neural", "None")
        assert length(name, "Neural", "Newscaster") < 0.97 * plain < plain < length(name, "Neural", "Conversational")
        assert speaker_of(name, None, "Standard", "Newscaster") == speaker_of(name)
    assert speaker_of("Amy", None, "Neural", "Newscaster") == speaker_of("Amy")
