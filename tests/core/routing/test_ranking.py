"""The ranking against a plain dictionary."""

from hypothesis import given
from hypothesis import strategies as st

from switchroom.core.routing.ranking import Ranking

changes = st.lists(st.tuples(st.integers(0, 60), st.one_of(st.none(), st.integers(0, 99))), max_size=400)


@given(changes)
def test_first_is_the_lowest(listed: list[tuple[int, int | None]]) -> None:
    """Whatever was put, moved and taken before; None stands for leaving."""
    ranking: Ranking[int, int] = Ranking()
    plain: dict[int, int] = {}
    for item, key in listed:
        if key is None:
            ranking.discard(item)
            plain.pop(item, None)
        else:
            ranking.put(item, key)
            plain[item] = key
        assert len(ranking) == len(plain)
    while plain:
        lowest = min((key, item) for item, key in plain.items())
        assert ranking.first() == lowest
        ranking.discard(lowest[1])
        del plain[lowest[1]]
    assert ranking.first() is None


def test_memory_stays_bounded() -> None:
    """Moving the same few items for ever does not grow the heap."""
    ranking: Ranking[int, str] = Ranking()
    ranking.put("first", -1)
    for key in range(10_000):
        ranking.put("a", key)
        ranking.put("b", -key)
    assert len(ranking._heap) < 200
