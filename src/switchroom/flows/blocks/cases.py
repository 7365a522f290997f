"""Cases: get, update, create."""

from switchroom.flows.blocks.declare import ALL, ERROR, SUCCESS, Face, Field, error, off, on
from switchroom.flows.blocks.registry import later

CASES = Face(
    "cases",
    ("Cases", "ケース"),
    ("Finds, changes or creates a case.", "ケースを検索、更新、または作成します。"),
    "INTEGRATE",
    ALL,
    log="GetCase",
)

_LINK = Field("LinkContactToCase", ("Link contact to case", "コンタクトをケースにリンク"), "FLAG", "M")
_NOT_LINKED = error(
    "ContactNotLinked", ("Contact not linked", "コンタクトはリンクされていません"), on("LinkContactToCase")
)

later(
    CASES,
    "GetCase",
    _LINK,
    Field("CustomerId", ("Customer ID", "顧客 ID")),
    Field("CaseRequestFields", ("Request fields", "リクエストフィールド"), "PAIRS", required=True),
    Field("GetLastUpdatedCase", ("Get last updated case", "最後に更新されたケースを取得"), "FLAG", "M"),
    Field("CaseResponseFields", ("Response fields", "レスポンスフィールド"), "NAMES", "M"),
    ways=(
        SUCCESS,
        _NOT_LINKED,
        error("MultipleFound", ("Multiple found", "複数見つかりました"), off("GetLastUpdatedCase")),
        error("NoneFound", ("None found", "見つかりません")),
        ERROR,
    ),
    key="get",
    name=("Get case", "ケースの取得"),
)
later(
    CASES,
    "UpdateCase",
    _LINK,
    Field(
        "CaseId", ("Case ID", "ケース ID"), required=True, help=("For example $.Case.case_id.", "例: $.Case.case_id")
    ),
    Field("CaseRequestFields", ("Request fields", "リクエストフィールド"), "PAIRS", required=True),
    ways=(SUCCESS, _NOT_LINKED, ERROR),
    key="update",
    name=("Update case", "ケースの更新"),
    log="UpdateCase",
)
later(
    CASES,
    "CreateCase",
    _LINK,
    Field("CaseTemplateId", ("Template", "テンプレート"), "RESOURCE", "M", required=True, resource="case-template"),
    Field(
        "CaseRequestFields",
        ("Fields", "フィールド"),
        "PAIRS",
        required=True,
        help=("The customer, and what the template requires.", "顧客と、テンプレートの必須フィールド。"),
    ),
    ways=(SUCCESS, _NOT_LINKED, ERROR),
    key="create",
    name=("Create case", "ケースの作成"),
    log="CreateCase",
)
