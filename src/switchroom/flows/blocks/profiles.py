"""Customer profiles: six actions on a customer's profile."""

from switchroom.flows.blocks.declare import ALL, BOTH, ERROR, SUCCESS, Choice, Face, Field, choices, error
from switchroom.flows.blocks.registry import later

PROFILES = Face(
    "customer-profiles",
    ("Customer profiles", "Customer Profiles"),
    (
        "Finds, creates or changes the profile of the customer.",
        "顧客のプロファイルを検索、作成、または更新します。",
    ),
    "INTEGRATE",
    ALL,
    log="GetCustomerProfile",
)

FIELDS = (
    "FirstName",
    "MiddleName",
    "LastName",
    "AccountNumber",
    "EmailAddress",
    "PhoneNumber",
    "AdditionalInformation",
    "PartyType",
    "BusinessName",
    "BirthDate",
    "Gender",
    "MobilePhoneNumber",
    "HomePhoneNumber",
    "BusinessPhoneNumber",
    "BusinessEmailAddress",
    "Address1",
    "Address2",
    "Address3",
    "Address4",
    "City",
    "County",
    "Country",
    "PostalCode",
    "Province",
    "State",
)
"""Standard fields of a profile, as `$.Customer.` spells them."""

_DATA = "ProfileRequestData"
_LONGEST = 255
_MULTIPLE = error("MultipleFoundError", ("Multiple found", "複数見つかりました"))
_NONE = error("NoneFoundError", ("None found", "見つかりません"))
_RESPONSE = Field("ProfileResponseData", ("Response fields", "レスポンスフィールド"), "NAMES", "M")
_ID = Field(
    f"{_DATA}.ProfileId",
    ("Profile ID", "プロファイル ID"),
    required=True,
    default="$.Customer.ProfileId",
    high=_LONGEST,
)


later(
    PROFILES,
    "GetCustomerProfile",
    Field(
        f"{_DATA}.SearchCriteria",
        ("Search identifiers", "検索識別子"),
        "ROWS",
        high=5,
        fields=(
            Field("IdentifierName", ("Identifier", "識別子"), required=True),
            Field("IdentifierValue", ("Value", "値"), required=True, high=_LONGEST),
        ),
    ),
    Field(
        f"{_DATA}.LogicalOperator",
        ("Combine with", "組み合わせ"),
        "CHOICE",
        "M",
        default="AND",
        choices=choices(AND=("AND", "AND"), OR=("OR", "OR")),
    ),
    _RESPONSE,
    ways=(SUCCESS, _MULTIPLE, _NONE, ERROR),
    key="get",
    name=("Get profile", "プロファイルの取得"),
)
for _type, _key, _name in (
    ("CreateCustomerProfile", "create", ("Create profile", "プロファイルの作成")),
    ("UpdateCustomerProfile", "update", ("Update profile", "プロファイルの更新")),
):
    later(
        PROFILES,
        _type,
        Field(
            _DATA,
            ("Request fields", "リクエストフィールド"),
            "PAIRS",
            required=True,
            choices=tuple(Choice(one, (one, one)) for one in FIELDS),
            help=("Standard fields, or Attributes.x.", "標準フィールド、または Attributes.x。"),
        ),
        _RESPONSE,
        ways=BOTH,
        key=_key,
        name=_name,
        log=_type,
    )
later(
    PROFILES,
    "GetCustomerProfileObject",
    _ID,
    Field(f"{_DATA}.ObjectType", ("Object type", "オブジェクトタイプ"), required=True),
    Field(f"{_DATA}.UseLatest", ("Use latest object", "最新のオブジェクトを使用"), "FLAG", "M"),
    Field(f"{_DATA}.IdentifierName", ("Identifier", "識別子"), high=_LONGEST),
    Field(f"{_DATA}.IdentifierValue", ("Value", "値"), high=_LONGEST),
    _RESPONSE,
    ways=(SUCCESS, _NONE, ERROR),
    key="object",
    name=("Get profile object", "プロファイルオブジェクトの取得"),
    log="GetCustomerProfileObject",
)
later(
    PROFILES,
    "GetCalculatedAttributesForCustomerProfile",
    _ID,
    _RESPONSE,
    ways=(SUCCESS, _NONE, ERROR),
    key="calculated-attributes",
    name=("Get calculated attributes", "計算属性の取得"),
    log="GetCalculatedAttributesForCustomerProfile",
)
later(
    PROFILES,
    "AssociateContactToCustomerProfile",
    _ID,
    Field(
        f"{_DATA}.ContactId",
        ("Contact ID", "コンタクト ID"),
        required=True,
        default="$.ContactId",
        high=_LONGEST,
    ),
    ways=BOTH,
    key="associate",
    name=("Associate contact to profile", "コンタクトをプロファイルに関連付ける"),
    log="AssociateContactToCustomerProfile",
)
