"""The projection that keeps journeys and flow logs (FLOW-134), and raises the alerts on them (FLOW-137)."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from switchroom.base.clock import iso_ms
from switchroom.centre.batch import Batch
from switchroom.core import events as e
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Document
from switchroom.resources.log_pattern import LogPattern, read_pattern
from switchroom.storage import flow_log_alerts, outbox
from switchroom.storage.flow_log_alerts import Raised
from switchroom.storage.flow_logs import FlowLogs, LoggedBlock
from switchroom.storage.outbox import Message
from switchroom.views.streams import FLOW_LOG_ALERTS, message

if TYPE_CHECKING:
    from switchroom.centre.batch import Connection

Rules = list[tuple[Document, LogPattern]]


class FlowLogRows:
    """Writes the blocks that ran in a commit; what an alert looks for is owed to the stream of alerts."""

    def __init__(self, logs: FlowLogs, catalogue: Catalogue) -> None:
        self._logs = logs
        self._catalogue = catalogue

    async def project(self, connection: "Connection", batch: Batch) -> None:
        """One statement for all of them."""
        logged = [(seq, event) for seq, event in batch.events if isinstance(event, e.FlowLogged)]
        if not logged:
            return
        await self._logs.append(batch.instance, [block for _, event in logged for block in _blocks(event)], connection)
        rules = self._rules(batch.instance)
        if rules:
            await _raise(connection, batch.instance, logged, rules)

    def _rules(self, instance: str) -> Rules:
        """The alerts that are on."""

        def build() -> Rules:
            found = self._catalogue.all(instance, "flow-log-alert")
            return [(one, read_pattern(one.body["Pattern"])) for one in found if one.body.get("Enabled", True)]

        return self._catalogue.memo(instance, "flow-log-alert", "patterns", build)


async def _raise(
    connection: "Connection", instance: str, logged: Sequence[tuple[int, e.FlowLogged]], rules: Rules
) -> None:
    raised: list[Raised] = []
    messages: list[Message] = []
    for seq, event in logged:
        entries = [walked.entry for walked in event.blocks if walked.entry is not None]
        texts = [msgspec.json.encode(entry).decode() for entry in entries]
        for rule, pattern in rules:
            fits = [text for entry, text in zip(entries, texts, strict=True) if pattern.matches(entry, text)]
            if not fits:
                continue
            raised.append(Raised(rule.id, event.contact, event.at, len(fits), fits[0]))
            told = {
                "AlertId": rule.id,
                "AlertName": rule.name,
                "Pattern": rule.body["Pattern"],
                "ContactId": event.contact,
                "Timestamp": iso_ms(event.at),
                "Count": len(fits),
                "Entry": msgspec.Raw(fits[0].encode()),
            }
            messages.append(message(FLOW_LOG_ALERTS, instance, f"flow-log-alert/{instance}/{seq}/{rule.id}", told))
    if raised:
        await flow_log_alerts.keep(connection, instance, raised)
        await outbox.put(connection, messages)


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
