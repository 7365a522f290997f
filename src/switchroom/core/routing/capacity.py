"""How many contacts a queue takes (ROUT-22, 26..31)."""

from switchroom.base.errors import ServiceError, invalid_parameter

AGENT_QUEUE_LIMIT = 10
QUEUE_TRANSFER_LIMIT = 11


def queue_limit(max_contacts: int | None, quota: int) -> int:
    """The limit over all channels: its own, else `quota`, the sum of the instance's concurrency quotas (ROUT-31)."""
    return quota if max_contacts is None else max_contacts


def has_room(waiting: int, limit: int, *, overflow: bool = False) -> bool:
    """Whether one more contact may enter a queue in which `waiting` contacts are counted.

    `overflow`: the contact comes by a path that may use the buffer of 20 % (rounded down): a flow that transfers it
    from another queue, an agent's transfer by quick connect, a callback whose initial delay has ended (ROUT-29).
    A limit of 0 refuses everything (ROUT-30).
    """
    return waiting < (limit + limit // 5 if overflow else limit)


def agent_queue_has_room(waiting: int) -> bool:
    """Agent queues hold 10 contacts, without a buffer (ROUT-15)."""
    return waiting < AGENT_QUEUE_LIMIT


def check_max_contacts(max_contacts: int, quota: int) -> None:
    """Raises InvalidParameterException unless 0 <= `max_contacts` < `quota` (ROUT-27)."""
    if max_contacts < 0:
        raise invalid_parameter("The maximum number of contacts in a queue is 0 or more.")
    if max_contacts >= quota:
        raise _too_many(quota - 1)


def _too_many(most: int) -> ServiceError:
    return invalid_parameter(
        "You cannot have more contacts in the queue than your total queued contacts per instance quota, "
        f"which is currently {most}."
    )
