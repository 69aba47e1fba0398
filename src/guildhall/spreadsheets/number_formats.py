"""What a spreadsheet program shows of a number: with its zeros in front, its pence, or as the day that it stands for.

Only the formats that tables of people are made of are followed. A number in any other shows all its digits, because a
shortened phone number is nobody's.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from itertools import accumulate

GENERAL = "General"

BUILT_IN: Mapping[int, str] = {
    0: GENERAL,
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    14: "dd/mm/yyyy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "dd/mm/yyyy h:mm",
    37: "#,##0;-#,##0",
    38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss",
    49: "@",
}
"""Formats that spreadsheets name by a number (ECMA-376, part 1, 18.8.30), days as they are shown in Britain."""

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_LONG_DATE = re.compile(r"\[\$-F800\]", re.IGNORECASE)
_TIME_OF_DAY = re.compile(r"\[\$-F400\]", re.IGNORECASE)
_CURRENCY = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?(?:\]|\Z)")
_BRACKETED = re.compile(r"\[(?!h+\]|m+\]|s+\])[^\]]*(?:\]|\Z)", re.IGNORECASE)
_TOKEN = re.compile(
    r'"[^"]*"|\\.|_.|\*.|\[h+\]|\[m+\]|\[s+\]|AM/PM|A/P|d+|m+|y+|h+|s+(?:\.0+)?|General|[0#?]+|.',
    re.IGNORECASE | re.DOTALL,
)
_LONG_NUMBER = re.compile(r"[0-9]{4,}")
_DIGITS = frozenset("0#?")
_MOMENTS = frozenset("dmyhs")
_NEXT_SECTION, _GROUPS = ";", ","
_FIRST_DAY, _FIRST_DAY_OF_MACS = datetime(1899, 12, 30, tzinfo=UTC), datetime(1904, 1, 1, tzinfo=UTC)
_LAST_SERIAL = 2_958_465
_LARGEST_SHOWN = 10**15
_LONGEST_FORMAT = 255
"""Characters that spreadsheet programs allow a format. One that is longer is none."""

_EXACT = Context(prec=_LONGEST_FORMAT + 20)
"""Holds every digit that a number and a format can have together."""


def show_number(value: float, code: str = GENERAL, *, counts_from_1904: bool = False) -> str:
    """Return a number as its cell shows it.

    >>> show_number(7700900123, "00000000000"), show_number(1234.5, "£#,##0.00"), show_number(447700900123.0)
    ('07700900123', '£1,234.50', '447700900123')
    >>> show_number(46055, "d mmmm yyyy")
    '2 February 2026'
    """
    if value - value != 0:
        return "#NUM!"
    tokens = _section(code if len(code) <= _LONGEST_FORMAT else GENERAL, value)
    if any(token[0].lower() in _MOMENTS or token[0] == "[" for token in tokens if not _is_general(token)):
        return _show_moment(value, tokens, counts_from_1904)
    is_plain = abs(value) >= _LARGEST_SHOWN or not any(_DIGITS.issuperset(token) for token in tokens)
    if is_plain or "E" in tokens or "/" in tokens:
        return _all_digits(value)
    is_second_section = value < 0 and ";" in code
    return _show_digits(abs(value) if is_second_section else value, tokens)


def _is_general(token: str) -> bool:
    return token.lower() == "general"


@lru_cache(maxsize=512)
def _tokens(code: str) -> tuple[tuple[str, ...], ...]:
    """Cut a format into its sections (positive; negative; zero) and those into signs, without colours and countries."""
    if _LONG_DATE.search(code):
        code = "dd mmmm yyyy"
    elif _TIME_OF_DAY.search(code):
        code = "hh:mm:ss"
    code = _BRACKETED.sub("", _CURRENCY.sub(lambda found: f'"{found.group(1)}"', code))
    sections: list[list[str]] = [[]]
    for token in _TOKEN.findall(code):
        if token == _NEXT_SECTION:
            sections.append([])
        else:
            sections[-1].append(token)
    return tuple(tuple(section) for section in sections)


def _section(code: str, value: float) -> tuple[str, ...]:
    sections = _tokens(code)
    if value < 0 and len(sections) > 1:
        return sections[1]
    return sections[2] if value == 0 and len(sections) > 2 else sections[0]


def _all_digits(value: float) -> str:
    if abs(value) < _LARGEST_SHOWN and value == int(value):
        return str(int(value))
    return f"{Decimal(f'{value:.15g}'):f}"


def _literal(token: str) -> str:
    """Return what a token stands for when it is no digit: quoted words, an escaped sign, a gap, a filler."""
    if token[0] == '"':
        return token[1:-1]
    if token[0] == "\\":
        return token[1:]
    return " " if token[0] == "_" else "" if token[0] == "*" else token


def _show_digits(value: float, tokens: tuple[str, ...]) -> str:
    """Put the digits into the places that the format keeps for them, the last digit into the last place."""
    point = tokens.index(".") if "." in tokens else len(tokens)
    places = sum(len(token) for token in tokens[point:] if _DIGITS.issuperset(token))
    number = Decimal(repr(value)) * (100 if "%" in tokens else 1)
    rounded = number.copy_abs().quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _EXACT)
    whole, _, fraction = f"{rounded:f}".partition(".")
    shown = _fill_whole(whole, tokens[:point]) + _fill_fraction(fraction, tokens[point:])
    return f"-{shown}" if number < 0 and rounded else shown


def _fill_whole(digits: str, tokens: tuple[str, ...]) -> str:
    groups = _GROUPS in tokens
    signs = [sign for token in tokens if token != _GROUPS for sign in (token if _DIGITS.issuperset(token) else [token])]
    first = next((place for place, sign in enumerate(signs) if sign in _DIGITS), len(signs))
    left, shown = list(digits.lstrip("0")), []
    for place in range(len(signs) - 1, -1, -1):
        sign = signs[place]
        if sign not in _DIGITS:
            shown.append(_literal(sign))
        elif place == first:
            shown.append("".join(left) or ("0" if sign == "0" else ""))
        elif left or sign == "0":
            shown.append(left.pop() if left else "0")
    whole = "".join(reversed(shown))
    return _grouped(whole) if groups else whole


def _grouped(whole: str) -> str:
    """Put commas between thousands.

    >>> _grouped("1234567"), _grouped("£123")
    ('1,234,567', '£123')
    """
    return _LONG_NUMBER.sub(lambda found: _with_commas(found.group().lstrip("0") or "0"), whole)


def _with_commas(digits: str) -> str:
    first = len(digits) % 3 or 3
    return ",".join((digits[:first], *(digits[place : place + 3] for place in range(first, len(digits), 3))))


def _fill_fraction(digits: str, tokens: tuple[str, ...]) -> str:
    shown, left = [], digits
    for token in tokens:
        if not _DIGITS.issuperset(token):
            shown.append(_literal(token))
            continue
        taken, left = left[: len(token)], left[len(token) :]
        kept = len(token.rstrip("#?"))
        shown.append(taken[:kept] + taken[kept:].rstrip("0"))
    return "".join(shown).removesuffix(".")


def _show_moment(value: float, tokens: tuple[str, ...], counts_from_1904: bool) -> str:
    if not 0 <= value <= _LAST_SERIAL:
        return _all_digits(value)
    first = _FIRST_DAY_OF_MACS if counts_from_1904 else _FIRST_DAY
    hours = int(value * 24 + 1e-6)
    if not counts_from_1904 and value < 60:
        value += 1  # the first spreadsheet had a 29 February 1900, and all since have kept it
    moment = first + timedelta(seconds=round(value * 86_400))
    is_halved = any(token.upper() in ("AM/PM", "A/P") for token in tokens)
    return "".join(
        _moment_part(token, moment, hours, is_halved, is_minute=is_minute)
        for token, is_minute in zip(tokens, _are_minutes(tokens), strict=True)
    )


@lru_cache(maxsize=512)
def _are_minutes(tokens: tuple[str, ...]) -> tuple[bool, ...]:
    """Tell minutes from months: minutes come after hours or before seconds."""
    letters = [token.lower().strip("[]")[:1] for token in tokens]
    after_hours = _follow(letters, "h")
    before_seconds = _follow(letters[::-1], "s")[::-1]
    return tuple(before or after for before, after in zip(after_hours, before_seconds, strict=True))


def _follow(letters: Sequence[str], kind: str) -> list[bool]:
    """Return of each sign whether the last part of a moment before it is of a kind."""
    moments = accumulate(letters, lambda last, letter: letter if letter in _MOMENTS else last, initial="")
    return [moment == kind for moment in moments][:-1]


def _moment_part(token: str, at: datetime, hours: int, is_halved: bool, *, is_minute: bool) -> str:
    letters = token.lower()
    kind, width = letters.strip("[]")[:1], len(letters)
    if letters[0] == "[":
        return str(hours)
    if letters in ("am/pm", "a/p"):
        return "AM" if at.hour < 12 else "PM"
    if kind == "m" and is_minute:
        return f"{at.minute:0{min(width, 2)}}"
    if kind in _PARTS and token[0].isalpha():
        return _PARTS[kind](at, width, is_halved)
    return _literal(token)


def _day(at: datetime, width: int, is_halved: bool) -> str:
    if width >= 3:
        return _DAYS[at.weekday()][: 3 if width == 3 else None]
    return f"{at.day:0{width}}"


def _month(at: datetime, width: int, is_halved: bool) -> str:
    if width >= 3:
        return _MONTHS[at.month - 1][: {3: 3, 5: 1}.get(width)]
    return f"{at.month:0{width}}"


def _year(at: datetime, width: int, is_halved: bool) -> str:
    return f"{at.year % 100:02}" if width <= 2 else str(at.year)


def _hour(at: datetime, width: int, is_halved: bool) -> str:
    return f"{(at.hour % 12 or 12) if is_halved else at.hour:0{min(width, 2)}}"


def _second(at: datetime, width: int, is_halved: bool) -> str:
    return f"{at.second:0{min(width, 2)}}"


_PARTS = {"d": _day, "m": _month, "y": _year, "h": _hour, "s": _second}
