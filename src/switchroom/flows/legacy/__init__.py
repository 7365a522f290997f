"""Flows of the old language (`modules`, `branches`, `start`), converted into the current one (FLOW-51).

`modules.py` holds a rule for each kind of block; what no rule knows becomes an action of the same type that carries the
old block whole, so that nothing is lost and the designer can show it.
"""

from typing import Any

from switchroom.flows.legacy.module import Module
from switchroom.flows.legacy.modules import RULES, unknown

VERSION = "2019-10-30"


def is_legacy(document: Any) -> bool:
    """Whether a JSON document is a flow of the old language."""
    return isinstance(document, dict) and isinstance(document.get("modules"), list) and "Actions" not in document


def convert(document: dict[str, Any]) -> dict[str, Any]:
    """A flow of the old language in the current one; ids, positions, names, notes and all other metadata are kept.

    Raises ValueError when a block is not an object with `id` and `type`, or `start` is missing.
    """
    start = document.get("start")
    if not isinstance(start, str):
        raise ValueError('"start" must be the id of a module')
    metadata = document.get("metadata")
    metadata = dict(metadata) if isinstance(metadata, dict) else {}
    kind = document.get("type") or metadata.get("type")
    if kind:
        metadata["type"] = kind
    actions: list[dict[str, Any]] = []
    described: dict[str, Any] = {}
    for position, raw in enumerate(document["modules"]):
        if not isinstance(raw, dict) or not isinstance(raw.get("id"), str) or not isinstance(raw.get("type"), str):
            raise ValueError(f'Module {position} needs "id" and "type"')
        module = Module(raw, str(kind or ""))
        rule = RULES.get(f"{module.type}/{module.target}") or RULES.get(module.type) or unknown
        made = rule(module)
        actions.extend(made)
        described[module.id] = module.metadata()
        for more in made[1:]:
            described[more["Identifier"]] = _beside(described[module.id])
    notes = metadata.pop("annotations", None) or metadata.pop("Annotations", None) or []
    whole = {**metadata, "ActionMetadata": described, "Annotations": notes}
    return {"Version": VERSION, "StartAction": start, "Metadata": whole, "Actions": actions}


def _beside(metadata: dict[str, Any]) -> dict[str, Any]:
    """Where the second action of a block stands on the canvas."""
    position = metadata.get("position")
    if not isinstance(position, dict) or not isinstance(position.get("y"), (int, float)):
        return {}
    return {"position": {**position, "y": position["y"] + 160}}
