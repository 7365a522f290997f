"""Numbers as people say and write them, English and Japanese: `twenty one`, `二十五`, `１２`."""

import re
import unicodedata


def words(text: str) -> tuple[str, ...]:
    """The words of a list that is written as one text."""
    return tuple(text.split())


UNITS = {
    word: number
    for number, word in enumerate(
        words(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
            "seventeen eighteen nineteen"
        )
    )
} | {"oh": 0}
TENS = {
    word: 10 * number for number, word in enumerate(words("twenty thirty forty fifty sixty seventy eighty ninety"), 2)
}
SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
ORDINALS = {
    word: number
    for number, word in enumerate(
        words(
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
            "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
        ),
        1,
    )
} | {"thirtieth": 30}
REPEATS = {"double": 2, "triple": 3}
KANJI = {"〇": 0, "零": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
KANJI_SCALES = {"十": 10, "百": 100, "千": 1_000}
KANJI_MYRIADS = {"万": 10_000, "億": 100_000_000}
_KANA = words(
    "ぜろ・ゼロ・れい いち・ひとつ に・ふたつ さん・みっつ よん・し・よっつ ご・いつつ ろく・むっつ なな・しち・ななつ "
    "はち・やっつ きゅう・く・ここのつ じゅう・とお"
)
KANA = {word: number for number, said in enumerate(_KANA) for word in said.split("・")}
_KANJI_RUN = re.compile(r"[〇零一二三四五六七八九十百千万億]+")
_WORD = re.compile(r"[a-z]+|\d+(?:\.\d+)?|.", re.DOTALL)


def plain(text: str) -> str:
    """Text in one form: full-width letters and digits as ASCII, lower case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def numeralise(text: str, *, kana: bool = True) -> str:
    """The text with its number words as digits; `one two three` is `123`, `twenty one` is `21`, `二十五` is `25`.

    `kana`: a text that is nothing but a number word in kana (`いち`) is one, too.
    """
    whole = plain(text)
    if kana and whole in KANA:
        return str(KANA[whole])
    return _words(_KANJI_RUN.sub(lambda run: _kanji(run[0]), whole))


def ordinal(word: str) -> int | None:
    """`third` is 3, `21st` is 21, `twenty-first` is 21."""
    figures = re.fullmatch(r"(\d+)(?:st|nd|rd|th)", word)
    if figures:
        return int(figures[1])
    tens, _, unit = word.rpartition("-")
    if unit in ORDINALS:
        return TENS.get(tens, 0) + ORDINALS[unit]
    return None


def _kanji(run: str) -> str:
    if not set(run) & (KANJI_SCALES.keys() | KANJI_MYRIADS.keys()):
        return "".join(str(KANJI[one]) for one in run)
    total, section, digit = 0, 0, None
    for one in run:
        if one in KANJI:
            digit = (digit or 0) * 10 + KANJI[one]
        elif one in KANJI_SCALES:
            section += (1 if digit is None else digit) * KANJI_SCALES[one]
            digit = None
        else:
            total += (section + (digit or 0) or 1) * KANJI_MYRIADS[one]
            section, digit = 0, None
    return str(total + section + (digit or 0))


def _words(text: str) -> str:
    """Runs of English number words, and what stands between them."""
    out: list[str] = []
    run: list[str] = []
    gap = ""
    for piece in _WORD.findall(text):
        if piece in UNITS or piece in TENS or piece in REPEATS or (run and (piece in SCALES or piece == "point")):
            run.append(piece)
            gap = ""
        elif run and piece in (" ", "-"):
            gap += piece
        elif run and piece == "and" and run[-1] in SCALES:
            gap = ""
        else:
            out += [_run(run), gap, piece] if run else [piece]
            run, gap = [], ""
    return "".join([*out, _run(run), gap]) if run else "".join(out)


def _run(said: list[str]) -> str:
    if "point" in said:
        at = said.index("point")
        whole, rest = said[:at], [word for word in said[at + 1 :] if word != "point"]
        return f"{_groups(whole) or 0}.{_groups(rest) or 0}"
    return _groups(said)


def _groups(said: list[str]) -> str:
    """Numbers said one after the other are written one after the other."""
    out, total, current, open_, repeat = "", 0, 0, False, 1
    for word in said:
        if word in REPEATS:
            out += _close(total + current) if open_ else ""
            total, current, open_, repeat = 0, 0, False, REPEATS[word]
        elif word in SCALES:
            if SCALES[word] == 100:
                current = max(current, 1) * 100
            else:
                total, current = total + max(current, 1) * SCALES[word], 0
            open_ = True
        else:
            value = UNITS[word] if word in UNITS else TENS[word]
            fits = open_ and (
                (current % 100 == 0 and current) or (current % 100 >= 20 and current % 10 == 0 < value < 10)
            )
            if open_ and not fits and not (current == 0 and total):
                out += _close(total + current)
                total, current = 0, 0
            if repeat > 1:
                out += str(value) * repeat
                repeat, open_ = 1, False
                continue
            current, open_ = current + value, True
    return out + (_close(total + current) if open_ else "")


def _close(value: int) -> str:
    return str(value)
