"""Rules through the door, and what events make of them, on a real database, message bus and centre."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from switchroom.base.clock import DAY
from switchroom.base.errors import ServiceError
from switchroom.base.ids import new_id
from switchroom.features.rules.evaluation import TRIED_FOR, Evaluation
from switchroom.features.rules.intake import WORD, BusIntake
from switchroom.resources.quotas import DEFAULTS
from switchroom.storage.bus import Bus
from switchroom.wire.context import Services
from tests.wire.asgi import ask
from tests.wire.doors import Clock
from tests.wire.people import sign_in as sign_in_person
from tests.wire.rules import TICKET, House, condition, function, opened, ticket


@pytest.fixture
async def house(site: Services, bus: Bus, clock: Clock) -> AsyncIterator[House]:
    async with opened(site, bus, clock) as house:
        yield house


# rules


async def test_a_rule_by_the_api(house: House) -> None:
    """LENS-111, ROUT-107: made, read, listed, changed and deleted as the public model says, a token is good once."""
    connection, _ = await house.connect()
    made = await house.rule(connection, ClientToken="t", Tags={"team": "a"}, PublishStatus="DRAFT")
    assert await house.rule(connection, ClientToken="t", Tags={"team": "a"}, PublishStatus="DRAFT") == made
    rule = (await house.key("DescribeRule", RuleId=made))["Rule"]
    assert rule["RuleArn"].endswith(f"/rule/{made}") and rule["Tags"] == {"team": "a"}
    assert rule["TriggerEventSource"]["IntegrationAssociationId"] == connection
    assert rule["Actions"][0]["TaskAction"]["Name"] == "Zendesk-[ticket_id]"
    assert {"CreatedTime", "LastUpdatedTime", "LastUpdatedBy", "Function", "PublishStatus"} <= set(rule)
    await house.rule(connection, "Another", Actions=[house.task(), EVENT])
    listed = (await house.key("ListRules"))["RuleSummaryList"]
    assert [one["Name"] for one in listed] == ["Account_creation", "Another"]
    assert listed[1]["ActionSummaries"] == [
        {"ActionType": "CREATE_TASK"},
        {"ActionType": "GENERATE_EVENTBRIDGE_EVENT"},
    ]
    assert [one["Name"] for one in (await house.key("ListRules", PublishStatus="DRAFT"))["RuleSummaryList"]] == [
        "Account_creation"
    ]
    assert not (await house.key("ListRules", EventSourceName="OnSalesforceCaseCreate"))["RuleSummaryList"]
    first = await house.key("ListRules", MaxResults=1)
    assert (await house.key("ListRules", NextToken=first["NextToken"]))["RuleSummaryList"][0]["Name"] == "Another"
    begins = {"StringCondition": {"FieldName": "name", "Value": "acc", "ComparisonType": "STARTS_WITH"}}
    found = await house.key("SearchRules", SearchCriteria=begins)
    assert [one["RuleId"] for one in found["Rules"]] == [made] and found["ApproximateTotalCount"] == 1
    tagged = {"AttributeFilter": {"TagCondition": {"TagKey": "team", "TagValue": "a"}}}
    (one,) = (await house.key("SearchRules", SearchFilter=tagged))["Rules"]
    assert one["RuleId"] == made and one["TriggerEventSource"]["EventSourceName"] == "OnZendeskTicketCreate"
    same = {name: rule[name] for name in ("Function", "Actions")}
    await house.key("UpdateRule", RuleId=made, Name="Renamed", PublishStatus="PUBLISHED", **same)
    assert (await house.key("DescribeRule", RuleId=made))["Rule"]["PublishStatus"] == "PUBLISHED"
    taken = await house.key.refusal("UpdateRule", RuleId=made, Name="Another", PublishStatus="DRAFT", **same)
    assert taken == "ResourceConflictException"
    await house.key("TagResource", resourceArn=rule["RuleArn"], tags={"b": "c"})
    await house.key("DeleteRule", RuleId=made)
    assert await house.key.refusal("DescribeRule", RuleId=made) == "ResourceNotFoundException"
    assert await house.key.refusal("DeleteRule", RuleId=new_id()) == "ResourceNotFoundException"


EVENT = {"ActionType": "GENERATE_EVENTBRIDGE_EVENT", "EventBridgeAction": {"Name": "Notify"}}


async def test_a_rule_that_makes_no_sense_is_refused(house: House) -> None:
    """Names, functions and actions, each with the modelled error and the reason."""
    connection, _ = await house.connect()
    await house.rule(connection)

    async def refused(name: str = "New", **more: Any) -> tuple[str, str]:
        with pytest.raises(ServiceError) as wrong:
            await house.rule(connection, name, **more)
        return wrong.value.code, wrong.value.message

    assert await refused("Account_creation") == (
        "ResourceConflictException",
        "A rule named Account_creation already exists",
    )
    code, message = await refused("With space")
    assert code == "InvalidRequestException" and "at 'name'" in message
    assert (await refused(Function="{}"))[1].startswith("Function: Version")
    assert "at most 20" in (await refused(Function=function(*[condition("EQUALS", TICKET + "Type", "x")] * 21)))[1]
    assert "ComparisonValue" in (await refused(Function=function(condition("EQUALS", "$.Case.Fields.title", "x"))))[1]
    assert (await refused(Actions=[house.task(ContactFlowId=new_id())]))[0] == "ResourceNotFoundException"
    category = {"ActionType": "ASSIGN_CONTACT_CATEGORY", "AssignContactCategoryAction": {}}
    for actions, reason in (
        ([], "1 to 10 actions"),
        ([category], "ASSIGN_CONTACT_CATEGORY"),
        ([{"ActionType": "CREATE_TASK"}], "needs TaskAction"),
        ([house.task() | {"EventBridgeAction": {"Name": "x"}}], "takes TaskAction only"),
        ([{**EVENT, "EventBridgeAction": {"Name": "with space"}}], "Action name can contain"),
        ([house.task(References={"a": {"Type": "ATTACHMENT", "Value": "x"}})], "cannot be set"),
    ):
        code, message = await refused(Actions=actions)
        assert code == "InvalidRequestException" and reason in message, message
    source = {"EventSourceName": "OnZendeskTicketCreate"}
    assert "IntegrationAssociationId is required" in (await refused(TriggerEventSource=source))[1]
    other, _ = await house.connect("SALESFORCE", Url="https://acme.my.salesforce.com", Name="Sales")
    assert "SourceType ZENDESK" in (await refused(TriggerEventSource=source | {"IntegrationAssociationId": other}))[1]
    code, _ = await refused(TriggerEventSource={"EventSourceName": "OnSomething"})
    assert code in ("ValidationException", "InvalidRequestException")


async def test_rules_of_other_triggers_are_kept(house: House) -> None:
    """Those of analytics, metrics and cases are checked by name: what they may do, and the language."""
    said = condition("CONTAINS_ANY", "$.ContactLens.PostCall.ExactMatch.Transcript", "refund")
    category = {"ActionType": "ASSIGN_CONTACT_CATEGORY", "AssignContactCategoryAction": {}}
    given: dict[str, Any] = {"TriggerEventSource": {"EventSourceName": "OnPostCallAnalysisAvailable"}}
    given |= {"Function": function(said), "Actions": [category, house.task()]}
    made = await house.rule("", "Compliance", **given)
    assert (await house.key("DescribeRule", RuleId=made))["Rule"]["Actions"][0] == category
    with pytest.raises(ServiceError, match="OnMetricDataUpdate can do"):
        await house.rule("", "Wrong", **given | {"TriggerEventSource": {"EventSourceName": "OnMetricDataUpdate"}})
    triggers = (await house.key.own("ListRuleTriggers"))["Triggers"]
    runs = {one["EventSourceName"]: one["Runs"] for one in triggers}
    assert runs["OnZendeskTicketCreate"] and not runs["OnPostCallAnalysisAvailable"]
    zendesk = next(one for one in triggers if one["EventSourceName"] == "OnZendeskTicketCreate")
    assert {"Name": "ticket_id", "Label": "Ticket ID", "Example": "35436"} in zendesk["Placeholders"]


async def test_the_rules_of_an_event_source_are_limited(house: House) -> None:
    """500 for each event source type; the limit of the instance may be another."""
    assert DEFAULTS["RULES"] == 500
    limit = {"Quotas": {"RULES": 1}}
    repository, instance = house.site.repository, house.instance
    await repository.update(instance, "instance", instance, lambda one: {**one.body, **limit})
    connection, _ = await house.connect()
    await house.rule(connection)
    with pytest.raises(ServiceError, match="limit of rules of OnZendeskTicketCreate: 1") as full:
        await house.rule(connection, "Second")
    assert full.value.code == "ServiceQuotaExceededException"
    source = {"EventSourceName": "OnZendeskTicketStatusUpdate", "IntegrationAssociationId": connection}
    await house.rule(connection, "Third", TriggerEventSource=source, Function=function())


async def test_rules_need_their_permissions(house: House) -> None:
    """An agent has none; a supervisor of the call centre has all of them, and may not make connections."""
    connection, secret = await house.connect()
    agent = await sign_in_person(house.app, house.instance, "agent1")
    assert await agent.refusal("ListRules") == "AccessDeniedException"
    assert await agent.refusal("DescribeRule", RuleId=new_id()) == "AccessDeniedException"
    assert await agent.refusal("ListEventConnections", "switchroom") == "AccessDeniedException"
    supervisor = await sign_in_person(house.app, house.instance, "supervisor")
    made = await house.rule(connection, of=supervisor)
    assert "/agent/" in (await supervisor("DescribeRule", RuleId=made))["Rule"]["LastUpdatedBy"]
    shown = (await supervisor.own("ListEventConnections"))["Connections"]
    assert secret not in json.dumps(shown) and shown[0]["Rules"] == 1
    for name in ("RotateEventSecret", "DeleteEventConnection"):
        assert await supervisor.refusal(name, "switchroom", ConnectionId=connection) == "AccessDeniedException"


# events


async def test_an_event_becomes_a_task(house: House) -> None:
    """ROUT-103, ROUT-106: of a ticket that fits, with its facts in name, description and link; once."""
    connection, secret = await house.connect()
    link = {"Type": "URL", "Value": "https://acme.zendesk.com/agents/tickets/{ticket_id}?q={subject}"}
    references = {"taskRef": link, "ticket": {"Type": "URL", "Value": "{ticket_url}"}}
    action = house.task(Description="{subject} ($.ThirdParty.Zendesk.TicketCreate.Priority)", References=references)
    await house.rule(connection, Actions=[action])
    await house.rule(connection, "Draft", PublishStatus="DRAFT")
    status = {"EventSourceName": "OnZendeskTicketStatusUpdate", "IntegrationAssociationId": connection}
    await house.rule(connection, "Elsewhere", TriggerEventSource=status, Function=function())
    reply = await house.webhook(connection, secret, ticket("event-1"))
    assert reply.status == 202 and reply.json() == {"eventId": "event-1", "duplicate": False}
    assert (await house.events(connection))[0]["State"] == "RECEIVED"
    await house.work()
    again = await house.webhook(connection, secret, ticket("event-1"))
    assert again.status == 202 and again.json() == {"eventId": "event-1", "duplicate": True}
    await house.webhook(connection, secret, ticket("event-2", type="incident"))
    await house.work()
    (task,) = house.tasks()
    assert (task.name, task.description, task.initiation_method) == ("Zendesk-77", "Hello & goodbye (high)", "API")
    urls = {name: one.value for name, one in task.references.items()}
    assert urls["taskRef"] == "https://acme.zendesk.com/agents/tickets/77?q=Hello%20%26%20goodbye"
    assert urls["ticket"] == "https://acme.zendesk.com/agent/tickets/77"
    other, one = await house.events(connection)
    assert (other["State"], other["Reason"], other["Outcomes"]) == ("IGNORED", "No rule fits", [])
    assert one["State"] == "DONE" and one["EventSourceName"] == "OnZendeskTicketCreate"
    (outcome,) = one["Outcomes"]
    assert outcome["ContactId"] == task.id and outcome["RuleName"] == "Account_creation" and outcome["Succeeded"]


async def test_an_event_is_evaluated_once_by_many(house: House) -> None:
    """Two nodes at once, and one that repeats what another had begun, make one task of each event."""
    connection, secret = await house.connect()
    await house.rule(connection)
    for number in range(8):
        await house.webhook(connection, secret, ticket(f"event-{number}", id=str(number)))

    async def drain(evaluation: Evaluation) -> None:
        while await evaluation.work():
            pass

    await asyncio.gather(*(drain(house.evaluation()) for _ in range(3)))
    assert [task.name for task in house.tasks()] == [f"Zendesk-{number}" for number in range(8)]
    await house.site.database.pool.execute("UPDATE external_events SET state = 'RECEIVED', outcomes = '[]'")
    await house.work()
    assert len(house.tasks()) == 8
    assert {one["State"] for one in await house.events(connection)} == {"DONE"}


async def test_a_task_that_cannot_be_made_is_told(house: House) -> None:
    """The reason is kept and shown, the event of the failure is sent, the other actions are done."""
    connection, secret = await house.connect()
    link = house.task(References={"x": {"Type": "URL", "Value": "{description}"}})
    made = await house.rule(connection, Actions=[link, EVENT, house.task()])
    await house.webhook(connection, secret, ticket("event-1", description="javascript:alert(1)"))
    await house.work()
    (event,) = await house.events(connection)
    assert event["State"] == "FAILED" and "is no link: javascript" in event["Reason"]
    assert [one["Succeeded"] for one in event["Outcomes"]] == [False, True, True]
    failed, matched = await house.owed()
    assert failed["detail-type"] == "Amazon Connect Rules Action Execution Failed"
    detail = failed["detail"]
    assert (detail["ruleId"], detail["actionType"], detail["triggerEvent"]) == (made, "CREATE_TASK", "THIRD_PARTY")
    assert detail["reasonCode"] == "InvalidParameterException" and json.loads(detail["additionalInfo"])["code"]
    assert matched["source"] == "aws.connect" and matched["account"] and matched["region"] and matched["id"]
    assert matched["resources"] == [house.site.site.instance(house.instance)]
    assert (matched["detail"]["ruleName"], matched["detail"]["actionName"]) == ("Account_creation", "Notify")
    assert matched["detail"]["event"]["Id"] == "77"


async def test_a_task_waits_for_room(house: House) -> None:
    """LENS-126: a full centre makes the task later, once; one that stays full is told of after the last try."""
    connection, secret = await house.connect()
    await house.rule(connection, Actions=[EVENT, house.task()])
    await house.key.own("UpdateInstanceSettings", Quotas={"CONCURRENT_TASKS": 1})
    for number in range(2):
        await house.webhook(connection, secret, ticket(f"event-{number}", id=str(number)))
    await house.work()
    assert [one["State"] for one in await house.events(connection)] == ["RECEIVED", "DONE"]
    assert "quota of 1" in (await house.events(connection))[0]["Reason"] and len(await house.owed()) == 1
    await house.key.own("UpdateInstanceSettings", Quotas={"CONCURRENT_TASKS": 2})
    house.clock.ahead += 1_000
    await house.work()
    assert [task.name for task in house.tasks()] == ["Zendesk-0", "Zendesk-1"]
    await house.webhook(connection, secret, ticket("event-2"))
    for _ in range(6):
        await house.work()
        house.clock.ahead += 600_000
    (given_up, *_) = await house.events(connection)
    assert given_up["State"] == "FAILED" and len(house.tasks()) == 2
    assert [one["Succeeded"] for one in given_up["Outcomes"]] == [True, False]
    failed = [one["detail"] for one in await house.owed() if "Failed" in one["detail-type"]]
    assert [one["reasonCode"] for one in failed] == ["ServiceQuotaExceededException"]
    assert json.loads(failed[0]["additionalInfo"])["retryable"] and len(await house.owed()) == 4


async def test_an_event_waits_for_the_centre(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """While nobody leads the instance nothing is lost; what could not be tried for half a day is given up, and told."""
    monkeypatch.setattr("switchroom.centre.remote.PATIENCE", 0.1)
    connection, secret = await house.connect()
    await house.rule(connection)
    await house.webhook(connection, secret, ticket("event-1"))
    await house.centres.close()
    assert await house.rules.work()
    assert not await house.rules.work()
    (event,) = await house.events(connection)
    assert event["State"] == "RECEIVED" and event["Reason"]
    house.clock.ahead += 5_000
    await house.centres.open()
    await house.led()
    await house.work()
    assert len(house.tasks()) == 1 and (await house.events(connection))[0]["State"] == "DONE"
    await house.webhook(connection, secret, ticket("event-2"))
    house.clock.ahead += TRIED_FOR + 1000
    await house.work()
    late = (await house.events(connection))[0]
    assert late["State"] == "FAILED" and "12 hours" in late["Reason"]
    house.clock.ahead += 31 * DAY
    await house.work()
    assert not await house.events(connection)


async def test_a_rule_writes_mail(house: House) -> None:
    """LENS-121: to users by id and by tag, but those excluded; without an address it fails and says so."""
    repository, instance = house.site.repository, house.instance
    people = {one.name: one for one in house.site.catalogue.all(instance, "user")}
    for name in ("agent1", "agent2"):
        info = {"IdentityInfo": {"FirstName": name, "LastName": "Test", "Email": f"{name}@example.com"}}
        await repository.update(instance, "user", people[name].id, lambda one, info=info: {**one.body, **info})
        await repository.tag(house.site.catalogue.get(instance, "user", people[name].id), {"team": "tickets"})
    connection, secret = await house.connect()

    def mail(**recipients: Any) -> dict[str, Any]:
        settings = {"DeliveryMethod": "EMAIL", "ContentType": "PLAIN_TEXT", "Subject": "Ticket {ticket_id}"}
        settings |= {"Content": "{subject}: {ticket_url}", **recipients}
        return {"ActionType": "SEND_NOTIFICATION", "SendNotificationAction": settings}

    tagged, one = {"UserTags": {"team": "tickets"}}, {"UserIds": [people["agent1"].id]}
    actions = [mail(Recipient=tagged, Exclusion=one), mail(Recipient={"UserIds": [people["admin"].id]})]
    await house.rule(connection, Actions=actions)
    await house.webhook(connection, secret, ticket("event-1"))
    await house.work()
    (letter,) = house.mailer.letters
    assert (letter.to, letter.subject) == ("agent2@example.com", "Ticket 77")
    assert letter.text == "Hello & goodbye: https://acme.zendesk.com/agent/tickets/77"
    (event,) = await house.events(connection)
    assert "None of the recipients has a mail address" in event["Reason"]


async def test_events_of_ones_own_and_of_salesforce(house: House) -> None:
    """ROUT-102: a case of each record becomes a task; any JSON object of another application can be used."""
    sales, secret = await house.connect("SALESFORCE", Url="https://acme.my.salesforce.com", Name="Sales")
    source = {"EventSourceName": "OnSalesforceCaseCreate", "IntegrationAssociationId": sales}
    high = function(condition("EQUALS", "$.ThirdParty.Salesforce.CaseCreate.Priority", "High"))
    task = house.task(Name="Case {case_number}", References={"case": {"Type": "URL", "Value": "{case_url}"}})
    await house.rule(sales, "Cases", TriggerEventSource=source, Function=high, Actions=[task])
    header = {"entityName": "Case", "recordIds": ["500A"], "changeType": "CREATE", "transactionKey": "0005", "x": 1}
    change = {"ChangeEventHeader": header, "CaseNumber": "00001026", "Priority": "High"}
    body = msgspec.json.encode({"schema": "s", "payload": change, "event": {"replayId": 1}})
    plain = {"authorization": f"Bearer {secret}"}
    assert (await ask(house.app, "POST", f"/events/{sales}", headers=plain, body=body)).status == 202
    own, _ = await house.connect("CUSTOM", Url="http://shop.example", Name="Shop")
    source = {"EventSourceName": "OnExternalEvent", "IntegrationAssociationId": own}
    big = function(condition("NumberGreaterOrEqualTo", "$.ThirdParty.Custom.Event.order.total", 100))
    action = house.task(Name="Order {order.id} of {instance_url}")
    await house.rule(own, "Orders", TriggerEventSource=source, Function=big, Actions=[action])
    test = await house.key.own("SendTestEvent", ConnectionId=own, Values={"order": "x"})
    assert test["EventId"].startswith("test-")
    connection = await house.site.event_connections.get(house.instance, own)
    await house.intake.hand_in(connection, b'{"order":{"id":9,"total":120.5}}', "BUS")
    await house.work()
    tasks = {one.name or "": one for one in house.tasks()}
    assert sorted(tasks) == ["Case 00001026", "Order 9 of http://shop.example"]
    link = tasks["Case 00001026"].references["case"].value
    assert link == "https://acme.my.salesforce.com/lightning/r/Case/500A/view"


async def test_events_of_the_message_bus(house: House, bus: Bus) -> None:
    """What is published on the subject of a connection is taken in once; what is no event does no harm."""
    connection, _ = await house.connect()
    await house.rule(connection)
    intake = BusIntake(bus, house.site.database, house.intake)
    subject = f"{WORD}.{house.instance}.{connection}"
    await bus.ensure_stream("EXTERNAL_EVENTS", [f"{WORD}.*.*"])
    for number, body in enumerate((b"nothing", msgspec.json.encode(ticket("a")), msgspec.json.encode(ticket("a")))):
        await bus.append(subject, body, f"{connection}/{number}")
    await bus.append(f"{WORD}.{house.instance}.{new_id()}", b"{}", new_id())
    for _ in range(20):
        await intake.work()
        if [one["EventId"] for one in await house.events(connection)] == ["a"]:
            break
    await house.work()
    (event,) = await house.events(connection)
    assert (event["Via"], event["State"], len(house.tasks())) == ("BUS", "DONE", 1)
