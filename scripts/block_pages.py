"""The reference page of the flow blocks, from their declarations."""

from collections.abc import Iterator
from typing import Any

from switchroom.flows.blocks import registry
from switchroom.flows.catalogue import catalogue

_GROUPS = {
    "INTERACT": "Interact",
    "SET": "Set",
    "CHECK": "Check and branch",
    "INTEGRATE": "Integrate",
    "END": "Terminate and transfer",
}
_TYPES = {
    "CONTACT_FLOW": "inbound",
    "CUSTOMER_QUEUE": "customer queue",
    "CUSTOMER_HOLD": "customer hold",
    "CUSTOMER_WHISPER": "customer whisper",
    "OUTBOUND_WHISPER": "outbound whisper",
    "AGENT_HOLD": "agent hold",
    "AGENT_WHISPER": "agent whisper",
    "AGENT_TRANSFER": "transfer to agent",
    "QUEUE_TRANSFER": "transfer to queue",
    "MODULE": "module",
}
_RULES = {"Y": "works", "E": "takes Error", "S": "passes without effect"}
_ALL = len(_TYPES) - 1

INTRODUCTION = """
Every block of the flow language, from the same declarations that the designer, the checker and the runner read
(`src/switchroom/flows/blocks/`). A block has one or more forms; a form is stored as one action type, and some of them
as two. **M**: set manually; **D**: set dynamically, to a reference such as `$.Attributes.name`. Required properties are
bold. A branch in brackets is one that old flows may lack; one with a condition is there only when the property says so.
"""


def blocks() -> Iterator[str]:
    """The page, part by part."""
    yield INTRODUCTION.strip() + "\n"
    found = catalogue()["Blocks"]
    assert len(found) == len(registry.FACES)
    for group, title in _GROUPS.items():
        members = [block for block in found if block["Group"] == group]
        yield f"## {title}\n"
        for block in members:
            yield from _block(block)


def _block(block: dict[str, Any]) -> Iterator[str]:
    yield f"### {block['Name']}\n"
    yield (
        block["About"]
        + ("" if block["Available"] else " *Not part of this contact centre yet: it takes Error.*")
        + "\n"
    )
    types = [_TYPES[type] for type in block["FlowTypes"]]
    everywhere = len([type for type in block["FlowTypes"] if type != "MODULE"]) == _ALL
    yield "- Flow types: " + ("all, and modules" if everywhere else ", ".join(types))
    rules = ", ".join(f"{channel.lower()} {_RULES[letter]}" for channel, letter in block["Channels"].items())
    yield f"- Channels: {rules}\n"
    for variant in block["Variants"]:
        yield from _variant(variant, alone=len(block["Variants"]) == 1)


def _variant(variant: dict[str, Any], *, alone: bool) -> Iterator[str]:
    stored = f"`{variant['ActionType']}`" + "".join(f", also spelled `{alias}`" for alias in variant.get("Aliases", ()))
    yield (f"Stored as {stored}." if alone else f"**{variant['Name']}**, stored as {stored}.") + "\n"
    companion = variant.get("Companion")
    if companion is not None:
        place = "before" if companion["Before"] else "behind"
        yield f"Together with `{companion['ActionType']}` {place} it.\n"
    fields = [*variant["Fields"], *(companion["Fields"] if companion is not None else ())]
    if fields:
        yield "| Property | Parameter | Set | Values |\n| --- | --- | --- | --- |"
        yield "\n".join(_field(field) for field in fields) + "\n"
    branches = [_branch(branch) for branch in variant["Branches"]]
    if "Rows" in variant:
        branches.insert(0, f"one for each condition of the author (`{_operators(variant['Rows'])}`)")
    yield "Branches: " + ("; ".join(branches) if branches else "none, the flow ends here or goes elsewhere") + ".\n"


def _field(field: dict[str, Any]) -> str:
    mode = "M, D" if field["Manual"] and field["Dynamic"] else "M" if field["Manual"] else "D"
    label = f"**{field['Label']}**" if field["Required"] else field["Label"]
    path = f"`{field['Path']}`" if field["Path"] else "`PromptId`, `Text`, `SSML` or `Media`"
    return f"| {label} | {path} | {mode} | {_values(field)} |"


def _values(field: dict[str, Any]) -> str:
    parts = []
    choices = [choice["Value"] for choice in field.get("Choices", ())]
    if len(choices) > 12:
        parts.append(f"one of {len(choices)}, such as `{choices[0]}`")
    elif choices:
        parts.append(", ".join(f"`{choice}`" for choice in choices))
    if "Resource" in field:
        parts.append(field["Resource"].replace("-", " "))
    if "Low" in field:
        unit = f" {field['Unit'].lower()}" if "Unit" in field else ""
        parts.append(f"{field['Low']} to {field['High']}{unit}")
    elif field["Kind"] in ("TEXT", "LONG_TEXT") and "High" in field:
        parts.append(f"at most {field['High']} characters")
    if "Default" in field:
        parts.append(f"new: `{field['Default']}`")
    if "Help" in field:
        parts.append(field["Help"])
    return "; ".join(parts).replace("|", "\\|")


def _operators(rows: dict[str, Any]) -> str:
    return "`, `".join(operator["Value"] for operator in rows["Operators"])


def _branch(branch: dict[str, Any]) -> str:
    stored = {"NEXT": "`NextAction`", "ERROR": f"error `{branch.get('Outcome')}`"}.get(branch["Kind"])
    stored = stored or f"condition `{branch['Operator']}` `{branch['Outcome']}`"
    when = " and ".join(_tell(tell) for tell in branch.get("When", ()))
    text = f"{branch['Label']} ({stored}{f', when {when}' if when else ''})"
    return text if branch["Required"] else f"[{text}]"


def _tell(tell: dict[str, Any]) -> str:
    if tell.get("Absent"):
        return f"`{tell['Path']}` is not set"
    values = [value for value in tell.get("Values", ()) if value]
    return f"`{tell['Path']}` is `{'` or `'.join(values)}`" if values else f"`{tell['Path']}` is set"
