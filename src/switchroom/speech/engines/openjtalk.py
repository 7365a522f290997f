"""Japanese by Open JTalk (pyopenjtalk-plus, the extra `japanese`), voice "mei"."""

import importlib.util
import re
import threading
import unicodedata

import numpy as np
from numpy.typing import NDArray

_FULL_SCALE = 32_768.0
_LOUDER = 0.9
_SENTENCES = re.compile(r"(?<=[。!?！？])|\n+")
_WORDS = re.compile(r"[\w%$€£¥&@+#*=＝]")


def installed() -> bool:
    """Whether the extra is there."""
    return importlib.util.find_spec("pyopenjtalk") is not None


class OpenJTalk:
    """One Japanese voice, 48 kHz. It also reads Latin letters, as Japanese speakers would."""

    name = "openjtalk"
    language = "ja"
    rate = 48_000

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded = False

    def load(self) -> None:
        """Reads dictionary and voice, about 1.5 s and 90 MB."""
        with self._lock:
            if self._loaded:
                return
            import pyopenjtalk

            pyopenjtalk.tts("はい")
            self._loaded = True

    def sayable(self, text: str) -> str:
        """Everything that has a letter or a figure in it; what the dictionary lacks is left out by the engine."""
        kept = unicodedata.normalize("NFKC", text)
        return " ".join(kept.split()) if _WORDS.search(kept) else ""

    def sentences(self, text: str) -> list[str]:
        """By 。 and its like."""
        return [part.strip() for part in _SENTENCES.split(text) if part and _WORDS.search(part)]

    def say(self, sentence: str, speed: float, phonemes: str | None = None) -> NDArray[np.float32]:
        """`phonemes` do not count here."""
        self.load()
        import pyopenjtalk

        with self._lock:
            sound, _ = pyopenjtalk.tts(sentence, speed=float(np.clip(speed, 0.4, 3.0)))
        return (np.clip(sound / _FULL_SCALE, -1, 1) * _LOUDER).astype(np.float32)
