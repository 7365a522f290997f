"""Keys and certificates of people whose input is encrypted, and how they decrypt it: with the public SDK."""

import base64
import datetime as dt
from dataclasses import dataclass

from aws_encryption_sdk import CommitmentPolicy, EncryptionSDKClient
from aws_encryption_sdk.identifiers import EncryptionKeyType, WrappingAlgorithm
from aws_encryption_sdk.internal.crypto.wrapping_keys import WrappingKey
from aws_encryption_sdk.key_providers.raw import RawMasterKeyProvider
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID


@dataclass
class Owner:
    """A key pair and a certificate: what `openssl req -x509` makes."""

    key: rsa.RSAPrivateKey
    certificate: str

    @property
    def public(self) -> str:
        return self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def decrypt(self, text: str, key_id: str, policy: CommitmentPolicy | None = None) -> str:
        """As a function of a user does."""
        private = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

        class Keys(RawMasterKeyProvider):  # type: ignore[misc]
            provider_id = "AmazonConnect"

            def _get_raw_key(self, _: bytes) -> WrappingKey:
                return WrappingKey(WrappingAlgorithm.RSA_OAEP_SHA512_MGF1, private, EncryptionKeyType.PRIVATE)

        keys = Keys()
        keys.add_master_key(key_id)
        client = EncryptionSDKClient(**({"commitment_policy": policy} if policy is not None else {}))
        plain, _ = client.decrypt(source=base64.b64decode(text, validate=True), key_provider=keys)
        return bytes(plain).decode()


def owner(signer: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | None = None, pss: bool = False) -> Owner:
    key = rsa.generate_private_key(65_537, 2_048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "input.example.com")])
    now = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
    )
    how = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH) if pss else None
    certificate = builder.sign(signer or key, hashes.SHA256(), rsa_padding=how)
    return Owner(key, certificate.public_bytes(Encoding.PEM).decode())
