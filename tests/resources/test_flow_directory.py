"""What flows can refer to in an instance: by id, by ARN, by name."""

import pytest

from switchroom.resources import bots, numbers
from switchroom.resources.document import Document
from switchroom.resources.repository import SYSTEM
from switchroom.wire.services.connect.flow_check import InstanceDirectory
from tests.resources.conftest import Node

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:sampleLambdaFlowFunction"


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("queue", "BasicQueue"),
        ("hours-of-operation", "Basic Hours"),
        ("prompt", "Beep.wav"),
        ("contact-flow", "Sample AB test"),
        ("contact-flow-module", "FunFact"),
    ],
)
async def test_resources(node: Node, instance: Document, kind: str, name: str) -> None:
    """FLOW-53: by name, by id and by the ARN of this instance; not by the same id in another instance."""
    directory = InstanceDirectory(node.catalogue, instance.id)
    found = directory.named(kind, name)
    assert found is not None and found.name == name
    identifier = found.arn.rsplit("/", 1)[-1]
    for reference in (found.arn, identifier, f"{found.arn}:$LATEST"):
        assert directory.known(kind, reference) is found
    assert directory.known(kind, found.arn.replace(instance.id, "another")) is None
    assert directory.known("user", found.arn) is None
    assert directory.named(kind, "Nothing") is None
    assert directory.named("view", name) is None


async def test_functions(node: Node, instance: Document) -> None:
    """FLOW-53, FLOW-123: functions of the instance by ARN and by name."""
    directory = InstanceDirectory(node.catalogue, instance.id)
    for reference in (FUNCTION, "sampleLambdaFlowFunction"):
        known, named = directory.known("lambda-function", reference), directory.named("lambda-function", reference)
        assert known is not None and named is not None
        assert (known.arn, known.name) == (named.arn, named.name) == (FUNCTION, "sampleLambdaFlowFunction")
    assert directory.known("lambda-function", FUNCTION.replace("123456789012", "111122223333")) is None


async def test_bot_aliases(node: Node, instance: Document) -> None:
    """FLOW-53: an alias by its ARN, by one it stands for, and by the names of bot and alias."""
    theirs = "arn:aws:lex:eu-west-1:111122223333:bot-alias/AAAAAAAAAA/BBBBBBBBBB"
    async with node.repository.write(instance.id, SYSTEM) as write:
        bot = await bots.create(write, instance.id, "Helper", {})
        alias = await bots.create_alias(write, bot, "live", {"Version": "DRAFT", "StandsFor": [theirs]})
    directory = InstanceDirectory(node.catalogue, instance.id)
    for found in (
        directory.known("bot-alias", alias.arn),
        directory.known("bot-alias", theirs),
        directory.named("bot-alias", "Helper:live"),
        directory.named("bot-alias", "helper:LIVE"),
    ):
        assert found is not None
        assert (found.arn, found.name) == (alias.arn, "Helper:live")
    assert directory.named("bot-alias", "Helper:other") is None


async def test_users_and_numbers(node: Node, instance: Document) -> None:
    """FLOW-53: a user by name, a phone number as it is dialled."""
    async with node.repository.write(instance.id, SYSTEM) as write:
        number = await numbers.hold(write, instance.id, "+15550123", "US", "DID", "", None)
    directory = InstanceDirectory(node.catalogue, instance.id)
    for reference in ("+15550123", number.id, number.arn):
        known = directory.known("phone-number", reference)
        assert known is not None and known.arn == number.arn
    assert directory.known("phone-number", "+15550124") is None
    assert directory.known("user", "nobody") is None
