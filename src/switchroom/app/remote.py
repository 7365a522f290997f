"""Commands that ask a running node to do something, with the root key of its data directory."""

import sys
from pathlib import Path
from typing import Any

import click

from switchroom.app import credentials
from switchroom.base.environment import variable
from switchroom.base.settings import Settings

_SECONDS = 30


def node_options(command: Any) -> Any:
    """How a command reaches the node: its address, and the root key."""
    for option in reversed(
        (
            click.option("--url", help="Address of a node; http://127.0.0.1:PORT if not given."),
            click.option("--port", type=int, default=8080, show_default=True, envvar=variable("port")),
            click.option(
                "--data",
                type=click.Path(path_type=Path),
                default=Path(".switchroom"),
                show_default=True,
                envvar=variable("data"),
                help="Data directory, where the root key is.",
            ),
            click.option("--access-key-id", envvar=variable("access_key_id"), help="Instead of the root key's."),
            click.option("--secret-access-key", envvar=variable("secret_access_key")),
        )
    ):
        command = option(command)
    return command


def ask(node: dict[str, Any], operation: str, **request: Any) -> dict[str, Any]:
    """The answer of an operation of our own service. Ends the command when the node refuses."""
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    from switchroom.wire.service_model import OWN_MODELS

    try:
        key = _key(node)
    except (OSError, ValueError) as error:
        raise click.ClickException(f"There is no root key: {error}") from None
    session = boto3.session.Session(aws_access_key_id=key.access_key_id, aws_secret_access_key=key.secret_access_key)
    session._session.get_component("data_loader").search_paths.append(str(OWN_MODELS))
    client = session.client(
        "switchroom",
        region_name="us-east-1",
        endpoint_url=node["url"] or f"http://127.0.0.1:{node['port']}",
        config=Config(connect_timeout=_SECONDS, read_timeout=_SECONDS, retries={"max_attempts": 0}),
    )
    try:
        answer = getattr(client, operation)(**{name: value for name, value in request.items() if value is not None})
    except ClientError as error:
        click.echo(error.response["Error"]["Message"], err=True)
        sys.exit(1)
    except BotoCoreError as error:
        raise click.ClickException(f"The node does not answer: {error}") from None
    return dict(answer)


def _key(node: dict[str, Any]) -> credentials.Credentials:
    settings = Settings(
        data=node["data"], access_key_id=node["access_key_id"], secret_access_key=node["secret_access_key"]
    )
    if not (settings.access_key_id and settings.secret_access_key) and not (settings.data / "credentials").exists():
        raise ValueError(f"{settings.data} has no credentials; give --data, or the key")
    return credentials.root_key(settings)
