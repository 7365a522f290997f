"""A leg that is a browser: an agent, a supervisor, or a customer on a web page."""

import logging

from switchroom.media.audio.engine import AudioEngine
from switchroom.media.leg import Leg
from switchroom.media.webrtc.legs import BrowserLegs

log = logging.getLogger(__name__)


class WebLeg(Leg):
    """One browser's leg. It may be lost and come back, also from another page, until the plan drops it."""

    def __init__(self, identifier: str, engine: AudioEngine, browsers: BrowserLegs) -> None:
        super().__init__(identifier, engine)
        self._browsers = browsers
        self._heard = False

    @property
    def up(self) -> bool:
        return self._heard and super().up

    def connected(self) -> None:
        """Sound flows, for the first time or again."""
        if self.over:
            return
        first, self.carried, self._heard = not self.carried, True, True
        if self.sound is not None and first:
            self.sound.connect()
        self.owner.leg_connected(self)

    def lost(self) -> None:
        """Nothing is heard of the browser, or it said goodbye."""
        self._heard = False
        if not self.over:
            self.owner.leg_lost(self)

    def hang_up(self, code: int | None = None) -> None:
        self.finish()

    def finish(self) -> None:
        super().finish()
        self._browsers.leave(self.id)
