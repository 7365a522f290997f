"""The functions that flows call: the centre's effect in, the answer back as a command."""

from switchroom.centre.centres import Centres
from switchroom.centre.flowing import CallFunction
from switchroom.channels.functions.runner import FunctionFailed, FunctionRunner
from switchroom.core.commands import SignalFlow


class FunctionCalls:
    """Performs `CallFunction`. A call may run twice when the centre moved while it was under way."""

    def __init__(self, runner: FunctionRunner, centres: Centres) -> None:
        self._runner = runner
        self._centres = centres

    async def perform(self, effect: CallFunction) -> None:
        """Call, and tell the flow what came of it (FLOW-124, FLOW-125)."""
        try:
            value = await self._runner.invoke(effect.call.arn, effect.call.event, effect.call.timeout_ms)
        except FunctionFailed as failed:
            signal = SignalFlow(key=effect.key, id=effect.id, kind="failed", value=str(failed))
        else:
            signal = SignalFlow(key=effect.key, id=effect.id, kind="done", value=value)
        await self._centres.submit(effect.instance, signal)
