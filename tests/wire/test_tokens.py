"""Participant and connection tokens, and the tokens of pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchroom.base.errors import ServiceError
from switchroom.wire.call import Call
from switchroom.wire.caller import ANONYMOUS
from switchroom.wire.operation import make_binding
from switchroom.wire.pagination import paginate
from switchroom.wire.tokens import Tokens
from tests.wire.asgi import ask
from tests.wire.doors import Clock, make_app, make_services

KEY = b"k" * 32


def test_a_token_says_what_was_put_in() -> None:
    token = Tokens(KEY).mint("participant", "i", "c", "p", "CUSTOMER", 2_000)
    assert len(token) < 1000
    claims = Tokens(KEY).verify(token, "participant", now=1_999)
    assert (claims.instance, claims.contact, claims.participant, claims.role) == ("i", "c", "p", "CUSTOMER")


@given(st.text(max_size=200))
def test_forged_tokens_are_refused(text: str) -> None:
    with pytest.raises(ServiceError, match="AccessDeniedException"):
        Tokens(KEY).verify(text)


@given(st.integers(0, 200), st.integers(1, 255))
def test_a_token_with_one_changed_byte_is_refused(position: int, change: int) -> None:
    token = Tokens(KEY).mint("participant", "i", "c", "p", "CUSTOMER", 1 << 50)
    position %= len(token)
    changed = token[:position] + chr((ord(token[position]) + change) % 127 or 65) + token[position + 1 :]
    if changed.rstrip("=") == token:
        return
    try:
        assert Tokens(KEY).verify(changed) == Tokens(KEY).verify(token)
    except ServiceError as error:
        assert error.code == "AccessDeniedException"


def test_tokens_of_another_key_kind_or_time_are_refused() -> None:
    token = Tokens(KEY).mint("participant", "i", "c", "p", "CUSTOMER", 2_000)
    for refuse in (
        lambda: Tokens(b"x" * 32).verify(token, now=0),
        lambda: Tokens(KEY).verify(token, "connection", now=0),
        lambda: Tokens(KEY).verify(token, "participant", now=2_000),
        lambda: Tokens(KEY).verify(Tokens(KEY).seal("page", b"x"), now=0),
    ):
        with pytest.raises(ServiceError, match="AccessDeniedException"):
            refuse()


async def test_bearer_operations_want_the_right_kind_of_token() -> None:
    def who(call: Call, request: dict[str, object]) -> dict[str, object]:
        assert call.caller.claims is not None
        return {"Id": call.caller.claims.participant}

    clock = Clock()
    services = make_services()
    bindings = {
        ("connectparticipant", name): make_binding("connectparticipant", name, who)
        for name in ("SendMessage", "CreateParticipantConnection")
    }
    app = make_app(bindings, services, clock)
    assert services.tokens is not None
    body = b'{"ContentType":"text/plain","Content":"x"}'
    in_an_hour = clock.now() + 3_600_000
    connection = services.tokens.mint("connection", "i", "c", "p", "CUSTOMER", in_an_hour)
    participant = services.tokens.mint("participant", "i", "c", "p", "CUSTOMER", in_an_hour)
    expired = services.tokens.mint("connection", "i", "c", "p", "CUSTOMER", clock.now() - 1)
    path, connect = "/participant/message", "/participant/connection"
    reply = await ask(app, "POST", path, headers={"X-Amz-Bearer": connection}, body=body)
    assert (reply.status, reply.json()) == (200, {"Id": "p"})
    assert (await ask(app, "POST", connect, headers={"X-Amz-Bearer": participant}, body=b"{}")).status == 200
    for token in (participant, expired, "", "nonsense", connection[:-3], "é"):
        reply = await ask(app, "POST", path, headers={"X-Amz-Bearer": token}, body=body)
        assert (reply.status, reply.error) == (403, "AccessDeniedException")
        assert reply.json()["Message"]
    assert (await ask(app, "POST", connect, headers={"X-Amz-Bearer": connection}, body=b"{}")).status == 403


def make_call(operation: str = "ListQueues") -> Call:
    return Call(ANONYMOUS, make_services(), "connect", operation, "r", "::1", "http://h", 0, {})


@given(st.lists(st.integers(0, 1000), unique=True, max_size=60).map(sorted), st.integers(1, 20))
def test_pages_together_are_the_list(items: list[int], size: int) -> None:
    for key in (None, lambda item: item):
        found: list[int] = []
        request: dict[str, object] = {"InstanceId": "i", "MaxResults": size}
        while True:
            page, token = paginate(make_call(), items, request, key=key)
            assert len(page) <= size
            found += page
            if token is None:
                break
            request["NextToken"] = token
        assert found == items


def test_pages_by_key_stand_while_the_list_changes() -> None:
    request: dict[str, object] = {"MaxResults": 2}
    page, token = paginate(make_call(), ["b", "c", "d"], request, key=lambda item: item)
    assert page == ["b", "c"]
    page, _ = paginate(make_call(), ["a", "b", "bb", "d", "e"], request | {"NextToken": token}, key=lambda item: item)
    assert page == ["d", "e"]


def test_a_page_token_is_good_for_its_own_request_alone() -> None:
    _, token = paginate(make_call(), list("abc"), {"InstanceId": "i", "MaxResults": 1})
    for call, request in (
        (make_call("ListUsers"), {"InstanceId": "i", "NextToken": token}),
        (make_call(), {"InstanceId": "other", "NextToken": token}),
        (make_call(), {"InstanceId": "i", "NextToken": "forged"}),
        (make_call(), {"InstanceId": "i", "NextToken": str(token) + "A"}),
    ):
        with pytest.raises(ServiceError, match="InvalidRequestException"):
            paginate(call, list("abc"), request)
