"""Japanese: what is written as figures and signs, as it is read. The engine itself reads numbers with 円, 年, 月."""

import re
from collections.abc import Callable

from switchroom.speech.reading.dates import parts_of

_DIGITS = ("ゼロ", "イチ", "ニー", "サン", "ヨン", "ゴー", "ロク", "ナナ", "ハチ", "キュー")
_SIGNS = {
    "-": "ハイフン",
    ".": "ドット",
    "@": "アットマーク",
    "/": "スラッシュ",
    "_": "アンダーバー",
    "#": "シャープ",
    "*": "コメジルシ",
    "+": "プラス",
    "%": "パーセント",
    ":": "コロン",
}
_MONEY = {
    "USD": ("ドル", "セント"),
    "EUR": ("ユーロ", "セント"),
    "GBP": ("ポンド", "ペンス"),
    "JPY": ("円", "銭"),
    "CNY": ("元", "分"),
    "KRW": ("ウォン", ""),
    "CAD": ("カナダドル", "セント"),
    "AUD": ("オーストラリアドル", "セント"),
    "INR": ("ルピー", "パイサ"),
}
_MONEY_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "\u00a5": "JPY", "\uffe5": "JPY", "₩": "KRW", "₹": "INR"}
_UNITS = {
    "km/h": "キロメートル毎時",
    "km": "キロメートル",
    "cm": "センチメートル",
    "mm": "ミリメートル",
    "m": "メートル",
    "kg": "キログラム",
    "mg": "ミリグラム",
    "g": "グラム",
    "l": "リットル",
    "ml": "ミリリットル",
    "h": "時間",
    "min": "分",
    "s": "秒",
    "gb": "ギガバイト",
    "mb": "メガバイト",
}
_AMOUNT = re.compile(r"(?:([$€£\u00a5\uffe5₩₹])\s*|([A-Z]{3})\s*)(\d[\d,]*)(?:\.(\d{1,2}))?(?![\d.])")
_AMOUNT_BEFORE_CODE = re.compile(r"(\d[\d,]*)(?:\.(\d{1,2}))?\s*([A-Z]{3})")
_DATE = re.compile(r"(?<![\d/.-])(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?![\d/-])")
_CLOCK = re.compile(r"(?<![\d:])([01]?\d|2[0-4]):([0-5]\d)(?::([0-5]\d))?(?![\d:])")
_TELEPHONE = re.compile(
    r"(?<![A-Za-z0-9-])(?:\+\d{1,3}[- ]?)?\(?\d{1,5}\)?-\d{1,4}-\d{3,4}(?![A-Za-z0-9-])"
    r"|(?<![A-Za-z0-9.,-])\+?\d{9,}(?![A-Za-z0-9,])"
)
_KEY = re.compile(r"[#*＃＊※](?=\s*(?:を|キー|で|$|[、。]))")


def readable(text: str) -> str:
    """Dates, times, money and telephone numbers as they are said."""
    text = _DATE.sub(lambda found: f"{int(found[1])}年{int(found[2])}月{int(found[3])}日", text)
    text = _TELEPHONE.sub(lambda found: telephone(found[0]), text)
    text = _CLOCK.sub(_clock, text)
    text = _AMOUNT.sub(lambda found: _money(found[0], found[1] or found[2], found[3], found[4]), text)
    return _KEY.sub(lambda found: "シャープ" if found[0] in "#＃" else "コメジルシ", text)


def spelled(text: str, form: str = "") -> str:
    """Each character for itself."""
    said = [_DIGITS[int(one)] if one in "0123456789" else _SIGNS.get(one, one) for one in text if not one.isspace()]
    return "、".join(said)


def telephone(text: str, form: str = "") -> str:
    """Digit by digit; a gap is read の, as people do."""
    groups = re.findall(r"\d+|[#*]", text)
    said = "の".join("".join(_DIGITS[int(one)] if one.isdecimal() else _SIGNS[one] for one in part) for part in groups)
    return f"プラス{said}" if text.lstrip().startswith("+") else said


def _clock(found: re.Match[str]) -> str:
    hours, minutes, seconds = (int(one) if one else 0 for one in found.groups())
    return f"{hours}時" + (f"{minutes}分" if minutes or seconds else "") + (f"{seconds}秒" if seconds else "")


def _money(text: str, sign: str, whole: str, part: str | None) -> str:
    names = _MONEY.get(_MONEY_SIGNS.get(sign, sign))
    if names is None:
        return text
    amount = int(whole.replace(",", ""))
    small = int((part or "0").ljust(2, "0"))
    said = f"{amount}{names[0]}" if amount or not small else ""
    return said + (f"{small}{names[1]}" if small else "")


def _digits(text: str, form: str) -> str:
    return "".join(_DIGITS[int(one)] if one in "0123456789" else one for one in text if not one.isspace())


def _cardinal(text: str, form: str) -> str:
    plain = text.replace(",", "").strip()
    return str(int(plain)) if re.fullmatch(r"\d{1,15}", plain) else plain


def _ordinal(text: str, form: str) -> str:
    plain = _cardinal(text, form)
    return f"{plain}番目" if plain.isdecimal() else text


def _date(text: str, form: str) -> str:
    parts = parts_of(text, form) if not re.search(r"[年月日]", text) else None
    if parts is None:
        return text
    named = ((parts.year, "年"), (parts.month, "月"), (parts.day, "日"))
    return "".join(f"{number}{name}" for number, name in named if number)


def _time(text: str, form: str) -> str:
    found = re.fullmatch(r"\s*(?:(\d+)['′])?\s*(?:(\d+)[\"″])?\s*", text)
    if found and (found[1] or found[2]):
        return (f"{int(found[1])}分" if found[1] else "") + (f"{int(found[2])}秒" if found[2] else "")
    return _CLOCK.sub(_clock, text)


def _currency(text: str, form: str) -> str:
    said = _AMOUNT.sub(lambda found: _money(found[0], found[1] or found[2], found[3], found[4]), text)
    return _AMOUNT_BEFORE_CODE.sub(lambda found: _money(found[0], found[3], found[1], found[2]), said)


def _unit(text: str, form: str) -> str:
    found = re.fullmatch(r"\s*([\d.,]+)\s*([A-Za-z/]+)\s*", text)
    name = _UNITS.get(found[2].lower()) if found else None
    return f"{found[1].replace(',', '')}{name}" if found and name else text


def _fraction(text: str, form: str) -> str:
    found = re.fullmatch(r"\s*(?:(\d+)\s*\+\s*)?(\d+)\s*/\s*(\d+)\s*", text)
    if not found:
        return text
    return (f"{found[1]}と" if found[1] else "") + f"{found[3]}分の{found[2]}"


READERS: dict[str, Callable[[str, str], str]] = {
    "characters": spelled,
    "spell-out": spelled,
    "verbatim": spelled,
    "digits": _digits,
    "cardinal": _cardinal,
    "number": _cardinal,
    "ordinal": _ordinal,
    "telephone": telephone,
    "date": _date,
    "time": _time,
    "currency": _currency,
    "unit": _unit,
    "fraction": _fraction,
}
