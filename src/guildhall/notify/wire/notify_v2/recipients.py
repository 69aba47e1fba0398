"""What the API says of a recipient that cannot be reached, exactly (contract: notify 1.4 to 1.6).

Source of the texts: alphagov/notifications-utils:notifications_utils/recipient_validation/errors.py, postal_address.py,
alphagov/notifications-api:app/v2/errors.py.
"""

from collections.abc import Mapping

from guildhall.contact.email_address import NotAnEmailAddress
from guildhall.contact.phone_number import (
    AbroadNotAllowed,
    NoSuchNumber,
    NotAMobile,
    NotEnoughDigits,
    TooManyDigits,
    UnknownCharacters,
    UnknownCountry,
)
from guildhall.contact.postal_address import (
    FEWEST_LINES,
    MOST_LINES,
    CountryAfterBfpo,
    FirstLinesEmpty,
    LastLineUnknown,
    NoFixedAbode,
    StrangeStart,
    TooFewLines,
    TooManyLines,
)
from guildhall.kernel.refusals import Invalid

_WORDS: Mapping[type[Invalid], str] = {
    NotAnEmailAddress: "Not a valid email address",
    TooManyDigits: "Too many digits",
    NotEnoughDigits: "Not enough digits",
    UnknownCharacters: "Must not contain letters or symbols",
    UnknownCountry: "Not a valid country prefix",
    NoSuchNumber: "Number is not valid – double check the phone number you entered",
    NotAMobile: "Not a UK mobile number",
    AbroadNotAllowed: "Cannot send to international mobile numbers",
    TooFewLines: f"Address must be at least {FEWEST_LINES} lines",
    TooManyLines: f"Address must be no more than {MOST_LINES} lines",
    FirstLinesEmpty: "The first 2 lines of the address must both include at least one alphanumeric character",
    CountryAfterBfpo: "The last line of a BFPO address must not be a country.",
    StrangeStart: "Address lines must not start with any of the following characters: @ ( ) = [ ] ” \\ / , < >",
    NoFixedAbode: "Must be a real address",
}
_LAST_LINE = "Must be a real UK postcode"
_LAST_LINE_ABROAD = "Last line of address must be a real UK postcode or another country"


def words_of(refusal: Invalid) -> str:
    """Return what is said of a recipient that was refused."""
    if isinstance(refusal, LastLineUnknown):
        return _LAST_LINE_ABROAD if refusal.may_be_abroad else _LAST_LINE
    return _WORDS[type(refusal)]
