"""People: signing in, sessions, what their security profiles let them do."""

import asyncio
from typing import Any

import msgspec
import pytest

from switchroom.storage.security import ApiKey
from switchroom.wire.app import App
from switchroom.wire.call import Call
from switchroom.wire.context import Services
from switchroom.wire.operation import OPERATOR, load_bindings
from tests.wire.asgi import Reply, ask
from tests.wire.conftest import PASSWORD
from tests.wire.doors import Clock, bind, make_app
from tests.wire.signing import sign

SESSION = "/switchroom/session"


def who(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    return {"Queue": {"Name": call.caller.name}, "QueueId": call.caller.kind}


@pytest.fixture
def app(site: Services, clock: Clock) -> App:
    bindings = {
        key: value
        for key, value in load_bindings().items()
        if key[1] in ("SignIn", "SignOut", "GetSession", "UpdateSession")
    }
    bindings |= bind("connect", "DescribeQueue", who, permission="Queues.View")
    bindings |= bind("connect", "CreateQueue", who, permission="Queues.Create")
    bindings |= bind("connect", "DescribeUser", who)
    bindings |= bind("connect", "ListInstances", who, permission=OPERATOR)
    return make_app(bindings, site, clock)


def instance(site: Services) -> str:
    found: str = site.catalogue.instances()[0].id
    return found


async def sign_in(app: App, username: str = "admin", password: str = PASSWORD, **more: Any) -> Reply:
    body = msgspec.json.encode({"Username": username, "Password": password, **more})
    return await ask(app, "POST", SESSION, body=body)


async def token_of(app: App, username: str) -> str:
    reply = await sign_in(app, username)
    assert reply.status == 200, reply
    token: str = reply.json()["Token"]
    return token


async def test_signing_in_gives_a_cookie_a_token_and_the_permissions(app: App, site: Services) -> None:
    """BASE-171."""
    reply = await sign_in(app, InstanceAlias="demo", Language="ja")
    assert reply.status == 200
    found = reply.json()
    assert found["User"]["Username"] == "admin"
    assert found["Instance"]["Alias"] == "demo"
    assert "Queues.Create" in found["Permissions"]
    cookie = reply.headers["set-cookie"]
    assert cookie.startswith(f"switchroom-session={found['Token']}; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict")
    assert "Secure" not in cookie
    described = await ask(app, "GET", SESSION, headers={"Authorization": f"Bearer {found['Token']}"})
    assert described.json()["User"]["Username"] == "admin"
    assert described.json()["Language"] == "ja"
    assert "Token" not in described.json()


async def test_the_cookie_is_for_https_only_where_there_is_https(app: App) -> None:
    body = msgspec.json.encode({"Username": "admin", "Password": PASSWORD})
    reply = await ask(app, "POST", SESSION, body=body, headers={"X-Forwarded-Proto": "https"})
    assert reply.headers["set-cookie"].endswith("; Secure")


@pytest.mark.parametrize(
    ("name", "password", "alias"),
    [
        ("admin", "wrong", "demo"),
        ("nobody", PASSWORD, "demo"),
        ("admin", PASSWORD, "other"),
    ],
)
async def test_whatever_is_wrong_the_answer_is_the_same(app: App, name: str, password: str, alias: str) -> None:
    reply = await sign_in(app, name, password, InstanceAlias=alias)
    assert (reply.status, reply.error) == (401, "SignInFailedException")
    assert reply.json()["Message"] == "The user name or the password is not right"
    assert "set-cookie" not in reply.headers


async def test_any_case_of_the_user_name_signs_in(app: App) -> None:
    """USER-34."""
    reply = await sign_in(app, "ADMIN")
    assert (reply.status, reply.json()["User"]["Username"]) == (200, "admin")


async def test_ten_failures_lock_the_user_out_for_fifteen_minutes(app: App, clock: Clock) -> None:
    for _ in range(10):
        assert (await sign_in(app, "agent1", "wrong")).status == 401
    assert (await sign_in(app, "agent1")).status == 401
    assert (await sign_in(app, "agent2")).status == 200
    clock.ahead = 15 * 60_000 + 1000
    assert (await sign_in(app, "agent1")).status == 200


async def test_a_session_ends_after_twelve_hours_come_what_may(app: App, clock: Clock, site: Services) -> None:
    """BASE-182."""
    headers = {"Authorization": f"Bearer {await token_of(app, 'agent1')}"}
    for hours in range(12):
        clock.ahead = hours * 3_600_000
        assert (await ask(app, "GET", SESSION, headers=headers)).status == 200
    clock.ahead = 12 * 3_600_000 + 1
    reply = await ask(app, "GET", SESSION, headers=headers)
    assert (reply.status, reply.error) == (403, "ExpiredTokenException")


async def test_signing_out_ends_the_session(app: App) -> None:
    """BASE-183, USER-69: wherever it is shared."""
    token = await token_of(app, "agent1")
    headers, elsewhere = {"Authorization": f"Bearer {token}"}, {"Cookie": f"switchroom-session={token}"}
    assert (await ask(app, "GET", SESSION, headers=headers)).status == 200
    reply = await ask(app, "DELETE", SESSION, headers=headers)
    assert "Max-Age=0" in reply.headers["set-cookie"]
    for shared in (headers, elsewhere):
        assert (await ask(app, "GET", SESSION, headers=shared)).error == "ExpiredTokenException"
    assert (await ask(app, "DELETE", SESSION)).status == 200


async def test_a_new_password_ends_all_sessions_of_the_user(app: App, site: Services, clock: Clock) -> None:
    assert site.sessions is not None
    headers = {"Authorization": f"Bearer {await token_of(app, 'agent1')}"}
    other = {"Authorization": f"Bearer {await token_of(app, 'agent2')}"}
    assert (await ask(app, "GET", SESSION, headers=headers)).status == 200
    user = site.catalogue.by_name(instance(site), "user", "agent1")
    await site.sessions.passwords.set(instance(site), user.id, "An0ther-password", clock.now())
    for _ in range(100):
        reply = await ask(app, "GET", SESSION, headers=headers)
        if reply.status != 200:
            break
        await asyncio.sleep(0.02)
    assert reply.error == "ExpiredTokenException"
    assert (await ask(app, "GET", SESSION, headers=other)).status == 200
    assert (await sign_in(app, "agent1")).status == 401
    assert (await sign_in(app, "agent1", "An0ther-password")).status == 200


async def test_tokens_are_stored_as_hashes_alone(app: App, site: Services) -> None:
    token = await token_of(app, "admin")
    rows = await site.database.pool.fetch("SELECT * FROM sessions")
    assert len(rows) == 1
    assert token not in str([tuple(row) for row in rows])


@pytest.mark.parametrize("token", ["", "x", "é" * 40, "a" * 5000])
async def test_forged_tokens(app: App, token: str) -> None:
    reply = await ask(app, "GET", SESSION, headers={"Authorization": f"Bearer {token}"})
    assert (reply.status, reply.error in ("ExpiredTokenException", "MissingAuthenticationTokenException")) == (
        403,
        True,
    )


async def test_a_cookie_alone_may_read_but_not_write(app: App, site: Services) -> None:
    found = (await sign_in(app)).json()
    cookie = {"Cookie": f"a=b; switchroom-session={found['Token']}"}
    queue, queues = f"/queues/{instance(site)}/q", f"/queues/{instance(site)}"
    body = b'{"Name":"a","HoursOfOperationId":"h"}'
    assert (await ask(app, "GET", queue, headers=cookie)).status == 200
    for wrong in ({}, {"X-Switchroom-CSRF": "nonsense"}, {"X-Switchroom-CSRF": "é"}):
        reply = await ask(app, "PUT", queues, headers=cookie | wrong, body=body)
        assert (reply.status, reply.error) == (403, "AccessDeniedException")
    reply = await ask(app, "PUT", queues, headers=cookie | {"X-Switchroom-CSRF": found["CsrfToken"]}, body=body)
    assert reply.status == 200


async def test_security_profiles_decide_what_people_may_do(app: App, site: Services) -> None:
    here = instance(site)
    body = b'{"Name":"a","HoursOfOperationId":"h"}'
    for name, may_view, may_create in (("admin", True, True), ("supervisor", True, False), ("agent1", False, False)):
        headers = {"Authorization": f"Bearer {await token_of(app, name)}"}
        view = await ask(app, "GET", f"/queues/{here}/q", headers=headers)
        create = await ask(app, "PUT", f"/queues/{here}", headers=headers, body=body)
        assert (view.status == 200, create.status == 200) == (may_view, may_create)
        for reply in (view, create):
            assert reply.status in (200, 403)
            assert reply.error in ("", "AccessDeniedException")
        assert (await ask(app, "GET", "/instance", headers=headers)).error == "AccessDeniedException"
        assert (await ask(app, "GET", "/users/other-instance/u", headers=headers)).error == "AccessDeniedException"


async def test_a_change_of_security_profiles_counts_at_once(app: App, site: Services) -> None:
    here = instance(site)
    headers = {"Authorization": f"Bearer {await token_of(app, 'agent1')}"}
    assert (await ask(app, "GET", f"/queues/{here}/q", headers=headers)).status == 403
    admin = site.catalogue.by_name(here, "security-profile", "Admin")
    user = site.catalogue.by_name(here, "user", "agent1")
    await site.repository.update(here, "user", user.id, lambda found: {**found.body, "SecurityProfileIds": [admin.id]})
    assert (await ask(app, "GET", f"/queues/{here}/q", headers=headers)).status == 200


async def test_signatures_are_not_for_pages_of_people(app: App) -> None:
    reply = await ask(app, "GET", SESSION, headers=sign("GET", SESSION, service="switchroom"))
    assert (reply.status, reply.error) == (403, "AccessDeniedException")


async def test_keys_of_the_table_are_limited_by_their_policies(app: App, site: Services, clock: Clock) -> None:
    assert site.keys is not None
    assert site.keys.store is not None
    policy = '{"Statement":{"Effect":"Allow","Action":"connect:Describe*","Resource":"*"}}'
    await site.keys.store.put(ApiKey("AKTABLE", "s3cret", "reader", policy), clock.now())
    for _ in range(100):
        if site.keys.secret("AKTABLE"):
            break
        await asyncio.sleep(0.02)
    headers = sign("GET", "/queues/i/q", key="AKTABLE", secret="s3cret")
    assert (await ask(app, "GET", "/queues/i/q", headers=headers)).json() == {"Queue": {"Name": "reader"}}
    headers = sign("GET", "/instance", key="AKTABLE", secret="s3cret")
    assert (await ask(app, "GET", "/instance", headers=headers)).error == "AccessDeniedException"
    assert b"s3cret" not in bytes(await site.database.pool.fetchval("SELECT sealed_secret FROM api_keys"))


async def test_with_several_instances_one_must_be_named(app: App, site: Services) -> None:
    """BASE-194: each instance has people of its own."""
    first = site.catalogue.instances()[0]
    second = msgspec.structs.replace(
        first, instance="22222222-2222-4222-8222-222222222222", id="22222222-2222-4222-8222-222222222222", name="other"
    )
    site.catalogue.apply(second)
    unnamed = await sign_in(app)
    assert unnamed.status == 400 and "InstanceAlias" in unnamed.json()["Message"], unnamed
    assert (await sign_in(app, InstanceAlias="demo")).status == 200
    assert (await sign_in(app, InstanceAlias="other")).status == 401
