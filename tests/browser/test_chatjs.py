"""The public chat library, as npm delivers it, in a real page: only the endpoint is ours (CHAT-75)."""

import json
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, expect

from tests.browser.people import STARTED, STRAIGHT, Agent, client, instance_of, names
from tests.server import Server

LIBRARY = Path(__file__).parents[2] / "web/node_modules/amazon-connect-chatjs/dist/amazon-connect-chat.js"
MARKDOWN = "text/markdown"

CONNECT = """async ({ endpoint, details }) => {
    const seen = window.seen = {};
    const keep = name => item => { (seen[name] ??= []).push(item?.data ?? item ?? {}); };
    connect.ChatSession.setGlobalConfig({ endpoint, region: "us-east-1",
        features: { messageReceipts: { shouldSendMessageReceipts: true, throttleTime: 0 } } });
    const session = window.chat = connect.ChatSession.create({
        chatDetails: details, type: connect.ChatSession.SessionTypes.CUSTOMER, options: { region: "us-east-1" } });
    for (const name of ["onMessage", "onTyping", "onReadReceipt", "onDeliveredReceipt", "onEnded",
        "onConnectionEstablished", "onConnectionBroken", "onParticipantIdle"]) session[name]?.(keep(name));
    const result = await session.connect();
    return { success: result.connectSuccess, controller: session.getChatDetails() };
}"""

RECEIPT = """async kind => {
    const answer = seen.onMessage.find(one => one.Content === "An answer");
    await chat.sendEvent({ contentType: `application/vnd.amazonaws.connect.event.message.${kind}`,
        content: JSON.stringify({ messageId: answer.Id, disableThrottle: true }) });
}"""


async def seen(page: Page, name: str, text: str) -> None:
    """Wait until the library has handed on an event that holds `text`."""
    await page.wait_for_function(
        "([name, text]) => (window.seen[name] ?? []).some(one => JSON.stringify(one).includes(text))", arg=[name, text]
    )


async def test_chatjs_unmodified(browser: Browser, centre: Server) -> None:
    """CHAT-60, CHAT-61, CHAT-62, CHAT-63, CHAT-64, CHAT-65, CHAT-66, CHAT-67, CHAT-68, CHAT-69, CHAT-75: begun with
    boto3, carried on by the library."""
    agent = await Agent.arrive(browser, centre)
    await agent.available()
    flows = names(centre, "list_contact_flows", "ContactFlowSummaryList")
    started = client(centre, "connect").start_chat_contact(
        InstanceId=instance_of(centre),
        ContactFlowId=flows[STRAIGHT],
        ParticipantDetails={"DisplayName": "Library"},
        InitialMessage={"ContentType": "text/plain", "Content": "First words"},
        SupportedMessagingContentTypes=["text/plain", MARKDOWN, "application/json"],
    )
    STARTED.append(started["ContactId"])
    page = await _page(browser, centre)
    details = {
        "contactId": started["ContactId"],
        "participantId": started["ParticipantId"],
        "participantToken": started["ParticipantToken"],
    }
    answer: dict[str, Any] = await page.evaluate(CONNECT, {"endpoint": centre.url, "details": details})
    assert answer["success"] is True
    assert answer["controller"]["participantId"] == started["ParticipantId"]

    await expect(agent.page.get_by_role("region", name="Incoming Chat")).to_contain_text("Library")
    await agent.button("Accept chat").click()
    await expect(agent.log).to_contain_text("First words")
    await seen(page, "onMessage", "participant.joined")

    sent = await page.evaluate("chat.sendMessage({ message: 'Hello from the library', contentType: 'text/plain' })")
    assert sent["data"]["Id"] and sent["data"]["AbsoluteTime"].endswith("Z")
    await expect(agent.log).to_contain_text("Hello from the library")
    await page.evaluate("chat.sendMessage({ message: '**bold**', contentType: 'text/markdown' })")
    await expect(agent.log.locator("strong")).to_have_text("bold")
    await page.evaluate("chat.sendMessage({ message: JSON.stringify({ a: 1 }), contentType: 'application/json' })")
    await expect(agent.log).to_contain_text('{"a":1}')
    await seen(page, "onReadReceipt", sent["data"]["Id"])

    await page.evaluate("chat.sendEvent({ contentType: 'application/vnd.amazonaws.connect.event.typing' })")
    await expect(agent.page.locator(".typing")).to_contain_text("Library is typing")
    await agent.box.press_sequentially("An answer")
    await seen(page, "onTyping", "typing")
    await agent.box.press("Enter")
    await seen(page, "onMessage", "An answer")
    await expect(agent.page.get_by_text("Sent", exact=True)).to_be_visible()
    await page.evaluate(RECEIPT, "delivered")
    await expect(agent.page.get_by_text("Delivered", exact=True)).to_be_visible()
    await page.evaluate(RECEIPT, "read")
    await expect(agent.page.get_by_text("Read", exact=True)).to_be_visible()

    transcript = await page.evaluate("chat.getTranscript({ maxResults: 100, sortOrder: 'ASCENDING' })")
    messages = [item for item in transcript["data"]["Transcript"] if item["Type"] == "MESSAGE"]
    said = [item["Content"] for item in messages if item["ParticipantRole"] in ("CUSTOMER", "AGENT")]
    assert said == [
        "First words",
        "Hello from the library",
        "**bold**",
        json.dumps({"a": 1}, separators=(",", ":")),
        "An answer",
    ]
    page_one = await page.evaluate(
        "chat.getTranscript({ maxResults: 2, scanDirection: 'BACKWARD', sortOrder: 'DESCENDING' })"
    )
    assert len(page_one["data"]["Transcript"]) == 2 and page_one["data"]["NextToken"]
    assert "onConnectionBroken" not in await page.evaluate("Object.keys(seen)")

    await page.evaluate("chat.disconnectParticipant()")
    await seen(page, "onEnded", "")
    await expect(agent.page.locator(".contact-bar")).to_contain_text("After contact work")


async def _page(browser: Browser, centre: Server) -> Page:
    """A page of another origin (the same server by its other name) with nothing but the library."""
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(centre.url.replace("127.0.0.1", "localhost") + "/health")
    await page.add_script_tag(path=LIBRARY)
    return page
