"""Stored input that only its owner can read (BLK-161, FLOW-132): messages of the AWS Encryption SDK, as base64 text.

The wrapping key is the RSA key of the certificate, OAEP with SHA-512 and MGF1; provider `AmazonConnect`, key name the
id of the security key. The algorithm suite is AES-256-GCM with HKDF and key commitment (0x0478): every release of the
SDK since 1.7 reads it under each of its commitment policies; one without commitment only under those that allow it.
"""

import asyncio
import base64

from switchroom.core.media import Encryption
from switchroom.flows.blocks.phone import international
from switchroom.flows.certificates import certificate_of

PROVIDER = "AmazonConnect"
INVALID_NUMBER = "InvalidPhoneNumber"
"""Why an entry failed that had to be a telephone number; nobody can check it any more once it is encrypted."""


class NotANumber(ValueError):
    """The keys are no telephone number."""


async def encrypted(keys: str, wanted: Encryption) -> str:
    """The keys (as an E.164 number if they must be one) encrypted. NotANumber; ValueError for a bad certificate."""
    number = keys if wanted.country is None else international(keys, wanted.country)
    if number is None:
        raise NotANumber(INVALID_NUMBER)
    return await asyncio.to_thread(encrypt, number, wanted.key_id, wanted.certificate)


def encrypt(text: str, key_id: str, certificate: str) -> str:
    """A message only the owner of the certificate's private key can read. BadCertificate (a ValueError)."""
    from aws_encryption_sdk import CommitmentPolicy, EncryptionSDKClient
    from aws_encryption_sdk.identifiers import Algorithm, EncryptionKeyType, WrappingAlgorithm
    from aws_encryption_sdk.internal.crypto.wrapping_keys import WrappingKey
    from aws_encryption_sdk.key_providers.raw import RawMasterKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = certificate_of(certificate).public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    wrapping = WrappingKey(WrappingAlgorithm.RSA_OAEP_SHA512_MGF1, pem, EncryptionKeyType.PUBLIC)
    master = RawMasterKey(provider_id=PROVIDER, key_id=key_id, wrapping_key=wrapping)
    client = EncryptionSDKClient(commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
    message, _ = client.encrypt(
        source=text.encode(), key_provider=master, algorithm=Algorithm.AES_256_GCM_HKDF_SHA512_COMMIT_KEY
    )
    return base64.b64encode(message).decode("ascii")
