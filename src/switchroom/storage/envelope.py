"""Envelope encryption: the one point that sensitive values of the database pass through.

A sealed value carries the data key it was sealed with, wrapped by the root key, so that only the root key must be kept:

    version (1) | wrapped data key: nonce (12), key (32), tag (16) | nonce (12) | ciphertext, tag (16)
"""

import contextlib
import hashlib
import hmac
import os
import threading
import time
from collections import OrderedDict
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = b"\x01"
_NONCE = 12
_WRAPPED = _NONCE + 32 + 16
_WRAP = b"switchroom data key"
_KEY_SECONDS = 3600.0
_KEY_USES = 1_000_000
_CACHE = 1024


class EnvelopeError(ValueError):
    """A sealed value cannot be opened: it is damaged, or sealed for another context or with another root key."""


class Envelope:
    """Seals with data keys that last an hour at most; the root key is a file made on first use (0600).

    `context` binds a sealed value to its place (an instance, a table): it opens only with the same context.
    """

    def __init__(self, root_key_path: Path) -> None:
        self._root = _root_key(root_key_path)
        self._wrapper = AESGCM(self._root)
        self._lock = threading.Lock()
        self._opened: OrderedDict[bytes, AESGCM] = OrderedDict()
        self._current: tuple[bytes, AESGCM] | None = None
        self._renew_at = 0.0
        self._uses = 0

    def seal(self, plain: bytes, context: bytes = b"") -> bytes:
        """Encrypt; the same bytes never give the same result twice."""
        wrapped, cipher = self._data_key()
        nonce = os.urandom(_NONCE)
        return _VERSION + wrapped + nonce + cipher.encrypt(nonce, plain, context)

    def open(self, sealed: bytes, context: bytes = b"") -> bytes:
        """Decrypt. Raises EnvelopeError."""
        wrapped, rest = sealed[1 : 1 + _WRAPPED], sealed[1 + _WRAPPED :]
        if sealed[:1] != _VERSION or len(rest) < _NONCE + 16:
            raise EnvelopeError("this is not a sealed value")
        try:
            return self._unwrap(wrapped).decrypt(rest[:_NONCE], rest[_NONCE:], context)
        except InvalidTag:
            raise EnvelopeError("the sealed value is damaged, or was sealed with another key or context") from None

    def fingerprint(self, purpose: str, text: str) -> bytes:
        """A keyed hash (32 bytes) that stays the same for ever, to look up by equality what is stored sealed."""
        key = self.derive(f"fingerprint {purpose}")
        return hmac.new(key, text.encode(), hashlib.sha256).digest()

    def derive(self, purpose: str) -> bytes:
        """A secret of 32 bytes for one purpose (signing URLs, tokens...), the same on every start."""
        return hmac.new(self._root, f"switchroom {purpose}".encode(), hashlib.sha256).digest()

    def _data_key(self) -> tuple[bytes, AESGCM]:
        with self._lock:
            if self._current is None or time.monotonic() > self._renew_at or self._uses >= _KEY_USES:
                key, nonce = os.urandom(32), os.urandom(_NONCE)
                self._current = (nonce + self._wrapper.encrypt(nonce, key, _WRAP), AESGCM(key))
                self._renew_at = time.monotonic() + _KEY_SECONDS
                self._uses = 0
            self._uses += 1
            return self._current

    def _unwrap(self, wrapped: bytes) -> AESGCM:
        with self._lock:
            known = self._opened.get(wrapped)
            if known is None:
                known = AESGCM(self._wrapper.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], _WRAP))
                self._opened[wrapped] = known
                if len(self._opened) > _CACHE:
                    self._opened.popitem(last=False)
            else:
                self._opened.move_to_end(wrapped)
            return known


def _root_key(path: Path) -> bytes:
    """Read the key, or make it: written aside and linked in place, so that of two makers one wins and both agree."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(os.urandom(32))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(fresh)
        fresh.unlink()
    key = path.read_bytes()
    if len(key) != 32:
        raise EnvelopeError(f"{path} is not a root key of 32 bytes")
    return key
