"""Why a message cannot be sent, in words for the officer who wants to send it, and the field that they are about."""

from django.utils.translation import gettext_lazy

from guildhall.contact.email_address import NotAnEmailAddress
from guildhall.contact.phone_number import (
    AbroadNotAllowed,
    NotAMobile,
    NotAPhoneNumber,
    NotEnoughDigits,
    TooManyDigits,
    UnknownCharacters,
    UnknownCountry,
)
from guildhall.kernel.refusals import Refused
from guildhall.metering.operations import CapReached
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.operations import DayIsUsedUp, InTrial, MessageEmpty, MessageTooLong
from guildhall.notify.operations.accepting import ChannelNotAllowed
from guildhall.notify.queries import TemplateView

_TO = "to"
# The first that fits counts (contract: notify 1.13, the texts of the screen).
_WORDS = (
    (NotAnEmailAddress, _TO, gettext_lazy("Enter an email address, like name@example.com")),
    (TooManyDigits, _TO, gettext_lazy("Mobile number is too long")),
    (NotEnoughDigits, _TO, gettext_lazy("Mobile number is too short")),
    (UnknownCharacters, _TO, gettext_lazy("Mobile numbers can only include: 0 1 2 3 4 5 6 7 8 9 ( ) + -")),
    (UnknownCountry, _TO, gettext_lazy("Country code not found - double check the mobile number you entered")),
    (AbroadNotAllowed, _TO, gettext_lazy("This service may not send text messages to other countries")),
    (
        NotAMobile,
        _TO,
        gettext_lazy("This does not look like a UK mobile number – double check the mobile number you entered"),
    ),
    (NotAPhoneNumber, _TO, gettext_lazy("Number is not valid – double check the phone number you entered")),
    (
        InTrial,
        _TO,
        gettext_lazy("In trial mode this service can only write to your team and to people on its guest list"),
    ),
    (ChannelNotAllowed, _TO, gettext_lazy("This service may not send messages of this kind")),
    (DayIsUsedUp, _TO, gettext_lazy("This service has sent as many messages as it may today. Try again tomorrow")),
    (
        CapReached,
        _TO,
        gettext_lazy("This service’s spending cap is reached. Only emergency templates can be sent now"),
    ),
    (MessageEmpty, "", gettext_lazy("The message would be empty")),
)
_TOO_LONG = {
    Channel.SMS: gettext_lazy("The message is too long: a text message can have 918 characters"),
    Channel.EMAIL: gettext_lazy("The message is too long for an email"),
}


def words_for(refusal: Refused, template: TemplateView) -> tuple[str, str]:
    """Return the field that a refusal is about ("" for the message as a whole), and what to tell the officer.

    :raises Refused: the refusal again, where it is not about what the officer typed.
    """
    if isinstance(refusal, MessageTooLong) and template.channel in _TOO_LONG:
        return "", str(_TOO_LONG[template.channel])
    for kind, field, words in _WORDS:
        if isinstance(refusal, kind):
            return field, str(words)
    raise refusal
