"""Short ways to write flows in tests, and to drive them."""

import json
from typing import Any

import msgspec

from switchroom.flows.language import CompiledFlow, parse
from switchroom.flows.run import Outcome, advance, start
from switchroom.flows.scenario import Contact, ScenarioWorld
from switchroom.flows.state import Await, Ended, FlowRun, Signal, SignalKind


def action(
    identifier: str,
    type: str,
    parameters: dict[str, Any] | None = None,
    next: str | None = None,
    errors: dict[str, str] | None = None,
    conditions: list[tuple[str, str, str]] | None = None,
) -> dict[str, Any]:
    """An action; conditions are (operator, operand, next)."""
    return {
        "Identifier": identifier,
        "Type": type,
        "Parameters": parameters or {},
        "Transitions": {
            **({"NextAction": next} if next else {}),
            "Errors": [{"NextAction": n, "ErrorType": kind} for kind, n in (errors or {}).items()],
            "Conditions": [
                {"NextAction": n, "Condition": {"Operator": o, "Operands": [v]}} for o, v, n in conditions or []
            ],
        },
    }


def text(identifier: str, said: str, next: str, error: str | None = None) -> dict[str, Any]:
    return action(identifier, "MessageParticipant", {"Text": said}, next, {"NoMatchingError": error} if error else None)


END = action("end", "EndFlowExecution")
HANG_UP = action("disconnect", "DisconnectParticipant")


def document(*actions: dict[str, Any], start: str | None = None) -> str:
    return json.dumps(
        {
            "Version": "2019-10-30",
            "StartAction": start or actions[0]["Identifier"],
            "Metadata": {},
            "Actions": list(actions),
        }
    )


class Drive:
    """A flow on a scenario world: `go` starts it, `signal` answers a wait. Every wait survives the journal."""

    def __init__(self, *actions: dict[str, Any], type: str = "CONTACT_FLOW", **contact: Any) -> None:
        self.world = ScenarioWorld(Contact(**contact))
        self.main = self.flow("main", *actions, type=type)
        self.run: FlowRun
        self.outcome: Outcome

    def flow(
        self, identifier: str, *actions: dict[str, Any], type: str = "CONTACT_FLOW", version: int = 1
    ) -> CompiledFlow:
        """Publish a flow or, with type MODULE, a module."""
        kind = "contact-flow-module" if type == "MODULE" else "contact-flow"
        resource = self.world.find(kind, identifier) or self.world.add(kind, identifier, id=identifier, type=type)
        compiled = parse(
            document(*actions), id=identifier, arn=resource.arn, name=identifier, type=type, version=version
        )
        self.world.shelf.put(compiled)
        return compiled

    def go(self, **options: Any) -> "Drive":
        self.run, self.outcome = start("run", self.main, self.world.shelf, self.world, **options)
        return self

    def signal(self, kind: SignalKind = "done", value: Any = None, *, after_ms: int = 0) -> "Drive":
        assert isinstance(self.outcome, Await), self.outcome
        self.world.clock += after_ms
        kept = msgspec.msgpack.decode(msgspec.msgpack.encode(self.run), type=FlowRun)
        assert kept == self.run
        signal = Signal(self.outcome.id, kind, value)
        self.run, self.outcome = advance(kept, self.world.shelf, self.world, signal)
        return self

    @property
    def awaited(self) -> Await:
        assert isinstance(self.outcome, Await), self.outcome
        return self.outcome

    @property
    def ended(self) -> str:
        assert isinstance(self.outcome, Ended), self.outcome
        return self.outcome.reason

    @property
    def path(self) -> list[str]:
        return self.world.path()

    @property
    def said(self) -> list[str | None]:
        return [message.written for message in self.world.said]
