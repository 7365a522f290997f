"""Routing steps (RT-71): a contact counts once for each step that it entered, by the step's expression."""

from switchroom.storage.figures import count, percent
from switchroom.views.history.metric import OF_STEPS, Metric

METRICS = (
    Metric(name="STEP_CONTACTS_QUEUED", unit="COUNT", value=count("true"), by=OF_STEPS, per_step=count("true")),
    Metric(
        name="PERCENT_CONTACTS_STEP_JOINED",
        unit="PERCENT",
        value=percent("step.joined", "true"),
        by=OF_STEPS,
        per_step=percent("step.joined", "true"),
    ),
    Metric(
        name="PERCENT_CONTACTS_STEP_EXPIRED",
        unit="PERCENT",
        value=percent("step.expired", "true"),
        by=OF_STEPS,
        per_step=percent("step.expired", "true"),
    ),
)
