"""The quota registry (BASE-32, BASE-33): how many of what an instance may have.

The applied value is the instance's own, else the site's (for quotas of the whole site), else the default. An
instance's values stand in its body as `Quotas`. The defaults are those of the specification; only the number of
instances a site may hold is larger, since here the site belongs to its operator.
"""

from switchroom.base.errors import ServiceError
from switchroom.resources.resource import View

DEFAULTS: dict[str, int] = {
    "INSTANCES": 100,
    "FUNCTIONS": 50,
    "AGENT_STATUSES": 50,
    "BOTS": 100,
    "LEX_V1_BOTS": 70,
    "LEX_V2_BOT_ALIASES": 100,
    "CONCURRENT_CALLS": 10,
    "CONCURRENT_CHATS": 100,
    "CONCURRENT_TASKS": 2500,
    "FLOWS": 100,
    "HOURS_OF_OPERATION": 100,
    "FLOW_MODULES": 200,
    "PHONE_NUMBERS": 5,
    "PROFICIENCIES_PER_AGENT": 10,
    "QUEUES": 100,
    "QUEUES_PER_ROUTING_PROFILE": 50,
    "QUICK_CONNECTS": 100,
    "QUICK_CONNECTS_PER_QUEUE": 700,
    "REPORTS": 2000,
    "ROUTING_PROFILES": 500,
    "RULES": 500,
    "SCHEDULED_REPORTS": 50,
    "SECURITY_PROFILES": 100,
    "TASK_TEMPLATES": 50,
    "TASK_TEMPLATE_CUSTOM_FIELDS": 50,
    "HIERARCHY_GROUPS": 500,
    "USERS": 500,
    "PREDEFINED_ATTRIBUTES": 25,
    "PREDEFINED_ATTRIBUTE_VALUES": 128,
    "PROMPTS": 500,
    "SECURITY_KEYS": 2,
    "APPROVED_ORIGINS": 500,
    "HOURS_OVERRIDES": 50,
}

FIXED = frozenset(
    {"AGENT_STATUSES", "TASK_TEMPLATES", "TASK_TEMPLATE_CUSTOM_FIELDS", "SCHEDULED_REPORTS", "FLOW_MODULES"}
    | {"LEX_V1_BOTS", "SECURITY_KEYS", "QUICK_CONNECTS_PER_QUEUE"}
)
"""Quotas nobody can raise."""

INTEGRATIONS = {
    "FILE_SCANNER": 1,
    "VOICE_ID": 1,
    "PINPOINT_APP": 1,
    "EVENT": 10,
    "WISDOM_ASSISTANT": 1,
    "WISDOM_KNOWLEDGE_BASE": 10,
    "CASES_DOMAIN": 1,
}
"""Integration associations an instance may have of each type; other types are not limited."""


def applied(view: View, instance: str, code: str) -> int:
    """The value in force for an instance."""
    default = DEFAULTS[code]
    if code in FIXED:
        return default
    document = view.find(instance, "instance", instance)
    own = document.body.get("Quotas", {}).get(code) if document else None
    return default if own is None else int(own)


def require_room(view: View, instance: str, code: str, count: int, error: str, label: str) -> None:
    """Refuse with `error` when `count` existing ones already fill the quota."""
    limit = applied(view, instance, code)
    if count >= limit:
        raise ServiceError(error, f"You've reached the limit of {label}: {limit}")


def queued_contacts(view: View, instance: str) -> int:
    """The sum of concurrent calls, chats and tasks: the most contacts all queues could ever hold (ROUT-31)."""
    return sum(applied(view, instance, code) for code in ("CONCURRENT_CALLS", "CONCURRENT_CHATS", "CONCURRENT_TASKS"))
