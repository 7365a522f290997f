"""Whatever a flow looks like and whatever comes back, a run ends, waits or errs cleanly."""

import json
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from switchroom.flows.blocks import registry
from switchroom.flows.blocks.declare import PROMPT_PATHS
from switchroom.flows.check import check
from switchroom.flows.language import FlowSyntaxError, dump, parse
from switchroom.flows.run import advance, start
from switchroom.flows.scenario import Contact, ScenarioWorld
from switchroom.flows.state import FLOW_TYPES, Await, Ended, FlowRun, Signal
from switchroom.flows.world import Endpoint

EXAMPLES = 60
NAMES = [f"b{n}" for n in range(8)]
TEXTS = """
1|0|5|True|False|Enabled|x||$.Attributes.a|$.External.list|$.Channel|$.Queue.ARN|main|queue|hours|maria|beep|module|
$.Attributes['a b']|${'Attributes'}['a']|<speak>x|JSON|NumberOfAgentsOnline|CustomerQueue|Steps|Value|+14255550100
"""
VALUES = st.sampled_from([text.strip("\n") for text in TEXTS.split("|")])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 999) | st.floats(allow_nan=False, allow_infinity=False) | VALUES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(VALUES, inner, max_size=3),
    max_leaves=6,
)
MORE = """
Messages RoutingCriteria AnalyticsBehavior Events References LambdaInvocationAttributes InputValidation InputEncryption
DTMFConfiguration ResponseValidation DelaySeconds ScheduledTime Name Attributes EventHooks Tags TagKeys
"""


def parameters_of(kind: str) -> st.SearchStrategy[str]:
    """The parameters that mean something to a block, and a few that may."""
    paths = [path for form in registry.FORMS.get(kind, []) for path in (*_field_paths(form), *form.preset)]
    own = [path.split(".")[0] for path in paths if path]
    return st.sampled_from([*own * 3, *MORE.split()])


def _field_paths(form: registry.Form) -> list[str]:
    return [path for field in form.fields for path in ([field.path] if field.path else PROMPT_PATHS)]


OUTCOMES = ["NoMatchingError", "NoMatchingCondition", "QueueAtCapacity", "InputTimeLimitExceeded", "InvalidPhoneNumber"]
OPERANDS = ["True", "False", "ContinueLooping", "DoneLooping", "WaitCompleted", "CustomerReturned", "1", "50"]


@st.composite
def actions(draw: st.DrawFn, identifier: str) -> dict[str, Any]:
    target = st.sampled_from(NAMES)
    operators = st.sampled_from(["Equals", "NumberLessThan", "NumberGreaterThan", "TextContains", "Strange"])
    kind = draw(st.sampled_from([*sorted(registry.FORMS), "Unknown"]))
    condition = st.tuples(operators, st.sampled_from(OPERANDS) | VALUES, target)
    return {
        "Identifier": identifier,
        "Type": kind,
        "Parameters": draw(st.dictionaries(parameters_of(kind), JSON, max_size=5)),
        "Transitions": {
            **({"NextAction": draw(target)} if draw(st.booleans()) else {}),
            "Errors": [{"NextAction": draw(target), "ErrorType": e} for e in draw(st.sets(st.sampled_from(OUTCOMES)))],
            "Conditions": [
                {"NextAction": n, "Condition": {"Operator": o, "Operands": [v]}}
                for o, v, n in draw(st.lists(condition, max_size=3))
            ],
        },
    }


@st.composite
def documents(draw: st.DrawFn) -> str:
    made = [draw(actions(name)) for name in NAMES[: draw(st.integers(1, len(NAMES)))]]
    return json.dumps({"Version": "2019-10-30", "StartAction": "b0", "Metadata": {}, "Actions": made})


def world(channel: str) -> ScenarioWorld:
    made = ScenarioWorld(Contact(channel=channel, attributes={"a": "1"}, customer_endpoint=Endpoint("+14255550100")))
    made.add("hours-of-operation", "h", id="hours")
    made.person.queue = made.add("queue", "Main", id="queue", hours="hours")
    made.add("user", "maria", id="maria")
    made.add("prompt", "beep", id="beep")
    return made


SIGNALS = st.lists(
    st.tuples(
        st.sampled_from(["done", "failed", "timeout", "customer_returned", "bot_left", "bot_missing"]),
        st.sampled_from([None, "1", "5551234", {"list": [1]}, [1], {"a": "b"}, 7]),
    ),
    max_size=6,
)


@settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(documents(), documents(), st.sampled_from(FLOW_TYPES), st.sampled_from(["VOICE", "CHAT", "TASK"]), SIGNALS)
def test_any_flow_runs_cleanly(
    content: str, module: str, type: str, channel: str, signals: list[tuple[Any, Any]]
) -> None:
    """BLK-003: nothing crashes a flow; every wait survives the journal; the checker reads any flow too."""
    check(content, type)
    made = world(channel)
    for identifier, text, kind in (("main", content, type), ("module", module, "MODULE")):
        resource = "contact-flow-module" if kind == "MODULE" else "contact-flow"
        arn = made.add(resource, identifier, id=identifier, type=kind).arn
        made.shelf.put(parse(text, id=identifier, arn=arn, name=identifier, type=kind))
    main = made.shelf.flow("main")
    assert main is not None
    run, outcome = start("r", main, made.shelf, made)
    for kind, value in signals:
        kept = msgspec.msgpack.decode(msgspec.msgpack.encode(run), type=FlowRun)
        assert kept == run
        if isinstance(outcome, Ended):
            assert run.ended == outcome
            break
        assert isinstance(outcome, Await)
        assert run.awaiting == outcome
        made.clock += 1_000
        run, outcome = advance(kept, made.shelf, made, Signal(outcome.id, kind, value))
    json.dumps(made.logs)


@settings(max_examples=50, deadline=None)
@given(documents())
def test_round_trip(content: str) -> None:
    """BLK-007: parse and dump lose nothing."""
    assert json.loads(dump(parse(content))) == json.loads(content)


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["Version", "StartAction", "Actions", "Identifier", "Type", "Transitions", "Conditions", "Errors"]
            ),
            inner | st.just("2019-10-30"),
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(ANY, st.lists(ANY, max_size=3))
def test_any_json_is_read_or_refused(document: Any, parts: list[Any]) -> None:
    for candidate in (document, {"Version": "2019-10-30", "StartAction": "a", "Actions": parts}):
        text = json.dumps(candidate)
        problems = check(text)
        try:
            parse(text)
        except FlowSyntaxError:
            assert [p.code for p in problems] == ["not-a-flow"]
