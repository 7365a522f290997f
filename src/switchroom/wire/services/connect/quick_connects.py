"""Quick connects (FLOW-73)."""

from typing import Any

from switchroom.resources.document import Document
from switchroom.wire.services.connect.family import Family, Update


def _kind(document: Document) -> str:
    return str(document.body["QuickConnectConfig"]["QuickConnectType"])


def _selected(document: Document, request: dict[str, Any]) -> bool:
    return not request.get("QuickConnectTypes") or _kind(document) in request["QuickConnectTypes"]


QUICK_CONNECTS = Family(
    kind="quick-connect",
    noun="QuickConnect",
    plural="QuickConnects",
    permission="TransferDestinations",
    identity="QuickConnectId",
    arn="QuickConnectARN",
    members=("Description", "QuickConnectConfig"),
    summary=lambda document: {"QuickConnectType": _kind(document)},
    select=_selected,
    selectors=("QuickConnectTypes",),
    implied=("Queues.View", "BasicAgentAccess"),
    updates={
        "UpdateQuickConnectName": Update(("Name", "Description")),
        "UpdateQuickConnectConfig": Update(("QuickConnectConfig",)),
    },
).register()
