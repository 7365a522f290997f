"""Flows of a test's own, each with a number that reaches it."""

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from tests.media.caller import Telephone

Flow = Callable[..., str]


@pytest.fixture
def flow(desk: Any) -> Iterator[Flow]:
    """Makes a flow that says things one after the other and hangs up; returns the number that reaches it."""
    numbers: list[str] = []

    def make(*said: dict[str, Any], otherwise: dict[str, Any] | None = None) -> str:
        steps = [dict(step) for step in said]
        actions = []
        for place, step in enumerate(steps):
            kind = step.pop("Type", "MessageParticipant")
            following = f"s{place + 1}" if place + 1 < len(steps) else "end"
            errors = [{"NextAction": "otherwise" if otherwise else "end", "ErrorType": "NoMatchingError"}]
            transitions = {"NextAction": following, "Errors": errors, "Conditions": []}
            actions.append({"Identifier": f"s{place}", "Type": kind, "Parameters": step, "Transitions": transitions})
        if otherwise:
            last = {"NextAction": "end", "Errors": [], "Conditions": []}
            about = {"Identifier": "otherwise", "Type": "MessageParticipant", "Parameters": otherwise}
            actions.append({**about, "Transitions": last})
        actions.append({"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}})
        content = {"Version": "2019-10-30", "StartAction": "s0", "Metadata": {}, "Actions": actions}
        made = desk.connect.create_contact_flow(
            InstanceId=desk.instance, Name=f"Said {id(content)}", Type="CONTACT_FLOW", Content=json.dumps(content)
        )
        arn = desk.connect.describe_instance(InstanceId=desk.instance)["Instance"]["Arn"]
        search = {"TargetArn": arn, "PhoneNumberCountryCode": "US", "PhoneNumberType": "DID"}
        number = desk.connect.search_available_phone_numbers(**search)["AvailableNumbersList"][0]["PhoneNumber"]
        claimed = desk.connect.claim_phone_number(TargetArn=arn, PhoneNumber=number)["PhoneNumberId"]
        numbers.append(claimed)
        desk.connect.associate_phone_number_contact_flow(
            PhoneNumberId=claimed, InstanceId=desk.instance, ContactFlowId=made["ContactFlowId"]
        )
        return str(number)

    yield make
    for number in numbers:  # an instance has few
        desk.connect.release_phone_number(PhoneNumberId=number)


async def answered(telephone: Callable[..., Any], number: str) -> Telephone:
    """A caller whose call to a new number was answered."""
    for _ in range(20):
        caller: Telephone = await telephone()
        if (await caller.call(number)).code == 200:
            return caller
        await asyncio.sleep(0.25)  # the media process has not heard of the number yet
    raise AssertionError(f"{number} does not answer")


async def heard(telephone: Callable[..., Any], number: str) -> np.ndarray:
    """Everything a caller hears until the flow hangs up."""
    caller = await answered(telephone, number)
    await asyncio.wait_for(caller.over.wait(), 60)
    return caller.heard.sound
