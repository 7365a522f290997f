"""Bots through the door, as boto3 calls it."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.bots.build import ACCOUNT, intent, slot, written
from tests.server import Server
from tests.wire.test_boto3 import own_client


class Site:
    """The demo's instance, with the clients that work on bots."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.own = own_client(server)
        self.connect = server.boto("connect")
        self.lex = server.boto("lexv2-runtime")
        self.instance = self.connect.list_instances()["InstanceSummaryList"][0]["Id"]

    def make(self, name: str, definition: dict[str, Any], build: bool = True) -> dict[str, Any]:
        bot = self.own.create_bot(InstanceId=self.instance, Name=name, Definition=json.dumps(definition))["Bot"]
        if build:
            answer = self.own.build_bot(InstanceId=self.instance, BotId=bot["BotId"])
            assert answer["Bot"]["Status"] == "BUILT", answer["Problems"]
        return dict(bot)

    def at(self, bot: dict[str, Any], **more: Any) -> dict[str, Any]:
        return {"InstanceId": self.instance, "BotId": bot["BotId"], **more}

    def aliases(self, bot: dict[str, Any]) -> dict[str, Any]:
        found = self.own.list_bot_aliases(**self.at(bot))["Aliases"]
        return {one["Name"]: one for one in found}

    def associated(self) -> list[str]:
        """ARNs of the associated aliases."""
        found = self.connect.list_bots(InstanceId=self.instance, LexVersion="V2")["LexBots"]
        return [one["LexV2Bot"]["AliasArn"] for one in found]


@pytest.fixture
def site(switchroom_server: Server) -> Iterator[Site]:
    """Bots that the test made are gone afterwards."""
    found = Site(switchroom_server)
    before = {bot["BotId"] for bot in found.own.list_bots(InstanceId=found.instance)["Bots"]}
    yield found
    for bot in found.own.list_bots(InstanceId=found.instance)["Bots"]:
        if bot["BotId"] not in before:
            for alias in found.aliases(bot).values():
                if alias["Associated"]:
                    found.own.disassociate_bot_alias(**found.at(bot, AliasId=alias["AliasId"]))
            found.own.delete_bot(**found.at(bot))


def intents(definition: dict[str, Any]) -> list[dict[str, Any]]:
    """The intents of the English locale by name, those without slots with an empty list."""
    found = [{"slots": [], **one} for one in definition["locales"]["en_US"]["intents"]]
    return sorted(found, key=lambda one: str(one["name"]))


def code(refused: Any) -> str:
    return str(refused.value.response["Error"]["Code"])


def test_from_draft_to_alias(site: Site) -> None:
    """FLOW-148: a bot is made, built, tried, versioned, and reached by an alias that points to the version."""
    bot = site.make("Account", ACCOUNT)
    tried = json.loads(site.own.test_bot_text(**site.at(bot, LocaleId="en_US", SessionId="t1", Text="1"))["Response"])
    assert tried["sessionState"]["intent"]["name"] == "AccountLookup"
    version = site.own.create_bot_version(**site.at(bot, Description="first"))["Version"]
    assert (version["Version"], version["Locales"]) == ("1", ["en_US"])
    alias = site.own.create_bot_alias(**site.at(bot, Name="Test", Version="1"))["Alias"]
    assert alias["AliasArn"] == f"arn:aws:lex:us-east-1:123456789012:bot-alias/{bot['BotId']}/{alias['AliasId']}"
    other = written(intent("Hours", "When are you open"))
    changed = site.own.update_bot_draft(**site.at(bot, Definition=json.dumps(other)))["Bot"]
    assert changed["Status"] == "CHANGED"
    site.own.build_bot(**site.at(bot))
    runtime = {"botId": bot["BotId"], "localeId": "en_US"}
    old = site.lex.recognize_text(**runtime, botAliasId=alias["AliasId"], sessionId="s1", text="check my balance")
    new = site.lex.recognize_text(**runtime, botAliasId="TSTALIASID", sessionId="s1", text="when are you open")
    assert old["sessionState"]["intent"]["name"] == "AccountLookup"
    assert new["sessionState"]["intent"]["name"] == "Hours"
    with pytest.raises(ClientError) as used:
        site.own.delete_bot_version(**site.at(bot, Version="1"))
    assert code(used) == "ResourceConflictException"


def test_what_keeps_a_bot_from_being_built(site: Site) -> None:
    """FLOW-148: utterances of at most 250 characters, slots that exist, prompts of required slots; with the place."""
    wrong = written(
        intent("Book", "Book a {Room}", "x" * 251, slots=(slot("Nights", "AMAZON.Nothing", "How many?"),)),
        intent("Other", "book A {Room}"),
    )
    wrong["locales"]["en_US"]["intents"][0]["slots"][0]["slotValueElicitationSetting"] = {}
    bot = site.make("Wrong", wrong, build=False)
    answer = site.own.build_bot(**site.at(bot, Language="ja"))
    assert answer["Bot"]["Status"] == "NOT_BUILT"
    found = {(one["Code"], one["Place"]) for one in answer["Problems"]}
    assert {
        ("LongUtterance", "en_US/Intents/Book/Utterances/2"),
        ("UnknownSlot", "en_US/Intents/Book/Utterances/1"),
        ("UnknownType", "en_US/Intents/Book/Slots/Nights"),
        ("NoPrompt", "en_US/Intents/Book/Slots/Nights"),
        ("SameUtterance", "en_US/Intents/Other/Utterances/1"),
    } <= found
    with pytest.raises(ClientError) as unbuilt:
        site.own.create_bot_version(**site.at(bot))
    assert code(unbuilt) == "InvalidRequestException"
    with pytest.raises(ClientError) as refused:
        site.connect.associate_bot(
            InstanceId=site.instance, LexV2Bot={"AliasArn": site.aliases(bot)["TestBotAlias"]["AliasArn"]}
        )
    assert code(refused) == "InvalidRequestException"


def test_association(site: Site) -> None:
    """FLOW-104: aliases of ours and of others are attached by ARN and listed; only built bots; in use they stay."""
    bot = site.make("Attached", ACCOUNT)
    arn = site.aliases(bot)["TestBotAlias"]["AliasArn"]
    site.connect.associate_bot(InstanceId=site.instance, LexV2Bot={"AliasArn": arn})
    foreign = "arn:aws:lex:eu-west-1:210987654321:bot-alias/ABCDEFGHIJ/KLMNOPQRST"
    site.connect.associate_bot(InstanceId=site.instance, LexV2Bot={"AliasArn": foreign})
    assert {arn, foreign} <= set(site.associated())
    assert site.aliases(bot)["TestBotAlias"]["Associated"]
    with pytest.raises(ClientError) as twice:
        site.connect.associate_bot(InstanceId=site.instance, LexV2Bot={"AliasArn": arn})
    assert code(twice) == "ResourceConflictException"
    with pytest.raises(ClientError) as used:
        site.own.delete_bot(**site.at(bot))
    assert code(used) == "ResourceConflictException"
    for one in (arn, foreign):
        site.connect.disassociate_bot(InstanceId=site.instance, LexV2Bot={"AliasArn": one})
    assert not {arn, foreign} & set(site.associated())


def test_classic_association(site: Site) -> None:
    """FLOW-104, FLOW-107: bots of the first generation by name and region."""
    classic = {"Name": "Old", "LexRegion": "us-west-2"}
    site.connect.associate_lex_bot(InstanceId=site.instance, LexBot=classic)
    assert classic in site.connect.list_lex_bots(InstanceId=site.instance)["LexBots"]
    assert {"LexBot": classic} in site.connect.list_bots(InstanceId=site.instance, LexVersion="V1")["LexBots"]
    site.connect.disassociate_lex_bot(InstanceId=site.instance, BotName="Old", LexRegion="us-west-2")
    assert classic not in site.connect.list_lex_bots(InstanceId=site.instance)["LexBots"]


def test_runtime_sessions(site: Site) -> None:
    """The sessions of the Lex V2 runtime: set, looked at, ended."""
    bot = site.make("Sessions", ACCOUNT)
    at = {"botId": bot["BotId"], "botAliasId": "TSTALIASID", "localeId": "en_US", "sessionId": "caller-1"}
    state = {
        "sessionAttributes": {"name": "Ana"},
        "intent": {"name": "AccountLookup"},
        "dialogAction": {"type": "ElicitSlot", "slotToElicit": "AccountNumber"},
    }
    put = site.lex.put_session(**at, sessionState=state)
    assert put["sessionId"] == "caller-1"
    assert site.lex.get_session(**at)["sessionState"]["dialogAction"]["slotToElicit"] == "AccountNumber"
    answer = site.lex.recognize_text(**at, text="42", requestAttributes={"x-amz-lex:dtmf-transcript": "42"})
    assert answer["messages"][0]["content"] == "The balance of 42 is $1,234.56"
    assert answer["sessionState"]["sessionAttributes"] == {"name": "Ana"}
    assert answer["requestAttributes"] == {"x-amz-lex:dtmf-transcript": "42"}
    assert answer["recognizedBotMember"] == {"botId": bot["BotId"]}
    site.lex.delete_session(**at)
    with pytest.raises(site.lex.exceptions.ResourceNotFoundException):
        site.lex.get_session(**at)


def test_locales_of_the_runtime(site: Site) -> None:
    """FLOW-108, FLOW-149: each locale of the demo's bot answers in its language; one it lacks is not found."""
    demo = next(bot for bot in site.own.list_bots(InstanceId=site.instance)["Bots"] if bot["Name"] == "DemoSupport")
    assert demo["Associated"] and demo["Locales"] == ["en_US", "ja_JP"]
    at = {"botId": demo["BotId"], "botAliasId": site.aliases(demo)["live"]["AliasId"], "sessionId": "locales"}
    japanese = site.lex.recognize_text(**at, localeId="ja_JP", text="営業時間を教えてください")
    english = site.lex.recognize_text(**at, localeId="en_US", text="when are you open")
    assert [one["sessionState"]["intent"]["name"] for one in (japanese, english)] == ["OpeningHours"] * 2
    assert japanese["messages"] != english["messages"]
    with pytest.raises(site.lex.exceptions.ResourceNotFoundException):
        site.lex.recognize_text(**at, localeId="fr_FR", text="bonjour")


def test_files(site: Site) -> None:
    """FLOW-148: a bot goes out as an archive, and comes back as the same bot under another name."""
    bot = site.make("Travels", ACCOUNT)
    answer = site.own.export_bot(**site.at(bot))
    assert answer["FileName"] == "Travels_DRAFT_LexJson.zip"
    with zipfile.ZipFile(io.BytesIO(answer["File"])) as archive:
        assert "Travels/BotLocales/en_US/Intents/AccountLookup/Slots/AccountNumber/Slot.json" in archive.namelist()
    again = site.own.import_bot(InstanceId=site.instance, File=answer["File"], Name="Back")
    before = json.loads(site.own.describe_bot(**site.at(bot))["Bot"]["Definition"])
    after = json.loads(again["Bot"]["Definition"])
    assert after["bot"] == {**before["bot"], "name": "Back", "version": "DRAFT"}
    assert intents(after) == intents(before)
    assert again["Problems"] == []
    with pytest.raises(ClientError) as bad:
        site.own.import_bot(InstanceId=site.instance, File=b"PK nonsense")
    assert code(bad) == "InvalidRequestException"


def test_keys_of_models_stay_inside(site: Site) -> None:
    """The key of a language model is never given back, and stays when a change leaves it out."""
    engine = {"Type": "LLM", "Url": "http://127.0.0.1:9/v1", "Model": "m", "Key": "s3cret"}
    made = site.own.create_bot(InstanceId=site.instance, Name="Model", Engine=engine)["Bot"]
    assert made["Engine"]["KeySet"] and "Key" not in made["Engine"]
    changed = site.own.update_bot_draft(**site.at(made, Engine={**engine, "Key": "other", "Model": "n"}))["Bot"]
    assert changed["Engine"]["KeySet"] and changed["Engine"]["Model"] == "n"
    moved = {"Type": "LLM", "Url": "http://127.0.0.1:10/v1", "Model": "n"}
    assert not site.own.update_bot_draft(**site.at(made, Engine=moved))["Bot"]["Engine"]["KeySet"]


def test_two_at_once(site: Site) -> None:
    """A draft that somebody else changed meanwhile is not written over."""
    bot = site.make("Shared", ACCOUNT, build=False)
    site.own.update_bot_draft(**site.at(bot, Description="mine", Revision=bot["Revision"]))
    with pytest.raises(ClientError) as late:
        site.own.update_bot_draft(**site.at(bot, Description="yours", Revision=bot["Revision"]))
    assert code(late) == "ResourceConflictException"


@pytest.mark.parametrize(
    "given",
    [
        {"Name": "has spaces"},
        {"Name": "A", "Definition": "{"},
        {"Name": "A", "Definition": "[]"},
        {"Name": "A", "Definition": '{"locales": []}'},
        {"Name": "A", "Engine": {"Type": "LLM"}},
        {"Name": "A", "Engine": {"Type": "LEX", "AliasArn": "nonsense"}},
        {"Name": "DemoSupport"},
    ],
)
def test_bad_bots(site: Site, given: dict[str, Any]) -> None:
    with pytest.raises(ClientError) as refused:
        site.own.create_bot(InstanceId=site.instance, **given)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] in (400, 409)
