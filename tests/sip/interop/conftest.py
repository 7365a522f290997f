"""A phone of ours on real sockets."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from switchroom.media.sip_sockets import Listen, Tls
from tests.sip.interop.answering import Answering


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here speaks to programs of others."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.process)


@pytest.fixture
async def phone(certificates: Tls) -> AsyncIterator[Answering]:
    """A phone that answers, listening on free ports of 127.0.0.1."""
    phone = Answering(Listen("127.0.0.1", udp=0, tcp=0, tls=0, files=certificates))
    await phone.sockets.open()
    yield phone
    await phone.sockets.close()
