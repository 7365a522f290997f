"""Contacts that went on elsewhere (MET-103): each segment that ends so counts once."""

from switchroom.storage.figures import count
from switchroom.views.history.conditions import HANDLED
from switchroom.views.history.metric import EVERYWHERE, FEATURE, SUBTYPE, Metric

TO_QUEUE_OR_AGENT = "f.next_method = 'TRANSFER'"
BETWEEN_QUEUES = "f.next_method = 'QUEUE_TRANSFER'"
BY_AGENT = f"{HANDLED} AND (f.next_method IS NOT DISTINCT FROM 'TRANSFER' OR f.sent_outside)"

METRICS = (
    Metric(
        name="CONTACTS_TRANSFERRED_OUT",
        unit="COUNT",
        value=count(f"({TO_QUEUE_OR_AGENT} OR {BETWEEN_QUEUES} OR {HANDLED} AND f.sent_outside)"),
        by=EVERYWHERE | {FEATURE, SUBTYPE},
    ),
    Metric(name="CONTACTS_TRANSFERRED_OUT_BY_AGENT", unit="COUNT", value=count(BY_AGENT), by=EVERYWHERE | {SUBTYPE}),
    Metric(
        name="CONTACTS_TRANSFERRED_OUT_INTERNAL",
        unit="COUNT",
        value=count(f"{HANDLED} AND {TO_QUEUE_OR_AGENT}"),
        by=EVERYWHERE,
    ),
    Metric(
        name="CONTACTS_TRANSFERRED_OUT_EXTERNAL",
        unit="COUNT",
        value=count(f"{HANDLED} AND f.sent_outside"),
        by=EVERYWHERE,
    ),
    Metric(
        name="CONTACTS_TRANSFERRED_OUT_FROM_QUEUE",
        unit="COUNT",
        value=count(BETWEEN_QUEUES),
        by=EVERYWHERE | {SUBTYPE},
    ),
)
