"""A mail server of a test: plain SMTP on a free port, which keeps what it is given."""

import asyncio
import ssl
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

_ANSWERS = {b"QUIT": b"221 bye\r\n", b"EHLO": b"250-mail\r\n250 AUTH PLAIN\r\n", b"AUTH": b"235 welcome\r\n"}


class MailServer:
    """`letters` are those that arrived; `busy` answers that many connections with "try again later"; `signed_in` are
    the user names and passwords it was given, as AUTH PLAIN sends them."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.busy = 0
        self.signed_in: list[bytes] = []
        self.port = 0
        self._arrived = asyncio.Event()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def wait(self, count: int) -> list[EmailMessage]:
        """The letters, once there are `count`."""
        async with asyncio.timeout(10):
            while len(self.letters) < count:
                self._arrived.clear()
                await self._arrived.wait()
        return self.letters

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        busy, self.busy = self.busy > 0, max(0, self.busy - 1)
        writer.write(b"421 try again later\r\n" if busy else b"220 mail of a test\r\n")
        while not busy and (line := await reader.readline()):
            word = line[:4].upper().strip()
            if word == b"DATA":
                writer.write(b"354 go on\r\n")
                lines = []
                while (text := await reader.readline()) != b".\r\n":
                    lines.append(text.removeprefix(b"."))
                self._keep(b"".join(lines))
            if word == b"AUTH":
                self.signed_in.append(b64decode(line.split()[2]))
            writer.write(_ANSWERS.get(word, b"250 fine\r\n"))
            if word == b"QUIT":
                break
        writer.close()

    def _keep(self, content: bytes) -> None:
        letter = message_from_bytes(content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self._arrived.set()


@asynccontextmanager
async def mail_server(tls: ssl.SSLContext | None = None) -> AsyncIterator[MailServer]:
    """A server for one test."""
    server = MailServer()
    async with await asyncio.start_server(server.talk, "127.0.0.1", 0, ssl=tls) as listening:
        server.port = listening.sockets[0].getsockname()[1]
        yield server
