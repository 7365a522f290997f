"""A customer's own page on another origin that embeds the panel with the public library, as npm delivers it."""

import asyncio
import functools
import json
import threading
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import asynccontextmanager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError
from playwright.async_api import Browser, Error, Frame, Page, expect

from tests.browser.people import LINES, PATIENCE, client, instance_of
from tests.server import PASSWORD, Server

MODULES = Path(__file__).parents[2] / "web/node_modules"
STREAMS = MODULES / "amazon-connect-streams/release/connect-streams-min.js"
CHATJS = MODULES / "amazon-connect-chatjs/dist/amazon-connect-chat.js"
FRAME = "Amazon Connect CCP"

_PAGE = """<!doctype html><meta charset=utf-8><title>CRM</title>
<script src=/streams.js></script><script>if (location.search.includes("chatjs"))
document.write('<script src=/chatjs.js></' + 'script>')</script>
<body style="margin:0"><div id=panel style="width:320px;height:500px"></div>"""

EMBED = """({ url, options }) => {
    window.seen = [];
    const note = (name, value) => seen.push({ name, value: JSON.parse(JSON.stringify(value ?? null)) });
    connect.ChatSession?.setGlobalConfig({ endpoint: new URL(url).origin, region: "us-east-1" });
    connect.core.initCCP(document.getElementById("panel"), { ccpUrl: url, region: "us-east-1", ...options });
    connect.core.onInitialized(() => note("initialized"));
    connect.core.onAuthFail(() => note("authFail"));
    connect.core.onAccessDenied(() => note("accessDenied"));
    connect.core.onViewContact(one => note("viewContact", one));
    connect.core.getEventBus().subscribe(connect.EventType.TERMINATED, () => note("terminated"));
    connect.agent(agent => {
        window.agent = agent;
        note("agent", agent.getName());
        agent.onStateChange(({ oldState, newState }) => note("stateChange", { oldState, newState }));
        for (const name of ["onRoutable", "onNotRoutable", "onOffline", "onError", "onAfterCallWork",
            "onEnqueuedNextState", "onRefresh"]) agent[name](() => note(name));
        for (const name of ["onMuteToggle", "onSoftphoneError", "onSpeakerDeviceChanged", "onRingerDeviceChanged"])
            agent[name](one => note(name, one));
    });
    connect.contact(contact => {
        window.contact = contact;
        const id = contact.getContactId();
        note("contact", { id, type: contact.getType() });
        for (const name of ["onIncoming", "onPending", "onConnecting", "onAccepted", "onConnected", "onMissed", "onACW",
            "onEnded", "onError", "onDestroy"]) contact[name](() => note(name, id));
    });
}"""

REQUEST = """([method, params]) => new Promise((success, failure) => connect.core.getClient().call(method, params, {
    success, failure: error => failure(new Error(error)) }))"""

CALL = """([target, method, given]) => new Promise((resolve, reject) => window[target][method](...given, {
    success: value => resolve(value ?? null),
    failure: error => reject(new Error(typeof error === "string" ? error : JSON.stringify(error))) }))"""


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        files = {"/streams.js": STREAMS, "/chatjs.js": CHATJS}
        body = files[path].read_bytes() if path in files else _PAGE.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if path in files else "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def site() -> Iterator[int]:
    """Serves the page on every address of the machine. Yields the port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    thread = threading.Thread(target=functools.partial(server.serve_forever, 0.05), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def approve(server: Server, *origins: str) -> None:
    """Let pages of these origins embed the panel; those that may already stay."""
    for origin in origins:
        try:
            client(server, "connect").associate_approved_origin(InstanceId=instance_of(server), Origin=origin)
        except ClientError as error:
            assert error.response["Error"]["Code"] == "ResourceConflictException"


class Embedder:
    """The page, with the panel in it."""

    def __init__(self, page: Page, server: Server) -> None:
        self.page = page
        self.server = server

    @classmethod
    @asynccontextmanager
    async def open(
        cls, browser: Browser, server: Server, origin: str, query: str = "", **context: Any
    ) -> AsyncIterator["Embedder"]:
        """A page at `origin` in a browser of its own; nothing is embedded yet."""
        made = await browser.new_context(locale="en-US", viewport={"width": 700, "height": 560}, **context)
        made.set_default_timeout(PATIENCE)
        page = await made.new_page()
        await page.goto(f"{origin}/{query}")
        try:
            yield cls(page, server)
        finally:
            await made.close()

    async def embed(self, path: str = "/ccp-v2/", **options: Any) -> None:
        """`connect.core.initCCP`, and note of whatever the library reports."""
        given = {"softphone": {"allowFramedSoftphone": True}, "loginPopup": False, **options}
        await self.page.evaluate(EMBED, {"url": self.server.url + path, "options": given})

    def frame(self) -> Frame:
        """The panel's frame as it is now."""
        found = next((one for one in self.page.frames if one.name == FRAME), None)
        assert found is not None
        return found

    async def sign_in(self, user: str = "agent1") -> None:
        """Sign in inside the frame."""
        panel = self.page.frame_locator(f'iframe[name="{FRAME}"]')
        name, secret, button = LINES["en-US"]
        here = panel.get_by_role("button", name="Sign in here")
        await expect(here.or_(panel.get_by_label(name)).first).to_be_visible()
        if await here.is_visible():
            await here.click()
        await panel.get_by_label(name).fill(user)
        await panel.get_by_label(secret).fill(PASSWORD)
        await panel.get_by_role("button", name=button, exact=True).click()
        await self.saw("agent")

    @property
    def panel(self) -> Any:
        """What the agent sees in the frame."""
        return self.page.frame_locator(f'iframe[name="{FRAME}"]')

    async def saw(self, name: str, text: str = "") -> Any:
        """Wait until the library has reported an event whose value holds `text`; its value."""
        found = await self.page.wait_for_function(
            "([name, text]) => window.seen?.findLast(one => one.name === name"
            " && JSON.stringify(one.value).includes(text)) ?? null",
            arg=[name, text],
        )
        return (await found.json_value())["value"]

    async def names(self) -> list[str]:
        """The events so far, refreshes aside."""
        seen: list[dict[str, Any]] = await self.page.evaluate("window.seen")
        return [one["name"] for one in seen if one["name"] != "onRefresh"]

    async def forget(self) -> None:
        """Begin a new note of events."""
        await self.page.evaluate("seen.length = 0")

    async def get(self, expression: str) -> Any:
        """A value of the page's."""
        return await self.page.evaluate(expression)

    async def until(self, expression: str) -> None:
        """Wait until an expression in the page holds."""
        await self.page.wait_for_function(expression)

    async def call(self, target: str, method: str, *given: Any) -> Any:
        """A method of `agent` or `contact` that takes callbacks."""
        return await self.page.evaluate(CALL, [target, method, list(given)])

    async def refused(self, target: str, method: str, *given: Any) -> dict[str, Any]:
        """What the failure callback was told."""
        return await _refusal(self.call(target, method, *given))

    async def request(self, method: str, **params: Any) -> Any:
        """A request to the panel for which the library has no method of its own (its task library does)."""
        return await self.page.evaluate(REQUEST, [method, params])

    async def request_refused(self, method: str, **params: Any) -> dict[str, Any]:
        """What the failure callback of such a request was told."""
        return await _refusal(self.request(method, **params))

    async def set_state(self, name: str, **options: Any) -> None:
        """`agent.setState` to a state by its name."""
        await self.page.evaluate(
            """([name, options]) => new Promise((success, reject) => agent.setState(
                agent.getAgentStates().find(one => one.name === name),
                { success, failure: error => reject(new Error(JSON.stringify(error))) }, options))""",
            [name, options],
        )


async def _refusal(call: Awaitable[Any]) -> dict[str, Any]:
    try:
        answer = await call
    except Error as error:
        text = error.message
        return dict(json.loads(text[text.index("{") :].partition("\n")[0]))
    raise AssertionError(f"it was not refused: {answer}")


async def settled(seconds: float = 0.3) -> None:
    """Give what must not happen the time to happen."""
    await asyncio.sleep(seconds)
