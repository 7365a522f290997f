"""CSV files of users: what is read, what is refused, what is written."""

import pytest

from switchroom.base.errors import ServiceError
from switchroom.features.user_batches.files import MOST_ROWS, TITLES, export, parse, template, write
from switchroom.features.user_batches.report import failures_csv
from switchroom.storage.user_batches import Record

OWN = (
    "first name,last name,email address,secondary email,mobile,password,user login,routing profile name,"
    "security_profile_name_1|security_profile_name_2,user_hierarchy_1|user_hierarchy_2,phone type (soft/desk),"
    "phone number,soft phone auto accept (yes/no),ACW timeout (seconds),tags\r\n"
)
SHORT = "first name,last name,email address,password,user login,routing profile name,security_profile_name_1\n"
JANE = "Jane,Doe,jane@example.com,Abcdefg1,janedoe,Basic,Agent\n"


def problem(text: str, own: bool = True) -> str:
    with pytest.raises(ServiceError) as refusal:
        parse(text, own)
    assert refusal.value.code == "InvalidParameterException"
    return refusal.value.message


def test_templates() -> None:
    """USER-07: the exact header; for SAML without mail address and password (BASE-181)."""
    assert template(own=True) == OWN
    assert template(own=False) == OWN.replace("email address,", "").replace("password,", "")
    assert parse(template(own=True) + ",".join("x" * 15), True)[0].cells["first_name"] == "x"


def test_header_by_name_in_any_order_and_case() -> None:
    """USER-07: names count, whatever their case, blanks around them, and order; guide names are aliases."""
    header = " USER LOGIN ,Tags,secondary EMAIL address,agent hierarchy,Password,first name,LAST  NAME,email address"
    header += ",routing profile name,Security_Profile_Name_1|security_profile_name_2|security_profile_name_3\n"
    (row,) = parse(
        "\ufeff" + header + " jane , a:b ,s@example.com,A|B,Abcdefg1,Jane,Doe,j@example.com,Basic,X|Y\n", True
    )
    assert row.number == 2
    assert row.cells == {
        "login": "jane",
        "tags": "a:b",
        "secondary_mail": "s@example.com",
        "hierarchy": "A|B",
        "password": "Abcdefg1",
        "first_name": "Jane",
        "last_name": "Doe",
        "mail": "j@example.com",
        "routing_profile": "Basic",
        "security_profiles": "X|Y",
    }


def test_quoting_blank_rows_and_numbers() -> None:
    """RFC 4180: quotes, commas, line ends inside cells; rows are numbered as a spreadsheet numbers them."""
    text = SHORT + '"Ja""ne","Doe, PhD",j@example.com,Abcdefg1,"jane","Basic\r\nProfile",Agent\r\n\r\n,,,,,,\r\n' + JANE
    first, second = parse(text.replace("\n", "\r\n").replace("\r\r", "\r"), True)
    assert (first.number, first.cells["first_name"], first.cells["last_name"]) == (2, 'Ja"ne', "Doe, PhD")
    assert first.cells["routing_profile"] == "Basic\r\nProfile"
    assert (second.number, second.surplus) == (5, False)
    (long,) = parse(SHORT + JANE.strip() + ",more\n", True)
    assert long.surplus
    (brief,) = parse(SHORT + "Jane,Doe\n", True)
    assert brief.cells == {"first_name": "Jane", "last_name": "Doe"}


def test_files_that_are_refused_as_a_whole() -> None:
    """USER-08: before any row: no header, nothing in it, unknown or missing columns, too much, no CSV."""
    assert problem("") == problem("\n\n , \n") == "The file is empty"
    assert problem(SHORT) == "The file has a header, but no users"
    assert "'shoe size' is not known" in problem(SHORT.replace("\n", ",shoe size\n") + JANE)
    assert problem(SHORT.replace("last name,", "")) == "The file has no column last name"
    assert "more than once" in problem(SHORT.replace("\n", ",Last Name\n") + JANE)
    assert "'password' is not for users who sign in elsewhere" in problem(SHORT.replace("email address,", ""), False)
    assert f"at most {MOST_ROWS}" in problem(SHORT + JANE * (MOST_ROWS + 1))
    assert problem(SHORT + '"Jane,Doe\n').startswith("The file is not CSV: line")
    assert problem(SHORT + "Ja\0ne\n") == "The file is not a text file"


def test_failure_files() -> None:
    """USER-19, USER-26: the exact texts of the vectors."""
    partly = "We couldn't save some of the fields"
    edited = Record(0, "FAILED", None, "u", "agent12", None, partly, ("Agent hierarchy: Not found",))
    assert failures_csv("EDIT", [edited]) == (
        f"Login,Failed reason,Failed fields\r\nagent12,{partly},Agent hierarchy: Not found\r\n"
    )
    gone = Record(0, "FAILED", None, "u", "batch100", None, "The specified user was not found")
    assert failures_csv("DELETE", [gone]) == ("Login,Failed reason\r\nbatch100,The specified user was not found\r\n")
    new = Record(0, "FAILED", 7, None, "jane", None, "We couldn't create the user", ("password: Required", "tags: x"))
    assert failures_csv("IMPORT", [new]) == (
        "Row,Login,Failed reason,Failed fields\r\n7,jane,We couldn't create the user,password: Required; tags: x\r\n"
    )


def test_cells_that_a_spreadsheet_would_calculate() -> None:
    """A name must not become a formula; telephone numbers stay as they are. Read again, texts are what they were."""
    assert write([["=1+1", "@x", "-a", "+81312345678", "-5", 'a"b', "a,b"]]) == (
        '\'=1+1,\'@x,\'-a,+81312345678,-5,"a""b","a,b"\r\n'
    )
    (read,) = parse(SHORT + "'=1+1,'Doe,j@example.com,'=Abcdefg1,'@jane,'-a,+5\n", True)
    assert [read.cells[name] for name in ("first_name", "last_name", "password", "login")] == [
        *("=1+1", "'Doe", "'=Abcdefg1", "@jane")
    ]
    assert "password" not in export([]) and export([]).startswith("user login,first name,")
    assert len(TITLES) == 15
