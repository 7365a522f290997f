"""Certificates that stored input is encrypted with (BLK-161, FLOW-132): X.509, signed by a key the instance knows."""

import base64
import binascii
import re
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key

_ARMOUR = re.compile(r"-----BEGIN (?:TRUSTED )?CERTIFICATE-----(.*?)-----END (?:TRUSTED )?CERTIFICATE-----", re.DOTALL)


class BadCertificate(ValueError):
    """Nothing can be encrypted with it; the text says why."""


@lru_cache(maxsize=64)
def certificate_of(text: str) -> x509.Certificate:
    """A certificate as flows hold it: PEM whose line ends may be lost, spaces or `\\n`; PEM or DER in base64.

    The first one of a chain. Raises BadCertificate, also for one without an RSA key.
    """
    certificate = _read(text.replace("\\r", "").replace("\\n", "\n").strip())
    if not isinstance(certificate.public_key(), rsa.RSAPublicKey):
        raise BadCertificate("The certificate has no RSA key")
    return certificate


def _read(text: str) -> x509.Certificate:
    armoured = _ARMOUR.search(text)
    try:
        decoded = base64.b64decode("".join((armoured[1] if armoured else text).split()), validate=True)
        if not armoured and decoded.startswith(b"-----BEGIN"):
            return _read(decoded.decode("ascii"))
        return x509.load_der_x509_certificate(decoded)
    except (binascii.Error, ValueError, UnicodeDecodeError, UnsupportedAlgorithm):
        raise BadCertificate("The key is not an X.509 certificate in PEM form") from None


@lru_cache(maxsize=64)
def check_signature(certificate: str, public_key: str) -> None:
    """That the owner of a public key (PEM) has signed a certificate, often its own. Raises BadCertificate."""
    found = certificate_of(certificate)
    try:
        key = load_pem_public_key(public_key.strip().encode())
        _verify(key, found)
    except (InvalidSignature, ValueError, TypeError, UnsupportedAlgorithm):
        raise BadCertificate("The certificate is not signed by the security key of the instance") from None


def _verify(key: object, certificate: x509.Certificate) -> None:
    signature, signed = certificate.signature, certificate.tbs_certificate_bytes
    parameters = certificate.signature_algorithm_parameters
    hashed = certificate.signature_hash_algorithm
    if isinstance(key, rsa.RSAPublicKey) and isinstance(parameters, padding.PSS | padding.PKCS1v15) and hashed:
        key.verify(signature, signed, parameters, hashed)
    elif isinstance(key, ec.EllipticCurvePublicKey) and isinstance(parameters, ec.ECDSA):
        key.verify(signature, signed, parameters)
    elif isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey) and parameters is None:
        key.verify(signature, signed)
    else:
        raise InvalidSignature
