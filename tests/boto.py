"""Boto3 clients for tests. They share one session: reading the service models anew for each takes most of a second."""

from functools import cache
from threading import Lock
from typing import Any

import boto3
from botocore.config import Config

from switchroom.wire.service_model import OWN_MODELS

_ONE_AT_A_TIME = Lock()


@cache
def _session() -> boto3.Session:
    session = boto3.Session(region_name="us-east-1")
    session._loader.search_paths.append(str(OWN_MODELS))
    return session


def boto_client(origin: str, service: str, key: str, secret: str, *, config: Config | None = None, **more: Any) -> Any:
    """A client of a server, signed with a key. It tries once, unless `config` says otherwise."""
    once = Config(retries={"total_max_attempts": 1, "mode": "standard"}, max_pool_connections=64)
    with _ONE_AT_A_TIME:
        return _session().client(
            service,
            endpoint_url=origin,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            config=once.merge(config) if config else once,
            **more,
        )
