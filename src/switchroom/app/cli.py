"""The command `switchroom`. Every option may also be given as `SWITCHROOM_...`."""

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import click

from switchroom.base.arns import Site
from switchroom.base.environment import variable
from switchroom.base.settings import ROLES, Settings

Command = Callable[..., None]


def _option(name: str, **details: Any) -> Callable[[Command], Command]:
    """An option that is also read from the environment."""
    return click.option(name, envvar=variable(name.strip("-").replace("-", "_")), show_envvar=True, **details)


def _options(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


_SERVING = _options(
    _option("--host", default="127.0.0.1", show_default=True, help="Address to listen on."),
    _option("--port", default=8080, show_default=True, help="TCP port of HTTP."),
    _option(
        "--data",
        type=click.Path(path_type=Path),
        default=Path(".switchroom"),
        show_default=True,
        help="Data directory.",
    ),
    _option("--sip-port", default=5060, show_default=True, help="UDP and TCP port of SIP."),
    _option("--sip-host", help="Address that SIP and RTP listen on; that of --host if not given."),
    _option("--sip-tls-port", type=int, help="TCP port of SIP over TLS; --sip-port plus 1 if not given, 0: no TLS."),
    _option("--sip-certificate", type=click.Path(path_type=Path), help="PEM file with key and chain for SIP over TLS."),
    _option("--public-address", help="Address phones and browsers reach this machine at, behind NAT."),
    _option("--rtp-ports", default=Settings().rtp_ports, show_default=True, help="First and last UDP port of media."),
    _option("--browser-codecs", default=Settings().browser_codecs, show_default=True, help="Of browsers, best first."),
    _option("--no-voice", is_flag=True, help="No phone calls."),
    _option("--no-browser", is_flag=True, help="No calls from browsers."),
    _option("--throttling", is_flag=True, help="Enforce the API's request rates."),
    _option("--region", default=Site().region, show_default=True, help="Region label of every ARN."),
    _option("--account", default=Site().account, show_default=True, help="Account number of every ARN."),
    _option("--access-key-id", help="Root key; made once in DATA/credentials if not given."),
    _option("--secret-access-key", help="Secret of the root key."),
    _option("--demo", is_flag=True, help="Seed a demo instance with users, queues, flows and a chat page."),
    _option("--demo-password", help="Password of the demo users; made and printed if not given."),
    _option("--object-store-url", help="s3://BUCKET/PREFIX instead of the directory DATA/objects."),
    _option("--prompt-buckets", help="Where buckets are that flows play audio from: NAME=DIRECTORY-OR-URL,..."),
    _option("--prompt-hosts", help="Hosts of private networks that flows may play audio from by http."),
    _option(
        "--smtp-url", help="Mail server: smtp://USER:PASSWORD@HOST:587 or smtps://...; without it no mail is sent."
    ),
    _option("--mail-from", help="Address that mail is sent from."),
    _option("--public-url", help="Where people reach the pages, for links in mail: https://HOST."),
    _option("--functions", type=click.Path(path_type=Path), help="Folder of Python functions that flows invoke."),
)


class _LazyGroup(click.Group):
    """Subcommands that live beside what they command are imported only when they are called."""

    elsewhere: ClassVar[dict[str, str]] = {
        "api": "switchroom.wire.coverage:api_command",
        "emergency-sign-in": "switchroom.app.people_commands:emergency_sign_in",
        "flow": "switchroom.app.flow_commands:flow",
        "key": "switchroom.app.key_commands:key",
        "replay": "switchroom.app.replay_command:replay",
        "simulate": "switchroom.app.simulate_command:simulate",
        "user": "switchroom.app.people_commands:user",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *self.elsewhere])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.elsewhere:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = self.elsewhere[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="switchroom")
def cli() -> None:
    """A self-hosted omnichannel contact centre that speaks Amazon Connect on the wire."""


@cli.command()
@_SERVING
@_option("--database-url", help="Your PostgreSQL instead of the embedded one.")
@_option("--nats-url", help="Your NATS instead of the embedded one.")
def up(**options: Any) -> None:
    """Start a contact centre: the engines and one node with every role."""
    from switchroom.app.engines import EngineError
    from switchroom.app.files import DataDirectoryInUse
    from switchroom.app.process import ProcessError
    from switchroom.app.up import up as run
    from switchroom.base import logs

    logs.configure()
    try:
        code = run(_settings(options))
    except (DataDirectoryInUse, EngineError, ProcessError, OSError) as error:
        raise click.ClickException(str(error)) from None
    sys.exit(code)


@cli.command()
@_SERVING
@_option("--roles", default=",".join(ROLES), show_default=True, help="What this node does.")
@_option("--database-url", required=True, help="The PostgreSQL that the nodes share.")
@_option("--nats-url", required=True, help="The NATS that the nodes share.")
def node(**options: Any) -> None:
    """Start one of several nodes on engines that they share."""
    from switchroom.app.up import run_roles
    from switchroom.base import logs

    logs.configure()
    sys.exit(run_roles(_settings(options)))


def _settings(options: dict[str, Any]) -> Settings:
    values = {name: value for name, value in options.items() if value is not None}
    values["site"] = Site(values.pop("region"), values.pop("account"))
    if "roles" in values:
        roles = frozenset(values["roles"].split(","))
        if unknown := roles - set(ROLES):
            raise click.BadParameter(f"no such role: {', '.join(sorted(unknown))}; there are {', '.join(ROLES)}")
        values["roles"] = roles
    return Settings(**values)


def main() -> None:
    """Entry of the command."""
    cli(prog_name="switchroom")
