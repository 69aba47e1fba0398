"""Questions that are answered in words."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from guildhall.design.languages import Text
from guildhall.services.forms.domain.messages import blames, ours
from guildhall.services.forms.domain.questions.asking import (
    Answer,
    Checked,
    Question,
    Typed,
    good,
    identifier,
    one,
    refused,
)
from guildhall.services.forms.domain.reading import Entry

_PUNCTUATION = re.compile(r"[\s.-]")
_NATIONAL_INSURANCE = re.compile(r"(?!BG|GB|NK|KN|TN|NT|ZZ)[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z]\d{6}[A-D]", re.ASCII)


@dataclass(frozen=True)
class SingleLine(Question):
    """One line, of so many words or characters as the form allows."""

    kind = "text"
    operators = frozenset({"is", "is_not", "is_longer_than", "is_shorter_than", "has_length", "is_answered"})
    max_words: int | None = None
    min_length: int | None = None
    max_length: int | None = None

    longest: ClassVar[int] = 499
    too_long: ClassVar[str] = "single_line_too_long"
    blames: ClassVar[str] = "text"

    @classmethod
    def settings(cls, entry: Entry) -> dict[str, Any]:
        settings = entry.entry("settings")
        read = {
            "max_words": settings.find_whole_number("max_words", least=1, most=5_000),
            "min_length": settings.find_whole_number("min_length", least=1, most=cls.longest),
            "max_length": settings.find_whole_number("max_length", least=1, most=cls.longest),
        }
        if read["min_length"] and read["max_length"] and read["min_length"] > read["max_length"]:
            settings.note("bounds_crossed", "min_length")
        settings.nothing_else()
        return read

    def decide(self, typed: Typed, *, today: date) -> Checked:
        words = one(typed)
        if not words:
            return refused(blames(self.blames, "text", "blank")) if self.is_required else good(None)
        if len(words) > self.longest:
            return refused(blames(self.blames, "text", self.too_long))
        return self._within_bounds(words)

    def _within_bounds(self, words: str) -> Checked:
        if self.max_words and len(words.split()) > self.max_words:
            return refused(ours("too_many_words", most=f"{self.max_words:,}"))
        if self.max_length and len(words) > self.max_length:
            return refused(ours("too_many_characters", most=f"{self.max_length:,}"))
        if self.min_length and len(words) < self.min_length:
            return refused(ours("too_few_characters", least=f"{self.min_length:,}"))
        return good(words)


@dataclass(frozen=True)
class OrganisationName(SingleLine):
    """The name of an organisation."""

    kind = "organisation_name"
    too_long = "too_long"
    blames = "organisation_name"


@dataclass(frozen=True)
class LongText(SingleLine):
    """Several lines."""

    kind = "long_text"
    operators = frozenset({"is_longer_than", "is_shorter_than", "is_answered"})
    longest = 4_999
    too_long = "long_text_too_long"

    def decide(self, typed: Typed, *, today: date) -> Checked:
        if isinstance(typed, str):
            typed = typed.replace("\r\n", "\n").replace("\r", "\n")
        return super().decide(typed, today=today)


@dataclass(frozen=True)
class NationalInsuranceNumber(Question):
    """A National Insurance number, kept without spaces and shown in pairs."""

    kind = "national_insurance_number"
    operators = frozenset({"is_answered"})

    def decide(self, typed: Typed, *, today: date) -> Checked:
        number = _PUNCTUATION.sub("", identifier(typed)).upper()
        if not number:
            return refused(self._blames("blank")) if self.is_required else good(None)
        if not _NATIONAL_INSURANCE.fullmatch(number):
            return refused(self._blames("invalid_national_insurance_number"))
        return good(number)

    def shown(self, answer: Answer, language: str) -> str:
        return (
            " ".join(answer[place : place + 2] for place in range(0, len(answer), 2)) if isinstance(answer, str) else ""
        )

    def _blames(self, rule: str) -> Text:
        return blames(self.kind, self.kind, rule)
