"""Time with an agent: conversation, hold, pause, after contact work (MET-100, ROUT-109).

Durations are the whole seconds of the contact record. Those that need the end of after contact work count once it is
there; hold and interaction are of conversations, so tasks have 0 and do not enter the means of other channels.
"""

from switchroom.storage.figures import Formula, count, mean, total, unless_only
from switchroom.views.history.conditions import HANDLED, SPOKEN
from switchroom.views.history.metric import EVERYWHERE, FEATURE, INITIATION, OF_QUEUES, STEP, SUBTYPE, Metric

TALKED = f"{HANDLED} AND {SPOKEN}"


def _of_conversations(column: str, condition: str = TALKED) -> Formula:
    return unless_only(mean(column, condition), HANDLED, SPOKEN)


METRICS = (
    Metric(
        name="AVG_HANDLE_TIME",
        unit="SECONDS",
        value=mean("f.handle_s", HANDLED),
        by=EVERYWHERE | {FEATURE, SUBTYPE, STEP},
        per_step=mean("f.handle_s", f"{HANDLED} AND step.joined"),
    ),
    Metric(name="SUM_HANDLE_TIME", unit="SECONDS", value=total("f.handle_s", HANDLED), by=EVERYWHERE),
    Metric(name="AVG_ACTIVE_TIME", unit="SECONDS", value=mean("f.handle_s - f.pause_s", HANDLED), by=EVERYWHERE),
    Metric(
        name="AVG_AFTER_CONTACT_WORK_TIME",
        unit="SECONDS",
        value=mean("f.work_s", HANDLED),
        by=EVERYWHERE | {FEATURE, SUBTYPE},
        keys=(INITIATION,),
    ),
    Metric(name="SUM_AFTER_CONTACT_WORK_TIME", unit="SECONDS", value=total("f.work_s", HANDLED), by=EVERYWHERE),
    Metric(
        name="AVG_AGENT_PAUSE_TIME", unit="SECONDS", value=mean("f.pause_s", f"{HANDLED} AND f.paused"), by=EVERYWHERE
    ),
    Metric(
        name="AVG_INTERACTION_TIME",
        unit="SECONDS",
        value=_of_conversations("f.interaction_s"),
        by=OF_QUEUES | {FEATURE, SUBTYPE},
        keys=(INITIATION,),
    ),
    Metric(name="SUM_INTERACTION_TIME", unit="SECONDS", value=total("f.interaction_s", TALKED), by=EVERYWHERE),
    Metric(
        name="AVG_INTERACTION_AND_HOLD_TIME",
        unit="SECONDS",
        value=_of_conversations("f.interaction_s + f.hold_s"),
        by=EVERYWHERE | {SUBTYPE},
    ),
    Metric(
        name="SUM_INTERACTION_AND_HOLD_TIME",
        unit="SECONDS",
        value=total("f.interaction_s + f.hold_s", TALKED),
        by=EVERYWHERE,
    ),
    Metric(
        name="AVG_HOLD_TIME",
        unit="SECONDS",
        value=_of_conversations("f.hold_s", f"{TALKED} AND f.holds > 0"),
        by=EVERYWHERE | {FEATURE, SUBTYPE},
    ),
    Metric(
        name="AVG_HOLD_TIME_ALL_CONTACTS",
        unit="SECONDS",
        value=_of_conversations("f.hold_s"),
        by=EVERYWHERE | {SUBTYPE},
    ),
    Metric(name="SUM_HOLD_TIME", unit="SECONDS", value=total("f.hold_s", TALKED), by=EVERYWHERE),
    Metric(
        name="AVG_HOLDS",
        unit="COUNT",
        value=mean("f.holds", f"{HANDLED} AND f.channel = 'VOICE'"),
        by=EVERYWHERE | {FEATURE, SUBTYPE},
    ),
    Metric(
        name="AVG_CONTACT_DURATION",
        unit="SECONDS",
        value=mean("f.duration_s", "true"),
        by=EVERYWHERE | {FEATURE, SUBTYPE},
    ),
    Metric(name="AVG_RESOLUTION_TIME", unit="SECONDS", value=mean("f.resolution_s", "true"), by=OF_QUEUES | {SUBTYPE}),
    Metric(
        name="CONTACTS_RESOLVED_IN_X",
        unit="COUNT",
        value=count("f.resolution_s {within}"),
        by=OF_QUEUES | {SUBTYPE},
        threshold=True,
    ),
)
