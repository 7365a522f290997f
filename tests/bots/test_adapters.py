"""Bots that others run or understand: language models, Amazon Lex; and finding the bot of an alias."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from switchroom.base.arns import Site
from switchroom.base.errors import ServiceError
from switchroom.base.ids import new_id
from switchroom.channels.bots.bot import BotFailed, NoSuchBot, Turn
from switchroom.channels.bots.engine.session import Session
from switchroom.channels.bots.lex import LexBot, from_classic
from switchroom.channels.bots.runner import BotRunner
from switchroom.channels.bots.secrets import seal
from switchroom.channels.bots.sessions import BusSessions, LocalSessions
from switchroom.channels.functions.runner import FunctionRunner
from switchroom.resources import bots
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.repository import SYSTEM, Repository
from switchroom.storage.bus import Bus
from switchroom.storage.envelope import Envelope
from switchroom.storage.postgres import Database
from tests.bots.build import ACCOUNT, NOW, action, intent, kind, named, said, slot, slots, written
from tests.server import Server

Handler = Callable[[str, dict[str, str], Any], tuple[int, Any]]


@asynccontextmanager
async def http_server(handler: Handler) -> AsyncIterator[str]:
    """A service on a port of its own: (path, headers, JSON) -> (status, JSON)."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines if line)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        status, answer = handler(first.split()[1], headers, json.loads(body or b"null"))
        data = json.dumps(answer).encode()
        writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(data)}\r\nConnection: close\r\n".encode())
        writer.write(b"Content-Type: application/json\r\n\r\n" + data)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


class Bots:
    """An instance with bots, and the runner that takes turns with them."""

    def __init__(self, repository: Repository, runner: BotRunner, envelope: Envelope, instance: str) -> None:
        self.repository, self.runner, self.envelope, self.instance = repository, runner, envelope, instance

    async def make(self, name: str, definition: dict[str, Any], **body: Any) -> str:
        """A built bot; the ARN of its test alias."""
        functions = body.pop("functions", None)
        whole = {"Draft": definition, "Built": definition, "Engine": {"Type": "OWN"}, **body}
        async with self.repository.write(self.instance, SYSTEM) as write:
            bot = await bots.create(write, self.instance, name, whole, functions=functions)
            return bots.aliases(write, bot)[0].arn

    async def say(self, alias: str, text: str, session: str = "s", **more: Any) -> dict[str, Any]:
        turn = Turn(session=session, locale="en_US", text=text, now=NOW, **more)
        return await self.runner.recognize(self.instance, alias, turn)


@pytest.fixture
async def site(database: Database, tmp_path: Path) -> AsyncIterator[Bots]:
    catalogue = Catalogue()
    await catalogue.open(database)
    repository = Repository(database, catalogue, Site())
    envelope = Envelope(tmp_path / "root.key")
    instance = new_id()
    async with repository.write(instance, SYSTEM) as write:
        await write.create("instance", instance, "bots", {"Quotas": {}}, identifier=instance)
    functions = FunctionRunner(tmp_path, Site())
    runner = BotRunner(catalogue, functions, LocalSessions(), envelope)
    yield Bots(repository, runner, envelope, instance)
    await runner.close()
    await functions.close()
    await catalogue.close()


def model(answer: Any, seen: list[Any]) -> Handler:
    """A language model that always says the same."""

    def handle(path: str, headers: dict[str, str], body: Any) -> tuple[int, Any]:
        seen.append((path, headers, body))
        content = answer if isinstance(answer, str) else json.dumps(answer)
        return 200, {"choices": [{"message": {"role": "assistant", "content": content}}]}

    return handle


HOTEL = written(
    intent(
        "BookRoom",
        "Book a room",
        slots=(slot("Size", "Sizes", "Which size?"), slot("Nights", "AMAZON.Number", "How many nights?")),
    ),
    intent("Agent", "Speak to an agent"),
    types=(kind("Sizes", ("single",), ("double", "twin")),),
)


async def test_a_language_model_understands(site: Bots) -> None:
    """The model reads the words at temperature 0 into the bot's own intents; our engine leads the dialog."""
    seen: list[Any] = []
    intents = [
        {"name": "Agent", "confidence": 0.2},
        {"name": "BookRoom", "confidence": 0.93},
        {"name": "No", "confidence": 1},
    ]
    found = [
        {"name": "Size", "value": "twin"},
        {"name": "Nights", "value": "elephants"},
        {"name": "Other", "value": "x"},
    ]
    async with http_server(model({"intents": intents, "slots": found}, seen)) as url:
        key = seal(site.envelope, site.instance, "sk-secret")
        engine = {"Type": "LLM", "Url": f"{url}/v1", "Model": "small", "Key": key}
        alias = await site.make("Hotel", HOTEL, Engine=engine)
        answer = await site.say(alias, "somewhere for the two of us")
    assert (named(answer), slots(answer), action(answer)) == ("BookRoom", {"Size": "double"}, "ElicitSlot:Nights")
    assert answer["interpretations"][0]["nluConfidence"] == {"score": 0.93}
    assert answer["interpretations"][1]["intent"]["name"] == "Agent"
    (path, headers, body) = seen[0]
    assert (path, headers["authorization"]) == ("/v1/chat/completions", "Bearer sk-secret")
    assert (body["model"], body["temperature"], body["response_format"]["type"]) == ("small", 0, "json_schema")
    assert "somewhere for the two of us" in body["messages"][1]["content"]


async def test_a_model_that_knows_no_schema(site: Bots) -> None:
    forms: list[str] = []

    def handle(path: str, headers: dict[str, str], body: Any) -> tuple[int, Any]:
        forms.append(body["response_format"]["type"])
        if forms[-1] == "json_schema":
            return 400, {"error": {"message": "unknown response_format"}}
        content = '```json\n{"intents": [{"name": "Agent", "confidence": 0.8}], "slots": []}\n```'
        return 200, {"choices": [{"message": {"content": content}}]}

    async with http_server(handle) as url:
        alias = await site.make("Hotel", HOTEL, Engine={"Type": "LLM", "Url": url, "Model": "m"})
        assert named(await site.say(alias, "a person please")) == "Agent"
    assert forms == ["json_schema", "json_object"]


@pytest.mark.parametrize("content", ["no JSON", "[1", {"choices": 1}, {"intents": "x", "slots": {"a": 1}}, "null"])
async def test_a_model_that_says_nonsense(site: Bots, content: Any) -> None:
    async with http_server(model(content, [])) as url:
        alias = await site.make("Hotel", HOTEL, Engine={"Type": "LLM", "Url": url, "Model": "m"})
        try:
            assert named(await site.say(alias, "hello")) == "FallbackIntent"
        except BotFailed as failed:
            assert "form" in failed.text


async def test_a_model_that_is_away(site: Bots) -> None:
    alias = await site.make("Hotel", HOTEL, Engine={"Type": "LLM", "Url": "http://127.0.0.1:1", "Model": "m"})
    with pytest.raises(BotFailed, match="cannot be reached"):
        await site.say(alias, "hello")


async def test_functions_of_a_bot(site: Bots, tmp_path: Path) -> None:
    """The function of an alias's locale is called through the runner of functions, with the event of Lex V2."""
    (tmp_path / "booker.py").write_text(
        "def handler(event, context):\n"
        "    intent = {**event['sessionState']['intent'], 'state': 'Fulfilled'}\n"
        "    state = {'dialogAction': {'type': 'Close'}, 'intent': intent, 'sessionAttributes': {'room': '7'}}\n"
        "    said = event['bot']['name'] + ': ' + event['inputTranscript']\n"
        "    return {'sessionState': state, 'messages': [{'contentType': 'PlainText', 'content': said}]}\n"
    )
    hooked = written(intent("Book", "Book a room", fulfillmentCodeHook={"enabled": True}))
    arn = "arn:aws:lambda:us-east-1:123456789012:function:booker"
    alias = await site.make("Hooked", hooked, functions={"en_US": arn})
    answer = await site.say(alias, "book a room")
    assert said(answer) == ["Hooked: book a room"]
    assert answer["sessionState"]["intent"]["state"] == "Fulfilled"
    assert answer["sessionState"]["sessionAttributes"] == {"room": "7"}
    other = await site.make("Other", hooked, functions={"en_US": arn.replace("booker", "nobody")})
    with pytest.raises(BotFailed):
        await site.say(other, "book a room")


async def test_by_name_and_alias(site: Bots) -> None:
    """FLOW-107: `name:alias`, `$LATEST` being the draft as it was built; in any language, as bots of old did."""
    await site.make("Account", ACCOUNT)
    assert named(await site.say("Account:$LATEST", "1")) == "AccountLookup"
    turn = Turn(session="x", locale="ja_JP", text="1", now=NOW)
    assert named(await site.runner.recognize(site.instance, "Account:$LATEST", turn)) == "AccountLookup"
    for missing in (
        "Account:nothing",
        "Nobody:$LATEST",
        "arn:aws:lex:us-east-1:123456789012:bot-alias/AAAAAAAAAA/BBBBBBBBBB",
    ):
        with pytest.raises(NoSuchBot):
            await site.say(missing, "1")


async def test_standing_for_another_sites_alias(site: Bots) -> None:
    """A flow of another account reaches the bot that stands for its own."""
    arn = await site.make("Account", ACCOUNT)
    foreign = "arn:aws:lex:eu-west-1:210987654321:bot-alias/ABCDEFGHIJ/KLMNOPQRST"
    alias = bots.find_alias(site.repository.catalogue, arn)
    assert alias is not None
    await site.repository.update(
        site.instance, bots.ALIAS, alias.id, lambda one: {**one.body, "StandsFor": [foreign]}, actor=SYSTEM
    )
    assert named(await site.say(foreign, "1")) == "AccountLookup"
    assert not bots.associated(site.repository.catalogue, site.instance, foreign)
    await site.repository.create("lex-v2-bot", site.instance, arn, {"AliasArn": arn})
    assert bots.associated(site.repository.catalogue, site.instance, foreign)


@pytest.mark.parametrize(("kind_", "most"), [("lex-bot", 70), ("lex-v2-bot", 100)])
async def test_how_many_may_be_associated(site: Bots, kind_: str, most: int) -> None:
    """FLOW-104: 70 bots of the first generation and 100 aliases of the second."""
    async with site.repository.write(site.instance, SYSTEM) as write:
        for number in range(most):
            await write.create(kind_, site.instance, f"bot {number}", {})
        with pytest.raises(ServiceError) as refused:
            await write.create(kind_, site.instance, "one more", {})
    assert refused.value.code == "ServiceQuotaExceededException"


async def test_sessions_on_the_bus(bus: Bus) -> None:
    kept = BusSessions(bus)
    key = f"BOT/ALIAS/en_US/{new_id()}"
    assert await kept.load(key) is None
    await kept.save(key, Session(intent="A", attributes={"a": "b"}, at=5))
    assert await BusSessions(bus).load(key) == Session(intent="A", attributes={"a": "b"}, at=5)
    await kept.drop(key)
    assert await kept.load(key) is None


async def test_a_bot_of_amazon_lex(switchroom_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """FLOW-107: a foreign alias is called by RecognizeText of boto3; here the other side is a server of ours."""
    key, secret = switchroom_server.credentials()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
    monkeypatch.setenv("AWS_ENDPOINT_URL_LEX_RUNTIME_V2", switchroom_server.url)
    monkeypatch.setattr("boto3.DEFAULT_SESSION", None)
    instance = switchroom_server.boto("connect").list_instances()["InstanceSummaryList"][0]["Id"]
    found = switchroom_server.boto("connect").list_bots(InstanceId=instance, LexVersion="V2")["LexBots"]
    bot = LexBot(found[0]["LexV2Bot"]["AliasArn"])
    first = await bot.recognize(Turn(session="contact 1/block", locale="en_US", text="where is my order", now=NOW))
    assert action(first) == "ElicitSlot:OrderNumber" and "ResponseMetadata" not in first
    state = {**first["sessionState"], "sessionAttributes": {"callType": "CHAT"}}
    last = await bot.recognize(Turn(session="contact 1/block", locale="en_US", text="12345", now=NOW, state=state))
    assert slots(last) == {"OrderNumber": "12345"}
    assert last["sessionState"]["sessionAttributes"] == {"callType": "CHAT"}
    with pytest.raises(NoSuchBot):
        await bot.recognize(Turn(session="c2", locale="fr_FR", text="bonjour", now=NOW))


async def test_a_bot_of_the_first_generation(site: Bots, monkeypatch: pytest.MonkeyPatch) -> None:
    """FLOW-107: by name and alias through PostText, told as RecognizeText would."""
    seen: list[Any] = []

    def handle(path: str, headers: dict[str, str], body: Any) -> tuple[int, Any]:
        seen.append((path, body))
        return 200, {
            "intentName": "OrderFlowers",
            "dialogState": "ElicitSlot",
            "slotToElicit": "Day",
            "slots": {"Kind": "lilies", "Day": None},
            "sessionAttributes": {"a": "b"},
            "message": "Which day?",
            "messageFormat": "PlainText",
            "nluIntentConfidence": {"score": 0.8},
            "alternativeIntents": [{"intentName": "Other", "nluIntentConfidence": {"score": 0.3}, "slots": {}}],
            "sentimentResponse": {
                "sentimentLabel": "NEGATIVE",
                "sentimentScore": "{Positive: 0.01,Negative: 0.9,Neutral: 0.05,Mixed: 0.04}",
            },
        }

    async with http_server(handle) as url:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "y")
        monkeypatch.setenv("AWS_ENDPOINT_URL_LEX_RUNTIME_SERVICE", url)
        body = {"Name": "Flowers", "LexRegion": "us-west-2"}
        await site.repository.create("lex-bot", site.instance, "us-west-2/Flowers", body)
        answer = await site.say("Flowers:PROD", "order lilies", state={"sessionAttributes": {"c": "d"}})
    path, posted = seen[0]
    assert path == "/bot/Flowers/alias/PROD/user/s-/text"
    assert posted["inputText"] == "order lilies" and posted["sessionAttributes"] == {"c": "d"}
    assert (named(answer), action(answer), slots(answer)) == ("OrderFlowers", "ElicitSlot:Day", {"Kind": "lilies"})
    assert said(answer) == ["Which day?"]
    assert answer["interpretations"][0]["nluConfidence"] == {"score": 0.8}
    assert answer["interpretations"][0]["sentimentResponse"]["sentimentScore"]["negative"] == 0.9
    assert answer["interpretations"][1]["intent"]["name"] == "Other"


def test_composite_messages_of_the_first_generation() -> None:
    both = {
        "messages": [
            {"type": "PlainText", "group": 0, "value": "One."},
            {"type": "SSML", "group": 1, "value": "<speak/>"},
        ]
    }
    answer = {"dialogState": "Fulfilled", "intentName": "A", "messageFormat": "Composite", "message": json.dumps(both)}
    told = from_classic(answer, Turn(session="s", locale="en_US", text="x", now=NOW))
    assert [one["contentType"] for one in told["messages"]] == ["PlainText", "SSML"]
    assert told["sessionState"]["intent"]["state"] == "Fulfilled" and action(told) == "Close"
