"""Sockets' URLs and connection tokens."""

from typing import Any

from switchroom.base.clock import DAY, SECOND, iso_ms
from switchroom.live.node import CHAT_PATH
from switchroom.wire.call import Call

URL_LIFE = 100 * SECOND
TOKEN_LIFE = DAY


def connect(
    call: Call, instance: str, session: str, participant: str, view: dict[str, Any], kinds: list[str]
) -> dict[str, Any]:
    """`Websocket` and `ConnectionCredentials` of a participant, as far as asked for (CHAT-63).

    Without TLS the client library takes a socket at 127.0.0.1 alone, so that is how this machine is called.
    """
    tokens = call.services.tokens
    assert tokens is not None

    def mint(expires: int) -> str:
        return tokens.mint("connection", instance, session, participant, view["role"], expires)

    answer: dict[str, Any] = {}
    if "WEBSOCKET" in kinds:
        expires = call.now + URL_LIFE
        origin = call.origin.replace("http", "ws", 1).replace("ws://localhost", "ws://127.0.0.1", 1)
        answer["Websocket"] = {
            "Url": f"{origin}{CHAT_PATH}?token={mint(expires)}",
            "ConnectionExpiry": iso_ms(expires),
        }
    if "CONNECTION_CREDENTIALS" in kinds:
        expires = min(call.now + TOKEN_LIFE, view["expires_at"])
        answer["ConnectionCredentials"] = {"ConnectionToken": mint(expires), "Expiry": iso_ms(expires)}
    return answer
