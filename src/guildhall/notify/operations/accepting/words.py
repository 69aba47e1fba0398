"""How a message reads, and what that uses: one way for each channel."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from guildhall.kernel.refusals import Invalid
from guildhall.metering.domain.meters import Meter, letter_meter
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.personalisation import Personalisation
from guildhall.notify.domain.template import Words, fill_email, fill_text, says_nothing
from guildhall.notify.queries.services import NotifyServiceView


class MessageEmpty(Invalid):
    """The words came out empty."""


@dataclass(frozen=True, slots=True)
class Written:
    """The words of a message, how many units of which meter they use, and their length if that is too much."""

    subject: str | None
    body: str
    meter: Meter
    quantity: int
    too_long: int | None


def _write_email(words: Words, given: Personalisation, service: NotifyServiceView) -> Written:
    filled = fill_email(words, given)
    if says_nothing(words, filled.body):
        raise MessageEmpty("the message is empty")
    too_large = filled.size if filled.is_too_large else None
    return Written(filled.subject, filled.body, Meter.EMAILS, 1, too_large)


def _write_text(words: Words, given: Personalisation, service: NotifyServiceView) -> Written:
    sent = fill_text(words, given, prefix=service.prefix)
    if sent.is_empty:
        raise MessageEmpty("the message is empty")
    shown = fill_text(words, given, prefix=None) if service.prefix else sent
    too_long = sent.length_without_prefix if sent.is_too_long else None
    return Written(None, shown.content, Meter.SMS_FRAGMENTS, sent.fragments, too_long)


def _write_letter(words: Words, given: Personalisation, service: NotifyServiceView) -> Written:
    """Return a letter as an API tells it. What it uses is counted when it is printed: it may be cancelled before."""
    filled = fill_email(words, given)
    if says_nothing(words, filled.body):
        raise MessageEmpty("the message is empty")
    return Written(filled.subject, filled.body, letter_meter("second"), 0, None)


WRITE: Mapping[Channel, Callable[[Words, Personalisation, NotifyServiceView], Written]] = {
    Channel.EMAIL: _write_email,
    Channel.SMS: _write_text,
    Channel.LETTER: _write_letter,
}
