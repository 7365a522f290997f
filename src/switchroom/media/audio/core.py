"""The audio thread's work: what it is told, and the tick."""

import logging
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterable

import numpy as np

from switchroom.media.audio import dtmf, figures, net, rtcp, tones
from switchroom.media.audio.api import (
    FRAME,
    Address,
    AudioEvent,
    Digit,
    DigitsSent,
    Direction,
    Latched,
    LegClosed,
    LegMedia,
    LegSilent,
    LegStats,
    OtherRtp,
    Pcm,
    PeerBye,
    PlayEnded,
    RawPacket,
)
from switchroom.media.audio.edge import Decode, Decoded, EdgeWorker, Encode, coder
from switchroom.media.audio.inband import InbandDetector
from switchroom.media.audio.jitter import JitterBuffers
from switchroom.media.audio.leg import Leg, Sending
from switchroom.media.audio.play import Player, over
from switchroom.media.audio.receive import Handlers, Receiver
from switchroom.media.audio.record import Recorder, Writer
from switchroom.media.audio.rooms import Place, Rooms
from switchroom.media.audio.send import Sender
from switchroom.media.audio.slots import EDGE, UNIT, Ints, Slots
from switchroom.media.audio.srtp import Srtp
from switchroom.media.audio.tap import FrameQueue

log = logging.getLogger(__name__)

_SETTLED = 5.0
"""Seconds of good packets after which another source is not listened to."""
_FORMER = 2.0
"""Seconds after a change of address in which what still comes from the old one is left out."""
_HUSHED = 0.2
"""Seconds without a packet after which a stream may have moved."""
_LONGEST_SKIP = 500
_KINDS = {"PCMU": 0, "PCMA": 1, "G722": EDGE, "opus": EDGE}
_EDGE_LEAD = 2
_OPUS_TICKS = 480
_SECOND = 50
"""Ticks."""


class Core:
    """Everything of the audio thread. Other threads only append to `commands` and read figures."""

    def __init__(
        self,
        size: int,
        *,
        v6: bool,
        writer: Writer,
        released: Callable[[Leg], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self.commands: deque[Callable[[], None]] = deque()
        self.events: list[AudioEvent] = []
        self.slots = Slots(size)
        self.sender = Sender(self.slots, v6=v6)
        self.recorder = Recorder(writer)
        self._released = released
        self._legs: dict[int, Leg] = {}
        self._poller = net.Poller()
        self._buffers = JitterBuffers(self.slots)
        handlers = Handlers(self._raw, self._rtcp, self._stranger, self._event, self._other, self._edge_packet)
        self._receiver = Receiver(self.slots, self._buffers, self._poller, handlers)
        self._detector = InbandDetector(size)
        self._rooms = Rooms()
        self._edge = EdgeWorker()
        self._decode: list[Decode | Encode] = []
        self._heard: Pcm = np.zeros((size, FRAME), np.int16)
        self._players: dict[int, Player] = {}
        self._digits: dict[int, Leg] = {}
        self._taps: list[tuple[Leg, Direction, FrameQueue]] = []
        self._inband: Ints = np.zeros(0, np.int64)
        self._inband_changed = False
        self._speaking: dict[str, int] = {}
        self._speaking_changed = False
        self._now = self._wall = 0.0
        self._ticks = 0

    # -- told -----------------------------------------------------------------------------------------------------

    def open(self, leg: Leg) -> None:
        """A leg whose sockets are bound."""
        self.slots.clear(leg.slot)
        self._detector.clear(leg.slot)
        self._legs[leg.slot] = leg
        self.slots.top = max(self.slots.top, leg.slot + 1)
        self.sender.open(leg.slot, leg.rtp.fileno(), leg.ssrc, secrets.randbits(15), secrets.randbits(31))
        for made, control in ((leg.rtp, False), (leg.rtcp, True)):
            self._receiver.watch(made.fileno(), leg.slot, control)
            self._poller.add(made)

    def connect(self, leg: Leg, media: LegMedia, srtp: Srtp | None) -> None:
        """What was agreed on, the first time or again."""
        s, slot, before = self.slots, leg.slot, leg.media
        now = self._clock()
        leg.media, leg.srtp = media, srtp
        if leg.connected_at is None:
            leg.connected_at = now
            leg.next_report(now - rtcp.INTERVAL / 2)
        if before is None or before.remote != media.remote or before.latch != media.latch:
            leg.former = leg.remote
            self._aim(leg, media.remote, now)
        if before is None or before.codec != media.codec:
            self._use(leg, media)
        if media.receive and (before is None or not before.receive):
            s.since[slot] = now
        s.payload_type[slot] = media.payload_type
        s.dtmf_type[slot] = -1 if media.dtmf_payload_type is None else media.dtmf_payload_type
        s.receiving[slot], s.sending[slot] = media.receive, media.send
        s.silent_after[slot] = media.silent_after
        s.any_source[slot] = not media.latch
        s.secure[slot] = srtp is not None
        s.unprotect[slot] = srtp.in_pointer if srtp is not None else 0
        self.sender.secure(slot, srtp.out_pointer if srtp else 0, srtp.room if srtp else 0)
        s.connected[slot] = True
        self._inband_changed = True

    def _use(self, leg: Leg, media: LegMedia) -> None:
        """Change to a codec."""
        s, slot = self.slots, leg.slot
        s.kind[slot] = _KINDS[media.codec]
        edge = s.kind[slot] == EDGE
        leg.coder = coder(media.codec) if edge else None
        s.lead[slot] = _EDGE_LEAD if edge else 0
        s.unit_ticks[slot] = _OPUS_TICKS if media.codec == "opus" else UNIT
        s.restart(slot)
        self.sender.changed = True

    def _aim(self, leg: Leg, address: Address | None, now: float) -> None:
        leg.remote, leg.aimed_at = address, now
        try:
            raw = self.sender.aim(leg.slot, address)
        except OSError:
            log.warning("leg %s: %s is not an address sound can be sent to", leg.name, address)
            leg.remote = None
            raw = self.sender.aim(leg.slot, None)
        self.slots.remote[leg.slot] = np.frombuffer(raw, np.uint64)[:3]

    def _listen(self) -> None:
        """Which legs' sound is searched for keys."""
        self._inband_changed = False
        legs = [(slot, leg.media) for slot, leg in self._legs.items() if leg.media is not None]
        wanted = [
            slot
            for slot, media in legs
            if (media.dtmf_payload_type is None if media.inband_digits is None else media.inband_digits)
        ]
        self._inband = np.array(sorted(wanted), np.int64)

    def close(self, leg: Leg) -> None:
        """Say goodbye, give everything back."""
        slot = leg.slot
        if leg.connected_at is not None:
            leg.send_control(figures.report(self.slots, self.sender, leg, bye=True))
        closed = LegClosed(leg.name, self.stats(leg))
        for made in (leg.rtp, leg.rtcp):
            self._poller.remove(made)
            self._receiver.forget(made.fileno())
        leg.close()
        del self._legs[slot]
        self._players.pop(slot, None)
        self._digits.pop(slot, None)
        for _, _, queue in [tap for tap in self._taps if tap[0] is leg]:
            self.untap(leg, queue)
        self._rooms.place(slot, None)
        self._rooms.gain(slot, 1)
        self.slots.clear(slot)
        self.slots.top = max(self._legs, default=-1) + 1
        self.sender.changed = self._speaking_changed = True
        self._inband_changed = True
        self.events.append(closed)
        self._released(leg)

    def place(self, leg: Leg, place: Place | None) -> None:
        """Into a room or out of it."""
        self._rooms.place(leg.slot, place)
        self._speaking_changed = True

    def mute(self, leg: Leg, muted: bool) -> None:
        """Not heard by anybody."""
        self.slots.muted[leg.slot] = muted
        self._speaking_changed = True

    def gain(self, leg: Leg, decibels: float) -> None:
        """Louder or quieter."""
        self._rooms.gain(leg.slot, 10 ** (decibels / 20))

    def play(self, leg: Leg, player: Player) -> None:
        """Instead of what is played now."""
        if leg.slot in self._legs:
            self._players[leg.slot] = player

    def stop_playing(self, leg: Leg) -> None:
        """Play nothing."""
        self._players.pop(leg.slot, None)

    def send_digits(self, leg: Leg, digits: str, duration_ms: int, gap_ms: int) -> None:
        """After those that are on their way."""
        if leg.media is not None and leg.media.dtmf_payload_type is not None:
            leg.sending.append(Sending(digits, events=dtmf.packets(digits, duration_ms, gap_ms)))
        else:
            sound = tones.keys(digits, duration_ms / 1000, gap_ms / 1000)
            leg.sending.append(Sending(digits, tones=Player("", [sound])))
        self._digits[leg.slot] = leg

    def tap(self, leg: Leg, direction: Direction, queue: FrameQueue) -> None:
        """Copy frames into a queue."""
        self._taps.append((leg, direction, queue))

    def untap(self, leg: Leg, queue: FrameQueue) -> None:
        """No more."""
        self._taps = [tap for tap in self._taps if tap[0] is not leg or tap[2] is not queue]
        queue.end()
        _wake([queue])

    def send_rtp(self, leg: Leg, data: bytes) -> None:
        """A packet of the owner's."""
        if leg.media is None or leg.remote is None or len(data) < 8:
            return
        if rtcp.SENDER - 8 <= data[1] <= rtcp.BYE + 20:
            leg.send_control(data)
            return
        wire = leg.srtp.protect(data) if leg.srtp is not None else data
        if wire is not None:
            try:
                leg.rtp.sendto(wire, net.through(leg.rtp, leg.remote))
            except OSError as error:
                log.debug("leg %s: %s", leg.name, error)

    def stop(self) -> None:
        """Close all legs, finish all recordings."""
        for leg in list(self._legs.values()):
            self.close(leg)
        self.recorder.stop_all()
        self._edge.stop()
        self._poller.close()

    # -- the tick -------------------------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """20 ms of everything."""
        self._now, self._wall = now, time.time()
        self._ticks += 1
        self.obey()
        self._receiver.take(now, self._wall)
        if self._decode:
            self._edge.submit(self._decode)
            self._decode = []
        self.half()
        top = self.slots.top
        if not top:
            self.recorder.tick(self._heard[:0], {})
            return
        said = self._buffers.frames()
        self._find_keys(said)
        muted = self.slots.muted[:top]
        if muted.any():
            said[muted] = 0
        heard = self._heard[:top]
        heard[:] = 0
        self._rooms.mix(said, heard)
        self._record(said)
        if self._players:
            self._play(heard)
        sending = self._send_keys(heard) if self._digits else None
        if self._taps:
            self._feed(said, heard)
        self.sender.tick(heard, sending)
        if self.sender.edge:
            self._encode(heard, set() if sending is None else set(sending.tolist()))
        self._look_after(top)

    def skip(self, ticks: int) -> None:
        """So many ticks could not be made: time goes on without sound."""
        top = self.slots.top
        self.slots.play[:top] += 2 * ticks
        self.sender.time[:top] += FRAME * ticks
        for _ in range(min(ticks, _LONGEST_SKIP)):
            self.recorder.tick(self._heard[:top], {})
        self.recorder.changed = True

    def half(self, wait: float = 0.0) -> None:
        """Pick up what the codecs have done; `wait` at most so many seconds for them."""
        if wait:
            self._edge.wait(wait)
        done = self._edge.done
        while done:
            item = done.popleft()
            leg = self._legs.get(item.slot)
            if leg is None or leg.coder is not item.coder or leg.media is None:
                continue
            if isinstance(item, Decoded):
                if len(item.sound) and item.unit >= self.slots.play[item.slot]:
                    self._buffers.put(np.array([item.slot]), np.array([item.unit]), item.sound[None])
            elif item.payload:
                self.sender.one(item.slot, leg.media.payload_type, False, item.time, item.payload)

    def obey(self) -> None:
        """Do what was asked for up to now."""
        for _ in range(len(self.commands)):
            command = self.commands.popleft()
            try:
                command()
            except Exception:
                log.exception("audio command failed")

    def _find_keys(self, said: Pcm) -> None:
        if self._inband_changed:
            self._listen()
        if len(self._inband):
            for slot, key in self._detector.listen(self._inband, said[self._inband]):
                self.events.append(Digit(self._legs[slot].name, key, "inband"))

    def _record(self, said: Pcm) -> None:
        if self._speaking_changed:
            self._speaking_changed = False
            self._speaking = {
                leg.name: slot
                for slot, leg in self._legs.items()
                if self._rooms.talks(slot) and not self.slots.muted[slot]
            }
            self.recorder.changed = True
        self.recorder.tick(said, self._speaking)

    def _play(self, heard: Pcm) -> None:
        ended = []
        for slot, player in self._players.items():
            frame = heard[slot]
            if player.mix:
                under = frame.copy()
                more = player.fill(frame)
                frame[:] = over(under, frame)
            else:
                more = player.fill(frame)
            if not more:
                ended.append(slot)
        for slot in ended:
            self.events.append(PlayEnded(self._legs[slot].name, self._players.pop(slot).id))

    def _send_keys(self, heard: Pcm) -> Ints:
        """One step of the keys on their way; the slots that send no sound in this tick."""
        busy = []
        for slot, leg in list(self._digits.items()):
            if not leg.sending:
                del self._digits[slot]
                continue
            sending = leg.sending[0]
            if sending.tones is not None:
                over_now = not sending.tones.fill(heard[slot])
            else:
                over_now = self._send_event(leg, sending)
                if not over_now:
                    busy.append(slot)
            if over_now:
                leg.sending.popleft()
                self.events.append(DigitsSent(leg.name, sending.digits))
        return np.array(busy, np.int64)

    def _send_event(self, leg: Leg, sending: Sending) -> bool:
        """One tick of keys as events; whether that was all."""
        assert sending.events is not None
        try:
            packet = next(sending.events)
        except StopIteration:
            return True
        kind = int(self.slots.dtmf_type[leg.slot])
        if packet is not None and kind >= 0 and self.slots.sending[leg.slot]:
            if packet.begins:
                sending.time = int(self.sender.time[leg.slot])
            self.sender.one(leg.slot, kind, packet.begins, sending.time, packet.payload)
        return False

    def _feed(self, said: Pcm, heard: Pcm) -> None:
        for leg, direction, queue in self._taps:
            queue.put((said if direction == "from_leg" else heard)[leg.slot].copy())
        _wake([queue for _, _, queue in self._taps])

    def _encode(self, heard: Pcm, but: set[int]) -> None:
        work: list[Decode | Encode] = []
        for slot in self.sender.edge:
            leg = self._legs[slot]
            if slot not in but and leg.coder is not None:
                work.append(Encode(leg.coder, slot, self.sender.clock(slot), heard[slot].copy()))
        self._edge.submit(work)

    def _look_after(self, top: int) -> None:
        """What is due now and then."""
        if self._ticks % 5 == 0:
            for leg in self._legs.values():
                if leg.connected_at is not None and leg.reports.due <= self._now:
                    leg.next_report(self._now)
                    leg.send_control(figures.report(self.slots, self.sender, leg))
        if self._ticks % _SECOND == 0:
            self._find_silent(top)

    def _find_silent(self, top: int) -> None:
        s = self.slots
        limit = s.silent_after[:top]
        quiet = self._now - np.maximum(s.last_packet[:top], s.since[:top])
        silent = s.connected[:top] & s.receiving[:top] & (limit > 0) & (quiet > limit)
        for slot in np.nonzero(silent & ~s.silence_told[:top])[0].tolist():
            self.events.append(LegSilent(self._legs[slot].name, float(quiet[slot])))
        s.silence_told[:top] = silent

    # -- rare packets ---------------------------------------------------------------------------------------------

    def _raw(self, slot: int, row: int) -> None:
        staging, leg = self._receiver.staging, self._legs[slot]
        first = int(staging.data[row, 0])
        if staging.length[row] > 0 and (first < 4 or 20 <= first < 64):
            self.events.append(RawPacket(leg.name, staging.packet(row), staging.address(row)))
        else:
            self.slots.invalid[slot] += 1

    def _rtcp(self, slot: int, row: int) -> None:
        staging, leg = self._receiver.staging, self._legs[slot]
        data: bytes | None = staging.packet(row)
        expected = leg.control_address
        known = expected is None or leg.srtp is not None or staging.address(row)[0] == expected[0]
        if leg.srtp is not None and data is not None:
            data = leg.srtp.unprotect_rtcp(data)
        report = rtcp.parse(data) if data is not None and known else None
        if report is None or leg.media is None or data is None:
            self.slots.invalid[slot] += 1
            return
        if leg.media.other_rtp:
            self.events.append(OtherRtp(leg.name, data))
        self._note(leg, report, staging.arrived_at(row))

    def _note(self, leg: Leg, report: rtcp.Report, wall: float) -> None:
        peer = leg.reports
        if report.sender_time is not None:
            peer.sender_time, peer.sender_at = report.sender_time, wall
        for reception in report.receptions:
            if reception.ssrc == leg.ssrc:
                peer.lost = reception.fraction
                trip = rtcp.round_trip(reception, wall)
                peer.round_trip = peer.round_trip if trip is None else trip
        if report.bye:
            self.events.append(PeerBye(leg.name))

    def _stranger(self, slot: int, row: int, ssrc: int) -> bool:
        """RTP from another source than expected: the first one, a stream that moved, or an intruder."""
        s, leg = self.slots, self._legs[slot]
        assert leg.media is not None
        address = self._receiver.staging.address(row)
        since = self._now - leg.aimed_at
        if s.last_packet[slot] >= leg.aimed_at:
            hushed = self._now - s.last_packet[slot] >= _HUSHED
            moved = hushed and (ssrc == s.ssrc[slot] or leg.srtp is not None)
            takes = moved or (since <= _SETTLED and (hushed or address == leg.media.remote))
        else:
            takes = address != leg.former or since > _FORMER
        if not takes:
            s.invalid[slot] += 1
            return False
        self._aim(leg, address, self._now)
        self.events.append(Latched(leg.name, address))
        return True

    def _event(self, slot: int, time: int, marker: bool, payload: bytes) -> None:
        leg = self._legs[slot]
        if (digit := leg.digit_in.take(time, marker, payload)) is not None:
            self.events.append(Digit(leg.name, digit, "rfc4733"))

    def _other(self, slot: int, row: int) -> None:
        leg = self._legs[slot]
        if leg.media is not None and leg.media.other_rtp:
            self.events.append(OtherRtp(leg.name, self._receiver.staging.packet(row)))
        else:
            self.slots.invalid[slot] += 1

    def _edge_packet(self, slot: int, unit: int, payload: bytes) -> None:
        leg = self._legs[slot]
        if leg.coder is not None:
            self._decode.append(Decode(leg.coder, slot, unit, payload))

    def stats(self, leg: Leg) -> LegStats:
        """Figures of a leg; any thread."""
        return figures.stats(self.slots, self.sender, leg, self._clock())


def _wake(queues: Iterable[FrameQueue]) -> None:
    """Tell the readers, one call a loop."""
    by_loop: dict[int, list[FrameQueue]] = {}
    for queue in queues:
        by_loop.setdefault(id(queue.loop), []).append(queue)
    for group in by_loop.values():
        try:
            group[0].loop.call_soon_threadsafe(_wake_all, group)
        except RuntimeError:
            log.debug("the loop of a tap is closed")


def _wake_all(queues: list[FrameQueue]) -> None:
    for queue in queues:
        queue.wake()
