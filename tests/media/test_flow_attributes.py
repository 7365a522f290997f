"""What flows know of a call that came in over SIP."""

import asyncio
from typing import Any

import pytest

from tests.media.conftest import Desk, MakeTelephone, until
from tests.media.flows import Flow

pytestmark = pytest.mark.process

SENT = {
    "P-Asserted-Identity": "<sip:+15550188@carrier.example>",
    "P-Charge-Info": "<sip:+15550189@carrier.example>",
    "Diversion": "<sip:+15550190@carrier.example>;reason=unconditional",
    "JIP": "212555",
    "Hop-Counter": "3",
}


async def test_headers_of_the_call(desk: Desk, telephone: MakeTelephone, flow: Flow) -> None:
    """FLOW-144: SIP headers are read as `$.Media.Sip.Headers`; one that was not sent is not there."""
    names = [*SENT, "From", "To"]
    kept = {name.lower(): f"$.Media.Sip.Headers.{name}" for name in names}
    keep = {"Type": "UpdateContactAttributes", "TargetContact": "Current"}
    missing = {**keep, "Attributes": {"isup": "$.Media.Sip.Headers.ISUP-OLI"}}
    number = flow({**keep, "Attributes": kept}, {"Text": "Thank you."}, missing)
    code = 0
    for _ in range(20):
        caller = await telephone()
        caller.extra = "".join(f"{name}: {value}\r\n" for name, value in SENT.items())
        code = (await caller.call(number)).code
        if code == 200:
            break
        await asyncio.sleep(0.25)
    assert code == 200
    await asyncio.wait_for(caller.over.wait(), 30)

    def known() -> dict[str, Any]:
        found = desk.caller_contact("+15550188")["Id"]
        answer = desk.connect.get_contact_attributes(InstanceId=desk.instance, InitialContactId=found)
        return dict(answer["Attributes"])

    attributes = await until(known)
    assert {name: attributes[name.lower()] for name in SENT} == SENT
    assert "Tess Caller" in attributes["from"] and number in attributes["to"]
    assert "isup" not in attributes
