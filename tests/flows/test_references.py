"""Export and import of flows: what they refer to, by ARN and by name."""

import json
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner

from switchroom.app.flow_commands import flow
from switchroom.flows.check import check
from switchroom.flows.language import FlowSyntaxError, current, load, parse
from switchroom.flows.references import Resolution, exported, references, resolved
from tests.flows.build import END, action, document, text

DOCUMENTS = Path(__file__).with_name("documents")
HERE = "arn:aws:connect:us-east-1:123456789012:instance/here"


class Thing(NamedTuple):
    arn: str
    name: str


class House:
    """An instance with some resources."""

    def __init__(self, **things: str) -> None:
        self.things = {
            (kind.replace("_", "-"), name): Thing(f"{HERE}/{kind.replace('_', '-')}/{number}", name)
            for number, (kind, names) in enumerate(things.items())
            for name in names.split("|")
        }

    def known(self, kind: str, reference: str) -> Thing | None:
        return next((t for (k, _), t in self.things.items() if k == kind and t.arn == reference), None)

    def named(self, kind: str, name: str) -> Thing | None:
        return self.things.get((kind, name))


def read(name: str) -> str:
    return (DOCUMENTS / f"{name}.json").read_text(encoding="utf-8")


def how(outcome: list[Resolution]) -> dict[str, str]:
    return {f"{one.reference.action}.{one.reference.path}": one.how for one in outcome}


def test_references_of_an_export() -> None:
    """FLOW-53: queues, functions, flows of events and prompts of loops, with the names that the export noted."""
    found = references(parse(read("current/console_export")))
    assert [(one.kind, one.path, one.name, one.mandatory) for one in found] == [
        ("lambda-function", "LambdaFunctionARN", "order-status", True),
        ("queue", "QueueId", "Orders", True),
        ("contact-flow", "EventHooks.CustomerQueue", "Waiting with music", True),
    ]
    queue = references(parse(read("current/customer_queue_export"), type="CUSTOMER_QUEUE"))
    assert [(one.kind, one.path, one.name) for one in queue] == [
        ("prompt", "Messages[0].PromptId", "CustomerQueue.wav")
    ]


def test_resolved_by_arn_then_by_name() -> None:
    """FLOW-53: the same ARN, else the same kind and name, else unresolved; nothing else of the flow changes."""
    content = read("current/console_export")
    house = House(queue="Orders", contact_flow="Something else", prompt="Waiting with music")
    after, outcome = resolved(content, "CONTACT_FLOW", house)
    assert [one.how for one in outcome] == ["UNRESOLVED", "NAME", "UNRESOLVED"]
    old, new = json.loads(content), json.loads(after)
    queue = next(one for one in new["Actions"] if one["Type"] == "UpdateContactTargetQueue")
    assert queue["Parameters"]["QueueId"] == outcome[1].arn == f"{HERE}/queue/0"
    queue["Parameters"]["QueueId"] = outcome[1].reference.value
    assert json.dumps(old) == json.dumps(new)
    again, known = resolved(after, "CONTACT_FLOW", house)
    assert again is after
    assert known[1].how == "ARN"


def test_old_exports_know_names_alone() -> None:
    """FLOW-51, FLOW-53: an old export whose queue has no ARN finds it by its name."""
    content = json.dumps(load(read("legacy/bakery_inbound")))
    house = House(queue="BasicQueue", contact_flow="Default customer queue|Default agent whisper")
    after, outcome = resolved(content, "CONTACT_FLOW", house)
    assert how(outcome) == {
        "lookup.LambdaFunctionARN": "UNRESOLVED",
        "queue-2.QueueId": "NAME",
        "queue.QueueId": "NAME",
        "music.EventHooks.CustomerQueue": "NAME",
        "whisper.EventHooks.AgentWhisper": "NAME",
    }
    actions = {one["Identifier"]: one["Parameters"] for one in json.loads(after)["Actions"]}
    assert actions["queue-2"] == {"QueueId": f"{HERE}/queue/0"}
    music = House(prompt="CustomerQueue.wav", queue="Second queue")
    after, outcome = resolved(json.dumps(load(read("legacy/bakery_queue"))), "CUSTOMER_QUEUE", music)
    assert how(outcome) == {"loop.Messages[0].PromptId": "NAME", "move.QueueId": "NAME"}


def test_dynamic_values_are_no_references() -> None:
    """FLOW-53: a value that is read when the flow runs is left alone."""
    content = document(
        action("a", "UpdateContactTargetQueue", {"QueueId": "$.Attributes.queue"}, "end", {"NoMatchingError": "end"}),
        END,
    )
    assert resolved(content, "CONTACT_FLOW", House()) == (content, [])


def test_export_notes_names_and_arns() -> None:
    """FLOW-52: the file says what the flow is called, and of each resource its name and ARN; an import finds them."""
    house = House(queue="Gold", prompt="Ring.wav", contact_flow="Wait")
    content = document(
        action("a", "UpdateContactTargetQueue", {"QueueId": f"{HERE}/queue/0"}, "b", {"NoMatchingError": "end"}),
        action("b", "MessageParticipant", {"PromptId": f"{HERE}/prompt/1"}, "end", {"NoMatchingError": "end"}),
        END,
    )
    file = json.loads(exported(content, "CONTACT_FLOW", "Mine", "About", "PUBLISHED", house))
    metadata = file["Metadata"]
    assert (metadata["name"], metadata["description"], metadata["type"], metadata["status"]) == (
        "Mine",
        "About",
        "contactFlow",
        "PUBLISHED",
    )
    assert metadata["ActionMetadata"]["a"]["parameters"] == {"QueueId": {"displayName": "Gold"}}
    assert metadata["ActionMetadata"]["b"]["parameters"] == {"PromptId": {"displayName": "Ring.wav"}}
    elsewhere = House(hours_of_operation="x", prompt="Ring.wav", queue="Gold")
    after, outcome = resolved(json.dumps(file), "CONTACT_FLOW", elsewhere)
    assert how(outcome) == {"a.QueueId": "NAME", "b.PromptId": "ARN"}
    assert json.loads(after)["Actions"][0]["Parameters"] == {"QueueId": f"{HERE}/queue/2"}


def _many(count: int, said: str = "x") -> str:
    return document(
        *[text(f"b{n}", said, f"b{n + 1}", f"b{n + 1}") for n in range(count - 1)], text(f"b{count - 1}", "", "b0")
    )


@pytest.mark.parametrize(
    ("content", "reason"), [(_many(100), "100 blocks"), (_many(99, "x" * 12_000), "bytes")], ids=["blocks", "bytes"]
)
def test_export_limits(content: str, reason: str) -> None:
    """FLOW-52: refused at 100 blocks and at 1 MB."""
    with pytest.raises(ValueError, match=reason):
        exported(content, "CONTACT_FLOW", "Big", "", "SAVED", House())


def test_blocks_of_two_actions_count_once() -> None:
    """FLOW-52: 99 blocks are exported, even if one of them is stored as two actions."""
    whole: dict[str, Any] = json.loads(_many(100))
    whole["Metadata"] = {"ActionMetadata": {"b0": {"children": ["b1"]}, "b1": {}}}
    assert exported(json.dumps(whole), "CONTACT_FLOW", "Big", "", "SAVED", House())


def test_bot_aliases() -> None:
    """FLOW-53, FLOW-54: a bot alias is found by the names of bot and alias that exports note, and noted so again."""
    arn = "arn:aws:lex:us-east-1:111122223333:bot-alias/AAAAAAAAAA/BBBBBBBBBB"
    given = {"Text": "How can we help?", "LexV2Bot": {"AliasArn": arn}}
    errors = {"NoMatchingCondition": "end", "NoMatchingError": "end"}
    whole = json.loads(document(action("a", "ConnectParticipantWithLexBot", given, "end", errors), END))
    noted = {"AliasArn": {"displayName": "live", "useLexBotDropdown": True, "lexV2BotName": "Helper"}}
    for metadata in (
        {"parameters": {"LexV2Bot": noted}},
        {"lexV2BotName": "Helper", "lexV2BotAliasName": "live", "useLexBotDropdown": True},
    ):
        whole["Metadata"] = {"ActionMetadata": {"a": metadata}}
        house = House(bot_alias="Helper:live")
        after, outcome = resolved(json.dumps(whole), "CONTACT_FLOW", house)
        assert [(one.how, one.reference.name) for one in outcome] == [("NAME", "Helper:live")]
        file = json.loads(exported(after, "CONTACT_FLOW", "Bot", "", "SAVED", house))
        kept = file["Metadata"]["ActionMetadata"]["a"]["parameters"]["LexV2Bot"]["AliasArn"]
        assert (kept["displayName"], kept["lexV2BotName"]) == ("live", "Helper")


STRANGE: list[Any] = [None, 1, 1.5, True, "", [], {}, "x", ["a"], {"a": 1}, [[]], "$.x", "$['']", {"displayName": 5}]


def _broken(document: Any, random: Random) -> Any:
    """The document with something else at up to four places."""
    document = json.loads(json.dumps(document))
    places: list[tuple[Any, Any]] = []
    nodes = [document]
    while nodes:
        node = nodes.pop()
        inside = (
            list(node.items()) if isinstance(node, dict) else list(enumerate(node)) if isinstance(node, list) else []
        )
        places += [(node, key) for key, _ in inside]
        nodes += [value for _, value in inside]
    for node, key in random.sample(places, random.randint(1, 4)):
        node[key] = random.choice(STRANGE)
    return document


@pytest.mark.parametrize("file", sorted(DOCUMENTS.glob("*/*.json")), ids=lambda file: file.stem)
def test_broken_documents(file: Path) -> None:
    """Whatever stands where it should not, a file is read, checked and written, or refused as no flow."""
    random, whole = Random(file.stem), json.loads(file.read_text(encoding="utf-8"))
    house = House(queue="BasicQueue|Orders", prompt="CustomerQueue.wav")
    for _ in range(60):
        text = json.dumps(_broken(whole, random))
        try:
            content = current(text)
            resolved(content, "CONTACT_FLOW", house)
            exported(content, "CUSTOMER_QUEUE", "Strange", "", "SAVED", house)
        except FlowSyntaxError:
            assert [problem.code for problem in check(text)] == ["not-a-flow"]
        else:
            check(content)


def test_a_checked_file_says_its_type(tmp_path: Path) -> None:
    """FLOW-53: `flow check` takes the type from the file, of either language, unless one is given."""
    loop = {"Messages": [{"Text": "Please wait."}]}
    action = {"Identifier": "a", "Type": "MessageParticipantIteratively", "Parameters": loop, "Transitions": {}}
    new = {"Version": "2019-10-30", "StartAction": "a", "Metadata": {"type": "customerQueue"}, "Actions": [action]}
    module = {"id": "a", "type": "LoopPrompts", "branches": [], "parameters": [{"name": "Text", "value": "Wait."}]}
    old = {"modules": [module], "start": "a", "type": "customerQueue", "metadata": {}}
    for name, whole in (("new", new), ("old", old)):
        file = tmp_path / f"{name}.json"
        file.write_text(json.dumps(whole), encoding="utf-8")
        found = CliRunner().invoke(flow, ["check", str(file)])
        assert "wrong-flow-type" not in found.output, name
        given = CliRunner().invoke(flow, ["check", "--type", "CONTACT_FLOW", str(file)])
        assert ("wrong-flow-type" in given.output, given.exit_code) == (True, 1), name
