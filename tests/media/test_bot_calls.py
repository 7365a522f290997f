"""Callers talk to bots over a real call: spoken by our voices, heard by our ears, understood by our engine."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from switchroom.speech.ear import Whisper
from switchroom.speech.speaking import Speaking
from switchroom.speech.voices import Voices, speaker_of
from switchroom.speech.wav import Samples, to_samples
from tests.bots.build import closing, intent, written
from tests.media.conftest import Desk, MakeTelephone
from tests.media.flows import answered
from tests.server import Server
from tests.speech.conftest import needs

pytestmark = pytest.mark.process

ORDER = intent("CheckOrder", "check my order", "where is my order", "One", **closing("Your order is on its way."))
AGENT = intent("SpeakToAgent", "speak to an agent", "I want a person", "Two")
SAID = {"CheckOrder": "The order desk is open.", "SpeakToAgent": "An agent will come.", "": "Nothing was understood."}


@pytest.fixture(scope="module")
def ear() -> Whisper:
    needs("faster_whisper", "listen")
    ear = Whisper(workers=1)
    ear.load()
    return ear


@pytest.fixture(scope="module")
def voice() -> Callable[[str], Samples]:
    """Words as a caller says them."""
    voices = Voices()

    def say(text: str) -> Samples:
        parts = Speaking(voices).parts(text, False, speaker_of("Matthew"))
        return to_samples(np.concatenate([part() for part in parts]))

    return say


@pytest.fixture(scope="module")
def bot(site: Server, desk: Desk) -> str:
    """The ARN of an alias that the instance may use."""
    own = site.boto("switchroom")
    made = own.create_bot(InstanceId=desk.instance, Name="Orders", Definition=json.dumps(written(ORDER, AGENT)))["Bot"]
    built = own.build_bot(InstanceId=desk.instance, BotId=made["BotId"])
    assert not [one for one in built["Problems"] if one["Severity"] == "ERROR"]
    alias = own.list_bot_aliases(InstanceId=desk.instance, BotId=made["BotId"])["Aliases"][0]
    own.associate_bot_alias(InstanceId=desk.instance, BotId=made["BotId"], AliasId=alias["AliasId"])
    return str(alias["AliasArn"])


@pytest.fixture(scope="module")
def number(desk: Desk, bot: str) -> str:
    """Reaches a flow that asks what they want, and says which branch it took."""
    asked = {
        "Text": "What can I do for you?",
        "LexV2Bot": {"AliasArn": bot},
        "LexSessionAttributes": {"x-amz-lex:audio:start-timeout-ms:*:*": "2500"},
    }
    conditions = [
        {"NextAction": f"say {name}", "Condition": {"Operator": "Equals", "Operands": [name]}} for name in SAID if name
    ]
    errors = [{"NextAction": "say ", "ErrorType": kind} for kind in ("NoMatchingCondition", "NoMatchingError")]
    actions: list[dict[str, Any]] = [
        {
            "Identifier": "ask",
            "Type": "ConnectParticipantWithLexBot",
            "Parameters": asked,
            "Transitions": {"NextAction": "say ", "Errors": errors, "Conditions": conditions},
        },
        {"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}},
    ]
    for name, text in SAID.items():
        failing = [{"NextAction": "end", "ErrorType": "NoMatchingError"}]
        transitions = {"NextAction": "end", "Errors": failing, "Conditions": []}
        parameters = {"Text": text}
        actions.append(
            {"Identifier": f"say {name}", "Type": "MessageParticipant", "Parameters": parameters}
            | {"Transitions": transitions}
        )
    content = {"Version": "2019-10-30", "StartAction": "ask", "Metadata": {}, "Actions": actions}
    made = desk.connect.create_contact_flow(
        InstanceId=desk.instance, Name="Talks to a bot", Type="CONTACT_FLOW", Content=json.dumps(content)
    )
    arn = desk.connect.describe_instance(InstanceId=desk.instance)["Instance"]["Arn"]
    search = {"TargetArn": arn, "PhoneNumberCountryCode": "US", "PhoneNumberType": "DID"}
    found = desk.connect.search_available_phone_numbers(**search)["AvailableNumbersList"][0]["PhoneNumber"]
    claimed = desk.connect.claim_phone_number(TargetArn=arn, PhoneNumber=found)["PhoneNumberId"]
    desk.connect.associate_phone_number_contact_flow(
        PhoneNumberId=claimed, InstanceId=desk.instance, ContactFlowId=made["ContactFlowId"]
    )
    return str(found)


async def talked(telephone: MakeTelephone, number: str, ear: Whisper, what: Callable[[Any], None]) -> str:
    """The last words a caller heard, who did something once the question was over."""
    caller = await answered(telephone, number)
    for _ in range(300):
        recent = np.abs(caller.heard.sound[-8_000:].astype(float))
        if len(caller.heard.sound) > 12_000 and recent[:4_000].mean() > 300 > recent[4_000:].mean():
            break
        await asyncio.sleep(0.02)
    what(caller)
    began = len(caller.heard.sound)
    await asyncio.wait_for(caller.over.wait(), 40)
    sound = caller.heard.sound[began:].astype(np.int16)
    return (await asyncio.to_thread(ear.hear, sound)).text.lower()


async def test_what_is_said(
    telephone: MakeTelephone, number: str, ear: Whisper, voice: Callable[[str], Samples]
) -> None:
    """FLOW-105, FLOW-106, BLK-070: spoken words choose the branch; the bot's own last words are heard before it."""
    order = voice("Check my order.")
    text = await talked(telephone, number, ear, lambda caller: caller.speak(order))
    assert "on its way" in text and "order desk" in text, text


async def test_what_is_keyed(telephone: MakeTelephone, number: str, ear: Whisper) -> None:
    """FLOW-106, BLK-079: `2` is the utterance "Two"."""
    text = await talked(telephone, number, ear, lambda caller: caller.press("2#"))
    assert "agent will come" in text, text


async def test_silence(telephone: MakeTelephone, number: str, ear: Whisper) -> None:
    """BLK-076: who says nothing takes the branch of what was not understood."""
    text = await talked(telephone, number, ear, lambda caller: None)
    assert "nothing was understood" in text, text
