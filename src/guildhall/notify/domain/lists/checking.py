"""Whether each row of a list can be sent: the same rules as for a program's message, and what is wrong with which cell.

A row is checked when the list is uploaded and once more when it is sent, by this one function.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.email_message import LARGEST_EMAIL
from guildhall.notify.domain.lists.broken import break_of, may_hold_a_break
from guildhall.notify.domain.lists.columns import (
    LANGUAGE_COLUMNS,
    RECIPIENT_COLUMNS,
    Columns,
    Places,
    cell_at,
    reader_of,
)
from guildhall.notify.domain.lists.problems import Kind, Problem
from guildhall.notify.domain.lists.recipients import Addressee, NoAddressee, find_addressee
from guildhall.notify.domain.lists.rules import Rules
from guildhall.notify.domain.lists.swallowed import find_swallowed
from guildhall.notify.domain.paper.characters import MOST_CHARACTERS_NAMED, undrawable
from guildhall.notify.domain.personalisation import Personalisation, key_of
from guildhall.notify.domain.template import Shown, Words, fill_email, fill_text, says_nothing
from guildhall.notify.domain.text_message import LONGEST_MESSAGE, Dearer
from guildhall.spreadsheets.table import Row

Value = str | list[str]


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row with whom it is for, what fills its gaps, what it uses, and what is wrong with it."""

    row: Row
    addressee: Addressee | None
    language: Shown
    values: Mapping[str, Value]
    units: int
    problems: tuple[Problem, ...]
    dearer: Dearer | None = None

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


class Checker:
    """The rules of one list, with what they mean for its columns worked out once for all its rows."""

    def __init__(self, columns: Columns, rules: Rules) -> None:
        self._columns, self._rules = columns, rules
        self._has_two_languages = rules.has_two_languages
        self._to_whom = _places(columns.to_whom, columns)
        self._says_language = _places(_language_columns(rules), columns)
        self._gaps: dict[Shown, _Gaps] = {}

    def check(self, row: Row) -> CheckedRow:
        """Find out everything that is wrong with a row, cell by cell, and then with the message it makes."""
        whole = "\t".join(row.cells)
        may_be_broken = bool(row.uncalculated) or may_hold_a_break(whole)
        problems = self._swallowed(row) if "\n" in whole else []
        addressee = self._addressee(row, problems, may_be_broken=may_be_broken)
        gaps = self._gaps_in(self._language(row, problems))
        values = gaps.values(row.cells)
        if may_be_broken:
            said = _columns_of(problems)
            problems += [each for each in _broken(row, gaps.places) if key_of(each.column) not in said]
        if not all(values.values()):
            problems += _missing(values, self._rules.channel, problems)
        units, dearer = 1, None
        if not problems:
            units, dearer = _FILL[self._rules.channel](gaps.words, values, self._rules, problems)
        return CheckedRow(row, addressee, gaps.language, values, units, tuple(problems), dearer)

    def _swallowed(self, row: Row) -> list[Problem]:
        place = find_swallowed(row.cells, self._columns, self._rules.channel)
        if place is None:
            return []
        headings = self._columns.headings
        return [Problem(Kind.SWALLOWED, headings[place] if place < len(headings) else "")]

    def _addressee(self, row: Row, problems: list[Problem], *, may_be_broken: bool) -> Addressee | None:
        if may_be_broken and (broken := _broken(row, self._to_whom)):
            problems += broken
            return None
        given = {name: cell_at(places, row.cells) for name, places in self._to_whom}
        try:
            addressee = find_addressee(given, self._rules)
        except NoAddressee as nobody:
            problems.append(nobody.problem)
            return None
        allowed = self._rules.allowed
        if allowed is not None and addressee.recipient not in allowed:
            problems.append(Problem(Kind.NOT_ALLOWED, self._columns.to_whom[0]))
        return addressee

    def _language(self, row: Row, problems: list[Problem]) -> Shown:
        """Return the language that the row asks for, where the template has two and has no gap of that name."""
        if not self._has_two_languages:
            return "en"
        for column, places in self._says_language:
            if said := cell_at(places, row.cells).lower():
                if said not in _LANGUAGES:
                    problems.append(Problem(Kind.LANGUAGE, column))
                return _LANGUAGES.get(said, self._rules.default)
        return self._rules.default

    def _gaps_in(self, language: Shown) -> "_Gaps":
        if language not in self._gaps:
            self._gaps[language] = _Gaps(language, self._columns, self._rules)
        return self._gaps[language]


def check_row(row: Row, columns: Columns, rules: Rules) -> CheckedRow:
    """Check a single row."""
    return Checker(columns, rules).check(row)


_Named = Sequence[tuple[str, Places]]
"""Names, and where in a row stands what they ask for."""


class _Gaps:
    """What a template asks for in one language, and where it is; of a letter also the lines of its address."""

    def __init__(self, language: Shown, columns: Columns, rules: Rules) -> None:
        self.language = language
        self.words = rules.pair.shown(language, rules.channel)
        is_letter = rules.channel is Channel.LETTER
        self._gaps = _places(rules.letter_names if is_letter else self.words.names, columns)
        self._lines = _places(_LINES, columns) if is_letter else []
        self._readers = [(name, places, reader_of(places)) for name, places in self._gaps]

    @property
    def places(self) -> _Named:
        return list({**dict(self._gaps), **dict(self._lines)}.items())

    def values(self, cells: Sequence[str]) -> dict[str, Value]:
        """Return what fills the gaps; of a letter the lines of its address too, under the names that programs use."""
        values: dict[str, Value] = {name: read(places, cells) for name, places, read in self._readers}
        if self._lines:
            lines = {name: cell_at(places, cells) for name, places in self._lines}
            values |= {name: line for name, line in lines.items() if line}
        return values


_LINES = tuple(name.replace(" ", "_") for name in RECIPIENT_COLUMNS[Channel.LETTER])
_ADDRESS_KEYS = frozenset(map(key_of, _LINES))


def _places(names: Iterable[str], columns: Columns) -> _Named:
    return [(name, columns.where(name)) for name in names]


def _broken(row: Row, columns: _Named) -> list[Problem]:
    """Return which cells in these columns a spreadsheet program has made something else of."""
    found, uncalculated = [], frozenset(row.uncalculated)
    for name, places in columns:
        for place in places:
            if place in uncalculated:
                found.append(Problem(Kind.FORMULA_WITHOUT_VALUE, name))
            elif place < len(row.cells) and (kind := break_of(row.cells[place])):
                found.append(Problem(kind, name))
    return found


def _missing(values: Mapping[str, Value], channel: Channel, said: Sequence[Problem]) -> list[Problem]:
    """Return which gaps a row leaves open. An address need not fill all the lines that a letter's template may show."""
    known = _columns_of(said) | (_ADDRESS_KEYS if channel is Channel.LETTER else frozenset())
    return [Problem(Kind.MISSING, name) for name, value in values.items() if not value and key_of(name) not in known]


def _columns_of(problems: Iterable[Problem]) -> frozenset[str]:
    """Return the columns that something has been said of: once is enough, also when a recipient fills a gap as well."""
    return frozenset(key_of(problem.column) for problem in problems)


def _language_columns(rules: Rules) -> list[str]:
    """Return the columns in which a row may say its language: those that no gap has taken for itself."""
    gaps = {key_of(name) for words in (rules.pair.english, rules.pair.welsh) for name in words.names}
    return [column for column in LANGUAGE_COLUMNS if column not in gaps]


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

_Filled = tuple[int, Dearer | None]
"""How many units a row's message takes, and what makes it more than it need be."""


def _fill_email(words: Words, values: Mapping[str, Value], rules: Rules, problems: list[Problem]) -> _Filled:
    """Fill an email only when it might come out empty or too large: most cannot."""
    if words.body.startswith("((") or len(words.body) + sum(map(len, map(str, values.values()))) > LARGEST_EMAIL // 4:
        filled = fill_email(words, Personalisation(values))
        if says_nothing(words, filled.body):
            problems.append(Problem(Kind.EMPTY, ""))
        elif filled.is_too_large:
            problems.append(Problem(Kind.TOO_LONG, "", filled.size))
    return 1, None


def _fill_text(words: Words, values: Mapping[str, Value], rules: Rules, problems: list[Problem]) -> _Filled:
    text = fill_text(words, Personalisation(values), prefix=rules.prefix)
    if text.is_empty:
        problems.append(Problem(Kind.EMPTY, ""))
    elif text.is_too_long:
        problems.append(Problem(Kind.TOO_LONG, "", text.length_without_prefix - LONGEST_MESSAGE))
    return text.fragments, text.dearer


def _fill_letter(words: Words, values: Mapping[str, Value], rules: Rules, problems: list[Problem]) -> _Filled:
    """Find values that no letter can show. The template's own words were looked at when it was saved."""
    texts = {name: " ".join(value) if isinstance(value, list) else value for name, value in values.items()}
    if undrawable(" ".join(texts.values())):
        for name, text in texts.items():
            if missing := undrawable(text):
                problems.append(Problem(Kind.NOT_DRAWN, name, characters="".join(missing[:MOST_CHARACTERS_NAMED])))
    return 1, None


_FILL: Mapping[Channel, Callable[[Words, Mapping[str, Value], Rules, list[Problem]], _Filled]] = {
    Channel.EMAIL: _fill_email,
    Channel.SMS: _fill_text,
    Channel.LETTER: _fill_letter,
}
