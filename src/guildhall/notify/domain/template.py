"""A template: words in English and Welsh, of which a message shows one or both."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Literal
from uuid import UUID

from guildhall.kernel.text import is_blank
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.email_message import LARGEST_EMAIL, write_body, write_subject
from guildhall.notify.domain.personalisation import Personalisation, key_of
from guildhall.notify.domain.text_message import TextMessage, write_text_message
from guildhall.notify.domain.wording import read_wording

Shown = Literal["en", "cy", "both"]


class Postage(StrEnum):
    """How fast a letter of a template goes."""

    FIRST = "first"
    SECOND = "second"
    ECONOMY = "economy"


class LetterLanguage(StrEnum):
    """Which of its languages a letter is printed in."""

    ENGLISH = "english"
    WELSH_THEN_ENGLISH = "welsh_then_english"


@dataclass(frozen=True, slots=True)
class Choices:
    """What a template's writer chose besides its words. ``sender_id`` None means the service's default."""

    sender_id: UUID | None = None
    has_unsubscribe_link: bool = False
    postage: Postage | None = None
    contact_block_id: UUID | None = None
    letter_language: LetterLanguage | None = None


NO_CHOICES = Choices()


@dataclass(frozen=True, slots=True)
class Words:
    """What a template says in one language. A text has no subject."""

    subject: str
    body: str

    @property
    def is_empty(self) -> bool:
        return is_blank(self.subject) and is_blank(self.body)

    @property
    def names(self) -> list[str]:
        """What the words ask for: in the subject, then in the body."""
        return list(_names_in(self.subject, self.body))


@lru_cache(maxsize=4096)
def _names_in(subject: str, body: str) -> tuple[str, ...]:
    first_spelling: dict[str, str] = {}
    for name in (*read_wording(subject).names, *read_wording(body).names):
        first_spelling.setdefault(key_of(name), name)
    return tuple(first_spelling.values())


NO_WORDS = Words("", "")


@dataclass(frozen=True, slots=True)
class Pair:
    """The same message in English and Welsh. Empty Welsh words mean that nobody has translated it yet."""

    english: Words
    welsh: Words = NO_WORDS

    def shown(self, language: Shown, channel: Channel) -> Words:
        """Return what a message in that language says; English where there is no Welsh."""
        if language == "en" or self.welsh.is_empty:
            return self.english
        if language == "cy":
            return self.welsh
        divider = "\n\n---\n\n" if channel is Channel.EMAIL else "\n\n"
        subjects = (self.english.subject, self.welsh.subject)
        return Words(
            " / ".join(subject for subject in subjects if subject),
            f"{self.english.body}{divider}{self.welsh.body}",
        )


@dataclass(frozen=True, slots=True)
class FilledEmail:
    """An email as an API tells it: the body with its Markdown."""

    subject: str
    body: str

    @property
    def size(self) -> int:
        return len(self.body.encode())

    @property
    def is_too_large(self) -> bool:
        return len(self.body) > LARGEST_EMAIL // 4 and self.size > LARGEST_EMAIL


def fill_email(words: Words, given: Personalisation) -> FilledEmail:
    return FilledEmail(write_subject(words.subject, given), write_body(words.body, given))


def fill_text(words: Words, given: Personalisation, *, prefix: str | None) -> TextMessage:
    return write_text_message(words.body, given, prefix=prefix)


def says_nothing(words: Words, filled: str) -> bool:
    """Decide whether a message came out empty, which only one that is nothing but a gap can."""
    return not filled.strip() and words.body.startswith("((") and words.body.endswith("))")


def personalisation_asked_for(pair: Pair) -> Mapping[str, Mapping[str, bool]]:
    """Return what a sender must give, in the shape that templates are described in."""
    return {name: {"required": True} for name in pair.english.names}
