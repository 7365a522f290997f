"""Interactive messages between a bot of one's own, a customer's widget and an agent's workspace."""

import asyncio
import base64
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from playwright.async_api import Browser, Locator, Route, expect

from tests.browser.people import STARTED, Agent, Customer, client, instance_of
from tests.server import Server

INTERACTIVE = "application/vnd.amazonaws.connect.message.interactive"
RESPONSE = INTERACTIVE + ".response"
PICTURE = "https://pictures.example.com/fruit.png"
_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class Bot:
    """A custom participant of a chat, as a business's own bot is one."""

    def __init__(self, server: Server, contact: str) -> None:
        made = client(server, "connect").create_participant(
            InstanceId=instance_of(server),
            ContactId=contact,
            ParticipantDetails={"ParticipantRole": "CUSTOM_BOT", "DisplayName": "Grocer"},
        )
        self.service = client(server, "connectparticipant")
        connection = self.service.create_participant_connection(
            Type=["CONNECTION_CREDENTIALS"], ParticipantToken=made["ParticipantCredentials"]["ParticipantToken"]
        )
        self.token = connection["ConnectionCredentials"]["ConnectionToken"]

    def send(self, template: dict[str, Any]) -> None:
        self.service.send_message(
            ConnectionToken=self.token, ContentType=INTERACTIVE, Content=json.dumps({"version": "1.0", **template})
        )

    async def heard(self, content_type: str = "text/plain") -> str:
        """The newest thing the customer said, once it is of this type and there is more than before."""
        for _ in range(100):
            items = self.service.get_transcript(ConnectionToken=self.token, SortOrder="DESCENDING")["Transcript"]
            said = [one for one in items if one.get("ParticipantRole") == "CUSTOMER" and one["Type"] == "MESSAGE"]
            newest = next(iter(said), None)
            shown = next(one["Id"] for one in items if one.get("ContentType") == INTERACTIVE)
            places = [one["Id"] for one in items]
            answered = newest is not None and places.index(newest["Id"]) < places.index(shown)
            if newest is not None and answered and newest["ContentType"] == content_type:
                return str(newest["Content"])
            await asyncio.sleep(0.1)
        raise AssertionError("the customer did not answer")


async def _meet(browser: Browser, server: Server) -> tuple[Customer, Bot]:
    """A customer in a chat with a bot."""
    customer = await Customer.arrive(browser, server)
    await customer.page.route("https://pictures.example.com/*", _picture)
    await customer.begin()
    await expect(customer.page.get_by_role("button", name="Send")).to_be_enabled()
    return customer, Bot(server, STARTED[-1])


async def _picture(route: Route) -> None:
    await route.fulfill(body=_PIXEL, content_type="image/png")


def _options(*titles: str) -> list[dict[str, Any]]:
    return [{"title": title} for title in titles]


def _card(log: Locator, title: str) -> Locator:
    return log.locator(".message", has=log.page.get_by_text(title, exact=True))


async def test_picking_from_lists_panels_and_replies(browser: Browser, centre: Server) -> None:
    """FLOW-114, FLOW-116, FLOW-117, FLOW-119, FLOW-121, FLOW-122: pictures, markdown, the title as the answer, the
    reply in place of what was chosen from, texts that are too long."""
    customer, bot = await _meet(browser, centre)
    picture = {"imageType": "URL", "imageData": PICTURE, "imageDescription": "Fruit"}
    elements = [{"title": "Apple", "subtitle": "$1.00", **picture}, {"title": "Orange", "subtitle": "$1.50"}]
    subtitle = "Tap to **select**\r\n* ripe\r\n* [fresh](https://example.com/fresh) `<code />`"
    bot.send(
        {
            "templateType": "ListPicker",
            "data": {
                "replyMessage": {"title": "Thanks for selecting!", "subtitle": "Produce selected"},
                "content": {"title": "What produce?", "subtitle": subtitle, **picture, "elements": elements},
            },
        }
    )
    card = _card(customer.log, "What produce?")
    await expect(card.locator("strong")).to_have_text("select")
    await expect(card.locator("li")).to_have_count(2)
    await expect(card.get_by_role("link", name="fresh")).to_have_attribute("href", "https://example.com/fresh")
    await expect(card.locator("code")).to_have_text("<code />")
    await expect(card.get_by_role("img", name="Fruit")).to_have_count(2)
    await card.get_by_role("button", name="Orange").click()
    assert await bot.heard() == "Orange"
    await expect(customer.log).to_contain_text("Thanks for selecting!")
    await expect(customer.log.get_by_role("button", name="Orange")).to_have_count(0)

    long = "x" * 500
    bot.send({"templateType": "Panel", "data": {"content": {"title": long, "elements": _options("Agent", "End")}}})
    await expect(customer.log).to_contain_text("x" * 397 + "...")
    await expect(customer.log).not_to_contain_text("x" * 398)
    await customer.log.get_by_role("button", name="End").press("Enter")
    assert await bot.heard() == "End"
    await expect(customer.log.locator(".ic-chosen")).to_contain_text("End")

    content = {"title": "Which department?", "elements": _options("Billing", "New Service")}
    bot.send({"templateType": "QuickReply", "data": {"content": content}})
    await customer.log.get_by_role("button", name="Billing").click()
    assert await bot.heard() == "Billing"
    await expect(customer.log.get_by_role("button", name="New Service")).to_have_count(0)


async def test_choosing_a_time(browser: Browser, centre: Server) -> None:
    """FLOW-115: slots by day in the zone of the place, the arrows between the days."""
    customer, bot = await _meet(browser, centre)
    content = {
        "title": "Schedule appointment",
        "timeZoneOffset": -450,
        "location": {"latitude": 47.6, "longitude": -122.4, "title": "Oscar", "radius": 1},
        "timeslots": [{"date": date, "duration": 60} for date in ("2020-11-15T13:00+00:00", "2020-10-31T17:00+00:00")],
    }
    bot.send({"templateType": "TimePicker", "data": {"content": content}})
    await expect(customer.log).to_contain_text("Oscar · UTC−07:30")
    await expect(customer.log.get_by_role("button", name="9:30 AM")).to_be_visible()
    await expect(customer.log.get_by_role("button", name="Earlier day")).to_be_disabled()
    await customer.log.get_by_role("button", name="Later day").click()
    await expect(customer.log.get_by_role("button", name="9:30 AM")).to_be_hidden()
    await customer.log.get_by_role("button", name="5:30 AM").click()
    assert (await bot.heard()).replace("\u202f", " ") == "Sunday, November 15, 2020 5:30 AM"


def _destination(identifier: str, title: str, *options: dict[str, Any]) -> dict[str, Any]:
    content = {"title": title, "subtitle": "Tap to select option", "elements": list(options)}
    return {
        "templateIdentifier": identifier,
        "templateType": "Panel",
        "version": "1.0",
        "data": {"content": content},
    }


async def test_a_carousel(browser: Browser, centre: Server) -> None:
    """FLOW-118: several panels, a link in one of them; the bot is told which panel the choice is from."""
    customer, bot = await _meet(browser, centre)
    flights = {"title": "Book flights", "type": "hyperlink", "url": "https://www.example.com/Flights"}
    content = {
        "title": "View our popular destinations",
        "elements": [
            _destination("template0", "California", *_options("Book hotels", "Talk to agent")),
            _destination("template1", "New York", flights),
        ],
    }
    bot.send({"templateType": "Carousel", "data": {"content": content}})
    await customer.log.get_by_role("button", name="Next").click()
    link = customer.log.get_by_role("link", name="Book flights")
    await expect(link).to_be_in_viewport()
    await expect(link).to_have_attribute("href", "https://www.example.com/Flights")
    await customer.log.get_by_role("button", name="Book hotels").click()
    assert json.loads(await bot.heard()) == {
        "templateIdentifier": "template0",
        "listTitle": "California",
        "selectionText": "Book hotels",
    }
    await expect(customer.log.locator(".own").last).to_contain_text("California: Book hotels")


async def test_pages_of_options(browser: Browser, centre: Server) -> None:
    """FLOW-120: the next page is asked for, and takes the place of the one before."""
    customer, bot = await _meet(browser, centre)
    more, back = (
        {"title": one, "actionDetail": name} for one, name in (("More", "SHOW_MORE"), ("Back", "PREVIOUS_OPTIONS"))
    )

    def page(before: int, after: int, *elements: dict[str, Any]) -> dict[str, Any]:
        places = {"preIndex": before, "nextIndex": after, "listId": "serviceList", "referenceId": "ref-1"}
        return {
            "templateType": "ListPicker",
            "data": {"content": {"title": "Services", "elements": list(elements), **places}},
        }

    bot.send(page(-1, 5, *_options("One", "Two"), more))
    await customer.log.get_by_role("button", name="More").click()
    assert json.loads(await bot.heard(RESPONSE)) == {
        "version": "1.0",
        "data": {
            "actionName": "SHOW_MORE",
            "preIndex": -1,
            "nextIndex": 5,
            "listId": "serviceList",
            "templateType": "ListPicker",
            "referenceId": "ref-1",
        },
        "action": "SHOW_MORE",
    }
    bot.send(page(4, 9, back, *_options("Six")))
    await expect(customer.log.get_by_role("button", name="Six")).to_be_visible()
    await expect(customer.log.get_by_text("One", exact=True)).to_have_count(0)
    await expect(customer.log.locator(".own")).to_have_count(0)
    await customer.log.get_by_role("button", name="Six").click()
    assert await bot.heard() == "Six"


async def test_the_agent_sees_what_was_asked_and_chosen(browser: Browser, centre: Server) -> None:
    """FLOW-113: a template that is none is not sent; the desk shows the rest as cards without buttons."""
    agent, (customer, bot) = await Agent.arrive(browser, centre), await _meet(browser, centre)
    with pytest.raises(ClientError, match="elements must be a list of 2 to 5"):
        bot.send({"templateType": "QuickReply", "data": {"content": {"title": "One?", "elements": _options("A")}}})
    content = {"title": "Which department?", "elements": _options("Billing", "Sales")}
    bot.send({"templateType": "QuickReply", "data": {"content": content}})
    await customer.log.get_by_role("button", name="Sales").click()
    assert await bot.heard() == "Sales"
    places = {"title": "Where?", "elements": [_destination(one, one, *_options("Book")) for one in ("Kyoto", "Nara")]}
    bot.send({"templateType": "Carousel", "data": {"content": places}})
    await customer.log.get_by_role("button", name="Book").first.click()

    await agent.available()
    await agent.button("Accept chat").click()
    await expect(agent.log).to_contain_text("Which department?")
    await expect(agent.log).to_contain_text("Kyoto: Book")
    await expect(agent.log.locator(".ic-chosen").last).to_contain_text("Book")
    await expect(agent.log.locator(".ic-card").get_by_role("button")).to_have_count(0)
