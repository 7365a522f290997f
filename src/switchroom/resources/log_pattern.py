"""Filter patterns over log entries (FLOW-137), as log services write them.

circle "no answer" -test        every term, not `test`; terms are case-sensitive
?Timeout ?failed                any of these
{ $.ContactFlowModuleType = "InvokeExternalResource" && $.Results = "*time*" }
                                members of the JSON entry; `*` at either end stands for anything
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import regex

MOST_TERMS = 20
_TERM = regex.compile(r'([-?]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))')
_TEST = regex.compile(
    r'\s*\$((?:\.[A-Za-z_][\w-]*)+)\s*(=|!=|>=|<=|>|<)\s*(?:"((?:[^"\\]|\\.)*)"|([^\s&"]+))\s*(?:&&|$)'
)


class BadPattern(ValueError):
    """A pattern that cannot be read; the text tells why."""


@dataclass(frozen=True, slots=True)
class _Test:
    """A comparison of one member."""

    path: tuple[str, ...]
    operator: str
    operand: str

    def holds(self, entry: Mapping[str, Any]) -> bool:
        value: Any = entry
        for key in self.path:
            value = value.get(key) if isinstance(value, Mapping) else None
        if value is None:
            return False
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        if self.operator in ("=", "!="):
            return _like(text, self.operand) == (self.operator == "=")
        found, limit = _number(text), _number(self.operand)
        if found is None or limit is None:
            return False
        return {">": found > limit, "<": found < limit, ">=": found >= limit, "<=": found <= limit}[self.operator]


@dataclass(frozen=True, slots=True)
class LogPattern:
    """A pattern ready to be compared with entries."""

    every: tuple[str, ...] = ()
    some: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    tests: tuple[_Test, ...] = ()

    def matches(self, entry: Mapping[str, Any], text: str) -> bool:
        """Whether an entry fits; `text` is the same entry as JSON."""
        if self.tests:
            return all(test.holds(entry) for test in self.tests)
        if any(term not in text for term in self.every) or any(term in text for term in self.never):
            return False
        return not self.some or any(term in text for term in self.some)


def read_pattern(text: str) -> LogPattern:
    """A pattern as it is written. Raises BadPattern."""
    text = text.strip()
    if not text:
        raise BadPattern("A pattern is not empty")
    if text.startswith("{"):
        return LogPattern(tests=_tests(text))
    terms: dict[str, list[str]] = {"": [], "?": [], "-": []}
    for found in _TERM.finditer(text):
        terms[found.group(1)].append(_plain(found.group(2)) if found.group(2) is not None else found.group(3))
    if sum(map(len, terms.values())) > MOST_TERMS:
        raise BadPattern(f"A pattern has at most {MOST_TERMS} terms")
    if not terms[""] and not terms["?"]:
        raise BadPattern("A pattern names something to find, not only what is not to be there")
    return LogPattern(tuple(terms[""]), tuple(terms["?"]), tuple(terms["-"]))


def _tests(text: str) -> tuple[_Test, ...]:
    if not text.endswith("}"):
        raise BadPattern("A pattern of members ends with }")
    rest, tests = text[1:-1].strip(), []
    while rest:
        found = _TEST.match(rest)
        if found is None:
            raise BadPattern(f'Not a comparison like $.Results = "failed": {rest[:80]}')
        path, operator, quoted, bare = found.groups()
        tests.append(_Test(tuple(path[1:].split(".")), operator, _plain(quoted) if quoted is not None else bare))
        rest = rest[found.end() :]
    if not 0 < len(tests) <= MOST_TERMS:
        raise BadPattern(f"A pattern compares at least one member and at most {MOST_TERMS}")
    return tuple(tests)


def _like(text: str, operand: str) -> bool:
    core = operand.strip("*")
    if operand.startswith("*") and operand.endswith("*"):
        return core in text
    if operand.startswith("*"):
        return text.endswith(core)
    return text.startswith(core) if operand.endswith("*") else text == operand


def _plain(quoted: str) -> str:
    return regex.sub(r"\\(.)", r"\1", quoted)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
