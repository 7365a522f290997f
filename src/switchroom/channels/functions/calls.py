"""The functions that flows call: the centre's effect in, the answer back as a command, the log beside the flow log."""

import asyncio
import logging

from switchroom.base.arns import Site
from switchroom.centre.centres import Centres
from switchroom.centre.flowing import CallFunction
from switchroom.channels.functions.failure import CallLog
from switchroom.channels.functions.runner import FunctionFailed, FunctionRunner, unqualified
from switchroom.core.commands import SignalFlow
from switchroom.resources.catalogue import Catalogue
from switchroom.storage.function_logs import FunctionLogs, LoggedCall

log = logging.getLogger(__name__)

WRITE_SECONDS = 0.2
"""How long calls are collected before they are written to the log."""


class FunctionCalls:
    """Performs `CallFunction`. A call may run twice when the centre moved while it was under way.

    A function of this site must be added to the instance (BLK-092). One of another region or account may be named in a
    flow without that, as long as something here stands in for it (FLOW-123).
    """

    def __init__(
        self, runner: FunctionRunner, centres: Centres, catalogue: Catalogue, logs: FunctionLogs, site: Site
    ) -> None:
        self._runner = runner
        self._centres = centres
        self._catalogue = catalogue
        self._logs = logs
        self._site = site
        self._pending: list[LoggedCall] = []
        self._writing: asyncio.Task[None] | None = None

    async def perform(self, effect: CallFunction) -> None:
        """Call, and tell the flow what came of it (FLOW-124, FLOW-125)."""
        tries: list[CallLog] = []
        try:
            if not self.allowed(effect.instance, effect.call.arn):
                raise FunctionFailed(f"The function {effect.call.arn} has not been added to the contact centre")
            value = await self._runner.invoke(effect.call.arn, effect.call.event, effect.call.timeout_ms, tries)
        except FunctionFailed as failed:
            signal = SignalFlow(key=effect.key, id=effect.id, kind="failed", value=str(failed))
        else:
            signal = SignalFlow(key=effect.key, id=effect.id, kind="done", value=value)
        self._note(effect, tries)
        await self._centres.submit(effect.instance, signal)

    def allowed(self, instance: str, arn: str) -> bool:
        """Whether flows of an instance may call a function."""
        ours = f":{self._site.region}:{self._site.account}:" in arn
        associated = self._catalogue.all(instance, "lambda-function")
        return not ours or any(one.name in (arn, unqualified(arn)) for one in associated)

    async def close(self) -> None:
        """Write what is pending."""
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)
        await self._write()

    def _note(self, effect: CallFunction, tries: list[CallLog]) -> None:
        contact = effect.key.partition("/")[0]
        for one in tries:
            times = (one.at, one.duration_ms)
            self._pending.append(
                LoggedCall(effect.instance, contact, one.arn, one.request, *times, one.fault, one.lines)
            )
        if self._pending and (self._writing is None or self._writing.done()):
            self._writing = asyncio.create_task(self._write_soon())

    async def _write_soon(self) -> None:
        await asyncio.sleep(WRITE_SECONDS)
        await self._write()
        if self._pending:
            self._writing = asyncio.create_task(self._write_soon())

    async def _write(self) -> None:
        calls, self._pending = self._pending, []
        if not calls:
            return
        try:
            await self._logs.append(calls)
        except Exception:
            log.exception("%d calls of functions could not be written to the log", len(calls))
