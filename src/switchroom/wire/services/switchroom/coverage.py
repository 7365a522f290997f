"""What this version answers, for the administration pages."""

from typing import Any

from switchroom.wire.call import Call
from switchroom.wire.coverage import coverage
from switchroom.wire.operation import BINDINGS, operation
from switchroom.wire.service_model import SERVICES, load_service


@operation("switchroom", "ListApiCoverage")
def list_api_coverage(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Operations of each service, and whether they are bound."""
    wanted = request.get("Service")
    models = [load_service(name) for name in SERVICES if wanted in (None, name)]
    bindings = {key: binding for key, binding in BINDINGS.items() if wanted in (None, key[0])}
    return {
        "Services": [
            {
                "Service": item.service,
                "Bound": item.bound,
                "Total": len(item.operations),
                "Operations": [{"Name": name, "Bound": bound} for name, bound in item.operations.items()],
            }
            for item in coverage(models, bindings)
        ]
    }
