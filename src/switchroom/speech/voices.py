"""The voices that Set voice names (BLK-141), and who speaks for them here.

Every name that flows of Amazon Connect use is taken. An engine has one voice; the names of a language differ by `tone`,
a factor on the pitch and the colour of the voice, so that Matthew is not Joanna.
"""

import logging
from dataclasses import dataclass

from switchroom.speech.engines.hibari import Hibari
from switchroom.speech.engines.openjtalk import OpenJTalk, installed
from switchroom.speech.reading import language_of
from switchroom.speech.voice import Voice

log = logging.getLogger(__name__)

DEFAULT_VOICE = "Joanna"
_FEMALE = {
    "ar-AE": "Hala", "arb": "Zeina", "ca-ES": "Arlet", "cmn-CN": "Zhiyu", "cs-CZ": "Jitka", "cy-GB": "Gwyneth",
    "da-DK": "Naja Sofie", "de-AT": "Hannah", "de-CH": "Sabrina", "de-DE": "Marlene Vicki", "en-AU": "Nicole Olivia",
    "en-GB": "Amy Emma", "en-IE": "Niamh", "en-IN": "Aditi Raveena Kajal", "en-NZ": "Aria", "en-SG": "Jasmine",
    "en-US": "Joanna Danielle Kendra Kimberly Salli Ruth Tiffany", "en-ZA": "Ayanda", "es-ES": "Conchita Lucia Alba",
    "es-MX": "Mia", "es-US": "Lupe Penelope", "fi-FI": "Suvi", "fr-BE": "Isabelle", "fr-CA": "Chantal Gabrielle",
    "fr-FR": "Celine Lea Céline Léa", "is-IS": "Dora", "it-IT": "Carla Bianca", "ja-JP": "Mizuki Kazuha Tomoko",
    "ko-KR": "Seoyeon Jihye", "nb-NO": "Liv Ida", "nl-BE": "Lisa", "nl-NL": "Laura Lotte", "pl-PL": "Ewa Maja Ola",
    "pt-BR": "Camila Vitoria Vitória", "pt-PT": "Ines Inês", "ro-RO": "Carmen", "ru-RU": "Tatyana",
    "sv-SE": "Astrid Elin", "tr-TR": "Filiz Burcu", "yue-CN": "Hiujin",
}  # fmt: skip
_MALE = {
    "ar-AE": "Zayd", "da-DK": "Mads", "de-DE": "Hans Daniel", "en-AU": "Russell", "en-GB": "Brian Arthur",
    "en-GB-WLS": "Geraint", "en-US": "Matthew Gregory Joey Stephen Patrick", "es-ES": "Enrique Sergio Raul",
    "es-MX": "Andres Andrés", "es-US": "Miguel Pedro", "fr-CA": "Liam", "fr-FR": "Mathieu Remi Rémi",
    "is-IS": "Karl", "it-IT": "Giorgio Adriano", "ja-JP": "Takumi", "nl-NL": "Ruben", "pl-PL": "Jacek Jan",
    "pt-BR": "Ricardo Thiago", "pt-PT": "Cristiano", "ru-RU": "Maxim",
}  # fmt: skip
_CHILDREN = {"en-US": "Ivy Justin Kevin"}
_TONES = {
    "female": (1.0, 0.95, 1.05, 0.92, 1.08, 0.97, 1.03),
    "male": (0.80, 0.84, 0.77, 0.87, 0.82),
    "child": (1.22, 1.17, 1.2),
}


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks: `tone` is a factor on pitch and colour of the engine's voice, `rate` one on its speed."""

    name: str
    language: str
    tone: float
    rate: float = 1.0


def _table() -> dict[str, Speaker]:
    speakers = {}
    for kind, names in (("female", _FEMALE), ("male", _MALE), ("child", _CHILDREN)):
        for language, group in names.items():
            for place, name in enumerate(group.split()):
                tones = _TONES[kind]
                speakers[name.lower()] = Speaker(name, language, tones[place % len(tones)])
    return speakers


SPEAKERS = _table()
"""By name in lower case."""


STYLED = ("joanna", "matthew")
_STYLES = {"conversational": (0.92, 1.02), "newscaster": (1.2, 0.97)}
"""Factors on speed and pitch of a style."""


def speaker_of(voice: str, language: str | None = None, engine: str = "Standard", style: str = "None") -> Speaker:
    """The voice of a name; of an unknown one, the default voice in the language that is asked for.

    A neural voice of `STYLED` speaks as `style` says (BLK-142, FLOW-70): people talk slower than the news is read.
    """
    known = SPEAKERS.get(voice.strip().lower())
    if known is not None:
        rate, tone = _STYLES.get(style.lower(), (1.0, 1.0))
        if engine.lower() == "neural" and known.name.lower() in STYLED and (rate, tone) != (1.0, 1.0):
            return Speaker(known.name, known.language, round(known.tone * tone, 4), rate)
        return known
    wanted = (language or "en-US").replace("_", "-")
    return Speaker(voice, wanted, 1.0)


class Voices:
    """The engines of this process, each made when first wanted."""

    def __init__(self) -> None:
        self._english = Hibari()
        self._engines: dict[str, Voice] = {"en": self._english}
        if installed():
            self._engines["ja"] = OpenJTalk()
        self._missed: set[str] = set()

    @property
    def engines(self) -> tuple[Voice, ...]:
        """Every engine there is, that of English first."""
        return tuple(self._engines.values())

    def engine(self, language: str) -> Voice:
        """The engine of a language tag; the English one, with one line in the log, where there is none (FLOW-68)."""
        code = language_of(language)
        found = self._engines.get(code)
        if found is not None:
            return found
        if code not in self._missed:
            self._missed.add(code)
            hint = ": install the extra switchroom[japanese]" if code == "ja" else ""
            log.warning("no engine speaks %s%s; the English voice says what it can of it", language, hint)
        return self._english
