"""Simulated days: what a scenario says happens, the figures are those of the metrics, and theory agrees."""

import heapq
import json
import math
import re
from datetime import datetime
from pathlib import Path
from random import Random
from statistics import fmean
from typing import Any

import msgspec
import pytest
import yaml
from click.testing import CliRunner

from switchroom.app.replay_command import replay
from switchroom.app.simulate_command import simulate
from switchroom.features.simulation.distributions import BadDistribution, distribution, mean_of
from switchroom.features.simulation.erlang import agents_for, erlang_a, erlang_b, erlang_c
from switchroom.features.simulation.example import EXAMPLE
from switchroom.features.simulation.measures import Row
from switchroom.features.simulation.play import Customer, Play, arrivals
from switchroom.features.simulation.scenario import BadScenario, Scenario, load
from switchroom.features.simulation.study import difference, estimate, study
from tests.server import Server


def scenario(**changes: Any) -> Scenario:
    """One queue with calls, two agents; `changes` replace parts of it."""
    described: dict[str, Any] = {
        "start": "09:00",
        "hours": 1,
        "interval": 30,
        "replications": 1,
        "queues": {"Q": {"arrivals": {"at": [0, 0, 0]}, "handle": 60}},
        "profiles": {"P": {"queues": {"Q": 1}}},
        "staff": [{"profile": "P", "count": 2}],
        **changes,
    }
    return next(iter(load(yaml.safe_dump(described, sort_keys=False)).values()))


def queue(at: list[float], **more: Any) -> dict[str, Any]:
    return {"Q": {"arrivals": {"at": at}, "handle": 60, **more}}


@pytest.mark.parametrize("channel", ["VOICE", "CHAT", "TASK"])
def test_a_small_day_by_hand(channel: str) -> None:
    """MET-75, MET-78: three come to two agents: two are served at once, the third when one is free."""
    play = Play(scenario(queues=queue([0, 0, 10], channel=channel, wrap=30), profiles={"P": _one(channel)}), seed=1)
    row = play.run().total("Q")
    assert (row.queued, row.answered, row.abandoned, row.left) == (3, 3, 0, 0)
    assert row.answer_time == pytest.approx((0 + 0 + 80) / 3)
    assert row.longest_wait == 80
    assert row.service_level == pytest.approx(2 / 3)
    assert row.handle_time == 90
    assert row.queue_length == pytest.approx(80 / 3_600)
    crew = play.measures.crew("P")
    assert crew.occupancy == pytest.approx(3 * 90 / 7_200)
    assert crew.staffed == pytest.approx(2)


def _one(channel: str) -> dict[str, Any]:
    return {"queues": {"Q": 1}, "concurrency": {channel: 1}}


@pytest.mark.parametrize("channel", ["VOICE", "CHAT", "TASK"])
def test_who_gives_up(channel: str) -> None:
    """MET-73, MET-75: who leaves within the threshold counts for the service level; nobody hears an offer too late."""
    day = scenario(
        queues=queue([0, 1, 2, 3], channel=channel, patience=15), profiles={"P": _one(channel)}, service_level=20
    )
    row = Play(day, seed=1).run().total("Q")
    assert (row.answered, row.abandoned) == (2, 2)
    assert row.abandonment == 0.5
    assert row.abandon_time == 15
    assert row.service_level == 1


def test_intervals_belong_to_the_moment_of_queueing() -> None:
    """MET-75: the second half hour has its own figures; the sum is the day."""
    play = Play(scenario(queues=queue([0, 1_801, 1_802, 1_803])), seed=1)
    measures = play.run()
    assert [measures.row("Q", at).queued for at in range(measures.intervals)] == [1, 3]
    assert measures.total("Q").queued == measures.total().queued == 4
    assert measures.row("Q", 1).answer_time == pytest.approx(58 / 3)


def test_shifts_and_breaks() -> None:
    """ROUT-64: nobody is offered anything outside a shift or in a break; a conversation goes on into the break."""
    staff = [{"profile": "P", "shift": "09:10-09:40", "breaks": ["09:20-09:30"]}]
    play = Play(scenario(queues=queue([0, 590, 1_190, 1_500, 2_500]), staff=staff), seed=1)
    measures = play.run()
    row = measures.total("Q")
    assert (row.answered, row.left) == (4, 1)
    assert row.longest_wait == 600
    assert measures.crew("P").staffed * 3_600 == pytest.approx(20 * 60 + 50)


def test_shifts_of_every_day() -> None:
    """A shift that began before the play, over midnight, and again on the next day; breaks outside it do nothing."""
    at = [0.0, 2 * 3_600, 13 * 3_600, 24 * 3_600 + 60, 40 * 3_600]
    staff = [{"profile": "P", "shift": "22:00-10:00", "breaks": ["23:00-23:30", "14:00-15:00"]}]
    play = Play(scenario(hours=48, interval=60, queues=queue(at, patience=100), staff=staff), seed=1)
    row = play.run().total("Q")
    assert (row.answered, row.abandoned) == (4, 1)
    staffed = [play.measures.crew("P", at).staffed for at in range(48)]
    day = [1.0] + [0.0] * 12 + [1.0, 0.5] + [1.0] * 9
    assert staffed == pytest.approx(day * 2, nan_ok=True)


def test_variants_of_another_kind() -> None:
    """Recorded arrivals in place of a rate, another distribution, a queue less; what is not named stays."""
    text = """
        hours: 1
        queues: {Q: {arrivals: {per_hour: 5}, handle: {exponential: 30}}}
        profiles: {P: {queues: {Q: 1}}}
        staff: [{profile: P}]
        variants: {other: {queues: {Q: {arrivals: {at: [5, 6]}, handle: {uniform: [1, 2]}, limit: 3}}}}
    """
    other = load(text)["other"].queues["Q"]
    assert (other.arrivals.at, other.arrivals.per_hour) == ([5, 6], None)
    assert (other.handle, other.limit, other.channel) == ({"uniform": [1, 2]}, 3, "VOICE")


def test_arrivals_of_a_download() -> None:
    """The CSV of the contact search: its own columns, a mark at its begin, times of the day in the scenario's zone."""
    csv = (
        "\ufeffContact id,Channel,Queue,Initiated\r\n"
        "1,VOICE,Q,2026-01-04T23:30:00.000Z\r\n2,VOICE,Q,2026-01-05T01:00:00.000Z\r\n"
        "3,VOICE,Other,2026-01-05T01:00:00.000Z\r\n4,VOICE,Q,2026-01-04T23:59:00.000Z\r\n"
    )
    queues = {"Q": {"arrivals": {"csv": csv}, "handle": 60}}
    assert scenario(start="08:45", time_zone="Asia/Tokyo", queues=queues).queues["Q"].arrivals.at == [14 * 60, 75 * 60]
    with pytest.raises(BadScenario, match="no time zone Mars"):
        scenario(time_zone="Mars")


def test_missed_offers_come_again() -> None:
    """ROUT-16: an offer that is not answered goes to the next agent, or comes again."""
    staff = [{"profile": "P", "count": 3, "miss": 0.5}]
    row = Play(scenario(queues=queue([float(60 * n) for n in range(30)]), staff=staff), seed=3).run().total("Q")
    assert (row.answered, row.left) == (30, 0)
    assert row.answer_time > 5


@pytest.mark.parametrize(("strict", "waited"), [(False, 0), (True, 50)])
def test_strict_priority(strict: bool, waited: float) -> None:
    """V7 of the routing vectors: what is still within its delay keeps the agent from a lower priority, or not."""
    queues = {name: {"arrivals": {"at": [at]}, "handle": 60} for name, at in (("First", 0), ("Second", 10))}
    profiles = {"P": {"queues": {"First": {"priority": 1, "delay": 60}, "Second": 2}}}
    played = scenario(queues=queues, profiles=profiles, strict_priority=strict)
    assert Play(played, seed=1).run().total("Second").answer_time == pytest.approx(waited, abs=0.5)


def test_proficiencies_and_priorities() -> None:
    """ROUT-47, ROUT-50, ROUT-03: who needs English waits for who speaks it, until the step is over."""
    queues = {
        "English": {"arrivals": {"at": [0]}, "handle": 60, "needs": {"Language:English": 3}, "needs_for": 30},
        "Any": {"arrivals": {"at": [0]}, "handle": 60},
    }
    both = {"queues": {"English": 1, "Any": 1}}
    speaks = [{"profile": "P", "skills": {"Language:English": 5}}]
    alone = [{"profile": "P"}]
    asked = {"queues": queues, "profiles": {"P": both}}
    with_english = Play(scenario(**asked, staff=speaks), seed=1).run()
    assert with_english.total("English").answer_time == 0
    without = Play(scenario(**asked, staff=alone), seed=1).run()
    assert without.total("Any").answer_time == 0
    assert without.total("English").answer_time == 60


def test_several_chats_at_a_time() -> None:
    """ROUT-11: an agent takes as many as the profile says; occupancy knows no concurrency (metrics B5)."""
    profile = {"queues": {"Q": 1}, "concurrency": {"CHAT": 2}}
    day = scenario(queues=queue([0, 0, 0], channel="CHAT"), profiles={"P": profile}, staff=[{"profile": "P"}])
    measures = Play(day, seed=1).run()
    assert measures.total("Q").longest_wait == 60
    assert measures.crew("P").occupancy == pytest.approx(120 / 3_600)


def test_a_full_queue() -> None:
    """ROUT-31: who finds the queue full is turned away, and was never queued."""
    row = Play(scenario(queues=queue([0, 1, 2, 3, 4], channel="TASK", limit=1)), seed=1).run().total("Q")
    assert (row.queued, row.answered) == (3, 3)


def test_the_same_seed_is_the_same_day() -> None:
    """The play is a function of scenario and seed; another seed is another day; variants get the same customers."""
    day = scenario(
        queues={"Q": {"arrivals": {"per_hour": 200}, "handle": {"exponential": 40}, "patience": {"exponential": 60}}}
    )
    first, again, other = Play(day, 1), Play(day, 1), Play(day, 2)
    assert first.run().total() == again.run().total() != other.run().total()
    assert first.assignments == again.assignments
    more = scenario(queues={"Q": vars_of(day)}, staff=[{"profile": "P", "count": 3}])
    assert [(c.at, c.handle, c.patience) for c in arrivals(day, 5)] == [
        (c.at, c.handle, c.patience) for c in arrivals(more, 5)
    ]


def vars_of(day: Scenario) -> dict[str, Any]:
    found = day.queues["Q"]
    return {"arrivals": {"per_hour": found.arrivals.per_hour}, "handle": found.handle, "patience": found.patience}


def test_everybody_is_accounted_for() -> None:
    """A busy day with misses, breaks and impatience: who came has been answered, has given up, or is still there."""
    day = scenario(
        hours=4,
        queues={
            "Calls": {
                "arrivals": {"per_hour": [40, 90]},
                "handle": {"exponential": 120},
                "patience": {"exponential": 90},
            },
            "Chats": {
                "channel": "CHAT",
                "arrivals": {"per_hour": 50},
                "handle": {"gamma": {"mean": 200, "deviation": 90}},
            },
            "Tasks": {"channel": "TASK", "arrivals": {"per_hour": 20}, "handle": {"uniform": [60, 300]}},
        },
        profiles={
            "P": {"queues": {"Calls": 1, "Chats": 2, "Tasks": {"priority": 3, "delay": 30}}, "cross": ["CHAT", "TASK"]}
        },
        staff=[{"profile": "P", "count": 6, "shift": "09:00-12:30", "breaks": ["10:00-10:15"], "miss": 0.1}],
    )
    play = Play(day, seed=9)
    measures = play.run()
    came = arrivals(day, 9)
    for name in day.queues:
        row = measures.total(name)
        assert row.queued == len([one for one in came if one.queue == name])
        assert row.left >= 0
    assert measures.total().answered == len(play.assignments)
    assert len({contact for contact, _ in play.assignments}) == len(play.assignments)


def test_formulas() -> None:
    """Erlang B, C and A against known values; without impatience A becomes C."""
    assert erlang_b(10, 5) == pytest.approx(0.018385, abs=1e-6)
    assert erlang_c(10, 8 / 60, 1 / 60).delayed == pytest.approx(0.409180, abs=1e-6)
    assert erlang_a(10, 8 / 60, 1 / 60, 1e-9).wait == pytest.approx(erlang_c(10, 8 / 60, 1 / 60).wait, rel=1e-4)
    with pytest.raises(ValueError, match="cannot carry"):
        erlang_c(10, 10 / 60, 1 / 60)
    needed = agents_for(100 / 3_600, 1 / 180, 0.8)
    assert erlang_c(needed, 100 / 3_600, 1 / 180).service_level >= 0.8
    assert erlang_c(needed - 1, 100 / 3_600, 1 / 180).service_level < 0.8


def _theory(agents: int, load: float, hours: float, patience: float | None = None) -> Scenario:
    customers = {
        "channel": "TASK",
        "arrivals": {"per_hour": load * 60},
        "handle": {"exponential": 60},
        "patience": {"exponential": patience} if patience else None,
    }
    return scenario(
        hours=hours,
        service_level=0,
        interval=1_440,
        queues={"Q": customers},
        profiles={"P": _one("TASK")},
        staff=[{"profile": "P", "count": agents}],
    )


def _first_come(customers: list[Customer], agents: int) -> tuple[list[int], list[int]]:
    """What must come of customers whom so many agents serve in their order: waits of the answered, and of the others.

    Whoever comes waits until an agent is free of those who came before, unless patience ends first.
    """
    free = [0] * agents
    answered: list[int] = []
    gone: list[int] = []
    for one in customers:
        begin = max(one.at, free[0])
        if one.patience is not None and begin - one.at > one.patience:
            gone.append(one.patience)
        else:
            answered.append(begin - one.at)
            heapq.heapreplace(free, begin + one.handle)
    return answered, gone


@pytest.mark.parametrize("patience", [None, 60.0], ids=["M/M/c", "M/M/c+M"])
@pytest.mark.parametrize(("agents", "load"), [(1, 0.7), (3, 1.8), (12, 11)])
def test_every_wait_is_that_of_the_model(agents: int, load: float, patience: float | None) -> None:
    """The real decisions serve the customers of M/M/c and of M/M/c+M in their order: no wait is a millisecond off."""
    day = _theory(agents, load, hours=1_200 / (load * 60), patience=patience)
    row = Play(day, seed=7).run().total()
    answered, gone = _first_come(arrivals(day, 7), agents)
    assert len(answered) + len(gone) > 1_000
    assert (row.answered, row.abandoned) == (len(answered), len(gone))
    assert row.answer_time == pytest.approx(fmean(answered) / 1_000, rel=1e-12)
    assert row.longest_wait == max(answered + gone) / 1_000


def _rates(came: list[Customer], seconds: float) -> tuple[float, float, float]:
    """Arrivals, services and patience a second, as chance had them: theory is asked about the load that really came."""
    patience = [one.patience for one in came if one.patience is not None]
    service = len(came) / sum(one.handle for one in came) * 1_000
    return len(came) / seconds, service, len(patience) / max(1, sum(patience)) * 1_000


@pytest.mark.parametrize("patience", [None, 60.0], ids=["Erlang C", "Erlang A"])
@pytest.mark.parametrize(("agents", "load", "seeds"), [(1, 0.4, 8), (3, 2, 4)])
def test_the_model_is_that_of_theory(agents: int, load: float, seeds: int, patience: float | None) -> None:
    """What the simulator plays agrees with Erlang C and Erlang A within 2 %: mean queue, who waits, who gives up."""
    day = _theory(agents, load, hours=744, patience=patience)
    found, theory = [], []
    for seed in range(seeds):
        came = arrivals(day, seed)
        arrival, service, leaving = _rates(came, day.seconds)
        answered, gone = _first_come(came, agents)
        steady = erlang_a(agents, arrival, service, leaving) if patience else erlang_c(agents, arrival, service, 0)
        waited = sum(wait > 0 for wait in answered) + len(gone)
        queue = (sum(answered) + sum(gone)) / 1_000 / day.seconds
        found.append((queue, waited / len(came), len(gone) / len(came)))
        theory.append((steady.queue, steady.delayed, steady.abandoned))
    for mine, expected in zip(zip(*found, strict=True), zip(*theory, strict=True), strict=True):
        assert fmean(mine) == pytest.approx(fmean(expected), rel=0.02)


def test_erlang_a_itself() -> None:
    """M/M/c+M played through the real decisions: who gives up and how busy agents are, within 2 % of theory."""
    day = _theory(6, 7, hours=10, patience=60)
    _, plays = study(msgspec.structs.replace(day, replications=1))
    (measures,) = plays
    expected = erlang_a(6, *_rates(arrivals(day, day.seed), day.seconds))
    assert measures.total().abandonment == pytest.approx(expected.abandoned, rel=0.02)
    assert measures.crew("P").occupancy == pytest.approx(expected.occupancy, rel=0.02)


def test_confidence_intervals_hold_the_truth() -> None:
    """Of many intervals of 95 % confidence about 95 % hold the true mean (here known: 10 +- 2, six replications)."""
    random = Random(5)
    held = 0
    for _ in range(1_000):
        found = estimate(random.gauss(10, 2) for _ in range(6))
        held += found.low <= 10 <= found.high
    assert 930 <= held <= 970


def test_more_of_everything_helps() -> None:
    """More skilled, more agents or fewer needs never make the same customers wait longer; nobody is lost anywhere."""

    def waits(skilled: int, others: int, **queue: Any) -> Row:
        load = {"arrivals": {"per_hour": 70}, "handle": {"exponential": 120}, **queue}
        speaks = {"profile": "P", "count": skilled, "skills": {"Language:English": 5}}
        day = scenario(hours=3, queues={"Q": load}, staff=[speaks, {"profile": "P", "count": others}])
        row = Play(day, seed=11).run().total("Q")
        assert row.queued == row.answered + row.abandoned + row.left == len(arrivals(day, 11))
        return row

    needs = {"needs": {"Language:English": 3}}
    few, more, all_of_them = waits(3, 1, **needs), waits(4, 0, **needs), waits(0, 4)
    assert few.answer_time > more.answer_time == all_of_them.answer_time
    assert waits(3, 1, **needs, needs_for=10).answer_time < few.answer_time
    assert waits(0, 4, **needs).answered == 0


def test_replications_and_comparison() -> None:
    """Means with their confidence, in one process or several; a variant with more agents serves better."""
    arrive = {"Q": {"arrivals": {"per_hour": 150}, "handle": {"exponential": 60}, "patience": {"exponential": 60}}}
    few, more = (
        scenario(queues=arrive, replications=6),
        scenario(queues=arrive, replications=6, staff=[{"profile": "P", "count": 4}]),
    )
    shares: list[float] = []
    report, plays = study(few, progress=shares.append)
    assert shares == sorted(shares) and shares[-1] == 1
    level = report.queues["Q"].total["service_level"]
    assert level.low < level.mean < level.high
    assert len(report.queues["Q"].intervals) == 2
    better, others = study(more, workers=2)
    changed = difference(plays, others)
    assert changed["queued"].mean == 0
    assert changed["service_level"].low > 0
    assert better.all["abandonment"].mean < report.all["abandonment"].mean
    assert math.isnan(estimate([1.0]).low)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("- 1", "mapping"),
        ("{queues: {}, profiles: {}", "YAML"),
        ("{queues: {Q: {handle: 1}}, profiles: {}, staff: []}", "arrivals"),
        ("{queues: {Q: {arrivals: {at: [1]}, handle: soon}}, profiles: {}, staff: []}", "queues.Q.handle"),
        ("{queues: {}, profiles: {P: {queues: {X: 1}}}, staff: []}", "no queue X"),
        ("{queues: {}, profiles: {}, staff: [{profile: P}]}", "no profile P"),
        ("{queues: {}, profiles: {P: {queues: {}}}, staff: [{profile: P, shift: '9-17'}]}", "time of day"),
        ("{queues: {}, profiles: {}, staff: [], hours: -1}", "hours: must be more than 0"),
        (
            "{queues: {}, profiles: {P: {queues: {}}}, staff: [{profile: P, shift: 08:00-09:00}], hours: 1.0e+30}",
            "hours",
        ),
        ("[" * 20_000, "levels deep"),
        ("{queues: {Q: {arrivals: {file: none.csv}, handle: 1}}, profiles: {}, staff: []}", "cannot be read"),
    ],
)
def test_bad_scenarios(text: str, reason: str, tmp_path: Path) -> None:
    """A scenario that cannot be played is refused with the place and the reason."""
    with pytest.raises(BadScenario, match=reason):
        load(text, tmp_path)


def test_distributions() -> None:
    """Means are those described; nonsense is refused."""
    random = Random(1)
    for described in (
        5,
        {"exponential": 30},
        {"lognormal": {"mean": 240, "deviation": 180}},
        {"gamma": {"mean": 50, "deviation": 20}},
        {"uniform": [1, 5]},
        {"samples": [1, 2, 9]},
    ):
        draw = distribution(described)
        drawn = [draw(random) for _ in range(20_000)]
        assert min(drawn) >= 0
        assert sum(drawn) / len(drawn) == pytest.approx(mean_of(described), rel=0.05)
    wrong: Any
    for wrong in (None, True, "x", {}, {"normal": 1}, {"uniform": [5, 1]}, {"exponential": -1}, {"samples": []}, -1):
        with pytest.raises((BadDistribution, ValueError)):
            distribution(wrong)


def test_a_variant_with_another_kind_of_time() -> None:
    """A time of another kind stands in the place of the first; of the same kind, what is not said stays."""
    text = """
        queues: {Q: {arrivals: {per_hour: 6}, handle: {lognormal: {mean: 240, deviation: 180}}}}
        profiles: {P: {queues: {Q: 1}}}
        staff: []
        variants:
          other: {queues: {Q: {handle: {exponential: 200}}}}
          same: {queues: {Q: {handle: {lognormal: {mean: 200}}}}}
        """
    _, other, same = load(text).values()
    assert other.queues["Q"].handle == {"exponential": 200}
    assert same.queues["Q"].handle == {"lognormal": {"mean": 200, "deviation": 180}}


def test_the_example() -> None:
    """What people begin with is played as it stands, and its variant makes a difference that is seen."""
    scenarios = load(EXAMPLE)
    before, after = (study(msgspec.structs.replace(one, replications=2))[1] for one in scenarios.values())
    assert difference(before, after, "Sales")["answer_time"].mean < 0


@pytest.mark.process
def test_a_running_node(switchroom_server: Server, tmp_path: Path) -> None:
    """`switchroom simulate --live` drafts and plays an instance; `switchroom replay` tells of its past."""
    (instance,) = switchroom_server.boto("connect").list_instances()["InstanceSummaryList"]
    node = [f"--url={switchroom_server.url}", f"--data={switchroom_server.data}"]
    saved = ["--save", str(tmp_path / "draft.yaml")]
    run = CliRunner().invoke(simulate, ["--live", instance["Id"], "--replications", "1", *saved, *node])
    assert run.exit_code == 0, run.output
    assert "BasicQueue" in run.output
    assert "BasicQueue" in load((tmp_path / "draft.yaml").read_text()).popitem()[1].queues
    run = CliRunner().invoke(replay, [instance["Id"], "--from", f"{datetime.now():%Y-%m-%d}", *node])
    assert run.exit_code == 0, run.output
    assert re.search(r"\d+ of \d+ contacts go as they went", run.output)
    (tmp_path / "wrong.yaml").write_text("profiles: {Nobody: {}}")
    changes = ["--changes", str(tmp_path / "wrong.yaml")]
    run = CliRunner().invoke(replay, [instance["Id"], "--from", f"{datetime.now():%Y-%m-%d}", *changes, *node])
    assert run.exit_code == 1 and "no such routing profile" in run.output


def test_the_command(tmp_path: Path) -> None:
    """`switchroom simulate`: tables, the difference of a variant, JSON and CSV; past contacts from a file."""
    (tmp_path / "past.csv").write_text(
        "Queue,InitiationTimestamp\nQ,2026-01-05T00:00:10Z\nQ,2026-01-05T00:01:00Z\nOther,2026-01-05T00:00:10Z\n"
    )
    day = tmp_path / "day.yaml"
    day.write_text(
        """
        hours: 1
        replications: 2
        queues: {Q: {arrivals: {file: past.csv}, handle: 60}}
        profiles: {P: {queues: {Q: 1}}}
        staff: [{profile: P}]
        variants: {nobody: {staff: []}}
        """
    )
    files = [f"--{kind}={tmp_path / kind}" for kind in ("json", "csv", "html")]
    run = CliRunner().invoke(simulate, [str(day), "--intervals", *files])
    assert run.exit_code == 0, run.output
    assert "Service level" in run.output and "nobody against Scenario" in run.output
    reports = json.loads((tmp_path / "json").read_text())
    assert [one["queues"]["Q"]["total"]["answered"]["mean"] for one in reports] == [2, 0]
    assert len((tmp_path / "csv").read_text().splitlines()) == 1 + 2 * 2
    page = (tmp_path / "html").read_text()
    assert page.count("<svg") == 5 + 2 and "nobody: what it changes" in page
    assert "http" not in page.replace("http-equiv", ""), "nothing is fetched"
    day.write_text("hours: [1]")
    assert CliRunner().invoke(simulate, [str(day)]).exit_code == 1
