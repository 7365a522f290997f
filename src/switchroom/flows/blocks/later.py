"""Blocks that are read, checked and kept, and take their Error branch: their capability is not part of this centre."""

from switchroom.flows.blocks.registry import ALL, AW, CQ, CW, IN, OW, TA, TQ, Gate, Parameter, later

_CASES = ("ContactNotLinked", "MultipleFound", "NoneFound")
_PROFILES = ("MultipleFoundError", "NoneFoundError")

later("CreateWisdomSession", Gate("Amazon Q in Connect", "Amazon Q in Connect", "Wisdom", (IN, CQ, OW, TA, TQ), "YYE"))
later(
    "CheckOutboundCallStatus",
    Gate("Check call progress", "通話の進行状況を確認する", "CheckCallProgress", ALL, "YEE"),
    next=False,
    any_conditions=True,
)
later(
    "CheckVoiceId",
    Gate("Check Voice ID", "Voice ID の確認", "CheckVoiceId", (IN, CQ, CW, OW, AW, TA, TQ), "YEE"),
    Parameter(
        "CheckVoiceIdOption", required=True, choices=("enrollmentStatus", "voiceAuthentication", "fraudDetection")
    ),
    next=False,
    any_conditions=True,
)
later("StartVoiceIdStream", Gate("Set Voice ID", "Voice ID の設定", "SetVoiceId", (IN, CQ, CW, OW, AW, TA, TQ), "YEE"))
later(
    "CreatePersistentContactAssociation",
    Gate(
        "Create persistent contact association",
        "永続的なコンタクトの関連付けを作成する",
        "CreatePersistentContactAssociation",
        ALL,
        "EYE",
    ),
    Parameter("SourceContactId", required=True, dynamic_only=True),
)
for _type, _log in (("GetCase", "GetCase"), ("CreateCase", "CreateCase"), ("UpdateCase", "UpdateCase")):
    later(_type, Gate("Cases", "ケース", _log, ALL), optional_errors=_CASES)
for _type in (
    "GetCustomerProfile",
    "CreateCustomerProfile",
    "UpdateCustomerProfile",
    "GetCustomerProfileObject",
    "GetCalculatedAttributesForCustomerProfile",
    "AssociateContactToCustomerProfile",
):
    later(_type, Gate("Customer profiles", "Customer Profiles", _type, ALL), optional_errors=_PROFILES)
later(
    "ShowView",
    Gate("Show view", "ビューを表示", "ShowView", (IN,), "EYE"),
    Parameter("ViewResource", required=True),
    next=False,
    any_conditions=True,
    errors=("NoMatchingError",),
    optional_errors=("NoMatchingCondition", "TimeLimitExceeded"),
    waits=True,
)
