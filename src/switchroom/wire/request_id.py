"""Identifiers of requests."""

import os


def random_uuid() -> str:
    """A random UUID, as `base.ids.new_id` but without a UUID object: every call needs one or two."""
    text = os.urandom(16).hex()
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"
