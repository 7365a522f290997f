"""How a sentence sounds, for the `sentimentResponse`: English by VADER, Japanese by a small lexicon."""

import re
from functools import cache
from typing import Any

from switchroom.channels.bots.engine.numerals import words

_JA_WORDS = (
    (0.6, "ありがとう 嬉しい うれしい 助かり 助かる 最高 素晴らしい すばらしい 満足 良い よかった 良かった 楽しい"),
    (0.6, "好き 大好き 便利 親切 完璧 感謝 いいね 素敵 快適"),
    (-0.8, "最悪 ひどい 酷い 怒 腹が立 ふざけ 許せない 二度と 詐欺 最低 うんざり"),
    (-0.5, "困 不満 悪い 嫌 遅い 壊れ 使えない 残念 がっかり おかしい 間違 迷惑 クレーム 解約"),
)
_JA = {word: value for value, listed in _JA_WORDS for word in words(listed)}
_JA_NOT = re.compile(r"^(?:く|では|じゃ|が|は|してい|でき|して)?(?:ない|なかった|ません|ありません)")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def sentiment(text: str) -> dict[str, Any]:
    """`{"sentiment": "POSITIVE", "sentimentScore": {"positive", "negative", "neutral", "mixed"}}`, adding up to 1."""
    feeling, mixed = _japanese(text) if _CJK.search(text) else _english(text)
    strength = abs(feeling) ** 0.5 * (1 - mixed)
    scores = {
        "positive": strength if feeling > 0 else 0.0,
        "negative": strength if feeling < 0 else 0.0,
        "mixed": mixed,
    }
    scores["neutral"] = max(0.0, 1.0 - sum(scores.values()))
    label = max(scores, key=lambda name: scores[name]).upper()
    return {"sentiment": label, "sentimentScore": {name: round(value, 4) for name, value in scores.items()}}


def _english(text: str) -> tuple[float, float]:
    found = _vader().polarity_scores(text[:1024])
    return float(found["compound"]), min(0.9, 2 * min(found["pos"], found["neg"]))


def _japanese(text: str) -> tuple[float, float]:
    good = bad = 0.0
    for word, value in _JA.items():
        start = text.find(word)
        if start >= 0:
            worth = -value if _JA_NOT.match(text[start + len(word) :]) else value
            good, bad = good + max(worth, 0.0), bad + max(-worth, 0.0)
    total = good - bad
    return max(-1.0, min(1.0, total)), min(0.9, good, bad)


@cache
def _vader() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # type: ignore[import-untyped]

    return SentimentIntensityAnalyzer()
