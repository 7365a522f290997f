"""Speed of the simulator, and its agreement with queueing theory."""

import time
from statistics import fmean, stdev

from bench.report import Line, Report
from switchroom.base import memory
from switchroom.core.event import Event
from switchroom.features.simulation.cast import cast_of
from switchroom.features.simulation.erlang import erlang_c
from switchroom.features.simulation.play import Play, arrivals
from switchroom.features.simulation.recording import Recorder
from switchroom.features.simulation.replay import Replay
from switchroom.features.simulation.scenario import Scenario, load

_QUEUES = "".join(
    f"  Q{n}: {{arrivals: {{per_hour: 167}}, handle: {{lognormal: {{mean: 600, deviation: 300}}}},"
    " wrap: {exponential: 60}, patience: {exponential: 180}}\n"
    for n in range(10)
)
_DAY = f"""
hours: 12
queues:
{_QUEUES}
profiles:
  A: {{queues: {{Q0: 1, Q1: 1, Q2: 2, Q3: {{priority: 2, delay: 10}}, Q4: 3}}}}
  B: {{queues: {{Q5: 1, Q6: 1, Q7: 2, Q8: {{priority: 2, delay: 10}}, Q9: 3}}}}
staff:
  - {{profile: A, count: 200, answer: {{uniform: [1, 4]}}}}
  - {{profile: B, count: 200, answer: {{uniform: [1, 4]}}}}
"""
_THEORY = """
hours: 96
interval: 1440
queues: {Q: {channel: TASK, arrivals: {per_hour: 108}, handle: {exponential: 60}}}
profiles: {P: {queues: {Q: 1}, concurrency: {TASK: 1}}}
staff: [{profile: P, count: 3}]
"""
REPLICATIONS = 40


def run() -> Report:
    """The bench."""
    memory.compute()
    report = Report("a day of 20,000 calls and 400 agents; Erlang C")
    _speed(report)
    _agreement(report)
    return report


def _one(text: str) -> Scenario:
    return next(iter(load(text).values()))


def _speed(report: Report) -> None:
    day, recorder, journal = _one(_DAY), Recorder(0), list[Event]()
    play = Play(day, 1, record=journal.append)
    begun = time.process_time()
    contacts = play.run().total().queued
    spent = time.process_time() - begun
    report.add(Line(f"a day of {contacts:,} calls, 400 agents", spent * 20_000 / contacts, "s for 20,000", at_most=10))
    report.add(Line("decisions", play.commands / spent, "a second"))
    begun = time.process_time()
    for seq, event in enumerate(journal):
        recorder.hear(seq, event)
    outcomes = Replay(recorder.recording, cast_of(day).config).run()
    spent = time.process_time() - begun
    other = sum(outcome.agent != _agent(recorder, contact) for contact, outcome in outcomes.items())
    report.add(Line("the same day replayed from its journal", spent * 20_000 / contacts, "s for 20,000"))
    report.add(Line("contacts that went to another agent in the replay", other, "", at_most=0))


def _agent(recorder: Recorder, contact: str) -> str | None:
    accepted = recorder.recording.scripts[contact].accepted
    return accepted[0] if accepted is not None else None


def _agreement(report: Report) -> None:
    """The mean queue against theory at the load that chance brought; many replications, as it settles slowly."""
    day = _one(_THEORY)
    ratios = []
    for seed in range(REPLICATIONS):
        came = arrivals(day, seed)
        theory = erlang_c(3, len(came) / day.seconds, len(came) / sum(one.handle for one in came) * 1_000)
        ratios.append(Play(day, seed).run().total().queue_length / theory.queue)
    error = stdev(ratios) / REPLICATIONS**0.5
    report.add(Line(f"mean queue (standard error {error:.3f})", fmean(ratios), "x Erlang C"))
    report.add(Line("distance from Erlang C", abs(fmean(ratios) - 1) * 100, "%", at_most=2))
