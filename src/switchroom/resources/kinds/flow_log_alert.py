"""Alerts on patterns in the flow log (FLOW-137)."""

from switchroom.base.errors import invalid_parameter
from switchroom.resources.document import Document
from switchroom.resources.log_pattern import BadPattern, read_pattern
from switchroom.resources.resource import Names, Resource, View, declare

MOST = 50
LONGEST = 1_024


def _check(view: View, document: Document, before: Document | None) -> None:
    pattern = str(document.body.get("Pattern") or "")
    if len(pattern) > LONGEST:
        raise invalid_parameter(f"Pattern has at most {LONGEST} characters")
    try:
        read_pattern(pattern)
    except BadPattern as wrong:
        raise invalid_parameter(f"Pattern: {wrong}") from None
    if before is None and len(view.all(document.instance, "flow-log-alert")) >= MOST:
        raise invalid_parameter(f"An instance has at most {MOST} alerts on its flow log")


FLOW_LOG_ALERT = declare(
    Resource(
        kind="flow-log-alert",
        label="Flow log alert",
        arn="flow-log-alert/{id}",
        names=Names.FOLDED,
        check=_check,
    ),
)
"""Body: `Pattern` (`resources.log_pattern`), `Enabled`."""
