"""Who is let in: trunks by address, strangers at a demo's open door only, scanners and floods never."""

from pathlib import Path
from typing import Any

import pytest

from switchroom.base.ids import new_id
from switchroom.media.directory import SIP_SECRET, SipDirectory
from switchroom.media.gate import CALLS_OF_STRANGERS, Gate
from switchroom.media.secrets import seal
from switchroom.media.trunks import Trunks
from switchroom.resources.catalogue import Catalogue
from switchroom.sip.message import Request
from switchroom.sip.parser import parse
from switchroom.sip.screening import Accept, Challenge, Drop, Reject, Verdict
from switchroom.sip.transport import Flow
from switchroom.storage.envelope import Envelope
from tests.centre.conftest import document

STRANGER = Flow("udp", ("203.0.113.9", 5060))
CARRIER = Flow("udp", ("198.51.100.20", 5060))
INSTANCE = new_id()


def request(method: str = "INVITE", number: str = "+15550100", agent: str = "phone") -> Request:
    lines = [
        f"{method} sip:{number}@192.0.2.1 SIP/2.0",
        "Via: SIP/2.0/UDP 203.0.113.9;branch=z9hG4bKx",
        "From: <sip:a@203.0.113.9>;tag=1",
        f"To: <sip:{number}@192.0.2.1>",
        "Call-ID: c",
        f"CSeq: 1 {method}",
        "Max-Forwards: 70",
        f"User-Agent: {agent}",
        "Content-Length: 0",
    ]
    message = parse(("\r\n".join(lines) + "\r\n\r\n").encode())
    assert isinstance(message, Request)
    return message


class Site:
    def __init__(self, tmp_path: Path, *, demo: bool = False, trunks: dict[str, dict[str, Any]] | None = None) -> None:
        self.catalogue = Catalogue()
        self.envelope = Envelope(tmp_path / "root.key")
        self.put("phone-number", "n1", "+15550100", PhoneNumberStatus={"Status": "CLAIMED"})
        self.trunks = Trunks(self.catalogue, self.envelope, demo=demo)
        self.directory = SipDirectory(self.catalogue, self.envelope)
        self.gate = Gate(self.trunks, self.directory)
        for name, body in (trunks or {}).items():
            self.put("trunk", name, name, **body)

    def put(self, kind: str, identifier: str, name: str, **body: Any) -> None:
        self.catalogue.apply(document(INSTANCE, kind, identifier, name, body))

    def verdict(self, one: Request, flow: Flow = STRANGER, now: float = 0.0) -> Verdict:
        return self.gate(one, flow, now)


def test_the_open_door_of_a_demo(tmp_path: Path) -> None:
    """A claimed number is reached from anywhere, another is 404, and the answers to strangers are not repeated."""
    site = Site(tmp_path, demo=True)
    assert site.verdict(request()) == Accept(trusted=False)
    assert site.verdict(request(number="+15559999")) == Reject(404)
    assert site.verdict(request("REGISTER")) == Reject(403)


def test_without_demo_and_trunk_nobody_comes_in(tmp_path: Path) -> None:
    site = Site(tmp_path)
    assert site.verdict(request()) == Reject(403)
    assert site.verdict(request("OPTIONS")) == Drop()


def test_a_trunk_closes_the_open_door(tmp_path: Path) -> None:
    site = Site(tmp_path, demo=True, trunks={"carrier": {"Inbound": {"Addresses": ["198.51.100.0/24"]}}})
    assert site.verdict(request()) == Reject(403)
    assert site.verdict(request(), CARRIER) == Accept(trusted=True)
    assert site.verdict(request(number="+1999"), CARRIER) == Reject(404)
    assert site.verdict(request("OPTIONS"), CARRIER) == Accept(trusted=True)


def test_the_narrowest_network_is_the_trunk(tmp_path: Path) -> None:
    bodies = {
        "wide": {"Inbound": {"Addresses": ["198.51.0.0/16"]}},
        "narrow": {"Inbound": {"Addresses": ["198.51.100.20"]}},
    }
    site = Site(tmp_path, trunks=bodies)
    trunk = site.gate.trunk_of(CARRIER)
    assert trunk is not None
    assert trunk.name == "narrow"


def test_a_trunk_that_is_off_or_broken_is_none(tmp_path: Path) -> None:
    bodies = {
        "off": {"Enabled": False, "Inbound": {"Addresses": ["198.51.100.20"]}},
        "broken": {"Inbound": {"Addresses": ["not an address"]}},
    }
    assert Site(tmp_path, trunks=bodies).trunks.all() == []


def test_proof_by_digest(tmp_path: Path) -> None:
    """A trunk without a fixed address, and a desk phone, prove who they are."""
    site = Site(tmp_path)
    site.put("trunk", "t", "t", Inbound={"Username": "acct", "Secret": seal(site.envelope, INSTANCE, "s3cret")})
    assert site.verdict(request()) == Challenge()
    account = site.gate.account("acct")
    assert account is not None
    assert account.password == "s3cret"
    site.put("user", "u", "agent1", **{SIP_SECRET: seal(site.envelope, INSTANCE, "word")})
    assert site.verdict(request("REGISTER")) == Challenge()
    phone = site.gate.account("agent1")
    assert phone is not None
    assert phone.password == "word"
    assert site.gate.account("nobody") is None


def test_scanners_hear_nothing(tmp_path: Path) -> None:
    site = Site(tmp_path, demo=True)
    for name in ("friendly-scanner", "sipvicious", "sipcli/v1.8"):
        assert site.verdict(request(agent=name)) == Drop()


def test_a_flood_is_cut(tmp_path: Path) -> None:
    """So many requests at once from one address, then silence; the carrier's calls go on."""
    site = Site(tmp_path, demo=True, trunks={})
    verdicts = [site.verdict(request()) for _ in range(200)]
    answered = sum(verdict != Drop() for verdict in verdicts)
    assert 10 <= answered <= 60
    assert verdicts[-1] == Drop()
    assert site.verdict(request(), CARRIER) == Accept(trusted=False)
    assert site.verdict(request(), STRANGER, 10.0) == Accept(trusted=False)


def test_who_is_refused_again_and_again_is_not_heard_any_more(tmp_path: Path) -> None:
    """Guessing numbers yields a few 404 and then nothing, for a minute."""
    site = Site(tmp_path, demo=True)
    verdicts = [site.verdict(request(number=f"+1999{n:04}"), STRANGER, n * 0.5) for n in range(60)]
    assert verdicts[0] == Reject(404)
    assert verdicts[-1] == Drop()
    assert site.verdict(request(), STRANGER, 31.0) == Drop()
    assert site.verdict(request(), STRANGER, 130.0) == Accept(trusted=False)


def test_calls_at_a_time(tmp_path: Path) -> None:
    site = Site(tmp_path, demo=True)
    site.gate.calls["203.0.113.9"] = CALLS_OF_STRANGERS
    assert not site.gate.may_call("203.0.113.9", None)
    assert site.gate.may_call("127.0.0.1", None)
    site = Site(tmp_path, trunks={"t": {"Inbound": {"Addresses": ["198.51.100.20"]}, "MaximumCalls": 2}})
    trunk = site.gate.trunk_of(CARRIER)
    assert trunk is not None
    site.gate.calls["t"] = 1
    assert site.gate.may_call("t", trunk)
    site.gate.calls["t"] = 2
    assert not site.gate.may_call("t", trunk)


def test_number_rules(tmp_path: Path) -> None:
    """NUM-53: the trunk's own way to write numbers, both ways."""
    rules = [
        {"Direction": "INBOUND", "Match": r"0(\d+)", "Replace": r"+44\1"},
        {"Direction": "OUTBOUND", "Match": r"\+44(\d+)", "Replace": r"0\1"},
        {"Direction": "OUTBOUND", "Match": r"\+(\d+)", "Replace": r"00\1"},
    ]
    site = Site(tmp_path, trunks={"t": {"Inbound": {"Addresses": ["198.51.100.20"]}, "NumberRules": rules}})
    site.put("phone-number", "n2", "+442079460123", PhoneNumberStatus={"Status": "CLAIMED"})
    trunk = site.trunks.get("t")
    assert trunk is not None
    assert trunk.rewrite("+442079460123", "OUTBOUND") == "02079460123"
    assert trunk.rewrite("+12025550143", "OUTBOUND") == "0012025550143"
    assert site.verdict(request(number="02079460123"), CARRIER) == Accept(trusted=True)


def test_a_rule_writes_what_the_whole_number_matched(tmp_path: Path) -> None:
    """Where the beginning of a number would fit too, it is the whole that counts; an absent group is nothing."""
    rules = [{"Direction": "INBOUND", "Match": r"9|99(\d+)|8(\d)", "Replace": r"\1"}]
    trunk = Site(tmp_path, trunks={"t": {"NumberRules": rules}}).trunks.get("t")
    assert trunk is not None
    assert [trunk.rewrite(one, "INBOUND") for one in ("99123", "9", "85", "7")] == ["123", "", "", "7"]


def test_a_loopback_alone_leaves_the_door_of_a_demo_open(tmp_path: Path) -> None:
    """It leads nowhere else, so trying it out shuts nobody out."""
    site = Site(tmp_path, demo=True, trunks={"loop": {"Loopback": True}})
    assert site.verdict(request()) == Accept(trusted=False)
    assert [trunk.id for trunk in site.trunks.outbound(INSTANCE)] == ["loop"]


def test_the_registrar_may_call(tmp_path: Path) -> None:
    """A trunk that registers is called at its registration, so that only To tells the number; others may not."""
    outbound = {"Host": CARRIER.remote[0], "Register": True, "Username": "acct"}
    site = Site(tmp_path, trunks={"t": {"Outbound": outbound}})
    called = request()
    called.uri = "sip:acct@192.0.2.1"
    assert site.verdict(request(), CARRIER) == Accept(trusted=True)
    assert site.verdict(called, CARRIER) == Accept(trusted=True)
    assert site.verdict(request(), STRANGER) == Reject(403)
    site = Site(tmp_path, trunks={"t": {"Outbound": {**outbound, "Host": "sip.example.com"}}})
    assert site.verdict(request(), CARRIER) == Reject(403)
    site.trunks.registered_at("t", frozenset({CARRIER.remote[0]}))
    assert site.verdict(called, CARRIER) == Accept(trusted=True)


def test_a_number_that_is_released_is_gone(tmp_path: Path) -> None:
    site = Site(tmp_path, demo=True)
    site.catalogue.apply_deletion(INSTANCE, "phone-number", "n1", 2)
    assert site.verdict(request()) == Reject(404)


@pytest.mark.parametrize("secret", ["", "%%%", "AAAA"])
def test_a_secret_that_cannot_be_opened_is_none(tmp_path: Path, secret: str) -> None:
    site = Site(tmp_path)
    site.put("user", "u", "agent1", **{SIP_SECRET: secret})
    assert site.gate.account("agent1") is None
