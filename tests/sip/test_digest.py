"""Digest authentication: the published examples, and our client against our server."""

import re

import pytest

from switchroom.sip.digest import Account, Credentials, DigestClient, DigestServer, digest_hash, digest_response

NONCE = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
CNONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"


@pytest.mark.parametrize(
    ("algorithm", "expected"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_examples_of_rfc_7616(algorithm: str, expected: str) -> None:
    """Section 3.9.1: Mufasa asks for /dir/index.html."""
    ha1 = digest_hash(algorithm, "Mufasa:http-auth@example.org:Circle of Life")
    given = digest_response(algorithm, ha1, "GET", "/dir/index.html", NONCE, qop="auth", nc="00000001", cnonce=CNONCE)
    assert given == expected


def test_sha_512_256_is_the_hash_of_that_name() -> None:
    """The example of FIPS 180-4 for `abc`, so that no other truncation is taken."""
    assert digest_hash("SHA-512-256", "abc") == "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23"


def test_the_older_form_without_qop() -> None:
    """RFC 2617 section 3.5 with its qop left out, as RFC 2069 computes it."""
    ha1 = digest_hash("MD5", "Mufasa:testrealm@host.com:Circle Of Life")
    given = digest_response("MD5", ha1, "GET", "/dir/index.html", "dcd98b7102dd2f0e8b11d0f600bfb0c093")
    assert given == "670fd8c2df070c60b045671b8b24ff02"


def server(**options: str) -> DigestServer:
    """A server that knows alice."""
    accounts = {"alice": Account("alice", "secret")}
    return DigestServer("test", accounts.get, "sealed", **({"algorithms": ("SHA-256", "MD5")} | options))


def client(password: str = "secret", realm: str | None = None) -> DigestClient:
    """Alice's phone."""
    return DigestClient(Credentials("alice", password, realm), lambda: "c" * 16)


URI = "sip:+15550100@192.0.2.1"


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256", "SHA-512-256"])
def test_our_client_proves_itself_to_our_server_once_per_count(algorithm: str) -> None:
    """Good once, refused as a replay, good again with the next count, stale after its time."""
    ours, theirs = server(algorithms=[algorithm]), client()
    assert theirs.challenged("Authorization", ours.challenge(100.0)) == ("test", False)
    ((_, first),) = theirs.authorize("INVITE", URI)
    assert ours.verify([first], "INVITE", URI, 101.0) == ("alice", False)
    assert ours.verify([first], "INVITE", URI, 101.0) == ("", True)
    ((_, second),) = theirs.authorize("INVITE", URI)
    assert ours.verify([second], "INVITE", URI, 102.0) == ("alice", False)
    ((_, late),) = theirs.authorize("INVITE", URI)
    assert ours.verify([late], "INVITE", URI, 100.0 + 301) == ("", True)


def test_what_proves_nothing() -> None:
    """Wrong password, method, target, nonce, realm, algorithm or user; no qop; another scheme."""
    ours = server()
    challenge = ours.challenge(100.0)

    def answer(password: str = "secret") -> str:
        theirs = client(password)
        theirs.challenged("Authorization", challenge)
        return theirs.authorize("INVITE", URI)[0][1]

    good = answer()
    for bad, method, uri in (
        (answer("wrong"), "INVITE", URI),
        (good, "REGISTER", URI),
        (good, "INVITE", "sip:+15550199@192.0.2.1"),
        (re.sub('nonce="[^"]*"', 'nonce="1.2"', good, count=1), "INVITE", URI),
        (good.replace('realm="test"', 'realm="other"'), "INVITE", URI),
        (good.replace("=SHA-256", "=MD6"), "INVITE", URI),
        (good.replace('"alice"', '"bob"'), "INVITE", URI),
        (good.replace(", qop=auth", ""), "INVITE", URI),
        (good.replace("nc=00000001", "nc=zz"), "INVITE", URI),
        (good.replace("Digest", "Basic"), "INVITE", URI),
        ("", "INVITE", URI),
    ):
        assert ours.verify([bad], method, uri, 101.0) == ("", False)
    assert ours.verify([good], "INVITE", URI, 101.0) == ("alice", False)


def test_the_host_of_the_target_may_be_another() -> None:
    """Proxies rewrite it, and sipp leaves the user out; what was signed is what counts."""
    for signed in ("sip:+15550100@sbc.example", "sip:192.0.2.1"):
        ours, theirs = server(), client()
        theirs.challenged("Authorization", ours.challenge(1.0))
        assert ours.verify([theirs.authorize("INVITE", signed)[0][1]], "INVITE", URI, 2.0)[0] == "alice"


def test_an_account_may_keep_a_hash_instead_of_its_password() -> None:
    """ha1 by algorithm; an algorithm without one is refused."""
    hashes = {"MD5": digest_hash("MD5", "alice:test:secret")}
    ours = DigestServer("test", {"alice": Account("alice", None, hashes)}.get, "sealed", ["SHA-256", "MD5"])
    for values, user in ((ours.challenge(1.0)[:1], ""), (ours.challenge(1.0)[1:], "alice")):
        theirs = client()
        theirs.challenged("Authorization", values)
        assert ours.verify([theirs.authorize("INVITE", URI)[0][1]], "INVITE", URI, 2.0)[0] == user


def test_the_client_chooses_the_strongest_and_answers_only_its_realm() -> None:
    """RFC 8760: several challenges, the best known is answered; unknown ones and other realms are not."""
    theirs = client(realm="test")
    challenge = 'Digest realm="test", nonce="n", algorithm={}, qop="auth,auth-int", opaque="o\\"1"'
    values = [challenge.format(one) for one in ("MD5", "SHA-512-256", "SHA-256", "SHA3-512")]
    assert theirs.challenged("Authorization", values) == ("test", False)
    ((name, answer),) = theirs.authorize("INVITE", URI)
    assert name == "Authorization" and "algorithm=SHA-512-256" in answer and 'opaque="o\\"1"' in answer
    assert client(realm="else").challenged("Authorization", values) is None
    assert client().challenged("Authorization", ["Basic realm=x", 'Digest realm="x"', "Digest nonce=,,=", ""]) is None
    assert client().challenged("Authorization", ['Digest realm="x", nonce="y", qop="auth-int"']) is None


def test_memory_of_nonces_has_a_limit() -> None:
    """Only nonces that were answered well are kept, and not more than a few thousand."""
    ours = server()
    for number in range(5000):
        theirs = client()
        theirs.challenged("Authorization", ours.challenge(float(number) / 100))
        assert ours.verify([theirs.authorize("INVITE", URI)[0][1]], "INVITE", URI, number / 100)[0] == "alice"
    assert ours.remembered <= 4096
