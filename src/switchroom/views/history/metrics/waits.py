"""Time in queue, and service levels (MET-102)."""

from switchroom.storage.figures import count, largest, mean, percent
from switchroom.views.history.conditions import ABANDONED, HANDLED, QUEUED
from switchroom.views.history.metric import DISCONNECT, EVERYWHERE, FEATURE, INITIATION, OF_QUEUES, SUBTYPE, Metric

METRICS = (
    Metric(
        name="AVG_QUEUE_ANSWER_TIME",
        unit="SECONDS",
        value=mean("f.queue_s", HANDLED),
        by=OF_QUEUES | {FEATURE, SUBTYPE},
        keys=(INITIATION, DISCONNECT),
    ),
    Metric(
        name="AVG_ABANDON_TIME",
        unit="SECONDS",
        value=mean("f.queue_s", ABANDONED),
        by=EVERYWHERE | {FEATURE, SUBTYPE},
        keys=(INITIATION,),
    ),
    Metric(name="MAX_QUEUED_TIME", unit="SECONDS", value=largest("f.queue_s", QUEUED), by=EVERYWHERE | {SUBTYPE}),
    Metric(
        name="SERVICE_LEVEL",
        unit="PERCENT",
        value=percent("f.queue_s {within}", QUEUED),
        by=OF_QUEUES,
        threshold=True,
    ),
    Metric(
        name="SUM_CONTACTS_ANSWERED_IN_X",
        unit="COUNT",
        value=count(f"{HANDLED} AND f.queue_s {{within}}"),
        by=OF_QUEUES | {SUBTYPE},
        threshold=True,
    ),
    Metric(
        name="SUM_CONTACTS_ABANDONED_IN_X",
        unit="COUNT",
        value=count(f"{ABANDONED} AND f.queue_s {{within}}"),
        by=OF_QUEUES | {SUBTYPE},
        threshold=True,
    ),
)
