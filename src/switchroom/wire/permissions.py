"""Which permissions a user holds: the union of the user's security profiles, with what they bring along."""

from typing import Any

_VIEW_BRINGERS = ("Edit", "Create", "Delete", "EnableAndDisable", "Publish", "Claim", "Release", "EditPermission")
_BRINGS: dict[str, tuple[str, ...]] = {
    "AccessMetrics": (
        "AccessMetrics.RealTimeMetrics.Access",
        "AccessMetrics.HistoricalMetrics.Access",
        "AccessMetrics.AgentActivityAudit.Access",
        "AccessMetrics.Dashboards.Access",
    ),
    "MetricsReports.Create": ("MetricsReports.Share",),
    "MetricsReports.Schedule": (
        "MetricsReports.Publish",
        "MetricsReports.Create",
        "MetricsReports.Edit",
        "MetricsReports.View",
        "MetricsReports.Delete",
        "ReportSchedules.Create",
        "ReportSchedules.Delete",
        "ReportSchedules.Edit",
        "ReportSchedules.View",
    ),
}


def closure(permissions: frozenset[str]) -> frozenset[str]:
    """The permissions with all that the guide says they bring: X.Edit brings X.View, and so on."""
    result = set(permissions)
    for permission in permissions:
        result.update(_BRINGS.get(permission, ()))
    for permission in tuple(result):
        stem, _, action = permission.rpartition(".")
        if stem and action in _VIEW_BRINGERS:
            result.add(f"{stem}.View")
    return frozenset(result)


def granted(catalogue: Any, user: Any) -> frozenset[str]:
    """The permissions of a user document."""
    found: set[str] = set()
    for profile_id in user.body.get("SecurityProfileIds") or ():
        profile = catalogue.find(user.instance, "security-profile", profile_id)
        if profile is not None:
            found.update(profile.body.get("Permissions") or ())
    return closure(frozenset(found))
