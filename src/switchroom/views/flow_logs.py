"""The projection that keeps flow logs (FLOW-134)."""

from typing import TYPE_CHECKING

from switchroom.centre.batch import Batch
from switchroom.core import events as e
from switchroom.storage.flow_logs import FlowLogs

if TYPE_CHECKING:
    from switchroom.centre.batch import Connection


class FlowLogRows:
    """Writes the entries of a commit."""

    def __init__(self, logs: FlowLogs) -> None:
        self._logs = logs

    async def project(self, connection: "Connection", batch: Batch) -> None:
        """One statement for all of them."""
        entries = [event.entry for _, event in batch.events if isinstance(event, e.FlowLogged)]
        if entries:
            await self._logs.append(batch.instance, entries, connection)
