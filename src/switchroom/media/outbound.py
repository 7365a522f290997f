"""Calling out: by a trunk as it writes numbers, by a registered desk phone, or in a circle through this very site."""

import asyncio
import logging
import socket
from collections.abc import Callable

from switchroom.core.call import Dial
from switchroom.media.directory import SipDirectory
from switchroom.media.emergency import location_parts
from switchroom.media.leg import Cause
from switchroom.media.phone import Phone, now
from switchroom.media.sip_leg import NoPortsError, SipLeg
from switchroom.media.trunks import Trunk, Trunks
from switchroom.sip.call import Call
from switchroom.sip.digest import Credentials
from switchroom.sip.events import Binding
from switchroom.sip.transport import Destination, Flow
from switchroom.sip.uri import Address, host_port

log = logging.getLogger(__name__)


class CannotDial(Exception):
    """There is no way to call; `cause` and `code` as `LegGone` has them."""

    def __init__(self, cause: Cause, code: int, text: str) -> None:
        super().__init__(text)
        self.cause = cause
        self.code = code


class Dialler:
    """Places calls. `begun` hears of each one with its leg, so that it is counted."""

    def __init__(
        self, phone: Phone, trunks: Trunks, directory: SipDirectory, may_call: Callable[[Trunk], bool]
    ) -> None:
        self._phone = phone
        self._trunks = trunks
        self._directory = directory
        self._may_call = may_call

    def prepare(self, instance: str, leg: str, dial: Dial) -> SipLeg:
        """The leg of a call to be placed."""
        if dial.desk and self._binding(instance, dial.number) is not None:
            return SipLeg(leg, self._phone, None, desk=True)
        return SipLeg(leg, self._phone, self._choose(instance, dial), desk=dial.desk)

    async def place(self, leg: SipLeg, instance: str, dial: Dial) -> Call:
        """Call. Raises CannotDial."""
        if not self._phone.up:
            raise CannotDial("failed", 503, "there is no SIP port")
        trunk = leg.trunk
        binding = self._binding(instance, dial.number) if leg.desk and trunk is None else None
        if binding is not None:
            return self._invite(leg, dial, binding.contact, binding.flow, binding.flow.remote[0], None)
        if trunk is None:
            raise CannotDial("failed", 503, "no trunk leads out")
        if not self._may_call(trunk):
            raise CannotDial("failed", 503, f"trunk {trunk.name} carries as many calls as it may")
        if trunk.loopback:
            return self._to_self(leg, trunk, dial)
        return await self._by_trunk(leg, trunk, dial)

    def _choose(self, instance: str, dial: Dial) -> Trunk | None:
        """The loopback for numbers of this site, else the first trunk that leads out."""
        trunks = self._trunks.outbound(instance)
        known = self._directory.number(dial.number) is not None
        loops = [trunk for trunk in trunks if trunk.loopback]
        if known and loops:
            return loops[0]
        return next((trunk for trunk in trunks if trunk.destination is not None), loops[0] if loops else None)

    def _binding(self, instance: str, number: str) -> Binding | None:
        """Where the desk phone of a number, or of a login, is registered."""
        if not self._phone.up:
            return None
        for login in self._directory.phone_logins(instance, number):
            for binding in self._phone.agent.bindings(login):
                return binding
        return None

    def _to_self(self, leg: SipLeg, trunk: Trunk, dial: Dial) -> Call:
        host, port = self._phone.address_for("127.0.0.1"), self._phone.ports["udp"]
        target = f"sip:{trunk.rewrite(dial.number, 'OUTBOUND')}@{host_port(host, port)}"
        return self._invite(leg, dial, target, Destination("udp", host, port), host, None)

    async def _by_trunk(self, leg: SipLeg, trunk: Trunk, dial: Dial) -> Call:
        destination = trunk.destination
        if destination is None:
            raise CannotDial("failed", 503, f"trunk {trunk.name} takes calls only")
        address = await _resolve(destination.host)
        number = trunk.rewrite(dial.number, "OUTBOUND")
        target = f"sip:{number}@{host_port(trunk.domain or destination.host, None)};user=phone"
        return self._invite(leg, dial, target, destination, address, trunk)

    def _invite(
        self, leg: SipLeg, dial: Dial, target: str, to: Destination | Flow, peer: str, trunk: Trunk | None
    ) -> Call:
        credentials: Credentials | None = trunk.credentials if trunk is not None else None
        host = (trunk.domain if trunk is not None and trunk.credentials else "") or self._phone.address_for(peer)
        try:
            offer = leg.offer(peer)
        except NoPortsError as error:
            raise CannotDial("failed", 503, str(error)) from None
        caller = trunk.rewrite(dial.caller_id, "OUTBOUND") if trunk is not None and dial.caller_id else dial.caller_id
        headers = [(name, value) for name, value in dial.headers.items() if value]
        if caller:
            headers.append(("P-Asserted-Identity", str(Address(f"sip:{caller}@{host}", dial.caller_name or ""))))
        parts = location_parts(dial.location, caller or "") if dial.location else []
        if parts:
            headers.append(("Geolocation", "<cid:location@switchroom>"))
        return self._phone.agent.invite(
            target,
            to,
            from_=_from(caller, dial.caller_name, host),
            to=Address(target),
            sdp=offer,
            headers=headers,
            body_parts=parts,
            credentials=credentials,
            timeout=float(dial.timeout),
            now=now(),
        )


def _from(caller: str | None, name: str | None, host: str) -> Address:
    if not caller:
        return Address("sip:anonymous@anonymous.invalid", "Anonymous")
    return Address(f"sip:{caller}@{host}", name or "")


async def _resolve(host: str) -> str:
    """An IP address of a host. Raises CannotDial."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, family=socket.AF_INET)
    except OSError as error:
        raise CannotDial("failed", 503, f"{host}: {error}") from None
    return str(found[0][4][0])
