"""Card numbers that callers key in: encrypted for their owner, and nowhere in the clear."""

import asyncio
import os
from pathlib import Path

import pytest

from tests.certificates import owner
from tests.media.conftest import Desk, MakeTelephone, until
from tests.media.flows import Flow, answered
from tests.server import Server

pytestmark = pytest.mark.process

CARD = "4929153875206614"
OPEN = "6011847302915526"


async def test_a_card_number(site: Server, desk: Desk, telephone: MakeTelephone, flow: Flow) -> None:
    """BLK-161, FLOW-132, FLOW-133: over a real call; only the ciphertext is kept, and the public SDK decrypts it."""
    ours = owner()
    key = desk.connect.associate_security_key(InstanceId=desk.instance, Key=ours.public)["AssociationId"]
    number = flow(
        {"Type": "UpdateFlowLoggingBehavior", "FlowLoggingBehavior": "Enabled"},
        _stored(),
        _kept("open"),
        _stored(InputEncryption={"EncryptionKeyId": key, "Key": ours.certificate.replace("\n", " ")}),
        _kept("card"),
    )
    caller = await answered(telephone, number)
    caller.press(f"{OPEN}#")
    await asyncio.sleep(4)  # until all keys are sent and the second entry has begun
    caller.press(f"{CARD}#")
    await asyncio.wait_for(caller.over.wait(), 30)
    kept = await until(lambda: _caller(desk, caller.number, "card"))
    assert kept["open"] == OPEN
    assert ours.decrypt(kept["card"], key) == CARD
    assert CARD not in site.output()
    files = [path for path in site.data.rglob("*") if path.is_file()]
    assert _holding(files, OPEN), "what is kept in the clear would be found"
    assert not _holding(files, CARD)


def _stored(**more: object) -> dict[str, object]:
    limits = {"CustomValidation": {"MaximumLength": "20"}}
    parameters = {"Text": "Enter your card number.", "StoreInput": "True", "InputTimeLimitSeconds": "20"}
    return {"Type": "GetParticipantInput", **parameters, "InputValidation": limits, **more}


def _kept(name: str) -> dict[str, object]:
    attributes = {name: "$.StoredCustomerInput"}
    return {"Type": "UpdateContactAttributes", "Attributes": attributes, "TargetContact": "Current"}


def _caller(desk: Desk, number: str, name: str) -> dict[str, str]:
    """The attributes of the caller's contact, once one of this name is there."""
    found = desk.caller_contact(number)["Id"]
    attributes = desk.connect.get_contact_attributes(InstanceId=desk.instance, InitialContactId=found)["Attributes"]
    return dict(attributes) if name in attributes else {}


def _holding(files: list[Path], text: str) -> list[Path]:
    needle = text.encode()
    found = []
    for path in files:
        try:
            if needle in path.read_bytes():
                found.append(path)
        except OSError:
            assert not os.access(path, os.R_OK) or not path.exists()
    return found
