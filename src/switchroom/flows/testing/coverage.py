"""Which blocks and branches of which flows the scenarios went through."""

import msgspec

from switchroom.flows.language import Action, CompiledFlow
from switchroom.flows.testing.played import PlayedStep


class FlowCoverage(msgspec.Struct):
    """Of one flow. Names of blocks, and `name outcome` of branches, that no scenario took are in `missed_...`."""

    flow: str
    blocks: int
    branches: int
    missed_blocks: list[str]
    missed_branches: list[str]

    @property
    def text(self) -> str:
        """One line for people."""
        return (
            f"{self.flow}: {self.blocks - len(self.missed_blocks)} of {self.blocks} blocks,"
            f" {self.branches - len(self.missed_branches)} of {self.branches} branches"
        )


class Coverage:
    """Adds up over scenarios. Flows count as the same when their name and their blocks are."""

    def __init__(self) -> None:
        self._flows: dict[tuple[str, frozenset[str]], CompiledFlow] = {}
        self._taken: dict[tuple[str, frozenset[str]], set[tuple[str, str]]] = {}

    def add(self, flow: CompiledFlow, steps: list[PlayedStep]) -> None:
        """What a scenario did in a flow."""
        key = flow.name, frozenset(flow.actions)
        self._flows.setdefault(key, flow)
        taken = self._taken.setdefault(key, set())
        taken.update((step.action, step.outcome) for step in steps if step.flow == flow.id)

    def flows(self) -> list[FlowCoverage]:
        """The coverage of each flow, by name."""
        return [self._of(key) for key in sorted(self._flows, key=lambda key: key[0])]

    def _of(self, key: tuple[str, frozenset[str]]) -> FlowCoverage:
        flow, taken = self._flows[key], self._taken[key]
        met = {action for action, _ in taken}
        branches = [(action, way) for action in flow.actions.values() for way in ways(action)]
        return FlowCoverage(
            flow=flow.name,
            blocks=len(flow.actions),
            branches=len(branches),
            missed_blocks=[action.name for id, action in flow.actions.items() if id not in met],
            missed_branches=[
                f"{action.name} {label(action, way)}" for action, way in branches if (action.id, way) not in taken
            ],
        )


def ways(action: Action) -> list[str]:
    """The outcomes of an action that lead somewhere, as `run.way` names them."""
    found = ["next"] if action.next else []
    found += [f"condition:{number}" for number, condition in enumerate(action.conditions) if condition.next]
    return found + [f"error:{kind}" for kind, target in action.errors.items() if target]


def label(action: Action, way: str) -> str:
    """An outcome as people know it."""
    kind, _, detail = way.partition(":")
    if kind == "condition":
        condition = action.conditions[int(detail)]
        return f"{condition.operator} {condition.operand}".strip()
    return detail or "Success"
