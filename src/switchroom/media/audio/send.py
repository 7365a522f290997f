"""RTP out: one frame of each leg a tick, encoded by table, headers written as arrays, one system call a packet."""

import numpy as np
import numpy.typing as npt

from switchroom.media.audio import g711
from switchroom.media.audio.api import FRAME, Address, Pcm
from switchroom.media.audio.net import DONTWAIT, pack_address, sendto
from switchroom.media.audio.slots import EDGE, UNIT, Flags, Ints, Slots
from switchroom.media.audio.srtp import protect_in_place

_HEADER = 12
_ROW = 832
"""Bytes of a packet being made; no power of two, or all would share few lines of the cache."""
_ADDRESS = 32
_LARGEST = 768
"""Bytes of payload; sound of 20 ms is much smaller."""


class Sender:
    """The streams sent, by slot."""

    def __init__(self, slots: Slots, *, v6: bool) -> None:
        n = slots.size
        self._slots, self._v6 = slots, v6
        self._address_size = 28 if v6 else 16
        self._data: npt.NDArray[np.uint8] = np.zeros((n, _ROW), np.uint8)
        self._words: npt.NDArray[np.uint32] = self._data.view(">u4")
        self._halves: npt.NDArray[np.uint16] = self._data.view(">u2")
        self._length: npt.NDArray[np.int32] = np.zeros(n, np.int32)
        self._addresses: npt.NDArray[np.uint8] = np.zeros((n, _ADDRESS), np.uint8)
        self.sequence: Ints = np.zeros(n, np.int64)
        self.time: Ints = np.zeros(n, np.int64)
        """Samples since the stream began, plus its random start."""
        self.ssrc: Ints = np.zeros(n, np.int64)
        self.packets: Ints = np.zeros(n, np.int64)
        self.octets: Ints = np.zeros(n, np.int64)
        self.addressed: Flags = np.zeros(n, bool)
        self._marker: Ints = np.zeros(n, np.int64)
        self._descriptor = [0] * n
        self._protect = [0] * n
        self._room = [0] * n
        self.changed = True
        """Whether the lists below have to be made anew."""
        self._all: Ints = np.zeros(0, np.int64)
        self._by_law: list[tuple[g711.Law, Ints]] = []
        self._secure: list[tuple[int, int, int]] = []
        self._secure_slots: Ints = np.zeros(0, np.int64)
        self._calls: list[tuple[int, int, int, int, int]] = []
        self.edge: list[int] = []
        """Slots whose sound is encoded elsewhere."""

    def open(self, slot: int, descriptor: int, ssrc: int, sequence: int, time: int) -> None:
        """A new stream on a socket."""
        self._descriptor[slot] = descriptor
        self.ssrc[slot], self.sequence[slot], self.time[slot] = ssrc, sequence, time
        self.packets[slot] = self.octets[slot] = 0
        self.addressed[slot] = False
        self._marker[slot] = 1
        self._protect[slot] = self._room[slot] = 0
        self._data[slot, 0] = 0x80
        self._words[slot, 2] = ssrc
        self.changed = True

    def secure(self, slot: int, session: int, room: int) -> None:
        """Protect what is sent: libsrtp's session, and by how much a packet grows. 0, 0: in the clear."""
        self._protect[slot], self._room[slot] = session, room
        self.changed = True

    def aim(self, slot: int, address: Address | None) -> bytes:
        """Send there (None: nowhere); the address as the system writes it."""
        raw = bytes(_ADDRESS) if address is None else pack_address(address, self._v6)
        self._addresses[slot] = np.frombuffer(raw, np.uint8)
        self.addressed[slot] = address is not None
        self._marker[slot] = 1
        self.changed = True
        return raw

    def tick(self, heard: Pcm, but: Ints | None) -> None:
        """Send each G.711 leg its frame, except those `but`. Time goes on for all."""
        if self.changed:
            self._arrange()
        s = self._slots
        self.time[: s.top] += FRAME
        if not len(self._all):
            return
        slots = self._all
        for law, legs in self._by_law:
            self._data[legs, _HEADER : _HEADER + FRAME] = g711.encode(heard[legs], law)
        calls, secure, length = self._calls, self._secure, self._secure_slots
        if but is not None and len(but):
            stays = ~np.isin(slots, but)
            calls = [call for call, stay in zip(calls, stays.tolist(), strict=True) if stay]
            protected = ~np.isin(length, but)
            secure = [one for one, stay in zip(secure, protected.tolist(), strict=True) if stay]
            slots, length = slots[stays], length[protected]
        self._stamp(slots)
        self._length[length] = _HEADER + FRAME
        protect = protect_in_place
        for session, data, size in secure:
            protect(session, data, size)
        send, now = sendto, DONTWAIT
        for descriptor, data, size, address, address_size in calls:
            send(descriptor, data, size, now, address, address_size)

    def _stamp(self, slots: Ints) -> None:
        self.sequence[slots] += 1
        self._halves[slots, 1] = self.sequence[slots] & 0xFFFF
        self._words[slots, 1] = self.time[slots] & 0xFFFFFFFF
        self._data[slots, 1] = self._slots.payload_type[slots] | (self._marker[slots] << 7)
        self._marker[slots] = 0
        self.packets[slots] += 1
        self.octets[slots] += FRAME

    def one(self, slot: int, payload_type: int, marker: bool, time: int, payload: bytes) -> None:
        """One packet of a leg by itself: a key, or sound of another codec. `time` in its own clock."""
        if not self.addressed[slot] or len(payload) > _LARGEST:
            return
        row = self._data[slot]
        self.sequence[slot] += 1
        self._halves[slot, 1] = self.sequence[slot] & 0xFFFF
        self._words[slot, 1] = time & 0xFFFFFFFF
        row[1] = payload_type | (0x80 if marker or self._marker[slot] else 0)
        self._marker[slot] = 0
        row[_HEADER : _HEADER + len(payload)] = np.frombuffer(payload, np.uint8)
        self._length[slot] = _HEADER + len(payload)
        data = self._data.ctypes.data + slot * _ROW
        if self._protect[slot]:
            protect_in_place(self._protect[slot], data, self._length.ctypes.data + 4 * slot)
        address = self._addresses.ctypes.data + slot * _ADDRESS
        sendto(self._descriptor[slot], data, int(self._length[slot]), DONTWAIT, address, self._address_size)
        self.packets[slot] += 1
        self.octets[slot] += len(payload)

    def clock(self, slot: int) -> int:
        """The RTP timestamp of this tick in the clock of the leg's codec."""
        return int(self.time[slot]) * int(self._slots.unit_ticks[slot]) // UNIT

    def _arrange(self) -> None:
        self.changed = False
        s, top = self._slots, self._slots.top
        active = s.connected[:top] & s.sending[:top] & self.addressed[:top]
        self.edge = np.nonzero(active & (s.kind[:top] == EDGE))[0].tolist()
        self._all = np.nonzero(active & (s.kind[:top] != EDGE))[0]
        laws: tuple[g711.Law, g711.Law] = (g711.MU, g711.A)
        by_law = [(law, self._all[s.kind[self._all] == law]) for law in laws]
        self._by_law = [(law, legs) for law, legs in by_law if len(legs)]
        data, address, length = self._data.ctypes.data, self._addresses.ctypes.data, self._length.ctypes.data
        slots = self._all.tolist()
        protected = [slot for slot in slots if self._protect[slot]]
        self._secure_slots = np.array(protected, np.int64)
        self._secure = [(self._protect[slot], data + slot * _ROW, length + 4 * slot) for slot in protected]
        self._calls = [
            (
                self._descriptor[slot],
                data + slot * _ROW,
                _HEADER + FRAME + self._room[slot],
                address + slot * _ADDRESS,
                self._address_size,
            )
            for slot in slots
        ]
