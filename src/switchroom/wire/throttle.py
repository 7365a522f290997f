"""Throttling of operations: token buckets of the account, for participants of the instance (BASE-41, BASE-42)."""

from collections.abc import Callable

Limit = tuple[float, float]
"""(refill per second, capacity)"""

_DEFAULT: dict[str, Limit] = {
    "connect": (2, 5),
    "connectparticipant": (10, 15),
    "connectcampaigns": (2, 5),
    "connect-contact-lens": (1, 2),
    "connectcases": (10, 10),
    "customer-profiles": (5, 5),
    "voice-id": (10, 10),
    "qconnect": (10, 10),
    "wisdom": (10, 10),
}

_EVALUATIONS = (
    "ActivateEvaluationForm CreateEvaluationForm DeactivateEvaluationForm DeleteContactEvaluation DeleteEvaluationForm"
    " DescribeContactEvaluation DescribeEvaluationForm ListContactEvaluations ListEvaluationFormVersions"
    " ListEvaluationForms StartContactEvaluation SubmitContactEvaluation UpdateContactEvaluation UpdateEvaluationForm"
)

_GROUPS: tuple[tuple[str, str, Limit], ...] = (
    ("connect", "GetMetricData GetCurrentMetricData", (5, 8)),
    ("connect", "GetMetricDataV2", (10, 10)),
    (
        "connect",
        "GetContactAttributes UpdateContactAttributes StopContact DescribeContact UpdateContact"
        " ListContactReferences BatchPutContact",
        (10, 15),
    ),
    ("connect", "TagContact UntagContact", (20, 25)),
    ("connect", "UpdateContactRoutingData", (20, 20)),
    ("connect", "StartChatContact StartContactStreaming StopContactStreaming CreateParticipant", (5, 8)),
    ("connect", _EVALUATIONS, (1, 1)),
    ("connectparticipant", "CompleteAttachmentUpload StartAttachmentUpload", (2, 5)),
    ("connectparticipant", "CreateParticipantConnection", (6, 9)),
    ("connectparticipant", "DisconnectParticipant", (3, 5)),
    ("connectparticipant", "GetAttachment", (8, 12)),
    ("connectparticipant", "GetTranscript", (8, 12)),
    ("connectparticipant", "SendEvent SendMessage", (10, 15)),
    ("switchroom", "PreviewSpeech", (2, 10)),
)

_LIMITS: dict[tuple[str, str], Limit] = {
    (service, name): limit for service, names, limit in _GROUPS for name in names.split()
}


class Throttle:
    """A bucket for each operation and owner. `clock` gives seconds that never go back."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._buckets: dict[tuple[str, str, str], tuple[float, float]] = {}

    def admit(self, service: str, operation: str, owner: str = "") -> bool:
        """Take a token; False if there is none. `owner` is the instance for participants, else the account."""
        limit = _LIMITS.get((service, operation)) or _DEFAULT.get(service)
        if limit is None:
            return True
        rate, capacity = limit
        now = self._clock()
        key = (service, operation, owner)
        tokens, last = self._buckets.get(key, (capacity, now))
        tokens = min(capacity, tokens + (now - last) * rate)
        admitted = tokens >= 1
        self._buckets[key] = (tokens - 1 if admitted else tokens, now)
        return admitted
