"""Whether each row of a list can be sent: the same rules as for a program's message, and what is wrong with which cell.

A row is checked when the list is uploaded and once more when it is sent, by this one function.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from guildhall.contact.email_address import NotAnEmailAddress, parse_email_address
from guildhall.contact.phone_number import (
    AbroadNotAllowed,
    NoSuchNumber,
    NotAMobile,
    NotAPhoneNumber,
    NotEnoughDigits,
    PhoneNumber,
    TooManyDigits,
    UnknownCharacters,
    UnknownCountry,
    check_may_be_sent_to,
    parse_phone_number,
)
from guildhall.contact.postal_address import (
    CountryAfterBfpo,
    FirstLinesEmpty,
    LastLineUnknown,
    NoFixedAbode,
    NotAnAddress,
    PostalAddress,
    StrangeStart,
    TooFewLines,
    TooManyLines,
    check_address,
)
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.email_message import LARGEST_EMAIL
from guildhall.notify.domain.letter_address import address_from
from guildhall.notify.domain.lists.broken import break_of, is_date
from guildhall.notify.domain.lists.columns import LANGUAGE_COLUMNS, RECIPIENT_COLUMNS, Columns, heading_key
from guildhall.notify.domain.lists.problems import Kind, Problem
from guildhall.notify.domain.lists.swallowed import find_swallowed
from guildhall.notify.domain.lists.table import Row
from guildhall.notify.domain.paper.characters import MOST_CHARACTERS_NAMED, undrawable
from guildhall.notify.domain.personalisation import Personalisation, key_of
from guildhall.notify.domain.template import Pair, Shown, Words, fill_email, fill_text, says_nothing
from guildhall.notify.domain.text_message import LONGEST_MESSAGE


@dataclass(frozen=True, slots=True)
class Rules:
    """What decides whether a row can be sent: the template's words, and what its service may do.

    ``allowed`` are the only recipients of a service in trial mode; None when it may write to anybody. ``default`` is
    the language of a row that says none. ``letter_names`` is what a letter asks for, on its pages and in its corner.
    """

    channel: Channel
    pair: Pair
    prefix: str | None
    default: Shown = "en"
    may_text_abroad: bool = False
    may_text_landlines: bool = False
    may_post_abroad: bool = False
    allowed: frozenset[str] | None = None
    letter_names: tuple[str, ...] = ()

    @property
    def asked_for(self) -> list[str]:
        """The names a list must have columns for: of both languages, when rows may be in either."""
        if self.channel is Channel.LETTER:
            return list(self.letter_names)
        names = {key_of(name): name for words in self._words for name in reversed(words.names)}
        first = {key_of(name): name for words in self._words for name in words.names}
        return [names[key] for key in first]

    @property
    def has_two_languages(self) -> bool:
        return not self.pair.welsh.is_empty

    @property
    def _words(self) -> list[Words]:
        return [self.pair.english, self.pair.welsh] if self.has_two_languages else [self.pair.english]


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a row is for: as it is stored and compared, and as the list has it."""

    recipient: str
    as_given: str
    number: PhoneNumber | None = None
    address: PostalAddress | None = None


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row with whom it is for, what fills its gaps, what it uses, and what is wrong with it."""

    row: Row
    addressee: Addressee | None
    language: Shown
    values: Mapping[str, str | list[str]]
    units: int
    problems: tuple[Problem, ...]

    @property
    def is_charged_as_abroad(self) -> bool:
        number = self.addressee.number if self.addressee else None
        return number is not None and number.is_abroad and not number.is_crown_dependency

    @property
    def rate_multiplier(self) -> int:
        number = self.addressee.number if self.addressee else None
        return number.rate_multiplier if number else 1


@dataclass(slots=True)
class Tally:
    """What a list adds up to. ``units`` are fragments of texts by how many times each counts; else messages."""

    rows: int = 0
    wrong: int = 0
    abroad: int = 0
    kinds: Counter[Kind] = field(default_factory=Counter)
    units: Counter[int] = field(default_factory=Counter)

    def add(self, checked: CheckedRow) -> None:
        self.rows += 1
        if checked.problems:
            self.wrong += 1
            self.kinds.update({problem.kind for problem in checked.problems})
            return
        self.abroad += checked.is_charged_as_abroad
        self.units[checked.rate_multiplier] += checked.units


def check_row(row: Row, columns: Columns, rules: Rules) -> CheckedRow:
    """Find out everything that is wrong with a row, cell by cell, and then with the message it makes."""
    problems = _swallowed(row, columns, rules)
    addressee = _addressee(row, columns, rules, problems)
    language = _language(row, columns, rules, problems)
    words = rules.pair.shown(language, rules.channel)
    values = _values(row, columns, words, rules)
    problems += [problem for problem in _broken(row, columns, values) if not _is_said(problem.column, problems)]
    problems += [
        Problem(Kind.MISSING, name)
        for name, value in values.items()
        if value in ("", []) and not _is_optional(name, rules.channel) and not _is_said(name, problems)
    ]
    units = 1
    if not problems:
        units = _LENGTH[rules.channel](words, Personalisation(values), rules, problems)
    return CheckedRow(row, addressee, language, values, units, tuple(problems))


def _swallowed(row: Row, columns: Columns, rules: Rules) -> list[Problem]:
    place = find_swallowed(row.cells, columns, rules.channel)
    if place is None:
        return []
    return [Problem(Kind.SWALLOWED, columns.headings[place] if place < columns.width else "")]


def _broken(row: Row, columns: Columns, names: Iterable[str]) -> list[Problem]:
    """Return which cells in columns of these names a spreadsheet program has made something else of."""
    found = []
    for name in names:
        for place in columns.places.get(heading_key(name), ()):
            if place in row.uncalculated:
                found.append(Problem(Kind.FORMULA_WITHOUT_VALUE, name))
            elif place < len(row.cells) and (kind := break_of(row.cells[place])):
                found.append(Problem(kind, name))
    return found


def _values(row: Row, columns: Columns, words: Words, rules: Rules) -> dict[str, str | list[str]]:
    """Return what fills the gaps; of a letter the lines of its address too, under the names that programs use."""
    if rules.channel is not Channel.LETTER:
        return {name: columns.value(name, row.cells) for name in words.names}
    address = {name.replace(" ", "_"): columns.cell(name, row.cells) for name in RECIPIENT_COLUMNS[Channel.LETTER]}
    gaps = {name: columns.value(name, row.cells) for name in rules.letter_names}
    return {**gaps, **{name: line for name, line in address.items() if line}}


def _is_optional(name: str, channel: Channel) -> bool:
    """An address need not fill all the lines that a letter's template may show."""
    return channel is Channel.LETTER and key_of(name) in _ADDRESS_KEYS


def _is_said(name: str, problems: Sequence[Problem]) -> bool:
    """Say once of a cell that it is missing, also when the recipient fills a gap as well."""
    return any(key_of(problem.column) == key_of(name) for problem in problems)


def _addressee(row: Row, columns: Columns, rules: Rules, problems: list[Problem]) -> Addressee | None:
    if broken := _broken(row, columns, columns.to_whom):
        problems += broken
        return None
    try:
        addressee = _FIND[rules.channel](row, columns, rules)
    except _Wrong as wrong:
        problems.append(wrong.problem)
        return None
    if rules.allowed is not None and addressee.recipient not in rules.allowed:
        problems.append(Problem(Kind.NOT_ALLOWED, RECIPIENT_COLUMNS[rules.channel][0]))
    return addressee


class _Wrong(Exception):
    """A row does not say whom it is for."""

    def __init__(self, kind: Kind, column: str) -> None:
        super().__init__(kind)
        self.problem = Problem(kind, column)


def _find_email(row: Row, columns: Columns, rules: Rules) -> Addressee:
    [column] = RECIPIENT_COLUMNS[Channel.EMAIL]
    given = columns.cell(column, row.cells)
    if not given:
        raise _Wrong(Kind.MISSING, column)
    try:
        return Addressee(parse_email_address(given), given)
    except NotAnEmailAddress as fault:
        raise _Wrong(Kind.EMAIL, column) from fault


def _find_number(row: Row, columns: Columns, rules: Rules) -> Addressee:
    [column] = RECIPIENT_COLUMNS[Channel.SMS]
    given = columns.cell(column, row.cells)
    if not given:
        raise _Wrong(Kind.MISSING, column)
    try:
        number = parse_phone_number(given)
        check_may_be_sent_to(number, abroad=rules.may_text_abroad, landlines=rules.may_text_landlines)
    except NotAPhoneNumber as fault:
        raise _Wrong(Kind.DATE if is_date(given) else _PHONE_KINDS[type(fault)], column) from fault
    return Addressee(number.digits, given, number)


def _find_address(row: Row, columns: Columns, rules: Rules) -> Addressee:
    lines = {name: columns.cell(name, row.cells) for name in RECIPIENT_COLUMNS[Channel.LETTER]}
    if date := next((name for name, line in lines.items() if is_date(line)), None):
        raise _Wrong(Kind.DATE, date)
    address = address_from({name: line for name, line in lines.items() if line}, may_be_abroad=rules.may_post_abroad)
    try:
        check_address(address)
    except NotAnAddress as fault:
        raise _Wrong(_ADDRESS_KINDS[type(fault)], _ADDRESS) from fault
    return Addressee(address.one_line, address.one_line, None, address)


_ADDRESS = "address"
_ADDRESS_KEYS = frozenset(key_of(name) for name in RECIPIENT_COLUMNS[Channel.LETTER])
_FIND: Mapping[Channel, Callable[[Row, Columns, Rules], Addressee]] = {
    Channel.EMAIL: _find_email,
    Channel.SMS: _find_number,
    Channel.LETTER: _find_address,
}
_PHONE_KINDS: Mapping[type[NotAPhoneNumber], Kind] = {
    TooManyDigits: Kind.PHONE_TOO_LONG,
    NotEnoughDigits: Kind.PHONE_TOO_SHORT,
    UnknownCharacters: Kind.PHONE_CHARACTERS,
    UnknownCountry: Kind.PHONE_COUNTRY,
    NoSuchNumber: Kind.PHONE_UNKNOWN,
    NotAMobile: Kind.PHONE_NOT_MOBILE,
    AbroadNotAllowed: Kind.PHONE_ABROAD,
}
_ADDRESS_KINDS: Mapping[type[NotAnAddress], Kind] = {
    TooFewLines: Kind.ADDRESS_TOO_SHORT,
    TooManyLines: Kind.ADDRESS_TOO_LONG,
    FirstLinesEmpty: Kind.ADDRESS_FIRST_LINES,
    CountryAfterBfpo: Kind.ADDRESS_BFPO,
    LastLineUnknown: Kind.ADDRESS_LAST_LINE,
    StrangeStart: Kind.ADDRESS_CHARACTERS,
    NoFixedAbode: Kind.ADDRESS_NOT_REAL,
}

_LANGUAGES: Mapping[str, Shown] = {
    "en": "en",
    "english": "en",
    "saesneg": "en",
    "cy": "cy",
    "welsh": "cy",
    "cymraeg": "cy",
    "both": "both",
    "bilingual": "both",
    "dwyieithog": "both",
}


def _language(row: Row, columns: Columns, rules: Rules, problems: list[Problem]) -> Shown:
    """Return the language that the row asks for, where the template has two and has no gap of that name."""
    if not rules.has_two_languages:
        return "en"
    gaps = {key_of(name) for words in (rules.pair.english, rules.pair.welsh) for name in words.names}
    for column in LANGUAGE_COLUMNS:
        said = columns.cell(column, row.cells).lower()
        if said and column not in gaps:
            if said not in _LANGUAGES:
                problems.append(Problem(Kind.LANGUAGE, column))
            return _LANGUAGES.get(said, rules.default)
    return rules.default


def _fill_email(words: Words, given: Personalisation, rules: Rules, problems: list[Problem]) -> int:
    """Fill an email only when it might come out empty or too large: most cannot."""
    size = len(words.body) + sum(len(str(value)) for value in given.values())
    if words.body.startswith("((") or size > LARGEST_EMAIL // 4:
        filled = fill_email(words, given)
        if says_nothing(words, filled.body):
            problems.append(Problem(Kind.EMPTY, ""))
        elif filled.is_too_large:
            problems.append(Problem(Kind.TOO_LONG, "", filled.size))
    return 1


def _fill_text(words: Words, given: Personalisation, rules: Rules, problems: list[Problem]) -> int:
    text = fill_text(words, given, prefix=rules.prefix)
    if text.is_empty:
        problems.append(Problem(Kind.EMPTY, ""))
    elif text.is_too_long:
        problems.append(Problem(Kind.TOO_LONG, "", text.length_without_prefix - LONGEST_MESSAGE))
    return text.fragments


def _fill_letter(words: Words, given: Personalisation, rules: Rules, problems: list[Problem]) -> int:
    """Find values that no letter can show. The template's own words were looked at when it was saved."""
    for name, value in given.items():
        missing = undrawable(" ".join(map(str, value)) if isinstance(value, list) else str(value))
        if missing:
            problems.append(Problem(Kind.NOT_DRAWN, name, characters="".join(missing[:MOST_CHARACTERS_NAMED])))
    return 1


_LENGTH: Mapping[Channel, Callable[[Words, Personalisation, Rules, list[Problem]], int]] = {
    Channel.EMAIL: _fill_email,
    Channel.SMS: _fill_text,
    Channel.LETTER: _fill_letter,
}
