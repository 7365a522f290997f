"""Passwords: set by an administrator, lost and found by mail, and the operator's way in."""

import re
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from switchroom.base.clock import HOUR, MINUTE
from switchroom.base.errors import ServiceError
from switchroom.features.mail import BadMailServer, Letter, Mailer
from switchroom.features.passwords import LostPasswords
from switchroom.storage.security import SESSION_MS, ApiKey, ApiKeys
from switchroom.wire.app import App
from switchroom.wire.context import Services
from switchroom.wire.operation import load_bindings
from tests.certificates import owner
from tests.wire.conftest import PASSWORD
from tests.wire.doors import Clock, make_app
from tests.wire.mail import MailServer, mail_server
from tests.wire.people import Client, sign_in
from tests.wire.test_audit import entries

NEW = "An0ther-password"


@pytest.fixture
async def mail(site: Services, clock: Clock) -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        mailer = site.mailer = Mailer(server.url, "centre@example.com", pauses=(0.01,))
        mailer.start()
        assert site.sessions is not None
        pages = "https://centre.example.com"
        site.lost_passwords = LostPasswords(
            site.database, site.catalogue, site.sessions.passwords, mailer, pages, clock.now
        )
        yield server
        await mailer.stop()


@pytest.fixture
def app(site: Services, clock: Clock, mail: MailServer) -> App:
    return make_app(load_bindings(), site, clock)


@pytest.fixture
def key(app: App, site: Services) -> Client:
    return Client(app, site.catalogue.instances()[0].id)


def user_id(site: Services, name: str) -> str:
    found = site.catalogue.by_name(site.catalogue.instances()[0].id, "user", name)
    return str(found.id)


async def addressed(key: Client, site: Services, name: str, **addresses: str) -> str:
    identifier = user_id(site, name)
    info = {"FirstName": name, "LastName": "Test", **addresses}
    await key("UpdateUserIdentityInfo", UserId=identifier, IdentityInfo=info)
    return identifier


def token_of(text: str) -> str:
    found = re.search(r"https://centre\.example\.com/#/[a-z-]+/([\w-]+)", text)
    assert found is not None, text
    return found[1]


async def signed_in(client: Client) -> bool:
    return await client.refusal("GetSession", "switchroom") == ""


async def test_an_administrator_sets_a_password(app: App, site: Services, key: Client, mail: MailServer) -> None:
    """USER-29, USER-04: all sessions of the user end at once; the notice goes to the secondary address."""
    agent = await addressed(key, site, "agent1", Email="primary@example.com", SecondaryEmail="second@example.com")
    here, there = [await sign_in(app, key.instance, "agent1") for _ in range(2)]
    admin = await sign_in(app, key.instance, "admin")
    for weak in ("short1A", "alllowercase1", "ALLUPPERCASE1", "NoDigitsHere", "with blank 1A", "x" * 62 + "A1" + "y"):
        assert await admin.refusal("ResetUserPassword", "switchroom", UserId=agent, Password=weak) == (
            "InvalidParameterException"
        ), weak
    assert await signed_in(here)
    assert await here.refusal("ResetUserPassword", "switchroom", UserId=agent, Password=NEW) == "AccessDeniedException"
    await admin.own("ResetUserPassword", UserId=agent, Password=NEW)
    assert not await signed_in(here) and not await signed_in(there) and await signed_in(admin)
    await sign_in(app, key.instance, "agent1", NEW)
    (letter,) = await mail.wait(1)
    assert (letter["To"], letter["Subject"]) == ("second@example.com", "Your Switchroom password was changed")
    assert NEW not in letter.get_content()
    assert NEW not in str(await entries(site))


async def test_a_lost_password_comes_back_by_mail(app: App, site: Services, key: Client, mail: MailServer) -> None:
    """USER-30, USER-04: link to the primary address, once; the password is set and every session ends."""
    await addressed(key, site, "agent1", Email="primary@example.com", SecondaryEmail="second@example.com")
    session = await sign_in(app, key.instance, "agent1")
    nobody = Client(app, key.instance, token="none")
    assert await nobody.own("RequestPasswordReset", Username="AGENT1", Language="ja") == {}
    (letter,) = await mail.wait(1)
    assert (letter["To"], letter["From"]) == ("primary@example.com", "centre@example.com")
    assert letter["Subject"] == "Switchroom のパスワードの再設定"
    token = token_of(letter.get_content())
    stored = "SELECT count(*) FROM one_time_links l WHERE l::text LIKE '%' || $1 || '%'"
    assert await site.database.pool.fetchval(stored, token) == 0
    assert await nobody.refusal("CompletePasswordReset", "switchroom", Token=token, Password="weak") == (
        "InvalidParameterException"
    )
    await nobody.own("CompletePasswordReset", Token=token, Password=NEW)
    assert not await signed_in(session)
    assert await nobody.refusal("CompletePasswordReset", "switchroom", Token=token, Password=PASSWORD) == (
        "InvalidRequestException"
    )
    await sign_in(app, key.instance, "agent1", NEW)
    assert (await mail.wait(2))[1]["To"] == "second@example.com"
    audited = [entry for entry in await entries(site) if entry["eventName"] == "CompletePasswordReset"]
    assert len(audited) == 3 and token not in str(audited) and NEW not in str(audited)


async def test_the_answer_tells_nothing_and_mails_are_few(
    app: App, site: Services, key: Client, mail: MailServer, clock: Clock
) -> None:
    """USER-30: one answer for all names; a mail a minute, five an hour; only the newest link is good, for an hour."""
    await addressed(key, site, "agent1", Email="primary@example.com")
    nobody = Client(app, key.instance, token="none")
    lost: LostPasswords = site.lost_passwords
    for name in ("nobody", "agent2", "agent1", "agent1"):
        assert await nobody.own("RequestPasswordReset", Username=name) == {}
    await lost.settled()
    assert len(await mail.wait(1)) == 1
    clock.ahead += MINUTE + 1
    await nobody.own("RequestPasswordReset", Username="agent1")
    first, second = (token_of(letter.get_content()) for letter in await mail.wait(2))
    void = await nobody.refusal("CompletePasswordReset", "switchroom", Token=first, Password=NEW)
    assert void == "InvalidRequestException"
    clock.ahead += HOUR
    late = await nobody.refusal("CompletePasswordReset", "switchroom", Token=second, Password=NEW)
    assert late == "InvalidRequestException"
    for _ in range(10):
        clock.ahead += MINUTE + 1
        await nobody.own("RequestPasswordReset", Username="agent1")
        await lost.settled()
    assert len(await mail.wait(7)) == 7
    await sign_in(app, key.instance, "agent1")


async def test_people_of_an_identity_provider_come_in(app: App, site: Services, key: Client) -> None:
    """USER-71: the key of a user of exactly that name gets tokens, and an address that signs in once."""
    assert site.keys is not None
    for name in ("agent1", "Agent1"):
        await ApiKeys(site.database, site.envelope).put(ApiKey(f"AK{name}", "secret", name, None), 1)
    await site.keys.refresh()
    one, other = [Client(app, key.instance, key=(f"AK{name}", "secret")) for name in ("agent1", "Agent1")]
    assert await one.refusal("GetFederationToken") == "InvalidRequestException"

    def saml(found: Any) -> dict[str, Any]:
        return {**found.body, "IdentityManagementType": "SAML"}

    await site.repository.update(key.instance, "instance", key.instance, saml)
    assert await other.refusal("GetFederationToken") == "UserNotFoundException"
    given = await one("GetFederationToken")
    assert given["UserId"] == user_id(site, "agent1")
    agent = Client(app, key.instance, given["Credentials"]["AccessToken"])
    assert (await agent.own("GetSession"))["User"]["Username"] == "agent1"
    nobody = Client(app, key.instance, token="none")
    session = await nobody.own("CompleteEmergencySignIn", Token=token_of(given["SignInUrl"]))
    assert session["User"]["UserId"] == given["UserId"]
    again = await nobody.refusal("CompleteEmergencySignIn", "switchroom", Token=token_of(given["SignInUrl"]))
    assert again == "InvalidRequestException"
    assert given["Credentials"]["AccessToken"] not in str(await entries(site))


async def test_the_old_address_is_told(site: Services, key: Client, mail: MailServer) -> None:
    """USER-62: who changes the address that gets reset mails is written down, and the old address hears of it."""
    await addressed(key, site, "agent1", Email="old@example.com", SecondaryEmail="second@example.com")
    await addressed(key, site, "agent1", Email="new@example.com", SecondaryEmail="second@example.com")
    (letter,) = await mail.wait(1)
    assert (letter["To"], letter["Subject"]) == ("old@example.com", "Your Switchroom mail address was changed")
    assert [entry["eventName"] for entry in await entries(site)] == ["UpdateUserIdentityInfo"] * 2


async def test_the_operator_comes_in(app: App, site: Services, key: Client, clock: Clock) -> None:
    """USER-31: one address, once, for an hour, with all rights, where no administrator is left; all is logged."""
    agent = site.catalogue.by_name(key.instance, "security-profile", "Agent").id

    def stripped(found: Any) -> dict[str, Any]:
        return {**found.body, "SecurityProfileIds": [agent]}

    await site.repository.update(key.instance, "user", user_id(site, "admin"), stripped)
    admin = await sign_in(app, key.instance, "admin")
    assert await admin.refusal("CreateEmergencySignIn", "switchroom") == "MissingAuthenticationTokenException"
    link = (await key.own("CreateEmergencySignIn", InstanceAlias="demo"))["Url"]
    nobody = Client(app, key.instance, token="none")
    reply = await nobody.ask("CompleteEmergencySignIn", "switchroom", Token=token_of(link))
    assert reply.status == 200 and "Max-Age=3600" in reply.headers["set-cookie"]
    found = reply.json()
    assert found["User"]["Username"] == "operator" and "BasicAgentAccess" not in found["Permissions"]
    operator = Client(app, key.instance, found["Token"])
    assert (await operator.own("GetSession"))["Instance"]["Alias"] == "demo"
    profile = site.catalogue.by_name(key.instance, "security-profile", "Admin").id
    identifier = user_id(site, "admin")
    await operator("UpdateUserSecurityProfiles", UserId=identifier, SecurityProfileIds=[profile])
    assert "Users.EditPermission" in (await admin.own("GetSession"))["Permissions"]
    again = await nobody.refusal("CompleteEmergencySignIn", "switchroom", Token=token_of(link))
    assert again == "InvalidRequestException"
    await operator.own("SignOut")
    assert not await signed_in(operator)
    logged = await entries(site)
    assert {"CreateEmergencySignIn", "CompleteEmergencySignIn"} <= {entry["eventName"] for entry in logged}
    assert token_of(link) not in str(logged)
    changed = next(entry for entry in logged if entry["eventName"] == "UpdateUserSecurityProfiles")
    assert "operator" in str(changed["userIdentity"])


async def test_a_link_of_the_operator(app: App, site: Services, key: Client) -> None:
    """USER-30 without mail: the operator hands the link over."""
    link = (await key.own("CreatePasswordResetLink", Username="Agent1"))["Url"]
    nobody = Client(app, key.instance, token="none")
    await nobody.own("CompletePasswordReset", Token=token_of(link), Password=NEW)
    await sign_in(app, key.instance, "agent1", NEW)
    assert await key.refusal("CreatePasswordResetLink", "switchroom", Username="nobody") == "ResourceNotFoundException"


async def test_a_session_lasts_twelve_hours(app: App, site: Services, key: Client, clock: Clock) -> None:
    """USER-35: from sign-in, whatever happens; then the answer says so."""
    agent = await sign_in(app, key.instance, "agent1")
    clock.ahead += SESSION_MS - MINUTE
    assert await signed_in(agent)
    clock.ahead += MINUTE
    with pytest.raises(ServiceError) as ended:
        await agent.own("GetSession")
    assert (ended.value.code, ended.value.message) == (
        "ExpiredTokenException",
        "The session has expired; sign in again",
    )


async def test_users_who_sign_in_elsewhere_have_no_password(site: Services, key: Client, mail: MailServer) -> None:
    """USER-33: no reset where the identity provider keeps the passwords."""
    await addressed(key, site, "agent1", Email="primary@example.com")

    def saml(found: Any) -> dict[str, Any]:
        return {**found.body, "IdentityManagementType": "SAML"}

    await site.repository.update(key.instance, "instance", key.instance, saml)
    agent = user_id(site, "agent1")
    for operation, members in (
        ("ResetUserPassword", {"UserId": agent, "Password": NEW}),
        ("CreatePasswordResetLink", {"Username": "agent1"}),
    ):
        assert await key.refusal(operation, "switchroom", **members) == "InvalidRequestException"
    await key.own("RequestPasswordReset", Username="agent1")
    await site.lost_passwords.settled()
    assert mail.letters == []


async def test_mail_by_tls_with_a_password(tmp_path: Path) -> None:
    """`smtps:`, with characters in the password that a URL must escape."""
    made, file = owner(), tmp_path / "mail.pem"
    key = made.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(key + made.certificate.encode())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    async with mail_server(context) as server:
        mailer = Mailer(f"smtps://centre:a%40b%2Fc@127.0.0.1:{server.port}", None, pauses=())
        mailer.start()
        mailer.send(Letter("a@example.com", "Subject", "Text\n"))
        assert (await server.wait(1))[0]["From"] == "switchroom@localhost"
        await mailer.stop()
        assert server.signed_in == [b"\0centre\0a@b/c"]


async def test_mail_is_tried_again(mail: MailServer, caplog: pytest.LogCaptureFixture) -> None:
    """A server that is busy is asked again; without a server only the subject is logged."""
    mail.busy = 1
    mailer = Mailer(mail.url, None, pauses=(0.01, 0.01))
    mailer.start()
    mailer.send(Letter("a@example.com", "Subject\u3042", "Text with a secret\n"))
    (letter,) = await mail.wait(1)
    assert (letter["Subject"], letter.get_content().strip()) == ("Subject\u3042", "Text with a secret")
    await mailer.stop()
    Mailer(None, None).send(Letter("a@example.com", "Lost", "Text with a secret\n"))
    assert "nobody gets 'Lost'" in caplog.text and "secret" not in caplog.text
    with pytest.raises(BadMailServer):
        Mailer("http://mail.example.com", None)
