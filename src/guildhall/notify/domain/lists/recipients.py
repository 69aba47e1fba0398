"""Whom a row of a list is for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from guildhall.contact.email_address import NotAnEmailAddress, parse_email_address
from guildhall.contact.phone_number import (
    AbroadNotAllowed,
    NoSuchNumber,
    NotAMobile,
    NotAPhoneNumber,
    NotEnoughDigits,
    PhoneNumber,
    TooManyDigits,
    UnknownCharacters,
    UnknownCountry,
    check_may_be_sent_to,
    parse_phone_number,
)
from guildhall.contact.postal_address import (
    CountryAfterBfpo,
    FirstLinesEmpty,
    LastLineUnknown,
    NoFixedAbode,
    NotAnAddress,
    PostalAddress,
    StrangeStart,
    TooFewLines,
    TooManyLines,
    check_address,
)
from guildhall.notify.domain.delivery import Channel
from guildhall.notify.domain.letter_address import address_from
from guildhall.notify.domain.lists.broken import is_date
from guildhall.notify.domain.lists.problems import Kind, Problem
from guildhall.notify.domain.lists.rules import Rules


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a row is for: as it is stored and compared, and as the list has it."""

    recipient: str
    as_given: str
    number: PhoneNumber | None = None
    address: PostalAddress | None = None


class NoAddressee(Exception):
    """A row does not say whom it is for."""

    def __init__(self, kind: Kind, column: str) -> None:
        super().__init__(kind)
        self.problem = Problem(kind, column)


def find_addressee(given: Mapping[str, str], rules: Rules) -> Addressee:
    """Return whom a row is for, of whose recipient columns these are the cells.

    :raises NoAddressee: nobody can be written to there, or not by this service.
    """
    return _FIND[rules.channel](given, rules)


def _find_email(given: Mapping[str, str], rules: Rules) -> Addressee:
    [(column, typed)] = given.items()
    if not typed:
        raise NoAddressee(Kind.MISSING, column)
    try:
        return Addressee(parse_email_address(typed), typed)
    except NotAnEmailAddress as fault:
        raise NoAddressee(Kind.EMAIL, column) from fault


def _find_number(given: Mapping[str, str], rules: Rules) -> Addressee:
    [(column, typed)] = given.items()
    if not typed:
        raise NoAddressee(Kind.MISSING, column)
    try:
        number = parse_phone_number(typed)
        check_may_be_sent_to(number, abroad=rules.may_text_abroad, landlines=rules.may_text_landlines)
    except NotAPhoneNumber as fault:
        raise NoAddressee(Kind.DATE if is_date(typed) else _PHONE_KINDS[type(fault)], column) from fault
    return Addressee(number.digits, typed, number)


def _find_address(given: Mapping[str, str], rules: Rules) -> Addressee:
    lines = {name: line for name, line in given.items() if line}
    if date := next((name for name, line in lines.items() if is_date(line)), None):
        raise NoAddressee(Kind.DATE, date)
    address = address_from(lines, may_be_abroad=rules.may_post_abroad)
    try:
        check_address(address)
    except NotAnAddress as fault:
        raise NoAddressee(_ADDRESS_KINDS[type(fault)], "address") from fault
    return Addressee(address.one_line, address.one_line, None, address)


_FIND: Mapping[Channel, Callable[[Mapping[str, str], Rules], Addressee]] = {
    Channel.EMAIL: _find_email,
    Channel.SMS: _find_number,
    Channel.LETTER: _find_address,
}
_PHONE_KINDS: Mapping[type[NotAPhoneNumber], Kind] = {
    TooManyDigits: Kind.PHONE_TOO_LONG,
    NotEnoughDigits: Kind.PHONE_TOO_SHORT,
    UnknownCharacters: Kind.PHONE_CHARACTERS,
    UnknownCountry: Kind.PHONE_COUNTRY,
    NoSuchNumber: Kind.PHONE_UNKNOWN,
    NotAMobile: Kind.PHONE_NOT_MOBILE,
    AbroadNotAllowed: Kind.PHONE_ABROAD,
}
_ADDRESS_KINDS: Mapping[type[NotAnAddress], Kind] = {
    TooFewLines: Kind.ADDRESS_TOO_SHORT,
    TooManyLines: Kind.ADDRESS_TOO_LONG,
    FirstLinesEmpty: Kind.ADDRESS_FIRST_LINES,
    CountryAfterBfpo: Kind.ADDRESS_BFPO,
    LastLineUnknown: Kind.ADDRESS_LAST_LINE,
    StrangeStart: Kind.ADDRESS_CHARACTERS,
    NoFixedAbode: Kind.ADDRESS_NOT_REAL,
}
