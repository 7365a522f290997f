"""Mail to people by SMTP. Sending never waits: a worker takes what is queued and tries a few times."""

import asyncio
import logging
import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

import msgspec

log = logging.getLogger(__name__)

SENDER = "switchroom@localhost"
_QUEUED = 1_000
_SECONDS = 20.0
_PAUSES = (2.0, 10.0, 60.0)
"""Seconds before each further attempt."""
_LAST_SECONDS = 5.0


class Letter(msgspec.Struct, frozen=True):
    """A mail in plain text."""

    to: str
    subject: str
    text: str


class BadMailServer(ValueError):
    """The setting of the mail server says none."""


class Mailer:
    """Sends letters through `url` (`smtp://user:password@host:port`, or `smtps:`); without one it only says so.

    `smtp:` turns to TLS where the server offers it, and must before a password is sent to another machine.
    """

    def __init__(self, url: str | None, sender: str | None, *, pauses: tuple[float, ...] = _PAUSES) -> None:
        self._server = _Server(url) if url else None
        self._sender = sender or SENDER
        self._pauses = pauses
        self._queue: asyncio.Queue[Letter] = asyncio.Queue(_QUEUED)
        self._worker: asyncio.Task[None] | None = None

    @property
    def sends(self) -> bool:
        """Whether there is a mail server."""
        return self._server is not None

    def send(self, letter: Letter) -> None:
        """Queue a letter. What cannot be sent is logged, never with its text."""
        if self._server is None:
            log.warning("no mail server (--smtp-url): nobody gets %r", letter.subject)
            return
        try:
            self._queue.put_nowait(letter)
        except asyncio.QueueFull:
            log.error("too many mails wait; %r is not sent", letter.subject)

    def start(self) -> None:
        """Begin to send."""
        self._worker = asyncio.create_task(self._run(), name="mail")

    async def stop(self) -> None:
        """Send what waits, for a few seconds, and end."""
        if self._worker is None:
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self._queue.join(), _LAST_SECONDS)
        self._worker.cancel()
        await asyncio.gather(self._worker, return_exceptions=True)
        self._worker = None

    async def _run(self) -> None:
        while True:
            letter = await self._queue.get()
            try:
                await self._deliver(letter)
            finally:
                self._queue.task_done()

    async def _deliver(self, letter: Letter) -> None:
        assert self._server is not None
        for pause in (*self._pauses, None):
            try:
                await asyncio.to_thread(self._server.deliver, _message(letter, self._sender))
                return
            except (OSError, smtplib.SMTPException, ValueError) as error:
                refused = isinstance(error, smtplib.SMTPRecipientsRefused | ValueError)
                if pause is None or refused:
                    log.error("mail %r could not be sent: %s", letter.subject, type(error).__name__)
                    return
                log.warning("mail %r is tried again in %g s: %s", letter.subject, pause, type(error).__name__)
                await asyncio.sleep(pause)


class _Server:
    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise BadMailServer("The mail server is given as smtp://USER:PASSWORD@HOST:PORT or smtps://...")
        self._tls = parts.scheme == "smtps"
        self._host = parts.hostname
        self._port = parts.port or (465 if self._tls else 587 if parts.username else 25)
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password or "")

    def deliver(self, message: EmailMessage) -> None:
        """Send one message; blocks."""
        with self._connect() as server:
            if self._user is not None:
                server.login(self._user, self._password)
            server.send_message(message)

    def _connect(self) -> smtplib.SMTP:
        if self._tls:
            return smtplib.SMTP_SSL(self._host, self._port, timeout=_SECONDS, context=self._context())
        server = smtplib.SMTP(self._host, self._port, timeout=_SECONDS)
        try:
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=self._context())
                server.ehlo()
            elif self._user is not None and not self._here():
                raise smtplib.SMTPNotSupportedError("the server offers no TLS, so no password is sent")
        except BaseException:
            server.close()
            raise
        return server

    def _context(self) -> ssl.SSLContext:
        """Certificates are checked, save those of a server on this machine."""
        context = ssl.create_default_context()
        if self._here():
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def _here(self) -> bool:
        if self._host == "localhost":
            return True
        try:
            return ip_address(self._host).is_loopback
        except ValueError:
            return False


def _message(letter: Letter, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].rstrip(">") or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message
