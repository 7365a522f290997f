"""Which modelled operations are bound, computed from the bindings."""

from dataclasses import dataclass

import click
import msgspec

from switchroom.wire.operation import Binding, load_bindings
from switchroom.wire.service_model import SERVICES, ServiceModel, load_service


@dataclass(frozen=True, slots=True)
class Coverage:
    """One service: its operations by name, and whether each is bound."""

    service: str
    operations: dict[str, bool]

    @property
    def bound(self) -> int:
        return sum(self.operations.values())


def coverage(models: list[ServiceModel], bindings: dict[tuple[str, str], Binding]) -> list[Coverage]:
    """Coverage of each service. A binding that no model knows is an error."""
    known = {(model.name, name) for model in models for name in model.operations}
    stray = sorted(f"{service}:{name}" for service, name in bindings if (service, name) not in known)
    if stray:
        raise ValueError(f"bound but in no model: {', '.join(stray)}")
    return [
        Coverage(model.name, {name: (model.name, name) in bindings for name in sorted(model.operations)})
        for model in models
    ]


@click.command("api")
@click.option("--service", type=click.Choice(SERVICES), help="Only this service.")
@click.option("--missing", is_flag=True, help="List only operations that nothing answers yet.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def api_command(service: str | None, missing: bool, as_json: bool) -> None:
    """Show which operations of each service this version answers."""
    names = [service] if service else list(SERVICES)
    bindings = {key: value for key, value in load_bindings().items() if key[0] in names}
    found = coverage([load_service(name) for name in names], bindings)
    click.echo(_as_json(found) if as_json else _as_text(found, missing))


def _as_json(found: list[Coverage]) -> str:
    rows = [
        {
            "service": item.service,
            "bound": item.bound,
            "total": len(item.operations),
            "operations": item.operations,
        }
        for item in found
    ]
    return msgspec.json.format(msgspec.json.encode(rows)).decode()


def _as_text(found: list[Coverage], missing: bool) -> str:
    lines = []
    for item in found:
        lines.append(f"{item.service}: {item.bound} of {len(item.operations)} operations")
        lines += [
            f"  {'+' if bound else '-'} {name}" for name, bound in item.operations.items() if not (missing and bound)
        ]
    return "\n".join(lines)
