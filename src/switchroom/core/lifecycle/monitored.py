"""What a contact must be like before a supervisor may listen to it (quality.md, Monitoring and barge)."""

from switchroom.base.errors import invalid_request
from switchroom.core.call import MonitorMode
from switchroom.core.contact import Contact
from switchroom.core.turn import Turn


def check_monitored(turn: Turn, contact: Contact, *, enhanced: bool, capabilities: tuple[MonitorMode, ...]) -> None:
    """What both channels ask (QUAL-133): an agent is there, and the switch of the instance or the flow permits it.

    `enhanced`: the instance's option for the channel. Raises InvalidRequestException.
    """
    if contact.place == "ended" or contact.initiation_method == "MONITOR":
        raise invalid_request("The contact or the agent is not in a state that can be monitored")
    stay = contact.agent
    if stay is None or stay.connected_at is None or stay.left_at is not None:
        raise invalid_request("No agent participant found on the contact")
    if enhanced and "SILENT_MONITOR" not in capabilities:
        raise invalid_request("AllowedMonitorCapabilities must contain at least SILENT_MONITOR")
    if not enhanced and "BARGE" in capabilities:
        raise invalid_request("Monitoring failed, enable multi-party conference")
    if not enhanced and not {"Agent", "Customer"} <= set(contact.recorded):
        raise invalid_request("Monitoring failed, please enable call recording")
