"""What the garbage collector is told, once a process stands."""

import gc


def settle() -> None:
    """What exists now stays: the collector need not walk it again, which would stop every call for tens of ms."""
    gc.collect()
    gc.freeze()


def compute() -> None:
    """For a process that only computes: what it makes is seldom circular, and looking for that takes a third of it."""
    settle()
    gc.set_threshold(50_000, 20, 50)
