"""`switchroom flow ...`: flows without a server."""

import sys
from pathlib import Path

import click
import msgspec

from switchroom.flows.check import check, errors_of
from switchroom.flows.drive import DescriptionError, drive
from switchroom.flows.state import FLOW_TYPES


@click.group()
def flow() -> None:
    """Work with flow files."""


@flow.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--type", "kind", type=click.Choice([*FLOW_TYPES, "MODULE"]), default="CONTACT_FLOW", show_default=True)
@click.option("--language", type=click.Choice(["en", "ja"]), default="en", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check_files(files: tuple[Path, ...], kind: str, language: str, as_json: bool) -> None:
    """Report what is wrong with exported flows. Ends with 1 if a flow could not be published."""
    found = {str(file): check(file.read_bytes(), kind, language=language) for file in files}
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found)))
    else:
        for name, problems in found.items():
            for problem in problems:
                where = " ".join(part for part in (problem.action, problem.path) if part)
                click.echo(f"{name}: {problem.severity}: {problem.message} [{problem.code}] {where}".rstrip())
            if not problems:
                click.echo(f"{name}: no problems found")
    sys.exit(any(errors_of(problems) for problems in found.values()))


@flow.command("test")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def test_files(files: tuple[Path, ...], as_json: bool) -> None:
    """Drive flows as described in YAML files and assert what happens. Ends with 1 if an expectation is not met."""
    failed = False
    for file in files:
        try:
            result = drive(file.read_text(encoding="utf-8"), file.parent)
        except DescriptionError as wrong:
            raise click.ClickException(f"{file}: {wrong}") from None
        failed = failed or bool(result.failures)
        if as_json:
            click.echo(msgspec.json.format(msgspec.json.encode({"file": str(file), "result": result})))
            continue
        click.echo(f"{file}: {'FAILED' if result.failures else 'passed'} ({result.end})")
        click.echo(f"  path: {' > '.join(result.path)}")
        for failure in result.failures:
            click.echo(f"  {failure}")
    sys.exit(failed)
