"""An application of one's own: any JSON object is an event, its members are facts by their path."""

from collections.abc import Mapping
from typing import Any

from switchroom.base.arns import Site
from switchroom.base.clock import iso_s
from switchroom.features.rules.applications import Application, Arrived, Payload, declare, subdomain
from switchroom.features.rules.happening import Happening

EVENT = "OnExternalEvent"
MOST_FACTS = 500


def read(payload: Payload, url: str) -> Arrived:
    """`id` and `type` name it where they are there."""
    facts: dict[str, Any] = {}
    _flatten(payload, "", facts)
    identifier, kind = payload.get("id"), payload.get("type")
    own = str(identifier) if isinstance(identifier, (str, int)) and identifier != "" else None
    about = str(kind or own or "event")[:200]
    return Arrived(own, about, (Happening(EVENT, facts, about),))


def _flatten(value: dict[str, Any], beginning: str, facts: dict[str, Any]) -> None:
    """`{"a": {"b": 1}}` is the fact `a.b`; a list of plain values is one fact."""
    for name, one in value.items():
        if len(facts) >= MOST_FACTS:
            return
        if isinstance(one, dict):
            _flatten(one, f"{beginning}{name}.", facts)
        elif not isinstance(one, list) or not any(isinstance(item, (dict, list)) for item in one):
            facts[f"{beginning}{name}"] = one


def example(trigger: str, values: Mapping[str, str], now: int, identifier: str) -> Payload:
    """An event with `id`, `type` and `time`, and the values given."""
    return {"type": "example", "time": iso_s(now), **values, "id": identifier}


def _source(site: Site, url: str, identifier: str) -> str:
    return f"switchroom.custom/{subdomain(url)}/{identifier}"


declare(
    Application(
        key="CUSTOM",
        source_type=None,
        event_source=_source,
        integration=lambda url: f"switchroom-custom-{subdomain(url)}",
        read=read,
        example=example,
        shared_secret=True,
    )
)
