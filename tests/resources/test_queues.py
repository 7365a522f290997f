"""Queues and quick connects through the door."""

from botocore.exceptions import ClientError

from tests.resources.conftest import Centre


def test_life_of_a_queue(centre: Centre) -> None:
    """ROUT-20, ROUT-21, ROUT-23."""
    made = centre.create_queue(
        Name="Sales", Description="Sells", HoursOfOperationId=centre.hours(), MaxContacts=5, Tags={"team": "a"}
    )
    queue = made["QueueId"]
    assert made["QueueArn"] == f"{centre.arn}/queue/{queue}"
    shown = centre.describe_queue(QueueId=queue)["Queue"]
    assert shown["Name"] == "Sales" and shown["Status"] == "ENABLED" and shown["MaxContacts"] == 5
    assert shown["HoursOfOperationId"] == centre.hours() and shown["Tags"] == {"team": "a"}
    assert centre.describe_queue(QueueId=made["QueueArn"])["Queue"] == shown
    centre.update_queue_name(QueueId=queue, Name="Sales 2")
    centre.update_queue_max_contacts(QueueId=queue)
    changed = centre.describe_queue(QueueId=queue)["Queue"]
    assert changed["Name"] == "Sales 2" and changed["Description"] == "Sells" and "MaxContacts" not in changed
    listed = centre.list_queues(QueueTypes=["STANDARD"])["QueueSummaryList"]
    assert [(one["Name"], one["QueueType"]) for one in listed] == [("BasicQueue", "STANDARD"), ("Sales 2", "STANDARD")]
    centre.delete_queue(QueueId=queue)
    centre.refused("ResourceNotFoundException", "describe_queue", QueueId=queue)


def test_status(centre: Centre) -> None:
    queue = centre.create_queue(Name="Sleepy", HoursOfOperationId=centre.hours())["QueueId"]
    centre.update_queue_status(QueueId=queue, Status="DISABLED")
    assert centre.describe_queue(QueueId=queue)["Queue"]["Status"] == "DISABLED"
    centre.update_queue_status(QueueId=queue, Status="ENABLED")
    assert centre.describe_queue(QueueId=queue)["Queue"]["Status"] == "ENABLED"
    centre.refused("InvalidParameterException", "update_queue_status", QueueId=queue, Status="ASLEEP")


def test_limit_vectors(centre: Centre) -> None:
    """ROUT-27: defaults 10 + 100 + 2500, so the most is 2609."""
    queue = centre.create_queue(Name="Big", HoursOfOperationId=centre.hours(), MaxContacts=2609)["QueueId"]
    answer = centre.refused(
        "InvalidParameterException", "update_queue_max_contacts", QueueId=queue, MaxContacts=1000000
    )
    assert answer["Error"]["Message"] == (
        "You cannot have more contacts in the queue than your total queued contacts per instance quota, "
        "which is currently 2609."
    )
    centre.refused("InvalidParameterException", "update_queue_max_contacts", QueueId=queue, MaxContacts=2610)
    centre.update_queue_max_contacts(QueueId=queue, MaxContacts=0)
    assert centre.describe_queue(QueueId=queue)["Queue"]["MaxContacts"] == 0


def test_bad_input(centre: Centre) -> None:
    hours = centre.hours()
    centre.create_queue(Name="Once", HoursOfOperationId=hours)
    centre.refused("DuplicateResourceException", "create_queue", Name="Once", HoursOfOperationId=hours)
    centre.refused("ResourceNotFoundException", "create_queue", Name="Q", HoursOfOperationId="nothing")
    for name in ("x" * 128, "  ", "\u3000"):
        centre.refused("InvalidParameterException", "create_queue", Name=name, HoursOfOperationId=hours)
    centre.refused("ResourceNotFoundException", "describe_queue", QueueId="nothing")
    centre.refused("ResourceInUseException", "delete_queue", QueueId=centre.queue())
    flow = centre.flow("Default customer hold")
    config = {"OutboundFlowId": flow}
    centre.refused(
        "InvalidParameterException",
        "update_queue_outbound_caller_config",
        QueueId=centre.queue(),
        OutboundCallerConfig=config,
    )


def test_outbound_caller_config(centre: Centre) -> None:
    """ROUT-24, NUM-42: both ARN forms of a number are understood."""
    found = centre.search_available_phone_numbers(PhoneNumberCountryCode="US", PhoneNumberType="TOLL_FREE")
    number = centre.claim_phone_number(PhoneNumber=found["AvailableNumbersList"][0]["PhoneNumber"])
    queue = centre.create_queue(Name="Callers", HoursOfOperationId=centre.hours())["QueueId"]
    for arn in (number["PhoneNumberArn"], f"{centre.arn}/phone-number/{number['PhoneNumberId']}"):
        config = {
            "OutboundCallerIdName": "Us",
            "OutboundCallerIdNumberId": arn,
            "OutboundFlowId": centre.flow("Default outbound"),
        }
        centre.update_queue_outbound_caller_config(QueueId=queue, OutboundCallerConfig=config)
        shown = centre.describe_queue(QueueId=queue)["Queue"]["OutboundCallerConfig"]
        assert shown == config | {"OutboundCallerIdNumberId": number["PhoneNumberId"]}
    centre.connect.release_phone_number(PhoneNumberId=number["PhoneNumberId"])
    assert "OutboundCallerIdNumberId" not in centre.describe_queue(QueueId=queue)["Queue"]["OutboundCallerConfig"]


def test_the_outbound_whisper_of_a_queue(centre: Centre) -> None:
    """BLK-016: only a published flow, and only of its type."""
    queue = centre.queue()
    content = centre.describe_contact_flow(ContactFlowId=centre.flow("Default outbound"))["ContactFlow"]["Content"]
    draft = centre.create_contact_flow(Name="Draft", Type="OUTBOUND_WHISPER", Content=content, Status="SAVED")
    for flow in (draft["ContactFlowId"], centre.flow("Default queue transfer")):
        config = {"OutboundFlowId": flow}
        centre.refused(
            "InvalidParameterException",
            "update_queue_outbound_caller_config",
            QueueId=queue,
            OutboundCallerConfig=config,
        )
    centre.update_contact_flow_content(ContactFlowId=draft["ContactFlowId"], Content=content)
    centre.update_queue_outbound_caller_config(
        QueueId=queue, OutboundCallerConfig={"OutboundFlowId": draft["ContactFlowId"]}
    )


def test_quick_connects(centre: Centre) -> None:
    """FLOW-73."""
    user = centre.user("connected")
    configs = {
        "Phone": {"QuickConnectType": "PHONE_NUMBER", "PhoneConfig": {"PhoneNumber": "+15550199"}},
        "Queue": {
            "QuickConnectType": "QUEUE",
            "QueueConfig": {"QueueId": centre.queue(), "ContactFlowId": centre.flow("Default queue transfer")},
        },
        "User": {
            "QuickConnectType": "USER",
            "UserConfig": {"UserId": user, "ContactFlowId": centre.flow("Default agent transfer")},
        },
    }
    made = {
        name: centre.create_quick_connect(Name=name, QuickConnectConfig=config)["QuickConnectId"]
        for name, config in configs.items()
    }
    for name, config in configs.items():
        shown = centre.describe_quick_connect(QuickConnectId=made[name])["QuickConnect"]
        assert shown["QuickConnectConfig"] == config
    listed = centre.list_quick_connects(QuickConnectTypes=["QUEUE", "USER"])["QuickConnectSummaryList"]
    assert [one["Name"] for one in listed] == ["Queue", "User"]
    queue = centre.create_queue(Name="Connected", HoursOfOperationId=centre.hours(), QuickConnectIds=[made["Phone"]])[
        "QueueId"
    ]
    centre.associate_queue_quick_connects(QueueId=queue, QuickConnectIds=[made["User"], made["Phone"]])
    on_queue = centre.list_queue_quick_connects(QueueId=queue)["QuickConnectSummaryList"]
    assert [(one["Name"], one["QuickConnectType"]) for one in on_queue] == [
        ("Phone", "PHONE_NUMBER"),
        ("User", "USER"),
    ]
    centre.disassociate_queue_quick_connects(QueueId=queue, QuickConnectIds=[made["Phone"]])
    centre.delete_quick_connect(QuickConnectId=made["User"])
    assert centre.list_queue_quick_connects(QueueId=queue)["QuickConnectSummaryList"] == []
    centre.update_quick_connect_name(QuickConnectId=made["Phone"], Name="Desk", Description="d")
    centre.update_quick_connect_config(QuickConnectId=made["Phone"], QuickConnectConfig=configs["Queue"])
    shown = centre.describe_quick_connect(QuickConnectId=made["Phone"])["QuickConnect"]
    assert shown["Name"] == "Desk" and shown["QuickConnectConfig"]["QuickConnectType"] == "QUEUE"
    wrong = {
        "QuickConnectType": "USER",
        "UserConfig": {"UserId": user, "ContactFlowId": centre.flow("Default outbound")},
    }
    centre.refused("InvalidParameterException", "create_quick_connect", Name="W", QuickConnectConfig=wrong)
    missing = {"QuickConnectType": "USER", "PhoneConfig": {"PhoneNumber": "+15550199"}}
    centre.refused("InvalidParameterException", "create_quick_connect", Name="W", QuickConnectConfig=missing)


def test_quick_connect_outlives_its_user(centre: Centre) -> None:
    """USER-28."""
    user = centre.user("leaver")
    config = {
        "QuickConnectType": "USER",
        "UserConfig": {"UserId": user, "ContactFlowId": centre.flow("Default agent transfer")},
    }
    made = centre.create_quick_connect(Name="Leaver", QuickConnectConfig=config)["QuickConnectId"]
    centre.delete_user(UserId=user)
    assert centre.describe_quick_connect(QuickConnectId=made)["QuickConnect"]["QuickConnectConfig"] == config


def test_search(centre: Centre) -> None:
    """ROUT-21: the criteria grammar with tags."""
    hours = centre.hours()
    for name, tags in (
        ("Find apples", {"fruit": "apple"}),
        ("Find pears", {"fruit": "pear", "x": "1"}),
        ("Lose", {"x": "1"}),
    ):
        centre.create_queue(Name=name, Description=f"of {name}", HoursOfOperationId=hours, Tags=tags)

    def names(**request: object) -> list[str]:
        found = centre.search_queues(**request)
        assert found["ApproximateTotalCount"] == len(found["Queues"])
        return [one["Name"] for one in found["Queues"]]

    def text(field: str, value: str, comparison: str) -> dict[str, object]:
        return {"StringCondition": {"FieldName": field, "Value": value, "ComparisonType": comparison}}

    assert names(SearchCriteria=text("name", "find", "STARTS_WITH")) == ["Find apples", "Find pears"]
    assert names(SearchCriteria=text("description", "pear", "CONTAINS")) == ["Find pears"]
    assert names(SearchCriteria=text("name", "Lose", "EXACT")) == ["Lose"]
    either = {"OrConditions": [text("name", "Lose", "EXACT"), text("name", "apples", "CONTAINS")]}
    assert names(SearchCriteria=either) == ["Find apples", "Lose"]
    both = {"AndConditions": [text("name", "find", "CONTAINS"), text("name", "pears", "CONTAINS")]}
    assert names(SearchCriteria=both) == ["Find pears"]
    nested = {"AndConditions": [either, text("name", "o", "CONTAINS")]}
    assert names(SearchCriteria=nested) == ["Lose"]
    by_tag = {"TagFilter": {"TagCondition": {"TagKey": "fruit"}}}
    assert names(SearchFilter=by_tag) == ["Find apples", "Find pears"]
    pear = [{"TagKey": "fruit", "TagValue": "pear"}, {"TagKey": "x", "TagValue": "1"}]
    assert names(SearchFilter={"TagFilter": {"AndConditions": pear}}) == ["Find pears"]
    groups = [[{"TagKey": "fruit", "TagValue": "apple"}], pear]
    assert names(SearchFilter={"TagFilter": {"OrConditions": groups}}) == ["Find apples", "Find pears"]
    assert "BasicQueue" in names(SearchCriteria={"QueueTypeCondition": "STANDARD"})
    centre.refused("InvalidParameterException", "search_queues", SearchCriteria=text("colour", "red", "EXACT"))


def test_pages(centre: Centre) -> None:
    for number in range(5):
        centre.create_queue(Name=f"Page {number}", HoursOfOperationId=centre.hours())
    every = [one["Name"] for one in centre.list_queues()["QueueSummaryList"]]
    seen: list[str] = []
    token: dict[str, str] = {}
    while True:
        answer = centre.list_queues(MaxResults=2, **token)
        seen += [one["Name"] for one in answer["QueueSummaryList"]]
        assert len(answer["QueueSummaryList"]) <= 2
        if "NextToken" not in answer:
            break
        token = {"NextToken": answer["NextToken"]}
    assert seen == every
    pages = centre.connect.get_paginator("list_queues").paginate(InstanceId=centre.id, PaginationConfig={"PageSize": 3})
    assert [one["Name"] for answer in pages for one in answer["QueueSummaryList"]] == every
    first = centre.search_queues(MaxResults=1)
    second = centre.search_queues(MaxResults=1, NextToken=first["NextToken"])
    assert first["Queues"][0]["Name"] < second["Queues"][0]["Name"]
    try:
        centre.list_queues(NextToken="nonsense")
    except ClientError as refused:
        assert refused.response["Error"]["Code"] in ("InvalidRequestException", "InvalidParameterException")
    else:
        raise AssertionError("a token nobody gave was accepted")
