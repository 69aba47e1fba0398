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
    """One line."""

    kind = "text"
    operators = frozenset({"is", "is_not", "is_longer_than", "is_shorter_than", "has_length", "is_answered"})
    longest: ClassVar[int] = 499
    too_long: ClassVar[str] = "single_line_too_long"
    blames: ClassVar[str] = "text"

    def decide(self, typed: Typed, *, today: date) -> Checked:
        words = one(typed)
        if not words:
            return refused(blames(self.blames, "text", "blank")) if self.is_required else good(None)
        if len(words) > self.longest:
            return refused(blames(self.blames, "text", self.too_long))
        return good(words)


@dataclass(frozen=True)
class OrganisationName(SingleLine):
    """The name of an organisation."""

    kind = "organisation_name"
    too_long = "too_long"
    blames = "organisation_name"


@dataclass(frozen=True)
class LongText(SingleLine):
    """Several lines, which may have to be few words."""

    kind = "long_text"
    operators = frozenset({"is_longer_than", "is_shorter_than", "is_answered"})
    longest = 4_999
    too_long = "long_text_too_long"

    max_words: int | None = None

    @classmethod
    def settings(cls, entry: Entry) -> dict[str, Any]:
        settings = entry.entry("settings")
        max_words = settings.find_whole_number("max_words", least=1, most=5_000)
        settings.nothing_else()
        return {"max_words": max_words}

    def decide(self, typed: Typed, *, today: date) -> Checked:
        if isinstance(typed, str):
            typed = typed.replace("\r\n", "\n").replace("\r", "\n")
        checked = super().decide(typed, today=today)
        if self.max_words and isinstance(checked.answer, str) and len(checked.answer.split()) > self.max_words:
            return refused(ours("too_many_words", most=f"{self.max_words:,}"))
        return checked


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
