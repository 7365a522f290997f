"""REGISTER in both roles, and pings."""

from switchroom.sip.agent import Registration
from switchroom.sip.digest import Account, Credentials
from switchroom.sip.events import BindingChanged, Incoming, Pinged, Registered, RegistrationFailed
from switchroom.sip.screening import Accept, Drop
from switchroom.sip.transport import Flow
from switchroom.sip.uri import Address
from tests.sip.peer import Peer
from tests.sip.wire import Side, Wire, sdp

ALICE = {"alice": Account("alice", "secret")}


def registering(password: str = "secret", **options: object) -> tuple[Wire, str]:
    """a registers with b as alice."""
    wire = Wire(b=Side("192.0.2.2", accounts=ALICE))
    wanted = Registration("sip:alice@192.0.2.2", wire.to_b, Credentials("alice", password), **options)
    name = wire.a.agent.register(wanted, now=wire.now)
    wire.run()
    return wire, name


def test_a_phone_registers_renews_and_goes() -> None:
    """Our client against our registrar: challenge, binding, renewal before it runs out, removal."""
    wire, name = registering(expires=100)
    assert wire.talk == ["1>REGISTER", "2>401", "1>REGISTER", "2>200"]
    assert wire.a.last(Registered) == Registered(name, 100)
    (binding,) = wire.b.agent.bindings("alice")
    assert binding.contact == "sip:alice@192.0.2.1:5060" and binding.flow.remote == ("192.0.2.1", 5060)
    assert wire.b.last(BindingChanged).bindings == (binding,)
    wire.run(1000)
    assert wire.a.count(Registered) == 13
    assert wire.count("401") == 1 + wire.count("REGISTER") - 1 - wire.a.count(Registered)
    wire.a.agent.unregister(name, now=wire.now)
    wire.run()
    assert wire.a.last(Registered).expires == 0
    assert wire.b.agent.bindings("alice") == [] and wire.b.last(BindingChanged).bindings == ()
    wire.run(40)
    assert wire.a.agent.state_size == wire.b.agent.state_size == 0


def test_a_registered_phone_is_called_and_a_binding_runs_out() -> None:
    """invite with the contact and the flow of a binding."""
    wire, _ = registering(expires=100)
    (binding,) = wire.b.agent.bindings("alice")
    wire.b.agent.invite(binding.contact, binding.flow, from_=Address("sip:desk@192.0.2.2"), sdp=sdp(), now=wire.now)
    wire.run()
    assert wire.a.last(Incoming).request.target.user == "alice"
    wire.lose = lambda message: True
    wire.run(101)
    assert wire.b.agent.bindings("alice") == []
    assert wire.b.last(BindingChanged).bindings == ()


def test_a_refused_registration_is_tried_again_later_and_later() -> None:
    """Backing off from 15 s up to 10 minutes."""
    wire, _ = registering("wrong")
    assert [event.retry for event in wire.a.events if isinstance(event, RegistrationFailed)] == [15.0]
    assert wire.a.last(RegistrationFailed).code == 401
    wire.run(3600)
    pauses = [event.retry for event in wire.a.events if isinstance(event, RegistrationFailed)]
    assert pauses[:7] == [15, 30, 60, 120, 240, 480, 600] and set(pauses[7:]) == {600}
    assert wire.b.agent.bindings("alice") == []


def test_the_registrar_holds_out_for_its_shortest_time() -> None:
    """423 with Min-Expires; the client takes it."""
    wire, name = registering(expires=10)
    assert wire.count("423") == 1
    assert wire.a.last(Registered) == Registered(name, 60)


def register(peer: Peer, *lines: str, cseq: int, user: str = "alice", call_id: str = "r") -> int:
    """The peer registers as a user who is let in; the code."""
    contact = [] if any(line.startswith("Contact") for line in lines) else ["Contact: <sip:desk@192.0.2.7:5070>"]
    peer.say(
        f"REGISTER sip:192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.7:5070;branch=z9hG4bKr{call_id}-{cseq}\n"
        f"From: <sip:{user}@192.0.2.1>;tag=1\nTo: <sip:{user}@192.0.2.1>\nCall-ID: {call_id}\nCSeq: {cseq} REGISTER\n"
        + "".join(f"{line}\n" for line in [*contact, *lines])
        + "Content-Length: 0\n\n"
    )
    return peer.codes[-1]


def test_what_the_registrar_refuses_and_keeps() -> None:
    """Another's address, old sequence numbers, too many phones, `*` without Expires: 0."""
    peer = Peer(Side("192.0.2.1", accounts=ALICE, screen=lambda *_: Accept(user="alice")))
    assert register(peer, cseq=1) == 200
    assert register(peer, cseq=2, user="bob") == 403
    assert register(peer, cseq=1, call_id="r2") == 200
    assert register(peer, cseq=5) == 200
    assert register(peer, cseq=4) == 500
    assert register(peer, "Contact: *", cseq=6) == 400
    assert register(peer, "Contact: <tel:1>", cseq=7) == 400
    assert register(peer, "Contact: <sip:b@192.0.2.8>;q=0.2;expires=600, <sip:c@192.0.2.8>;q=0.9", cseq=8) == 200
    assert [one.contact for one in peer.agent.bindings("alice")] == [
        "sip:desk@192.0.2.7:5070",
        "sip:c@192.0.2.8",
        "sip:b@192.0.2.8",
    ]
    assert "<sip:b@192.0.2.8>;expires=600" in peer.response.headers.listed("Contact")
    for number in range(12):
        code = register(peer, f"Contact: <sip:x{number}@192.0.2.8>", cseq=20 + number)
        assert code == (200 if number < 7 else 403)
    assert register(peer, "Contact: *", "Expires: 0", cseq=40) == 200
    assert peer.agent.bindings("alice") == []
    peer.run(40)
    assert peer.agent.state_size == 0


def test_bindings_of_a_lost_connection_are_forgotten() -> None:
    """A phone that registered over TCP cannot be reached when its connection is gone."""
    peer = Peer(Side("192.0.2.1", accounts=ALICE, screen=lambda *_: Accept(user="alice")), "tcp")
    assert register(peer, cseq=1) == 200
    peer.agent.transport_failed(Flow("tcp", ("192.0.2.9", 1), connection=9), peer.now)
    assert len(peer.agent.bindings("alice")) == 1
    peer.agent.transport_failed(peer.flow, peer.now)
    assert peer.agent.bindings("alice") == []


def test_nobody_registers_where_there_are_no_accounts() -> None:
    """405 without state."""
    peer = Peer()
    assert register(peer, cseq=1) == 405
    assert peer.agent.state_size == 0


def test_pings_in_both_directions() -> None:
    """OPTIONS is answered without state; what its sender hears is reported, silence too."""
    wire = Wire()
    name = wire.a.agent.options("sip:192.0.2.2", wire.to_b, now=wire.now)
    wire.run()
    assert wire.a.last(Pinged) == Pinged(name, 200, 0.0)
    assert wire.b.agent.state_size == 0
    allow = wire.said[-1][1].headers.tokens("Allow")
    assert {"invite", "update", "refer", "info", "prack"} <= allow
    silent = Wire(b=Side("192.0.2.2", screen=lambda *_: Drop()))
    silent.a.agent.options("sip:192.0.2.2", silent.to_b, now=silent.now)
    silent.run(33)
    assert silent.a.last(Pinged).code == 0


def test_a_trunk_that_knew_us_by_a_lost_connection_is_told_again() -> None:
    """Five seconds after the connection is gone."""
    wire = Wire(b=Side("192.0.2.2", accounts=ALICE), transport="tcp")
    wanted = Registration("sip:alice@192.0.2.2", wire.to_b, Credentials("alice", "secret"))
    wire.a.agent.register(wanted, now=wire.now)
    wire.run(10)
    wire.a.agent.transport_failed(wire.to_b, wire.now)
    wire.run(4.9)
    assert wire.a.count(Registered) == 1
    wire.run(0.2)
    assert wire.a.count(Registered) == 2
