"""What a dynamic value can refer to: the attributes of tables A1 to A10, with their names."""

from collections.abc import Iterator
from dataclasses import dataclass

from switchroom.flows.blocks.declare import Words
from switchroom.flows.state import (
    AGENT_HOLD,
    AGENT_TRANSFER,
    AGENT_WHISPER,
    CUSTOMER_HOLD,
    CUSTOMER_WHISPER,
    OUTBOUND_WHISPER,
)


@dataclass(frozen=True, slots=True)
class Namespace:
    """A group of attributes. `key` is the beginning of the references; `free`: any key may be typed behind it.

    `types`: the flow types where it has values; none: all.
    """

    key: str
    label: Words
    attributes: tuple[tuple[str, Words], ...] = ()
    free: bool = False
    types: tuple[str, ...] = ()


_SYSTEM: tuple[tuple[str, Words], ...] = (
    ("AwsRegion", ("AWS Region", "AWS リージョン")),
    ("CustomerEndpoint.Address", ("Customer number", "顧客の番号")),
    ("CustomerEndpoint.Type", ("Customer endpoint type", "顧客エンドポイントタイプ")),
    ("CustomerId", ("Customer ID", "顧客 ID")),
    ("SystemEndpoint.Address", ("Dialed number", "ダイヤルした番号")),
    ("SystemEndpoint.Type", ("System endpoint type", "システムエンドポイントタイプ")),
    ("CustomerCallbackNumber", ("Customer callback number", "顧客コールバック番号")),
    ("StoredCustomerInput", ("Stored customer input", "保存済みの顧客入力")),
    ("Queue.Name", ("Queue name", "キュー名")),
    ("Queue.ARN", ("Queue ARN", "キューの ARN")),
    ("Queue.OutboundCallerId.Address", ("Queue outbound caller ID number", "キューのアウトバウンド発信者 ID 番号")),
    (
        "Queue.OutboundCallerId.Type",
        ("Queue outbound caller ID number type", "キューのアウトバウンド発信者 ID 番号タイプ"),
    ),
    ("TextToSpeechVoiceId", ("Text to speech voice", "テキスト読み上げの音声")),
    ("ContactId", ("Contact ID", "問い合わせ ID")),
    ("InitialContactId", ("Initial contact ID", "初期の問い合わせ ID")),
    ("Task.ContactId", ("Task contact ID", "タスクの問い合わせ ID")),
    ("PreviousContactId", ("Previous contact ID", "前の問い合わせ ID")),
    ("Channel", ("Channel", "チャネル")),
    ("InstanceARN", ("Instance ARN", "インスタンス ARN")),
    ("InitiationMethod", ("Initiation method", "開始方法")),
    ("Name", ("Name", "名前")),
    ("Description", ("Description", "説明")),
    ("LanguageCode", ("Language", "言語")),
)

_AGENT: tuple[tuple[str, Words], ...] = (
    ("UserName", ("Agent user name", "エージェントのユーザー名")),
    ("FirstName", ("Agent first name", "エージェントの名")),
    ("LastName", ("Agent last name", "エージェントの姓")),
    ("ARN", ("Agent ARN", "エージェントの ARN")),
)

_METRICS: tuple[tuple[str, Words], ...] = (
    ("Queue.Name", ("Queue name", "キュー名")),
    ("Queue.ARN", ("Queue ARN", "キューの ARN")),
    ("Queue.Size", ("Contacts in queue", "キュー内の問い合わせ")),
    ("Queue.OldestContactAge", ("Oldest contact in queue", "キュー内の最も古い問い合わせ")),
    ("Agents.Online.Count", ("Agents online", "オンラインのエージェント")),
    ("Agents.Offline.Count", ("Agents online (older spelling)", "オンラインのエージェント (旧表記)")),
    ("Agents.Available.Count", ("Agents available", "対応可能なエージェント")),
    ("Agents.Staffed.Count", ("Agents staffed", "配置されたエージェント")),
    ("Agents.AfterContactWork.Count", ("Agents in after contact work", "後処理中のエージェント")),
    ("Agents.Busy.Count", ("Agents busy", "対応中のエージェント")),
    ("Agents.Missed.Count", ("Agents missed", "応答しなかったエージェント")),
    ("Agents.NonProductive.Count", ("Agents non-productive", "非稼働のエージェント")),
)

_SIP: tuple[tuple[str, Words], ...] = (
    ("P-Asserted-Identity", ("P-Asserted-Identity", "P-Asserted-Identity")),
    ("P-Charge-Info", ("P-Charge-Info", "P-Charge-Info")),
    ("From", ("From", "From")),
    ("To", ("To", "To")),
    ("ISUP-OLI", ("ISUP-OLI (originating line indicator)", "ISUP-OLI (発信回線の種別)")),
    ("JIP", ("JIP (jurisdiction)", "JIP (管轄)")),
    ("Hop-Counter", ("Hop-Counter", "Hop-Counter")),
    ("Originating-Switch", ("Originating-Switch", "Originating-Switch")),
    ("Originating-Trunk", ("Originating-Trunk", "Originating-Trunk")),
    ("Call-Forwarding-Indicator", ("Call-Forwarding-Indicator", "Call-Forwarding-Indicator")),
    ("Calling-Party-Address", ("Calling-Party-Address", "Calling-Party-Address")),
    ("Called-Party-Address", ("Called-Party-Address", "Called-Party-Address")),
)

_STREAMS: tuple[tuple[str, Words], ...] = (
    ("Customer.Audio.StreamARN", ("Customer audio stream ARN", "顧客音声ストリームの ARN")),
    ("Customer.Audio.StartTimestamp", ("Customer audio start timestamp", "顧客音声の開始タイムスタンプ")),
    ("Customer.Audio.StopTimestamp", ("Customer audio stop timestamp", "顧客音声の停止タイムスタンプ")),
    ("Customer.Audio.StartFragmentNumber", ("Customer audio start fragment number", "顧客音声の開始フラグメント番号")),
)

_LEX: tuple[tuple[str, Words], ...] = (
    ("IntentName", ("Intent name", "インテント名")),
    ("IntentConfidence.Score", ("Intent confidence score", "インテントの信頼度スコア")),
    ("SentimentResponse.Label", ("Sentiment label", "感情ラベル")),
    ("SentimentResponse.Scores.Positive", ("Positive sentiment score", "肯定的な感情のスコア")),
    ("SentimentResponse.Scores.Negative", ("Negative sentiment score", "否定的な感情のスコア")),
    ("SentimentResponse.Scores.Mixed", ("Mixed sentiment score", "混在した感情のスコア")),
    ("SentimentResponse.Scores.Neutral", ("Neutral sentiment score", "中立的な感情のスコア")),
    ("DialogState", ("Dialog state", "対話の状態")),
)

_CASE: tuple[tuple[str, Words], ...] = (
    ("case_id", ("Case ID", "ケース ID")),
    ("case_reason", ("Case reason", "ケースの理由")),
    ("customer_id", ("Customer", "顧客")),
    ("last_closed_datetime", ("Date/time closed", "クローズ日時")),
    ("created_datetime", ("Date/time opened", "オープン日時")),
    ("last_updated_datetime", ("Date/time updated", "更新日時")),
    ("reference_number", ("Reference number", "参照番号")),
    ("status", ("Status", "ステータス")),
    ("summary", ("Summary", "概要")),
    ("title", ("Title", "タイトル")),
)

_APPLE = (
    *("MessagingPlatform", "AppleBusinessChatCustomerId", "AppleBusinessChatIntent", "AppleBusinessChatGroup"),
    *("AppleBusinessChatLocale", "AppleTimePickerCapability", "AppleListPickerCapability"),
    "AppleQuickReplyCapability",
)

_PROFILE: tuple[tuple[str, Words], ...] = (
    ("ProfileId", ("Profile ID", "プロファイル ID")),
    ("ProfileARN", ("Profile ARN", "プロファイルの ARN")),
    ("FirstName", ("First name", "名")),
    ("MiddleName", ("Middle name", "ミドルネーム")),
    ("LastName", ("Last name", "姓")),
    ("AccountNumber", ("Account number", "アカウント番号")),
    ("EmailAddress", ("Email address", "E メールアドレス")),
    ("PhoneNumber", ("Phone number", "電話番号")),
    ("AdditionalInformation", ("Additional information", "追加情報")),
    ("PartyType", ("Party type", "当事者の種類")),
    ("BusinessName", ("Business name", "会社名")),
    ("BirthDate", ("Birth date", "生年月日")),
    ("Gender", ("Gender", "性別")),
    ("MobilePhoneNumber", ("Mobile phone number", "携帯電話番号")),
    ("HomePhoneNumber", ("Home phone number", "自宅電話番号")),
    ("BusinessPhoneNumber", ("Business phone number", "会社電話番号")),
    ("BusinessEmailAddress", ("Business email address", "会社 E メールアドレス")),
)
_ADDRESS: tuple[tuple[str, Words], ...] = (
    *((f"Address{n}", (f"address {n}", f"住所 {n}")) for n in range(1, 5)),
    ("City", ("city", "市区町村")),
    ("County", ("county", "郡")),
    ("Country", ("country", "国")),
    ("PostalCode", ("postal code", "郵便番号")),
    ("Province", ("province", "州 (province)")),
    ("State", ("state", "都道府県・州")),
)
_ADDRESSES: tuple[tuple[str, Words], ...] = (
    ("", ("Customer", "顧客の")),
    ("Shipping", ("Shipping", "配送先の")),
    ("Mailing", ("Mailing", "郵送先の")),
    ("Billing", ("Billing", "請求先の")),
)
_OBJECTS: tuple[tuple[str, Words, str], ...] = (
    (
        "Asset",
        ("Asset", "資産"),
        "AssetId ProfileId AssetName SerialNumber ModelNumber ModelName ProductSKU PurchaseDate UsageEndDate Status "
        "Price Quantity Description AdditionalInformation DataSource",
    ),
    (
        "Order",
        ("Order", "注文"),
        "OrderId ProfileId CustomerEmail CustomerPhone CreatedDate UpdatedDate ProcessedDate ClosedDate CancelledDate "
        "CancelReason Name AdditionalInformation Gateway Status StatusCode StatusUrl CreditCardNumber "
        "CreditCardCompany FulfillmentStatus TotalPrice TotalTax TotalDiscounts TotalItemsPrice TotalShippingPrice "
        "TotalTipReceived Currency TotalWeight BillingName BillingAddress1 BillingAddress2 BillingAddress3 "
        "BillingAddress4 BillingCity BillingCounty BillingCountry BillingPostalCode BillingProvince BillingState "
        "ShippingName ShippingAddress1 ShippingAddress2 ShippingAddress3 ShippingAddress4 ShippingCity ShippingCounty "
        "ShippingCountry ShippingPostalCode ShippingProvince ShippingState",
    ),
    (
        "Case",
        ("Case", "ケース"),
        "CaseId ProfileId Title Summary Status Reason CreatedBy CreatedDate UpdatedDate ClosedDate "
        "AdditionalInformation DataSource",
    ),
)


def _profile() -> Iterator[tuple[str, Words]]:
    yield from _PROFILE
    for prefix, (english, japanese) in _ADDRESSES:
        for name, (part, japanese_part) in _ADDRESS:
            yield f"{prefix}{name}", (f"{english} {part}", f"{japanese}{japanese_part}")
    for prefix, (english, japanese), names in _OBJECTS:
        for name in names.split():
            yield f"{prefix}.{name}", (f"{english}: {name}", f"{japanese}: {name}")


NAMESPACES = (
    Namespace("$.Attributes.", ("User defined", "ユーザー定義"), free=True),
    Namespace("$.FlowAttributes.", ("Flow", "フロー"), free=True),
    Namespace("$.", ("System", "システム"), _SYSTEM),
    Namespace("$.References.", ("References", "参照"), free=True),
    Namespace("$.Tags.", ("Tags", "タグ"), free=True),
    Namespace(
        "$.Agent.",
        ("Agent", "エージェント"),
        _AGENT,
        types=(AGENT_WHISPER, CUSTOMER_WHISPER, AGENT_HOLD, CUSTOMER_HOLD, OUTBOUND_WHISPER, AGENT_TRANSFER),
    ),
    Namespace("$.External.", ("External", "外部"), free=True),
    Namespace("$.Metrics.", ("Queue metrics", "キューメトリクス"), _METRICS),
    Namespace("$.Lex.", ("Lex attributes", "Lex 属性"), _LEX),
    Namespace("$.Lex.Slots.", ("Lex slots", "Lex スロット"), free=True),
    Namespace("$.Lex.SessionAttributes.", ("Lex session attributes", "Lex セッション属性"), free=True),
    Namespace("$.Lex.AlternateIntents.", ("Lex alternative intents", "Lex 代替インテント"), free=True),
    Namespace("$.Media.Sip.Headers.", ("Telephony call metadata", "電話の通話メタデータ"), _SIP, free=True),
    Namespace("$.MediaStreams.", ("Media streams", "メディアストリーム"), _STREAMS),
    Namespace("$.Case.", ("Cases", "ケース"), _CASE, free=True),
    Namespace("$.Customer.", ("Customer profiles", "Customer Profiles"), tuple(_profile()), free=True),
    Namespace("$.Views.", ("Views", "ビュー"), (("ViewResultData", ("View result", "ビューの結果")),), free=True),
    Namespace("$.SegmentAttributes.", ("Segment attributes", "セグメント属性"), free=True),
    Namespace(
        "$.Attributes.",
        ("Apple Messages for Business", "Apple Messages for Business"),
        tuple((name, (name, name)) for name in _APPLE),
    ),
)
"""In the order in which the designer offers them."""
