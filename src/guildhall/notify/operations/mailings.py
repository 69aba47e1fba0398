"""Emails that can be unsubscribed from: the link at their end, and whom they are not sent to any more."""

from collections.abc import Sequence

from guildhall.kernel.refusals import Refused
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import MessageId
from guildhall.notify.domain.template import Words
from guildhall.notify.domain.unsubscribing import with_unsubscribe_link
from guildhall.notify.operations.claims import Claimed
from guildhall.notify.queries.messages import shown_language
from guildhall.notify.queries.remembered import template_version
from guildhall.notify.queries.templates import TemplateView
from guildhall.notify.queries.unsubscribed import Subscription, unsubscribe_link, unsubscribed_among


def unsubscribed_of(emails: Sequence[Claimed]) -> frozenset[MessageId]:
    """Return which of these emails their readers do not want any more. Costs nothing where no template has a link."""
    mailings = [each for each in emails if _has_link(each)]
    unwanted = unsubscribed_among({(each.organisation_id, each.notify_service_id, each.recipient) for each in mailings})
    return frozenset(each.id for each in mailings if (each.notify_service_id, each.recipient) in unwanted)


def worded(message: Claimed, template: TemplateView, channel: Channel) -> tuple[Words, str | None]:
    """Return what a message says, with its link to unsubscribe if it has one, and where its reader unsubscribes.

    The link that a program gave stands in the email's headers; ours in its words too.
    """
    words = template.pair.shown(shown_language(message.language), channel)
    if not template.choices.has_unsubscribe_link:
        return words, message.unsubscribe_url
    url = unsubscribe_link(
        Subscription(message.organisation_id, message.notify_service_id, message.template_id, message.recipient)
    )
    return with_unsubscribe_link(words, url, language=message.language), message.unsubscribe_url or url


def _has_link(message: Claimed) -> bool:
    try:
        template = template_version(message.organisation_id, message.template_id, message.template_version)
    except Refused:  # it will not be written either, and said so then
        return False
    return template.choices.has_unsubscribe_link
