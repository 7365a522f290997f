"""Seconds for questions about a month of 20,000 contacts a day, beside one that only counts the same rows."""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from bench.report import Line, Report
from switchroom.app.engines import PostgresEngine
from switchroom.base.clock import DAY
from switchroom.storage.postgres import Database
from switchroom.views.history.metric import catalogue
from switchroom.views.history.report import Asked, Question, report

DAYS, A_DAY, QUEUES, AGENTS = 31, 20_000, 20, 400
BEGIN = 1_790_000_000_000
FEW = ("CONTACTS_HANDLED", "CONTACTS_ABANDONED", "AVG_HANDLE_TIME", "AVG_QUEUE_ANSWER_TIME", "SERVICE_LEVEL")

_MONTH = """
INSERT INTO contact_figures
SELECT $1, gen_random_uuid(), (ARRAY['VOICE', 'CHAT', 'TASK'])[1 + n % 3], 'connect:Chat', 'INBOUND',
    'AGENT_DISCONNECT', ($2::text[])[1 + n % $4], CASE WHEN handled THEN ($2::text[])[1 + n % 7] END,
    CASE WHEN handled THEN ($3::text[])[1 + n % $5] END, CASE WHEN handled THEN ARRAY[$1, $1] ELSE '{}' END,
    CASE WHEN handled THEN ended - 200000 END, ended, NOT handled, n % 300, CASE WHEN handled THEN 180 END, 0, 0, 0,
    false, CASE WHEN handled THEN 20 END, CASE WHEN handled THEN 200 END, 400, 420, NULL, false, NULL
FROM (SELECT n::integer, n % 10 > 0 AS handled, $6::bigint + n * $7::bigint / $8 AS ended
    FROM generate_series(0, $8::bigint - 1) AS n) AS contacts
"""


def run() -> Report:
    """The bench."""
    result = Report("a month of 620,000 contacts, historical metrics")
    with tempfile.TemporaryDirectory(prefix="sw-") as name:
        directory = Path(name)
        directory.chmod(0o711)
        engine = PostgresEngine(directory / "postgres", directory / "postgres.log")
        child = engine.start()
        engine.wait(child)
        asyncio.run(_measure(result, engine.url))
        engine.stop(child)
    return result


async def _measure(result: Report, url: str) -> None:
    database = Database(url)
    await database.migrate()
    await database.open()
    instance, queues = str(uuid4()), [str(uuid4()) for _ in range(QUEUES)]
    agents = [str(uuid4()) for _ in range(AGENTS)]
    await database.pool.execute("ALTER TABLE contact_figures DROP CONSTRAINT contact_figures_instance_contact_fkey")
    await database.pool.execute(
        _MONTH, *(instance, queues, agents, QUEUES, AGENTS, BEGIN, DAYS * DAY, DAYS * A_DAY), timeout=600
    )
    await database.pool.execute("VACUUM ANALYZE contact_figures", timeout=600)

    def ask(metrics: Any, period: str, *groupings: str, days: int = DAYS) -> Callable[[], Awaitable[Any]]:
        asked = [Asked(metric, threshold=("LTE", 20.0) if metric.threshold else None) for metric in metrics]
        question = Question(
            instance=instance,
            begin=BEGIN,
            end=BEGIN + days * DAY,
            period=period,
            zone=ZoneInfo("Europe/Berlin"),
            filters={"QUEUE": queues},
            groupings=groupings,
            metrics=asked,
        )
        return lambda: report(database, question)

    few = [catalogue()[name] for name in FEW]
    every = [metric for metric in catalogue().values() if not metric.stepwise]
    floor = await _fastest(
        lambda: database.pool.fetchval(
            "SELECT count(*) FROM contact_figures WHERE instance = $1 AND queue = ANY($2) AND abandoned IS NOT NULL",
            *(instance, queues),
        )
    )
    result.add(Line("only counting the month's rows", floor, "s"))
    asked = {
        "five metrics, total": ask(few, "TOTAL"),
        "five metrics by day and queue": ask(few, "DAY", "QUEUE"),
        "four metrics by day and agent": ask(few[:4], "DAY", "AGENT"),
        f"{len(every)} metrics by day and queue": ask(every, "DAY", "QUEUE"),
        "five metrics of two days by 15 minutes and queue": ask(few, "FIFTEEN_MIN", "QUEUE", days=2),
    }
    for name, question in asked.items():
        seconds = await _fastest(question)
        goal = 4.0 if name.startswith("five") else None
        result.add(Line(name, seconds, "s", seconds / floor, "counting", at_most=goal))
    await database.close()


async def _fastest(question: Callable[[], Awaitable[Any]]) -> float:
    times = []
    for _ in range(4):
        began = time.perf_counter()
        await question()
        times.append(time.perf_counter() - began)
    return min(times)
