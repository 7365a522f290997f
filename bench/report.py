"""What a bench found."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Line:
    """One measurement. `ratio` is it to its floor or peer; `goal` is what the ratio should at least (or at most) be."""

    name: str
    value: float
    unit: str
    ratio: float | None = None
    against: str = ""
    at_least: float | None = None
    at_most: float | None = None

    @property
    def missed(self) -> bool:
        """Whether a goal is set and not reached. Without a ratio the goal is about the value itself."""
        measured = self.value if self.ratio is None else self.ratio
        below = self.at_least is not None and measured < self.at_least
        return below or (self.at_most is not None and measured > self.at_most)


@dataclass(slots=True)
class Report:
    """Measurements under one title."""

    title: str
    lines: list[Line] = field(default_factory=list)

    def add(self, line: Line) -> None:
        """One more measurement."""
        self.lines.append(line)

    @property
    def missed(self) -> bool:
        """Whether any goal was missed."""
        return any(line.missed for line in self.lines)

    def text(self) -> str:
        """A table for people."""
        return "\n".join(_text(line) for line in self.lines)


def _text(line: Line) -> str:
    parts = [f"  {line.name:<52} {line.value:>12,.2f} {line.unit}"]
    if line.ratio is not None:
        parts.append(f"{line.ratio:.2f} x {line.against}")
    if line.at_least is not None:
        parts.append(f"goal >= {line.at_least:g}")
    if line.at_most is not None:
        parts.append(f"goal <= {line.at_most:g}")
    return "   ".join(parts) + ("   MISSED" if line.missed else "")
