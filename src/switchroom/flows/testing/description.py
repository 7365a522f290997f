"""How a scenario is described.

    flow: support.json                  # beside the description; or the name of a shipped flow
    type: CUSTOMER_QUEUE                # of a flow that is not a CONTACT_FLOW
    at: 2026-03-02T09:30:00+09:00       # the clock; it moves when the customer waits
    contact: {channel: CHAT, attributes: {plan: gold}, customer: "+14255550100"}
    queues:
      BasicQueue: {hours: open, waiting: 0, oldest: 0, online: 2, staffed: 2, available: 1, limit: 10}
    hours: {Holidays: closed, Office: "Mon-Fri 09:00-17:00 Asia/Tokyo"}
    functions: {lookup: {name: Jane}}   # see `stubs.FunctionStubs`
    bots: {Orders: {Track: {says: [where is], answers: On its way}}}      # see `stubs.BotStubs`
    flows: {Other flow: other.json}     # and `modules`; the shipped ones are there anyway
    customer: ["1", {says: hello}, {waits: 10m}, silence, hangs up]       # see `inputs`
    expect: {path: [...], said: [...], attributes: {...}, queue: BasicQueue, end: queued}      # see `Expected`

Several scenarios in a file stand in a list `scenarios`; what stands beside it holds for each that does not say
otherwise. Resources are found by ARN or id as in the flow; give `id:` where it is not the name. In a flow written for
the test, `{queue:BasicQueue}` and the like stand for them too.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import yaml

from switchroom.flows.language import text_of
from switchroom.flows.testing.inputs import DescriptionError

DEFAULT_START = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
_MERGED = ("contact", "queues", "hours", "functions", "bots", "flows", "modules")


class QueueState(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A queue as the scenario finds it. `oldest` in seconds; `hours` as for hours of operation."""

    id: str = ""
    hours: str = "open"
    waiting: int = 0
    oldest: int = 0
    online: int = 0
    staffed: int = 0
    available: int = 0
    busy: int = 0
    limit: int | None = None


class ContactState(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The contact. `customer` and `system` are addresses, `agent` is a user name; a task may be `paused`."""

    channel: str = "CHAT"
    attributes: dict[str, Any] = {}
    customer: str | None = None
    system: str | None = None
    agent: str | None = None
    id: str | None = None
    name: str | None = None
    description: str | None = None
    language: str | None = None
    customer_id: str | None = None
    initiation_method: str | None = None
    paused: bool = False
    segment_attributes: dict[str, Any] = {}


class Expected(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What must have happened; what is not named may be as it likes.

    `path`: the blocks in order, by their names; `through`: these blocks in this order, others between them; `avoids`:
    none of these. `said`: everything said to the customer; `hears`: texts in this order, each within something said.
    `queue`: where the contact went, null for nowhere. `values`: by JSONPath, as they are in the end. `functions`: the
    parameters of the last call.
    """

    path: list[str] | msgspec.UnsetType = msgspec.UNSET
    through: list[str] | msgspec.UnsetType = msgspec.UNSET
    avoids: list[str] | msgspec.UnsetType = msgspec.UNSET
    said: list[str] | msgspec.UnsetType = msgspec.UNSET
    hears: list[str] | msgspec.UnsetType = msgspec.UNSET
    attributes: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET
    queue: str | msgspec.UnsetType | None = msgspec.UNSET
    end: str | msgspec.UnsetType = msgspec.UNSET
    values: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET
    functions: dict[str, dict[str, Any]] | msgspec.UnsetType = msgspec.UNSET


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One described play."""

    flow: str
    name: str = ""
    type: str = "CONTACT_FLOW"
    at: datetime = DEFAULT_START
    seed: int = 1
    contact: ContactState = ContactState()
    queues: dict[str, QueueState | None] = {}
    hours: dict[str, str] = {}
    prompts: list[str] = []
    users: list[str] = []
    templates: list[str] = []
    flows: dict[str, str] = {}
    modules: dict[str, str] = {}
    functions: dict[str, Any] = {}
    bots: dict[str, Any] = {}
    customer: list[Any] = []
    expect: Expected = Expected()


def read(description: str) -> list[Scenario]:
    """The scenarios of a description (YAML or JSON). Raises DescriptionError."""
    try:
        plan = yaml.safe_load(description)
    except yaml.YAMLError as wrong:
        raise DescriptionError(f"The description is not YAML: {wrong}") from None
    if not describes(plan):
        raise DescriptionError("A description is a mapping with at least `flow`")
    return list(_scenarios(plan))


def describes(plan: Any) -> bool:
    """Whether plain data is meant as a description."""
    return isinstance(plan, dict) and ("flow" in plan or isinstance(plan.get("scenarios"), list))


def one(plan: Any) -> Scenario:
    """A scenario of plain data. Raises DescriptionError, which tells the place."""
    try:
        return msgspec.convert(_plain(plan), Scenario, strict=False)
    except msgspec.ValidationError as wrong:
        raise DescriptionError(f"The description cannot be read: {wrong}") from None


def _scenarios(plan: dict[str, Any]) -> Iterator[Scenario]:
    listed = plan.get("scenarios")
    if listed is None:
        yield one(plan)
        return
    common = {key: value for key, value in plan.items() if key != "scenarios"}
    for number, own in enumerate(listed):
        if not isinstance(own, dict):
            raise DescriptionError(f"Scenario {number + 1} is not a mapping")
        merged = {**common, **own}
        for key in _MERGED:
            if isinstance(common.get(key), dict) and isinstance(own.get(key), dict):
                merged[key] = {**common[key], **own[key]}
        yield one({"name": f"scenario {number + 1}", **merged})


def _plain(value: Any) -> Any:
    """YAML may read a bare date or number where a text is meant: keys and the texts of lists become texts."""
    if isinstance(value, dict):
        return {text_of(key): _plain(item) for key, item in value.items() if item is not None or key == "queue"}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return value
