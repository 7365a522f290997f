"""`switchroom key ...`: access keys for programs, through a running node."""

from pathlib import Path
from typing import Any

import click

from switchroom.app.remote import ask, node_options


@click.group()
def key() -> None:
    """Work with API keys."""


@key.command("create")
@click.argument("name")
@click.option(
    "--policy",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON file of an identity policy. Without one the key may do everything.",
)
@node_options
def create(name: str, policy: Path | None, **node: Any) -> None:
    """Make a key for NAME and print it, in the form of an AWS credentials file. The secret is shown this once."""
    text = policy.read_text(encoding="utf-8") if policy is not None else None
    made = ask(node, "create_api_key", Name=name, Policy=text)
    click.echo(
        f"[{name}]\naws_access_key_id = {made['AccessKeyId']}\naws_secret_access_key = {made['SecretAccessKey']}"
    )


@key.command("list")
@node_options
def list_keys(**node: Any) -> None:
    """Print the keys there are beside the root key."""
    for one in ask(node, "list_api_keys")["ApiKeys"]:
        limited = "with a policy" if one.get("Policy") else "may do everything"
        click.echo(f"{one['AccessKeyId']}  {one['CreatedAt']:%Y-%m-%d}  {one['Name']}  ({limited})")


@key.command("delete")
@click.argument("identifier", metavar="ACCESS_KEY_ID")
@node_options
def delete(identifier: str, **node: Any) -> None:
    """Take a key back; it opens nothing any more."""
    ask(node, "delete_api_key", AccessKeyId=identifier)
