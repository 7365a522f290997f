"""Invoke AWS Lambda function."""

import json
from typing import Any, Literal

from switchroom.flows.blocks.declare import (
    AH,
    AW,
    BOTH,
    CH,
    CQ,
    CW,
    IN,
    TA,
    TQ,
    Face,
    Field,
    choices,
)
from switchroom.flows.blocks.registry import block, resumes
from switchroom.flows.blocks.step import Move, Step
from switchroom.flows.function_event import function_event, function_result
from switchroom.flows.language import text_of
from switchroom.flows.state import FunctionCall, Signal
from switchroom.flows.world import FlowError

SEQUENCE_MS = 20_000
"""Functions in a row, without a prompt between them, share this time (BASE-105)."""

GRACE_MS = 2_000
"""How much longer than its time an answer may take to come back; then nobody is calling any more."""


FUNCTION = Face(
    "invoke-function",
    ("Invoke AWS Lambda function", "AWS Lambda 関数を呼び出す"),
    (
        "Calls a function and keeps what it answers in External attributes.",
        "関数を呼び出し、結果を外部属性に保存します。",
    ),
    "INTEGRATE",
    (IN, CQ, CH, CW, AH, AW, TA, TQ),
    log="InvokeExternalResource",
)


@block(
    FUNCTION,
    "InvokeLambdaFunction",
    Field("LambdaFunctionARN", ("Function", "関数"), "RESOURCE", required=True, resource="lambda-function"),
    Field("LambdaInvocationAttributes", ("Input parameters", "入力パラメータ"), "PAIRS"),
    Field(
        "InvocationTimeLimitSeconds",
        ("Timeout", "タイムアウト"),
        "DURATION",
        "M",
        required=True,
        default="3",
        low=1,
        high=8,
        unit="SECONDS",
    ),
    Field(
        "ResponseValidation.ResponseType",
        ("Response validation", "レスポンスの検証"),
        "CHOICE",
        "M",
        default="STRING_MAP",
        choices=choices(STRING_MAP=("Flat map of texts", "文字列のマップ"), JSON=("JSON", "JSON")),
    ),
    ways=BOTH,
    waits=True,
    twice=True,
)
def invoke(step: Step) -> Move:
    """Call a function with the contact and parameters (BLK-088..092)."""
    arn = step.text("LambdaFunctionARN")
    if not arn:
        raise FlowError("No function is named")
    limit = step.integer("InvocationTimeLimitSeconds", 1, 8, 3)
    raw = step.parameters.get("LambdaInvocationAttributes")
    parameters: dict[str, Any] = step.value(raw) if isinstance(raw, dict) else {}
    left = min(limit * 1_000, SEQUENCE_MS - step.run.function_ms)
    step.logged = {"FunctionArn": arn, "TimeLimit": str(limit * 1_000), "Parameters": parameters}
    if left <= 0:
        raise FlowError("Functions without a prompt between them have used up their 20 seconds")
    event = json.dumps(function_event(step.world, parameters), ensure_ascii=False)
    return step.stand(FunctionCall(arn, event, left, _response_type(step)), step.world.now + left + GRACE_MS)


@resumes("InvokeLambdaFunction")
def answered(step: Step, signal: Signal) -> Move:
    step.run.function_ms += max(0, step.world.now - step.run.waiting_since)
    step.frame.external = None
    step.logged = {"FunctionArn": step.text("LambdaFunctionARN")}
    if signal.kind != "done":
        return step.fail("NoMatchingError", text_of(signal.value or signal.kind))
    step.frame.external = function_result(signal.value, _response_type(step))
    step.results = step.frame.external
    return step.next()


def _response_type(step: Step) -> Literal["STRING_MAP", "JSON"]:
    rule = step.parameters.get("ResponseValidation")
    return "JSON" if isinstance(rule, dict) and rule.get("ResponseType") == "JSON" else "STRING_MAP"
