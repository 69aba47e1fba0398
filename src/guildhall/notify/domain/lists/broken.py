"""What a spreadsheet program makes of a cell that it cannot show as it was: no words to send to anybody.

The text that is left looks the same in every kind of file: a CSV has what the program showed when it was saved.
"""

import re

from guildhall.notify.domain.lists.problems import Kind

_ERRORS = frozenset(
    f"#{name}"
    for name in (
        *("REF!", "N/A", "VALUE!", "NAME?", "DIV/0!", "NULL!", "NUM!", "SPILL!", "CALC!", "FIELD!", "BLOCKED!"),
        *("CONNECT!", "BUSY!", "UNKNOWN!", "EXTERNAL!", "PYTHON!", "TIMEOUT!", "GETTING_DATA", "ERROR!"),
    )
)
"""Of Excel, Google Sheets and LibreOffice (Excel's ERROR.TYPE; LibreOffice Calc's error codes)."""
_ERROR_BY_NUMBER = re.compile(r"Err:\d{3}")
_TOO_NARROW = re.compile(r"#{3,}")
_SHORTENED = re.compile(r"[+-]?\d(?:[.,]\d{1,20})?E\+\d{2,3}", re.IGNORECASE)
_LOST_LETTER = "\ufffd"

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|ion(?:awr)?|chwe?(?:fror)?|maw(?:rth)?|ebr(?:ill)?|mai|meh(?:efin)?|gor(?:ffennaf)?"
    r"|awst|medi?|hyd(?:ref)?|tach(?:wedd)?|rhag(?:fyr)?)"
)
_BEGINNINGS = frozenset(
    (
        *("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
        *("ion", "chw", "maw", "ebr", "mai", "meh", "gor", "aws", "med", "hyd", "tac", "rha"),
        *("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    )
)
_DATE = re.compile(
    r"(?:(?:mon|tues?|wed|thu(?:rs)?|fri|sat|sun)(?:day|nesday|urday)?,? )?"
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?[-/. ]{_MONTH}(?:[-/., ]{{1,2}}\d{{2,4}})?"
    rf"|{_MONTH}[-/. ]\d{{1,4}}(?:,? \d{{4}})?"
    r"|\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})"
    r"|\d{4}-\d{2}-\d{2})"
    r"(?:[t ,]{1,2}\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?: ?[ap]m)?)?"
)
"""In small letters."""
_LONGEST_DATE = 60
_MAY_BE_BROKEN = frozenset("#Ee+-0123456789")


def may_hold_a_break(cells: str) -> bool:
    """Whether any of the cells that stand in this text could be one in which ``break_of`` finds something."""
    return "#" in cells or _LOST_LETTER in cells or "E+" in cells or "e+" in cells or "Err:" in cells


def break_of(cell: str) -> Kind | None:
    """Return what a spreadsheet program or an encoding has made of a cell, if it cannot be what was meant."""
    if _LOST_LETTER in cell:
        return Kind.LOST_LETTER
    if cell[:1] not in _MAY_BE_BROKEN:
        return None
    if cell.upper() in _ERRORS or _ERROR_BY_NUMBER.fullmatch(cell):
        return Kind.FORMULA_ERROR
    if _TOO_NARROW.fullmatch(cell):
        return Kind.TOO_NARROW
    return Kind.SHORTENED if _SHORTENED.fullmatch(cell) else None


def is_date(cell: str) -> bool:
    """Whether a cell is a day as spreadsheet programs write it, which they make of ``3/4`` and ``2-1`` by themselves.

    >>> is_date("03-Apr"), is_date("2026-04-03 00:00:00"), is_date("3 April Close")
    (True, True, False)
    """
    if len(cell) > _LONGEST_DATE or not (cell[:1].isdecimal() or cell[:3].lower() in _BEGINNINGS):
        return False
    return _DATE.fullmatch(cell.lower()) is not None
