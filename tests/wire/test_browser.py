"""What browsers meet: other origins, pages, stored objects, health."""

from pathlib import Path
from typing import Any

import pytest

from switchroom.storage.objects import ObjectStore
from switchroom.wire import pages
from switchroom.wire.app import App
from switchroom.wire.call import Call
from switchroom.wire.context import Services
from tests.wire.asgi import ask
from tests.wire.doors import Clock, bind, make_app, make_services
from tests.wire.signing import sign

ELSEWHERE = "https://shop.example.com"


def nothing(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    return {}


@pytest.fixture
def app(clock: Clock) -> App:
    return make_app(bind("connect", "DescribeQueue", nothing), clock=clock)


async def test_preflights_of_the_sdks(app: App) -> None:
    asked = {"Origin": ELSEWHERE, "Access-Control-Request-Headers": "authorization,x-amz-date,x-amz-user-agent"}
    reply = await ask(app, "OPTIONS", "/contact/chat", headers=asked)
    assert reply.status == 204
    assert reply.headers["access-control-allow-origin"] == "*"
    assert reply.headers["access-control-allow-headers"] == asked["Access-Control-Request-Headers"]
    assert "PUT" in reply.headers["access-control-allow-methods"]
    assert "access-control-allow-credentials" not in reply.headers
    reply = await ask(app, "OPTIONS", "/x", headers={"Origin": ELSEWHERE})
    assert "x-amz-bearer" in reply.headers["access-control-allow-headers"]


async def test_signed_calls_from_anywhere(app: App) -> None:
    headers = sign("GET", "/queues/i/q") | {"Origin": ELSEWHERE}
    reply = await ask(app, "GET", "/queues/i/q", headers=headers)
    assert reply.status == 200
    assert reply.headers["access-control-allow-origin"] == "*"
    assert "x-amzn-errortype" in reply.headers["access-control-expose-headers"]
    for path in ("/queues/i/q", "/nowhere"):
        reply = await ask(app, "GET", path, headers={"Origin": ELSEWHERE})
        assert reply.status in (403, 404)
        assert reply.headers["access-control-allow-origin"] == "*"


async def test_cookies_count_for_approved_origins_only(site: Services, clock: Clock) -> None:
    app = make_app(bind("connect", "DescribeQueue", nothing), site, clock)
    asked = {"Origin": ELSEWHERE, "Cookie": "switchroom-session=x"}
    reply = await ask(app, "GET", "/queues/i/q", headers=asked)
    assert "access-control-allow-origin" not in reply.headers
    here = site.catalogue.instances()[0].id
    await site.repository.create("approved-origin", here, ELSEWHERE, {})
    reply = await ask(app, "GET", "/queues/i/q", headers=asked)
    assert reply.headers["access-control-allow-origin"] == ELSEWHERE
    assert reply.headers["access-control-allow-credentials"] == "true"
    reply = await ask(app, "OPTIONS", "/queues/i/q", headers={"Origin": ELSEWHERE})
    assert reply.headers["access-control-allow-origin"] == ELSEWHERE


async def test_pages(app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "WEB", tmp_path)
    (tmp_path / "assets").mkdir()
    (tmp_path / "workspace.html").write_text("<p>workspace")
    (tmp_path / "assets" / "a-1.js").write_text("1")
    (tmp_path.parent / "secret.txt").write_text("secret")
    reply = await ask(app, "GET", "/workspace")
    assert (reply.status, reply.body) == (200, b"<p>workspace")
    assert "frame-ancestors 'self'" in reply.headers["content-security-policy"]
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert (await ask(app, "HEAD", "/workspace")).body == b""
    again = await ask(app, "GET", "/workspace", headers={"If-None-Match": reply.headers["etag"]})
    assert again.status == 304
    reply = await ask(app, "GET", "/assets/a-1.js")
    assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert reply.headers["content-type"].startswith("text/javascript")
    outside = ("/assets/../../secret.txt", "/assets/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt")
    for path in (*outside, "/assets/none.js", "/assets/", "/assets/%00"):
        assert (await ask(app, "GET", path)).status == 404
    assert (await ask(app, "GET", "/ccp-v2/")).status == 503


async def test_health(app: App) -> None:
    app.services.health = {"version": "1"}
    reply = await ask(app, "GET", "/health")
    assert (reply.status, reply.json()) == (200, {"status": "ok", "version": "1"})
    app.services.ready = False
    reply = await ask(app, "GET", "/health")
    assert (reply.status, reply.json()["status"]) == (503, "starting")


async def test_objects(tmp_path: Path, clock: Clock) -> None:
    services = make_services()
    services.objects = objects = ObjectStore(tmp_path, b"s" * 32)
    app = make_app({}, services, clock)
    path, _, query = (await objects.presign_put("a/b c.txt", 60, "text/plain", 10)).partition("?")
    assert path == "/objects/a/b%20c.txt"
    reply = await ask(app, "PUT", path, query=query, headers={"Content-Type": "text/html"}, body=b"0123")
    assert (reply.status, reply.error) == (400, "InvalidRequestException")
    reply = await ask(app, "PUT", path, query=query, headers={"Content-Type": "text/plain"}, body=b"0" * 11)
    assert reply.status == 413
    reply = await ask(app, "PUT", path, query=query, headers={"Content-Type": "text/plain"}, body=b"0123456789")
    assert reply.status == 200
    assert reply.headers["access-control-allow-origin"] == "*"
    assert (await ask(app, "GET", path, query=query)).status == 403
    url = await objects.presign_get("a/b c.txt", 60, content_type="text/plain", filename="ü.txt")
    path, _, query = url.partition("?")
    reply = await ask(app, "GET", path, query=query)
    assert (reply.status, reply.body) == (200, b"0123456789")
    assert reply.headers["content-disposition"] == "attachment; filename*=UTF-8''%C3%BC.txt"
    assert "sandbox" in reply.headers["content-security-policy"]
    reply = await ask(app, "GET", path, query=query, headers={"Range": "bytes=2-4"})
    assert (reply.status, reply.body, reply.headers["content-range"]) == (206, b"234", "bytes 2-4/10")
    assert (await ask(app, "GET", path, query=query, headers={"Range": "bytes=20-"})).status == 416
    for wrong in ("", "expires=1", query.replace("signature=", "signature=0"), query[:-3] + "%C3%A9"):
        reply = await ask(app, "GET", path, query=wrong)
        assert (reply.status, reply.error) == (403, "AccessDeniedException")
    path, _, query = (await objects.presign_get("nothing", 60)).partition("?")
    assert (await ask(app, "GET", path, query=query)).error == "ResourceNotFoundException"
