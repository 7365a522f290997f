"""Doors over operations of a test."""

from collections.abc import Callable
from typing import Any

from switchroom.base.clock import now_ms
from switchroom.base.settings import Settings
from switchroom.storage.security import ApiKey
from switchroom.wire.app import App, create_app
from switchroom.wire.context import Services
from switchroom.wire.keys import Keys
from switchroom.wire.operation import Binding, make_binding
from switchroom.wire.service_model import SERVICES, load_service
from switchroom.wire.tokens import Tokens
from tests.wire.serving import ACCESS_KEY, SECRET_KEY

MODELS = [load_service(name) for name in SERVICES]


class Clock:
    """Wall clock of a door, which a test may move (milliseconds), and its timer (seconds)."""

    def __init__(self) -> None:
        self.ahead = 0
        self.seconds = 0.0

    def now(self) -> int:
        return now_ms() + self.ahead

    def timer(self) -> float:
        return self.seconds


def bind(service: str, name: str, handler: Callable[..., Any], **options: Any) -> dict[tuple[str, str], Binding]:
    return {(service, name): make_binding(service, name, handler, **options)}


def make_services(*, policy: str | None = None, **options: Any) -> Services:
    """Services with the root key of the tests and a key `AKLIMITED` with `policy`."""
    settings = Settings(**options)
    services = Services(settings, settings.site, keys=Keys(settings.site), tokens=Tokens(b"k" * 32))
    assert services.keys is not None
    services.keys.add_root(ACCESS_KEY, SECRET_KEY)
    services.keys.add(ApiKey("AKLIMITED", "limited", "limited", policy))
    return services


def make_app(
    bindings: dict[tuple[str, str], Binding], services: Services | None = None, clock: Clock | None = None
) -> App:
    clock = clock or Clock()
    return create_app(services or make_services(), bindings=bindings, models=MODELS, clock=clock.now, timer=clock.timer)
