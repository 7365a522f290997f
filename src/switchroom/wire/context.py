"""What handlers reach through `call.services`: the parts of a running node, put together in `app/`."""

from dataclasses import dataclass, field
from typing import Any

from switchroom.base.arns import Site
from switchroom.base.settings import Settings
from switchroom.wire.audit import Audit
from switchroom.wire.keys import Keys
from switchroom.wire.sessions import Sessions
from switchroom.wire.tokens import Tokens


@dataclass(slots=True)
class Services:
    """Everything an operation may use. Fields of parts that a node does not run are None.

    `sockets`: the WebSocket routes of `live/`, see `wire.sockets.SocketRoute`.
    `health`: further members of the answer of `/health`, which is 503 while `ready` is False.
    """

    settings: Settings
    site: Site
    database: Any = None
    bus: Any = None
    objects: Any = None
    envelope: Any = None
    catalogue: Any = None
    repository: Any = None
    centres: Any = None
    live: Any = None
    views: Any = None
    channels: Any = None
    voice: Any = None
    functions: Any = None
    function_logs: Any = None
    bots: Any = None
    seeder: Any = None
    simulations: Any = None
    user_batches: Any = None
    mailer: Any = None
    event_intake: Any = None
    event_connections: Any = None
    lost_passwords: Any = None
    keys: Keys | None = None
    sessions: Sessions | None = None
    tokens: Tokens | None = None
    audit: Audit | None = None
    sockets: list[Any] = field(default_factory=list)
    health: dict[str, Any] = field(default_factory=dict)
    ready: bool = True
