"""Questions that are answered by choosing."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from guildhall.design.languages import Text
from guildhall.services.forms.domain.messages import blames, govuk, ours
from guildhall.services.forms.domain.questions.asking import (
    EMPTY,
    Answer,
    Checked,
    Chosen,
    Fact,
    Question,
    Typed,
    good,
    one,
    refused,
    several,
)
from guildhall.services.forms.domain.reading import Entry

NONE_OF_THE_ABOVE = "none_of_the_above"
MOST_OPTIONS = 3_000


@dataclass(frozen=True)
class Option:
    """One of the answers. Values are the same in every language; labels are words.

    An exclusive option cannot be ticked together with another.
    """

    value: str
    label: Text
    hint: Text = EMPTY
    is_exclusive: bool = False


@dataclass(frozen=True)
class FollowUp:
    """What is asked of somebody who chose none of the options."""

    text: Text
    is_required: bool


@dataclass(frozen=True)
class Choice(Question):
    """Options to choose from. An optional choice still needs one: it offers "None of the above" (contract 1.5)."""

    options: tuple[Option, ...] = ()
    follow_up: FollowUp | None = None

    most_options: ClassVar[int] = MOST_OPTIONS

    @classmethod
    def settings(cls, entry: Entry) -> dict[str, Any]:
        settings = entry.entry("settings")
        follow_up = _follow_up(settings) if "none_of_the_above_question" in settings else None
        settings.nothing_else()
        return {"options": _options(entry, cls.most_options), "follow_up": follow_up}

    @property
    def offered(self) -> tuple[Option, ...]:
        """Return the options, and "None of the above" if nobody has to choose one of them."""
        if self.is_required:
            return self.options
        return (*self.options, Option(NONE_OF_THE_ABOVE, govuk("page.none_of_the_above"), is_exclusive=True))

    def label(self) -> Text:
        return self.text

    def words(self) -> tuple[Text, ...]:
        of_options = tuple(words for option in self.options for words in (option.label, option.hint))
        return (self.text, self.hint, *of_options, *((self.follow_up.text,) if self.follow_up else ()))

    def typed(self, answer: Answer) -> Typed:
        chosen = _chosen(answer)
        values = (chosen,) if isinstance(chosen, str) and chosen else tuple(chosen)
        return Chosen(values, self.follow_up_of(answer))

    def follow_up_of(self, answer: Answer) -> str:
        """Return what somebody wrote who chose none of the options."""
        return answer.get("none_of_the_above_answer", "") if isinstance(answer, Mapping) else ""

    def value(self, raw: object) -> Fact | None:
        value = raw.strip() if isinstance(raw, str) else ""
        return value if value in {option.value for option in self.offered} else None

    def _label(self, value: str, answer: Answer, language: str) -> str:
        label = next((option.label.in_(language) for option in self.offered if option.value == value), value)
        other = self.follow_up_of(answer)
        return f"{label} - {other}" if other and value == NONE_OF_THE_ABOVE else label

    def _with_follow_up(self, chosen: str | list[str], other: str) -> Checked:
        """Keep what was chosen, and what was written besides by somebody who chose none of the options."""
        if self.follow_up is None or NONE_OF_THE_ABOVE not in chosen:
            return good(chosen)
        if not other:
            if self.follow_up.is_required:
                return refused(_blames("none_of_the_above_answer", "blank"), "none_of_the_above_answer")
            return good(chosen)
        if len(other) > 499:
            return refused(_blames("none_of_the_above_answer", "too_long"), "none_of_the_above_answer")
        return good({"selection": NONE_OF_THE_ABOVE, "none_of_the_above_answer": other})

    def _unlisted(self, chosen: tuple[str, ...]) -> bool:
        return not set(chosen) <= {option.value for option in self.offered}


@dataclass(frozen=True)
class Radios(Choice):
    """One of several."""

    kind = "radios"
    operators = frozenset({"is", "is_not", "is_answered"})

    def decide(self, typed: Typed, *, today: date) -> Checked:
        chosen, other = _with_other(typed)
        if not chosen:
            return refused(_blames("selection", "blank"))
        if self._unlisted(chosen[:1]):
            return refused(_blames("selection", "inclusion"))
        return self._with_follow_up(chosen[0], other)

    def shown(self, answer: Answer, language: str) -> str:
        chosen = _chosen(answer)
        return self._label(chosen, answer, language) if isinstance(chosen, str) and chosen else ""

    def fact(self, answer: Answer) -> Fact | None:
        chosen = _chosen(answer)
        return chosen if isinstance(chosen, str) and chosen else None


@dataclass(frozen=True)
class Checkboxes(Choice):
    """Any number of several."""

    kind = "checkboxes"
    operators = frozenset({"contains", "does_not_contain", "is_answered"})
    most_options = 30

    def decide(self, typed: Typed, *, today: date) -> Checked:
        chosen, other = _with_other(typed)
        if not chosen:
            rule = "checkbox_blank" if self.is_required else "both_none_and_value_selected"
            return refused(_blames("selection", rule))
        if self._unlisted(chosen):
            return refused(_blames("selection", "inclusion"))
        alone = next((option for option in self.offered if option.is_exclusive and option.value in chosen), None)
        if alone and len(chosen) > 1:
            return refused(self._together_with(alone))
        in_order = [option.value for option in self.offered if option.value in chosen]
        return self._with_follow_up(in_order, other)

    def shown(self, answer: Answer, language: str) -> str:
        chosen = _chosen(answer)
        values = [chosen] if isinstance(chosen, str) else chosen
        return "\n".join(self._label(value, answer, language) for value in values if value)

    def fact(self, answer: Answer) -> Fact | None:
        chosen = _chosen(answer)
        return (chosen,) if isinstance(chosen, str) and chosen else tuple(chosen) or None

    def _together_with(self, alone: Option) -> Text:
        if alone.value == NONE_OF_THE_ABOVE:
            return _blames("selection", "both_none_and_value_selected")
        return ours("both_exclusive_and_value_selected", option=alone.label)


@dataclass(frozen=True)
class YesNo(Question):
    """Yes or no. Welsh has no one word for either, so a form may say what they are here."""

    kind = "yes_no"
    operators = frozenset({"is", "is_not", "is_answered"})

    yes: Text = EMPTY
    no: Text = EMPTY

    @classmethod
    def settings(cls, entry: Entry) -> dict[str, Any]:
        settings = entry.entry("settings")
        read = {"yes": settings.find_text("yes"), "no": settings.find_text("no")}
        settings.nothing_else()
        return read

    @property
    def offered(self) -> tuple[Option, ...]:
        """Return yes and no."""
        return (Option("yes", _or(self.yes, ours("yes"))), Option("no", _or(self.no, ours("no"))))

    def decide(self, typed: Typed, *, today: date) -> Checked:
        chosen = several(typed)
        if not chosen:
            return refused(_blames("selection", "blank")) if self.is_required else good(None)
        if chosen[0] not in {option.value for option in self.offered}:
            return refused(_blames("selection", "inclusion"))
        return good(chosen[0])

    def shown(self, answer: Answer, language: str) -> str:
        return next((option.label.in_(language) for option in self.offered if option.value == answer), "")

    def value(self, raw: object) -> Fact | None:
        return raw if raw in ("yes", "no") else None

    def words(self) -> tuple[Text, ...]:
        return (self.text, self.hint, self.yes, self.no)


@dataclass(frozen=True)
class Declaration(Question):
    """A statement that has to be agreed to."""

    kind = "declaration"
    operators = frozenset({"is_answered"})

    statement: Text = EMPTY

    @classmethod
    def settings(cls, entry: Entry) -> dict[str, Any]:
        settings = entry.entry("settings")
        statement = settings.find_text("statement", longest=2_000)
        settings.nothing_else()
        return {"statement": statement}

    @property
    def offered(self) -> tuple[Option, ...]:
        """Return the one box there is to tick."""
        return (Option("agreed", _or(self.statement, ours("i_agree"))),)

    def decide(self, typed: Typed, *, today: date) -> Checked:
        if several(typed) == ("agreed",):
            return good("agreed")
        return refused(ours("declaration_not_agreed")) if self.is_required else good(None)

    def typed(self, answer: Answer) -> Typed:
        return ("agreed",) if answer == "agreed" else ()

    def shown(self, answer: Answer, language: str) -> str:
        return self.offered[0].label.in_(language) if answer == "agreed" else ""

    def words(self) -> tuple[Text, ...]:
        return (self.text, self.hint, self.statement)


def _options(entry: Entry, most: int) -> tuple[Option, ...]:
    options = tuple(_option(each) for each in entry.entries("options", required=True))
    if len(options) > most:
        entry.note("too_many_options", "options", most=most)
    times = Counter(option.value for option in options if option.value)
    for value in sorted(value for value, number in times.items() if number > 1):
        entry.note("same_option_twice", "options", value=value)
    return options


def _option(entry: Entry) -> Option:
    option = Option(
        entry.string("value", longest=500),
        entry.text("label", longest=1_000),
        entry.find_text("hint"),
        entry.flag("exclusive", otherwise=False),
    )
    if option.value == NONE_OF_THE_ABOVE:
        entry.note("reserved_value", "value", value=option.value)
    entry.nothing_else()
    return option


def _follow_up(settings: Entry) -> FollowUp:
    entry = settings.entry("none_of_the_above_question")
    follow_up = FollowUp(entry.text("text", longest=250), not entry.flag("is_optional", otherwise=False))
    entry.nothing_else()
    return follow_up


def _with_other(typed: Typed) -> tuple[tuple[str, ...], str]:
    """Take apart what was chosen and what was written for "None of the above"."""
    return several(typed), one(typed.other) if isinstance(typed, Chosen) else ""


def _chosen(answer: Answer) -> str | list[str]:
    if isinstance(answer, Mapping):
        return answer.get("selection", "")
    return answer if answer is not None else ""


def _or(text: Text, standard: Text) -> Text:
    return Text(text.en or standard.en, text.cy or standard.cy)


def _blames(attribute: str, rule: str) -> Text:
    return blames("selection", attribute, rule)
