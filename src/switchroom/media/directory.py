"""Whom calls are for: the claimed numbers and the desk phones of the site, by what SIP calls them."""

from switchroom.media.numbers import candidates
from switchroom.media.secrets import unseal
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Deleted, Document
from switchroom.sip.digest import Account
from switchroom.storage.envelope import Envelope

SIP_SECRET = "SipSecret"  # noqa: S105
"""Member of a user's document: the sealed password of the user's desk phone. Without it no phone may register."""


class SipDirectory:
    """Look-ups by number and by login, kept in step with the catalogue."""

    def __init__(self, catalogue: Catalogue, envelope: Envelope) -> None:
        self._catalogue = catalogue
        self._envelope = envelope
        self._numbers: dict[str, Document] = {}
        self._phones: dict[str, Document] = {}
        self._unsubscribe = catalogue.on_change(self._on_change)
        for kind in ("phone-number", "user"):
            for document in catalogue.site_wide(kind):
                self._take(document)

    def close(self) -> None:
        """Follow no more."""
        self._unsubscribe()

    def number(self, dialled: str, country: str | None = None) -> Document | None:
        """The claimed number that a dialled one means."""
        return next((found for one in candidates(dialled, country) if (found := self._numbers.get(one))), None)

    @property
    def has_phones(self) -> bool:
        """Whether anybody may register."""
        return bool(self._phones)

    def phone_account(self, username: str) -> Account | None:
        """What a desk phone proves itself with."""
        user = self._phones.get(username)
        if user is None:
            return None
        secret = unseal(self._envelope, user.instance, user.body[SIP_SECRET])
        return Account(username, secret) if secret else None

    def phone_user(self, username: str) -> Document | None:
        """The user of a desk phone, by login."""
        return self._phones.get(username)

    def phone_logins(self, instance: str, number: str) -> list[str]:
        """The logins under which a desk phone may have registered: that of its number, or the number is a login."""
        return [
            name
            for name, user in self._phones.items()
            if user.instance == instance
            and number in (name, (user.body.get("PhoneConfig") or {}).get("DeskPhoneNumber"))
        ]

    def _on_change(self, change: Document | Deleted) -> None:
        if change.kind not in ("phone-number", "user"):
            return
        if isinstance(change, Deleted):
            self._drop(change.document)
        else:
            self._drop(change)
            self._take(change)

    def _take(self, document: Document) -> None:
        if document.kind == "user":
            if document.body.get(SIP_SECRET):
                self._phones[document.name] = document
        elif (document.body.get("PhoneNumberStatus") or {}).get("Status") == "CLAIMED":
            self._numbers[document.name] = document

    def _drop(self, document: Document) -> None:
        index = self._phones if document.kind == "user" else self._numbers
        for name in [name for name, one in index.items() if one.id == document.id]:
            del index[name]
