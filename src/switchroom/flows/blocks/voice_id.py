"""Set Voice ID and Check Voice ID."""

from switchroom.flows.blocks.declare import (
    AW,
    BOTH,
    CQ,
    CW,
    ERROR,
    IN,
    OW,
    TA,
    TQ,
    Companion,
    Face,
    Field,
    Tell,
    Words,
    choices,
    condition,
    has,
    on,
    shows,
)
from switchroom.flows.blocks.registry import later

_TYPES = (IN, CQ, CW, OW, AW, TA, TQ)
SET = Face(
    "set-voice-id",
    ("Set Voice ID", "Voice ID の設定"),
    (
        "Sends the caller's voice to the biometrics engine, with thresholds.",
        "発信者の音声を生体認証エンジンに送り、しきい値を設定します。",
    ),
    "SET",
    _TYPES,
    "YEE",
    "SetVoiceId",
)
CHECK = Face(
    "check-voice-id",
    ("Check Voice ID", "Voice ID の確認"),
    (
        "Branches on what the biometrics engine found.",
        "生体認証エンジンの結果で分岐します。",
    ),
    "CHECK",
    _TYPES,
    "YEE",
    "CheckVoiceId",
)


def _number(path: str, label: Words, default: str, low: int, high: int, when: Tell, unit: str | None = None) -> Field:
    return Field(path, label, "NUMBER", default=default, low=low, high=high, unit=unit, when=(when,))


_AUTHENTICATION, _FRAUD = on("IsVoiceAuthenticationEnabled"), on("IsFraudDetectionEnabled")
_FIELDS = (
    Field("IsVoiceAuthenticationEnabled", ("Voice authentication", "音声認証"), "FLAG", "M"),
    _number(
        "VoiceAuthenticationThreshold", ("Authentication threshold", "認証のしきい値"), "90", 0, 100, _AUTHENTICATION
    ),
    _number(
        "VoiceAuthenticationResponseTime",
        ("Authentication response time", "認証の応答時間"),
        "10",
        5,
        10,
        _AUTHENTICATION,
        "SECONDS",
    ),
    Field("IsFraudDetectionEnabled", ("Fraud detection", "不正検出"), "FLAG", "M"),
    _number("FraudDetectionThreshold", ("Fraud threshold", "不正検出のしきい値"), "50", 0, 100, _FRAUD),
    Field(
        "WatchlistId",
        ("Watchlist", "ウォッチリスト"),
        high=22,
        when=(_FRAUD,),
        help=("Empty: the default one. 22 letters and digits.", "空の場合はデフォルト。英数字 22 文字です。"),
    ),
)

later(
    SET,
    "StartVoiceIdStream",
    ways=BOTH,
    key="stream",
    name=("Start streaming", "ストリーミングを開始"),
    companion=Companion("UpdateContactData", _FIELDS, {"IsVoiceIdStreamingEnabled": "TRUE"}, before=True),
)
later(
    SET,
    "UpdateContactData",
    *_FIELDS,
    ways=BOTH,
    key="settings",
    name=("Settings only", "設定のみ"),
    tells=(has("IsVoiceIdStreamingEnabled"),),
    preset={"IsVoiceIdStreamingEnabled": "FALSE"},
)

_ENROLLMENT, _VOICE, _RISK = "enrollmentStatus", "voiceAuthentication", "fraudDetection"


later(
    CHECK,
    "CheckVoiceId",
    Field(
        "CheckVoiceIdOption",
        ("Check", "確認する機能"),
        "CHOICE",
        "M",
        required=True,
        default=_ENROLLMENT,
        choices=choices(
            enrollmentStatus=("Enrollment status", "登録ステータス"),
            voiceAuthentication=("Voice authentication", "音声認証"),
            fraudDetection=("Fraud detection", "不正検出"),
        ),
    ),
    ways=(
        condition("Enrolled", ("Enrolled", "登録済み"), shows("CheckVoiceIdOption", _ENROLLMENT)),
        condition("Authenticated", ("Authenticated", "認証済み"), shows("CheckVoiceIdOption", _VOICE)),
        condition("NotAuthenticated", ("Not authenticated", "未認証"), shows("CheckVoiceIdOption", _VOICE)),
        condition("HighRisk", ("High risk", "高リスク"), shows("CheckVoiceIdOption", _RISK)),
        condition("LowRisk", ("Low risk", "低リスク"), shows("CheckVoiceIdOption", _RISK)),
        condition("Inconclusive", ("Inconclusive", "不確定"), shows("CheckVoiceIdOption", _VOICE, _RISK)),
        condition("NotEnrolled", ("Not enrolled", "未登録"), shows("CheckVoiceIdOption", _ENROLLMENT, _VOICE)),
        condition("OptedOut", ("Opted out", "オプトアウト"), shows("CheckVoiceIdOption", _ENROLLMENT, _VOICE)),
        ERROR,
    ),
)
