"""CSV files of users: the template, reading a filled-in one, failures and exports, all without byte order mark."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from switchroom.base.errors import invalid_parameter

MOST_ROWS = 1_000
"""Users in one file."""

REQUIRED = ("first_name", "last_name", "mail", "login", "password", "routing_profile", "security_profiles")

TITLES = {
    "first_name": "first name",
    "last_name": "last name",
    "mail": "email address",
    "secondary_mail": "secondary email",
    "mobile": "mobile",
    "password": "password",
    "login": "user login",
    "routing_profile": "routing profile name",
    "security_profiles": "security_profile_name_1|security_profile_name_2",
    "hierarchy": "user_hierarchy_1|user_hierarchy_2",
    "phone_type": "phone type (soft/desk)",
    "phone_number": "phone number",
    "auto_accept": "soft phone auto accept (yes/no)",
    "acw": "ACW timeout (seconds)",
    "tags": "tags",
}
"""Columns by our name for them, in the order of the template, with their headers (USER-07)."""

_ALIASES = {
    "email": "mail",
    "secondary email address": "secondary_mail",
    "login": "login",
    "routing profile": "routing_profile",
    "security profile": "security_profiles",
    "security profiles": "security_profiles",
    "agent hierarchy": "hierarchy",
    "phone type": "phone_type",
    "soft phone auto accept": "auto_accept",
    "acw timeout": "acw",
    **{title.casefold(): name for name, title in TITLES.items()},
}
_LEADS = {"security_profile_name_1": "security_profiles", "user_hierarchy_1": "hierarchy"}
_NOT_ELSEWHERE = frozenset({"mail", "password"})
"""Columns of users who are kept here alone (BASE-181)."""

_EXPORTED = (
    *("user login", "first name", "last name", "email address", "secondary email", "mobile", "routing profile name"),
    *("security profiles", "agent hierarchy", "phone type (soft/desk)", "phone number"),
    *("soft phone auto accept (yes/no)", "ACW timeout (seconds)", "tags", "last modified"),
)


class Row(msgspec.Struct, frozen=True):
    """A filled-in row; `number` as a spreadsheet counts, the header being row 1. Cells are trimmed."""

    number: int
    cells: Mapping[str, str]
    surplus: bool = False
    """There are more cells than columns."""


def template(own: bool) -> str:
    """The header row; `own`: for an instance that keeps its users itself (USER-07)."""
    return write([[title for name, title in TITLES.items() if own or name not in _NOT_ELSEWHERE]])


def parse(text: str, own: bool) -> list[Row]:
    """The rows of a file. Raises InvalidParameterException for what is wrong with the file as a whole."""
    records = _records(text)
    header = next((record for record in records if any(cell.strip() for cell in record[1])), None)
    if header is None:
        raise invalid_parameter("The file is empty")
    columns = _columns(header[1], own)
    rows = [_row(number, cells, columns) for number, cells in records[records.index(header) + 1 :] if any(cells)]
    rows = [row for row in rows if any(row.cells.values()) or row.surplus]
    if not rows:
        raise invalid_parameter("The file has a header, but no users")
    if len(rows) > MOST_ROWS:
        raise invalid_parameter(f"The file has {len(rows)} users; at most {MOST_ROWS} can be imported at once")
    return rows


def _records(text: str) -> list[tuple[int, list[str]]]:
    if "\0" in text:
        raise invalid_parameter("The file is not a text file")
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        return list(enumerate(reader, 1))
    except csv.Error as error:
        raise invalid_parameter(f"The file is not CSV: line {reader.line_num}: {error}") from None


def _columns(header: Sequence[str], own: bool) -> list[str]:
    columns = [_column(title, own) for title in header]
    while columns and columns[-1] == "":
        columns.pop()
    for name in columns:
        if columns.count(name) > 1:
            raise invalid_parameter(f"The file has the column {TITLES.get(name, name)!r} more than once")
    missing = [TITLES[name] for name in REQUIRED if name not in columns and (own or name not in _NOT_ELSEWHERE)]
    if missing:
        raise invalid_parameter(f"The file has no column {', '.join(missing)}")
    return columns


def _column(title: str, own: bool) -> str:
    wanted = " ".join(title.split()).casefold()
    if not wanted:
        return ""
    name = _ALIASES.get(wanted) or _LEADS.get(wanted.partition("|")[0])
    if name is None:
        raise invalid_parameter(f"Column {title.strip()!r} is not known; use the header of the template")
    if not own and name in _NOT_ELSEWHERE:
        raise invalid_parameter(f"Column {title.strip()!r} is not for users who sign in elsewhere")
    return name


def _row(number: int, cells: Sequence[str], columns: Sequence[str]) -> Row:
    surplus = any(cell.strip() for cell in cells[len(columns) :])
    named = zip(columns, cells, strict=False)
    return Row(number, {name: _own_text(name, cell.strip()) for name, cell in named if name}, surplus)


def _own_text(name: str, cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from calculating it; passwords are as they are."""
    return cell[1:] if name != "password" and cell[:1] == "'" and _is_formula(cell[1:]) else cell


def write(rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV (RFC 4180)."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def export(users: Iterable[Sequence[object]]) -> str:
    """Users as CSV; each has a cell for each column (USER-23)."""
    return write([_EXPORTED, *users])


def _harmless(cell: object) -> str:
    """A text that a spreadsheet would take for a formula is quoted with an apostrophe; numbers with a sign are not."""
    text = str(cell)
    return f"'{text}" if _is_formula(text) else text


def _is_formula(text: str) -> bool:
    return text.startswith(("=", "@", "\t", "\r")) or (text.startswith(("+", "-")) and not text[1:].isdigit())
