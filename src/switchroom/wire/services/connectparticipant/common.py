"""Who calls the participant service, and sending a command for them."""

from typing import Any

from switchroom.base.errors import access_denied
from switchroom.core.commands import Command, ParticipantView
from switchroom.live.presence import Who
from switchroom.wire.call import Call


def who(call: Call) -> Who:
    """The participant of the caller's token. Raises AccessDeniedException."""
    claims = call.caller.claims
    if claims is None:
        raise access_denied("A participant's token is needed")
    return Who(claims.instance, claims.contact, claims.participant)


async def submit(call: Call, command: Command) -> Any:
    """Decide a command in the caller's instance; the call is a sign of life (CHAT-78)."""
    caller = who(call)
    if call.services.live is not None:
        call.services.live.presence.seen(caller)
    return await call.services.centres.submit(caller.instance, command)


async def view(call: Call) -> dict[str, Any]:
    """What the centre knows of the caller. Raises AccessDeniedException when the chat is over for them."""
    caller = who(call)
    found: dict[str, Any] | None = await submit(
        call, ParticipantView(session=caller.session, participant=caller.participant)
    )
    if found is None or not found["admitted"]:
        raise access_denied("The chat is over")
    return found
