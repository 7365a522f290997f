"""A draft tried with the resources of an instance: its queues, hours, prompts, users and other published flows."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from switchroom.base.arns import parse_id
from switchroom.core.hours import read_hours
from switchroom.flows.language import CompiledFlow, FlowSyntaxError, parse
from switchroom.flows.library import KINDS
from switchroom.flows.scenario import Resource
from switchroom.flows.state import MODULE
from switchroom.flows.testing.description import QueueState, Scenario
from switchroom.flows.testing.inputs import DescriptionError
from switchroom.flows.testing.stage import FLOW_KIND, MODULE_KIND, contact_of, opening
from switchroom.flows.testing.world import PlayedWorld
from switchroom.flows.world import AgentCounts, Named, QueueCounts
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Document

AS_CONFIGURED = "configured"
"""Hours that are what the instance says they are, at the moment of the test."""

_STAFFED = QueueState(online=1, staffed=1, available=1)
_ARN = re.compile(r"arn:aws[\w-]*:connect:[\w-]*:\d*:instance/[0-9a-f-]{36}/[\w./:$-]+")


@dataclass
class InstanceResource(Resource):
    """A resource under its own ARN."""

    own_arn: str = ""

    @property
    def arn(self) -> str:
        """As configured."""
        return self.own_arn


class InstanceWorld(PlayedWorld):
    """The world of a draft: what the scenario says of queues and hours (by name or id), else open and one agent.

    The draft takes the place of what is published under its id.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        instance: str,
        scenario: Scenario,
        draft: CompiledFlow,
        watch: Callable[[int], None] | None = None,
    ) -> None:
        now = round(scenario.at.timestamp() * 1_000)
        super().__init__(contact_of(scenario.contact), now=now, seed=scenario.seed, watch=watch)
        self._catalogue = catalogue
        self._instance = instance
        self._scenario = scenario
        self._draft = draft
        self.shelf.put(draft)

    def find(self, kind: str, reference: str) -> Resource | None:
        """See `World.find`."""
        identifier = parse_id(reference).partition(":")[0]
        known = next((r for r in self.resources if r.kind == kind and r.id == identifier), None)
        if known is not None:
            return known
        if identifier == self._draft.id and kind == (MODULE_KIND if self._draft.type == MODULE else FLOW_KIND):
            return self._keep(InstanceResource(kind, identifier, self._draft.name, self._draft.type), self._draft.arn)
        document = self._catalogue.find(self._instance, kind, identifier)
        if document is None and kind == "user":
            document = self._catalogue.by_name(self._instance, kind, reference)
        return None if document is None else self._made(document)

    def agent_queue(self, user: Named) -> Resource | None:
        """See `World.agent_queue`."""
        for document in self._catalogue.all(self._instance, "queue"):
            if document.body.get("QueueType") == "AGENT" and document.body.get("UserId") == user.id:
                return self.find("queue", document.id)
        return None

    def _made(self, document: Document) -> Resource | None:
        made = InstanceResource(document.kind, document.id, document.name)
        if document.kind == "queue":
            self._queue(made, document)
        elif document.kind == "hours-of-operation":
            self._hours(made, document)
        elif document.kind in (FLOW_KIND, MODULE_KIND) and not self._published(made, document):
            return None
        return self._keep(made, document.arn)

    def _queue(self, queue: Resource, document: Document) -> None:
        queues = self._scenario.queues
        given = queues.get(document.name) or queues.get(document.id)
        state = given or _STAFFED
        agents = AgentCounts(online=state.online, staffed=state.staffed, available=state.available, busy=state.busy)
        queue.counts = QueueCounts(state.waiting, state.oldest * 1_000, agents)
        queue.maximum = state.limit
        queue.user = document.body.get("UserId") if document.body.get("QueueType") == "AGENT" else None
        queue.hours = document.body.get("HoursOfOperationId")
        if given is not None and given.hours != AS_CONFIGURED and queue.hours is not None:
            queue.hours = self.add("hours-of-operation", f"hours of {document.name}", **opening(given.hours)).id

    def _hours(self, hours: Resource, document: Document) -> None:
        states = self._scenario.hours
        state = states.get(document.name) or states.get(document.id) or "open"
        if state == AS_CONFIGURED:
            overrides = [
                one.body
                for one in self._catalogue.all(self._instance, "hours-override")
                if one.body["HoursOfOperationId"] == document.id
            ]
            hours.schedule = read_hours(document.body, overrides, identifier=document.id)
            return
        for key, value in opening(state).items():
            setattr(hours, key, value)

    def _published(self, flow: Resource, document: Document) -> bool:
        """Compile what is published of another flow, when a block first names it."""
        content = document.body.get("Content")
        if not content or document.body.get("State") == "ARCHIVED":
            return False
        flow.type = MODULE if document.kind == MODULE_KIND else str(document.body["Type"])
        version = int(document.body.get("Version") or 1)
        try:
            compiled = parse(
                str(content), id=document.id, arn=document.arn, name=document.name, type=flow.type, version=version
            )
        except FlowSyntaxError:
            return False
        self.shelf.put(compiled)
        return True

    def _keep(self, made: InstanceResource, arn: str) -> Resource:
        made.own_arn = arn
        self.resources.append(made)
        return made


def draft_of(content: str, identifier: str, arn: str, name: str, type: str) -> CompiledFlow:
    """A draft ready to be tried. Raises DescriptionError when it is not a flow at all."""
    try:
        return parse(content, id=identifier or "draft", arn=arn, name=name or "draft", type=type)
    except FlowSyntaxError as wrong:
        raise DescriptionError(str(wrong)) from None


def portable(content: str, catalogue: Catalogue, instance: str) -> str:
    """A document that names resources as `{queue:BasicQueue}` where it had ARNs, for `switchroom flow test`."""
    words = {kind: word for word, kind in KINDS.items()}

    def placeholder(found: re.Match[str]) -> str:
        document = catalogue.by_arn(found.group())
        if document is None or document.instance != instance or document.kind not in words:
            return found.group()
        return f"{{{words[document.kind]}:{document.name}}}"

    return _ARN.sub(placeholder, content)
