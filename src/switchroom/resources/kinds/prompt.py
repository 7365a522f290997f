"""Prompts (FLOW-60..63): audio played to customers and agents; the sound itself is an object."""

from switchroom.resources.resource import Names, Quota, Resource, declare

MAX_BYTES = 50 * 1024 * 1024

PROMPT = declare(
    Resource(
        kind="prompt",
        label="Prompt",
        arn="prompt/{id}",
        names=Names.EXACT,
        quota=Quota("PROMPTS"),
        in_use="InvalidRequestException",
    )
)
"""Body: `Description`, `ObjectKey` (where the WAV file is), `Seconds`, `Bytes`, `Shipped`."""
