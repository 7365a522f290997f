"""Get customer input and Store customer input."""

import re
from collections.abc import Mapping
from typing import Any

from switchroom.flows.blocks.phone import international
from switchroom.flows.blocks.prompt import PROMPT, log_message, message_of
from switchroom.flows.blocks.registry import MOST, Gate, Parameter, block, resumes
from switchroom.flows.blocks.step import Move, Step, truth, whole_number
from switchroom.flows.certificates import BadCertificate, check_signature
from switchroom.flows.language import text_of
from switchroom.flows.state import Collect, Signal
from switchroom.flows.world import FlowError

_MENU = Gate("Get customer input", "顧客の入力を取得する", "GetUserInput", MOST, "YEE")
_STORE = Gate("Store customer input", "顧客の入力を保存する", "StoreUserInput", MOST, "YEE")
_TERMINATOR = re.compile(r"[0-9#*]{1,5}")


def _gate(parameters: Mapping[str, Any]) -> Gate:
    return _STORE if truth(parameters.get("StoreInput")) else _MENU


@block(
    "GetParticipantInput",
    _gate,
    *PROMPT,
    Parameter("InputTimeLimitSeconds", required=True, low=1, high=180),
    Parameter("StoreInput", required=True, choices=("True", "False")),
    next=False,
    any_conditions=True,
    optional_errors=("InputTimeLimitExceeded", "NoMatchingCondition", "InvalidPhoneNumber"),
    waits=True,
)
def get_input(step: Step) -> Move:
    """One key for a menu (BLK-068), or digits to store (BLK-157..164)."""
    message = message_of(step, step.parameters)
    store = truth(step.parameters.get("StoreInput"))
    limit = step.integer("InputTimeLimitSeconds", 1, 180 if store else 179, 5)
    step.logged = log_message(message) | {"Timeout": f"{limit} seconds"}
    step.run.function_ms = 0
    if not store:
        return step.stand(Collect(message, limit * 1_000))
    keys = _mapping(step.parameters.get("DTMFConfiguration"))
    phone = _phone_rule(step)
    encryption = _mapping(step.parameters.get("InputEncryption"))
    terminator = text_of(keys.get("InputTerminationSequence", "#"))
    if not _TERMINATOR.fullmatch(terminator):
        raise FlowError("The terminating keypress must be 1 to 5 of 0-9, * and #")
    if "*" in terminator and not truth(keys.get("DisableCancelKey")):
        raise FlowError("A terminating keypress with * needs the cancel key to be disabled")
    custom = _mapping(_mapping(step.parameters.get("InputValidation")).get("CustomValidation"))
    key_id, certificate = _encryption(step, encryption)
    return step.stand(
        Collect(
            message,
            limit * 1_000,
            maximum=_maximum(custom) if phone is None else 20,
            terminator=terminator,
            cancel_key="" if truth(keys.get("DisableCancelKey")) else "*",
            secret=bool(encryption),
            encryption_key_id=key_id,
            certificate=certificate,
            country=phone if encryption else None,
        )
    )


@resumes("GetParticipantInput")
def got_input(step: Step, signal: Signal) -> Move:
    stored = truth(step.parameters.get("StoreInput"))
    if signal.kind == "failed":
        if signal.value == "InvalidPhoneNumber":
            return step.fail("InvalidPhoneNumber")
        return step.fail("NoMatchingError", text_of(signal.value or "failed"))
    if not stored:
        if signal.kind == "timeout":
            return step.fail("InputTimeLimitExceeded")
        return step.choose(text_of(signal.value))
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


def _maximum(custom: dict[str, Any]) -> int:
    return whole_number(custom.get("MaximumLength", 20), "MaximumLength", 1, 1_024)


def _phone_rule(step: Step) -> str | None:
    """The country of a local number, empty text for an international one, None if no phone number is asked for."""
    rule = _mapping(step.parameters.get("InputValidation")).get("PhoneNumberValidation")
    if not isinstance(rule, dict):
        return None
    return text_of(rule.get("CountryCode", "US")) if rule.get("NumberFormat") == "Local" else ""


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
