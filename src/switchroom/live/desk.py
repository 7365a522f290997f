"""An agent's desk as the desktop gets it: the core's snapshot, and what only the configuration knows."""

from typing import Any

from switchroom.core.commands import AgentSnapshot
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.permissions import granted

CALLING_OUT = "OutboundCallAccess"
RESTRICT_TASK_CREATION = "RestrictTaskCreation.Access"


class Desks:
    """Snapshots of agents' desks."""

    def __init__(self, centres: Any, catalogue: Catalogue) -> None:
        self._centres = centres
        self._catalogue = catalogue

    async def snapshot(self, instance: str, user: str) -> dict[str, Any]:
        """The members of `GetAgentSnapshot`'s Snapshot. Raises ServiceError."""
        snapshot: dict[str, Any] = await self._centres.submit(instance, AgentSnapshot(agent=user))
        snapshot["CanCreateTasks"] = not self.restricted(instance, user)
        if snapshot["Outbound"]["Allowed"] and not self._may_call_out(instance, user):
            snapshot["Outbound"] |= {"Allowed": False, "Reason": "NO_PERMISSION"}
        for contact in snapshot["Contacts"]:
            if contact["Channel"] == "CHAT":
                contact["AttachmentsEnabled"] = True
            template = contact.get("TaskTemplate")
            if template is not None:
                known = self._catalogue.find(instance, "task-template", template["Id"])
                template["Name"] = known.name if known is not None else None
        return snapshot

    def _may_call_out(self, instance: str, user: str) -> bool:
        """NUM-51."""
        document = self._catalogue.find(instance, "user", user)
        return document is not None and CALLING_OUT in granted(self._catalogue, document)

    def restricted(self, instance: str, user: str) -> bool:
        """ROUT-91: one security profile with the restriction is enough."""
        document = self._catalogue.find(instance, "user", user)
        for identifier in (document.body.get("SecurityProfileIds") or ()) if document else ():
            profile = self._catalogue.find(instance, "security-profile", identifier)
            if profile is not None and RESTRICT_TASK_CREATION in (profile.body.get("Permissions") or ()):
                return True
        return False
