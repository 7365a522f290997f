"""Identifiers."""

import os
import uuid


def new_id() -> str:
    """A random UUID in its canonical text form."""
    return str(uuid.UUID(bytes=os.urandom(16), version=4))
