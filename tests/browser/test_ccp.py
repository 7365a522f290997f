"""The embeddable panel, driven by the public library from pages of other origins."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, expect

from tests.browser.embedding import Embedder, approve, settled, site
from tests.browser.people import STARTED, STRAIGHT, Agent, client, instance_of, names, sign_in
from tests.server import PASSWORD, Server

STATE = "agent.getState()"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with site() as found:
        yield found


@pytest.fixture
def elsewhere(centre: Server, port: int) -> str:
    """An approved origin of another site: another host name, another port."""
    origin = f"http://localhost:{port}"
    approve(centre, origin)
    return origin


@pytest.fixture
def next_door(centre: Server, port: int) -> str:
    """An approved origin of the same site: the same host name, another port."""
    origin = f"http://127.0.0.1:{port}"
    approve(centre, origin)
    return origin


@asynccontextmanager
async def embedded(browser: Browser, centre: Server, origin: str, **options: Any) -> AsyncIterator[Embedder]:
    """A page with the panel in it, and agent1 signed in inside the frame."""
    async with Embedder.open(browser, centre, origin, "?chatjs" if options.pop("chatjs", False) else "") as page:
        await page.embed(**options)
        await page.sign_in()
        yield page


def start_chat(centre: Server, **attributes: str) -> dict[str, Any]:
    flows = names(centre, "list_contact_flows", "ContactFlowSummaryList")
    started: dict[str, Any] = client(centre, "connect").start_chat_contact(
        InstanceId=instance_of(centre),
        ContactFlowId=flows[STRAIGHT],
        ParticipantDetails={"DisplayName": "Cleo"},
        Attributes=attributes,
    )
    STARTED.append(started["ContactId"])
    connection = client(centre, "connectparticipant").create_participant_connection(
        Type=["CONNECTION_CREDENTIALS"], ParticipantToken=started["ParticipantToken"], ConnectParticipant=True
    )
    return started | {"ConnectionToken": connection["ConnectionCredentials"]["ConnectionToken"]}


def start_task(centre: Server, name: str) -> str:
    flows = names(centre, "list_contact_flows", "ContactFlowSummaryList")
    started = client(centre, "connect").start_task_contact(
        InstanceId=instance_of(centre),
        ContactFlowId=flows[STRAIGHT],
        Name=name,
        Description="Call back",
        References={"Order": {"Type": "URL", "Value": "https://shop.example.com/1"}},
    )
    STARTED.append(started["ContactId"])
    return str(started["ContactId"])


async def test_the_agent_in_an_embedding_page(browser: Browser, centre: Server, elsewhere: str) -> None:
    """DESK-153, DESK-154, DESK-157, ROUT-112: from another site, in a browser that keeps nothing for the frame."""
    async with embedded(browser, centre, elsewhere) as page:
        assert (await page.names())[:2] == ["initialized", "agent"]
        assert await page.get("agent.getName()") == "Ana Silva"
        await page.saw("stateChange", "Offline")
        configuration = await page.get("agent.getConfiguration()")
        assert configuration["username"] == "agent1"
        assert configuration["softphoneEnabled"] is True
        assert {one["name"]: one["type"] for one in configuration["agentStates"]} == {
            "Available": "routable",
            "Offline": "offline",
        }
        assert "outboundCall" in configuration["permissions"]
        profile = await page.get("agent.getRoutingProfile()")
        assert profile["name"] == "Basic Routing Profile"
        assert {one["name"] for one in profile["queues"]} == {"BasicQueue", None}
        assert await page.get("connect.core.getAgentDataProvider().getInstanceId()") == instance_of(centre)
        assert (await page.get("agent.getAllQueueARNs()"))[0] == profile["queues"][0]["queueARN"]
        assert await page.get("agent.getChannelConcurrency('CHAT')") == 2

        await page.set_state("Available")
        await page.saw("stateChange", "Available")
        await page.saw("onRoutable")
        assert (await page.get("agent.getAvailabilityState()"))["state"] == "Available"
        assert (await page.get(STATE))["type"] == "routable"
        assert await page.get("agent.getStateDuration() >= 0")
        await expect(page.panel.locator("#status-picker")).to_contain_text("Available")

        kinds = {one["name"]: one["type"] for one in await endpoints(page)}
        assert kinds["agent2"] == "agent" and kinds["BasicQueue"] == "queue"
        refused = await page.refused("agent", "setState", {"agentStateARN": "arn:none", "name": "Nowhere"})
        assert refused["type"] == "InvalidAgentARNException"
        devices = await page.get("connect.core.getFrameMediaDevices(5000)")
        assert isinstance(devices, list)

        await page.set_state("Offline")
        await page.saw("onOffline")


async def test_a_chat_in_an_embedding_page(browser: Browser, centre: Server, elsewhere: str) -> None:
    """DESK-154, DESK-155, DESK-160, CHAT-76: the page answers a chat with the two public libraries alone."""
    async with embedded(browser, centre, elsewhere, chatjs=True) as page:
        await page.set_state("Available")
        started = start_chat(centre, vip="yes")
        await page.saw("onConnecting", started["ContactId"])
        assert await page.saw("contact") == {"id": started["ContactId"], "type": "chat"}
        assert (await page.get(STATE))["name"] == "Available"
        assert await page.get("contact.getAttributes()") == {"vip": {"name": "vip", "value": "yes"}}
        assert (await page.get("contact.getQueue()"))["name"] == "BasicQueue"
        assert await page.get("contact.isInbound()")
        await expect(page.panel.get_by_role("button", name="Accept chat")).to_be_visible()

        await page.call("contact", "accept")
        await page.saw("onAccepted")
        await page.saw("onConnected")
        assert await page.get("contact.getAgentConnection().getMediaType()") == "chat"
        info = await page.get("contact.getAgentConnection().getMediaInfo()")
        assert info["initialContactId"] == started["ContactId"] and info["participantId"]
        await page.get(
            """contact.getAgentConnection().getMediaController().then(found => {
                window.chat = found; window.heard = []; found.onMessage(one => heard.push(one.data.Content)); })"""
        )
        client(centre, "connectparticipant").send_message(
            ContentType="text/plain", Content="Hello agent", ConnectionToken=started["ConnectionToken"]
        )
        await page.until("heard.includes('Hello agent')")
        await expect(page.panel.get_by_role("log")).to_contain_text("Hello agent")
        sent = await page.get("chat.sendMessage({ message: 'Hello customer', contentType: 'text/plain' })")
        assert sent["data"]["Id"]
        await expect(page.panel.get_by_role("log")).to_contain_text("Hello customer")
        await page.until("heard.includes('Hello customer')")

        refused = await page.refused(
            "agent", "setState", await page.get("agent.getAgentStates().find(one => one.type === 'offline')")
        )
        assert refused["type"] == "InvalidStateException"
        await page.set_state("Offline", enqueueNextState=True)
        await page.saw("onEnqueuedNextState")
        assert (await page.get("agent.getNextState()"))["name"] == "Offline"

        await page.get("contact.getAgentConnection().destroy()")
        await page.saw("onACW")
        assert (await page.get("contact.getStatus()"))["type"] == "ended"
        await page.call("contact", "clear")
        await page.saw("onDestroy")
        await page.saw("stateChange", "Offline")
        order = [name for name in await page.names() if name in {"onConnecting", "onConnected", "onACW", "onDestroy"}]
        assert order == ["onConnecting", "onConnected", "onACW", "onDestroy"]


async def test_tasks_in_an_embedding_page(browser: Browser, centre: Server, elsewhere: str) -> None:
    """DESK-154, DESK-155: made, taken, paused, resumed, completed, refused."""
    async with embedded(browser, centre, elsewhere) as page:
        await page.set_state("Available")
        task = start_task(centre, "Write an offer")
        await page.saw("onConnecting", task)
        assert await page.get("contact.getName()") == "Write an offer"
        assert (await page.get("contact.getReferences()"))["Order"]["value"] == "https://shop.example.com/1"
        await page.call("contact", "accept")
        await page.saw("onConnected")
        await expect(page.panel.get_by_text("Call back")).to_be_visible()
        await page.get("document.getElementById('panel').style.display = 'none'")  # a page with a face of its own
        await page.call("contact", "pause")
        await page.until("contact.getStatus().type === 'paused'")
        await page.call("contact", "resume")
        await page.until("contact.getStatus().type === 'connected'")
        await page.call("contact", "complete")
        await page.saw("onDestroy")

        refused = await page.request_refused("createTaskContact", name="Without a template", endpoint=None)
        assert refused["type"] == "InvalidStateException"
        template = (await page.request("listTaskTemplates"))["TaskTemplates"][0]
        assert (await page.request("getTaskTemplate", id=template["Id"]))["Name"] == template["Name"]
        queue = next(one for one in (await endpoints(page)) if one["name"] == "BasicQueue")
        made = await page.request(
            "createTemplatedTask", taskTemplate={"id": template["Id"]}, name="By the page", endpoint=queue
        )
        STARTED.append(made["contactId"])
        await page.saw("onConnecting", made["contactId"])
        await page.call("contact", "reject")
        await page.saw("onMissed", made["contactId"])
        refused = await page.request_refused("acceptContact", contactId=made["contactId"])
        assert refused["type"] == "InvalidStateException"


async def endpoints(page: Embedder) -> list[dict[str, Any]]:
    found = await page.call("agent", "getEndpoints", await page.get("agent.getAllQueueARNs()"))
    return list(found["endpoints"])


async def test_access_is_granted_by_a_window(browser: Browser, centre: Server, elsewhere: str) -> None:
    """DESK-08, DESK-157: the window of our own origin hands its session to the frame, and closes."""
    async with Embedder.open(browser, centre, elsewhere) as page:
        await page.embed()
        await expect(page.panel.get_by_text("Allow access to cookies")).to_be_visible()
        await page.panel.get_by_role("button", name="Learn more").click()
        await expect(page.panel.get_by_text("remove this contact centre from the blocked sites")).to_be_visible()
        async with page.page.expect_popup() as opened:
            await page.panel.get_by_role("button", name="Grant access").click()
        window = await opened.value
        await window.get_by_label("User name").fill("agent2")
        await window.get_by_label("Password").fill(PASSWORD)
        async with window.expect_event("close"):
            await window.get_by_role("button", name="Sign in", exact=True).click()
        await page.saw("agent")
        assert await page.get("agent.getConfiguration().username") == "agent2"

        await page.page.reload()
        await page.embed()
        grant = page.panel.get_by_role("button", name="Grant access")
        await expect(grant.or_(page.panel.get_by_text("Welcome, Ben Okafor"))).to_be_visible()
        if await grant.is_visible():  # not in a browser that keeps the cookies of other sites
            await grant.click()
        await page.saw("agent")


async def test_the_library_opens_the_sign_in_window(browser: Browser, centre: Server, elsewhere: str) -> None:
    """DESK-154: `loginPopup` and `loginPopupAutoClose`; the frame takes the session of the library's window."""
    async with Embedder.open(browser, centre, elsewhere) as page:
        async with page.page.expect_popup() as opened:
            await page.embed(loginPopup=True, loginPopupAutoClose=True, ccpLoadTimeout=3000)
        window = await opened.value
        await window.get_by_label("User name").fill("agent1")
        await window.get_by_label("Password").fill(PASSWORD)
        async with window.expect_event("close"):
            await window.get_by_role("button", name="Sign in", exact=True).click()
        await page.saw("agent", "Ana Silva")
        await page.until("document.querySelectorAll('iframe').length === 1")


async def test_the_cookie_counts_on_the_same_site(browser: Browser, centre: Server, next_door: str) -> None:
    """DESK-154, DESK-157: who signed in at our own pages is signed in within the frame; signing out ends both."""
    own = await sign_in(browser, centre, "agent1", "/workspace")
    await expect(own.locator("#status-picker")).to_be_visible()
    cookies = await own.context.cookies()
    async with Embedder.open(browser, centre, next_door) as page:
        await page.page.context.add_cookies(cookies)
        await page.embed()
        await page.saw("agent", "Ana Silva")
        await page.set_state("Available")
        await expect(own.locator("#status-picker")).to_contain_text("Available")
        await page.get(
            "fetch('" + centre.url + "/logout', { credentials: 'include', mode: 'no-cors' }).then(() => null)"
        )
        await page.saw("authFail")
        await expect(own.get_by_label("User name")).to_be_visible()
    await own.context.close()


async def test_after_signing_in_on_to_the_page(browser: Browser, centre: Server) -> None:
    """DESK-01, DESK-05: the destination follows; the panel stands alone in its window."""
    page = await sign_in(browser, centre, "agent1", "/login?destination=%2Fccp-v2%2Fchat")
    await expect(page).to_have_url(centre.url + "/ccp-v2/chat")
    await expect(page.locator("#status-picker")).to_be_visible()
    await page.context.close()


async def test_leaving_from_the_page(browser: Browser, centre: Server, elsewhere: str) -> None:
    """DESK-154: `terminate` signs out; the agent is Offline."""
    async with embedded(browser, centre, elsewhere) as page:
        await page.set_state("Available")
        await page.saw("onRoutable")
        await page.get("connect.core.getUpstream().sendUpstream(connect.EventType.TERMINATE)")
        await page.saw("terminated")
        await expect(page.panel.get_by_role("button", name="Grant access")).to_be_visible()
        who = {"InstanceId": instance_of(centre), "UserId": names(centre, "list_users", "UserSummaryList")["agent1"]}
        assert client(centre, "switchroom").get_agent_snapshot(**who)["Snapshot"]["Status"]["Name"] == "Offline"


async def test_origins_that_are_not_approved(browser: Browser, centre: Server, port: int) -> None:
    """DESK-153: the browser refuses the frame; scheme, host and port must all be those of the list."""
    approve(centre, f"https://localhost:{port}", f"http://localhost:{port + 1}")
    connect, instance = client(centre, "connect"), instance_of(centre)
    for origin in connect.list_approved_origins(InstanceId=instance)["Origins"]:
        if origin == f"http://localhost:{port}":
            connect.disassociate_approved_origin(InstanceId=instance, Origin=origin)
    async with Embedder.open(browser, centre, f"http://localhost:{port}") as page:
        refusals: list[str] = []
        page.page.on("console", lambda message: refusals.append(message.text))
        await page.embed(ccpLoadTimeout=60_000)
        await settled(1.0)
        assert any("frame-ancestors" in text for text in refusals), refusals
        assert await page.names() == []


async def test_windows_of_one_agent(browser: Browser, centre: Server, next_door: str) -> None:
    """DESK-154, DESK-172: the workspace and a panel in a page show the same."""
    agent = await Agent.arrive(browser, centre)
    async with embedded(browser, centre, next_door) as page:
        await agent.available()
        await page.saw("onRoutable")
        task = start_task(centre, "Seen twice")
        await page.saw("onConnecting", task)
        await agent.button("Accept task").click()
        await page.saw("onConnected", task)
        await page.call("contact", "complete")
        await expect(agent.page.get_by_text("Seen twice")).to_have_count(0)
    await agent.page.context.close()


def test_the_paths_of_the_library(centre: Server) -> None:
    """DESK-01, DESK-20, DESK-154: pages, older addresses, who is signed in, approved origins, leaving."""
    approve(centre, "https://crm.example.com")
    with httpx.Client(base_url=centre.url) as visitor:
        for path in ("/ccp", "/ccp/", "/connect/ccp"):
            reply = visitor.get(path)
            assert (reply.status_code, reply.headers["location"]) == (302, "/ccp-v2/")
        for path in ("/ccp-v2/", "/ccp-v2", "/ccp-v2/chat", "/connect/ccp-v2/", "/agent-app-v2/", "/login"):
            reply = visitor.get(path)
            assert reply.status_code == 200 and "https://crm.example.com" in reply.headers["content-security-policy"]
        assert visitor.get("/ccp-v2x").status_code == 404
        assert visitor.get("/auth/authorize").status_code in (401, 403)
        assert visitor.get("/whitelisted-origins").status_code == 403
        token = visitor.post("/switchroom/session", json={"Username": "agent2", "Password": PASSWORD}).json()["Token"]
        assert visitor.get("/connect/auth/authorize").json()["instanceId"] == instance_of(centre)
        visitor.cookies.clear()
        for headers in ({"X-Amz-Bearer": token}, {"Authorization": f"Bearer {token}"}):
            origins = visitor.get("/connect/whitelisted-origins", headers=headers).json()["whitelistedOrigins"]
            assert "https://crm.example.com" in origins
        assert visitor.get("/logout", headers={"Authorization": f"Bearer {token}"}).json() == {}
        assert visitor.get("/auth/authorize", headers={"Authorization": f"Bearer {token}"}).status_code in (401, 403)
        assert visitor.get("/connect/logout", headers={"Sec-Fetch-Mode": "navigate"}).status_code == 302
