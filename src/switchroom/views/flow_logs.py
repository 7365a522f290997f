"""The projection that keeps journeys and flow logs (FLOW-134)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from switchroom.centre.batch import Batch
from switchroom.core import events as e
from switchroom.storage.flow_logs import FlowLogs, LoggedBlock

if TYPE_CHECKING:
    from switchroom.centre.batch import Connection


class FlowLogRows:
    """Writes the blocks that ran in a commit."""

    def __init__(self, logs: FlowLogs) -> None:
        self._logs = logs

    async def project(self, connection: "Connection", batch: Batch) -> None:
        """One statement for all of them."""
        blocks = [block for _, event in batch.events if isinstance(event, e.FlowLogged) for block in _blocks(event)]
        if blocks:
            await self._logs.append(batch.instance, blocks, connection)


def _blocks(event: e.FlowLogged) -> Iterator[LoggedBlock]:
    for walked in event.blocks:
        yield LoggedBlock(
            contact=event.contact,
            flow=event.flow,
            version=event.version,
            purpose=event.purpose,
            action=walked.action,
            outcome=walked.outcome,
            at=event.at,
            entry=None if walked.entry is None else msgspec.json.encode(walked.entry).decode(),
        )
