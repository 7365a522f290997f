"""What happened, as rules see it: facts by name, for conditions and for the placeholders of actions."""

import re
from collections.abc import Callable
from typing import Any

import msgspec

Write = Callable[[Any, int], str]
"""How a fact is written at a position of the text."""

_PLACEHOLDER = re.compile(r"\{([A-Za-z][\w.-]{0,199})\}|\[([A-Za-z][\w.-]{0,199})\]|(\$(?:\.\w+){2,12})")


class Happening(msgspec.Struct, frozen=True):
    """One event of a trigger. `facts` are named as in conditions: `Priority`, `CustomAttribute.Region`.

    `noun` is what names of placeholders may begin with: `{ticket_id}` is the fact `Id` of a ticket.
    """

    trigger: str
    facts: dict[str, Any]
    about: str = ""
    noun: str = ""

    def fact(self, name: str) -> Any:
        """The value of a fact, by its name without regard to case and underscores; None if there is none."""
        return self._lookup(name)[1]

    def has(self, name: str) -> bool:
        """Whether there is such a fact, be it empty."""
        return self._lookup(name)[0]

    def _lookup(self, name: str) -> tuple[bool, Any]:
        if name in self.facts:
            return True, self.facts[name]
        folded = {_fold(known): value for known, value in self.facts.items()}
        wanted = _fold(name)
        for form in (wanted, wanted.removeprefix(self.noun) if self.noun else wanted):
            if form in folded:
                return True, folded[form]
        return False, None


def _fold(name: str) -> str:
    return name.replace("_", "").casefold()


def filled(text: str, happening: Happening, prefixes: tuple[str, ...]) -> str:
    """`text` with `{name}`, `[name]` and references below `prefixes` replaced by facts (ROUT-106, LENS-119).

    What names no fact stays as it is: brackets are ordinary characters too.
    """
    return fill(text, happening, prefixes, plain)


def fill(text: str, happening: Happening, prefixes: tuple[str, ...], write: Write) -> str:
    """As `filled`, with facts written by `write`."""

    def value(found: re.Match[str]) -> str:
        name = found[1] or found[2]
        if name is None:
            prefix = next((one for one in prefixes if found[3].startswith(one)), None)
            if prefix is None:
                return found[0]
            name = found[3].removeprefix(prefix)
        return write(happening.fact(name), found.start()) if happening.has(name) else found[0]

    return _PLACEHOLDER.sub(value, text)


def plain(value: Any, _position: int = 0) -> str:
    """A fact as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ", ".join(plain(one) for one in value)
    return str(value)
