"""The catalogue of blocks as boto3 gets it."""

import json

from tests.server import Server
from tests.wire.test_boto3 import own_client


def test_blocks_for_the_designer(switchroom_server: Server) -> None:
    """BLK-001: in the language asked for; everything arrives in the shapes of the model."""
    client = own_client(switchroom_server)
    instance = switchroom_server.boto("connect").list_instances()["InstanceSummaryList"][0]["Id"]
    english = client.list_flow_blocks(InstanceId=instance)
    japanese = client.list_flow_blocks(InstanceId=instance, Language="ja")
    assert len(english["Blocks"]) == len(japanese["Blocks"]) == 49
    names = {block["Key"]: block["Name"] for block in japanese["Blocks"]}
    assert names["play-prompt"] == "プロンプトの再生"
    (wait,) = (block for block in english["Blocks"] if block["Key"] == "wait")
    bot = next(variant for variant in wait["Variants"] if variant["Key"] == "bot")
    assert json.loads(bot["Preset"]) == {"Events": ["BotParticipantDisconnected"]}
    assert bot["Tells"] == [{"Path": "Events", "Values": ["BotParticipantDisconnected"]}]
    assert [branch["Kind"] for branch in bot["Branches"]] == ["CONDITION", "ERROR", "CONDITION", "ERROR"]
    assert {"$.Attributes.", "$.External.", "$.Customer."} < {one["Key"] for one in english["Namespaces"]}
