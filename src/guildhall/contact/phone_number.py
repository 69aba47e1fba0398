"""Which phone numbers can be sent a text message, and what the country they are in costs.

Whether a number exists is libphonenumber's judgement. Around it stand the habits of senders' lists: a country code
without its plus, a plus before a zero, brackets and hyphens.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import phonenumbers
from phonenumbers import PhoneNumberType, ValidationResult

from guildhall.kernel.refusals import Invalid
from guildhall.kernel.text import clean_identifier

UNITED_KINGDOM = 44
LONGEST = 200
"""Characters, with everything that people put between the digits."""
LONGEST_TYPED = 1_000
"""With the space around it. Nothing longer is a number, nor kept to be known again."""

_ALLOWED_CHARACTERS = frozenset("0123456789()-+ ")
_LANDLINES = frozenset({PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.UAN})
_REACHABLE = _LANDLINES | {PhoneNumberType.MOBILE, PhoneNumberType.PERSONAL_NUMBER}
_EVERYDAY = re.compile(r"(?:\+?44|0)?(7[0-9]{9})")


class NotAPhoneNumber(Invalid):
    """The text is not a number that a text message can be sent to."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class TooManyDigits(NotAPhoneNumber):
    """Longer than any number of its country."""


class NotEnoughDigits(NotAPhoneNumber):
    """Shorter than any number of its country, or empty."""


class UnknownCharacters(NotAPhoneNumber):
    """Something in it is neither a digit, a space, nor one of ``( ) + -``."""


class UnknownCountry(NotAPhoneNumber):
    """No country has this prefix, or none that we know the price of."""


class NoSuchNumber(NotAPhoneNumber):
    """No phone has this number, wherever it is, or only one that costs its owner money to be written to."""


class NotAMobile(NotAPhoneNumber):
    """The number exists, but the sender may only write to UK mobiles."""


class AbroadNotAllowed(NotAMobile):
    """The number is abroad and the sender may only write within the UK."""


@dataclass(frozen=True, slots=True)
class Country:
    """What is charged and known about one dialling prefix."""

    prefix: str
    rate_multiplier: int
    gives_receipts: bool
    lets_names_through: bool


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A number that can be reached.

    ``digits`` is the form that is stored and compared: the international number without its plus. A number of Jersey,
    Guernsey or the Isle of Man is priced as abroad and never refused as abroad.
    """

    digits: str
    for_people: str
    is_abroad: bool
    is_crown_dependency: bool
    is_landline: bool
    country: Country

    @property
    def rate_multiplier(self) -> int:
        return self.country.rate_multiplier if self.is_abroad else 1

    @property
    def is_unlikely(self) -> bool:
        """Whether it is taken because it begins like a mobile for films, and is no such length: ``0770090``."""
        national = self.digits.removeprefix(str(UNITED_KINGDOM)).lstrip("0")
        return not self.is_abroad and national.startswith("7700") and len(self.digits) != len("447700900000")


@lru_cache(maxsize=1024)
def parse_phone_number(typed: str) -> PhoneNumber:
    """Return the number a text message can be sent to, wherever it is.

    :raises NotAPhoneNumber: one of its kinds, saying what is wrong with the number.
    """
    number = typed.strip()
    if len(typed) > LONGEST_TYPED or len(number) > LONGEST:
        raise NoSuchNumber if _without_slips(_clean(typed)) else NotEnoughDigits
    return _find_everyday_mobile(number) or _parse_any(typed)


def _find_everyday_mobile(typed: str) -> PhoneNumber | None:
    """Return the number if it is plainly a mobile of Great Britain, as most are, at a fiftieth of the work."""
    found = _EVERYDAY.fullmatch(typed.replace(" ", ""))
    if found is None or not _british_mobiles().fullmatch(found.group(1)):
        return None
    national = found.group(1)
    return PhoneNumber(
        digits=f"{UNITED_KINGDOM}{national}",
        for_people=f"0{national[:4]} {national[4:]}",
        is_abroad=False,
        is_crown_dependency=False,
        is_landline=False,
        country=_COUNTRIES[str(UNITED_KINGDOM)],
    )


@lru_cache(maxsize=1)
def _british_mobiles() -> re.Pattern[str]:
    known: Any = phonenumbers.PhoneMetadata.metadata_for_region("GB")
    return re.compile(known.mobile.national_number_pattern, re.ASCII)


def _parse_any(typed: str) -> PhoneNumber:
    number = _read(_clean(typed))
    is_uk = number.country_code == UNITED_KINGDOM
    is_crown_dependency = is_uk and not _is_for_drama(number) and phonenumbers.region_code_for_number(number) != "GB"
    form = phonenumbers.PhoneNumberFormat.NATIONAL if is_uk else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    digits = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).lstrip("+")
    return PhoneNumber(
        digits=digits,
        for_people=phonenumbers.format_number(number, form),
        is_abroad=not is_uk or is_crown_dependency,
        is_crown_dependency=is_crown_dependency,
        is_landline=is_uk and phonenumbers.number_type(number) in _LANDLINES,
        country=_country_of(digits, number.country_code),
    )


def check_may_be_sent_to(number: PhoneNumber, *, abroad: bool, landlines: bool) -> None:
    """Refuse a number outside what a sender is allowed.

    :raises AbroadNotAllowed: the number is in another country.
    :raises NotAMobile: the number is a UK landline.
    """
    if number.is_abroad and not number.is_crown_dependency and not abroad:
        raise AbroadNotAllowed
    if number.is_landline and not landlines:
        raise NotAMobile


def normalise_sender(sender: str) -> str:
    """Return a sender as phones show it: a UK number in international digits, a name as it is."""
    if not sender.isascii() or not sender.isdigit() or len(sender) < 10:
        return sender
    return f"44{sender[1:]}" if sender.startswith("0") else sender


def _clean(typed: str) -> str:
    number = clean_identifier(typed)
    if not _ALLOWED_CHARACTERS.issuperset(number):
        raise UnknownCharacters
    if typed and not number:
        raise NoSuchNumber  # of nothing but space the reference does not say that it is too short
    return number


def _read(typed: str) -> phonenumbers.PhoneNumber:
    """Read a number as dialled in Britain; failing that, without its pluses and first noughts (contract: notify 1.13).

    What is refused twice is refused for what is wrong with it the second time, as the reference does.
    """
    try:
        return _read_as_it_stands(typed)
    except NotAPhoneNumber:
        return _read_as_it_stands(_without_slips(typed))


def _read_as_it_stands(typed: str) -> phonenumbers.PhoneNumber:
    if not typed:
        raise NotEnoughDigits
    number = _find(typed, dialled_in="GB")
    if number is None:
        raise NoSuchNumber
    length = phonenumbers.is_possible_number_with_reason(number)
    if length != ValidationResult.IS_POSSIBLE:
        number = _find_with_forgotten_plus(typed)
    if number is None:
        raise _REFUSAL_FOR_LENGTH.get(length, NoSuchNumber)
    if not _is_for_drama(number) and not _is_reachable(number):
        raise NoSuchNumber
    return number


def _without_slips(typed: str) -> str:
    return typed.replace("+", "").lstrip("0")


def _find(text: str, *, dialled_in: str | None) -> phonenumbers.PhoneNumber | None:
    """Return the number that a text could be; None also where it has more digits than any number anywhere."""
    try:
        return phonenumbers.parse(text, dialled_in)
    except phonenumbers.NumberParseException:
        return None


def _find_with_forgotten_plus(text: str) -> phonenumbers.PhoneNumber | None:
    number = _find(f"+{text}", dialled_in=None)
    return number if number is not None and phonenumbers.is_possible_number(number) else None


def _is_for_drama(number: phonenumbers.PhoneNumber) -> bool:
    """Decide whether it is one of Ofcom's numbers for films, which everybody uses in tests.

    Wider than Ofcom's list (07700 900000 to 900999) because senders' test data has always been taken more widely
    (alphagov/notifications-utils:notifications_utils/recipient_validation/phone_number.py).
    """
    national = str(number.national_number)
    return number.country_code == UNITED_KINGDOM and national.startswith("7700") and len(national) > len("7700")


def _is_reachable(number: phonenumbers.PhoneNumber) -> bool:
    return phonenumbers.is_valid_number(number) and phonenumbers.number_type(number) in _REACHABLE


def _country_of(digits: str, country_code: int | None) -> Country:
    """Return the price band. Within +1 some islands have their own, under four digits."""
    for prefix in (digits[:4], str(country_code)) if country_code == 1 else (str(country_code),):
        if prefix in _COUNTRIES:
            return _COUNTRIES[prefix]
    raise UnknownCountry


def _read_countries() -> Mapping[str, Country]:
    """Read what each country costs.

    Source: alphagov/notifications-utils:notifications_utils/international_billing_rates.yml, MIT, Crown copyright.
    """
    rows = json.loads(resources.files("guildhall.contact").joinpath("data/international_sms_rates.json").read_bytes())
    return {
        prefix: Country(
            prefix,
            row["rate_multiplier"],
            gives_receipts=row["attributes"]["dlr"] == "YES",
            lets_names_through=row["attributes"]["alpha"] != "NO",
        )
        for prefix, row in rows.items()
    }


_REFUSAL_FOR_LENGTH: Mapping[int, type[NotAPhoneNumber]] = {
    ValidationResult.TOO_LONG: TooManyDigits,
    ValidationResult.TOO_SHORT: NotEnoughDigits,
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: NotEnoughDigits,
}
_COUNTRIES = _read_countries()
