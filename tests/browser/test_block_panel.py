"""The settings of blocks: what is typed and chosen in them, and what of it is stored."""

import json
from typing import Any

from playwright.async_api import Browser, Locator, expect

from tests.browser.designing import Author, content_of, make
from tests.browser.people import choose, client, instance_of, names
from tests.server import Server


def _flow(*actions: dict[str, Any]) -> str:
    places = {one["Identifier"]: {"position": {"x": 240 + 260 * at, "y": 60}} for at, one in enumerate(actions)}
    whole = [{"Parameters": {}, "Transitions": {}, **one} for one in actions]
    metadata = {"entryPointPosition": {"x": 40, "y": 60}, "ActionMetadata": places}
    start = actions[0]["Identifier"]
    return json.dumps({"Version": "2019-10-30", "StartAction": start, "Metadata": metadata, "Actions": whole})


async def _author(browser: Browser, server: Server, name: str, *actions: dict[str, Any]) -> tuple[Author, str]:
    """An author at a draft of these blocks."""
    flow = make(server, name, _flow(*actions), Status="SAVED")
    return await Author.arrive(browser, server, f"/#/r/flows/{flow}"), flow


async def _stored(author: Author, flow: str) -> dict[str, dict[str, Any]]:
    """The actions of the saved draft by identifier."""
    await author.button("Save").click()
    await expect(author.button("Save")).to_be_disabled()
    return {one["Identifier"]: one for one in content_of(author.server, f"{flow}:$SAVED")["Actions"]}


async def _refused(panel: Locator, text: str) -> None:
    await panel.get_by_role("button", name="Save", exact=True).click()
    await expect(panel.get_by_role("alert").filter(has_text=text).first).to_be_visible()


async def test_set_manually_and_dynamically(browser: Browser, centre: Server) -> None:
    """BLK-005, BLK-008: a required field is not left empty; a queue from the list, or what an attribute holds."""
    author, flow = await _author(
        browser, centre, "Panel: queue", {"Identifier": "queue", "Type": "UpdateContactTargetQueue"}
    )
    panel = await author.settings("queue")
    await _refused(panel, "This field cannot be empty.")
    await choose(panel.get_by_role("button", name="By queue"), "BasicQueue")
    await expect(panel.get_by_role("link", name="Open BasicQueue")).to_be_visible()
    await author.save_settings()
    await expect(author.block("queue")).to_contain_text("BasicQueue")
    arn = (await _stored(author, flow))["queue"]["Parameters"]["QueueId"]
    queue = names(centre, "list_queues", "QueueSummaryList", QueueTypes=["STANDARD"])["BasicQueue"]
    assert arn.endswith(f"/queue/{queue}")

    panel = await author.settings("queue")
    await panel.get_by_role("radio", name="By agent").check()
    await panel.get_by_label("Set dynamically").check()
    await choose(panel.get_by_role("button", name="Namespace"), "User defined")
    await panel.get_by_label("By agent: Key").fill("favourite agent")
    await author.save_settings()
    assert (await _stored(author, flow))["queue"]["Parameters"] == {"AgentId": "$.Attributes['favourite agent']"}

    panel = await author.settings("queue")
    await expect(panel.get_by_label("By agent: Key")).to_have_value("favourite agent")
    await panel.get_by_role("radio", name="By queue").check()
    await panel.get_by_role("button", name="Cancel").click()
    await expect(author.button("Save")).to_be_disabled()


async def test_names_of_blocks(browser: Browser, centre: Server) -> None:
    """BLK-002, FLOW-38: counted, up to 50 characters, without what flows forbid, no name twice."""
    loop = {"Identifier": "loop", "Type": "Loop", "Parameters": {"LoopCount": "3"}}
    author, flow = await _author(
        browser, centre, "Panel: names", loop, {"Identifier": "end", "Type": "DisconnectParticipant"}
    )
    panel = await author.settings("loop")
    name = panel.get_by_label("Block name")
    await expect(panel).to_contain_text("4 / 50")
    for wrong in ("three (3)", "toString", "end", "x" * 51):
        await name.fill(wrong)
        await panel.get_by_role("button", name="Save", exact=True).click()
        await expect(name).to_have_attribute("aria-invalid", "true")
    await name.fill("Three times")
    await panel.get_by_label("Number of loops").last.fill("101")
    await _refused(panel, "0 to 100")
    await panel.get_by_label("Number of loops").last.fill("5")
    await author.save_settings()
    await expect(author.block("Three times")).to_be_visible()
    assert (await _stored(author, flow))["Three times"]["Parameters"] == {"LoopCount": "5"}


async def test_conditions_keep_their_connections(browser: Browser, centre: Server) -> None:
    """BLK-001: rows of a Check block are added, moved and taken away; each takes its connection along."""
    conditions = [
        {"NextAction": "end", "Condition": {"Operator": "Equals", "Operands": ["gold"]}},
        {"NextAction": "loop", "Condition": {"Operator": "TextStartsWith", "Operands": ["sil"]}},
    ]
    check = {
        "Identifier": "check",
        "Type": "Compare",
        "Parameters": {"ComparisonValue": "$.Attributes.tier"},
        "Transitions": {
            "Conditions": conditions,
            "Errors": [{"NextAction": "end", "ErrorType": "NoMatchingCondition"}],
            "NextAction": "end",
        },
    }
    author, flow = await _author(
        browser,
        centre,
        "Panel: rows",
        check,
        {"Identifier": "loop", "Type": "Loop", "Parameters": {"LoopCount": "3"}},
        {"Identifier": "end", "Type": "DisconnectParticipant"},
    )
    panel = await author.settings("check")
    await panel.get_by_role("button", name="Add another condition").click()
    await _refused(panel, "This field cannot be empty.")
    await panel.get_by_role("textbox", name="Condition 3: Value").fill("bronze")
    await panel.get_by_role("button", name="Move Starts with sil up").click()
    await panel.get_by_role("textbox", name="Condition 1: Value").fill("silver")
    await choose(panel.get_by_role("button", name="Condition 3: Comparison"), "Contains")
    await author.save_settings()
    made = (await _stored(author, flow))["check"]["Transitions"]["Conditions"]
    rows = [(one["Condition"]["Operator"], one["Condition"]["Operands"], one["NextAction"]) for one in made]
    assert rows == [
        ("TextStartsWith", ["silver"], "loop"),
        ("Equals", ["gold"], "end"),
        ("TextContains", ["bronze"], ""),
    ]


async def test_prompts(browser: Browser, centre: Server) -> None:
    """FLOW-64, FLOW-65, FLOW-66, FLOW-67: text, SSML, a prompt of the library or of the object store, references."""
    gone = "arn:aws:connect:us-west-2:111122223333:instance/a/prompt/11111111-2222-3333-4444-555555555555"
    say = {"Identifier": "say", "Type": "MessageParticipant", "Parameters": {"PromptId": gone}}
    author, flow = await _author(browser, centre, "Panel: prompts", say)
    panel = await author.settings("say")
    await expect(panel).to_contain_text("Not found here")
    prompt = client(centre, "connect").list_prompts(InstanceId=instance_of(centre))["PromptSummaryList"][0]
    await choose(panel.get_by_role("button", name="Prompt", exact=False).last, prompt["Name"])
    await expect(panel.get_by_role("button", name=f"Play {prompt['Name']}")).to_be_visible()
    await author.save_settings()
    assert (await _stored(author, flow))["say"]["Parameters"] == {"PromptId": prompt["Arn"]}

    panel = await author.settings("say")
    await panel.get_by_label("Text-to-speech or chat text").check()
    text = panel.get_by_role("textbox", name="Prompt")
    await text.fill("Hello !")
    await text.evaluate("area => area.setSelectionRange(6, 6)")
    await panel.get_by_role("button", name="Insert an attribute").click()
    await choose(panel.get_by_role("button", name="Namespace"), "User defined")
    await panel.get_by_label("Insert an attribute: Key").fill("name")
    await panel.get_by_role("button", name="Insert", exact=True).click()
    await expect(text).to_have_value("Hello $.Attributes.name!")
    await panel.get_by_role("button", name="SSML").click()
    await author.save_settings()
    assert (await _stored(author, flow))["say"]["Parameters"] == {"SSML": "Hello $.Attributes.name!"}

    panel = await author.settings("say")
    await panel.get_by_label("From an S3 file path").check()
    await panel.get_by_role("textbox", name="Prompt").fill("s3://prompts/$.Attributes.language/hello.wav")
    await author.save_settings()
    media = {"SourceType": "S3", "MediaType": "Audio", "Uri": "s3://prompts/$.Attributes.language/hello.wav"}
    assert (await _stored(author, flow))["say"]["Parameters"] == {"Media": media}


async def test_json_of_blocks_and_of_unknown_types(browser: Browser, centre: Server) -> None:
    """BLK-007, BLK-008: a type that nobody knows is edited as JSON, which must be right; the rest is kept."""
    strange = {"Identifier": "strange", "Type": "FancyNewThing", "Parameters": {"One": 1}, "Beside": True}
    author, flow = await _author(browser, centre, "Panel: JSON", strange)
    panel = await author.settings("strange")
    await expect(panel).to_contain_text("FancyNewThing")
    await panel.locator(".json-editor textarea").focus()
    await author.page.keyboard.press("Control+A")
    await author.page.keyboard.insert_text('{"One": ')
    await _refused(panel, "Invalid JSON")
    await author.page.keyboard.press("Control+A")
    await panel.locator(".json-editor textarea").focus()
    await author.page.keyboard.press("Control+A")
    await author.page.keyboard.insert_text('{"One": 2}')
    await author.save_settings()
    stored = (await _stored(author, flow))["strange"]
    assert (stored["Parameters"], stored["Beside"]) == ({"One": 2}, True)


async def test_what_many_kinds_of_fields_store(browser: Browser, centre: Server) -> None:
    """BLK-005, BLK-007: durations in seconds, numbers and flags as text, E.164, thresholds of shares, criteria."""
    author, flow = await _author(
        browser,
        centre,
        "Panel: kinds",
        {"Identifier": "wait", "Type": "Wait", "Parameters": {"TimeLimitSeconds": "300", "Kept": [1]}},
        {"Identifier": "call", "Type": "TransferParticipantToThirdParty"},
        {"Identifier": "share", "Type": "DistributeByPercentage"},
        {"Identifier": "skills", "Type": "UpdateRoutingCriteria"},
        {"Identifier": "lambda", "Type": "InvokeLambdaFunction", "Parameters": {"InvocationTimeLimitSeconds": "3"}},
    )
    panel = await author.settings("wait")
    await panel.get_by_label("Timeout", exact=True).last.fill("10")
    await panel.get_by_label("Customer has returned").check()
    await author.save_settings()

    panel = await author.settings("call")
    await panel.get_by_role("textbox", name="Phone number").fill("0312345678")
    await _refused(panel, "not a phone number")
    await panel.get_by_role("textbox", name="Phone number").fill("+81 3-1234-5678")
    await panel.get_by_label("Resume flow after disconnect").check()
    await author.save_settings()

    panel = await author.settings("share")
    for at, percent in enumerate(("20", "40"), 1):
        await panel.get_by_role("button", name="Add another share").click()
        await panel.get_by_label(f"Condition {at}: Value").fill(percent)
    await expect(panel).to_contain_text("Default: 40 %")
    await author.save_settings()

    panel = await author.settings("skills")
    await panel.get_by_role("button", name="Add a step").click()
    await panel.get_by_label("Step 1: Attribute").fill("connect:Language")
    value = panel.get_by_role("combobox", name="Step 1: Value")
    await value.fill("connect:French")
    await value.press("Escape")  # closes what is suggested, and not the panel
    await choose(panel.get_by_role("button", name="Step 1: Proficiency level"), "3 or higher")
    await panel.get_by_label("Never expires").check()
    await author.save_settings()

    panel = await author.settings("lambda")
    await panel.get_by_role("button", name="Type an ARN").click()
    arn = "arn:aws:lambda:us-east-1:123456789012:function:lookup"
    await panel.get_by_role("textbox", name="Function", exact=True).fill(arn)
    await panel.get_by_role("button", name="Edit as JSON").click()
    await panel.locator(".json-editor textarea").focus()
    await author.page.keyboard.press("Control+A")
    await author.page.keyboard.insert_text('{"Age": 10, "hobbies": {"art": ["art1"]}}')
    await panel.get_by_role("button", name="Edit as rows").click()
    await panel.get_by_role("textbox", name="Input parameters 1: Value").fill("11")
    await author.save_settings()

    stored = await _stored(author, flow)
    parameters = {name: one["Parameters"] for name, one in stored.items()}
    assert parameters["wait"] == {"TimeLimitSeconds": "600", "Kept": [1], "Events": ["CustomerReturned"]}
    assert parameters["call"]["ThirdPartyPhoneNumber"] == "+81312345678"
    assert parameters["call"]["ContinueFlowExecution"] == "True"
    shares = [one["Condition"] for one in stored["share"]["Transitions"]["Conditions"]]
    assert shares == [{"Operator": "NumberLessThan", "Operands": [limit]} for limit in ("21", "61")]
    condition = {
        "Name": "connect:Language",
        "Value": "connect:French",
        "ProficiencyLevel": 3,
        "ComparisonOperator": "NumberGreaterOrEqualTo",
    }
    assert parameters["skills"] == {"RoutingCriteria": {"Steps": [{"Expression": {"AttributeCondition": condition}}]}}
    assert parameters["lambda"]["LambdaInvocationAttributes"] == {"Age": 11, "hobbies": {"art": ["art1"]}}
    assert parameters["lambda"]["LambdaFunctionARN"] == arn
