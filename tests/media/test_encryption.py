"""Input that only its owner can read: decrypted here with the public SDK, in the ways users decrypt it."""

import base64

import pytest
from aws_encryption_sdk import CommitmentPolicy
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from switchroom.flows.certificates import BadCertificate, certificate_of, check_signature
from switchroom.media.encryption import encrypt
from tests.certificates import Owner, owner


@pytest.fixture(scope="module")
def ours() -> Owner:
    return owner()


@pytest.mark.parametrize("policy", [None, *CommitmentPolicy])
def test_the_owner_reads_it(ours: Owner, policy: CommitmentPolicy | None) -> None:
    """BLK-161, FLOW-132: decryptors of every commitment policy read it, and nothing of it can be read before."""
    text = encrypt("4111111111111111", "key-7", ours.certificate)
    assert "4111" not in text and "4111" not in base64.b64decode(text).decode("latin-1")
    assert ours.decrypt(text, "key-7", policy) == "4111111111111111"


def test_nobody_else_does(ours: Owner) -> None:
    text = encrypt("12", "key-7", ours.certificate)
    for other, key_id in ((owner(), "key-7"), (ours, "key-8")):
        with pytest.raises(Exception, match=r"(?i)decrypt|master key"):
            other.decrypt(text, key_id)


def test_certificates_as_flows_hold_them(ours: Owner) -> None:
    """BLK-161: exported flows lose line ends, or hold PEM or DER in base64."""
    plain = ours.certificate
    body = "".join(plain.strip().splitlines()[1:-1])
    for text in (
        plain,
        plain.replace("\n", "\r\n"),
        plain.replace("\n", "\\n"),
        plain.replace("\n", " "),
        plain.replace("\n", ""),
        f"  {body}\n",
        base64.b64encode(plain.encode()).decode(),
        f"Bag Attributes\n{plain}{owner().certificate}",
    ):
        assert certificate_of(text) == certificate_of(plain)
        check_signature(text, ours.public)


def test_certificates_that_are_none(ours: Owner) -> None:
    for text in ("", "your-certificate", ours.public, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"):
        with pytest.raises(BadCertificate):
            certificate_of(text)


def test_who_signed_it(ours: Owner) -> None:
    """BLK-161, FLOW-132: the certificate is the key owner's own or signed with that key, whatever the algorithm."""
    authority = ec.generate_private_key(ec.SECP256R1())
    public = authority.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    check_signature(owner(authority).certificate, public)
    modern = owner(pss=True)
    check_signature(modern.certificate, modern.public)
    for key in (public, owner().public, "nonsense"):
        with pytest.raises(BadCertificate, match="not signed"):
            check_signature(ours.certificate, key)
