"""Questions that are answered with a date."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from guildhall.design import languages
from guildhall.services.forms.domain.messages import blames, ours
from guildhall.services.forms.domain.questions.asking import (
    Answer,
    Checked,
    Fact,
    Question,
    Typed,
    good,
    identifier,
    parts,
    refused,
)
from guildhall.services.forms.domain.reading import Entry

MONTHS = {
    language: tuple(names.split())
    for language, names in {
        "en": "January February March April May June July August September October November December",
        "cy": "Ionawr Chwefror Mawrth Ebrill Mai Mehefin Gorffennaf Awst Medi Hydref Tachwedd Rhagfyr",
    }.items()
}
_SHORT_WELSH = {
    name: MONTHS["cy"].index(whole) + 1
    for whole in MONTHS["cy"]
    for name in (whole[:3].lower(), whole[:4].lower())
    if whole != "Mai"
}
_SHORT_ENGLISH = {name[:3].lower(): number for number, name in enumerate(MONTHS["en"], start=1)} | {"sept": 9}
_NAMED = (
    {name.lower(): number for names in MONTHS.values() for number, name in enumerate(names, start=1)}
    | _SHORT_ENGLISH
    | _SHORT_WELSH
)


MOST_DAYS = 100_000


@dataclass(frozen=True)
class Day(Question):
    """A date. The month may be typed as a word, in either language (account contract 4.4).

    A birthday lies in the past; ``is_from_today`` wants one that does not. ``days_back`` and ``days_ahead`` say how far
    from today a date may lie.
    """

    kind = "date"
    operators = frozenset({"is", "is_not", "is_before", "is_after", "is_answered"})

    is_birthday: bool = False
    is_from_today: bool = False
    days_back: int | None = None
    days_ahead: int | None = None

    @classmethod
    def settings(cls, entry: Entry) -> dict[str, Any]:
        settings = entry.entry("settings")
        sort = settings.one_of("input_type", ("other_date", "date_of_birth"), otherwise="other_date")
        is_from_today = settings.flag("from_today", otherwise=False)
        days = {key: settings.find_whole_number(key, least=0, most=MOST_DAYS) for key in ("days_back", "days_ahead")}
        settings.nothing_else()
        return {"is_birthday": sort == "date_of_birth", "is_from_today": is_from_today, **days}

    def decide(self, typed: Typed, *, today: date) -> Checked:
        given = [identifier(parts(typed).get(part, "")) for part in ("day", "month", "year")]
        if not any(given):
            return refused(self._blames("blank")) if self.is_required else good(None)
        if not all(given):
            missing = next(part for part, words in zip(("day", "month", "year"), given, strict=True) if not words)
            return refused(self._blames("blank_date_fields"), missing)
        day, month, year = _positive(given[0]), _month(given[1]), _positive(given[2])
        if not (day and month and year) or not _is_real(day, month, year):
            return refused(self._blames("invalid_date"))
        if not 1000 <= year <= 9999:
            return refused(self._blames("invalid_number_of_digits_for_year"), "year")
        return self._at_its_time(date(year, month, day), today)

    def _at_its_time(self, day: date, today: date) -> Checked:
        if self.is_birthday and day > today:
            return refused(self._blames("future_date"))
        if self.is_from_today and day < today:
            return refused(ours("in_the_past"))
        if self.days_back is not None and (today - day).days > self.days_back:
            return refused(ours("too_early", day=_in_words(today - timedelta(days=self.days_back))))
        if self.days_ahead is not None and (day - today).days > self.days_ahead:
            return refused(ours("too_late", day=_in_words(today + timedelta(days=self.days_ahead))))
        return good(day.isoformat())

    def typed(self, answer: Answer) -> Typed:
        if not isinstance(answer, str):
            return {}
        day = date.fromisoformat(answer)
        return {"day": str(day.day), "month": str(day.month), "year": str(day.year)}

    def shown(self, answer: Answer, language: str) -> str:
        if not isinstance(answer, str):
            return ""
        return written_out(date.fromisoformat(answer), language)

    def fact(self, answer: Answer) -> Fact | None:
        return date.fromisoformat(answer) if isinstance(answer, str) else None

    def value(self, raw: object) -> Fact | None:
        try:
            return date.fromisoformat(raw) if isinstance(raw, str) else None
        except ValueError:
            return None

    def _blames(self, rule: str) -> languages.Text:
        return blames("date", "date", rule)


def written_out(day: date, language: str) -> str:
    """Write a day out as people read it."""
    return f"{day.day} {MONTHS['cy' if language == 'cy' else 'en'][day.month - 1]} {day.year}"


def _in_words(day: date) -> languages.Text:
    return languages.Text(written_out(day, "en"), written_out(day, "cy"))


def _positive(words: str) -> int | None:
    number = int(words) if words.isascii() and words.isdigit() and len(words) <= 9 else 0
    return number or None


def _month(words: str) -> int | None:
    return _NAMED.get(words.lower().rstrip(".")) or _positive(words)


def _is_real(day: int, month: int, year: int) -> bool:
    # The calendar repeats every 400 years; Python's own stops at 9999, and later years have their own message.
    return month <= 12 and day <= monthrange(2000 + year % 400, month)[1]
