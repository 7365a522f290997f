"""Applications outside whose events rules can use: one file each, which calls `declare`.

A file knows the real payloads of its application and turns them into what happened.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from switchroom.base.arns import Site
from switchroom.features.rules.happening import Happening

Payload = dict[str, Any]


class Arrived(msgspec.Struct, frozen=True):
    """A payload that was read. `id` is the application's own, None where it gives none; it is delivered once by it."""

    id: str | None
    about: str
    happenings: tuple[Happening, ...]


@dataclass(frozen=True, slots=True)
class Application:
    """An application. `source_type` is its name as integration associations have it; None for one of one's own.

    `read(payload, url)` understands a payload of the instance at `url`; it raises ValueError for one that is none.
    `example(trigger, values, now, id)` is a payload as the application would send it.
    `domain` is what addresses of its instances usually end with.
    `shared_secret`: whether requests may carry the secret itself, because the application cannot sign.
    """

    key: str
    source_type: str | None
    event_source: Callable[[Site, str, str], str]
    integration: Callable[[str], str]
    read: Callable[[Payload, str], Arrived]
    example: Callable[[str, Mapping[str, str], int, str], Payload]
    domain: str = ""
    shared_secret: bool = False


APPLICATIONS: dict[str, Application] = {}


def declare(application: Application) -> Application:
    """Make an application known."""
    if application.key in APPLICATIONS:
        raise ValueError(f"application {application.key} is declared twice")
    APPLICATIONS[application.key] = application
    return application


def of_source(source_type: str | None) -> Application | None:
    """The application of an integration association's SourceType."""
    return next((one for one in APPLICATIONS.values() if one.source_type == source_type), None)


def subdomain(url: str) -> str:
    """The first label of the host of an address: what tells instances of an application apart."""
    host = url.partition("://")[2].partition("/")[0].partition(":")[0]
    return host.partition(".")[0].lower() or "instance"


for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
