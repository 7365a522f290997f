"""Binding functions to modelled operations.

    @operation("connect", "DescribeQueue", permission="Queues.View")
    async def describe_queue(call: Call, request: dict[str, Any]) -> dict[str, Any]: ...

A handler gets the parsed and checked input (member names as modelled, blobs as bytes, timestamps as epoch seconds)
and returns the output members; members of None are left out. It may be a plain function when it has nothing to await.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeVar

from switchroom.wire.call import Call

Auth = Literal["caller", "signed", "session", "bearer", "none"]
Output = dict[str, Any] | None
Handler = Callable[[Call, dict[str, Any]], Output | Awaitable[Output]]
HandlerType = TypeVar("HandlerType", bound=Callable[..., Any])

OPERATOR = "*operator*"
"""As `permission`: only API keys may call; no security profile grants it (creating an instance, for example)."""


@dataclass(frozen=True, slots=True)
class Binding:
    """What answers one operation, and who may call it.

    `permissions`: a signed-in person needs any one of them; empty means that any authenticated caller will do.
    A person must hold all of `also` besides. `unless`: a person with any of these restrictions may not.
    `auth`: "caller" = API key or signed-in person, "signed" = API key only, "session" = person only,
    "bearer" = participant or connection token, "none" = anyone.
    """

    service: str
    name: str
    handler: Handler
    permissions: frozenset[str]
    auth: Auth
    is_async: bool
    also: frozenset[str] = frozenset()
    unless: frozenset[str] = frozenset()


BINDINGS: dict[tuple[str, str], Binding] = {}

_DEFAULT_AUTH: dict[str, Auth] = {"connectparticipant": "bearer"}


def operation(
    service: str,
    name: str,
    *,
    permission: str | Iterable[str] | None = None,
    auth: Auth | None = None,
    also: str | None = None,
    unless: str | None = None,
) -> Callable[[HandlerType], HandlerType]:
    """Bind the decorated function to operation `name` of `service`; binding one twice is an error."""

    def bind(handler: HandlerType) -> HandlerType:
        if (service, name) in BINDINGS:
            raise ValueError(f"{service}:{name} is bound twice")
        BINDINGS[service, name] = make_binding(
            service, name, handler, permission=permission, auth=auth, also=also, unless=unless
        )
        return handler

    return bind


def make_binding(
    service: str,
    name: str,
    handler: Callable[..., Any],
    *,
    permission: str | Iterable[str] | None = None,
    auth: Auth | None = None,
    also: str | None = None,
    unless: str | None = None,
) -> Binding:
    """A binding that is not registered."""
    permissions = (permission,) if isinstance(permission, str) else (permission or ())
    return Binding(
        service=service,
        name=name,
        handler=handler,
        permissions=frozenset(permissions),
        auth=auth or _DEFAULT_AUTH.get(service, "caller"),
        is_async=inspect.iscoroutinefunction(handler),
        also=frozenset((also,) if also else ()),
        unless=frozenset((unless,) if unless else ()),
    )


@cache
def load_bindings() -> dict[tuple[str, str], Binding]:
    """Import every module below `wire/services` and return all bindings."""
    from switchroom.wire import services

    for module in pkgutil.walk_packages(services.__path__, services.__name__ + "."):
        importlib.import_module(module.name)
    return BINDINGS
