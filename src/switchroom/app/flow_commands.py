"""`switchroom flow ...`: flows without a server."""

import sys
from pathlib import Path

import click
import msgspec

from switchroom.flows.check import Problem, check, errors_of
from switchroom.flows.language import FlowSyntaxError, load
from switchroom.flows.references import api_type
from switchroom.flows.state import FLOW_TYPES
from switchroom.flows.testing import report
from switchroom.flows.testing.suite import run


@click.group()
def flow() -> None:
    """Work with flow files."""


@flow.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--type", "kind", type=click.Choice([*FLOW_TYPES, "MODULE"]), help="Instead of the type in the file.")
@click.option("--language", type=click.Choice(["en", "ja"]), default="en", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check_files(files: tuple[Path, ...], kind: str | None, language: str, as_json: bool) -> None:
    """Report what is wrong with exported flows. Ends with 1 if a flow could not be published."""
    found = {str(file): _check_file(file.read_bytes(), kind, language) for file in files}
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


def _check_file(content: bytes, kind: str | None, language: str) -> list[Problem]:
    """With the type that is given, else with the one the file says it is of, else as an inbound flow."""
    return check(content, kind or _type_of(content) or "CONTACT_FLOW", language=language)


def _type_of(content: bytes) -> str | None:
    try:
        metadata = load(content).get("Metadata")
    except FlowSyntaxError:
        return None
    written = metadata.get("type") if isinstance(metadata, dict) else None
    return api_type(written) if isinstance(written, str) else None


@flow.command("test")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with every step and what it read and wrote.")
@click.option("--junit", type=click.Path(dir_okay=False, path_type=Path), help="Also write JUnit XML to this file.")
@click.option("--coverage/--no-coverage", default=True, show_default=True, help="Tell which blocks and branches ran.")
def test_files(files: tuple[Path, ...], as_json: bool, junit: Path | None, coverage: bool) -> None:
    """Play the scenarios of YAML files and folders and compare what happens with what they expect.

    Ends with 1 if an expectation is not met, with 2 if a description cannot be used.
    """
    suite = run(files)
    if junit is not None:
        junit.write_text(report.junit(suite), encoding="utf-8")
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(suite)))
    else:
        click.echo(report.summary(suite, coverage=coverage))
    sys.exit(2 if any(file.wrong for file in suite.files) else int(not suite.passed))
