"""Who somebody is and where they live: names and addresses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from guildhall.contact.postcode import NotAPostcode, parse_postcode
from guildhall.services.forms.domain.messages import blames
from guildhall.services.forms.domain.questions.asking import (
    Answer,
    Checked,
    Fault,
    Question,
    Typed,
    good,
    parts,
)
from guildhall.services.forms.domain.reading import Entry

_NAME_PARTS = {
    "full_name": ("full_name",),
    "first_and_last_name": ("first_name", "last_name"),
    "first_middle_and_last_name": ("first_name", "middle_names", "last_name"),
}
_LONGEST = {"title": 99, "street_address": 4_999}


@dataclass(frozen=True)
class InParts(Question):
    """A question with several inputs. Left optional it accepts that all of them are empty, and nothing in between."""

    operators = frozenset({"is_answered"})

    def asked_for(self) -> tuple[str, ...]:
        """List the parts, in the order they are asked."""
        raise NotImplementedError

    def needed(self) -> frozenset[str]:
        """Name the parts that cannot be left empty."""
        raise NotImplementedError

    def decide(self, typed: Typed, *, today: date) -> Checked:
        given = {part: parts(typed).get(part, "") for part in self.asked_for()}
        if not self.is_required and not any(given.values()):
            return good(None)
        faults = tuple(fault for part, words in given.items() for fault in self._faults(part, words))
        return Checked(None, faults) if faults else good(self._kept(given))

    def typed(self, answer: Answer) -> Typed:
        return answer if isinstance(answer, Mapping) else {}

    def shown(self, answer: Answer, language: str) -> str:
        return "\n".join(self._given(answer))

    def fact(self, answer: Answer) -> str | None:
        return self.shown(answer, "en") or None

    def _given(self, answer: Answer) -> list[str]:
        given = answer if isinstance(answer, Mapping) else {}
        return [given[part] for part in self.asked_for() if given.get(part)]

    def _faults(self, part: str, words: str) -> list[Fault]:
        if not words:
            return [Fault(blames(self._blames, part, "blank"), part)] if part in self.needed() else []
        if len(words) > _LONGEST.get(part, 499):
            return [Fault(blames(self._blames, part, "too_long"), part)]
        return []

    def _kept(self, given: dict[str, str]) -> dict[str, str]:
        return {part: words for part, words in given.items() if words}

    @property
    def _blames(self) -> str:
        return self.kind


@dataclass(frozen=True)
class Name(InParts):
    """A person's name, in as many parts as the form needs. Any character may be in a name."""

    kind = "name"

    sort: str = "full_name"
    has_title: bool = False

    @classmethod
    def settings(cls, entry: Entry) -> dict[str, Any]:
        settings = entry.entry("settings")
        sort = settings.one_of("input_type", tuple(_NAME_PARTS), otherwise="full_name")
        has_title = settings.flag("title_needed", otherwise=False)
        settings.nothing_else()
        return {"sort": sort, "has_title": has_title}

    def asked_for(self) -> tuple[str, ...]:
        return (("title",) if self.has_title else ()) + _NAME_PARTS[self.sort]

    def needed(self) -> frozenset[str]:
        return frozenset(_NAME_PARTS[self.sort]) - {"middle_names"}

    def shown(self, answer: Answer, language: str) -> str:
        return " ".join(self._given(answer))


@dataclass(frozen=True)
class Address(InParts):
    """An address in the United Kingdom, or anywhere."""

    kind = "address"

    is_international: bool = False

    @classmethod
    def settings(cls, entry: Entry) -> dict[str, Any]:
        settings = entry.entry("settings")
        sort = settings.one_of("input_type", ("uk_address", "international_address"), otherwise="uk_address")
        settings.nothing_else()
        return {"is_international": sort == "international_address"}

    def asked_for(self) -> tuple[str, ...]:
        if self.is_international:
            return ("street_address", "country")
        return ("address1", "address2", "town_or_city", "county", "postcode")

    def needed(self) -> frozenset[str]:
        return frozenset(self.asked_for()) - {"address2", "county"}

    def _faults(self, part: str, words: str) -> list[Fault]:
        if part != "postcode" or not words:
            return super()._faults(part, words)
        try:
            parse_postcode(words)
        except NotAPostcode:
            return [Fault(blames("address", "postcode", "invalid_postcode"), part)]
        return []

    def _kept(self, given: dict[str, str]) -> dict[str, str]:
        kept = super()._kept(given)
        return kept | ({"postcode": str(parse_postcode(kept["postcode"]))} if "postcode" in kept else {})
