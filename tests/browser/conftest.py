"""Nobody is at work when a browser test begins, and nothing it started runs on when it is over."""

import contextlib
from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError

from tests.browser.people import STARTED, client, instance_of
from tests.quiet import quiet
from tests.server import Server


@pytest.fixture
def centre(switchroom_server: Server) -> Iterator[Server]:
    """The demo centre, quiet: every agent is Offline, every desk is empty."""
    quiet(switchroom_server)
    STARTED.clear()
    yield switchroom_server
    for contact in filter(None, STARTED):
        with contextlib.suppress(ClientError):
            client(switchroom_server, "connect").stop_contact(
                InstanceId=instance_of(switchroom_server), ContactId=contact
            )
    quiet(switchroom_server)
