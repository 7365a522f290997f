"""What the checker says, in English and Japanese."""

from collections.abc import Mapping

MESSAGES: dict[str, tuple[str, str]] = {
    "not-a-flow": ("{detail}", "フローとして読み込めません: {detail}"),
    "too-many-actions": (
        "The flow has {count} actions; at most {maximum} are allowed.",
        "フローのアクション数は {count} です。上限は {maximum} です。",
    ),
    "no-actions": ("The flow has no actions.", "フローにアクションがありません。"),
    "duplicate-identifier": (
        "The identifier is used by more than one action.",
        "この識別子は複数のアクションで使われています。",
    ),
    "identifier-too-long": (
        "The identifier is longer than {maximum} characters.",
        "識別子は {maximum} 文字以内にしてください。",
    ),
    "forbidden-identifier": (
        "The identifier holds {found}, which is not allowed.",
        "識別子に使用できない文字または名前 {found} が含まれています。",
    ),
    "forbidden-name": (
        "The block name holds {found}, which is not allowed.",
        "ブロック名に使用できない文字または名前 {found} が含まれています。",
    ),
    "unknown-start": ("StartAction names no action of the flow.", "StartAction がフローのアクションを指していません。"),
    "unknown-type": (
        "The action type {type} is not known. It is kept, and takes its error branch when it runs.",
        "アクションタイプ {type} は未対応です。保存はされますが、実行時はエラー分岐に進みます。",
    ),
    "unavailable": (
        "{name} is switched off in this contact centre; the block takes its error branch.",
        "{name} はこのコンタクトセンターでは無効です。ブロックはエラー分岐に進みます。",
    ),
    "wrong-flow-type": (
        "{name} may not be used in a flow of type {type}.",
        "{name} はタイプ {type} のフローでは使用できません。",
    ),
    "unconnected": ("The outcome {outcome} is not connected.", "結果 {outcome} が接続されていません。"),
    "no-error-branch": (
        "The outcome {outcome} is not connected; on an error the contact goes on by Success.",
        "結果 {outcome} が接続されていません。エラー時は成功の分岐に進みます。",
    ),
    "unknown-target": (
        "The outcome {outcome} leads to {target}, which is not an action of the flow.",
        "結果 {outcome} の接続先 {target} はフローに存在しません。",
    ),
    "missing-parameter": ("This field cannot be empty.", "このフィールドは必須です。"),
    "missing-one-of": (
        "This field cannot be empty. Set one of {parameters}.",
        "このフィールドは必須です。{parameters} のいずれかを指定してください。",
    ),
    "only-one-of": ("Only one of {parameters} may be set.", "{parameters} はいずれか 1 つだけ指定してください。"),
    "not-allowed-value": (
        "{parameter} must be one of {choices}, not {value}.",
        "{parameter} の値 {value} は使用できません。次のいずれかにしてください: {choices}",
    ),
    "out-of-range": (
        "{parameter} must be a whole number from {low} to {high}, not {value}.",
        "{parameter} は {low} から {high} までの整数にしてください (現在: {value})。",
    ),
    "must-be-dynamic": (
        "{parameter} must be one reference to an attribute, such as $.Attributes.name.",
        "{parameter} には属性への参照 ($.Attributes.name など) を指定してください。",
    ),
    "unknown-reference": (
        "There is no {kind} {value}.",
        "{kind} {value} が見つかりません。",
    ),
    "bad-reference": (
        "{value} is not a reference to a known namespace.",
        "{value} は既知の名前空間への参照ではありません。",
    ),
    "forbidden-key": (
        "The attribute key {key} is not allowed: a key holds no '$' and no '.'.",
        "属性キー {key} は使用できません。キーに '$' と '.' は使えません。",
    ),
    "unknown-operator": ("The operator {operator} is not known.", "演算子 {operator} は使用できません。"),
    "not-a-number": (
        "The condition {operator} needs a number, not {value}.",
        "条件 {operator} には数値が必要です (現在: {value})。",
    ),
    "bad-hook": ("The event {hook} is not known.", "イベント {hook} は未対応です。"),
    "bad-criteria": ("{detail}", "ルーティング条件が正しくありません: {detail}"),
    "text-too-long": (
        "The text is longer than {maximum} characters.",
        "テキストは {maximum} 文字以内にしてください。",
    ),
    "too-large": (
        "The flow has {size} characters; at most {maximum} are allowed.",
        "フローの文字数は {size} です。上限は {maximum} です。",
    ),
    "wrong-shape": (
        "{parameter} must be of the form {expected}.",
        "{parameter} の形式が正しくありません (正しい形式: {expected})。",
    ),
    "must-be-static": (
        "{parameter} cannot be set dynamically.",
        "{parameter} を動的に設定することはできません。",
    ),
    "one-reference": (
        "{parameter} takes one reference and nothing beside it.",
        "{parameter} には参照を 1 つだけ指定してください。",
    ),
    "too-many": ("At most {maximum} are allowed.", "上限は {maximum} 件です。"),
    "bad-tag": ("{detail}", "タグが正しくありません: {detail}"),
    "bad-keys": ("{detail}", "キーの指定が正しくありません: {detail}"),
    "bad-phone": (
        "{value} is not a phone number of the form +14255550100.",
        "{value} は +14255550100 の形式の電話番号ではありません。",
    ),
    "bad-share": (
        "The thresholds of the shares must rise from 1 to 100; {value} does not.",
        "割合のしきい値は 1 から 100 まで順に大きくしてください (現在: {value})。",
    ),
    "staffing-condition": (
        "Staffing is compared with NumberGreaterThan 0 only, not {operator}.",
        "人員配置の条件には NumberGreaterThan 0 のみ使用できます (現在: {operator})。",
    ),
    "invalid-json": ("Invalid JSON", "JSON が無効です"),
    "operator-not-allowed": (
        "The operator {operator} cannot be used here. Allowed: {allowed}.",
        "演算子 {operator} はここでは使用できません。使用できる演算子: {allowed}",
    ),
    "one-operand": (
        "The condition {operator} takes exactly one text.",
        "条件 {operator} の値は 1 つだけ指定してください。",
    ),
    "nested-too-deep": (
        "Conditions may be nested {maximum} deep.",
        "条件の入れ子は {maximum} 段までです。",
    ),
    "too-many-conditions": (
        "A condition may consist of {maximum} others.",
        "1 つの条件に含められる条件は {maximum} 個までです。",
    ),
    "short-interrupt": (
        "An agent has {least} seconds to join. An interrupt before that may end in Error.",
        "エージェントの参加には {least} 秒かかります。それより短い中断はエラーになることがあります。",
    ),
    "comes-before": (
        "{name} must not come before {first}.",
        "{name} を {first} より前に置くことはできません。",
    ),
    "unreachable": ("No path leads to this block.", "このブロックに到達する経路がありません。"),
    "circle": (
        "These blocks follow each other for ever without waiting: {path}.",
        "次のブロックは待機せずに無限に繰り返されます: {path}",
    ),
    "endless-loop": (
        "These blocks can follow each other for ever without waiting: {path}.",
        "次のブロックは待機せずに無限に繰り返される可能性があります: {path}",
    ),
    "no-way-out": (
        "From here the flow never ends: {path}.",
        "ここからはフローが終了しません: {path}",
    ),
}


def render(key: str, language: str, values: Mapping[str, object]) -> str:
    """The text of a message in `en` or `ja`."""
    english, japanese = MESSAGES[key]
    return (japanese if language.startswith("ja") else english).format_map(values)
