"""How many contacts: made, queued, handled, abandoned (MET-99)."""

from switchroom.storage.figures import count, percent
from switchroom.views.history.conditions import ABANDONED, HANDLED, QUEUED
from switchroom.views.history.metric import (
    DISCONNECT,
    EVERYWHERE,
    FEATURE,
    INITIATION,
    OF_EVENTS,
    OF_QUEUES,
    STEP,
    SUBTYPE,
    Metric,
)

METRICS = (
    Metric(
        name="CONTACTS_CREATED",
        unit="COUNT",
        value=count("f.queue IS NOT NULL"),
        by=OF_QUEUES | {FEATURE, SUBTYPE},
        keys=(INITIATION,),
    ),
    Metric(name="CONTACTS_QUEUED", unit="COUNT", value=count(QUEUED), by=EVERYWHERE | {SUBTYPE}),
    Metric(
        name="CONTACTS_HANDLED",
        unit="COUNT",
        value=count(HANDLED),
        by=EVERYWHERE | {FEATURE, SUBTYPE, STEP},
        keys=(INITIATION, DISCONNECT),
        per_step=count(f"{HANDLED} AND step.joined"),
    ),
    Metric(
        name="CONTACTS_HANDLED_BY_CONNECTED_TO_AGENT",
        unit="COUNT",
        value=count(HANDLED),
        by=OF_EVENTS | {SUBTYPE},
        category="CE",
        keys=(INITIATION,),
    ),
    Metric(
        name="CONTACTS_ABANDONED",
        unit="COUNT",
        value=count(ABANDONED),
        by=EVERYWHERE | {SUBTYPE, STEP},
        keys=(INITIATION,),
        per_step=count(f"{ABANDONED} AND step.dropped"),
    ),
    Metric(
        name="ABANDONMENT_RATE",
        unit="PERCENT",
        value=percent(ABANDONED, QUEUED),
        by=EVERYWHERE | {FEATURE, SUBTYPE},
    ),
    Metric(name="CONTACTS_PUT_ON_HOLD", unit="COUNT", value=count("f.holds > 0"), by=EVERYWHERE),
)
