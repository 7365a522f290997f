"""Quick connects (FLOW-73): a user, a queue, a flow or a phone number an agent can transfer to."""

from switchroom.base.errors import invalid_parameter
from switchroom.resources.document import Document
from switchroom.resources.resource import Names, OnDelete, Quota, Reference, Resource, View, declare

_CONFIG = {"USER": "UserConfig", "QUEUE": "QueueConfig", "PHONE_NUMBER": "PhoneConfig", "FLOW": "FlowConfig"}
_FLOW_TYPE = {"USER": "AGENT_TRANSFER", "QUEUE": "QUEUE_TRANSFER"}


def _check(view: View, document: Document, before: Document | None) -> None:
    config = document.body["QuickConnectConfig"]
    kind = config["QuickConnectType"]
    given = [name for name in _CONFIG.values() if config.get(name)]
    if given != [_CONFIG[kind]]:
        raise invalid_parameter(f"A quick connect of type {kind} needs {_CONFIG[kind]} and no other configuration")
    flow_id = config[_CONFIG[kind]].get("ContactFlowId")
    if flow_id is None or (before and before.body["QuickConnectConfig"] == config):
        return
    flow = view.get(document.instance, "contact-flow", flow_id)
    wanted = _FLOW_TYPE.get(kind)
    if wanted and flow.body["Type"] != wanted:
        raise invalid_parameter(f"A quick connect of type {kind} needs a flow of type {wanted}")


QUICK_CONNECT = declare(
    Resource(
        kind="quick-connect",
        label="Quick connect",
        arn="transfer-destination/{id}",
        names=Names.EXACT,
        references=(
            Reference("QuickConnectConfig.UserConfig.UserId", "user", OnDelete.ORPHAN),
            Reference("QuickConnectConfig.UserConfig.ContactFlowId", "contact-flow"),
            Reference("QuickConnectConfig.QueueConfig.QueueId", "queue"),
            Reference("QuickConnectConfig.QueueConfig.ContactFlowId", "contact-flow"),
            Reference("QuickConnectConfig.FlowConfig.ContactFlowId", "contact-flow"),
        ),
        quota=Quota("QUICK_CONNECTS"),
        check=_check,
        in_use="InvalidRequestException",
    )
)
