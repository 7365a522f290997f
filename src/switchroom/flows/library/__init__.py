"""The flows every instance begins with: table D1 (default), table S1 (sample), a sample module, and the demo's flow.

The documents name other resources portably: `{queue:BasicQueue}`, `{flow:Default customer queue}`,
`{prompt:Beep.wav}`, `{hours:Basic Hours}`, `{function:sampleLambdaFlowFunction}`, `{module:FunFact}`,
`{bot:DemoSupport}`.
"""

import json
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

import msgspec

Group = Literal["default", "sample", "module", "demo"]

KINDS = {
    "queue": "queue",
    "flow": "contact-flow",
    "prompt": "prompt",
    "hours": "hours-of-operation",
    "function": "lambda-function",
    "module": "contact-flow-module",
    "bot": "bot-alias",
}
"""The word of a placeholder to the kind of resource it names."""

_PLACEHOLDER = re.compile(r"\{(queue|flow|prompt|hours|function|module|bot):([^{}]+)\}")


class LibraryFlow(msgspec.Struct, frozen=True):
    """A flow of the library. `type` is the API's type, `MODULE` for a module; `content` is the document as text."""

    name: str
    type: str
    description: str
    group: Group
    content: str = ""


class _Entry(msgspec.Struct, frozen=True):
    file: str
    name: str
    type: str
    description: str
    group: Group


@lru_cache
def _index() -> tuple[_Entry, ...]:
    raw = files(__package__).joinpath("index.json").read_bytes()
    return tuple(msgspec.json.decode(raw, type=list[_Entry]))


def index() -> tuple[LibraryFlow, ...]:
    """Names, types and descriptions, in the order to seed; without content. Use it to give out ids first."""
    return tuple(LibraryFlow(e.name, e.type, e.description, e.group) for e in _index())


def load_library(resolve: Callable[[str, str], str], *, demo: bool = True) -> list[LibraryFlow]:
    """All flows with their placeholders filled; those of the demo on request.

    `resolve(kind, name)` gives the ARN of a resource; kinds are the values of `KINDS`. Flows name each other in
    circles, so every flow must have its id before the first call.
    """
    return [
        LibraryFlow(entry.name, entry.type, entry.description, entry.group, fill(_document(entry.file), resolve))
        for entry in _index()
        if demo or entry.group != "demo"
    ]


def fill(content: str, resolve: Callable[[str, str], str]) -> str:
    """A document with its placeholders replaced by what `resolve(kind, name)` gives."""

    def arn(found: re.Match[str]) -> str:
        return json.dumps(resolve(KINDS[found.group(1)], found.group(2)))[1:-1]

    return _PLACEHOLDER.sub(arn, content)


def names_used() -> Iterator[tuple[str, str]]:
    """Every (kind, name) that the library refers to, so that a seed can see that it has them all."""
    seen: dict[tuple[str, str], Any] = {}
    for entry in _index():
        for word, name in _PLACEHOLDER.findall(_document(entry.file)):
            seen[KINDS[word], name] = None
    yield from seen


def _document(file: str) -> str:
    return files(__package__).joinpath(file).read_text(encoding="utf-8")
