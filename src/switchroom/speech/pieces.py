"""What is left of a prompt once it has been understood: things to say and silences, in order."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Style:
    """How something is said, as factors of the voice's own way: `rate` of speaking, `pitch`, `volume` (1.0 each)."""

    rate: float = 1.0
    pitch: float = 1.0
    volume: float = 1.0
    whispered: bool = False


@dataclass(frozen=True, slots=True)
class Say:
    """Words. `language` (BCP 47) is None for that of the voice; `phonemes` (IPA) says how they sound, if known."""

    text: str
    style: Style = Style()
    language: str | None = None
    phonemes: str | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence."""

    ms: int


@dataclass(frozen=True, slots=True)
class Bleep:
    """A tone in place of words nobody shall hear (say-as expletive)."""

    ms: int
    style: Style = Style()


Piece = Say | Pause | Bleep
