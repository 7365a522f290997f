"""Calls under random treatment: whatever people and lines do, the state stays whole and nobody is left behind."""

from random import Random
from typing import Any

import pytest

from switchroom.base.errors import ServiceError
from switchroom.core import commands as c
from switchroom.core import voice_commands as vc
from switchroom.core.command import Command
from switchroom.core.evolve import Fold
from switchroom.core.state import State
from switchroom.flows.language import CompiledFlow
from tests.core.phones import CALLER, NUMBER, Phones
from tests.core.stage import action, flow

AGENTS = ("a1", "a2", "s1")


def _entry() -> list[CompiledFlow]:
    """Records, sets a disconnect flow, asks; then a queue, a callback, a transfer out, or the end."""
    survey = flow(
        "survey",
        [action("ask", "MessageParticipant", "end", Text="how was it"), action("end", "DisconnectParticipant")],
    )
    menu = action("menu", "GetParticipantInput", "end", Text="press", InputTimeLimitSeconds="5", StoreInput="False")
    choices = {"1": "queue", "2": "callback", "3": "out"}
    kinds = ("NoMatchingCondition", "InputTimeLimitExceeded", "NoMatchingError")
    menu["Transitions"] = {
        "NextAction": "end",
        "Conditions": [
            {"NextAction": to, "Condition": {"Operator": "Equals", "Operands": [key]}} for key, to in choices.items()
        ],
        "Errors": [{"NextAction": "end", "ErrorType": kind} for kind in kinds],
    }
    callback = {
        "InitialCallDelaySeconds": 5,
        "RetryDelaySeconds": 30,
        "MaximumConnectionAttempts": 2,
        "QueueId": "Q1",
    }
    out = action("out", "TransferParticipantToThirdParty", "end", ThirdPartyPhoneNumber="+12065550199")
    out["Parameters"]["ContinueFlowExecution"] = "True"
    entry = flow(
        "entry",
        [
            action("hook", "UpdateContactEventHooks", "record", EventHooks={"CustomerRemaining": "survey"}),
            action(
                "record",
                "UpdateContactRecordingBehavior",
                "menu",
                RecordingBehavior={"RecordedParticipants": ["Agent", "Customer"]},
            ),
            menu,
            action("queue", "TransferToFlow", "end", ContactFlowId="to-queue"),
            action("callback", "CreateCallbackContact", "end", **callback),  # type: ignore[arg-type]
            out,
            action("end", "DisconnectParticipant"),
        ],
    )
    return [survey, entry]


class Storm:
    """One random command after the other."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        multi = self.random.random() < 0.5
        self.phones = Phones("entry", _entry(), multi_party=multi, enhanced_voice_monitoring=True)
        for agent in AGENTS:
            self.phones.do(c.SetStatus(agent=agent, status="available"))
        self.arrivals = 0

    def step(self) -> None:
        command = self._command()
        if command is None:
            self.phones.wait(self.random.choice((1, 5, 21, 61, 125)))
        else:
            try:
                self.phones.do(command)
            except ServiceError as refusal:
                assert refusal.code != "InternalServiceException", (command, refusal)
        self.check()

    def _command(self) -> Command | None:
        random, state = self.random, self.phones.state
        slots = [(agent.user, slot) for agent in state.agents.values() for slot in agent.slots.values()]
        legs = [(call, leg) for call in state.calls.values() for leg in call.legs.values()]
        playing = [
            (call.id, one.id, one.audio)
            for call in state.calls.values()
            for one in self.phones.plan(call.id).legs
            if one.audio is not None and one.audio.kind in ("play", "collect")
        ]
        kind = random.choice(
            ("arrive", "play", "play", "play", "leg", "leg", "desk", "desk", "desk", "desk", "status", "wait", "dial")
        )
        if kind == "arrive" and len(state.calls) < 5:
            self.arrivals += 1
            return vc.CallArrived(media="m1", leg=f"in-{self.arrivals}", number=NUMBER, caller=CALLER)
        if kind == "play" and playing:
            call, leg, audio = random.choice(playing)
            value = random.choice("123") if audio.kind == "collect" else ""
            return vc.AudioEnded(call=call, leg=leg, audio=audio.id, kind="done", value=value)
        if kind == "leg" and legs:
            found, one = random.choice(legs)
            if one.state in ("waiting", "dialing", "ringing", "lost") and random.random() < 0.7:
                return vc.LegAnswered(call=found.id, leg=one.id)
            if one.browser and one.state == "connected" and random.random() < 0.5:
                return vc.LegLost(call=found.id, leg=one.id)
            cause: Any = random.choice(("hangup", "busy", "no_answer", "rejected", "invalid", "failed"))
            return vc.LegGone(call=found.id, leg=one.id, cause=cause)
        if kind == "status":
            return c.SetStatus(agent=random.choice(AGENTS), status=random.choice(("available", "lunch", "offline")))
        if kind == "dial":
            return vc.DialCall(agent=random.choice(AGENTS), number="+12065550142")
        if kind == "desk" and slots:
            return self._desk(*random.choice(slots))
        return None

    def _desk(self, agent: str, slot: object) -> Command:
        random = self.random
        contact: str = slot.contact  # type: ignore[attr-defined]
        held = self.phones.state.contacts.get(contact)
        call = self.phones.state.call_of(held) if held is not None else None
        leg = random.choice(list(call.legs)) if call is not None and call.legs else "none"
        if slot.state in ("MISSED", "REJECTED", "ERROR", "ENDED"):  # type: ignore[attr-defined]
            return c.ClearContact(agent=agent, contact=contact)
        if slot.state == "INCOMING" and random.random() < 0.8:  # type: ignore[attr-defined]
            return c.AcceptContact(agent=agent, contact=contact)
        other = random.choice(AGENTS)
        return random.choice(
            [
                c.RejectContact(agent=agent, contact=contact),
                c.EndContact(agent=agent, contact=contact),
                c.StopContact(contact=contact),
                c.TransferAgentContact(agent=agent, contact=contact, quick_connect=random.choice(("to-q2", "to-a2"))),
                vc.AddCallParticipant(agent=agent, contact=contact, number="+12065550199"),
                vc.HoldLeg(agent=agent, contact=contact),
                vc.ResumeLeg(agent=agent, contact=contact),
                vc.HoldAll(agent=agent, contact=contact),
                vc.SwapLegs(agent=agent, contact=contact),
                vc.JoinLegs(agent=agent, contact=contact),
                vc.DropLeg(agent=agent, contact=contact, leg=leg),
                vc.MuteLeg(agent=agent, contact=contact, muted=True, leg=leg),
                vc.SendDigits(agent=agent, contact=contact, digits="1"),
                vc.MonitorCall(contact=contact, user=other, capabilities=("SILENT_MONITOR", "BARGE")),
                vc.SetMonitorMode(agent=agent, contact=contact, mode="BARGE"),
                vc.ChangeRecording(contact=contact, action=random.choice(("start", "suspend", "resume", "stop"))),
            ]
        )

    def check(self) -> None:
        """What holds at every moment."""
        state = self.phones.state
        for call in state.calls.values():
            assert call.contacts, f"call {call.id} belongs to nobody"
            assert all(identifier in state.contacts for identifier in call.contacts)
            assert any(leg.kind != "SUPERVISOR" for leg in call.legs.values()), f"nobody is on {call.id}"
            for leg in call.legs.values():
                assert leg.contact in state.contacts, f"{leg.kind} is in no contact"
                assert state.contacts[leg.contact].place != "ended", f"{leg.kind} of a contact that is over"
            for identifier in call.contacts:
                party = state.contacts[identifier].party
                assert party is None or party in call.legs or state.contacts[identifier].place == "ended"
        for contact in state.contacts.values():
            if contact.place != "ended" and contact.initiation_method != "EXTERNAL_OUTBOUND" and not contact.callback:
                assert contact.call in state.calls, f"{contact.initiation_method} {contact.place} has no call"
            if contact.place == "agent" and contact.agent is not None and contact.agent.left_at is None:
                slot = state.slot(contact.agent.user, contact.id)
                assert slot is not None and slot.state != "ENDED"
        for agent in state.agents.values():
            for slot in agent.slots.values():
                assert slot.contact in state.contacts or slot.state in ("MISSED", "REJECTED", "ERROR")

    def calm(self) -> None:
        """Everybody hangs up and clears: nothing remains."""
        phones = self.phones
        for agent in AGENTS:
            phones.do(c.SetStatus(agent=agent, status="offline"))
        for _ in range(200):
            for call in list(phones.state.calls.values()):
                for leg in list(call.legs.values()):
                    if call.id in phones.state.calls:
                        phones.do(vc.LegGone(call=call.id, leg=leg.id, cause="hangup"))
            for desk in phones.state.agents.values():
                for slot in list(desk.slots.values()):
                    if not slot.live:
                        phones.do(c.ClearContact(agent=desk.user, contact=slot.contact))
            for contact in list(phones.state.contacts.values()):
                if contact.place in ("scheduled", "queue") and contact.callback is not None:
                    phones.do(c.StopContact(contact=contact.id))
            if not phones.state.contacts and not phones.state.calls:
                break
        assert not phones.state.calls and not phones.state.contacts
        assert not phones.state.runs and not [key for key in phones.state.timers if not key.startswith("forget")]


@pytest.mark.parametrize("seed", range(6))
def test_a_storm_passes(seed: int) -> None:
    """DESK-72 and all the rest of it: no crash, no orphan, no contact in two places; a replay gives the same state."""
    storm = Storm(seed)
    for _ in range(150):
        storm.step()
    fold = Fold(State())
    for event in storm.phones.events:
        fold.apply(event)
    assert fold.state == storm.phones.state
    storm.calm()
