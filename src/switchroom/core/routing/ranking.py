"""A priority queue whose members can change place or leave."""

from collections.abc import Hashable
from heapq import heapify, heappop, heappush
from typing import Generic, TypeVar

Item = TypeVar("Item", bound=Hashable)
Key = TypeVar("Key")

_SLACK = 32


class Ranking(Generic[Key, Item]):
    """Items by ascending key; the first is found in O(log n) amortised, whatever changed before.

    A binary heap that forgets lazily: an entry that no longer tells an item's current key is dropped when it
    comes to the top, and the heap is rebuilt when such entries outnumber the members. Keys of one ranking must
    be comparable, and two items with the same key must be comparable themselves.
    """

    __slots__ = ("_heap", "_keys")

    def __init__(self) -> None:
        self._keys: dict[Item, Key] = {}
        self._heap: list[tuple[Key, Item]] = []

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, item: object) -> bool:
        return item in self._keys

    def put(self, item: Item, key: Key) -> None:
        """Adds an item, or moves it to a new place."""
        if self._keys.get(item) == key:
            return
        self._keys[item] = key
        heappush(self._heap, (key, item))
        self._tidy()

    def discard(self, item: Item) -> None:
        """Removes an item; no error when it is not there."""
        if self._keys.pop(item, None) is not None:
            self._tidy()

    def first(self) -> tuple[Key, Item] | None:
        """The lowest (key, item)."""
        heap, keys = self._heap, self._keys
        while heap and keys.get(heap[0][1]) != heap[0][0]:
            heappop(heap)
        return heap[0] if heap else None

    def _tidy(self) -> None:
        if len(self._heap) > 2 * len(self._keys) + _SLACK:
            self._heap = [(key, item) for item, key in self._keys.items()]
            heapify(self._heap)
