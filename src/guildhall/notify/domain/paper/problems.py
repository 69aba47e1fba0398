"""What can be wrong with a letter that somebody else has set (contract: notify 1.15)."""

from enum import StrEnum

from guildhall.contact.postal_address import PostalAddress


class Problem(StrEnum):
    """Why a letter cannot be printed. The words are Notify's: councils' own code compares them."""

    NOT_A4_PORTRAIT = "letter-not-a4-portrait-oriented"
    OUTSIDE_PRINTABLE_AREA = "content-outside-printable-area"
    TOO_LONG = "letter-too-long"
    NOTHING_SENT = "no-encoded-string"
    UNREADABLE = "unable-to-read-the-file"
    NO_ADDRESS = "address-is-empty"
    NOT_A_POSTCODE = "not-a-real-uk-postcode"
    ABROAD_NOT_ALLOWED = "cant-send-international-letters"
    NOT_A_POSTCODE_OR_COUNTRY = "not-a-real-uk-postcode-or-country"
    TOO_FEW_ADDRESS_LINES = "not-enough-address-lines"
    TOO_MANY_ADDRESS_LINES = "too-many-address-lines"
    STRANGE_ADDRESS_LINE = "invalid-char-in-address"
    COUNTRY_AFTER_BFPO = "has-country-for-bfpo-address"
    MARK_IN_CONTENT = "notify-tag-found-in-content"
    NO_FIXED_ABODE = "no-fixed-abode-address"
    FIRST_LINES_EMPTY = "invalid-address-line-1-or-2"
    SEEN_OTHERWISE = "seen-otherwise-than-printed"  # ours: Notify prints such letters


def address_problem(address: PostalAddress) -> Problem | None:
    """Return what is wrong with the address in a letter's window, or None."""
    wrong = (
        (not address.lines, Problem.NO_ADDRESS),
        (not address.has_enough_lines, Problem.TOO_FEW_ADDRESS_LINES),
        (address.has_too_many_lines, Problem.TOO_MANY_ADDRESS_LINES),
        (address.has_country_after_bfpo, Problem.COUNTRY_AFTER_BFPO),
        (address.is_no_fixed_abode, Problem.NO_FIXED_ABODE),
        (not address.has_known_last_line, _last_line_problem(address)),
        (address.has_strange_start, Problem.STRANGE_ADDRESS_LINE),
        (not address.first_lines_say_something, Problem.FIRST_LINES_EMPTY),
    )
    return next((problem for is_wrong, problem in wrong if is_wrong), None)


def _last_line_problem(address: PostalAddress) -> Problem:
    if address.may_be_abroad:
        return Problem.NOT_A_POSTCODE_OR_COUNTRY
    return Problem.ABROAD_NOT_ALLOWED if address.is_abroad else Problem.NOT_A_POSTCODE
