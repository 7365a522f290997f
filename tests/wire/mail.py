"""A mail server of a test: plain SMTP on a free port, which keeps what it is given."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class MailServer:
    """`letters` are those that arrived; `busy` answers that many connections with "try again later"."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.busy = 0
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
            writer.write(b"221 bye\r\n" if word == b"QUIT" else b"250 fine\r\n")
            if word == b"QUIT":
                break
        writer.close()

    def _keep(self, content: bytes) -> None:
        letter = message_from_bytes(content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self._arrived.set()


@asynccontextmanager
async def mail_server() -> AsyncIterator[MailServer]:
    """A server for one test."""
    server = MailServer()
    async with await asyncio.start_server(server.talk, "127.0.0.1", 0) as listening:
        server.port = listening.sockets[0].getsockname()[1]
        yield server
