"""Blocks that set how the contact is treated later: queue, routing, recording, logging, voice."""

from switchroom.flows.blocks.branch import named_queue
from switchroom.flows.blocks.criteria import checked_criteria
from switchroom.flows.blocks.declare import (
    ALL,
    BOTH,
    CQ,
    IN,
    MOST,
    OW,
    SUCCESS,
    TA,
    TQ,
    Companion,
    Face,
    Field,
    choices,
    has,
    lacks,
    on,
    queue_fields,
    shows,
)
from switchroom.flows.blocks.registry import Spot, block
from switchroom.flows.blocks.step import Move, Step, whole_number
from switchroom.flows.language import text_of
from switchroom.flows.world import FlowError

QUEUE = Face(
    "set-working-queue",
    ("Set working queue", "作業キューの設定"),
    (
        "Chooses the queue that later checks and transfers use.",
        "後の確認や転送で使うキューを指定します。",
    ),
    "SET",
    (IN, TA, TQ),
    log="SetQueue",
)
ROUTING = Face(
    "change-routing-priority",
    ("Change routing priority / age", "ルーティングの優先度/期間の変更"),
    (
        "Moves the contact forward or back among those who wait.",
        "待機中のコンタクトの中での順番を変更します。",
    ),
    "SET",
    (IN, CQ, OW, TA, TQ),
    log="ChangeRoutingPriority",
)
CRITERIA = Face(
    "set-routing-criteria",
    ("Set routing criteria", "ルーティング条件の設定"),
    (
        "Asks for agents with proficiencies, step by step.",
        "エージェントに求めるスキルを段階的に指定します。",
    ),
    "SET",
    MOST,
    log="SetRoutingCriteria",
    also=(OW,),
)
LOGGING = Face(
    "set-logging-behavior",
    ("Set logging behavior", "ログ記録動作の設定"),
    ("Turns the flow log of the contact on or off.", "コンタクトのフローログを有効または無効にします。"),
    "SET",
    ALL,
    log="SetLoggingBehavior",
)
RECORDING = Face(
    "set-recording-behavior",
    ("Set recording and analytics behavior", "記録と分析の動作の設定"),
    (
        "Says who is recorded, and how the conversation is analysed.",
        "録音する参加者と会話の分析方法を指定します。",
    ),
    "SET",
    (IN, CQ, OW, TA, TQ),
    "YYE",
    "SetRecordingBehavior",
)
VOICE = Face(
    "set-voice",
    ("Set voice", "音声の設定"),
    (
        "Chooses the voice that speaks from now on.",
        "以降の読み上げに使う音声を選びます。",
    ),
    "SET",
    ALL,
    "YSS",
    "SetVoice",
)

LANGUAGES = {
    "ar-AE": ("Arabic (Gulf)", "アラビア語 (湾岸)"),
    "da-DK": ("Danish", "デンマーク語"),
    "de-AT": ("German (Austria)", "ドイツ語 (オーストリア)"),
    "de-DE": ("German", "ドイツ語"),
    "en-AU": ("English (Australia)", "英語 (オーストラリア)"),
    "en-GB": ("English (Britain)", "英語 (イギリス)"),
    "en-IN": ("English (India)", "英語 (インド)"),
    "en-US": ("English (US)", "英語 (アメリカ)"),
    "es-ES": ("Spanish (Spain)", "スペイン語 (スペイン)"),
    "es-MX": ("Spanish (Mexico)", "スペイン語 (メキシコ)"),
    "es-US": ("Spanish (US)", "スペイン語 (アメリカ)"),
    "fr-CA": ("French (Canada)", "フランス語 (カナダ)"),
    "fr-FR": ("French", "フランス語"),
    "hi-IN": ("Hindi", "ヒンディー語"),
    "it-IT": ("Italian", "イタリア語"),
    "ja-JP": ("Japanese", "日本語"),
    "ko-KR": ("Korean", "韓国語"),
    "nl-NL": ("Dutch", "オランダ語"),
    "no-NO": ("Norwegian", "ノルウェー語"),
    "pl-PL": ("Polish", "ポーランド語"),
    "pt-BR": ("Portuguese (Brazil)", "ポルトガル語 (ブラジル)"),
    "pt-PT": ("Portuguese", "ポルトガル語"),
    "ru-RU": ("Russian", "ロシア語"),
    "sv-SE": ("Swedish", "スウェーデン語"),
    "tr-TR": ("Turkish", "トルコ語"),
    "zh-CN": ("Chinese (Mandarin)", "中国語 (標準語)"),
}
"""Languages of voices and of the contact, as `LanguageCode` spells them."""


@block(
    QUEUE,
    "UpdateContactTargetQueue",
    *queue_fields(required=True),
    ways=BOTH,
)
def set_queue(step: Step) -> Move:
    """The working queue: a queue by id or ARN, or the personal queue of an agent (BLK-149, BLK-150, FLOW-80)."""
    queue = named_queue(step)
    if queue is None:
        raise FlowError("No queue and no agent is named")
    step.logged = {"Queue": queue.arn}
    step.world.set_queue(queue)
    return step.next()


def _one_of_both(spot: Spot) -> None:
    if "QueueTimeAdjustmentSeconds" in spot.parameters:
        spot.problem("only-one-of", parameters="QueuePriority, QueueTimeAdjustmentSeconds")


@block(
    ROUTING,
    "UpdateContactRoutingBehavior",
    Field(
        "QueueTimeAdjustmentSeconds",
        ("Add to the time in queue", "キューの待ち時間に加算"),
        "DURATION",
        "M",
        required=True,
        low=-(2**31),
        high=2**31 - 1,
        unit="SECONDS",
        help=("Negative: take away.", "負の値は減算になります。"),
    ),
    ways=(SUCCESS,),
    key="age",
    name=("Adjust by time", "時間による調整"),
    tells=(lacks("QueuePriority"),),
)
@block(
    ROUTING,
    "UpdateContactRoutingBehavior",
    Field(
        "QueuePriority",
        ("Priority", "優先度"),
        "NUMBER",
        "M",
        required=True,
        low=1,
        high=2**31 - 1,
        default="5",
        help=("1 comes first; contacts begin with 5.", "1 が最優先です。初期値は 5 です。"),
    ),
    ways=(SUCCESS,),
    key="priority",
    name=("Set priority", "優先度の設定"),
    tells=(has("QueuePriority"),),
    preset={"QueuePriority": "5"},
    check=_one_of_both,
)
def change_routing(step: Step) -> Move:
    """The contact's priority, or seconds added to its age (BLK-026, BLK-027)."""
    priority = step.get("QueuePriority")
    if priority is not None:
        step.logged = {"Priority": text_of(priority)}
        step.world.set_priority(whole_number(priority, "QueuePriority", 1, 2**31 - 1))
        return step.next()
    seconds = step.integer("QueueTimeAdjustmentSeconds", -(2**31), 2**31 - 1)
    step.logged = {"TimeAdjustmentSeconds": str(seconds)}
    step.world.adjust_age(seconds)
    return step.next()


@block(
    CRITERIA,
    "UpdateRoutingCriteria",
    Field("RoutingCriteria", ("Routing criteria", "ルーティング条件"), "CRITERIA", required=True),
    ways=BOTH,
    aliases=("UpdateContactRoutingCriteria",),
)
def set_routing_criteria(step: Step) -> Move:
    """Up to five steps of proficiencies, fixed or from a function (BLK-133..137, ROUT-47, ROUT-48)."""
    raw = step.parameters.get("RoutingCriteria")
    criteria = checked_criteria(step.value(raw), dynamic=isinstance(raw, str))
    step.logged = {"RoutingCriteria": criteria}
    step.world.set_routing_criteria(criteria)
    return step.next()


@block(
    LOGGING,
    "UpdateFlowLoggingBehavior",
    Field(
        "FlowLoggingBehavior",
        ("Logging", "ログ記録"),
        "CHOICE",
        "M",
        required=True,
        default="Enabled",
        choices=choices(Enabled=("Enable", "有効"), Disabled=("Disable", "無効")),
    ),
    ways=(SUCCESS,),
    aliases=("UpdateContactFlowLoggingBehavior",),
)
def set_logging(step: Step) -> Move:
    """Flow logs of the contact on or off, until changed (BLK-125, FLOW-135)."""
    on = step.text("FlowLoggingBehavior") == "Enabled"
    step.logged = {"LoggingBehavior": "Enable" if on else "Disable"}
    step.world.set_logging(on)
    return step.next()


@block(
    RECORDING,
    "UpdateContactRecordingBehavior",
    Field(
        "RecordingBehavior.RecordedParticipants",
        ("Record", "録音する参加者"),
        "CHOICES",
        "M",
        choices=choices(Agent=("Agent", "エージェント"), Customer=("Customer", "顧客")),
        help=(
            "Nobody: recording is off. Monitoring and analytics need both.",
            "なしの場合は録音しません。モニタリングと分析には両方が必要です。",
        ),
    ),
    Field("AnalyticsBehavior.Enabled", ("Analytics", "分析"), "FLAG", "M"),
    Field(
        "AnalyticsBehavior.ChannelConfiguration.Voice.AnalyticsModes",
        ("Speech analytics", "音声分析"),
        "CHOICES",
        "M",
        choices=choices(
            PostContact=("Post-call", "通話後"),
            RealTime=("Real-time and post-call", "リアルタイムと通話後"),
        ),
        when=(on("AnalyticsBehavior.Enabled"),),
    ),
    Field(
        "AnalyticsBehavior.ChannelConfiguration.Chat.AnalyticsModes",
        ("Chat analytics", "チャット分析"),
        "CHOICES",
        "M",
        choices=choices(ContactLens=("On", "有効")),
        when=(on("AnalyticsBehavior.Enabled"),),
    ),
    Field(
        "AnalyticsBehavior.AnalyticsLanguage",
        ("Language", "言語"),
        "CHOICE",
        choices=choices(**LANGUAGES),
        when=(on("AnalyticsBehavior.Enabled"),),
    ),
    Field(
        "AnalyticsBehavior.AnalyticsRedactionBehavior",
        ("Redact sensitive data", "機密データの秘匿化"),
        "CHOICE",
        choices=choices(Enabled=("On", "有効"), Disabled=("Off", "無効")),
        when=(on("AnalyticsBehavior.Enabled"),),
    ),
    Field(
        "AnalyticsBehavior.AnalyticsRedactionResults",
        ("Keep", "保存するもの"),
        "CHOICE",
        choices=choices(
            RedactedAndOriginal=("Redacted and original", "秘匿化したものと元のもの"),
            RedactedOnly=("Redacted only", "秘匿化したもののみ"),
        ),
        when=(on("AnalyticsBehavior.Enabled"), shows("AnalyticsBehavior.AnalyticsRedactionBehavior", "Enabled")),
    ),
    ways=(SUCCESS,),
)
def set_recording(step: Step) -> Move:
    """Who is recorded, and how the conversation is analysed (BLK-126..131); kept on the contact."""
    raw = step.parameters.get("RecordingBehavior")
    given = raw.get("RecordedParticipants") if isinstance(raw, dict) else None
    participants = [p for p in given if p in ("Agent", "Customer")] if isinstance(given, list) else []
    analytics = step.parameters.get("AnalyticsBehavior")
    who = {2: "All", 0: "None"}.get(len(set(participants)), participants[0] if participants else "None")
    step.logged = {
        "RecordingBehaviorOption": "Enable" if participants else "Disable",
        "RecordingParticipantOption": who,
    }
    step.world.set_recording(participants, step.value(analytics) if isinstance(analytics, dict) else None)
    return step.next()


@block(
    VOICE,
    "UpdateContactTextToSpeechVoice",
    Field("TextToSpeechVoice", ("Voice", "音声"), required=True, default="Joanna"),
    Field(
        "TextToSpeechEngine",
        ("Engine", "エンジン"),
        "CHOICE",
        choices=choices(
            Standard=("Standard", "標準"), Neural=("Neural", "ニューラル"), Generative=("Generative", "生成")
        ),
    ),
    Field(
        "TextToSpeechStyle",
        ("Speaking style", "話し方"),
        "CHOICE",
        choices=choices(
            **{
                "None": ("None", "なし"),
                "Conversational": ("Conversational", "会話"),
                "Newscaster": ("Newscaster", "ニュースキャスター"),
            }
        ),
        help=(
            "Conversational and Newscaster: Joanna and Matthew only.",
            "会話とニュースキャスターは Joanna と Matthew のみです。",
        ),
    ),
    ways=(SUCCESS,),
    companion=Companion(
        "UpdateContactData",
        (
            Field(
                "LanguageCode",
                ("Set the contact's language too", "問い合わせの言語属性も設定する"),
                "CHOICE",
                choices=choices(**LANGUAGES),
            ),
        ),
    ),
)
def set_voice(step: Step) -> Move:
    """Voice, engine and style of everything spoken from now on (BLK-141, BLK-142)."""
    voice = step.text("TextToSpeechVoice")
    if voice is None:
        raise FlowError("No voice is named")
    engine = step.text("TextToSpeechEngine") or "Standard"
    step.logged = {"GlobalVoice": voice, "GlobalEngine": engine}
    step.world.set_voice(voice, engine, step.text("TextToSpeechStyle") or "None")
    return step.next()
