"""Lost passwords: one-time links by mail or from the operator, and what people are told of changes (USER-29..31)."""

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import Callable

from switchroom.base.clock import HOUR, MINUTE, now_ms
from switchroom.base.errors import ServiceError, invalid_request
from switchroom.features.mail import Letter, Mailer
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Document
from switchroom.resources.kinds.user import OWN, check_password, managed_by, notification_address
from switchroom.storage.postgres import Database
from switchroom.storage.security import LINK_MS, Links, Passwords

log = logging.getLogger(__name__)

PASSWORD, EMERGENCY, FEDERATION = "password", "emergency", "federation"
OPERATOR = "operator"
"""Who comes in by an emergency link: nobody of the users."""

BETWEEN_MAILS = MINUTE
MAILS_AN_HOUR = 5
"""To one user."""
REQUESTS_AN_HOUR = 200
"""From one address, which may be that of a whole office."""
_MOST_WAITING = 100
_REMEMBERED = 10_000

_TEXTS = {
    "en": {
        "reset": (
            "Reset your Switchroom password",
            "Somebody, hopefully you, asked for a new password for {login} in {instance}.\n\n"
            "Open this link within one hour and choose it:\n\n{link}\n\n"
            "The link works once. If you did not ask for it, there is nothing to do.\n",
        ),
        "changed": (
            "Your Switchroom password was changed",
            "The password of {login} in {instance} was changed, and {login} was signed out everywhere.\n\n"
            "If that was not you and you do not know why, tell your administrator.\n",
        ),
        "moved": (
            "Your Switchroom mail address was changed",
            "Mail about the password of {login} in {instance} no longer goes to this address.\n\n"
            "If you do not know why, tell your administrator at once: whoever reads that mail can sign in as you.\n",
        ),
    },
    "ja": {
        "reset": (
            "Switchroom のパスワードの再設定",
            "{instance} の {login} のパスワードの再設定が依頼されました。\n\n"
            "1 時間以内に次のリンクを開き、新しいパスワードを入力してください。\n\n{link}\n\n"
            "リンクは 1 回だけ使えます。心当たりがない場合は、何もする必要はありません。\n",
        ),
        "changed": (
            "Switchroom のパスワードが変更されました",
            "{instance} の {login} のパスワードが変更され、すべての場所からサインアウトされました。\n\n"
            "心当たりがない場合は、管理者に連絡してください。\n",
        ),
        "moved": (
            "Switchroom のメールアドレスが変更されました",
            "{instance} の {login} のパスワードに関するメールは、このアドレスには届かなくなりました。\n\n"
            "心当たりがない場合は、すぐに管理者に連絡してください。新しいアドレスを読める人は、"
            "あなたとしてサインインできます。\n",
        ),
    },
}


class LostPasswords:
    """Makes links and takes them back. `pages` is the origin of the pages."""

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        passwords: Passwords,
        mailer: Mailer,
        pages: str,
        clock: Callable[[], int] = now_ms,
    ) -> None:
        self._catalogue = catalogue
        self._links = Links(database)
        self._passwords = passwords
        self._mailer = mailer
        self._pages = pages
        self._clock = clock
        self._mails = Allowance(MAILS_AN_HOUR, HOUR)
        self._requests = Allowance(REQUESTS_AN_HOUR, HOUR)
        self._under_way: set[asyncio.Task[None]] = set()

    def ask(self, instance: str | None, login: str, address: str, language: str) -> None:
        """Mail a link to the primary address of a user, if there is one; returns at once, whatever happens.

        `address` is where the request comes from.
        """
        now = self._clock()
        if instance is None or not self._requests.take(address, now) or len(self._under_way) >= _MOST_WAITING:
            return
        user = self._catalogue.by_name(instance, "user", login)
        if user is None or not self._mails.take(f"{instance}/{user.id}", now):
            return
        task = asyncio.create_task(self._mail(user, language))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def settled(self) -> None:
        """When everything asked for so far is done."""
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def link(self, user: Document) -> str:
        """A link that sets the user's password, for the operator to hand over."""
        self._check(user.instance)
        token = await self._links.make(PASSWORD, user.instance, user.id, self._clock())
        assert token is not None
        return f"{self._pages}/#/password-reset/{token}"

    async def complete(self, token: str, password: str) -> Document:
        """Set the password by a link, once; all sessions of the user end. Raises InvalidRequestException."""
        check_password(password)
        now = self._clock()
        found = await self._links.use(PASSWORD, token, now)
        user = self._catalogue.find(found[0], "user", found[1]) if found else None
        if user is None:
            raise _void()
        await self._passwords.set(user.instance, user.id, password, now)
        self.tell(user, "changed")
        return user

    async def set(self, user: Document, password: str) -> None:
        """An administrator sets the password; all sessions of the user end (USER-29)."""
        self._check(user.instance)
        check_password(password)
        await self._passwords.set(user.instance, user.id, password, self._clock())
        self.tell(user, "changed")

    async def emergency_link(self, instance: str) -> str:
        """A link by which the operator comes in once, without a user (USER-31)."""
        token = await self._links.make(EMERGENCY, instance, OPERATOR, self._clock())
        assert token is not None
        return f"{self._pages}/#/emergency/{token}"

    async def federation_link(self, user: Document) -> str:
        """A link that signs in once somebody whom an identity provider vouches for (USER-71)."""
        token = await self._links.make(FEDERATION, user.instance, user.id, self._clock())
        assert token is not None
        return f"{self._pages}/#/federate/{token}"

    async def whom(self, token: str) -> tuple[str, str]:
        """The instance and the user whom a link signs in, OPERATOR for an emergency; the link is void from now on.

        Raises InvalidRequestException.
        """
        for purpose, kind in ((EMERGENCY, "instance"), (FEDERATION, "user")):
            found = await self._links.use(purpose, token, self._clock())
            if found is not None and self._catalogue.find(found[0], kind, found[int(kind == "user")]) is not None:
                return found
        raise _void()

    def ends_at(self) -> int:
        """When a link made now ends."""
        return self._clock() + LINK_MS

    def tell(self, user: Document, what: str, address: str | None = None) -> None:
        """Tell a user of a change (`changed`: the password, `moved`: the mail address), where mail for people goes."""
        to = address or notification_address(user)
        if to is not None:
            self._mailer.send(self._letter(user, what, to, "en"))

    async def _mail(self, user: Document, language: str) -> None:
        to = (user.body.get("IdentityInfo") or {}).get("Email")
        if not to or managed_by(self._catalogue, user.instance) != OWN:
            return
        if not self._mailer.sends:
            log.warning("no mail server (--smtp-url): hand over a link of `switchroom user reset-link %s`", user.name)
            return
        token = await self._links.make(PASSWORD, user.instance, user.id, self._clock(), pause=BETWEEN_MAILS)
        if token is not None:
            link = f"{self._pages}/#/password-reset/{token}"
            self._mailer.send(self._letter(user, "reset", to, language, link))

    def _letter(self, user: Document, what: str, to: str, language: str, link: str = "") -> Letter:
        subject, text = _TEXTS["ja" if language.startswith("ja") else "en"][what]
        instance = self._catalogue.get(user.instance, "instance", user.instance).name
        return Letter(to, subject, text.format(login=user.name, instance=instance, link=link))

    def _check(self, instance: str) -> None:
        if managed_by(self._catalogue, instance) != OWN:
            raise invalid_request("Users of this instance sign in elsewhere and have no password here")


class Allowance:
    """How often something may happen to each of many, within a sliding time."""

    def __init__(self, most: int, within: int) -> None:
        self._most = most
        self._within = within
        self._taken: OrderedDict[str, deque[int]] = OrderedDict()

    def take(self, who: str, now: int) -> bool:
        """Whether it may happen once more; counted if so."""
        times = self._taken.setdefault(who, deque(maxlen=self._most))
        self._taken.move_to_end(who)
        if len(self._taken) > _REMEMBERED:
            self._taken.popitem(last=False)
        if len(times) == self._most and times[0] > now - self._within:
            return False
        times.append(now)
        return True


def _void() -> ServiceError:
    return invalid_request("This link is no longer good: it works once, for an hour, and only the newest does")
