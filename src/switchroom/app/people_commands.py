"""`switchroom emergency-sign-in` and `switchroom user ...`: the operator lets people in, through a running node."""

from typing import Any

import click

from switchroom.app.remote import ask, node_options

_INSTANCE = click.option("--instance", metavar="ALIAS", help="Which instance, where there are several.")


@click.command("emergency-sign-in")
@_INSTANCE
@node_options
def emergency_sign_in(instance: str | None, **node: Any) -> None:
    """Print an address that signs in once, within an hour, with every permission and without a user."""
    answer = ask(node, "create_emergency_sign_in", InstanceAlias=instance)
    click.echo(answer["Url"])


@click.group()
def user() -> None:
    """Work with users."""


@user.command("reset-link")
@click.argument("login")
@_INSTANCE
@node_options
def reset_link(login: str, instance: str | None, **node: Any) -> None:
    """Print an address at which LOGIN can choose a new password, once, within an hour."""
    answer = ask(node, "create_password_reset_link", InstanceAlias=instance, Username=login)
    click.echo(answer["Url"])
