"""Which intent a sentence means: sample utterances compared by pattern, by letters and by meaning."""

import math
import re
from collections import Counter
from collections.abc import Callable
from functools import cached_property
from typing import Any

import msgspec
from rapidfuzz import fuzz, process

from switchroom.channels.bots.engine.definition import FALLBACK_SIGNATURE, Intent, Locale
from switchroom.channels.bots.engine.numerals import numeralise
from switchroom.channels.bots.engine.resolving import Resolver, SlotValue

Embed = Callable[[list[str]], Any]
"""Texts to a matrix with one row of length one each, or to None."""

_SLOT = re.compile(r"\{\s*([^{}]+?)\s*\}")
_NOISE = re.compile(r"[^\w\s@+.%:/-]|[、。！？「」・…]")
_EDGES = re.compile(r"(?:^|\s)[.:/-]+|[.:/-]+(?=\s|$)")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_HIRAGANA = re.compile(r"[\u3040-\u309f]+")
_FILLERS = re.compile(r"^(?:(?:um|uh|er|well|please|hi|hello|hey|yes|ok|okay)\s+)+|\s+(?:please|thanks|thank you)$")
_POLITE = re.compile(r"(?:を)?(?:お願いします|おねがいします|お願いいたします|ください|下さい|です|ます)+$")
_ENDS = " .,!?。、！？"
MOST_READINGS = 4
_EXACT, _PATTERN, _LIKE, _LOOSE = 1.0, 0.97, 0.97, 0.86
_LEAD = 0.15
"""How much of its lead over the next one the likeliest intent gains."""


class Reading(msgspec.Struct):
    """One thing a sentence may mean. `score` is between 0 and 1; `slots` are those its words fill."""

    intent: str
    score: float
    slots: dict[str, SlotValue] = {}


class _Sample(msgspec.Struct):
    intent: str
    text: str
    literals: tuple[str, ...]
    slots: tuple[str, ...]

    @property
    def bare(self) -> bool:
        return not any(literal.strip() for literal in self.literals)


class Matcher:
    """The utterances of one locale, prepared once."""

    def __init__(self, locale: Locale, embed: Embed) -> None:
        self._locale = locale
        self._embed = embed
        self._samples = [_sample(intent, text) for intent in locale.intents.values() for text in intent.utterances]
        self._exact: dict[str, list[str]] = {}
        for sample in self._samples:
            if not sample.slots:
                self._exact.setdefault(sample.text, []).append(sample.intent)

    def readings(self, text: str, resolver: Resolver, contexts: set[str]) -> list[Reading]:
        """What a sentence may mean, the likeliest first. Intents whose contexts are not active do not take part."""
        said = normal(text)
        possible = {name for name, one in self._locale.intents.items() if _open(one, contexts)}
        found: dict[str, Reading] = {}
        for reading in (*self._by_pattern(said, text, resolver), *self._by_likeness(said)):
            best = found.get(reading.intent)
            if reading.intent in possible and (best is None or reading.score > best.score):
                found[reading.intent] = reading
        ranked = sorted(found.values(), key=lambda one: -one.score)[: MOST_READINGS + 1]
        if ranked and ranked[0].score < _LIKE:
            lead = ranked[0].score - (ranked[1].score if len(ranked) > 1 else 0.0)
            ranked[0].score = min(_LIKE, ranked[0].score + _LEAD * lead)
        for reading in ranked:
            if reading.score < _EXACT:
                self._fill(reading, text, resolver)
        return [msgspec.structs.replace(one, score=round(min(1.0, max(0.0, one.score)), 2)) for one in ranked]

    def prepare(self) -> None:
        """Do the work of the first sentence now."""
        _ = self._vectors, self._weights

    def _by_pattern(self, said: str, text: str, resolver: Resolver) -> list[Reading]:
        found = [Reading(intent, _EXACT) for intent in self._exact.get(said, ())]
        raw = " ".join(text.split()).rstrip(_ENDS)
        for sample in self._samples:
            if sample.slots:
                values = _between(sample.literals, raw) or _between(sample.literals, said)
                filled = self._filled(sample, values, resolver) if values else None
                if filled is not None:
                    found.append(Reading(sample.intent, _LOOSE if sample.bare else _PATTERN, filled))
        return found

    def _filled(self, sample: _Sample, values: list[str], resolver: Resolver) -> dict[str, SlotValue] | None:
        """The slots of a pattern; None unless every one of them can be what stands in its place."""
        intent = self._locale.intents[sample.intent]
        filled: dict[str, SlotValue] = {}
        for name, words in zip(sample.slots, values, strict=True):
            slot = intent.slot(name)
            value = resolver.resolve(slot, words, strict=True) if slot is not None else None
            if value is None:
                return None
            filled[name] = value
        return filled

    def _by_likeness(self, said: str) -> list[Reading]:
        if not self._samples or not any(map(str.isalpha, said)):
            return []
        texts = [_SLOT.sub(" ", sample.text).strip() for sample in self._samples]
        scores = self._cjk_scores(said) if _CJK.search(said) else self._latin_scores(said, texts)
        best: dict[str, float] = {}
        for sample, score in zip(self._samples, scores, strict=True):
            best[sample.intent] = max(best.get(sample.intent, 0.0), score)
        return [Reading(intent, score) for intent, score in best.items()]

    def _latin_scores(self, said: str, texts: list[str]) -> list[float]:
        meant = self._meanings(said)
        letters = process.cdist([said], texts, scorer=fuzz.token_sort_ratio)[0]
        plain_ratio = process.cdist([said], texts, scorer=fuzz.ratio)[0]
        scores = []
        for index, text in enumerate(texts):
            likeness = max(float(letters[index]) * 0.98, float(plain_ratio[index])) / 100 if text else 0.0
            scores.append(_blend(meant[index], likeness))
        return scores

    def _meanings(self, said: str) -> list[float]:
        vectors = self._vectors
        row = self._embed([said]) if vectors is not None else None
        if vectors is None or row is None:
            return [0.0] * len(self._samples)
        return [float(value) for value in vectors @ row[0]]

    @cached_property
    def _vectors(self) -> Any:
        texts = [_SLOT.sub(" ", sample.text).strip() for sample in self._samples]
        return self._embed(texts) if texts else None

    @cached_property
    def _weights(self) -> tuple[list[dict[str, float]], dict[str, float]]:
        """Grams of each utterance with their weight, and what a gram weighs that no utterance has."""
        grams = [_grams(_SLOT.sub(" ", sample.text)) for sample in self._samples]
        spread = Counter(gram for intent in self._per_intent(grams) for gram in intent)
        intents = max(1, len(self._locale.intents))
        rarity = {gram: math.log(1 + intents / count) for gram, count in spread.items()}
        return [{gram: _worth(gram) * rarity[gram] for gram in one} for one in grams], rarity

    def _per_intent(self, grams: list[set[str]]) -> list[set[str]]:
        by_intent: dict[str, set[str]] = {}
        for sample, one in zip(self._samples, grams, strict=True):
            by_intent.setdefault(sample.intent, set()).update(one)
        return list(by_intent.values())

    def _cjk_scores(self, said: str) -> list[float]:
        samples, rarity = self._weights
        unknown = math.log(1 + max(1, len(self._locale.intents)))
        own = {gram: _worth(gram) * rarity.get(gram, unknown) for gram in _grams(said)}
        whole = sum(own.values()) or 1.0
        scores = []
        for weights in samples:
            shared = sum(weight for gram, weight in weights.items() if gram in own)
            size = sum(weights.values()) or 1.0
            covered = 0.55 * shared / size + 0.45 * shared / whole
            scores.append(min(_LIKE, 1.22 * covered**0.6) if shared else 0.0)
        return scores

    def _fill(self, reading: Reading, text: str, resolver: Resolver) -> None:
        """Slots that a sentence fills by the way: values of the intent's own lists that stand in it."""
        intent = self._locale.intents[reading.intent]
        for slot in intent.slots:
            if slot.name not in reading.slots:
                value = resolver.mentioned(slot, text)
                if value is not None:
                    reading.slots[slot.name] = value


def normal(text: str) -> str:
    """A sentence in the form in which sentences are compared."""
    bare = _EDGES.sub(" ", _NOISE.sub(" ", numeralise(text)))
    bare = " ".join(bare.split())
    trimmed = _FILLERS.sub("", bare)
    if _CJK.search(trimmed):
        trimmed = _POLITE.sub("", trimmed.replace(" ", "")) or trimmed
    return trimmed or bare


def _blend(meaning: float, likeness: float) -> float:
    """Between unrelated (0 for both) and the same (1 for both)."""
    by_meaning = 0.22 + 0.9 * meaning if meaning > 0 else 0.0
    by_letters = (likeness - 0.45) / 0.55 if likeness > 0.45 else 0.0
    together = max(by_meaning, by_letters, 0.6 * by_meaning + 0.5 * by_letters)
    return min(_LIKE, together)


def _open(intent: Intent, contexts: set[str]) -> bool:
    return intent.signature != FALLBACK_SIGNATURE and contexts.issuperset(intent.inputs)


def _sample(intent: Intent, text: str) -> _Sample:
    names = tuple(_SLOT.findall(text))
    if not names:
        return _Sample(intent.name, normal(text), (), ())
    return _Sample(intent.name, " ".join(text.split()), tuple(map(_literal, _SLOT.split(text)[::2])), names)


def _literal(part: str) -> str:
    """The words beside a slot, with the spaces that part them from it."""
    inner = " ".join(numeralise(_NOISE.sub(" ", part), kana=False).split())
    if not inner:
        return " " if part.isspace() else ""
    return f"{' ' * part[:1].isspace()}{inner}{' ' * part[-1:].isspace()}"


def _between(literals: tuple[str, ...], text: str) -> list[str] | None:
    """What stands between the literals of a pattern, in one pass; None when the text is not of the pattern."""
    low = text.lower()
    source = text if len(low) == len(text) else low
    at = len(literals[0].lstrip())
    if not low.startswith(literals[0].lstrip()):
        return None
    found = []
    for number, literal in enumerate(literals[1:], 2):
        if number == len(literals):
            closing = literal.rstrip()
            end = len(low) - len(closing) if low.endswith(closing) else -1
        else:
            end = low.find(literal or " ", at + 1)
        words = source[at:end].strip() if end > at else ""
        if not words:
            return None
        found.append(words)
        at = end + len(literal)
    return found


def _grams(text: str) -> set[str]:
    letters = "".join(text.split())
    return {letters[start : start + size] for size in (1, 2, 3) for start in range(len(letters) - size + 1)}


def _worth(gram: str) -> float:
    """Grammar is written in hiragana, meaning in the other letters."""
    if _HIRAGANA.fullmatch(gram):
        return 0.08 if len(gram) == 1 else 0.2 * len(gram)
    return {1: 0.5, 2: 1.2}.get(len(gram), 1.4)
