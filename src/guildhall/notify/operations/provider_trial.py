"""Trying an account with a provider: one message, outside the queue, to somebody who asks for it."""

from datetime import datetime
from uuid import UUID

from guildhall.contact.email_address import parse_email_address
from guildhall.contact.phone_number import parse_phone_number
from guildhall.kernel.ids import PersonId, new_id
from guildhall.kernel.refusals import Unavailable
from guildhall.kernel.tenancy import current_organisation
from guildhall.kernel.transactions import transaction
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.ids import MessageId, NotifyServiceId
from guildhall.notify.domain.personalisation import NOTHING_GIVEN
from guildhall.notify.domain.template import Words
from guildhall.notify.operations.provider_accounts import audit_account
from guildhall.notify.ports import HandedOver, NotReached, Outgoing, provider_kinds
from guildhall.notify.queries.provider_accounts import get_provider_account

_WORDS = Words("A test of Guildhall", "This is a test message from Guildhall: this account with a provider works.")


class TrialFailed(Unavailable):
    """The provider did not take the message. The words are the provider's."""


def try_provider_account(account_id: UUID, *, to: str, actor: PersonId, now: datetime) -> None:
    """Send one message by an account of the current organisation, whatever its health, and wait for the answer.

    :raises ProviderAccountNotFound: the organisation has no such account.
    :raises NotAnEmailAddress: nobody can be written to at ``to``; for texts, ``NotAPhoneNumber``.
    :raises TrialFailed: the provider did not take it.
    """
    account, settings = get_provider_account(account_id)
    recipient = parse_phone_number(to).digits if account.channel is Channel.SMS else parse_email_address(to)
    with transaction():  # before anything leaves the house: whatever comes of it, somebody has tried
        audit_account("provider.tried", account_id, account.name, actor=actor, now=now)
    provider = provider_kinds()[account.kind](settings)
    [outcome] = provider.hand_over([_message(account.channel, recipient, now)], now=now)
    if not isinstance(outcome, HandedOver):
        raise TrialFailed("" if isinstance(outcome, NotReached) else outcome.problem)


def _message(channel: Channel, recipient: str, now: datetime) -> Outgoing:
    return Outgoing(
        message_id=MessageId(new_id()),
        organisation_id=current_organisation(),
        notify_service_id=NotifyServiceId(new_id()),
        template_id=new_id(),
        template_version=1,
        channel=channel,
        recipient=recipient,
        sender_name="Guildhall",
        sender="",
        words=_WORDS,
        language="en",
        given=NOTHING_GIVEN,
        prefix=None,
        unsubscribe_url=None,
        postage="",
        accepted_at=now,
        tries=1,
        may_be_repeated=False,
    )
