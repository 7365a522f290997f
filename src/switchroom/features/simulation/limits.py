"""How much one simulation may ask of a node."""

from collections.abc import Iterator, Mapping

from switchroom.features.simulation.scenario import Problem, Scenario

TEXT = 1_000_000
"""Characters of a scenario."""
VARIANTS = 10
AGENTS = 5_000
HOURS = 24 * 8
CONTACTS = 5_000_000
"""Contacts of all plays of the scenario and its variants."""
CONTACTS_OF_A_PLAY = 200_000
CELLS = 20_000
"""Rows of figures of one report: queues and profiles times intervals."""


def expected(scenario: Scenario, queue: str) -> float:
    """How many contacts come to a queue in one play, on average."""
    coming = scenario.queues[queue].arrivals
    if coming.at is not None:
        return len([one for one in coming.at if one < scenario.seconds])
    return sum((end - begin) * rate for begin, end, rate in coming.rates(scenario.seconds))


def too_much(scenarios: Mapping[str, Scenario], replications: int | None = None) -> Iterator[Problem]:
    """What goes beyond the limits; `replications` in place of those of the scenarios."""
    if len(scenarios) > VARIANTS + 1:
        yield Problem("variants", f"at most {VARIANTS}")
    whole = 0.0
    for name, scenario in scenarios.items():
        contacts = sum(expected(scenario, queue) for queue in scenario.queues)
        whole += contacts * (replications or scenario.replications)
        agents = sum(staff.count for staff in scenario.staff)
        cells = (len(scenario.queues) + len(scenario.profiles)) * scenario.hours * 60 / scenario.interval
        for path, found, most, what in (
            ("staff", agents, AGENTS, "agents"),
            ("hours", scenario.hours, HOURS, "hours"),
            ("queues", contacts, CONTACTS_OF_A_PLAY, "contacts in one play"),
            ("interval", cells, CELLS, "rows of figures; take longer intervals"),
        ):
            if found > most:
                yield Problem(path, f"{name} has {found:,.0f} {what}; at most {most:,}")
    if whole > CONTACTS:
        yield Problem("replications", f"{whole:,.0f} contacts in all plays together; at most {CONTACTS:,}")
