"""DTLS-SRTP (RFC 5764): the handshake that gives both sides their SRTP keys. Datagrams in, datagrams out.

OpenSSL does the cryptography. It keeps its own clock for retransmissions: ask `timeout()`, then call `tick()`.
"""

import datetime
import hashlib
import hmac
from dataclasses import dataclass
from functools import cache
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from OpenSSL import SSL, crypto

from switchroom.media.audio.api import SrtpKeys, SrtpProfile

MTU = 1200
"""Bytes of a datagram, the same as browsers use: fits every path that carries video."""
_DTLS_1_2 = 0xFEFD
_RECORD = 13
_EXPORTER = b"EXTRACTOR-dtls_srtp"
_HASHES = {"sha-256": "sha256", "sha-384": "sha384", "sha-512": "sha512"}
State = Literal["new", "handshaking", "connected", "failed", "closed"]


@dataclass(frozen=True, slots=True)
class Profile:
    """An SRTP protection profile: its name in OpenSSL and for the audio engine, sizes in bytes."""

    openssl: bytes
    name: SrtpProfile
    key: int
    salt: int


PROFILES = (
    Profile(b"SRTP_AEAD_AES_128_GCM", "AEAD_AES_128_GCM", 16, 12),
    Profile(b"SRTP_AES128_CM_SHA1_80", "AES_CM_128_HMAC_SHA1_80", 16, 14),
)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Hash of a certificate as SDP gives it (RFC 8122)."""

    algorithm: str
    value: str

    @property
    def usable(self) -> bool:
        """Whether the hash is one that still counts as safe."""
        return self.algorithm in _HASHES


class Certificate:
    """A self-signed ECDSA certificate of this process, made at its start and never stored."""

    def __init__(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "switchroom")])
        now = datetime.datetime.now(datetime.UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=3650))
            .sign(key, hashes.SHA256())
        )
        self.fingerprint = Fingerprint("sha-256", certificate.fingerprint(hashes.SHA256()).hex(":").upper())
        self.context = SSL.Context(SSL.DTLS_METHOD)
        self.context.set_min_proto_version(_DTLS_1_2)
        self.context.set_options(SSL.OP_NO_QUERY_MTU | SSL.OP_NO_TICKET | SSL.OP_NO_RENEGOTIATION)
        self.context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
        self.context.set_cipher_list(
            b"ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
            b"ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-AES128-GCM-SHA256"
        )
        self.context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, _is_expected)
        self.context.use_certificate(certificate)
        self.context.use_privatekey(key)
        self.context.set_tlsext_use_srtp(b":".join(profile.openssl for profile in PROFILES))


@cache
def own_certificate() -> Certificate:
    """The certificate of this process."""
    return Certificate()


class Dtls:
    """One association. The peer is who the fingerprints of its offer say, or the association fails."""

    def __init__(self, certificate: Certificate, *, server: bool, fingerprints: tuple[Fingerprint, ...]) -> None:
        self.state: State = "new"
        self.keys: SrtpKeys | None = None
        self.reason = ""
        self._server = server
        self._ssl = SSL.Connection(certificate.context)
        self._ssl.set_app_data(fingerprints)
        self._ssl.set_ciphertext_mtu(MTU)
        if server:
            self._ssl.set_accept_state()
        else:
            self._ssl.set_connect_state()

    def start(self) -> list[bytes]:
        """Begin; the client's first flight."""
        if self.state != "new":
            return []
        self.state = "handshaking"
        return self._advance()

    def receive(self, datagram: bytes) -> list[bytes]:
        """Take a datagram from the peer; datagrams to send. Only whole records are looked at."""
        if self.state not in ("handshaking", "connected"):
            return []
        records = split_records(datagram)
        if not records:
            return []
        self._ssl.bio_write(b"".join(records))
        return self._advance()

    def timeout(self) -> float | None:
        """Seconds until `tick` is due, None when nothing waits for an answer."""
        if self.state != "handshaking":
            return None
        left = self._ssl.DTLSv1_get_timeout()
        return None if left is None else max(0.0, left)

    def tick(self) -> list[bytes]:
        """Send again what was not answered."""
        if self.state != "handshaking":
            return []
        try:
            self._ssl.DTLSv1_handle_timeout()
        except SSL.Error as error:
            self._fail(f"no answer: {error}")
        return self._outgoing()

    def close(self) -> list[bytes]:
        """Say goodbye (close_notify)."""
        was, self.state = self.state, "closed"
        if was != "connected":
            return []
        try:
            self._ssl.shutdown()
        except SSL.Error:
            return []
        return self._outgoing()

    def _advance(self) -> list[bytes]:
        try:
            if self.state == "handshaking":
                self._ssl.do_handshake()
                self._established()
            if self.state == "connected":
                self._drain()
        except SSL.WantReadError:
            pass
        except SSL.ZeroReturnError:
            self.state = "closed"
        except SSL.Error as error:
            if self.state == "handshaking":
                self._fail(f"handshake: {error}")
        return self._outgoing()

    def _drain(self) -> None:
        """Application data has no meaning here; reading makes OpenSSL handle alerts and repeated flights."""
        for _ in range(16):
            self._ssl.recv(2048)

    def _established(self) -> None:
        name = self._ssl.get_selected_srtp_profile()
        profile = next((one for one in PROFILES if one.openssl == name), None)
        if profile is None:
            self._fail("no SRTP profile in common")
            return
        self.keys = self._export(profile)
        self.state = "connected"

    def _export(self, profile: Profile) -> SrtpKeys:
        key, salt = profile.key, profile.salt
        material = self._ssl.export_keying_material(_EXPORTER, 2 * (key + salt))
        client = material[:key] + material[2 * key : 2 * key + salt]
        server = material[key : 2 * key] + material[2 * key + salt :]
        local, remote = (server, client) if self._server else (client, server)
        return SrtpKeys(local, remote, profile.name)

    def _fail(self, reason: str) -> None:
        self.state, self.reason, self.keys = "failed", reason, None

    def _outgoing(self) -> list[bytes]:
        """What OpenSSL wrote, as datagrams: its memory keeps the bytes but not where one datagram ended."""
        written = b""
        while True:
            try:
                written += self._ssl.bio_read(65536)
            except SSL.Error:
                break
        datagrams: list[bytes] = []
        for record in split_records(written):
            if datagrams and len(datagrams[-1]) + len(record) <= MTU:
                datagrams[-1] += record
            else:
                datagrams.append(record)
        return datagrams


def _is_expected(connection: SSL.Connection, certificate: crypto.X509, *_: int) -> bool:
    """Asked by OpenSSL about the peer's certificate: the offer's fingerprints decide, nobody signs these."""
    encoded = crypto.dump_certificate(crypto.FILETYPE_ASN1, certificate)
    return any(_matches(encoded, one) for one in connection.get_app_data())


def _matches(encoded: bytes, fingerprint: Fingerprint) -> bool:
    if not fingerprint.usable:
        return False
    digest = hashlib.new(_HASHES[fingerprint.algorithm], encoded).hexdigest()
    return hmac.compare_digest(digest, fingerprint.value.replace(":", "").lower())


def looks_like_dtls(data: bytes) -> bool:
    """Told by the first byte (RFC 7983)."""
    return len(data) >= _RECORD and 19 < data[0] < 64


def split_records(data: bytes) -> list[bytes]:
    """The whole DTLS records at the beginning; what follows a damaged one is left out."""
    records = []
    at = 0
    while at + _RECORD <= len(data) and 19 < data[at] < 64:
        end = at + _RECORD + int.from_bytes(data[at + 11 : at + 13])
        if end > len(data):
            break
        records.append(data[at:end])
        at = end
    return records
