"""English by hibari: a small neural voice inside its wheel. It runs on one core a hundred times faster than speech."""

import hashlib
import re
import threading
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MODEL_SHA256 = "5f70741d4e900f4e85d0037498736cc1b3e1b9a63a13546a5da1e63abf4fccd8"
_LOUDER = 1.8
_SEED = 7
_IPA = (
    ("t͡ʃ", "ʧ"), ("tʃ", "ʧ"), ("d͡ʒ", "ʤ"), ("dʒ", "ʤ"), ("eɪ", "A"), ("aɪ", "I"), ("aʊ", "W"), ("oʊ", "O"),
    ("əʊ", "O"), ("ɔɪ", "Y"), ("ɝ", "ɜɹ"), ("ɚ", "əɹ"), ("r", "ɹ"), ("g", "ɡ"), ("'", "ˈ"), (".", ""), ("ː", ""),
)  # fmt: skip
_UNSAYABLE = re.compile(r"[^A-Za-z0-9À-ɏ\s.,;:!?'\"’“”()%$€£¥&@+\-–—/#*=°…₹₩<>~_^]+")
_WORDS = re.compile(r"[A-Za-z0-9À-ɏ]|[%$€£¥&@+#*=]")


class Hibari:
    """One US English voice, 24 kHz."""

    name = "hibari"
    language = "en"
    rate = 24_000

    def __init__(self) -> None:
        self._engine: Any = None
        self._lock = threading.Lock()

    def load(self) -> None:
        """Reads 8 MB of model and the pronunciation tables, about a second. RuntimeError if the model was altered."""
        with self._lock:
            if self._engine is not None:
                return
            import hibari
            from hibari.voices import voice_path

            model = Path(voice_path("heart", download_missing=False))
            if hashlib.sha256(model.read_bytes()).hexdigest() != _MODEL_SHA256:
                raise RuntimeError(f"{model} is not the model it should be")
            engine = hibari.Hibari(voice="heart", threads=1)
            engine("Hello.")
            self._engine = engine

    def sayable(self, text: str) -> str:
        """Latin letters, figures and signs; letters of other scripts are left out."""
        known = "".join(str(int(one)) if one.isdecimal() else one for one in unicodedata.normalize("NFKC", text))
        kept = _UNSAYABLE.sub(" ", known)
        return " ".join(kept.split()) if _WORDS.search(kept) else ""

    def sentences(self, text: str) -> list[str]:
        """By end punctuation, as the engine does it itself."""
        from hibari import Hibari as Engine

        return [str(sentence) for sentence in Engine.split_sentences(text)]

    def say(self, sentence: str, speed: float, phonemes: str | None = None) -> NDArray[np.float32]:
        """The same words sound the same each time, so that what is cached is what would be made again."""
        self.load()
        with self._lock:
            known = self._known(phonemes) if phonemes else None
            spoken = [known] if known else self._engine.phonemize(sentence)
        noise = np.random.default_rng(_SEED)
        parts = [self._engine.from_ids(self._engine.ids(one), float(np.clip(speed, 0.3, 3.0)), noise) for one in spoken]
        return np.concatenate(parts) * np.float32(_LOUDER) if parts else np.zeros(0, np.float32)

    def _known(self, phonemes: str) -> str | None:
        """IPA in the engine's alphabet; None if it holds anything the engine does not know."""
        for ipa, own in _IPA:
            phonemes = phonemes.replace(ipa, own)
        return phonemes if all(one in self._engine.vocab for one in phonemes) else None
