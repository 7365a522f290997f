"""Patterns of the service models (Java syntax) as matchers that take a bounded time.

The models are documentation as much as data: some patterns have doubled backslashes, one stands between slashes,
and Unicode categories are spelled `\\p{L}`. A value must match as a whole, as the services demand.
"""

import re
from collections.abc import Callable
from functools import lru_cache

import regex

_SECONDS = 0.05
_LONGEST = 512
_DOUBLED = re.compile(r"\\\\(?=[pPsSdDwW+.\-/$?*])")
_PROPERTY = re.compile(r"\\[pP]\{")
_NESTED_REPEAT = re.compile(r"[+*]\)[+*]")


@lru_cache(maxsize=1024)
def matcher(pattern: str) -> Callable[[str], bool]:
    """A function that tells whether a text satisfies `pattern`."""
    text = _python_form(pattern)
    if text in (".*", "(?s).*"):
        return _anything
    if _PROPERTY.search(text) or _NESTED_REPEAT.search(text):
        return _timed(regex.compile(text, regex.V0 | regex.DOTALL))
    compiled = re.compile(text, re.DOTALL)
    return lambda value: compiled.fullmatch(value) is not None


def _timed(compiled: "regex.Pattern[str]") -> Callable[[str], bool]:
    def matches(value: str) -> bool:
        try:
            return compiled.fullmatch(value, timeout=_SECONDS if len(value) > _LONGEST else None) is not None
        except TimeoutError:
            return False

    return matches


def _anything(value: str) -> bool:
    return True


def _python_form(pattern: str) -> str:
    if len(pattern) > 2 and pattern.startswith("/") and pattern.endswith("/"):
        pattern = pattern[1:-1]
    return _DOUBLED.sub(r"\\", pattern)
