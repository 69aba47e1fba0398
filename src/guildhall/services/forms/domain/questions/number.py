"""Questions that are answered with a number."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from guildhall.design.languages import Text
from guildhall.services.forms.domain.messages import blames, ours
from guildhall.services.forms.domain.questions.asking import (
    EMPTY,
    Answer,
    Checked,
    Fact,
    Question,
    Typed,
    good,
    identifier,
    refused,
)
from guildhall.services.forms.domain.reading import Entry

_NUMBER = re.compile(r"[+-]?(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)")
_LONGEST = 499
_COUNTABLE = range(-(10**30), 10**30)


@dataclass(frozen=True)
class Number(Question):
    """A number that is not negative. It may have to be whole, have few decimals, or lie within bounds.

    ``range_message`` replaces our words for a number out of bounds, in the languages it is written in.
    """

    kind = "number"
    operators = frozenset({"is", "is_not", "is_at_least", "is_at_most", "is_less_than", "is_more_than", "is_answered"})

    is_whole: bool = False
    least: int | None = None
    most: int | None = None
    decimals: int | None = None
    prefix: str = ""
    suffix: str = ""
    range_message: Text = EMPTY

    @classmethod
    def settings(cls, entry: Entry) -> dict[str, Any]:
        settings = entry.entry("settings")
        least, most = settings.find_whole_number("min", least=0), settings.find_whole_number("max", least=0)
        if least is not None and most is not None and least > most:
            settings.note("bounds_crossed", "min")
        read = {
            "is_whole": settings.flag("whole", otherwise=False),
            "least": least,
            "most": most,
            "decimals": settings.find_whole_number("decimals", least=1, most=20),
            "prefix": settings.string("prefix", otherwise="", longest=10),
            "suffix": settings.string("suffix", otherwise="", longest=10),
            "range_message": settings.find_text("range_message"),
        }
        settings.nothing_else()
        return read

    def decide(self, typed: Typed, *, today: date) -> Checked:
        number = identifier(typed)
        if not number:
            return refused(self._blames("blank")) if self.is_required else good(None)
        if not _NUMBER.fullmatch(number):
            return refused(self._blames("not_a_number"))
        # Read as text: a number of hundreds of digits is an answer to refuse, not work to do.
        if number.startswith("-") and number.strip("-0."):
            return refused(self._blames("greater_than_or_equal_to"))
        if len(number) > _LONGEST:
            return refused(self._blames("too_long"))
        return self._within_bounds(Decimal(number), number)

    def _within_bounds(self, amount: Decimal, number: str) -> Checked:
        if self.is_whole and amount != amount.to_integral_value():
            return refused(ours("not_whole"))
        if self.decimals is not None and len(number.partition(".")[2].rstrip("0")) > self.decimals:
            return refused(ours("too_many_decimals", most=self.decimals))
        if self.least is not None and amount < self.least:
            return refused(self._out_of_bounds("too_small", least=f"{self.least:,}"))
        if self.most is not None and amount > self.most:
            return refused(self._out_of_bounds("too_big", most=f"{self.most:,}"))
        return good(number)

    def shown(self, answer: Answer, language: str) -> str:
        between = " " if self.suffix[:1].isalpha() else ""
        return f"{self.prefix}{answer}{between}{self.suffix}" if isinstance(answer, str) else ""

    def fact(self, answer: Answer) -> Fact | None:
        return Decimal(answer) if isinstance(answer, str) else None

    def value(self, raw: object) -> Fact | None:
        if isinstance(raw, bool) or not isinstance(raw, int | float | str):
            return None
        if isinstance(raw, int) and raw not in _COUNTABLE:
            return None
        written = str(raw)
        return Decimal(written) if len(written) <= _LONGEST and _NUMBER.fullmatch(written) else None

    def words(self) -> tuple[Text, ...]:
        # The range message needs no Welsh of its own: ours stands in for it.
        return (self.text, self.hint)

    def _out_of_bounds(self, key: str, **bounds: str) -> Text:
        standard = ours(key, **bounds)
        return Text(self.range_message.en or standard.en, self.range_message.cy or standard.cy)

    def _blames(self, rule: str) -> Text:
        return blames("number", "number", rule)
