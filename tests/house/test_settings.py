"""Settings from options and variables, the root key, and the lock of a data directory."""

import configparser
from pathlib import Path

import pytest
from click.testing import CliRunner

from switchroom.app.cli import cli
from switchroom.app.credentials import root_key
from switchroom.app.files import DataDirectoryInUse, DataLock
from switchroom.base.arns import Site
from switchroom.base.environment import from_environment, to_environment
from switchroom.base.settings import Settings


def test_settings_survive_the_way_through_the_environment() -> None:
    full = Settings(
        host="0.0.0.0",
        port=9000,
        data=Path("/var/lib/switchroom"),
        demo=True,
        database_url="postgresql://u:p@/db?host=/run",
        nats_url="nats://token@127.0.0.1:4222",
        sip_port=5070,
        no_voice=True,
        no_browser=True,
        throttling=True,
        roles=frozenset({"api", "centre"}),
        site=Site("eu-central-1", "999999999999"),
        access_key_id="AKIA",
        secret_access_key="secret",
        demo_password="word",
        object_store_url="s3://bucket/prefix",
        prompt_buckets="sounds=/srv/sounds",
        prompt_hosts="files.internal",
        functions=Path("functions"),
    )
    assert from_environment(to_environment(full)) == full
    assert from_environment(to_environment(Settings())) == Settings()
    assert from_environment({}) == Settings()
    assert from_environment({"SWITCHROOM_DEMO": "yes", "SWITCHROOM_NO_VOICE": "0"}) == Settings(demo=True)
    with pytest.raises(ValueError, match="many"):
        from_environment({"SWITCHROOM_PORT": "many"})


@pytest.mark.parametrize("command", ["up", "node"])
def test_every_option_is_read_from_the_environment_too(command: str) -> None:
    options = cli.commands[command].params
    names = {option.name: option.envvar for option in options if option.name != "help"}
    assert names == {name: f"SWITCHROOM_{str(name).upper()}" for name in names}
    settable = set(Settings.__dataclass_fields__) - {"site", "roles"} | {"region", "account"}
    assert settable - set(names) <= {"demo"}


def test_an_unknown_role_is_refused() -> None:
    done = CliRunner().invoke(cli, ["node", "--database-url", "x", "--nats-url", "y", "--roles", "api,cook"])
    assert done.exit_code == 2
    assert "no such role: cook" in done.output


def test_a_flow_is_checked_without_a_server(tmp_path: Path) -> None:
    file = tmp_path / "flow.json"
    file.write_text("{}")
    done = CliRunner().invoke(cli, ["flow", "check", str(file)])
    assert done.exit_code == 1
    assert "not-a-flow" in done.output


def test_the_root_key_is_made_once_in_the_form_of_the_aws_tools(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    key = root_key(settings)
    assert root_key(settings) == key
    assert key.secret_access_key not in repr(key)
    path = tmp_path / "credentials"
    assert path.stat().st_mode & 0o777 == 0o600
    file = configparser.ConfigParser(interpolation=None)
    file.read(path)
    assert file["switchroom"]["aws_secret_access_key"] == key.secret_access_key
    chosen = root_key(Settings(data=tmp_path, access_key_id="AKIA", secret_access_key="mine"))
    assert (chosen.access_key_id, chosen.secret_access_key) == ("AKIA", "mine")


def test_a_data_directory_has_one_holder(tmp_path: Path) -> None:
    first = DataLock(tmp_path)
    with pytest.raises(DataDirectoryInUse, match="in use by another switchroom"):
        DataLock(tmp_path)
    first.release()
    DataLock(tmp_path).release()
