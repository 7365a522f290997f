"""The public chat client library, unmodified, in a real browser on a page of another origin."""

import asyncio
import json
import os
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from tests.channels.people import EVENT, Agent, Centre

LIBRARY = Path(__file__).parents[2] / "web/node_modules/amazon-connect-chatjs/dist/amazon-connect-chat.js"
PAGE = "<!doctype html><title>Shop</title><script src=/chat.js></script>"

CONNECT = """async ([endpoint, chat]) => {
  window.seen = {};
  const note = (name) => (event) => (window.seen[name] ??= []).push(JSON.parse(JSON.stringify(event?.data ?? null)));
  connect.ChatSession.setGlobalConfig({
    region: "us-east-1", endpoint,
    features: { messageReceipts: { shouldSendMessageReceipts: true, throttleTime: 100 } },
  });
  const options = { region: "us-east-1" };
  window.session = connect.ChatSession.create({ chatDetails: chat, options, type: "CUSTOMER" });
  session.onMessage(note("message")); session.onTyping(note("typing")); session.onEnded(note("ended"));
  session.onReadReceipt(note("read")); session.onDeliveredReceipt(note("delivered"));
  session.onConnectionEstablished(note("established")); session.onConnectionBroken(note("broken"));
  session.onParticipantIdle(note("idle")); session.onParticipantReturned(note("returned"));
  session.onAutoDisconnection(note("autodisconnection")); session.onDeepHeartbeatFailure(note("pingfailed"));
  const told = await session.connect().catch((failure) => failure);
  return told.connectSuccess || JSON.stringify(told).slice(0, 900);
}"""


class _Shop(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        script = self.path == "/chat.js"
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if script else "text/html")
        self.end_headers()
        self.wfile.write(LIBRARY.read_bytes() if script else PAGE.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def shop() -> Iterator[str]:
    """A web site of its own origin that uses the library."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Shop)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


async def seen(page: Page, name: str, text: str = "") -> list[Any]:
    """What an event of the session told, once it has told something that contains `text`."""
    condition = "([name, text]) => (window.seen[name] ?? []).some((data) => JSON.stringify(data).includes(text))"
    await page.wait_for_function(condition, arg=[name, text], timeout=20_000)
    told: list[Any] = await page.evaluate("(name) => window.seen[name]", name)
    return told


@pytest.mark.skipif(not LIBRARY.exists() and "CI" not in os.environ, reason="the packages of web/ are not installed")
async def test_the_client_library_chats(browser: Browser, shop: str, centre: Centre, flow: str, agent1: Agent) -> None:
    """CHAT-75, CHAT-64: connect, messages and events of both sides, receipts, transcript, attachment, end."""
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(shop)
    started = await asyncio.to_thread(
        centre.start_chat,
        flow,
        "Jane",
        InitialMessage={"ContentType": "text/plain", "Content": "first"},
        SupportedMessagingContentTypes=["text/plain", "text/markdown"],
    )
    contact = started["ContactId"]
    details = {
        "contactId": contact,
        "participantId": started["ParticipantId"],
        "participantToken": started["ParticipantToken"],
    }
    assert await page.evaluate(CONNECT, [centre.server.url, details]) is True
    assert await seen(page, "established")
    await seen(page, "message", "Hello")

    await asyncio.to_thread(agent1.accept, contact)
    agent = await asyncio.to_thread(agent1.join, contact)
    await seen(page, "message", "participant.joined")
    sent = await page.evaluate('session.sendMessage({ message: "**hi**", contentType: "text/markdown" })')
    heard = await asyncio.to_thread(agent.socket.item, Content="**hi**")
    assert heard["Id"] == sent["data"]["Id"]
    await page.evaluate('session.sendEvent({ contentType: "application/vnd.amazonaws.connect.event.typing" })')
    await asyncio.to_thread(agent.socket.event, "typing")

    answer = await asyncio.to_thread(agent.say, "Good day")
    await seen(page, "message", "Good day")
    read = {"contentType": EVENT + "message.read", "content": json.dumps({"messageId": answer["Id"]})}
    await page.evaluate("(event) => session.sendEvent(event)", read)
    metadata = await asyncio.to_thread(agent.socket.item, Type="MESSAGEMETADATA")
    assert metadata["MessageMetadata"]["MessageId"] == answer["Id"]
    await asyncio.to_thread(agent.signal, "typing")
    await seen(page, "typing", "AGENT")
    await asyncio.to_thread(agent.signal, "message.read", {"messageId": heard["Id"]})
    await seen(page, "read", heard["Id"])

    transcript = await page.evaluate("session.getTranscript({ maxResults: 100 })")
    assert transcript["data"]["InitialContactId"] == contact
    texts = [item.get("Content") for item in transcript["data"]["Transcript"] if item["Type"] == "MESSAGE"]
    assert texts[0] == "first" and texts[-2:] == ["**hi**", "Good day"]

    await page.evaluate(
        'session.sendAttachment({ attachment: new File(["a note"], "note.txt", { type: "text/plain" }) })'
    )
    shared = await asyncio.to_thread(agent.socket.item, Type="ATTACHMENT")
    fetched = await page.evaluate(
        "async (attachmentId) => (await session.downloadAttachment({ attachmentId })).text()",
        shared["Attachments"][0]["AttachmentId"],
    )
    assert fetched == "a note"

    await page.evaluate("session.disconnectParticipant()")
    await seen(page, "ended")
    assert await asyncio.to_thread(agent1.contact, "ENDED", contact)
    assert await page.evaluate("window.seen.pingfailed") is None
    await context.close()
