"""STUN and ICE-lite: the vectors of RFC 5769, aioice as the other side, forged and damaged requests."""

import random
from functools import partial

import pytest
from aioice import stun as peer

from switchroom.media.webrtc import stun
from switchroom.media.webrtc.ice import CONSENT_S, Credentials, IceLite

RFC_5769_REQUEST = bytes.fromhex(
    "000100582112a442b7e7a701bc34d686fa87dfae80220010"
    "5354554e207465737420636c69656e74002400046e0001ff80290008932ff9b151263b36"
    "000600096576746a3a68367659202020" + "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf"
)
PASSWORD = b"VOkJxbRl1RmTxUk/WvJxBt"
OURS, THEIRS = Credentials("serverfrag", "s" * 24), Credentials("browserfrag", "b" * 24)
SOURCE, OTHER = ("192.0.2.1", 40000), ("198.51.100.7", 50000)


def request(
    user: str = "serverfrag:browserfrag",
    password: str = OURS.password,
    nominate: bool = False,
    controlled: bool = False,
) -> bytes:
    """A binding request as aioice writes it."""
    message = peer.Message(message_method=peer.Method.BINDING, message_class=peer.Class.REQUEST)
    message.attributes["USERNAME"] = user
    message.attributes["PRIORITY"] = 1845494271
    message.attributes["ICE-CONTROLLED" if controlled else "ICE-CONTROLLING"] = 7
    if nominate:
        message.attributes["USE-CANDIDATE"] = None
    message.add_message_integrity(password.encode())
    return bytes(message)


@pytest.fixture
def ice() -> IceLite:
    return IceLite(OURS, THEIRS)


def test_the_vector_of_rfc_5769_is_authentic() -> None:
    message = stun.parse(RFC_5769_REQUEST)
    assert message.kind == stun.BINDING_REQUEST
    assert message.attributes[stun.USERNAME] == b"evtj:h6vY"
    assert stun.authentic(message, PASSWORD)
    assert not stun.authentic(message, PASSWORD + b"x")


def test_an_answer_is_what_another_implementation_expects(ice: IceLite) -> None:
    answer = ice.receive(request(), SOURCE, 1.0)
    assert answer is not None
    read = peer.parse_message(answer)
    read.check_message_integrity(OURS.password.encode())
    assert read.message_class is peer.Class.RESPONSE
    assert read.attributes["XOR-MAPPED-ADDRESS"] == SOURCE
    v6 = ("2001:db8::1", 40001)
    answer = ice.receive(request(), v6, 1.0)
    assert answer is not None
    assert peer.parse_message(answer).attributes["XOR-MAPPED-ADDRESS"] == v6


@pytest.mark.parametrize(
    "forged",
    [
        partial(request, password="w" * 24),
        partial(request, user="serverfrag:somebody"),
        partial(request, user="somebody:browserfrag"),
    ],
)
def test_what_does_not_know_the_secret_is_not_answered(ice: IceLite, forged: partial[bytes]) -> None:
    assert ice.receive(forged(), SOURCE, 1.0) is None
    assert (ice.remote, ice.heard_at, ice.valid(SOURCE)) == (None, None, False)


def test_without_integrity_or_with_a_changed_byte_nothing_is_answered(ice: IceLite) -> None:
    message = peer.Message(message_method=peer.Method.BINDING, message_class=peer.Class.REQUEST)
    message.attributes["USERNAME"] = "serverfrag:browserfrag"
    assert ice.receive(bytes(message), SOURCE, 1.0) is None
    good = bytearray(request())
    good[30] ^= 1
    assert ice.receive(bytes(good), SOURCE, 1.0) is None


def test_the_last_nomination_decides_where_to_send(ice: IceLite) -> None:
    ice.receive(request(), SOURCE, 1.0)
    assert ice.remote == SOURCE
    ice.receive(request(), OTHER, 1.1)
    assert ice.remote == OTHER, "before a nomination the newest address is as good as any"
    ice.receive(request(nominate=True), SOURCE, 1.2)
    ice.receive(request(), OTHER, 1.3)
    assert ice.remote == SOURCE
    ice.receive(request(nominate=True), OTHER, 1.4)
    assert ice.remote == OTHER
    assert ice.valid(SOURCE)


def test_a_browser_that_thinks_it_is_controlled_is_told_to_switch(ice: IceLite) -> None:
    answer = ice.receive(request(controlled=True), SOURCE, 1.0)
    assert answer is not None
    assert peer.parse_message(answer).attributes["ERROR-CODE"][0] == 487
    assert ice.heard_at is None


def test_an_attribute_that_must_be_understood_and_is_not(ice: IceLite) -> None:
    raw = stun.serialize(
        stun.BINDING_REQUEST,
        bytes(12),
        [(stun.USERNAME, b"serverfrag:browserfrag"), (0x7F01, b"abcd")],
        OURS.password.encode(),
    )
    answer = ice.receive(raw, SOURCE, 1.0)
    assert answer is not None
    read = stun.parse(answer)
    assert read.kind == stun.BINDING_ERROR
    assert read.attributes[stun.UNKNOWN_ATTRIBUTES] == b"\x7f\x01"


def test_consent_ends_after_fifteen_seconds(ice: IceLite) -> None:
    assert not ice.silent(1e6), "nothing has begun"
    ice.receive(request(), SOURCE, 10.0)
    assert not ice.silent(10.0 + CONSENT_S)
    assert ice.silent(10.1 + CONSENT_S)


def test_damaged_and_random_datagrams_do_no_harm(ice: IceLite) -> None:
    chance = random.Random(5)
    valid = request(nominate=True)
    for _ in range(4000):
        damaged = bytearray(valid)
        for _ in range(chance.randint(1, 6)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        cut = bytes(damaged[: chance.randint(0, len(damaged))])
        for data in (bytes(damaged), cut, cut + chance.randbytes(chance.randint(0, 80))):
            if data != valid:
                assert ice.receive(data, SOURCE, 1.0) is None
    assert ice.remote is None
