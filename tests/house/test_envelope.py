"""Envelope encryption of sensitive values."""

from pathlib import Path

import pytest

from switchroom.storage.envelope import Envelope, EnvelopeError


def test_what_is_sealed_opens_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "root.key"
    sealed = Envelope(path).seal("+15550100 日本".encode(), b"instance-1")
    assert Envelope(path).open(sealed, b"instance-1").decode() == "+15550100 日本"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_sealed_value_opens_only_whole_and_in_its_context(tmp_path: Path) -> None:
    envelope = Envelope(tmp_path / "root.key")
    sealed = envelope.seal(b"secret", b"here")
    for position in range(len(sealed)):
        damaged = bytearray(sealed)
        damaged[position] ^= 1
        with pytest.raises(EnvelopeError):
            envelope.open(bytes(damaged), b"here")
    for other in (sealed[:-1], sealed[:40], b""):
        with pytest.raises(EnvelopeError):
            envelope.open(other, b"here")
    with pytest.raises(EnvelopeError):
        envelope.open(sealed, b"there")
    with pytest.raises(EnvelopeError):
        Envelope(tmp_path / "another.key").open(sealed, b"here")


def test_equal_values_are_sealed_differently_and_found_by_fingerprint(tmp_path: Path) -> None:
    envelope = Envelope(tmp_path / "root.key")
    assert envelope.seal(b"same") != envelope.seal(b"same")
    again = Envelope(tmp_path / "root.key")
    assert envelope.fingerprint("phone", "+15550100") == again.fingerprint("phone", "+15550100")
    assert envelope.fingerprint("phone", "+15550100") != envelope.fingerprint("mail", "+15550100")
    assert len(envelope.derive("urls")) == 32


def test_a_truncated_root_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "root.key").write_bytes(b"short")
    with pytest.raises(EnvelopeError, match="root key"):
        Envelope(tmp_path / "root.key")
