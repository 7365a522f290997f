"""The kinds of configuration objects, one family a module. Importing this package declares them all."""

from switchroom.resources.kinds import (
    agent_status,
    bot,
    flow,
    hierarchy,
    hours,
    instance,
    number,
    predefined_attribute,
    prompt,
    queue,
    quick_connect,
    routing_profile,
    security_profile,
    task_template,
    trunk,
    user,
)

__all__ = [
    "agent_status",
    "bot",
    "flow",
    "hierarchy",
    "hours",
    "instance",
    "number",
    "predefined_attribute",
    "prompt",
    "queue",
    "quick_connect",
    "routing_profile",
    "security_profile",
    "task_template",
    "trunk",
    "user",
]
