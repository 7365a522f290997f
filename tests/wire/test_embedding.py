"""Which pages may embed the panel, and the addresses their library asks for."""

import pytest

from switchroom.base.errors import ServiceError
from switchroom.wire import pages
from switchroom.wire.context import Services
from switchroom.wire.embedding import check_origin, frame_ancestors
from tests.wire.asgi import ask
from tests.wire.doors import Clock, make_app


@pytest.mark.parametrize(
    "origin",
    ["https://crm.example.com", "https://crm.example.com:8443", "https://[::1]:8", "http://localhost:3000",
     "http://127.0.0.1:3000", "http://crm.localhost"],
)  # fmt: skip
def test_origins_that_may_be_approved(origin: str) -> None:
    check_origin(origin)


@pytest.mark.parametrize(
    "origin",
    ["http://crm.example.com", "https://crm.example.com/", "https://crm.example.com/x", "https://*.example.com",
     "https://a.example.com; script-src *", "https://a b", "crm.example.com", "ftp://crm.example.com",
     "https://crm.example.com:99999", "http://127.0.0.1.example.com", "https://user@crm.example.com"],
)  # fmt: skip
def test_origins_that_may_not(origin: str) -> None:
    """DESK-153: only scheme, host and port; only https but on the machine itself."""
    with pytest.raises(ServiceError) as refusal:
        check_origin(origin)
    assert refusal.value.code == "InvalidParameterException"


def test_no_origin_breaks_out_of_the_policy() -> None:
    assert (
        frame_ancestors({"https://b.example.com", "https://a.example.com; script-src *"})
        == "'self' https://b.example.com"
    )


async def test_addresses_for_nobody(clock: Clock) -> None:
    app = make_app({}, clock=clock)
    for path in ("/auth/authorize", "/connect/auth/authorize", "/whitelisted-origins", "/connect/whitelisted-origins"):
        assert (await ask(app, "GET", path)).status in (401, 403)
    reply = await ask(app, "GET", "/logout")
    assert (reply.status, reply.json()) == (200, {})
    assert "Max-Age=0" in reply.headers["set-cookie"]


async def test_the_approved_may_bring_a_ringtone(
    site: Services, clock: Clock, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DESK-153: framing is for the list alone, and for agents' pages alone."""
    monkeypatch.setattr(pages, "WEB", tmp_path)
    for name in ("ccp.html", "index.html"):
        (pages.WEB / name).write_text("<p>")
    await site.repository.create("approved-origin", site.catalogue.instances()[0].id, "https://crm.example.com", {})
    app = make_app({}, site, clock)
    policy = (await ask(app, "GET", "/ccp-v2/")).headers["content-security-policy"]
    assert "frame-ancestors 'self' https://crm.example.com" in policy
    assert "media-src 'self' data: blob: https://crm.example.com https:;" in policy
    assert (await ask(app, "GET", "/")).headers["content-security-policy"].endswith("frame-ancestors 'self'")
