"""What can be wrong with a row of a list, so that the list cannot be sent until it is mended."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What can be wrong with a row."""

    MISSING = "missing"
    EMAIL = "email"
    PHONE_TOO_LONG = "phone-too-long"
    PHONE_TOO_SHORT = "phone-too-short"
    PHONE_CHARACTERS = "phone-characters"
    PHONE_COUNTRY = "phone-country"
    PHONE_UNKNOWN = "phone-unknown"
    PHONE_NOT_MOBILE = "phone-not-mobile"
    PHONE_ABROAD = "phone-abroad"
    ADDRESS_TOO_SHORT = "address-too-short"
    ADDRESS_TOO_LONG = "address-too-long"
    ADDRESS_FIRST_LINES = "address-first-lines"
    ADDRESS_BFPO = "address-bfpo"
    ADDRESS_LAST_LINE = "address-last-line"
    ADDRESS_CHARACTERS = "address-characters"
    ADDRESS_NOT_REAL = "address-not-real"
    NOT_ALLOWED = "not-allowed"
    LANGUAGE = "language"
    SWALLOWED = "swallowed"
    FORMULA_ERROR = "formula-error"
    FORMULA_WITHOUT_VALUE = "formula-without-value"
    TOO_NARROW = "too-narrow"
    SHORTENED = "shortened"
    DATE = "date"
    LOST_LETTER = "lost-letter"
    NOT_DRAWN = "not-drawn"
    TOO_LONG = "too-long"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a row.

    ``column`` is empty when it is the whole message; ``extent`` is by how much that is too long; ``characters`` are
    those that a letter cannot show.
    """

    kind: Kind
    column: str
    extent: int = 0
    characters: str = ""
