"""The provider of the sandbox: recipients are pretended, and what they got can be read on a page."""

from collections.abc import Sequence
from datetime import datetime

from guildhall.notify import operations
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.template import fill_email, fill_text
from guildhall.notify.ports import HandedOver, Outcome, Outgoing
from guildhall.notify.queries import Delivered


class Sandbox:
    """Delivers everything at once into the sandbox's inbox, in a transaction of its own, each message once."""

    name = "sandbox"
    at_once = 500

    def hand_over(self, batch: Sequence[Outgoing], *, now: datetime) -> Sequence[Outcome]:
        operations.put_into_inbox([_delivered(message, now) for message in batch])
        return [HandedOver(str(message.message_id), is_delivered=True) for message in batch]


def _delivered(message: Outgoing, now: datetime) -> Delivered:
    if message.channel is not Channel.SMS:
        email = fill_email(message.words, message.given)
        return Delivered(message.message_id, message.channel, message.recipient, email.subject, email.body, now)
    text = fill_text(message.words, message.given, prefix=message.prefix)
    return Delivered(message.message_id, message.channel, message.recipient, "", text.content, now)
