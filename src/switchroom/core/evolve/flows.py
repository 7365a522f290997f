"""How events change flow runs and what the centre remembers."""

from switchroom.base.clock import DAY
from switchroom.core import events as e
from switchroom.core.evolve.fold import Fold, folds

REMEMBER = DAY
"""How long an answer to a ClientToken is kept."""


@folds(e.FlowMoved)
def _flow_moved(fold: Fold, event: e.FlowMoved) -> None:
    if event.run is None:
        fold.state.runs.pop(event.key, None)
        fold.arm(f"whisper {event.key.replace('/', ' ')}", None)
    else:
        fold.state.runs[event.key] = event.run
    fold.arm(f"flow {event.key}", event.until if event.run is not None else None)


@folds(e.LoopsCounted)
def _loops_counted(fold: Fold, event: e.LoopsCounted) -> None:
    if event.contact in fold.state.contacts:
        fold.state.loops[event.contact] = event.loops


@folds(e.RequestRemembered)
def _request_remembered(fold: Fold, event: e.RequestRemembered) -> None:
    fold.state.remembered[event.token] = (event.at, event.answer)
    fold.arm(f"forget {event.token}", event.at + REMEMBER)
