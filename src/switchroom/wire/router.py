"""From method and path to an operation. Paths are matched still encoded, so a label may hold `%2F`."""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class _Node(Generic[T]):
    literals: dict[str, "_Node[T]"] = field(default_factory=dict)
    label: "_Node[T] | None" = None
    ends: dict[str, tuple[T, tuple[str, ...]]] = field(default_factory=dict)


class Router(Generic[T]):
    """A tree of path segments. A literal wins over a label."""

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()

    def add(self, method: str, path: str, target: T) -> None:
        """Add a template such as `/queues/{InstanceId}/{QueueId}`."""
        node = self._root
        names = []
        for segment in _segments(path):
            if segment.startswith("{"):
                names.append(segment.strip("{}+"))
                node.label = node.label or _Node()
                node = node.label
            else:
                node = node.literals.setdefault(segment, _Node())
        if method in node.ends:
            raise ValueError(f"{method} {path} is taken")
        node.ends[method] = (target, tuple(names))

    def match(self, method: str, path: str) -> tuple[T, dict[str, str]] | None:
        """The target and the still encoded labels, or None."""
        segments = _segments(path)
        node, values = self._root, []
        for segment in segments:
            following = node.literals.get(segment)
            if following is None:
                following = node.label
                if following is None:
                    return self._search(method, segments)
                values.append(segment)
            node = following
        end = node.ends.get(method)
        if end is None:
            return self._search(method, segments)
        return end[0], dict(zip(end[1], values, strict=True))

    def _search(self, method: str, segments: list[str]) -> tuple[T, dict[str, str]] | None:
        """With going back, and letting a last label take the rest of a path that holds an unencoded ARN."""
        found = _walk(self._root, method, segments, 0, ())
        return None if found is None else (found[0][0], dict(zip(found[0][1], found[1], strict=True)))


def _walk(
    node: _Node[T], method: str, segments: list[str], index: int, values: tuple[str, ...]
) -> tuple[tuple[T, tuple[str, ...]], tuple[str, ...]] | None:
    if index == len(segments):
        end = node.ends.get(method)
        return (end, values) if end else None
    segment = segments[index]
    literal = node.literals.get(segment)
    found = _walk(literal, method, segments, index + 1, values) if literal else None
    if found is None and node.label is not None:
        found = _walk(node.label, method, segments, index + 1, (*values, segment))
        if found is None and segment.startswith("arn:") and method in node.label.ends:
            return node.label.ends[method], (*values, "/".join(segments[index:]))
    return found


def _segments(path: str) -> list[str]:
    segments = path.split("/")
    if segments[-1] == "" and len(segments) > 2:
        segments.pop()
    return segments[1:]
