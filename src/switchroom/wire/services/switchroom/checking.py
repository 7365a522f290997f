"""What the pages ask about flows being written and about this installation."""

from typing import Any

from switchroom.flows.check import Problem, check
from switchroom.wire.call import Call
from switchroom.wire.coverage import coverage
from switchroom.wire.operation import BINDINGS, operation
from switchroom.wire.service_model import SERVICES, load_service
from switchroom.wire.services.connect.common import catalogue, instance_of
from switchroom.wire.services.connect.flow_check import exists

_ORDER = {"error": 0, "warning": 1}


def _shape(problem: Problem) -> dict[str, Any]:
    return {
        "Severity": problem.severity.upper(),
        "Code": problem.code,
        "Message": problem.message,
        "Path": problem.path or None,
        "ActionId": problem.action or None,
    }


@operation("switchroom", "CheckFlow", permission=("ContactFlows.View", "ContactFlowModules.View"))
def check_flow(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """What the checker finds in flow content that is not saved. With an instance, references are looked up in it."""
    lookup = None
    if request.get("InstanceId"):
        view, instance = catalogue(call), instance_of(call, request)

        def lookup(kind: str, reference: str) -> bool:
            return exists(view, instance, kind, reference)

    problems = check(
        request["Content"],
        request.get("Type") or "CONTACT_FLOW",
        exists=lookup,
        language=request.get("Language") or "en",
    )
    return {"Problems": [_shape(one) for one in sorted(problems, key=lambda one: _ORDER[one.severity])]}


@operation("switchroom", "ListApiCoverage")
def list_api_coverage(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Which operations of each service model are bound."""
    wanted = request.get("Service")
    names = [name for name in SERVICES if wanted in (None, name)]
    models = {name: load_service(name) for name in names}
    bindings = {key: binding for key, binding in BINDINGS.items() if key[0] in models}
    return {
        "Services": [
            {
                "Service": one.service,
                "Bound": one.bound,
                "Total": len(one.operations),
                "Operations": [{"Name": name, "Bound": bound} for name, bound in sorted(one.operations.items())],
            }
            for one in coverage(list(models.values()), bindings)
        ]
    }
