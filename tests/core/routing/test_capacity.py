"""How many contacts a queue takes (routing.md section 7)."""

import pytest

from switchroom.base.errors import ServiceError
from switchroom.core.routing.capacity import agent_queue_has_room, check_max_contacts, has_room, queue_limit


def test_limit_over_all_channels() -> None:
    """ROUT-26: limit 50 and 50 waiting: one more of any channel is refused."""
    assert has_room(49, 50)
    assert not has_room(50, 50)


def test_overflow_buffer() -> None:
    """ROUT-29: limit 50: a transfer is allowed at 55 and refused at 60; the buffer is rounded down."""
    assert has_room(55, 50, overflow=True)
    assert not has_room(60, 50, overflow=True)
    assert not has_room(4, 4, overflow=True)
    assert has_room(5, 5, overflow=True)


def test_limit_zero() -> None:
    """ROUT-30: nothing enters, by no path."""
    assert not has_room(0, 0)
    assert not has_room(0, 0, overflow=True)


def test_default_limit() -> None:
    """ROUT-31: the sum of the quotas; 10 + 100 + 2,500 by default."""
    assert queue_limit(None, 2610) == 2610
    assert queue_limit(0, 2610) == 0
    assert queue_limit(7, 2610) == 7


def test_agent_queue() -> None:
    """ROUT-15: ten contacts, no buffer."""
    assert agent_queue_has_room(9)
    assert not agent_queue_has_room(10)


def test_validation() -> None:
    """ROUT-27: at most the quotas minus one, in the words of the product."""
    check_max_contacts(2609, 2610)
    check_max_contacts(0, 2610)
    with pytest.raises(ServiceError) as caught:
        check_max_contacts(1_000_000, 3010)
    assert caught.value.code == "InvalidParameterException"
    assert caught.value.message == (
        "You cannot have more contacts in the queue than your total queued contacts per instance quota, "
        "which is currently 3009."
    )
    with pytest.raises(ServiceError):
        check_max_contacts(2610, 2610)
    with pytest.raises(ServiceError):
        check_max_contacts(-1, 2610)
