"""Play prompt, Loop prompts, customer input."""

import json
from typing import Any

import pytest

from switchroom.flows.scenario import INSTANCE_ARN
from switchroom.flows.state import Collect, LoopPrompts, Play
from tests.certificates import owner
from tests.flows.build import END, HANG_UP, Drive, action

ERROR = action("error", "EndFlowExecution")


def prompt(parameters: dict[str, Any], *, type: str = "CONTACT_FLOW", **contact: Any) -> Drive:
    return Drive(
        action("say", "MessageParticipant", parameters, "end", {"NoMatchingError": "error"}),
        END,
        ERROR,
        type=type,
        **contact,
    )


def test_text_in_a_chat() -> None:
    """BLK-103: text is written into a chat with its references replaced; FLOW-72: SSML is shown as it is."""
    drive = prompt({"Text": "Hello $.Attributes.name"}, attributes={"name": "Jane"}).go()
    assert drive.said == ["Hello Jane"]
    assert drive.path == ["say", "end"]
    assert prompt({"Text": "<speak>Hi</speak>"}).go().said == ["<speak>Hi</speak>"]
    assert prompt({"SSML": "Hi <break/>"}).go().said == ["Hi <break/>"]


def test_task_passes_without_effect() -> None:
    """BLK-106: a task leaves by Success; audio in a chat takes Error."""
    task = prompt({"Text": "Hello $.Attributes.name"}, channel="TASK").go()
    assert (task.said, task.path[-1]) == ([], "end")
    chat = prompt({"Media": {"Uri": "https://a.example/b.wav", "SourceType": "S3", "MediaType": "Audio"}}).go()
    assert chat.path[-1] == "error"


def test_voice_waits_for_the_end_of_the_prompt() -> None:
    """BLK-101: library prompts by ARN, by its short tail or from an attribute; Success when played."""
    for reference in ("{arn}", "prompt/beep", "beep", "$.Attributes.prompt"):
        drive = prompt({"PromptId": reference}, channel="VOICE")
        arn = drive.world.add("prompt", "Beep.wav", id="beep").arn
        drive.world.person.attributes["prompt"] = arn
        drive.flow("main", *json.loads(json.dumps(drive.main.document["Actions"]).replace("{arn}", arn)))
        drive.main = drive.world.shelf.flow("main")  # type: ignore[assignment]
        effect = drive.go().awaited.effect
        assert isinstance(effect, Play)
        assert effect.message.prompt_arn == arn
        assert drive.signal().path[-1] == "end"
    failed = prompt({"Text": "x"}, channel="VOICE").go().signal("failed", "no sound")
    assert failed.path[-1] == "error"


def test_unknown_prompt_is_an_error() -> None:
    """BLK-108: a prompt that does not exist, SSML that is not well formed."""
    assert prompt({"PromptId": f"{INSTANCE_ARN}/prompt/x"}, channel="VOICE").go().path[-1] == "error"
    assert prompt({"SSML": "<speak><p>open</speak>"}, channel="VOICE").go().path[-1] == "error"
    assert prompt({}, channel="VOICE").go().path[-1] == "error"


def test_tags_nobody_knows() -> None:
    """FLOW-71: they are ignored, whatever their prefix."""
    for text in ("<amazon:domain name='news'>Hi</amazon:domain>", "<other:tag>Hi</other:tag>", "<speaK>Hi</speaK>"):
        assert prompt({"SSML": text}, channel="VOICE").go().awaited.kind == "play"
    declared = "<!DOCTYPE s [<!ENTITY a 'b'>]><speak>&a;</speak>"
    assert prompt({"SSML": declared}, channel="VOICE").go().path[-1] == "error"


def test_audio_from_a_store() -> None:
    """BLK-102: a URL built from attributes: Language=en, LOB=sales."""
    for uri in (
        "https://example.s3.amazonaws.com/$['Attributes']['Language']/$['Attributes']['LOB']/1.wav",
        "https://example.s3.amazonaws.com/${'Attributes'}['Language']/$.Attributes.LOB/1.wav",
        "$.Attributes.MyFile",
    ):
        attributes = {"Language": "en", "LOB": "sales", "MyFile": "https://example.s3.amazonaws.com/en/sales/1.wav"}
        effect = prompt({"Media": {"Uri": uri}}, channel="VOICE", attributes=attributes).go().awaited.effect
        assert isinstance(effect, Play)
        assert effect.message.uri == "https://example.s3.amazonaws.com/en/sales/1.wav"


def test_store_audio_not_in_whispers() -> None:
    """BLK-105: whispers play prompts of the library, not of a store; hold flows take no Play prompt at all."""
    media = {"Media": {"Uri": "https://a.example/b.wav"}}
    for type in ("CUSTOMER_WHISPER", "OUTBOUND_WHISPER", "AGENT_WHISPER"):
        assert prompt(media, type=type, channel="VOICE").go().path[-1] == "error"
    for type in ("CUSTOMER_HOLD", "AGENT_HOLD"):
        assert prompt({"Text": "x"}, type=type, channel="VOICE").go().path[-1] == "error"


def test_text_limits() -> None:
    """BLK-107: 6,000 characters in all, 3,000 of them spoken."""
    assert prompt({"Text": "x" * 3_000}).go().path[-1] == "end"
    assert prompt({"Text": "x" * 3_001}).go().path[-1] == "error"
    marked = "<speak>" + "<p>ab</p>" * 600 + "</speak>"
    assert prompt({"SSML": marked}, channel="VOICE").go().awaited.kind == "play"
    assert prompt({"SSML": marked + "<p/>" * 200}, channel="VOICE").go().path[-1] == "error"


def test_spoken_text_is_wrapped() -> None:
    """SSML without `<speak>` gets it; the substitution comes before SSML is read."""
    drive = prompt(
        {"SSML": 'Your balance is <say-as interpret-as="cardinal">$.Attributes.n</say-as>'},
        channel="VOICE",
        attributes={"n": "12"},
    )
    effect = drive.go().awaited.effect
    assert isinstance(effect, Play)
    assert effect.message.ssml == '<speak>Your balance is <say-as interpret-as="cardinal">12</say-as></speak>'


def test_old_play_prompt_without_error_branch() -> None:
    """BLK-009: an old block without an Error branch always leaves by Okay."""
    drive = Drive(action("say", "MessageParticipant", {"Text": "$.Attributes.none"}, "end"), END)
    assert drive.go().path == ["say", "end"]


def loop(every: str | None = None, channel: str = "VOICE") -> Drive:
    parameters: dict[str, Any] = {"Messages": [{"Text": "Please wait"}, {"PromptId": "music"}]}
    ways = []
    if every:
        parameters["InterruptFrequencySeconds"] = every
        ways = [("Equals", "MessagesInterrupted", "interrupted")]
    drive = Drive(
        action("loop", "MessageParticipantIteratively", parameters, None, {"NoMatchingError": "error"}, ways),
        action("interrupted", "EndFlowExecution"),
        ERROR,
        type="CUSTOMER_QUEUE",
        channel=channel,
    )
    drive.world.add("prompt", "music", id="music")
    return drive


def test_loop_prompts() -> None:
    """BLK-096, BLK-097: the messages in order; at the interrupt the Timeout branch."""
    drive = loop("60").go()
    effect = drive.awaited.effect
    assert isinstance(effect, LoopPrompts)
    assert [m.text or m.prompt_id for m in effect.messages] == ["Please wait", "music"]
    assert drive.awaited.until == drive.world.now + 60_000
    assert drive.signal("timeout", after_ms=60_000).path[-1] == "interrupted"
    assert loop().go().awaited.until is None
    assert loop("60", channel="CHAT").go().path[-1] == "error"


def menu(channel: str = "VOICE") -> Drive:
    errors = {"InputTimeLimitExceeded": "timeout", "NoMatchingCondition": "default", "NoMatchingError": "error"}
    parameters = {"Text": "Press 1 or 2", "StoreInput": "False", "InputTimeLimitSeconds": "5"}
    return Drive(
        action(
            "menu",
            "GetParticipantInput",
            parameters,
            None,
            errors,
            [("Equals", "1", "one"), ("Equals", "2", "two")],
        ),
        *(action(name, "EndFlowExecution") for name in ("one", "two", "timeout", "default", "error")),
        channel=channel,
    )


def test_menu() -> None:
    """BLK-068: conditions 1 and 2, timeout 5 s: 3 goes to Default, nothing to Timeout, 2 to its branch."""
    effect = menu().go().awaited.effect
    assert isinstance(effect, Collect)
    assert (effect.first_timeout_ms, effect.maximum) == (5_000, 1)
    assert menu().go().signal("done", "2").path[-1] == "two"
    assert menu().go().signal("done", "3").path[-1] == "default"
    assert menu().go().signal("timeout").path[-1] == "timeout"
    assert menu().go().signal("failed").path[-1] == "error"


@pytest.mark.parametrize("channel", ["CHAT", "TASK"])
def test_menu_of_keys_needs_a_call(channel: str) -> None:
    """BLK-072: the keypad form on a chat takes Error."""
    assert menu(channel).go().path[-1] == "error"


def stored(**more: Any) -> Drive:
    parameters = {"Text": "Enter", "StoreInput": "True", "InputTimeLimitSeconds": "5", **more}
    errors = {"InvalidPhoneNumber": "invalid", "NoMatchingError": "error"}
    return Drive(
        action("store", "GetParticipantInput", parameters, "keep", errors),
        action("keep", "UpdateContactAttributes", {"Attributes": {"kept": "$.StoredCustomerInput"}}, "end"),
        END,
        ERROR,
        action("invalid", "EndFlowExecution"),
        channel="VOICE",
    )


def kept(drive: Drive) -> str | None:
    return drive.world.person.attributes.get("kept")


def test_stored_input() -> None:
    """BLK-157, BLK-158, BLK-159, BLK-160: digits are stored; no key at all is Success with the text Timeout."""
    rule = {"InputValidation": {"CustomValidation": {"MaximumLength": "20"}}}
    drive = stored(**rule).go()
    effect = drive.awaited.effect
    assert isinstance(effect, Collect)
    assert (effect.maximum, effect.first_timeout_ms, effect.digit_timeout_ms) == (20, 5_000, 5_000)
    assert (effect.terminator, effect.cancel_key) == ("#", "*")
    assert kept(drive.signal("done", "1234")) == "1234"
    assert kept(stored(**rule).go().signal("timeout")) == "Timeout"


def test_terminator_and_cancel_key() -> None:
    """BLK-162, BLK-163: up to five terminating keys; with the cancel key off `*` is an ordinary key."""
    keys = {"InputTerminationSequence": "##", "DisableCancelKey": "True"}
    effect = stored(DTMFConfiguration=keys).go().awaited.effect
    assert isinstance(effect, Collect)
    assert (effect.terminator, effect.cancel_key) == ("##", "")
    bad = stored(DTMFConfiguration={"InputTerminationSequence": "######"}).go()
    assert bad.path[-1] == "error"


@pytest.mark.parametrize(
    ("rule", "keys", "number"),
    [
        ({"NumberFormat": "Local", "CountryCode": "US"}, "4255550100", "+14255550100"),
        ({"NumberFormat": "Local", "CountryCode": "US"}, "14255550100", "+14255550100"),
        ({"NumberFormat": "Local", "CountryCode": "GB"}, "07911123456", "+447911123456"),
        ({"NumberFormat": "Local", "CountryCode": "JP"}, "0312345678", "+81312345678"),
        ({"NumberFormat": "Local", "CountryCode": "IT"}, "0612345678", "+390612345678"),
        ({"NumberFormat": "E164"}, "81312345678", "+81312345678"),
        ({"NumberFormat": "Local", "CountryCode": "US"}, "555", None),
        ({"NumberFormat": "E164"}, "0312345678", None),
        ({"NumberFormat": "E164"}, "12*4", None),
    ],
)
def test_phone_number(rule: dict[str, str], keys: str, number: str | None) -> None:
    """BLK-164: local numbers get the country code, international ones carry it; others are Invalid number."""
    drive = stored(InputValidation={"PhoneNumberValidation": rule}).go().signal("done", keys)
    assert kept(drive) == number
    assert drive.path[-1] == ("end" if number else "invalid")


def test_encrypted_input_stays_out_of_the_log() -> None:
    """The encryption key goes with the request, and the value never appears in the flow log."""
    ours = owner()
    drive = stored(InputEncryption={"EncryptionKeyId": "key-1", "Key": ours.certificate})
    drive.world.security_keys["key-1"] = ours.public
    effect = drive.go().awaited.effect
    assert isinstance(effect, Collect)
    assert (effect.secret, effect.encryption_key_id, effect.certificate) == (True, "key-1", ours.certificate)
    drive.signal("done", "ciphertext")
    store = [entry for entry in drive.world.logs if entry["Identifier"] == "store"]
    assert "ciphertext" not in json.dumps(store)


def test_encryption_needs_a_key_of_the_instance() -> None:
    """BLK-161, FLOW-132: an unknown key, or a certificate that its owner did not sign, is the Error branch."""
    ours = owner()
    for key_id, certificate in (("key-2", ours.certificate), ("key-1", owner().certificate), ("key-1", "nonsense")):
        drive = stored(InputEncryption={"EncryptionKeyId": key_id, "Key": certificate})
        drive.world.security_keys["key-1"] = ours.public
        assert drive.go().path[-1] == "error"


def test_encrypted_phone_number() -> None:
    """BLK-161, BLK-164: nobody can check it afterwards, so who encrypts it does; what comes is ciphertext."""
    ours = owner()
    rule = {"PhoneNumberValidation": {"NumberFormat": "Local", "CountryCode": "JP"}}
    drive = stored(InputEncryption={"EncryptionKeyId": "key-1", "Key": ours.certificate}, InputValidation=rule)
    drive.world.security_keys["key-1"] = ours.public
    effect = drive.go().awaited.effect
    assert isinstance(effect, Collect)
    assert effect.country == "JP"
    assert kept(drive.signal("done", "Y2lwaGVy")) == "Y2lwaGVy"
    again = stored(InputEncryption={"EncryptionKeyId": "key-1", "Key": ours.certificate}, InputValidation=rule)
    again.world.security_keys["key-1"] = ours.public
    assert again.go().signal("failed", "InvalidPhoneNumber").path[-1] == "invalid"


def test_disconnect_and_end() -> None:
    """BLK-064, BLK-066, BLK-067: Disconnect ends the contact; End flow does so only in inbound flows."""
    assert Drive(HANG_UP).go().ended == "disconnect"
    assert Drive(END).go().ended == "disconnect"
    assert Drive(END).go(hook="CustomerRemaining").ended == "disconnect"
    assert Drive(END).go(hook="PauseContact").ended == "resumed"
    for type in ("CUSTOMER_QUEUE", "AGENT_WHISPER", "CUSTOMER_WHISPER", "AGENT_TRANSFER", "QUEUE_TRANSFER"):
        assert Drive(END, type=type).go().ended == "resumed"
