"""What decides whether a row of a list can be sent."""

from dataclasses import dataclass

from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.personalisation import key_of
from guildhall.notify.domain.template import Pair, Shown, Words


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
