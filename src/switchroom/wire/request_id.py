"""Identifiers of requests."""

import random

_bits = random.Random(random.SystemRandom().getrandbits(256)).getrandbits


def random_uuid() -> str:
    """A random UUID that need not be hard to guess; every call takes one or two, so it costs half a microsecond."""
    text = f"{_bits(128):032x}"
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"
