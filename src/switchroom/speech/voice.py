"""What makes sound of words. An engine is behind this Protocol; adding one means adding a file in `engines/`."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Voice(Protocol):
    """One engine with its models. Called from several threads at once; it locks what it must."""

    name: str
    language: str
    """ISO 639 code of what it speaks."""

    rate: int
    """Samples a second of what `say` returns."""

    def load(self) -> None:
        """Read the models now, so that the first words need not wait. Does nothing the second time."""
        ...

    def sayable(self, text: str) -> str:
        """`text` without what this engine cannot say; empty if nothing is left (FLOW-68)."""
        ...

    def sentences(self, text: str) -> list[str]:
        """Parts that sound right when they are said one after the other."""
        ...

    def say(self, sentence: str, speed: float, phonemes: str | None = None) -> NDArray[np.float32]:
        """Samples of -1..1. `speed` 2.0 is twice as fast; `phonemes` (IPA) count where the engine knows them all."""
        ...
