"""A module is tested by a flow that does nothing but invoke it."""

import json

from switchroom.flows.language import VERSION, CompiledFlow, parse

CALLER = "caller-of-the-module"


def caller_of(module: CompiledFlow) -> CompiledFlow:
    """The flow that invokes a module and ends."""
    errors = [{"NextAction": "end", "ErrorType": "NoMatchingError"}]
    invoke = {
        "Identifier": "invoke",
        "Type": "InvokeFlowModule",
        "Parameters": {"FlowModuleId": module.id},
        "Transitions": {"NextAction": "end", "Errors": errors, "Conditions": []},
    }
    end = {"Identifier": "end", "Type": "EndFlowExecution", "Parameters": {}, "Transitions": {}}
    document = {"Version": VERSION, "StartAction": "invoke", "Metadata": {}, "Actions": [invoke, end]}
    return parse(json.dumps(document), id=CALLER, name=CALLER)
