"""SRTP of one leg, in place, with the interpreter's lock kept (see `net`). Ciphers and replay lists are libsrtp's."""

import ctypes
from collections.abc import Callable
from typing import cast

import pylibsrtp
from pylibsrtp import Policy, Session
from pylibsrtp._binding import ffi, lib  # type: ignore[import-not-found]

from switchroom.media.audio.api import AudioError, SrtpKeys

_PROFILES = {
    "AES_CM_128_HMAC_SHA1_80": (Policy.SRTP_PROFILE_AES128_CM_SHA1_80, 30, 10),
    "AES_CM_128_HMAC_SHA1_32": (Policy.SRTP_PROFILE_AES128_CM_SHA1_32, 30, 4),
    "AEAD_AES_128_GCM": (Policy.SRTP_PROFILE_AEAD_AES_128_GCM, 28, 16),
    "AEAD_AES_256_GCM": (Policy.SRTP_PROFILE_AEAD_AES_256_GCM, 44, 16),
}

InPlace = Callable[[int, int, int], int]
"""(session pointer, packet pointer, pointer to its int32 length) -> 0, or libsrtp's error number."""


def _in_place(name: str) -> InPlace:
    prototype = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
    return cast("InPlace", prototype(int(ffi.cast("intptr_t", ffi.addressof(lib, name)))))


protect_in_place = _in_place("srtp_protect")
"""Needs `room` more bytes behind the packet."""
unprotect_in_place = _in_place("srtp_unprotect")


class Srtp:
    """Both directions of one leg."""

    def __init__(self, keys: SrtpKeys) -> None:
        """`AudioError` for keys that do not fit the profile."""
        self.keys = keys
        self._out = _session(keys, keys.local, Policy.SSRC_ANY_OUTBOUND)
        self._in = _session(keys, keys.remote, Policy.SSRC_ANY_INBOUND)
        self.room = _PROFILES[keys.profile][2]
        """Bytes by which a packet grows."""
        self.out_pointer = int(ffi.cast("intptr_t", self._out._srtp[0]))
        self.in_pointer = int(ffi.cast("intptr_t", self._in._srtp[0]))

    def protect(self, packet: bytes) -> bytes | None:
        """RTP; None when it cannot be."""
        return _try(self._out.protect, packet)

    def protect_rtcp(self, packet: bytes) -> bytes | None:
        """RTCP; None when it cannot be."""
        return _try(self._out.protect_rtcp, packet)

    def unprotect_rtcp(self, packet: bytes) -> bytes | None:
        """RTCP; None when it is not authentic."""
        return _try(self._in.unprotect_rtcp, packet)


def _session(keys: SrtpKeys, key: bytes, direction: int) -> Session:
    profile, size, _ = _PROFILES[keys.profile]
    if len(key) != size:
        raise AudioError(f"{keys.profile} needs {size} bytes of key and salt, not {len(key)}")
    try:
        policy = Policy(key=key, ssrc_type=direction, srtp_profile=profile)
        policy.allow_repeat_tx = direction == Policy.SSRC_ANY_OUTBOUND
        return Session(policy)
    except pylibsrtp.Error as error:
        raise AudioError(f"{keys.profile}: {error}") from error


def _try(process: Callable[[bytes], bytes], packet: bytes) -> bytes | None:
    try:
        return process(packet)
    except (pylibsrtp.Error, ValueError):
        return None
