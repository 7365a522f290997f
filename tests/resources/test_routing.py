"""Routing profiles, hours of operation and agent statuses through the door."""

from typing import Any

from tests.resources.conftest import Centre

DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY")


def _slot(day: str, start: int, end: int) -> dict[str, Any]:
    return {"Day": day, "StartTime": {"Hours": start, "Minutes": 0}, "EndTime": {"Hours": end, "Minutes": 0}}


def _entry(queue: str, channel: str, priority: int = 1, delay: int = 0) -> dict[str, Any]:
    return {"QueueReference": {"QueueId": queue, "Channel": channel}, "Priority": priority, "Delay": delay}


def _profile(centre: Centre, name: str, **more: Any) -> str:
    request: dict[str, Any] = {
        "Name": name,
        "Description": "Profile",
        "DefaultOutboundQueueId": centre.queue(),
        "MediaConcurrencies": [{"Channel": "VOICE", "Concurrency": 1}, {"Channel": "CHAT", "Concurrency": 3}],
    } | more
    return str(centre.create_routing_profile(**request)["RoutingProfileId"])


def test_seeded_routing(centre: Centre) -> None:
    """ROUT-32: what a new instance has works as it is."""
    profile = centre.describe_routing_profile(RoutingProfileId=centre.routing_profile())["RoutingProfile"]
    capacity = {media["Channel"]: media["Concurrency"] for media in profile["MediaConcurrencies"]}
    assert capacity == {"VOICE": 1, "CHAT": 2, "TASK": 1}
    assert profile["DefaultOutboundQueueId"] == centre.queue() and profile["IsDefault"]
    queues = centre.list_routing_profile_queues(RoutingProfileId=centre.routing_profile())
    listed = queues["RoutingProfileQueueConfigSummaryList"]
    assert {(one["QueueName"], one["Channel"], one["Priority"], one["Delay"]) for one in listed} == {
        ("BasicQueue", channel, 1, 0) for channel in ("VOICE", "CHAT", "TASK")
    }
    today = centre.get_effective_hours_of_operations(
        HoursOfOperationId=centre.hours(), FromDate="2026-11-22", ToDate="2026-11-22"
    )
    hours = today["EffectiveHoursOfOperationList"][0]["OperationalHours"]
    assert hours == [{"Start": {"Hours": 0, "Minutes": 0}, "End": {"Hours": 0, "Minutes": 0}}]
    first = centre.list_agent_statuses()["AgentStatusSummaryList"]
    assert [(one["Name"], one["Type"]) for one in first][:2] == [("Available", "ROUTABLE"), ("Offline", "OFFLINE")]


def test_life_of_a_routing_profile(centre: Centre) -> None:
    """ROUT-38, ROUT-42."""
    queue = centre.create_queue(Name="Profiled", HoursOfOperationId=centre.hours())["QueueId"]
    profile = _profile(centre, "Mixed", QueueConfigs=[_entry(queue, "VOICE", 2, 30), _entry(queue, "CHAT")])
    shown = centre.describe_routing_profile(RoutingProfileId=profile)["RoutingProfile"]
    assert shown["NumberOfAssociatedQueues"] == 2 and shown["NumberOfAssociatedUsers"] == 0
    assert shown["AgentAvailabilityTimer"] == "TIME_SINCE_LAST_ACTIVITY"
    behaviours = {media["CrossChannelBehavior"]["BehaviorType"] for media in shown["MediaConcurrencies"]}
    assert behaviours == {"ROUTE_CURRENT_CHANNEL_ONLY"}
    any_channel = {"BehaviorType": "ROUTE_ANY_CHANNEL"}
    centre.update_routing_profile_concurrency(
        RoutingProfileId=profile,
        MediaConcurrencies=[{"Channel": "TASK", "Concurrency": 10, "CrossChannelBehavior": any_channel}],
    )
    centre.update_routing_profile_agent_availability_timer(
        RoutingProfileId=profile, AgentAvailabilityTimer="TIME_SINCE_LAST_INBOUND"
    )
    centre.update_routing_profile_default_outbound_queue(RoutingProfileId=profile, DefaultOutboundQueueId=queue)
    centre.update_routing_profile_name(RoutingProfileId=profile, Name="Renamed", Description="New")
    shown = centre.describe_routing_profile(RoutingProfileId=profile)["RoutingProfile"]
    assert (shown["Name"], shown["Description"], shown["DefaultOutboundQueueId"]) == ("Renamed", "New", queue)
    assert shown["AgentAvailabilityTimer"] == "TIME_SINCE_LAST_INBOUND"
    assert [media["Channel"] for media in shown["MediaConcurrencies"]] == ["TASK"]
    user = centre.user("profiled", RoutingProfileId=profile)
    shown = centre.describe_routing_profile(RoutingProfileId=profile)["RoutingProfile"]
    assert shown["NumberOfAssociatedUsers"] == 1
    centre.refused("ResourceInUseException", "delete_routing_profile", RoutingProfileId=profile)
    centre.update_user_routing_profile(UserId=user, RoutingProfileId=centre.routing_profile())
    centre.delete_routing_profile(RoutingProfileId=profile)
    centre.refused("ResourceNotFoundException", "describe_routing_profile", RoutingProfileId=profile)


def test_queues_of_a_profile(centre: Centre) -> None:
    """ROUT-14: a queue stands in several entries, each channel with its own priority."""
    queue = centre.create_queue(Name="Entered", HoursOfOperationId=centre.hours())["QueueId"]
    profile = _profile(centre, "Entries")

    def entries() -> set[tuple[str, int, int]]:
        listed = centre.list_routing_profile_queues(RoutingProfileId=profile)["RoutingProfileQueueConfigSummaryList"]
        return {(one["Channel"], one["Priority"], one["Delay"]) for one in listed}

    assert entries() == set()
    centre.associate_routing_profile_queues(
        RoutingProfileId=profile, QueueConfigs=[_entry(queue, "VOICE"), _entry(queue, "CHAT", 2)]
    )
    centre.update_routing_profile_queues(RoutingProfileId=profile, QueueConfigs=[_entry(queue, "CHAT", 5, 60)])
    assert entries() == {("VOICE", 1, 0), ("CHAT", 5, 60)}
    manual = [{"QueueReference": {"QueueId": queue, "Channel": "TASK"}}]
    centre.associate_routing_profile_queues(RoutingProfileId=profile, ManualAssignmentQueueConfigs=manual)
    listed = centre.list_routing_profile_manual_assignment_queues(RoutingProfileId=profile)
    assert [one["Channel"] for one in listed["RoutingProfileManualAssignmentQueueConfigSummaryList"]] == ["TASK"]
    centre.disassociate_routing_profile_queues(
        RoutingProfileId=profile,
        QueueReferences=[{"QueueId": queue, "Channel": "VOICE"}],
        ManualAssignmentQueueReferences=[{"QueueId": queue, "Channel": "TASK"}],
    )
    assert entries() == {("CHAT", 5, 60)}
    found = centre.search_routing_profiles(
        SearchCriteria={
            "StringCondition": {"FieldName": "associatedQueueIds", "Value": queue, "ComparisonType": "EXACT"}
        }
    )
    assert [one["Name"] for one in found["RoutingProfiles"]] == ["Entries"]
    centre.refused("ResourceInUseException", "delete_queue", QueueId=queue)
    unknown = [_entry(queue, "TASK")]
    centre.refused(
        "ResourceNotFoundException", "update_routing_profile_queues", RoutingProfileId=profile, QueueConfigs=unknown
    )


def test_bad_profiles(centre: Centre) -> None:
    """Concurrency: voice exactly 1, chat and task 1 to 10; priority 1 to 99; delay 0 to 9999."""
    request: dict[str, Any] = {"Name": "Bad", "Description": "d", "DefaultOutboundQueueId": centre.queue()}
    for channel, concurrency in (("VOICE", 2), ("VOICE", 0), ("CHAT", 11), ("CHAT", 0), ("TASK", 11), ("TASK", 0)):
        media = [{"Channel": channel, "Concurrency": concurrency}]
        centre.refused("InvalidParameterException", "create_routing_profile", **request, MediaConcurrencies=media)
    media = [{"Channel": "VOICE", "Concurrency": 1}]
    for priority, delay in ((100, 0), (1, 10000)):
        entries = [_entry(centre.queue(), "VOICE", priority, delay)]
        centre.refused(
            "InvalidParameterException",
            "create_routing_profile",
            **request,
            MediaConcurrencies=media,
            QueueConfigs=entries,
        )
    entries = [_entry("nothing", "VOICE")]
    centre.refused(
        "ResourceNotFoundException", "create_routing_profile", **request, MediaConcurrencies=media, QueueConfigs=entries
    )
    twice = [_entry(centre.queue(), "VOICE"), _entry(centre.queue(), "VOICE", 2)]
    centre.refused(
        "InvalidParameterException", "create_routing_profile", **request, MediaConcurrencies=media, QueueConfigs=twice
    )
    request["Name"] = "Basic Routing Profile"
    centre.refused("DuplicateResourceException", "create_routing_profile", **request, MediaConcurrencies=media)


def test_hours(centre: Centre) -> None:
    """ROUT-33, ROUT-35."""
    config = [_slot(day, 9, 12) for day in DAYS] + [_slot(day, 13, 17) for day in DAYS]
    hours = centre.create_hours_of_operation(
        Name="Office", Description="Lunch is sacred", TimeZone="America/New_York", Config=config, Tags={"a": "b"}
    )["HoursOfOperationId"]
    shown = centre.describe_hours_of_operation(HoursOfOperationId=hours)["HoursOfOperation"]
    assert shown["TimeZone"] == "America/New_York" and shown["Config"] == config and shown["Tags"] == {"a": "b"}
    effective = centre.get_effective_hours_of_operations(
        HoursOfOperationId=hours, FromDate="2024-03-10", ToDate="2024-03-11"
    )
    sunday, monday = effective["EffectiveHoursOfOperationList"]
    assert sunday["OperationalHours"] == [] and len(monday["OperationalHours"]) == 2
    centre.update_hours_of_operation(HoursOfOperationId=hours, Name="Office 2", TimeZone="EST5EDT")
    shown = centre.describe_hours_of_operation(HoursOfOperationId=hours)["HoursOfOperation"]
    assert (shown["Name"], shown["TimeZone"], shown["Config"]) == ("Office 2", "EST5EDT", config)
    wanted = {"StringCondition": {"FieldName": "timezone", "Value": "EST", "ComparisonType": "STARTS_WITH"}}
    assert [one["Name"] for one in centre.search_hours_of_operations(SearchCriteria=wanted)["HoursOfOperations"]] == [
        "Office 2"
    ]
    queue = centre.create_queue(Name="Timed", HoursOfOperationId=hours)["QueueId"]
    centre.refused("InvalidRequestException", "delete_hours_of_operation", HoursOfOperationId=hours)
    centre.update_queue_hours_of_operation(QueueId=queue, HoursOfOperationId=centre.hours())
    centre.delete_hours_of_operation(HoursOfOperationId=hours)
    bad = {"Name": "Bad", "Config": config}
    centre.refused("InvalidParameterException", "create_hours_of_operation", **bad, TimeZone="Mars/Olympus")
    backwards = [_slot("MONDAY", 17, 9)]
    centre.refused(
        "InvalidParameterException", "create_hours_of_operation", Name="Bad", TimeZone="UTC", Config=backwards
    )
    centre.refused(
        "DuplicateResourceException", "create_hours_of_operation", Name="Basic Hours", TimeZone="UTC", Config=[]
    )


def test_overrides_and_parents(centre: Centre) -> None:
    config = [_slot(day, 9, 17) for day in DAYS]
    holidays = centre.create_hours_of_operation(Name="Holidays", TimeZone="UTC", Config=[])["HoursOfOperationId"]
    hours = centre.create_hours_of_operation(
        Name="Shop", TimeZone="UTC", Config=config, ParentHoursOfOperationConfigs=[{"HoursOfOperationId": holidays}]
    )["HoursOfOperationId"]
    half = [{"Day": "WEDNESDAY", "StartTime": {"Hours": 9, "Minutes": 0}, "EndTime": {"Hours": 12, "Minutes": 0}}]
    override = centre.create_hours_of_operation_override(
        HoursOfOperationId=holidays,
        Name="Half day",
        Config=half,
        EffectiveFrom="2024-12-18",
        EffectiveTill="2024-12-18",
    )["HoursOfOperationOverrideId"]
    effective = centre.get_effective_hours_of_operations(
        HoursOfOperationId=hours, FromDate="2024-12-18", ToDate="2024-12-18"
    )
    end = effective["EffectiveHoursOfOperationList"][0]["OperationalHours"][0]["End"]
    assert end == {"Hours": 12, "Minutes": 0}
    assert effective["EffectiveOverrideHoursList"][0]["OverrideHours"][0]["OverrideName"] == "Half day"
    children = centre.list_child_hours_of_operations(HoursOfOperationId=holidays)["ChildHoursOfOperationsSummaryList"]
    assert [child["Id"] for child in children] == [hours]
    centre.update_hours_of_operation_override(
        HoursOfOperationId=holidays, HoursOfOperationOverrideId=override, EffectiveTill="2024-12-19", Description="d"
    )
    shown = centre.describe_hours_of_operation_override(
        HoursOfOperationId=holidays, HoursOfOperationOverrideId=override
    )["HoursOfOperationOverride"]
    assert (shown["Name"], shown["EffectiveTill"], shown["Description"]) == ("Half day", "2024-12-19", "d")
    listed = centre.list_hours_of_operation_overrides(HoursOfOperationId=holidays)["HoursOfOperationOverrideList"]
    assert [one["HoursOfOperationOverrideId"] for one in listed] == [override]
    condition = {"FieldName": "EffectiveFrom", "Value": "2024-12-01", "ComparisonType": "GREATER_THAN"}
    found = centre.search_hours_of_operation_overrides(SearchCriteria={"DateCondition": condition})
    assert found["ApproximateTotalCount"] == 1
    centre.refused(
        "InvalidParameterException",
        "create_hours_of_operation_override",
        HoursOfOperationId=holidays,
        Name="Never",
        Config=[],
        EffectiveFrom="2024-12-19",
        EffectiveTill="2024-12-18",
    )
    centre.disassociate_hours_of_operations(HoursOfOperationId=hours, ParentHoursOfOperationIds=[holidays])
    assert centre.list_child_hours_of_operations(HoursOfOperationId=holidays)["ChildHoursOfOperationsSummaryList"] == []
    centre.associate_hours_of_operations(
        HoursOfOperationId=hours, ParentHoursOfOperationConfigs=[{"HoursOfOperationId": holidays}]
    )
    parents = centre.describe_hours_of_operation(HoursOfOperationId=hours)["HoursOfOperation"]
    assert [parent["Name"] for parent in parents["ParentHoursOfOperations"]] == ["Holidays"]
    centre.delete_hours_of_operation_override(HoursOfOperationId=holidays, HoursOfOperationOverrideId=override)
    assert centre.list_hours_of_operation_overrides(HoursOfOperationId=holidays)["HoursOfOperationOverrideList"] == []


def test_agent_statuses(centre: Centre) -> None:
    """ROUT-60, ROUT-61."""
    lunch = centre.create_agent_status(Name="Lunch", Description="Food", State="ENABLED")["AgentStatusId"]
    shown = centre.describe_agent_status(AgentStatusId=lunch)["AgentStatus"]
    assert (shown["Type"], shown["State"], shown["DisplayOrder"]) == ("CUSTOM", "ENABLED", 3)
    coaching = centre.create_agent_status(Name="Coaching", State="ENABLED", DisplayOrder=10)["AgentStatusId"]
    centre.update_agent_status(AgentStatusId=lunch, ResetOrderNumber=True)
    assert centre.describe_agent_status(AgentStatusId=lunch)["AgentStatus"]["DisplayOrder"] == 11
    centre.update_agent_status(AgentStatusId=coaching, State="DISABLED", Description="Off")
    custom = centre.list_agent_statuses(AgentStatusTypes=["CUSTOM"])["AgentStatusSummaryList"]
    assert [one["Name"] for one in custom] == ["Coaching", "Lunch"]
    disabled = {"StringCondition": {"FieldName": "state", "Value": "DISABLED", "ComparisonType": "EXACT"}}
    found = centre.search_agent_statuses(SearchCriteria=disabled)["AgentStatuses"]
    assert [one["Name"] for one in found] == ["Coaching"]
    available = centre.named("list_agent_statuses", "AgentStatusSummaryList", "Available")
    centre.update_agent_status(AgentStatusId=available, Name="Ready")
    assert centre.describe_agent_status(AgentStatusId=available)["AgentStatus"]["Type"] == "ROUTABLE"
    centre.update_agent_status(AgentStatusId=available, Name="Available")
    centre.refused("InvalidRequestException", "update_agent_status", AgentStatusId=available, State="DISABLED")
    centre.refused("DuplicateResourceException", "create_agent_status", Name="lunch", State="ENABLED")
    assert "DeleteAgentStatus" not in centre.connect.meta.service_model.operation_names
