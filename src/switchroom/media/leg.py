"""A leg as its call sees it, whatever it is made of."""

import logging
from abc import ABC, abstractmethod
from typing import Any, Literal, Protocol

from switchroom.core.calls.quality import quality
from switchroom.core.media import LegPlan
from switchroom.media.audio.api import AudioError, LegStats
from switchroom.media.audio.engine import AudioEngine
from switchroom.media.listening import KeySource, LegSound

log = logging.getLogger(__name__)

Cause = Literal["hangup", "busy", "no_answer", "rejected", "invalid", "failed"]


class LegOwner(Protocol):
    """The call that a leg belongs to hears what happens to it."""

    def leg_rang(self, leg: "Leg", early: bool) -> None: ...
    def leg_connected(self, leg: "Leg") -> None: ...
    def leg_lost(self, leg: "Leg") -> None: ...
    def leg_gone(self, leg: "Leg", cause: Cause, code: int | None) -> None: ...
    def leg_key(self, leg: "Leg", key: str) -> None: ...
    def leg_referred(self, leg: "Leg", target: str) -> None: ...


class Leg(ABC):
    """One leg. Its name in the audio engine is its id."""

    def __init__(self, identifier: str, engine: AudioEngine) -> None:
        self.id = identifier
        self.plan: LegPlan | None = None
        self.sound: LegSound | None = None
        self.over = False
        self.carried = False
        """It had sound once."""
        self.engine = engine
        self._owner: LegOwner | None = None
        self._pressed = 0
        """So many keys of `LegPlan.pressed` were heard (CHAT-07)."""

    @property
    def owner(self) -> LegOwner:
        """The call. RuntimeError before there is one."""
        if self._owner is None:
            raise RuntimeError(f"leg {self.id} has no call")
        return self._owner

    @property
    def owned(self) -> bool:
        """Whether a call has taken it."""
        return self._owner is not None

    @property
    def up(self) -> bool:
        """Whether somebody is at the other end now."""
        return self.carried and not self.over

    def adopt(self, owner: LegOwner, sound: LegSound) -> None:
        """It belongs to this call from now on."""
        self._owner = owner
        self.sound = sound

    def apply(self, plan: LegPlan) -> None:
        """Its part of a new plan."""
        self.plan = plan
        if self.sound is not None:
            self.sound.apply(plan)
        if plan.pressed is not None and plan.pressed[0] > self._pressed:
            new, self._pressed = plan.pressed[0] - self._pressed, plan.pressed[0]
            for key in plan.pressed[1][-new:]:
                self.key(key, "info")

    @abstractmethod
    def hang_up(self, code: int | None = None) -> None:
        """End it in whatever state it is; `code` for a call that was not answered. Nothing is reported."""

    def key(self, key: str, source: KeySource) -> None:
        """A key was pressed."""
        if self.sound is not None and self.sound.key(key, source) and self._owner is not None:
            self._owner.leg_key(self, key)

    def finish(self) -> None:
        """Give back what it held. Twice does no harm."""
        self.over = True
        if self.sound is not None:
            self.sound.close()

    def stats(self) -> LegStats | None:
        """Figures of its sound, if it has any."""
        try:
            return self.engine.stats(self.id)
        except AudioError:
            return None

    def quality(self) -> dict[str, Any] | None:
        """How the sound was: score 1 to 5 and what it suffered from (REC-37)."""
        stats = self.stats() if self.carried else None
        if stats is None or stats.received < 50:
            return None
        loss = stats.lost / (stats.received + stats.lost)
        return quality(loss, (stats.rtt_ms or 0.0) / 1000, stats.jitter_ms / 1000, stats.delay_ms / 1000)
