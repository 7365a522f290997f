"""The base of all commands."""

import msgspec


class Command(msgspec.Struct, tag=True, omit_defaults=True, kw_only=True):
    """Base of all commands."""
