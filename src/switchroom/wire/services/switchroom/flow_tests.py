"""Trying a draft: the engine of `switchroom flow test` with the resources of an instance."""

import asyncio
import time
from typing import Any
from uuid import uuid4

import msgspec

from switchroom.base.clock import now_ms, seconds
from switchroom.base.errors import invalid_parameter
from switchroom.channels.bots.bot import BotFailed, Turn
from switchroom.channels.bots.runner import BotRunner
from switchroom.flows.state import BotCall, Collect, Ended
from switchroom.flows.testing.description import Scenario, one
from switchroom.flows.testing.inputs import DescriptionError, Input, read_input
from switchroom.flows.testing.instance import InstanceWorld, draft_of, portable
from switchroom.flows.testing.modules import CALLER
from switchroom.flows.testing.played import Played, PlayedStep
from switchroom.flows.testing.player import Player
from switchroom.flows.testing.stubs import Bots, BotStubs, FunctionStubs, NoAnswer
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import catalogue, instance_of

MOST_STEPS = 2_000
MOST_SECONDS = 10.0
MOST_BYTES = 8 << 20
MOST_INPUTS = 500
BOT_SECONDS = 8


class _TooMuch(Exception):
    """The test goes on for too long; the text tells how."""


@operation("switchroom", "TestFlow", permission=("ContactFlows.View", "ContactFlowModules.View"))
async def try_flow(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Plays from the beginning each time. Raises InvalidParameterException for what cannot be played."""
    instance = instance_of(call, request)
    found = catalogue(call)
    try:
        scenario = _scenario(request)
        inputs = _inputs(request)
        identifier = request.get("FlowId") or "draft"
        draft = draft_of(request["Content"], identifier, identifier, request.get("Name") or "", request["Type"])
        world = InstanceWorld(found, instance, scenario, draft)
        world.watch = _watch(world)
        player = Player(world, draft, inputs, FunctionStubs(scenario.functions), _bots(call, instance, scenario))
        played = await asyncio.to_thread(_play, player, world)
    except DescriptionError as wrong:
        raise invalid_parameter(str(wrong)) from None
    answer = _answer(played, world)
    if request.get("Portable"):
        answer["Portable"] = portable(request["Content"], found, instance)
    return answer


def _scenario(request: dict[str, Any]) -> Scenario:
    given = _json(request, "Scenario", {})
    if not isinstance(given, dict):
        raise DescriptionError("Scenario is not a JSON object")
    return one({"at": now_ms() / 1_000, **given, "flow": "draft", "type": request["Type"]})


def _inputs(request: dict[str, Any]) -> list[Input]:
    given = _json(request, "Inputs", [])
    if not isinstance(given, list) or len(given) > MOST_INPUTS:
        raise DescriptionError(f"Inputs is not a JSON list of at most {MOST_INPUTS}")
    return [read_input(raw) for raw in given]


def _json(request: dict[str, Any], member: str, otherwise: Any) -> Any:
    try:
        return msgspec.json.decode(request[member]) if request.get(member) else otherwise
    except msgspec.DecodeError as wrong:
        raise DescriptionError(f"{member} is not JSON: {wrong}") from None


def _play(player: Player, world: InstanceWorld) -> Played:
    try:
        return player.play()
    except _TooMuch as wrong:
        world.played.now = world.clock
        world.played.ended = Ended("failed", str(wrong))
        return world.played


def _watch(world: InstanceWorld) -> Any:
    deadline = time.monotonic() + MOST_SECONDS

    def watch(steps: int) -> None:
        if steps >= MOST_STEPS:
            raise _TooMuch(f"The test was stopped after {MOST_STEPS} blocks")
        if world.size > MOST_BYTES:
            raise _TooMuch(f"The test was stopped: more than {MOST_BYTES >> 20} MB were written down")
        if time.monotonic() > deadline:
            raise _TooMuch(f"The test was stopped after {MOST_SECONDS:g} seconds")

    return watch


def _bots(call: Call, instance: str, scenario: Scenario) -> Bots:
    """Those the scenario describes; else the real ones, for those who may edit flows: bots call functions."""
    runner: BotRunner | None = call.services.bots
    if scenario.bots or runner is None or not call.caller.may("ContactFlows.Edit", "ContactFlowModules.Edit"):
        return BotStubs(scenario.bots)
    return _RealBots(runner, instance, asyncio.get_running_loop())


class _RealBots:
    """The bots of the instance, asked from the thread of a test. Each test has sessions of its own."""

    def __init__(self, runner: BotRunner, instance: str, loop: asyncio.AbstractEventLoop) -> None:
        self._runner = runner
        self._instance = instance
        self._loop = loop
        self._test = uuid4().hex

    def recognize(self, call: BotCall) -> dict[str, Any]:
        """See `Bots.recognize`."""
        turn = Turn(
            session=f"{self._test}.{call.session}",
            locale=call.locale,
            text=call.text,
            now=now_ms(),
            mode=call.mode,
            state=call.state,
            request_attributes=call.request_attributes,
        )
        asked = asyncio.run_coroutine_threadsafe(self._runner.recognize(self._instance, call.alias, turn), self._loop)
        try:
            return asked.result(BOT_SECONDS)
        except TimeoutError:
            asked.cancel()
            raise NoAnswer("The bot did not answer in time", BOT_SECONDS * 1_000) from None
        except BotFailed as failed:
            raise NoAnswer(failed.text) from None


def _answer(played: Played, world: InstanceWorld) -> dict[str, Any]:
    ran = dict.fromkeys(step.flow for step in played.steps)
    flows = [flow for identifier in ran if (flow := world.shelf.flow(identifier)) is not None]
    return {
        "Steps": [_step(step) for step in played.steps],
        "States": played.states,
        "Lines": [{"Who": line.who, "Kind": line.kind, "Text": line.text, "Step": line.step} for line in played.lines],
        "Functions": [
            {
                "Name": use.name,
                "Event": _text(use.event),
                "Answer": None if use.failed is not None else _text(use.answer),
                "Failed": use.failed,
                "Step": use.step,
            }
            for use in played.functions
        ],
        "Flows": [{"Id": flow.id, "Name": flow.name, "Type": flow.type} for flow in flows if flow.id != CALLER],
        "End": played.end,
        "EndText": played.ended.text if played.ended is not None else None,
        "Waiting": _waiting(played),
        "Queue": world.queued,
        "Now": seconds(played.now),
    }


def _step(step: PlayedStep) -> dict[str, Any]:
    return {
        "FlowId": step.flow,
        "Action": step.action,
        "Name": step.name,
        "Type": step.type,
        "Outcome": step.outcome,
        "At": seconds(step.at),
        "Before": step.before,
        "After": step.after,
        "Said": step.said,
        "Entry": _text(step.entry),
    }


def _waiting(played: Played) -> dict[str, Any] | None:
    awaiting = played.awaiting
    if awaiting is None or played.left:
        return None
    last = played.steps[-1] if played.steps else None
    keys = awaiting.effect if isinstance(awaiting.effect, Collect) else None
    return {
        "Kind": awaiting.kind,
        "Until": seconds(awaiting.until) if awaiting.until is not None else None,
        "Maximum": keys.maximum if keys is not None else None,
        "Terminator": keys.terminator if keys is not None else None,
        "Action": last.action if last is not None else None,
        "FlowId": last.flow if last is not None else None,
    }


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode()
