"""A priority queue whose members can change place or leave."""

from collections.abc import Hashable
from heapq import heapify, heappop, heappush
from typing import Generic, TypeVar

Item = TypeVar("Item", bound=Hashable)
Key = TypeVar("Key")

_SLACK = 32


class Ranking(Generic[Key, Item]):
    """Items by ascending key. `head` is the lowest (key, item), None when there is none.

    A binary heap that forgets lazily, O(log n) amortised: an entry that no longer tells an item's current key is
    dropped when it comes to the top, and the heap is rebuilt when such entries outnumber the members. Keys of one
    ranking must be comparable, and two items with the same key must be comparable themselves.
    """

    __slots__ = ("_heap", "_keys", "head")

    def __init__(self) -> None:
        self._keys: dict[Item, Key] = {}
        self._heap: list[tuple[Key, Item]] = []
        self.head: tuple[Key, Item] | None = None

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, item: object) -> bool:
        return item in self._keys

    def put(self, item: Item, key: Key) -> None:
        """Adds an item, or moves it to a new place."""
        keys, heap = self._keys, self._heap
        if keys.get(item) == key:
            return
        keys[item] = key
        heappush(heap, (key, item))
        if self.head is None or heap[0] is not self.head or self.head[1] == item:
            self._settle()
        elif len(heap) > 2 * len(keys) + _SLACK:
            self._rebuild()

    def discard(self, item: Item) -> None:
        """Removes an item; no error when it is not there."""
        if self._keys.pop(item, None) is not None:
            if self.head is not None and self.head[1] == item:
                self._settle()
            elif len(self._heap) > 2 * len(self._keys) + _SLACK:
                self._rebuild()

    def first(self) -> tuple[Key, Item] | None:
        """The lowest (key, item)."""
        return self.head

    def _settle(self) -> None:
        heap, keys = self._heap, self._keys
        while heap and keys.get(heap[0][1]) != heap[0][0]:
            heappop(heap)
        self.head = heap[0] if heap else None

    def _rebuild(self) -> None:
        self._heap = [(key, item) for item, key in self._keys.items()]
        heapify(self._heap)
