"""Word vectors for the meaning of short sentences. They come with the `wordllama` package; nothing is downloaded.

numpy is imported with the first sentence: a node that has no bot starts without it.
"""

import importlib.util
import logging
import threading
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

log = logging.getLogger(__name__)

_WEIGHTS = "weights/l2_supercat_256.safetensors"
_TOKENIZER = "tokenizers/l2_supercat_tokenizer_config.json"
_loading = threading.Lock()


class Embedder(Protocol):
    """Gives sentences a place by their meaning."""

    def embed(self, texts: list[str]) -> "Matrix | None":
        """One row of length one a text (all zeros where nothing is known); None when there are no vectors."""
        ...


class WordVectors:
    """The mean of the vectors of a sentence's tokens, read from the package's files when first needed."""

    def __init__(self) -> None:
        self._weights: Any = None
        self._tokenizer: Any = None
        self._tried = False

    def embed(self, texts: list[str]) -> "Matrix | None":
        """One row a text; None where the files are missing or cannot be read."""
        import numpy as np

        with _loading:
            if not self._tried:
                self._tried = True
                self._load()
        if self._weights is None:
            return None
        return np.stack([self._row(text) for text in texts]) if texts else np.zeros((0, 1), np.float32)

    def _row(self, text: str) -> "NDArray[np.float32]":
        import numpy as np

        ids = self._tokenizer.encode(text, add_special_tokens=False).ids
        if not ids:
            return np.zeros(self._weights.shape[1], np.float32)
        row: NDArray[np.float32] = self._weights[ids].astype(np.float32).mean(axis=0)
        length = float(np.linalg.norm(row))
        return row / length if length > 0 else row

    def _load(self) -> None:
        try:
            from safetensors import safe_open
            from tokenizers import Tokenizer

            found = importlib.util.find_spec("wordllama")
            if found is None or found.origin is None:
                raise FileNotFoundError("the package wordllama is not installed")
            folder = Path(found.origin).parent
            with safe_open(folder / _WEIGHTS, "np") as file:
                weights = file.get_tensor("embedding.weight")
            tokenizer = Tokenizer.from_file(str(folder / _TOKENIZER))
            tokenizer.no_padding()
            tokenizer.no_truncation()
            self._weights, self._tokenizer = weights, tokenizer
        except Exception as reason:
            log.warning("bots match without word vectors: %s", reason)


@cache
def word_vectors() -> WordVectors:
    """The vectors of this process."""
    return WordVectors()
