"""The blocks of the flow language, for the designer."""

from typing import Any

from switchroom.flows.catalogue import catalogue
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import instance_of


@operation("switchroom", "ListFlowBlocks", permission=("ContactFlows.View", "ContactFlowModules.View"))
def list_flow_blocks(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """BLK-001: every block with its properties, branches, flow types and channels, and what values can refer to."""
    instance_of(call, request)
    return catalogue((request.get("Language") or "en").startswith("ja"))
