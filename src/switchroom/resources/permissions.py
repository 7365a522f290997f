"""The catalogue of permissions, what brings what, and the sets of the four default profiles (USER-39, 42, 45).

Each line of a group is `Resource: actions`, a permission being `Resource.Action`; a line without actions is one
permission. `A`, `G`, `M`, `Q` after the actions say which default profiles hold them: Admin, Agent,
CallCenterManager, QualityAnalyst.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

_TABLE = {
    "Routing": """
        RoutingPolicies: Create Edit | A
        RoutingPolicies: View | A M
        TransferDestinations: Create Delete Edit | A
        TransferDestinations: View | A M G
        HoursOfOperation: Create Edit View | A M
        HoursOfOperation: Delete | A
        Queues: Create EnableAndDisable Purge | A
        Queues: Edit View | A M
        TaskTemplates: Create Delete Edit View | A
        PredefinedAttributes: Create Delete Edit View | A
    """,
    "Channels and flows": """
        Prompts: Create Delete Edit | A
        Prompts: View | A M
        ContactFlows: Create Delete Edit Publish View | A M
        ContactFlowModules: Create Delete Edit Publish View | A M
        PhoneNumbers: Claim Edit View | A M
        PhoneNumbers: Release | A
        ChatTestMode | A
        Views: Create Edit Remove View | A
    """,
    "Users and permissions": """
        Users: Create Edit View | A M
        Users: Delete EditPermission EnableAndDisable | A
        AgentGrouping: Create Edit EnableAndDisable | A
        AgentGrouping: View | A M Q
        SecurityProfiles: Create Delete Edit | A
        SecurityProfiles: View | A M
        AgentStates: Create Edit EnableAndDisable | A
        AgentStates: View | A M Q
    """,
    "Contact Control Panel (CCP)": """
        BasicAgentAccess | A G
        OutboundCallAccess | A G
        RealtimeContactLens: View | A
        VoiceId: Access | A
        VoiceIdUpdateSpeakerId: Access | A
        RestrictTaskCreation: Access |
        AudioDeviceSettings: Access | A
        VideoContact: Access | A
    """,
    "Analytics and optimization": """
        AccessMetrics | A M Q
        AccessMetrics.RealTimeMetrics: Access | A M Q
        AccessMetrics.HistoricalMetrics: Access | A M Q
        AccessMetrics.AgentActivityAudit: Access | A M Q
        AccessMetrics.Dashboards: Access | A M Q
        ContactSearch: View | A M Q
        MyContacts: View | A
        ContactSearchWithCharacteristics: Access View | A M
        ContactSearchWithKeywords: Access View | A M
        ContactSearchQuickViewWidget: Access View | A
        ConfigureContactAttributes: View | A
        RestrictContactAccessByHierarchy: View |
        ContactAttributes: View | A M Q
        GraphTrends: View | A M
        ContactLensCustomVocabulary: Edit View | A M
        ContactLensPostContactSummary: View | A
        ThemeDetection: Create View Delete | A
        Rules: Create Delete Edit View | A M
        RedactedData: View | A M
        UnredactedData: View | A
        Audio: View | A
        Transcript: View | A
        ListenCallRecordings | A M Q
        DownloadCallRecordings | A M Q
        DeleteCallRecordings | A M
        ScreenRecording: Access Download Delete | A
        AgentTimeCard: View | A M
        ManagerBargeIn | A M
        ManagerListenIn | A M Q
        ReportsAdmin: Access Delete Publish Schedule View | A
        MetricsReports: Create Delete Edit Publish Schedule Share View | A M Q
        ReportSchedules: Create Delete Edit View | A M Q
        Evaluation: Create View Edit Delete | A
        EvaluationForms: Create View Edit Delete | A
        EvaluationAssistant: Access | A
        VoiceIdAttributesAndSearch: View | A M
        Forecasting: View Edit Publish | A
        Capacity: View Edit Publish | A
        ForecastScheduleInterval: Edit View | A
    """,
    "Contact actions": """
        TransferContact: Enabled | A
        StopContact: Enabled | A
        UpdateContactSchedule: Enabled | A
    """,
    "Historical changes": "HistoricalChanges: View | A",
    "Customer Profiles": """
        CustomerProfiles: Create Edit View | A
        CustomerProfiles.CalculatedAttributes: Create Edit Delete View | A
    """,
    "Scheduling": """
        Scheduling: View Edit Publish | A
        TimeOff: Approve Edit View | A
        TimeOffBalance: Edit View | A
        TeamCalendar: View Edit | A
    """,
    "Agent applications": """
        StaffCalendar: View Edit | A
        CustomViews: Access | A
        Wisdom: View | A
        ContentManagement: Create Edit View Delete | A
    """,
    "Cases": """
        CaseHistory: View | A
        Cases: Create View Edit | A
        CaseFields: Create View Edit | A
        CaseTemplates: Create View Edit | A
    """,
    "Campaigns": "Campaigns: Create Delete Edit Manage View | A",
}

_LETTERS = {"A": "Admin", "G": "Agent", "M": "CallCenterManager", "Q": "QualityAnalyst"}

DEFAULT_PROFILES = {
    "Admin": "Administrators may do everything.",
    "Agent": "Agents may use the contact control panel and call out.",
    "CallCenterManager": "Managers may see metrics, listen in and manage users, queues and flows.",
    "QualityAnalyst": "Analysts may see metrics, listen in and review recordings.",
}
"""Name and description of the profiles of a new instance."""

ALIASES = {
    "VoicelId.Access": "VoiceId.Access",
    "HistoricalMetrics.Access": "AccessMetrics.HistoricalMetrics.Access",
    "AgentActivityAudit.Access": "AccessMetrics.AgentActivityAudit.Access",
    "ContactRecording.Access": "RestrictContactAccessByHierarchy.View",
    "ManagerBargelIn": "ManagerBargeIn",
    "MetricsReports.Admin": "ReportsAdmin.View",
}
"""Other names in use, and the one we answer with."""

_BRINGS = {
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
        "MetricsReports.Delete",
        "ReportSchedules.Create",
        "ReportSchedules.Delete",
        "ReportSchedules.Edit",
        "ReportSchedules.View",
    ),
    "DeleteCallRecordings": ("DownloadCallRecordings",),
}

SUGGESTS = {"ListenCallRecordings": ("DownloadCallRecordings",)}
"""What an editor ticks along with a permission, but lets untick."""

RISKY = frozenset({"Users.Create", "Users.Edit", "Users.EditPermission"})
"""Holders can reset passwords of administrators or become one (USER-63)."""

RESTRICTIONS = frozenset({"RestrictTaskCreation.Access", "RestrictContactAccessByHierarchy.View"})
"""They take away; one profile with one of them is enough."""


@cache
def _rows() -> tuple[tuple[str, str, frozenset[str]], ...]:
    rows = []
    for group, table in _TABLE.items():
        for line in filter(None, map(str.strip, table.splitlines())):
            text, _, letters = line.partition("|")
            resource, _, actions = text.strip().partition(":")
            names = [f"{resource}.{action}" for action in actions.split()] or [resource.strip()]
            holders = frozenset(_LETTERS[letter] for letter in letters.split())
            rows += [(group, name, holders) for name in names]
    return tuple(rows)


@cache
def catalogue() -> dict[str, tuple[str, ...]]:
    """Every permission, by the group in which the editor of security profiles shows it."""
    return {group: tuple(name for found, name, _ in _rows() if found == group) for group in _TABLE}


@cache
def names() -> frozenset[str]:
    """Every permission."""
    return frozenset(name for _, name, _ in _rows())


def known(name: str) -> bool:
    """True for a permission of the catalogue, an alias, or the access permission of an application."""
    return name in names() or name in ALIASES or (name.endswith(".Access") and len(name) > len(".Access"))


def closed(wanted: Iterable[str]) -> list[str]:
    """The permissions with all that they bring, by their own names, in the order of the catalogue (USER-42)."""
    found: set[str] = set()
    waiting = [ALIASES.get(name, name) for name in wanted]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        waiting += _BRINGS.get(name, ())
        resource, _, action = name.rpartition(".")
        view = f"{resource}.View"
        if action in ("Edit", "Create", "Delete", "EnableAndDisable", "Publish") and view in names():
            waiting.append(view)
    order = {name: position for position, (_, name, _) in enumerate(_rows())}
    return sorted(found, key=lambda name: (order.get(name, len(order)), name))


def brings(name: str) -> list[str]:
    """All that comes along with a permission."""
    return [other for other in closed([name]) if other != name]


def added(reviewed: Iterable[str] | None) -> frozenset[str]:
    """The permissions that releases have added since an instance reviewed those it knew (USER-64).

    None: an instance that has never kept which it knew.
    """
    return names() - frozenset(reviewed) if reviewed is not None else frozenset()


def defaults(profile: str) -> list[str]:
    """The permissions of a default profile in a new instance."""
    return closed(name for _, name, holders in _rows() if profile in holders)


def granted(catalogue: Any, user: Any) -> frozenset[str]:
    """The permissions of a user document: the union of its security profiles, with what they bring along."""
    found: set[str] = set()
    for identifier in user.body.get("SecurityProfileIds") or ():
        profile = catalogue.find(user.instance, "security-profile", identifier)
        if profile is not None:
            found.update(profile.body.get("Permissions") or ())
    return frozenset(closed(found))
