"""What nodes and media processes say to each other over NATS, as msgpack."""

import msgspec

ALIVE = "media.alive"
"""Subject of `core.voice_commands.MediaAlive`."""
ALIVE_EVERY = 2.0


ECHO = "media.echo"
"""Subject on which any media process answers a browser's offer (SDP, as text) with a leg that echoes: `Joined`."""


class Join(msgspec.Struct, frozen=True):
    """A browser's offer for a leg. Answered by `Joined`."""

    instance: str
    call: str
    leg: str
    offer: str


class Joined(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answer (SDP), or a refusal as the service models name it."""

    answer: str = ""
    code: str = ""
    message: str = ""


class Keys(msgspec.Struct, frozen=True):
    """Keys that the party of a leg pressed."""

    instance: str
    call: str
    leg: str
    digits: str


def keys_subject(media: str) -> str:
    """Where a media process takes `Keys`; it answers `ok`."""
    return f"media.{media}.keys"


def plan_subject(media: str) -> str:
    """Where a media process takes plans; it answers `ok`."""
    return f"media.{media}.plan"


def join_subject(media: str) -> str:
    """Where a media process takes offers of browsers."""
    return f"media.{media}.join"
