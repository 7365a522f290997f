"""G.711 by table: mu-law and A-law to int16 and back, for whole arrays."""

from typing import Literal

import numpy as np
import numpy.typing as npt

from switchroom.media.audio.api import Pcm

Bytes = npt.NDArray[np.uint8]
Law = Literal[0, 1]
MU: Law = 0
A: Law = 1


def _mu_to_linear() -> Pcm:
    code = ~np.arange(256, dtype=np.uint8)
    magnitude = (((code & 0x0F).astype(np.int32) << 3) + 0x84) << ((code >> 4) & 7).astype(np.int32)
    return np.where(code & 0x80, 0x84 - magnitude, magnitude - 0x84).astype(np.int16)


def _a_to_linear() -> Pcm:
    code = np.arange(256, dtype=np.uint8) ^ 0x55
    exponent = ((code >> 4) & 7).astype(np.int32)
    magnitude = ((code & 0x0F).astype(np.int32) << 4) + 8
    magnitude = np.where(exponent > 0, (magnitude + 0x100) << np.maximum(exponent - 1, 0), magnitude)
    return np.where(code & 0x80, magnitude, -magnitude).astype(np.int16)


def _inverse(decode: Pcm) -> Bytes:
    """The nearest code of each of the 65,536 samples, by the sample's bits."""
    codes = np.argsort(decode, kind="stable")
    levels = decode[codes].astype(np.int32)
    samples = np.arange(65536, dtype=np.uint16).view(np.int16).astype(np.int32)
    middle = (levels[1:] + levels[:-1]) / 2
    return codes[np.searchsorted(middle, samples)].astype(np.uint8)


def _mu_codes() -> Bytes:
    """Of the two codes of zero the one all others use for silence."""
    codes = _inverse(DECODE[MU])
    return np.where(codes == 0x7F, np.uint8(0xFF), codes)


DECODE: tuple[Pcm, Pcm] = (_mu_to_linear(), _a_to_linear())
"""Sample of each code, mu-law and A-law."""
ENCODE: tuple[Bytes, Bytes] = (_mu_codes(), _inverse(DECODE[A]))
"""Code of each sample, indexed by the sample's bits (`view(uint16)`)."""


def decode(codes: Bytes, law: Law = MU) -> Pcm:
    """Samples of codes; any shape."""
    return DECODE[law].take(codes)


def encode(samples: Pcm, law: Law = MU) -> Bytes:
    """Codes of samples; any shape."""
    return ENCODE[law].take(samples.view(np.uint16))
