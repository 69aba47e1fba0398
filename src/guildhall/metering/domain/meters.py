"""What a council's use is counted in."""

from enum import StrEnum


class Meter(StrEnum):
    """A thing that is counted, in whole units."""

    SMS_FRAGMENTS = "sms_fragments"
    EMAILS = "emails"
    PAYMENTS = "payments"
    LETTERS_FIRST = "letters_first"
    LETTERS_SECOND = "letters_second"
    LETTERS_ECONOMY = "letters_economy"
    LETTERS_EUROPE = "letters_europe"
    LETTERS_REST_OF_WORLD = "letters_rest-of-world"


LETTERS = tuple(meter for meter in Meter if meter.startswith("letters_"))
"""Letters by how they travel. The rate multiplier of a letter is its number of sheets: two letters of one sheet do not
cost what one letter of two costs."""


def letter_meter(letter_class: str) -> Meter:
    """Return the meter of letters that travel in a class.

    >>> letter_meter("rest-of-world")
    <Meter.LETTERS_REST_OF_WORLD: 'letters_rest-of-world'>
    """
    return Meter(f"letters_{letter_class}")


LARGEST_RATE_MULTIPLIER = 12
"""The dearest country counts each fragment of a text this many times (metering contract 10.7)."""
