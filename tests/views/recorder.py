"""A stage that keeps what each turn would commit, and a way to project it."""

import copy
from collections.abc import Iterable
from typing import Any

from switchroom.centre.batch import Batch, Projection
from switchroom.core import commands as c
from switchroom.core.config import Configuration
from switchroom.core.contact import Contact
from switchroom.core.turn import Turn
from switchroom.flows.language import CompiledFlow
from switchroom.storage.postgres import Database
from switchroom.views.agent_events import AgentState, Change, agent_events
from switchroom.views.contact_events import contact_events
from switchroom.views.contacts import rows_of
from switchroom.views.facts import Facts, facts_of
from tests.core.stage import SITE, Stage


class Recorder(Stage):
    """Batches of all turns, and the newest row of each contact."""

    def __init__(self, config: Configuration | None = None, flows: Iterable[CompiledFlow] = ()) -> None:
        self.batches: list[Batch] = []
        self.rows: dict[str, Any] = {}
        self.agents: dict[str, AgentState] = {}
        self.agent_stream: list[Change] = []
        self.contact_stream: list[dict[str, Any]] = []
        super().__init__(config, flows)

    def _end(self, turn: Turn) -> None:
        first = len(self.events) + 1
        super()._end(turn)
        if not turn.events:
            return
        chains = {contact.initial_id for contact in turn.touched.values()}
        batch = Batch(
            instance=self.config.instance,
            events=list(enumerate(turn.events, start=first)),
            contacts=copy.deepcopy(turn.touched),
            attributes={chain: turn.chains.get(chain) or self.state.attributes.get(chain, {}) for chain in chains},
            agents=list(turn.touched_agents),
            state=self.state,
            indexes=turn.indexes,
            config=self.config,
        )
        self.batches.append(batch)
        for row in rows_of(batch):
            self.rows[row.id] = row
        self.contact_stream += [event for _, event in contact_events(batch)]
        self.agent_stream += agent_events(batch, self.agents)

    def facts(self, contact: str) -> Facts:
        """What the contact's row tells."""
        return facts_of(SITE, self.rows[contact])

    def told(self, contact: str) -> list[dict[str, Any]]:
        """The `detail` of each contact event of a contact, in order."""
        details = [event["detail"] for event in self.contact_stream]
        return [detail for detail in details if detail["contactId"] == contact]

    # short ways

    def available(self, *agents: str) -> None:
        for agent in agents:
            self.do(c.SetStatus(agent=agent, status="available"))

    def chat(self, **members: Any) -> tuple[str, str]:
        """A chat whose customer is connected: (contact, participant)."""
        answer = self.do(c.StartChat(**{"flow": "to-queue", "customer_name": "Jane", **members}))
        self.do(c.ConnectParticipant(session=answer["contact"], participant=answer["participant"]))
        return answer["contact"], answer["participant"]

    def task(self, **members: Any) -> str:
        answer: dict[str, str] = self.do(c.StartTask(**{"name": "Call back", "flow": "to-queue", **members}))
        return answer["contact"]

    def current(self, contact: str) -> Contact:
        return self.state.contacts[contact]


async def project(database: Database, projections: Iterable[Projection], batches: Iterable[Batch]) -> None:
    """Write batches as a centre's commits do."""
    for batch in batches:
        async with database.pool.acquire() as connection, connection.transaction():
            for projection in projections:
                await projection.project(connection, batch)
