"""Bots in chats through the real decisions: every message reaches the bot once, and the bot speaks in its own name."""

from typing import Any

from switchroom.centre.flowing import CallBot
from switchroom.core import commands as c
from switchroom.flows.language import CompiledFlow
from tests.core.stage import Stage, action, flow
from tests.core.test_chats import Talk


def bot_flow(**parameters: Any) -> CompiledFlow:
    bot = {
        "Identifier": "bot",
        "Type": "ConnectParticipantWithLexBot",
        "Parameters": {"Text": "Hello", "LexV2Bot": {"AliasArn": "arn:bot"}, **parameters},
        "Transitions": {
            "Conditions": [{"NextAction": "bye", "Condition": {"Operator": "Equals", "Operands": ["Done"]}}],
            "Errors": [
                {"NextAction": "end", "ErrorType": "NoMatchingCondition"},
                {"NextAction": "end", "ErrorType": "NoMatchingError"},
            ],
        },
    }
    said = action("bye", "MessageParticipant", "end", Text="You said $.Lex.SessionAttributes.heard")
    return flow("bot-flow", [bot, said, action("end", "DisconnectParticipant")])


class Bot:
    """Answers what the centre asks of a bot, when the test wants."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.seen = 0

    @property
    def asked(self) -> list[CallBot]:
        return [effect for effect in self.stage.effects if isinstance(effect, CallBot)]

    def answer(self, says: str = "", intent: str = "Done", *, more: bool = False, heard: str = "") -> None:
        call = self.asked[self.seen]
        self.seen += 1
        value = {
            "messages": [{"contentType": "PlainText", "content": says}] if says else [],
            "sessionState": {
                "dialogAction": {"type": "ElicitIntent" if more else "Close"},
                "intent": {"name": intent, "state": "InProgress" if more else "Fulfilled", "slots": {}},
                "sessionAttributes": {"heard": heard},
            },
            "interpretations": [],
        }
        self.stage.do(c.SignalFlow(key=call.key, id=call.id, kind="done", value=value))


def test_messages_in_turn() -> None:
    """FLOW-105, BLK-070: what is written while the bot thinks waits its turn; none is lost, none comes twice."""
    stage = Stage(flows=[bot_flow()])
    talk, bot = Talk(stage, "bot-flow"), Bot(stage)
    talk.say(talk.customer, "one")
    talk.say(talk.customer, "two")
    talk.say(talk.customer, "three")
    assert [call.call.text for call in bot.asked] == ["one"]
    bot.answer("yes?", more=True)
    bot.answer("and?", more=True)
    assert [call.call.text for call in bot.asked] == ["one", "two", "three"]
    bot.answer("goodbye", heard="three")
    said = [(item.name, item.content) for item in talk.items() if item.type == "MESSAGE" and item.role == "SYSTEM"]
    assert said == [
        ("BOT", "Hello"),
        ("BOT", "yes?"),
        ("BOT", "and?"),
        ("BOT", "goodbye"),
        ("SYSTEM_MESSAGE", "You said three"),
    ]
    assert talk.id not in stage.state.contacts or talk.contact.place == "ended"


def test_a_restart_asks_again() -> None:
    """FLOW-105: after a restart the turn that was under way is asked for again, with what came meanwhile."""
    stage = Stage(flows=[bot_flow()])
    talk = Talk(stage, "bot-flow")
    talk.say(talk.customer, "one")
    talk.say(talk.customer, "two")
    stage.effects.clear()
    stage.decider = stage.fresh(stage.state)
    turn = stage.decider.turn(stage.now)
    stage.decider.resume(turn)
    stage._end(turn)
    bot = Bot(stage)
    assert [call.call.text for call in bot.asked] == ["one"]
    bot.answer(more=True)
    assert [call.call.text for call in bot.asked] == ["one", "two"]


def test_initial_message_for_the_bot() -> None:
    """CHAT-61: a block may hand the customer's initial message to the bot at once."""
    begins = bot_flow(LexInitializationData={"InitialMessage": "$.Media.InitialMessage"})
    stage = Stage(flows=[begins])
    talk, bot = Talk(stage, "bot-flow", initial_message=("text/plain", "Where is my parcel?")), Bot(stage)
    assert [call.call.text for call in bot.asked] == ["Where is my parcel?"]
    bot.answer("On its way")
    assert talk.items()[-1].content != "Where is my parcel?"


def test_the_bot_takes_over_from_a_custom_participant() -> None:
    """CHAT-135: a custom participant leaves when a bot of the flow joins."""
    waiting = flow(
        "wait-then-bot",
        [
            {
                "Identifier": "wait",
                "Type": "Wait",
                "Parameters": {"TimeLimitSeconds": "60"},
                "Transitions": {
                    "Conditions": [
                        {"NextAction": "go", "Condition": {"Operator": "Equals", "Operands": ["WaitCompleted"]}}
                    ],
                    "Errors": [{"NextAction": "end", "ErrorType": "NoMatchingError"}],
                },
            },
            action("go", "TransferToFlow", "end", ContactFlowId="bot-flow"),
            action("end", "DisconnectParticipant"),
        ],
    )
    stage = Stage(flows=[waiting, bot_flow()])
    talk = Talk(stage, "wait-then-bot")
    own = stage.do(c.AddParticipant(contact=talk.id, name="Helper"))["participant"]
    stage.do(c.ConnectParticipant(session=talk.id, participant=own))
    assert stage.state.chats[talk.id].participants[own].present
    stage.wait(61)
    assert not stage.state.chats[talk.id].participants[own].present
    assert talk.items()[-1].content == "Hello"
