"""Get customer input by keys, and Store customer input. (By a bot: bot.py.)"""

import re
from collections.abc import Mapping
from typing import Any

from switchroom.flows.blocks.declare import (
    ERROR,
    MOST,
    SUCCESS,
    Choice,
    Face,
    Field,
    Rows,
    choices,
    error,
    has,
    lacks,
    off,
    on,
    prompt_field,
    shows,
)
from switchroom.flows.blocks.phone import CALLING_CODE, international
from switchroom.flows.blocks.prompt import log_message, message_of
from switchroom.flows.blocks.registry import Spot, block, resumes
from switchroom.flows.blocks.step import Move, Step, truth, whole_number
from switchroom.flows.certificates import BadCertificate, check_signature
from switchroom.flows.language import NO_MATCHING_CONDITION, text_of
from switchroom.flows.state import Collect, Signal
from switchroom.flows.world import FlowError

GET_INPUT = Face(
    "get-customer-input",
    ("Get customer input", "顧客の入力を取得する"),
    (
        "Asks the customer, and branches by a key or by what a bot understood.",
        "顧客に入力を求め、押されたキーまたはボットが認識したインテントで分岐します。",
    ),
    "INTERACT",
    MOST,
    log="GetUserInput",
    behind="loop-prompts",
)
STORE_INPUT = Face(
    "store-customer-input",
    ("Store customer input", "顧客の入力を保存する"),
    (
        "Asks the caller for digits and keeps them.",
        "発信者が入力した数字を保存します。",
    ),
    "INTERACT",
    MOST,
    "YEE",
    "StoreUserInput",
    behind="loop-prompts",
)

TIMEOUT = error("InputTimeLimitExceeded", ("Timeout", "タイムアウト"))
DEFAULT = error(NO_MATCHING_CONDITION, ("Default", "デフォルト"))
KEYS = tuple(Choice(key, (key, key)) for key in "1234567890*#")
_LONGEST_S = 180
_LONGEST_MENU_S = 179
_TERMINATOR = re.compile(r"[0-9#*]{1,5}")
_PHONE = "InputValidation.PhoneNumberValidation"


def _limit(high: int) -> Field:
    return Field(
        "InputTimeLimitSeconds",
        ("Timeout before the first key", "最初の入力までのタイムアウト"),
        "DURATION",
        "M",
        required=True,
        default="5",
        low=1,
        high=high,
        unit="SECONDS",
    )


def _keys_allowed(spot: Spot) -> None:
    keys = _mapping(spot.parameters.get("DTMFConfiguration"))
    try:
        _terminator(keys)
    except FlowError as wrong:
        spot.problem("bad-keys", "Parameters.DTMFConfiguration.InputTerminationSequence", detail=wrong.text)


@block(
    GET_INPUT,
    "GetParticipantInput",
    prompt_field(required=False),
    _limit(_LONGEST_MENU_S),
    ways=(TIMEOUT, DEFAULT, ERROR),
    rows=Rows(("Pressed {}", "{} が押された"), operand="KEY", choices=KEYS),
    key="dtmf",
    name=("DTMF", "DTMF"),
    tells=(off("StoreInput"),),
    preset={"StoreInput": "False"},
    letters="YEE",
    waits=True,
    twice=True,
)
def get_key(step: Step) -> Move:
    """One key for a menu (BLK-068, BLK-069)."""
    message = message_of(step, step.parameters)
    limit = step.integer("InputTimeLimitSeconds", 1, _LONGEST_MENU_S, 5)
    step.logged = log_message(message) | {"Timeout": f"{limit} seconds"}
    step.run.function_ms = 0
    return step.stand(Collect(message, limit * 1_000))


@resumes("GetParticipantInput", "get-customer-input")
def got_key(step: Step, signal: Signal) -> Move:
    if signal.kind == "failed":
        return step.fail("NoMatchingError", text_of(signal.value or "failed"))
    if signal.kind == "timeout":
        return step.fail("InputTimeLimitExceeded")
    return step.choose(text_of(signal.value))


_STORED = (
    Field(
        "DTMFConfiguration.InputTerminationSequence",
        ("Terminating keypress", "終了キー"),
        "KEYS",
        "M",
        default="#",
        high=5,
        help=("1 to 5 keys; * only with the cancel key disabled.", "1～5 個のキー。* はキャンセルキー無効時のみ。"),
    ),
    Field("DTMFConfiguration.DisableCancelKey", ("Disable cancel key", "キャンセルキーを無効にする"), "FLAG", "M"),
    Field(
        "DTMFConfiguration.InterdigitTimeLimitSeconds",
        ("Timeout between digits", "数字間のタイムアウト"),
        "DURATION",
        "M",
        low=1,
        high=20,
        unit="SECONDS",
        help=("Empty: 5 seconds.", "空の場合は 5 秒です。"),
    ),
    Field(
        "InputEncryption.EncryptionKeyId",
        ("Encrypt entry: key ID", "入力の暗号化: キー ID"),
        "RESOURCE",
        resource="security-key",
    ),
    Field(
        "InputEncryption.Key",
        ("Encryption key (certificate)", "暗号化キー (証明書)"),
        "CERTIFICATE",
        required=True,
        when=(has("InputEncryption.EncryptionKeyId"),),
    ),
)


@block(
    STORE_INPUT,
    "GetParticipantInput",
    prompt_field(required=False),
    _limit(_LONGEST_S),
    Field(
        f"{_PHONE}.NumberFormat",
        ("Phone number", "電話番号"),
        "CHOICE",
        "M",
        required=True,
        default="Local",
        choices=choices(
            Local=("Local format", "ローカル形式"),
            E164=("International format", "国際形式"),
        ),
    ),
    Field(
        f"{_PHONE}.CountryCode",
        ("Country", "国"),
        "CHOICE",
        "M",
        required=True,
        default="US",
        choices=tuple(Choice(country, (country, country)) for country in sorted(CALLING_CODE)),
        when=(shows(f"{_PHONE}.NumberFormat", "Local"),),
    ),
    *_STORED,
    ways=(SUCCESS, error("InvalidPhoneNumber", ("Invalid number", "無効な番号")), ERROR),
    key="phone-number",
    name=("Phone number", "電話番号"),
    tells=(on("StoreInput"), has(_PHONE)),
    preset={
        "StoreInput": "True",
        "InputValidation": {"PhoneNumberValidation": {"NumberFormat": "Local", "CountryCode": "US"}},
    },
    check=_keys_allowed,
    waits=True,
    twice=True,
)
@block(
    STORE_INPUT,
    "GetParticipantInput",
    prompt_field(required=False),
    _limit(_LONGEST_S),
    Field(
        "InputValidation.CustomValidation.MaximumLength",
        ("Maximum digits", "最大桁数"),
        "NUMBER",
        "M",
        default="20",
        low=1,
        high=1_024,
    ),
    *_STORED,
    ways=(SUCCESS, ERROR),
    key="digits",
    name=("Digits", "数字"),
    tells=(on("StoreInput"), lacks(_PHONE)),
    preset={"StoreInput": "True", "InputValidation": {"CustomValidation": {"MaximumLength": "20"}}},
    check=_keys_allowed,
    waits=True,
    twice=True,
)
def store_input(step: Step) -> Move:
    """Digits to keep, or a phone number (BLK-157..164)."""
    message = message_of(step, step.parameters)
    limit = step.integer("InputTimeLimitSeconds", 1, _LONGEST_S, 5)
    step.logged = log_message(message) | {"Timeout": f"{limit} seconds"}
    step.run.function_ms = 0
    keys = _mapping(step.parameters.get("DTMFConfiguration"))
    phone = _phone_rule(step)
    encryption = _mapping(step.parameters.get("InputEncryption"))
    custom = _mapping(_mapping(step.parameters.get("InputValidation")).get("CustomValidation"))
    key_id, certificate = _encryption(step, encryption)
    gap = whole_number(keys.get("InterdigitTimeLimitSeconds") or 5, "InterdigitTimeLimitSeconds", 1, 20)
    return step.stand(
        Collect(
            message,
            limit * 1_000,
            maximum=_maximum(custom) if phone is None else 20,
            digit_timeout_ms=gap * 1_000,
            terminator=_terminator(keys),
            cancel_key="" if truth(keys.get("DisableCancelKey")) else "*",
            secret=bool(encryption),
            encryption_key_id=key_id,
            certificate=certificate,
            country=phone if encryption else None,
        )
    )


@resumes("GetParticipantInput", "store-customer-input")
def stored_input(step: Step, signal: Signal) -> Move:
    if signal.kind == "failed":
        if signal.value == "InvalidPhoneNumber":
            return step.fail("InvalidPhoneNumber")
        return step.fail("NoMatchingError", text_of(signal.value or "failed"))
    if signal.kind == "timeout":
        step.frame.stored_input = "Timeout"
        step.results = "Timeout"
        return step.next()
    keys = text_of(signal.value)
    encrypted = bool(_mapping(step.parameters.get("InputEncryption")))
    phone = _phone_rule(step)
    if phone is not None and not encrypted:
        number = international(keys, phone)
        if number is None:
            return step.fail("InvalidPhoneNumber")
        keys = number
    step.frame.stored_input = keys
    step.results = "*****" if encrypted else keys
    return step.next()


def _encryption(step: Step, wanted: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """(key id, certificate) of an entry that only the certificate's owner may read (BLK-161).

    The security key is one of the instance, and its owner has signed the certificate.
    """
    if not wanted:
        return None, None
    key_id, certificate = step.scalar(wanted.get("EncryptionKeyId", "")), step.scalar(wanted.get("Key", ""))
    known = step.world.security_key(key_id)
    if known is None:
        raise FlowError(f"The instance has no security key {key_id}")
    try:
        check_signature(certificate, known)
    except BadCertificate as error:
        raise FlowError(str(error)) from None
    return key_id, certificate


def _terminator(keys: dict[str, Any]) -> str:
    """The keys that end the entry (BLK-162); raises FlowError."""
    terminator = text_of(keys.get("InputTerminationSequence") or "#")
    if not _TERMINATOR.fullmatch(terminator):
        raise FlowError("The terminating keypress must be 1 to 5 of 0-9, * and #")
    if "*" in terminator and not truth(keys.get("DisableCancelKey")):
        raise FlowError("A terminating keypress with * needs the cancel key to be disabled")
    return terminator


def _maximum(custom: dict[str, Any]) -> int:
    return whole_number(custom.get("MaximumLength") or 20, "MaximumLength", 1, 1_024)


def _phone_rule(step: Step) -> str | None:
    """The country of a local number, empty text for an international one, None if no phone number is asked for."""
    rule = _mapping(step.parameters.get("InputValidation")).get("PhoneNumberValidation")
    if not isinstance(rule, dict):
        return None
    return text_of(rule.get("CountryCode", "US")) if rule.get("NumberFormat") == "Local" else ""


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
