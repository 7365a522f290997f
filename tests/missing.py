"""What a test needs and the machine lacks: skipped on a developer's machine, a failure in CI."""

import os

import pytest


def missing(message: str) -> None:
    """Skip, or fail in CI; `message` says how to install it."""
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)
